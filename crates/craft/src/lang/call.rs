//! Evaluates calls: a layer call makes a packet; functions and methods run.

use super::ast::{Argument, Expr, ExprKind};
use super::attributes;
use super::error::{LangError, LangProblem, Span, similar};
use super::eval::Session;
use super::functions;
use super::methods;
use super::object::Object;
use super::operators::MAX_REPEAT;
use crate::error::FieldProblem;
use crate::layers::{self, LayerId};
use crate::packet::Packet;
use crate::value::{Asn1, Value};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// The evaluated arguments of a call.
#[derive(Debug)]
pub(super) struct Arguments {
    /// Name of the function, for errors.
    pub(super) function: &'static str,
    /// What the function takes, in words, for errors.
    pub(super) takes: &'static str,
    /// Position of the call in the source.
    pub(super) at: Span,
    pub(super) positional: Vec<(Object, Span)>,
    pub(super) named: Vec<(String, Span, Object)>,
}

impl Arguments {
    /// Returns the error for arguments that the function does not take.
    pub(super) fn wrong(&self, at: &Span) -> LangError {
        LangError::new(
            at.clone(),
            LangProblem::Argument {
                function: self.function,
                takes: self.takes,
            },
        )
    }

    /// Returns the positional argument if there is exactly one.
    pub(super) fn one(&self) -> Result<(&Object, &Span), LangError> {
        match &self.positional[..] {
            [(value, at)] => Ok((value, at)),
            [] => Err(self.wrong(&self.at)),
            [_, (_, at), ..] => Err(self.wrong(at)),
        }
    }

    /// Returns an error if there are more than `max` positional arguments.
    pub(super) fn at_most(&self, max: usize) -> Result<(), LangError> {
        match self.positional.get(max) {
            Some((_, at)) => Err(self.wrong(at)),
            None => Ok(()),
        }
    }

    /// Returns an error if there is a named argument that is not in `names`.
    pub(super) fn only(&self, names: &[&str]) -> Result<(), LangError> {
        match self
            .named
            .iter()
            .find(|(name, ..)| !names.contains(&&name[..]))
        {
            Some((_, at, _)) => Err(self.wrong(at)),
            None => Ok(()),
        }
    }

    /// Returns the named argument called `name`.
    pub(super) fn get(&self, name: &str) -> Option<(&Object, &Span)> {
        self.named
            .iter()
            .find(|(n, ..)| n == name)
            .map(|(_, at, value)| (value, at))
    }
}

