//! Limits on the size of values. The cost of a copy is computed before it is made, so that a text that doubles with each
//! statement is refused before it exhausts memory. Must not know operators.

use super::error::{LangError, LangProblem, Span};
use super::object::Object;

/// Maximum number of bytes in the items of one value.
pub(super) const MAX_BYTES: usize = 256 << 20;
/// Maximum number of items that are compared or converted; items of shared lists count each time they occur.
const MAX_VISITS: usize = 1_000_000;
/// Maximum nesting of lists.
pub(super) const MAX_DEPTH: usize = 200;
/// Approximate size of any value in bytes.
const ITEM_COST: usize = 64;

/// Subtracts the cost of copying an item from `left_bytes`.
pub(super) fn take(left_bytes: &mut usize, item: &Object, at: &Span) -> Result<(), LangError> {
    *left_bytes = left_bytes
        .checked_sub(cost(item))
        .ok_or_else(|| LangProblem::TooMany(MAX_BYTES as u64).at(at))?;
    Ok(())
}

/// Checks that items may be copied into one value.
pub(super) fn fits<'a>(
    items: impl IntoIterator<Item = &'a Object>,
    at: &Span,
) -> Result<(), LangError> {
    let mut left_bytes = MAX_BYTES;
    items
        .into_iter()
        .try_for_each(|item| take(&mut left_bytes, item, at))
}

/// Checks that items may be copied `count` times into one value.
pub(super) fn repeats(items: &[Object], count: usize, at: &Span) -> Result<(), LangError> {
    let once: usize = items.iter().map(cost).sum();
    match once.checked_mul(count) {
        Some(all) if all <= MAX_BYTES => Ok(()),
        _ => Err(LangProblem::TooMany(MAX_BYTES as u64).at(at)),
    }
}

/// Returns the bytes that a copy takes: lists and packets are shared, tuples, texts and bytes are not.
fn cost(item: &Object) -> usize {
    match item {
        Object::Str(text) => ITEM_COST + text.len(),
        Object::Bytes(bytes) => ITEM_COST + bytes.len(),
        Object::Tuple(items) => items.iter().fold(ITEM_COST, |sum, item| sum + cost(item)),
        _ => ITEM_COST,
    }
}

/// Returns whether a value can be traversed: lists that contain themselves have no end.
pub(super) fn is_small(value: &Object) -> bool {
    let mut left = MAX_VISITS;
    walk(value, MAX_DEPTH, &mut left)
}

