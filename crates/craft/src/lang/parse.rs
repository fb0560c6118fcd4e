//! The grammar: parses tokens to statements and expressions by operator precedence. Must not know any value.

mod atoms;

use super::ast::{Expr, ExprKind, Statement};
use super::error::{LangError, LangProblem, Span};
use super::token::{Token, TokenKind, tokens};
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Maximum nesting depth: hostile input must not exhaust the stack.
const MAX_DEPTH: usize = 100;
/// Maximum number of operators, calls and indices in one statement: each may add a level to its tree.
const MAX_OPERATORS: usize = 1000;

/// Python keywords that begin something this language does not have.
const NOT_PYTHON: &[&str] = &[
    "def", "class", "for", "while", "import", "from", "if", "try", "with", "return", "lambda",
    "raise", "assert", "global", "pass", "yield", "async", "await", "elif", "else", "except",
    "finally", "break", "continue", "nonlocal",
];

/// Binary operators by precedence, lowest first.
const LEVELS: &[&[&str]] = &[
    &["|"],
    &["^"],
    &["&"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "//", "%"],
];

/// Parses a text as statements.
pub(super) fn parse(source: &str) -> Result<Vec<Statement>, LangError> {
    let mut parser = Parser {
        tokens: tokens(source)?,
        at: 0,
        end: source.len(),
        depth: 0,
        operators: 0,
    };
    let mut statements = Vec::new();
    loop {
        while parser.peek() == Some(&TokenKind::End) {
            parser.at += 1;
        }
        if parser.peek().is_none() {
            return Ok(statements);
        }
        parser.operators = 0;
        statements.push(parser.statement()?);
        if !matches!(parser.peek(), None | Some(TokenKind::End)) {
            return Err(parser.expected("an operator, or the end of the line"));
        }
    }
}

