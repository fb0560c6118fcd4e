//! Parses what operators apply to: literals, brackets, arguments, indices, comprehensions.

use super::{NOT_PYTHON, Parser, check_target};
use crate::lang::ast::{Argument, Comprehension, Expr, ExprKind};
use crate::lang::error::{LangError, LangProblem};
use crate::lang::token::{Token, TokenKind};
use alloc::boxed::Box;
use alloc::vec::Vec;

impl Parser {
    pub(super) fn subscript(&mut self, value: Expr) -> Result<ExprKind, LangError> {
        let mut parts: [Option<Box<Expr>>; 3] = [None, None, None];
        let mut colons = 0;
        while !self.is_symbol("]") {
            if colons < 2 && self.take(":") {
                colons += 1;
            } else if parts[colons].is_none() {
                let index = if colons == 0 {
                    self.tuple()?
                } else {
                    self.expr()?
                };
                parts[colons] = Some(Box::new(index));
            } else {
                return Err(self.expected("a closing bracket"));
            }
        }
        self.need("]", "a closing bracket")?;
        match (colons, parts) {
            (0, [Some(index), ..]) => Ok(ExprKind::Index(Box::new(value), index)),
            (0, _) => {
                self.at -= 1;
                Err(self.expected("an index or a layer"))
            }
            (_, parts) => Ok(ExprKind::Slice(Box::new(value), parts)),
        }
    }

    pub(super) fn arguments(&mut self) -> Result<Vec<Argument>, LangError> {
        let mut arguments: Vec<Argument> = Vec::new();
        while !self.take(")") {
            let named = matches!(
                self.tokens.get(self.at + 1),
                Some(Token {
                    kind: TokenKind::Symbol("="),
                    ..
                })
            );
            let name = match self.peek() {
                Some(TokenKind::Name(name)) if named => {
                    let name = (name.clone(), self.here());
                    self.at += 2;
                    Some(name)
                }
                _ => None,
            };
            if name.is_none() && arguments.iter().any(|argument| argument.name.is_some()) {
                return Err(self.expected("a field and its value, like ttl=64"));
            }
            arguments.push(Argument {
                name,
                value: self.expr()?,
            });
            if !self.take(",") && !self.is_symbol(")") {
                return Err(self.expected("a comma or a closing parenthesis"));
            }
        }
        Ok(arguments)
    }

    pub(super) fn atom(&mut self) -> Result<Expr, LangError> {
        let at = self.here();
        let Some(kind) = self.peek().cloned() else {
            return Err(self.expected("a value or a layer like IP()"));
        };
        self.at += 1;
        let kind = match kind {
            TokenKind::Name(name) => match &name[..] {
                "None" => ExprKind::None,
                "True" => ExprKind::Bool(true),
                "False" => ExprKind::Bool(false),
                word => match NOT_PYTHON.iter().find(|w| **w == word) {
                    Some(word) => return Err(LangError::new(at, LangProblem::NotPython(word))),
                    None => ExprKind::Name(name),
                },
            },
            TokenKind::Int(n) => ExprKind::Int(n),
            TokenKind::Float(n) => ExprKind::Float(n),
            TokenKind::Str(mut text) => {
                // Adjacent string literals are joined, as in Python.
                while let Some(TokenKind::Str(more)) = self.peek() {
                    text.push_str(more);
                    self.at += 1;
                }
                ExprKind::Str(text)
            }
            TokenKind::Bytes(mut bytes) => {
                while let Some(TokenKind::Bytes(more)) = self.peek() {
                    bytes.extend_from_slice(more);
                    self.at += 1;
                }
                ExprKind::Bytes(bytes)
            }
            TokenKind::Symbol("(") => return self.parenthesis(at.start),
            TokenKind::Symbol("[") => return self.list(at.start),
            TokenKind::Symbol("{") if self.is_symbol("}") => {
                self.at += 1;
                ExprKind::List(Vec::new())
            }
            _ => {
                self.at -= 1;
                return Err(self.expected("a value or a layer like IP()"));
            }
        };
        Ok(Expr {
            kind,
            at: self.from(at.start),
        })
    }

    fn parenthesis(&mut self, start: usize) -> Result<Expr, LangError> {
        let mut items = Vec::new();
        let mut is_tuple = self.is_symbol(")");
        while !self.take(")") {
            items.push(self.expr()?);
            if self.take(",") {
                is_tuple = true;
            } else if !self.is_symbol(")") {
                return Err(self.expected("a comma or a closing parenthesis"));
            }
        }
        let at = self.from(start);
        if is_tuple {
            return Ok(Expr {
                kind: ExprKind::Tuple(items),
                at,
            });
        }
        let inner = items
            .pop()
            .expect("a parenthesis without comma holds one expression");
        Ok(Expr { at, ..inner })
    }

    fn list(&mut self, start: usize) -> Result<Expr, LangError> {
        let mut items = Vec::new();
        while !self.take("]") {
            items.push(self.expr()?);
            if items.len() == 1 && self.take_word("for") {
                let item = items.pop().expect("one item was read");
                return self.comprehension(item, start);
            }
            if !self.take(",") && !self.is_symbol("]") {
                return Err(self.expected("a comma or a closing bracket"));
            }
        }
        Ok(Expr {
            kind: ExprKind::List(items),
            at: self.from(start),
        })
    }

    fn comprehension(&mut self, item: Expr, start: usize) -> Result<Expr, LangError> {
        let mut names = alloc::vec![self.postfix()?];
        while self.take(",") {
            names.push(self.postfix()?);
        }
        let at = names[0].at.clone();
        let target = match names.len() {
            1 => names.remove(0),
            _ => Expr {
                kind: ExprKind::Tuple(names),
                at,
            },
        };
        check_target(&target)?;
        if !self.take_word("in") {
            return Err(self.expected("'in'"));
        }
        let items = self.or()?;
        let condition = if self.take_word("if") {
            Some(self.or()?)
        } else {
            None
        };
        self.need("]", "a closing bracket")?;
        let comprehension = Comprehension {
            item,
            target,
            items,
            condition,
        };
        Ok(Expr {
            kind: ExprKind::Comprehension(Box::new(comprehension)),
            at: self.from(start),
        })
    }
}