fn walk(value: &Object, depth: usize, left: &mut usize) -> bool {
    if depth == 0 || *left == 0 {
        return false;
    }
    *left -= 1;
    match value {
        Object::List(items) => items
            .borrow()
            .iter()
            .all(|item| walk(item, depth - 1, left)),
        Object::Tuple(items) => items.iter().all(|item| walk(item, depth - 1, left)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::lang::{
        Captured, Exchange, ExchangeOptions, LangError, LangProblem, NoRuntime, Object,
    };
    use crate::lang::{Runtime, RuntimeError, SendOptions, Session, SniffOptions};
    use crate::{Env, Packet};
    use alloc::borrow::ToOwned as _;
    use alloc::string::String;
    use alloc::vec::Vec;
    use core::time::Duration;
    use vigie_wire::LinkType;

    fn value(source: &str) -> Result<Object, LangError> {
        let mut runtime = NoRuntime::default();
        Session::new(&mut runtime).value(source)
    }

    fn grown(start: &str, step: &str) -> LangProblem {
        let source = String::from(start) + "\n" + &[step, "\n"].concat().repeat(64);
        *value(&source).expect_err("it grows").problem
    }

    #[test]
    fn values_that_double_with_each_line_are_refused() {
        for (start, step) in [
            ("x = 'ab'", "x = x + x"),
            ("x = b'ab'", "x = x + x"),
            ("x = [1]", "x = x + x"),
            ("x = (1,)", "x = x + x"),
            ("x = (1,)", "x = (x, x)"),
            ("x = [1]", "x.extend(x)"),
            ("x = IP()", "x = x / x"),
            ("x = '\\\\'", "x = repr(x)"),
        ] {
            let problem = grown(start, step);
            assert!(
                matches!(problem, LangProblem::TooMany(_)),
                "{step}: {problem}"
            );
        }
    }

    #[test]
    fn lists_that_contain_themselves_are_cut() {
        let shown = |source: &str| value(source).unwrap().repr(&NoRuntime::default());
        let text = shown("x = [1]; x.append(x); x");
        assert!(
            text.starts_with("[1, [1, [1") && text.ends_with('…'),
            "{text}"
        );
        let text = shown(&("x = []\n".to_owned() + &"x = [x, x]\n".repeat(60) + "x"));
        assert!(text.ends_with('…') && text.len() < 20 << 20);
        assert_eq!(shown("[(1,), ('a', [])]"), "[(1,), ('a', [])]");
        // Comparison and conversion to field values end too.
        let doubled = "x = []\n".to_owned()
            + &"x = [x, x]\n".repeat(60)
            + "y = []\n"
            + &"y = [y, y]\n".repeat(60);
        assert_eq!(shown(&(doubled.clone() + "x == y")), "False");
        assert!(value(&(doubled + "IP(dst=x)")).is_err());
    }

    #[test]
    fn each_mistake_has_its_own_problem() {
        let problem = |source| *value(source).expect_err(source).problem;
        assert!(
            matches!(problem("IP(src='1.2.3.4', src='1.2.3.5')"), LangProblem::DuplicateArgument(name) if name == "src")
        );
        assert!(matches!(
            problem("99999999999999999999999999999999999999999999"),
            LangProblem::NumberTooLarge
        ));
        assert!(matches!(problem("1e999"), LangProblem::NumberTooLarge));
        assert!(
            matches!(problem("ls('tcp')"), LangProblem::UnknownName { similar, .. } if similar.contains(&"TCP".into()))
        );
        assert!(matches!(
            problem("sniff(offline='a', iface='b')"),
            LangProblem::Argument { .. }
        ));
        assert!(matches!(
            problem("wrpcap('a.pcap', [Ether()/IP(), IP()])"),
            LangProblem::MixedLinks {
                first: "Ether",
                other: "IP"
            }
        ));
        assert!(matches!(
            value("'TCP' in IP()/TCP()").unwrap(),
            Object::Bool(true)
        ));
        assert!(matches!(
            value("TCP(flags='SA').flags.S").unwrap(),
            Object::Bool(true)
        ));
        assert!(matches!(
            value("TCP(flags='SA').flags.F").unwrap(),
            Object::Bool(false)
        ));
    }

    /// A runtime that is interrupted as soon as it has printed.
    #[derive(Default)]
    struct Stopped(NoRuntime);

    impl Env for Stopped {}

    impl Runtime for Stopped {
        fn print(&mut self, text: &str) {
            self.0.print(text);
        }
        fn is_interrupted(&self) -> bool {
            !self.0.printed.is_empty()
        }
        fn random(&mut self) -> u64 {
            0
        }
        fn send(&mut self, p: &[Packet], o: &SendOptions) -> Result<u64, RuntimeError> {
            self.0.send(p, o)
        }
        fn exchange(
            &mut self,
            p: &[Packet],
            o: &ExchangeOptions,
        ) -> Result<Exchange, RuntimeError> {
            self.0.exchange(p, o)
        }
        fn sniff(&mut self, o: &SniffOptions) -> Result<Vec<Captured>, RuntimeError> {
            self.0.sniff(o)
        }
        fn read_capture(&mut self, path: &str) -> Result<Vec<Captured>, RuntimeError> {
            self.0.read_capture(path)
        }
        fn write_capture(
            &mut self,
            path: &str,
            link: LinkType,
            packets: &[(Duration, Vec<u8>)],
        ) -> Result<(), RuntimeError> {
            self.0.write_capture(path, link, packets)
        }
    }

    #[test]
    fn an_interrupted_session_stops_between_items_and_statements() {
        for source in [
            "[print(i) for i in range(10)]",
            "print(0)\nprint(1)\nprint(2)",
        ] {
            let mut runtime = Stopped::default();
            let error = Session::new(&mut runtime).run(source).unwrap_err();
            assert!(matches!(*error.problem, LangProblem::Interrupted));
            assert_eq!(runtime.0.printed, "0\n");
        }
    }
}