/// Returns whether a text is complete: every bracket and string is closed.
#[must_use]
pub fn is_complete(source: &str) -> bool {
    // A backslash at the end of a line continues the line.
    if source.trim_end().ends_with('\\') {
        return false;
    }
    match tokens(source) {
        Ok(_) => true,
        Err(error) => match *error.problem {
            LangProblem::Bracket('(' | '[' | '{') => false,
            LangProblem::UnclosedString => {
                let text = &source[error.at];
                !(text.contains("'''") || text.contains("\"\"\""))
            }
            _ => true,
        },
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    end: usize,
    depth: usize,
    operators: usize,
}

impl Parser {
    fn peek(&self) -> Option<&TokenKind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn here(&self) -> Span {
        self.tokens
            .get(self.at)
            .map_or(self.end..self.end, |token| token.at.clone())
    }

    /// Returns the range from `start` to the end of the last token taken.
    fn from(&self, start: usize) -> Span {
        start
            ..self
                .at
                .checked_sub(1)
                .and_then(|i| self.tokens.get(i))
                .map_or(start, |token| token.at.end)
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.peek(), Some(TokenKind::Symbol(s)) if *s == symbol)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(TokenKind::Name(name)) if name == word)
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    /// Makes a node above other nodes, which counts as an operator.
    fn node(&mut self, kind: ExprKind, start: usize) -> Result<Expr, LangError> {
        self.operators += 1;
        let at = self.from(start);
        if self.operators > MAX_OPERATORS {
            return Err(LangError::new(at, LangProblem::TooDeep));
        }
        Ok(Expr { kind, at })
    }

    fn need(&mut self, symbol: &str, what: &'static str) -> Result<(), LangError> {
        if self.take(symbol) {
            Ok(())
        } else {
            Err(self.expected(what))
        }
    }

    fn expected(&self, what: &'static str) -> LangError {
        let found = match self.peek() {
            None => String::new(),
            Some(TokenKind::Name(name)) => name.clone(),
            Some(TokenKind::Symbol(symbol)) => (*symbol).into(),
            Some(TokenKind::Int(n)) => n.to_string(),
            Some(TokenKind::Float(n)) => n.to_string(),
            Some(TokenKind::Str(_) | TokenKind::Bytes(_)) => "a string".into(),
            Some(TokenKind::End) => "the end of the line".into(),
        };
        LangError::new(self.here(), LangProblem::Expected { what, found })
    }

    fn statement(&mut self) -> Result<Statement, LangError> {
        if self.is_word("del") {
            self.at += 1;
            return Ok(Statement::Delete(match self.tuple()? {
                Expr {
                    kind: ExprKind::Tuple(items),
                    ..
                } => items,
                single => alloc::vec![single],
            }));
        }
        if let Some(TokenKind::Name(name)) = self.peek()
            && let Some(word) = NOT_PYTHON.iter().find(|word| *word == name)
        {
            return Err(LangError::new(self.here(), LangProblem::NotPython(word)));
        }
        let mut targets = alloc::vec![self.tuple()?];
        while self.is_symbol("=") {
            let last = targets.len() - 1;
            check_target(&targets[last])?;
            self.at += 1;
            targets.push(self.tuple()?);
        }
        let value = targets.pop().expect("there is at least the first");
        Ok(if targets.is_empty() {
            Statement::Expr(value)
        } else {
            Statement::Assign(targets, value)
        })
    }

    /// Parses one expression, or a tuple of several with commas between them.
    fn tuple(&mut self) -> Result<Expr, LangError> {
        let start = self.here().start;
        let first = self.expr()?;
        if !self.is_symbol(",") {
            return Ok(first);
        }
        let mut items = alloc::vec![first];
        while self.take(",") {
            if matches!(self.peek(), None | Some(TokenKind::End))
                || self.is_symbol("=")
                || self.is_symbol("]")
            {
                break;
            }
            items.push(self.expr()?);
        }
        Ok(Expr {
            kind: ExprKind::Tuple(items),
            at: self.from(start),
        })
    }

    fn expr(&mut self) -> Result<Expr, LangError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(LangError::new(self.here(), LangProblem::TooDeep));
        }
        let start = self.here().start;
        let value = self.or()?;
        let value = if self.take_word("if") {
            let condition = self.or()?;
            if !self.take_word("else") {
                return Err(self.expected("'else'"));
            }
            let other = self.expr()?;
            Expr {
                kind: ExprKind::If(Box::new([condition, value, other])),
                at: self.from(start),
            }
        } else {
            value
        };
        self.depth -= 1;
        Ok(value)
    }

    fn or(&mut self) -> Result<Expr, LangError> {
        self.logic("or", |parser| parser.logic("and", Self::not))
    }

    fn logic(
        &mut self,
        word: &'static str,
        side: impl Fn(&mut Self) -> Result<Expr, LangError>,
    ) -> Result<Expr, LangError> {
        let start = self.here().start;
        let mut left = side(self)?;
        while self.take_word(word) {
            let right = side(self)?;
            left = self.node(
                ExprKind::Logic(word, Box::new(left), Box::new(right)),
                start,
            )?;
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Expr, LangError> {
        let start = self.here().start;
        let mut count = 0;
        while self.take_word("not") {
            count += 1;
        }
        let mut value = self.comparison()?;
        for _ in 0..count {
            value = self.node(ExprKind::Unary("not", Box::new(value)), start)?;
        }
        Ok(value)
    }

    fn comparison(&mut self) -> Result<Expr, LangError> {
        let start = self.here().start;
        let mut left = self.binary(0)?;
        while let Some(operator) = self.comparator() {
            let right = self.binary(0)?;
            left = self.node(
                ExprKind::Binary(operator, Box::new(left), Box::new(right)),
                start,
            )?;
        }
        Ok(left)
    }

    fn comparator(&mut self) -> Option<&'static str> {
        for symbol in ["==", "!=", "<=", ">=", "<", ">"] {
            if self.take(symbol) {
                return Some(symbol);
            }
        }
        if self.take_word("in") {
            return Some("in");
        }
        if self.take_word("is") {
            return Some(if self.take_word("not") { "!=" } else { "==" });
        }
        let next = self.tokens.get(self.at + 1).map(|token| &token.kind);
        if self.is_word("not") && matches!(next, Some(TokenKind::Name(name)) if name == "in") {
            self.at += 2;
            return Some("not in");
        }
        None
    }

    fn binary(&mut self, level: usize) -> Result<Expr, LangError> {
        let Some(operators) = LEVELS.get(level) else {
            return self.unary();
        };
        let start = self.here().start;
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = operators
            .iter()
            .copied()
            .find(|operator| self.is_symbol(operator))
        {
            self.at += 1;
            let right = self.binary(level + 1)?;
            left = self.node(
                ExprKind::Binary(operator, Box::new(left), Box::new(right)),
                start,
            )?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, LangError> {
        let start = self.here().start;
        if let Some(operator) = ["-", "+", "~"]
            .into_iter()
            .find(|operator| self.is_symbol(operator))
        {
            self.at += 1;
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(LangError::new(self.here(), LangProblem::TooDeep));
            }
            let value = self.unary()?;
            self.depth -= 1;
            return Ok(Expr {
                kind: ExprKind::Unary(operator, Box::new(value)),
                at: self.from(start),
            });
        }
        let base = self.postfix()?;
        if self.take("**") {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(LangError::new(self.here(), LangProblem::TooDeep));
            }
            let power = self.unary()?;
            self.depth -= 1;
            return self.node(
                ExprKind::Binary("**", Box::new(base), Box::new(power)),
                start,
            );
        }
        Ok(base)
    }

    fn postfix(&mut self) -> Result<Expr, LangError> {
        let start = self.here().start;
        let mut value = self.atom()?;
        loop {
            let kind = if self.take(".") {
                match self.peek() {
                    Some(TokenKind::Name(name)) => {
                        let name = name.clone();
                        self.at += 1;
                        ExprKind::Attribute(Box::new(value), name)
                    }
                    _ => return Err(self.expected("a field or a method after '.'")),
                }
            } else if self.take("(") {
                ExprKind::Call(Box::new(value), self.arguments()?)
            } else if self.take("[") {
                self.subscript(value)?
            } else {
                return Ok(value);
            };
            value = self.node(kind, start)?;
        }
    }
}

