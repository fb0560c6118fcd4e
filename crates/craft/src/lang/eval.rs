//! Evaluates statements and expressions in a session, which holds the variables.

use super::ast::{Comprehension, Expr, ExprKind, Statement};
use super::error::{LangError, LangProblem, Span, similar};
use super::functions;
use super::object::{Object, Stack};
use super::parse::parse;
use super::runtime::Runtime;
use super::{attributes, index, operators, size};
use crate::asn1;
use crate::layers;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;

/// Maximum number of items in a list that is made.
pub(super) const MAX_ITEMS: u64 = 1_000_000;

/// Variables and the runtime.
pub struct Session<'w> {
    /// Variables by name.
    pub variables: BTreeMap<String, Object>,
    pub(super) runtime: &'w mut dyn Runtime,
}

impl core::fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Session")
            .field("variables", &self.variables.keys())
            .finish_non_exhaustive()
    }
}

impl<'w> Session<'w> {
    /// Returns a session without variables.
    pub fn new(runtime: &'w mut dyn Runtime) -> Self {
        Self {
            variables: BTreeMap::new(),
            runtime,
        }
    }

    /// Returns the runtime.
    pub fn runtime(&mut self) -> &mut dyn Runtime {
        self.runtime
    }

    /// Runs statements and prints the values of expression statements, as a prompt does.
    ///
    /// # Errors
    /// If the source cannot be parsed, a statement fails, or the user interrupted.
    pub fn run(&mut self, source: &str) -> Result<(), LangError> {
        for (number, statement) in parse(source)?.iter().enumerate() {
            // After an interruption, results so far are shown, and no further statement begins.
            if number > 0 && self.runtime.is_interrupted() {
                return Err(LangProblem::Interrupted.at(&(0..0)));
            }
            if let Some(value) = self.statement(statement)?
                && !matches!(value, Object::None)
            {
                let text = value.repr(&*self.runtime) + "\n";
                self.runtime.print(&text);
                self.variables.insert("_".into(), value);
            }
        }
        Ok(())
    }

    /// Runs statements. Returns the value of the last, if it is an expression.
    ///
    /// # Errors
    /// If the source cannot be parsed, or a statement fails.
    pub fn value(&mut self, source: &str) -> Result<Object, LangError> {
        let mut last = Object::None;
        for statement in parse(source)? {
            last = self.statement(&statement)?.unwrap_or(Object::None);
        }
        Ok(last)
    }

    fn statement(&mut self, statement: &Statement) -> Result<Option<Object>, LangError> {
        match statement {
            Statement::Expr(expr) => return self.expr(expr).map(Some),
            Statement::Assign(targets, value) => {
                let value = self.expr(value)?;
                for target in targets {
                    self.assign(target, value.clone())?;
                }
            }
            Statement::Delete(targets) => {
                targets.iter().try_for_each(|target| self.delete(target))?;
            }
        }
        Ok(None)
    }

    fn assign(&mut self, target: &Expr, value: Object) -> Result<(), LangError> {
        match &target.kind {
            ExprKind::Name(name) => {
                self.variables.insert(name.clone(), value);
                Ok(())
            }
            ExprKind::Tuple(names) | ExprKind::List(names) => {
                let values = index::items(&value, &target.at)?;
                if names.len() != values.len() {
                    let problem = LangProblem::Unpack {
                        names: names.len(),
                        values: values.len(),
                    };
                    return Err(LangError::new(target.at.clone(), problem));
                }
                names
                    .iter()
                    .zip(values)
                    .try_for_each(|(name, value)| self.assign(name, value))
            }
            ExprKind::Attribute(of, name) => {
                let of = self.expr(of)?;
                attributes::set_attribute(self, &of, name, &value, &target.at)
            }
            ExprKind::Index(of, at) => {
                let of = self.expr(of)?;
                let at_value = self.expr(at)?;
                index::set(&of, &at_value, value, &target.at)
            }
            _ => Err(LangError::new(
                target.at.clone(),
                LangProblem::Expected {
                    what: "a name",
                    found: String::new(),
                },
            )),
        }
    }

