//! What is written in a function and never run.

use std::ops::Range;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Stmt};

use crate::declared::cfg::{self, Build, Truth};
use crate::declared::text::Text;
use crate::declared::type_ref::segments;

/// The places in a text of what is not run when the block is: what stands behind a `return`, under `if false` or a `#[cfg]` that does not hold, and
/// functions, which are run where they are called. In order, none inside of another.
pub(super) fn dead(text: &Text, block: &syn::Block) -> Vec<Range<usize>> {
    let mut found = Dead {
        text,
        places: Vec::new(),
    };
    found.visit_block(block);
    found
        .places
        .sort_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
    let mut end = 0;
    found.places.retain(|place| {
        let is_outside = place.start >= end;
        end = end.max(place.end);
        is_outside
    });
    found.places
}

struct Dead<'a> {
    text: &'a Text,
    places: Vec<Range<usize>>,
}

impl Dead<'_> {
    fn add(&mut self, span: Span) {
        let span = self.text.span(span);
        self.places.push(span.start..span.end);
    }

    /// What is between the braces.
    fn content(&mut self, block: &syn::Block) {
        block
            .stmts
            .iter()
            .for_each(|statement| self.add(statement.span()));
    }
}

impl<'ast> Visit<'ast> for Dead<'_> {
    fn visit_block(&mut self, block: &'ast syn::Block) {
        let end = block.stmts.iter().position(diverges);
        let run = end.map_or(block.stmts.len(), |end| end + 1);
        for statement in &block.stmts[..run] {
            let is_function =
                matches!(statement, Stmt::Item(syn::Item::Fn(_) | syn::Item::Impl(_)));
            match is_function || cfg::enabled_in(Build::Tests, attributes(statement)) == Truth::No {
                true => self.add(statement.span()),
                false => self.visit_stmt(statement),
            }
        }
        block.stmts[run..]
            .iter()
            .for_each(|statement| self.add(statement.span()));
    }

    fn visit_expr_if(&mut self, expression: &'ast syn::ExprIf) {
        let condition = constant(&expression.cond);
        match condition {
            Some(false) => self.content(&expression.then_branch),
            _ => self.visit_block(&expression.then_branch),
        }
        self.visit_expr(&expression.cond);
        match (&expression.else_branch, condition) {
            (Some((_, other)), Some(true)) => self.add(other.span()),
            (Some((_, other)), _) => self.visit_expr(other),
            (None, _) => {}
        }
    }

    fn visit_expr_while(&mut self, expression: &'ast syn::ExprWhile) {
        match constant(&expression.cond) {
            Some(false) => self.content(&expression.body),
            _ => visit::visit_expr_while(self, expression),
        }
    }
}

fn attributes(statement: &Stmt) -> &[syn::Attribute] {
    match statement {
        Stmt::Local(local) => &local.attrs,
        Stmt::Item(item) => crate::declared::macros::attributes(item),
        Stmt::Macro(mac) => &mac.attrs,
        Stmt::Expr(expression, _) => of_expression(expression),
    }
}

fn of_expression(expression: &Expr) -> &[syn::Attribute] {
    match expression {
        Expr::Block(of) => &of.attrs,
        Expr::Call(of) => &of.attrs,
        Expr::MethodCall(of) => &of.attrs,
        Expr::If(of) => &of.attrs,
        Expr::Macro(of) => &of.attrs,
        Expr::Match(of) => &of.attrs,
        Expr::ForLoop(of) => &of.attrs,
        Expr::Try(of) => &of.attrs,
        Expr::Await(of) => &of.attrs,
        _ => &[],
    }
}

/// What a condition always is.
fn constant(condition: &Expr) -> Option<bool> {
    match condition {
        Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Bool(literal),
            ..
        }) => Some(literal.value),
        Expr::Paren(inner) => constant(&inner.expr),
        Expr::Unary(syn::ExprUnary {
            op: syn::UnOp::Not(_),
            expr,
            ..
        }) => constant(expr).map(|value| !value),
        Expr::Binary(syn::ExprBinary {
            left,
            op: syn::BinOp::And(_),
            right,
            ..
        }) => [left, right]
            .iter()
            .any(|side| constant(side) == Some(false))
            .then_some(false),
        _ => None,
    }
}

/// Whether nothing behind a statement is run.
fn diverges(statement: &Stmt) -> bool {
    match statement {
        Stmt::Expr(Expr::Return(_) | Expr::Break(_) | Expr::Continue(_), _) => true,
        Stmt::Expr(Expr::Macro(of), _) => panics(&of.mac),
        Stmt::Macro(of) => panics(&of.mac),
        _ => false,
    }
}

fn panics(mac: &syn::Macro) -> bool {
    let name = segments(&mac.path).pop().unwrap_or_default();
    ["panic", "todo", "unimplemented", "unreachable"].contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(body: &str) -> String {
        let source = format!("fn f() {{{body}}}");
        let text = Text::new("f.rs".into(), source);
        let file = text.parse().unwrap();
        let Some(syn::Item::Fn(item)) = file.items.first() else {
            panic!("{body}");
        };
        let left = text.with_blanks(&dead(&text, &item.block));
        let left: Vec<&str> = left.text["fn f() {".len()..].split_whitespace().collect();
        let left = left.join(" ");
        left.strip_suffix('}').unwrap().trim().to_owned()
    }

    #[rstest::rstest]
    #[case("a(); return; b();", "a(); return;")]
    #[case("if false { a(); } b();", "if false { } b();")]
    #[case(
        "if false && x() { a(); } else { b(); }",
        "if false && x() { } else { b(); }"
    )]
    #[case("if !(true) { a(); }", "if !(true) { }")]
    #[case("if true { a(); } else { b(); }", "if true { a(); } else")]
    #[case("if x { return; } b();", "if x { return; } b();")]
    #[case("if x { return; a(); } b();", "if x { return; } b();")]
    #[case("while false { a(); } todo!(); b();", "while false { } todo!();")]
    #[case("#[cfg(any())] a(); #[cfg(test)] b();", "#[cfg(test)] b();")]
    #[case(
        "#[cfg(any())] { a(); } #[cfg(feature = \"x\")] { b(); }",
        "#[cfg(feature = \"x\")] { b(); }"
    )]
    #[case("fn g() { a(); } g();", "g();")]
    #[case("x(|| { return 1; a() }); b();", "x(|| { return 1; }); b();")]
    fn what_is_not_run_is_left_out(#[case] body: &str, #[case] left: &str) {
        assert_eq!(run(body), left);
    }
}
