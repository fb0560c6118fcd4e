//! One action on one expression, and files of statements.

use std::fmt::Write as _;

use vigie_craft::lang::{Captured, LangError, LangProblem, Object, Session, similar};
use vigie_craft::packet::{hexdump, ls, ls_layer};
use vigie_craft::{Env, Packet, Value, layers, reply_match};
use vigie_report::packets::{Check, Seen};
use vigie_report::{Message, Texts};

use super::{error, json, machine::Machine};
use crate::error::Error;
use crate::exit::Exit;
use crate::flags::packet::PacketFlags;
use crate::ui::{Outcome, Ui};

/// Runs an action.
pub fn run(action: &str, flags: &PacketFlags, ui: &mut Ui) -> Outcome {
    match action {
        "ls" => list(flags, ui),
        "show" | "hex" => show(action, flags, ui),
        _ => act(action, flags, ui),
    }
}

fn list(flags: &PacketFlags, ui: &mut Ui) -> Outcome {
    let json = flags.json;
    let text = match &flags.layer {
        Some(name) => {
            let Some(id) = layers::find(name) else {
                return Err(Error::usage(
                    Message::new("packet-unknown-layer").outside("name", name),
                )
                .hint(similar_layers(name)));
            };
            if json {
                json::layer(id.layer()) + "\n"
            } else {
                ls_layer(id.layer(), &Machine::read())
            }
        }
        None if json => layers::ALL
            .iter()
            .map(|layer| json::layer(layer) + "\n")
            .collect(),
        None => ls(),
    };
    ui.out().write_all(text.as_bytes())?;
    Ok(Exit::Done)
}

/// Returns a hint with the layers of similar names; without any, how to list the layers.
fn similar_layers(name: &str) -> Message {
    match &similar(name, layers::ALL.iter().map(|layer| layer.name))[..] {
        [] => Message::new("packet-unknown-layer-hint"),
        names => Message::new("packet-there-is").outside("names", names.join(", ")),
    }
}

/// Evaluates an expression, which must be a packet or bytes.
fn evaluate(
    source: &str,
    session: &mut Session<'_>,
    texts: &Texts,
) -> Result<(Object, Packet), Error> {
    let value = session
        .value(source)
        .map_err(|error| error::of(&error, source, texts))?;
    let packet = match value.to_value() {
        Some(Value::Packet(packet)) => *packet,
        Some(Value::Bytes(bytes)) => Packet::raw(bytes),
        _ => {
            let error = Error::usage(Message::new("packet-not-a-packet"));
            return Err(error.mark("", source, 0..source.len()));
        }
    };
    Ok((value, packet))
}

fn show(action: &str, flags: &PacketFlags, ui: &mut Ui) -> Outcome {
    let source = flags.expression.as_str();
    let mut machine = Machine::read();
    let (_, packet) = evaluate(source, &mut Session::new(&mut machine), ui.texts())?;
    let text = if action == "hex" {
        let bytes = packet.build(&machine).map_err(|error| {
            error::of(
                &LangError::new(0..source.len(), LangProblem::Field(error)),
                source,
                ui.texts(),
            )
        })?;
        hexdump(&bytes) + "\n"
    } else if flags.json {
        json::packet(&packet, &machine) + "\n"
    } else {
        packet.show(&machine)
    };
    ui.out().write_all(text.as_bytes())?;
    Ok(Exit::Done)
}

/// Sends (`send`, `sendp`) or sends and receives (`sr`, `sr1`, `srp`, `srp1`): calls the function of that name with the
/// packet and the options as its arguments.
fn act(action: &str, flags: &PacketFlags, ui: &mut Ui) -> Outcome {
    let source = flags.expression.as_str();
    let exchanges = action.starts_with("sr");
    let as_json = exchanges && flags.json;
    let explains = exchanges && flags.explain;
    let mut machine = Machine::read().guarded(super::guard(flags, ui)?);
    if as_json {
        machine = machine.quiet();
    }
    machine.stores_exchange = explains;
    let options = options(flags);
    let mut session = Session::new(&mut machine);
    let (value, _) = evaluate(source, &mut session, ui.texts())?;
    ui.flush()?;
    let whole = 0..source.len();
    let result = session
        .call_function(action, value, options.clone(), &whole)
        .map_err(|error| {
            let mut error = error::of(&LangError { at: whole, ..error }, source, ui.texts());
            if !matches!(error.exit, Exit::Interrupted | Exit::OutOfScope) {
                error.exit = Exit::CouldNotRun;
            }
            error
        })?;
    let answered = report(&result, as_json, &mut session, ui)?;
    let interrupted = session.runtime().is_interrupted();
    if explains {
        let call = call_text(action, source, &options, &machine);
        explain(&mut machine, &call, ui)?;
    }
    // Replies received before the interruption are shown above.
    if interrupted {
        return Ok(Exit::Interrupted);
    }
    Ok(if answered || !exchanges {
        Exit::Done
    } else {
        Exit::Failed
    })
}