impl Session<'_> {
    /// Calls a function of the language with one positional argument and any named arguments. Errors point to `at`.
    ///
    /// # Errors
    /// If there is no such function, it rejects an argument, or it fails.
    pub fn call_function(
        &mut self,
        name: &str,
        argument: Object,
        named: Vec<(&str, Object)>,
        at: &Span,
    ) -> Result<Object, LangError> {
        let function = functions::FUNCTIONS
            .iter()
            .find(|function| function.name == name)
            .ok_or_else(|| self.unknown(name, at))?;
        let arguments = Arguments {
            function: function.name,
            takes: function.takes,
            at: at.clone(),
            positional: alloc::vec![(argument, at.clone())],
            named: named
                .into_iter()
                .map(|(name, value)| (name.into(), at.clone(), value))
                .collect(),
        };
        (function.run)(self, &arguments)
    }

    pub(super) fn call(
        &mut self,
        function: &Expr,
        arguments: &[Argument],
        at: &Span,
    ) -> Result<Object, LangError> {
        let callee = match (&function.kind, &function.at) {
            // A method takes precedence over a field of the same name.
            (ExprKind::Attribute(of, name), place) => {
                let of = self.expr(of)?;
                match methods::method(&of, name) {
                    Some(method) => Object::Method(Box::new(of), method),
                    None => attributes::attribute(self, of, name, place)?,
                }
            }
            _ => self.expr(function)?,
        };
        let mut evaluated = Arguments {
            function: "",
            takes: "",
            at: at.clone(),
            positional: Vec::new(),
            named: Vec::new(),
        };
        let mut value_places = Vec::new();
        for argument in arguments {
            let value = self.expr(&argument.value)?;
            match &argument.name {
                Some((name, place)) => {
                    if evaluated.get(name).is_some() {
                        return Err(LangProblem::DuplicateArgument(name.clone()).at(place));
                    }
                    evaluated.named.push((name.clone(), place.clone(), value));
                    value_places.push(argument.value.at.clone());
                }
                None => evaluated
                    .positional
                    .push((value, argument.value.at.clone())),
            }
        }
        let value = self.dispatch(callee, evaluated, &value_places, &function.at)?;
        // A single call makes at most a few times its input, so a check after each call stops growth in time.
        match &value {
            Object::Str(text) if text.len() > 4 * MAX_REPEAT => {}
            Object::Bytes(bytes) if bytes.len() > 4 * MAX_REPEAT => {}
            _ => return Ok(value),
        }
        Err(LangProblem::TooMany(4 * MAX_REPEAT as u64).at(at))
    }

    fn dispatch(
        &mut self,
        callee: Object,
        mut evaluated: Arguments,
        value_places: &[Span],
        at: &Span,
    ) -> Result<Object, LangError> {
        match callee {
            Object::Layer(id) => self.make(id, evaluated, value_places),
            Object::Function(function) => {
                (evaluated.function, evaluated.takes) = (function.name, function.takes);
                (function.run)(self, &evaluated)
            }
            Object::Method(of, name) => methods::call(self, &of, name, evaluated),
            Object::Asn1Type(tag) => make_asn1(tag, &evaluated),
            other => {
                let problem = LangProblem::Operation {
                    operator: "()",
                    left: other.kind(),
                    right: "",
                };
                Err(LangError::new(at.clone(), problem))
            }
        }
    }

    /// Makes a packet of one layer from field values, or dissects bytes as that layer.
    fn make(
        &mut self,
        id: LayerId,
        arguments: Arguments,
        places: &[Span],
    ) -> Result<Object, LangError> {
        let layer = id.layer();
        let mut packet = match &arguments.positional[..] {
            [] => Packet::new(id),
            [(Object::Bytes(bytes), at)] => Packet::dissect(id, bytes)
                .map_err(|error| LangError::new(at.clone(), LangProblem::Dissect(error)))?,
            [(Object::Str(text), _)] if id == layers::RAW || id == layers::PADDING => {
                let mut packet = Packet::new(id);
                packet.layers[0].force(0, Value::Bytes(text.clone().into_bytes()));
                packet
            }
            [(_, at)] | [_, (_, at), ..] => {
                let problem = LangProblem::Argument {
                    function: layer.name,
                    takes: "fields by name, or bytes to dissect",
                };
                return Err(LangError::new(at.clone(), problem));
            }
        };
        for ((name, at, value), value_at) in arguments.named.into_iter().zip(places) {
            let value = value.to_value().ok_or_else(|| {
                let problem = LangProblem::Operation {
                    operator: "=",
                    left: "a field",
                    right: value.kind(),
                };
                LangError::new(value_at.clone(), problem)
            })?;
            packet.layers[0]
                .assign(&name, value, &*self.runtime)
                .map_err(|error| match error.problem {
                    FieldProblem::NoSuchField => {
                        no_field(layer.name, &name, at, layer.fields.iter().map(|f| f.name))
                    }
                    _ => LangError::new(value_at.clone(), LangProblem::Field(error)),
                })?;
        }
        Ok(Object::packet(packet))
    }
}

/// Returns the error for a field that a layer does not have.
pub(super) fn no_field(
    of: &'static str,
    name: &str,
    at: Span,
    fields: impl Iterator<Item = &'static str> + Clone,
) -> LangError {
    let mut close = similar(name, fields.clone());
    if close.is_empty() {
        close = fields.map(String::from).collect();
    }
    LangError::new(
        at,
        LangProblem::UnknownAttribute {
            of,
            name: name.into(),
            similar: close,
        },
    )
}

fn make_asn1(tag: u8, arguments: &Arguments) -> Result<Object, LangError> {
    let value = match &arguments.positional[..] {
        [] => Value::Int(0),
        [(value, at)] => {
            if let Some(value @ (Value::Int(_) | Value::Str(_) | Value::Bytes(_))) =
                value.to_value()
            {
                value
            } else {
                let problem = LangProblem::Argument {
                    function: "ASN.1 types",
                    takes: "a number or text",
                };
                return Err(LangError::new(at.clone(), problem));
            }
        }
        [_, (_, at), ..] => {
            let problem = LangProblem::Argument {
                function: "ASN.1 types",
                takes: "one value",
            };
            return Err(LangError::new(at.clone(), problem));
        }
    };
    if let (crate::asn1::tag::OID, Value::Str(text)) = (tag, &value) {
        crate::asn1::oid_parts(text).map_err(|error| {
            LangError::new(arguments.positional[0].1.clone(), LangProblem::Field(error))
        })?;
    }
    Ok(Object::Asn1(Asn1 {
        tag,
        value: Box::new(value),
    }))
}

/// Returns the names of all layers and functions, for completion.
#[must_use]
pub fn known_names() -> Vec<&'static str> {
    let layers = layers::ALL.iter().map(|layer| layer.name);
    layers
        .chain(functions::FUNCTIONS.iter().map(|function| function.name))
        .collect()
}
