//! The syntax tree: statements and expressions with their positions in the source.

use super::error::Span;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// One statement.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Statement {
    /// An expression whose value is shown.
    Expr(Expr),
    /// One value for one or more targets (`a = b, c = 1, 2`).
    Assign(Vec<Expr>, Expr),
    /// `del p.chksum`.
    Delete(Vec<Expr>),
}

/// An expression with its position.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expr {
    pub(super) kind: ExprKind,
    pub(super) at: Span,
}

/// Kind of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ExprKind {
    None,
    Bool(bool),
    Int(i128),
    Float(f64),
    Str(String),
    Bytes(Vec<u8>),
    Name(String),
    List(Vec<Expr>),
    Tuple(Vec<Expr>),
    /// `[item for name in items if condition]`.
    Comprehension(Box<Comprehension>),
    Attribute(Box<Expr>, String),
    Index(Box<Expr>, Box<Expr>),
    Slice(Box<Expr>, [Option<Box<Expr>>; 3]),
    Call(Box<Expr>, Vec<Argument>),
    Unary(&'static str, Box<Expr>),
    Binary(&'static str, Box<Expr>, Box<Expr>),
    /// `and`, `or`: the right side is evaluated only if needed.
    Logic(&'static str, Box<Expr>, Box<Expr>),
    /// `a if condition else b`.
    If(Box<[Expr; 3]>),
}

/// A list comprehension.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Comprehension {
    pub(super) item: Expr,
    pub(super) target: Expr,
    pub(super) items: Expr,
    pub(super) condition: Option<Expr>,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Argument {
    /// Name of a named argument, and position of the name.
    pub(super) name: Option<(String, Span)>,
    pub(super) value: Expr,
}