/// Returns the command line's options as named arguments of the function.
fn options(flags: &PacketFlags) -> Vec<(&'static str, Object)> {
    let seconds = [("timeout", flags.timeout), ("inter", flags.interval)];
    let counts = [("retry", flags.retry), ("count", flags.count)];
    let texts = [("iface", &flags.iface), ("filter", &flags.filter)];
    let mut options = Vec::new();
    options.extend(
        seconds
            .iter()
            .filter_map(|(name, value)| Some((*name, Object::Float((*value)?)))),
    );
    options.extend(
        counts
            .iter()
            .filter_map(|(name, value)| Some((*name, Object::Int((*value)?.into())))),
    );
    options.extend(
        texts
            .iter()
            .filter_map(|(name, value)| Some((*name, Object::Str((*value).clone()?)))),
    );
    options
}

/// Returns the call as scapy writes it, to be shown.
fn call_text(action: &str, source: &str, options: &[(&str, Object)], env: &dyn Env) -> String {
    let mut call = format!("{action}(({source})");
    for (name, value) in options {
        let value = match value {
            Object::Float(seconds) => seconds.to_string(),
            value => value.repr(env),
        };
        let _ = write!(call, ", {name}={value}");
    }
    call + ")"
}

/// Explains the packets sent and received, and reports unanswered ones. `call` is the same exchange in scapy.
fn explain(machine: &mut Machine, call: &str, ui: &mut Ui) -> Result<(), Error> {
    let exchange = machine.last_exchange.take().unwrap_or_default();
    let silent = exchange.unanswered.len() as u64;
    let (mut sent, mut received) = (exchange.unanswered, Vec::new());
    for (asked, answer) in exchange.answered {
        // One packet may have several answers.
        if sent
            .last()
            .is_none_or(|last: &Captured| last.time != asked.time)
        {
            sent.push(asked);
        }
        received.push(answer);
    }
    let sent = sent.into_iter().map(|captured| (true, captured));
    let received = received.into_iter().map(|captured| (false, captured));
    let mut all: Vec<_> = sent.chain(received).collect();
    all.sort_by_key(|(_, captured)| captured.time);
    let mut seen = Seen::default();
    for (sent, captured) in &all {
        if let Ok(bytes) = captured.packet.build(&*machine) {
            let link = reply_match::link_of(&captured.packet).number();
            let length = bytes.len() as u32;
            seen.add(Some(captured.time), Some(*sent), link, length, &bytes);
        }
    }
    let check = Check {
        tcpdump: "-i any".to_owned(),
        scapy: Some(vigie_report::escape::line(call).into_owned()),
    };
    let mut text = seen.explain(ui.texts(), ui.paint(), ui.width(), &check);
    if silent > 0 {
        let message = Message::new("packet-explain-silent").amount("n", silent);
        text += &["\n", &ui.texts().say(&message), "\n"].concat();
    }
    ui.out().write_all(text.as_bytes())?;
    Ok(())
}

/// Prints the answers. Returns whether there were any.
fn report(
    result: &Object,
    as_json: bool,
    session: &mut Session<'_>,
    ui: &mut Ui,
) -> Result<bool, Error> {
    let mut text = String::new();
    let mut answered = false;
    match result {
        Object::Packet(stack, _) => {
            answered = true;
            let packet = &stack.borrow().packet;
            text = if as_json {
                json::packet(packet, &*session.runtime()) + "\n"
            } else {
                packet.show(&*session.runtime())
            };
        }
        Object::Tuple(parts) => {
            if let [Object::Pairs(pairs), Object::Packets(silent)] = &parts[..] {
                answered = !pairs.items.is_empty();
                for (sent, answer) in &pairs.items {
                    let (sent, answer) = (&sent.borrow().packet, &answer.borrow().packet);
                    let env = &*session.runtime();
                    if as_json {
                        let _ = writeln!(
                            text,
                            "{{\"type\":\"answer\",\"sent\":{},\"answer\":{}}}",
                            json::packet(sent, env),
                            json::packet(answer, env)
                        );
                    } else {
                        let _ = writeln!(text, "{} ==> {}", sent.summary(env), answer.summary(env));
                    }
                }
                for sent in silent.items.iter().filter(|_| as_json) {
                    let packet = json::packet(&sent.borrow().packet, &*session.runtime());
                    let _ = writeln!(text, "{{\"type\":\"unanswered\",\"sent\":{packet}}}");
                }
            }
        }
        _ => {}
    }
    ui.out().write_all(text.as_bytes())?;
    Ok(answered)
}

/// Runs a file of statements.
///
/// # Panics
/// Never: clap requires the file.
pub fn file(flags: &PacketFlags, ui: &mut Ui) -> Outcome {
    let path = &flags.file;
    let source = std::fs::read_to_string(path).map_err(|error| {
        let message = Message::new("packet-file")
            .outside("path", path.to_string_lossy())
            .shown("error", error);
        Error::could_not_run(message)
    })?;
    let mut machine = Machine::read().guarded(super::guard(flags, ui)?);
    let mut session = Session::new(&mut machine);
    match session.run(&source) {
        Ok(()) if session.runtime().is_interrupted() => Ok(Exit::Interrupted),
        Ok(()) => Ok(Exit::Done),
        Err(error) if matches!(*error.problem, LangProblem::Exit) => Ok(Exit::Done),
        Err(error) => {
            let line = source[..error.at.start].matches('\n').count() + 1;
            let mut error = error::of(&error, &source, ui.texts());
            if let Some(mark) = &mut error.mark {
                mark.before = format!("{line}: ");
            }
            Err(error)
        }
    }
}
