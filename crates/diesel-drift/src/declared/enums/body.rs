//! What a function's body does, as far as labels are concerned.

use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};

use crate::declared::cfg;
use crate::declared::type_ref::{Path, TypeRef, segments};

/// The parts of a body.
#[derive(Default)]
pub(super) struct Body<'a> {
    /// Its `match` expressions.
    pub(super) matches: Vec<&'a syn::ExprMatch>,
    /// What it calls or names.
    pub(super) calls: Vec<Call>,
    /// Whether it may turn one label into another, or an unknown one into a value.
    pub(super) alters: bool,
    /// Whether it formats a text: a label when it writes, a message when it reads.
    pub(super) formats: bool,
}

/// A call, or the name of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// `self.name(…)`.
    OwnMethod(String),
    /// `other.name(…)`.
    Method(String),
    /// `a::b::name`, and the type of `<Type as Trait>::name` or `<Type>::name`.
    Path { path: Path, owner: Option<String> },
    /// `"{}"` of `self`.
    Display,
}

/// Functions after which a text is not what it was, or a failure is not one.
const ALTERING: &[&str] = &[
    "concat",
    "eq_ignore_ascii_case",
    "join",
    "make_ascii_lowercase",
    "make_ascii_uppercase",
    "or",
    "or_else",
    "push_str",
    "replace",
    "replacen",
    "strip_prefix",
    "strip_suffix",
    "to_ascii_lowercase",
    "to_ascii_uppercase",
    "to_camel_case",
    "to_case",
    "to_kebab_case",
    "to_lower_camel_case",
    "to_lowercase",
    "to_pascal_case",
    "to_screaming_snake_case",
    "to_shouty_snake_case",
    "to_snake_case",
    "to_title_case",
    "to_upper_camel_case",
    "to_uppercase",
    "trim",
    "trim_end",
    "trim_end_matches",
    "trim_matches",
    "trim_start",
    "trim_start_matches",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
];

impl<'a> Body<'a> {
    /// Reads a body.
    pub(super) fn of(block: &'a syn::Block) -> Self {
        let mut body = Self::default();
        body.visit_block(block);
        body
    }
}

impl<'a> Visit<'a> for Body<'a> {
    fn visit_expr_match(&mut self, expression: &'a syn::ExprMatch) {
        self.matches.push(expression);
        visit::visit_expr_match(self, expression);
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        let name = call.method.to_string();
        self.alters |= ALTERING.contains(&name.as_str());
        self.calls.push(if is_self(&call.receiver) {
            Call::OwnMethod(name)
        } else {
            Call::Method(name)
        });
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_path(&mut self, path: &'a syn::ExprPath) {
        let owner = path
            .qself
            .as_ref()
            .map(|of| TypeRef::of(&of.ty).name().to_owned());
        let path = segments(&path.path);
        self.alters |= path
            .last()
            .is_some_and(|last| path.len() > 1 && ALTERING.contains(&last.as_str()));
        self.calls.push(Call::Path { path, owner });
    }

    fn visit_macro(&mut self, mac: &'a syn::Macro) {
        match (macro_name(mac).as_str(), shown(mac)) {
            ("write" | "format" | "write_str", Some(Shown::Own)) => self.calls.push(Call::Display),
            ("write", Some(Shown::Literal(_))) => {}
            ("write" | "writeln" | "format" | "concat", _) => self.formats = true,
            _ => {}
        }
    }
}

/// `self`, however it is dereferenced or borrowed.
fn is_self(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Path(path) => path.path.is_ident("self"),
        syn::Expr::Paren(inner) => is_self(&inner.expr),
        syn::Expr::Reference(inner) => is_self(&inner.expr),
        syn::Expr::Unary(inner) => is_self(&inner.expr),
        _ => false,
    }
}

/// What a formatting macro shows.
pub(super) enum Shown {
    /// A literal and nothing else.
    Literal(syn::LitStr),
    /// `self` and nothing else.
    Own,
}

/// Reads `write!(out, "label")`, `write!(out, "{}", self)` and `format!("{self}")`.
pub(super) fn shown(mac: &syn::Macro) -> Option<Shown> {
    let arguments = mac
        .parse_body_with(Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated)
        .ok()?;
    let arguments: Vec<&syn::Expr> = arguments
        .iter()
        .skip(usize::from(macro_name(mac) == "write"))
        .collect();
    let literal = match arguments.first()? {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(literal),
            ..
        }) => literal,
        _ => return None,
    };
    match (literal.value().as_str(), arguments.get(1..)?) {
        ("{self}", []) => Some(Shown::Own),
        ("{}", [only]) if is_self(only) => Some(Shown::Own),
        (plain, []) if !plain.contains(['{', '}']) => Some(Shown::Literal(literal.clone())),
        _ => None,
    }
}

/// The last segment of a macro's path.
pub(super) fn macro_name(mac: &syn::Macro) -> String {
    segments(&mac.path).pop().unwrap_or_default()
}

/// Whether an expression can only fail.
pub(super) fn fails(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Call(call) => match &*call.func {
            syn::Expr::Path(path) => segments(&path.path)
                .last()
                .is_some_and(|last| last == "Err"),
            _ => false,
        },
        // Of an `Option`: what makes a value of it is in `ALTERING`.
        syn::Expr::Path(path) => path.path.is_ident("None"),
        syn::Expr::Return(inner) => inner.expr.as_deref().is_some_and(fails),
        syn::Expr::Try(inner) => fails(&inner.expr),
        syn::Expr::Paren(inner) => fails(&inner.expr),
        syn::Expr::MethodCall(call) => fails(&call.receiver),
        syn::Expr::Macro(inner) => macro_fails(&inner.mac),
        syn::Expr::Block(inner) => match inner.block.stmts.last() {
            Some(syn::Stmt::Expr(last, _)) => fails(last),
            Some(syn::Stmt::Macro(last)) => macro_fails(&last.mac),
            _ => false,
        },
        _ => false,
    }
}

fn macro_fails(mac: &syn::Macro) -> bool {
    matches!(
        macro_name(mac).as_str(),
        "panic" | "unreachable" | "todo" | "unimplemented" | "bail"
    )
}

/// Whether an arm is in this build.
pub(super) fn is_compiled(arm: &syn::Arm) -> bool {
    cfg::enabled(&arm.attrs) != cfg::Truth::No
}
