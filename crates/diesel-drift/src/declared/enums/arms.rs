//! Labels in the arms of a `match`.

use syn::visit::{self, Visit};

use super::body::{Body, Shown, fails, is_compiled, macro_name, shown};
use super::functions::Owner;
use crate::declared::model::Label;
use crate::declared::text::Text;
use crate::declared::type_ref::segments;

/// What was found in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing that has to do with labels.
    Nothing,
    /// Something, but which labels it means cannot be told.
    Uncertain,
    /// These labels.
    Labels(Vec<Label>),
}

impl Found {
    /// The labels, where they are certain.
    pub(super) fn certain(self) -> Option<Vec<Label>> {
        match self {
            Self::Labels(labels) => Some(labels),
            Self::Nothing | Self::Uncertain => None,
        }
    }
}

/// Labels of `match self { Rust::Variant => "label", … }`. An arm without exactly one literal adds none.
pub(super) fn written(text: &Text, owner: &Owner<'_>, body: &Body<'_>) -> Found {
    let over_variants = |found: &&&syn::ExprMatch| {
        found
            .arms
            .iter()
            .any(|arm| patterns(&arm.pat).iter().any(|pat| is_variant(pat, owner)))
    };
    let mut matches = body.matches.iter().filter(over_variants);
    let Some(only) = matches.next() else {
        return Found::Nothing;
    };
    if matches.next().is_some() {
        return Found::Uncertain;
    }
    let arms = only.arms.iter().filter(|arm| is_compiled(arm));
    let labels: Vec<Label> = arms
        .filter(|arm| !fails(&arm.body))
        .filter_map(|arm| literal(text, &arm.body))
        .collect();
    if labels.is_empty() {
        Found::Uncertain
    } else {
        Found::Labels(labels)
    }
}

/// Labels of `match text { "label" => Ok(…), …, _ => Err(…) }`.
pub(super) fn read(text: &Text, body: &Body<'_>) -> Found {
    let over_labels = |found: &&&syn::ExprMatch| {
        found.arms.iter().any(|arm| {
            patterns(&arm.pat)
                .iter()
                .any(|pat| literal_of(text, pat).is_some())
        })
    };
    let mut matches = body.matches.iter().filter(over_labels);
    let Some(only) = matches.next() else {
        return Found::Nothing;
    };
    if matches.next().is_some() {
        return Found::Uncertain;
    }
    let mut labels = Vec::new();
    for arm in only.arms.iter().filter(|arm| is_compiled(arm)) {
        let failing = fails(&arm.body);
        for pattern in patterns(&arm.pat) {
            match literal_of(text, pattern) {
                Some(_) if failing && arm.guard.is_none() => {}
                Some(label) if arm.guard.is_none() => labels.push(label),
                None if failing => {}
                _ => return Found::Uncertain,
            }
        }
    }
    Found::Labels(labels)
}

/// The alternatives of a pattern.
fn patterns(pattern: &syn::Pat) -> Vec<&syn::Pat> {
    match pattern {
        syn::Pat::Or(or) => or.cases.iter().flat_map(patterns).collect(),
        syn::Pat::Paren(inner) => patterns(&inner.pat),
        syn::Pat::Reference(inner) => patterns(&inner.pat),
        other => vec![other],
    }
}

fn is_variant(pattern: &syn::Pat, owner: &Owner<'_>) -> bool {
    let path = match pattern {
        syn::Pat::Path(pattern) => segments(&pattern.path),
        syn::Pat::TupleStruct(pattern) => segments(&pattern.path),
        syn::Pat::Struct(pattern) => segments(&pattern.path),
        // `use Rust::*` makes variants of what looks like a binding.
        syn::Pat::Ident(pattern) => {
            return owner.definition.is_some_and(|definition| {
                let mut variants = definition.variants.iter();
                variants.any(|variant| variant.ident == pattern.ident)
            });
        }
        _ => return false,
    };
    match path.as_slice() {
        [.., of, _] => of == "Self" || of == owner.name,
        _ => false,
    }
}

fn literal_of(text: &Text, pattern: &syn::Pat) -> Option<Label> {
    match pattern {
        syn::Pat::Lit(pattern) => label(text, &pattern.lit),
        _ => None,
    }
}

/// A string, or a byte string that is one.
fn label(text: &Text, literal: &syn::Lit) -> Option<Label> {
    let label = match literal {
        syn::Lit::Str(literal) => literal.value(),
        syn::Lit::ByteStr(literal) => String::from_utf8(literal.value()).ok()?,
        _ => return None,
    };
    let span = text.span(literal.span());
    Some(Label { label, span })
}

/// The only literal of an expression, messages left out.
fn literal(text: &Text, expression: &syn::Expr) -> Option<Label> {
    let mut literals = Literals {
        text,
        found: Vec::new(),
    };
    literals.visit_expr(expression);
    let label = literals.found.pop()?;
    literals.found.is_empty().then_some(label)
}

struct Literals<'a> {
    text: &'a Text,
    found: Vec<Label>,
}

impl<'ast> Visit<'ast> for Literals<'_> {
    fn visit_lit(&mut self, literal: &'ast syn::Lit) {
        self.found.extend(label(self.text, literal));
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if matches!(
            call.method.to_string().as_str(),
            "expect" | "context" | "with_context" | "map_err" | "wrap_err"
        ) {
            self.visit_expr(&call.receiver);
        } else {
            visit::visit_expr_method_call(self, call);
        }
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        if macro_name(mac) == "write"
            && let Some(Shown::Literal(literal)) = shown(mac)
        {
            self.visit_lit(&syn::Lit::Str(literal));
        }
    }
}