    fn delete(&mut self, target: &Expr) -> Result<(), LangError> {
        match &target.kind {
            ExprKind::Name(name) => match self.variables.remove(name) {
                Some(_) => Ok(()),
                None => Err(self.unknown(name, &target.at)),
            },
            ExprKind::Attribute(of, name) => {
                let of = self.expr(of)?;
                attributes::delete_attribute(&of, name, &target.at)
            }
            ExprKind::Tuple(items) => items.iter().try_for_each(|item| self.delete(item)),
            _ => {
                let problem = LangProblem::Expected {
                    what: "a variable or a field",
                    found: String::new(),
                };
                Err(LangError::new(target.at.clone(), problem))
            }
        }
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Result<Object, LangError> {
        let at = &expr.at;
        match &expr.kind {
            ExprKind::None => Ok(Object::None),
            ExprKind::Bool(b) => Ok(Object::Bool(*b)),
            ExprKind::Int(n) => Ok(Object::Int(*n)),
            ExprKind::Float(n) => Ok(Object::Float(*n)),
            ExprKind::Str(text) => Ok(Object::Str(text.clone())),
            ExprKind::Bytes(bytes) => Ok(Object::Bytes(bytes.clone())),
            ExprKind::Name(name) => self.name(name, at),
            ExprKind::List(items) => Ok(Object::list(self.exprs(items)?)),
            ExprKind::Tuple(items) => {
                let items = self.exprs(items)?;
                size::fits(&items, at)?;
                Ok(Object::Tuple(items))
            }
            ExprKind::Comprehension(comprehension) => self.comprehension(comprehension),
            ExprKind::Attribute(of, name) => {
                let of = self.expr(of)?;
                attributes::attribute(self, of, name, at)
            }
            ExprKind::Index(of, key) => {
                let of = self.expr(of)?;
                let key_value = self.expr(key)?;
                index::get(&of, &key_value, &key.at)
            }
            ExprKind::Slice(of, parts) => self.slice(of, parts, at),
            ExprKind::Call(function, arguments) => self.call(function, arguments, at),
            ExprKind::Unary(operator, value) => {
                let value = self.expr(value)?;
                operators::unary(operator, &value, at)
            }
            ExprKind::Binary(operator, left, right) => {
                let left = self.expr(left)?;
                let right = self.expr(right)?;
                operators::binary(operator, &left, &right, at)
            }
            ExprKind::Logic(word, left, right) => {
                let left = self.expr(left)?;
                if left.is_true() == (*word == "or") {
                    Ok(left)
                } else {
                    self.expr(right)
                }
            }
            ExprKind::If(parts) => {
                let [condition, yes, no] = &**parts;
                if self.expr(condition)?.is_true() {
                    self.expr(yes)
                } else {
                    self.expr(no)
                }
            }
        }
    }

    fn exprs(&mut self, items: &[Expr]) -> Result<Vec<Object>, LangError> {
        items.iter().map(|item| self.expr(item)).collect()
    }

    /// Returns an error if the user interrupted.
    pub(super) fn go_on(&self, at: &Span) -> Result<(), LangError> {
        if self.runtime.is_interrupted() {
            Err(LangProblem::Interrupted.at(at))
        } else {
            Ok(())
        }
    }

    fn slice(
        &mut self,
        of: &Expr,
        parts: &[Option<Box<Expr>>; 3],
        at: &Span,
    ) -> Result<Object, LangError> {
        let of = self.expr(of)?;
        if let (Object::Packet(stack, from), [Some(first), Some(nth), None]) = (&of, parts) {
            return self.nth_layer(stack, *from, first, nth);
        }
        let mut bounds = [None; 3];
        for (bound, part) in bounds.iter_mut().zip(parts) {
            let Some(part) = part else { continue };
            *bound = match self.expr(part)? {
                Object::None => None,
                value => Some(value.as_int().ok_or_else(|| {
                    LangError::new(
                        part.at.clone(),
                        LangProblem::Operation {
                            operator: "[:]",
                            left: value.kind(),
                            right: "",
                        },
                    )
                })?),
            };
        }
        index::slice(&of, bounds, at)
    }

    /// Evaluates `packet[IP:2]`: the second IP layer.
    fn nth_layer(
        &mut self,
        stack: &Rc<RefCell<Stack>>,
        from: usize,
        layer: &Expr,
        nth: &Expr,
    ) -> Result<Object, LangError> {
        let wanted = self.expr(layer)?;
        let wrong = |at: &Span, of: &Object| {
            LangProblem::Operation {
                operator: "[:]",
                left: "a packet",
                right: of.kind(),
            }
            .at(at)
        };
        let Object::Layer(id) = wanted else {
            return Err(wrong(&layer.at, &wanted));
        };
        let count = self.expr(nth)?;
        let skip = count
            .as_int()
            .and_then(|n| usize::try_from(n - 1).ok())
            .ok_or_else(|| wrong(&nth.at, &count))?;
        match super::object::from_layer(&stack.borrow().packet, from).position(id, skip) {
            Some(found) => Ok(Object::Packet(stack.clone(), from + found)),
            None => Err(LangProblem::NoLayer(id.layer().name).at(&layer.at)),
        }
    }

    fn comprehension(&mut self, comprehension: &Comprehension) -> Result<Object, LangError> {
        let items = self.expr(&comprehension.items)?;
        let items = index::items(&items, &comprehension.items.at)?;
        let shadowed = self.variables.clone();
        let made = self.made(comprehension, items);
        self.variables = shadowed;
        made.map(Object::list)
    }

    fn made(
        &mut self,
        comprehension: &Comprehension,
        items: Vec<Object>,
    ) -> Result<Vec<Object>, LangError> {
        let mut made = Vec::new();
        let mut left_bytes = size::MAX_BYTES;
        for item in items {
            self.go_on(&comprehension.items.at)?;
            self.assign(&comprehension.target, item)?;
            let wanted = match &comprehension.condition {
                Some(condition) => self.expr(condition)?.is_true(),
                None => true,
            };
            if wanted {
                let item = self.expr(&comprehension.item)?;
                size::take(&mut left_bytes, &item, &comprehension.item.at)?;
                made.push(item);
            }
        }
        Ok(made)
    }

    fn name(&self, name: &str, at: &Span) -> Result<Object, LangError> {
        if let Some(value) = self.variables.get(name) {
            return Ok(value.clone());
        }
        if let Some(id) = layers::find(name) {
            return Ok(Object::Layer(id));
        }
        if let Some(function) = functions::FUNCTIONS
            .iter()
            .find(|function| function.name == name)
        {
            return Ok(Object::Function(function));
        }
        if let Some(tag) = asn1::tag_named(name) {
            return Ok(Object::Asn1Type(tag));
        }
        Err(self.unknown(name, at))
    }

    pub(super) fn unknown(&self, name: &str, at: &Span) -> LangError {
        let known = self.variables.keys().map(|name| &name[..]);
        let known = known.chain(layers::ALL.iter().map(|layer| layer.name));
        let known = known.chain(functions::FUNCTIONS.iter().map(|function| function.name));
        let problem = LangProblem::UnknownName {
            name: name.into(),
            similar: similar(name, known),
        };
        LangError::new(at.clone(), problem)
    }
}