fn check_target(target: &Expr) -> Result<(), LangError> {
    match &target.kind {
        ExprKind::Name(_) | ExprKind::Attribute(..) | ExprKind::Index(..) => Ok(()),
        ExprKind::Tuple(items) | ExprKind::List(items) if !items.is_empty() => {
            items.iter().try_for_each(check_target)
        }
        _ => Err(LangError::new(
            target.at.clone(),
            LangProblem::Expected {
                what: "a name, a field or an item before '='",
                found: String::new(),
            },
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn error(source: &str) -> (Span, LangProblem) {
        let error = parse(source).unwrap_err();
        (error.at, *error.problem)
    }

    #[test]
    fn slash_binds_as_in_python() {
        let statements = parse("a/b+c*d").unwrap();
        let Statement::Expr(Expr {
            kind: ExprKind::Binary("+", left, _),
            ..
        }) = &statements[0]
        else {
            panic!("{statements:?}")
        };
        assert!(matches!(left.kind, ExprKind::Binary("/", ..)));
    }

    #[test]
    fn errors_have_a_position_and_an_expectation() {
        assert!(matches!(error("IP(dst=)"), (at, LangProblem::Expected { .. }) if at == (7..8)));
        assert!(matches!(error("a b"), (at, LangProblem::Expected { .. }) if at == (2..3)));
        assert!(
            matches!(error("for x in y: z"), (at, LangProblem::NotPython("for")) if at == (0..3))
        );
        assert!(matches!(error("1 = 2"), (at, LangProblem::Expected { .. }) if at == (0..1)));
        assert!(matches!(error("p."), (at, LangProblem::Expected { .. }) if at == (2..2)));
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = "(".repeat(5000) + &")".repeat(5000);
        assert!(matches!(error(&deep).1, LangProblem::TooDeep));
        let minus = "-".repeat(5000) + "1";
        assert!(matches!(error(&minus).1, LangProblem::TooDeep));
    }

    #[test]
    fn a_text_is_complete_when_brackets_and_strings_are_closed() {
        assert!(is_complete("a = 1"));
        assert!(!is_complete("IP(dst="));
        assert!(!is_complete("'''abc"));
        assert!(is_complete("'abc"));
        assert!(!is_complete("a \\"));
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_rejected_with_a_position(source in "[a-zIP()\\[\\]=,.:'/0-9+*\\- \\n]{0,60}") {
            if let Err(error) = parse(&source) {
                prop_assert!(error.at.end <= source.len() && error.at.start <= error.at.end);
            }
        }
    }
}
