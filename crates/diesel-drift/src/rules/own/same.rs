//! Which values mean the same: what somebody writes, and what PostgreSQL keeps.

use crate::catalog::{Shape, TypeName, means_name};
use serde_json::{Map, Value};

/// What an entry of a list goes by, if it says no more than that.
pub(super) const FIRST: [&str; 2] = ["term", "name"];

/// What an entry that has parts goes by.
pub(super) fn first(entry: &Value) -> Option<&Value> {
    FIRST.iter().find_map(|name| entry.get(name))
}

/// As PostgreSQL writes everybody.
pub(super) const PUBLIC: &str = "PUBLIC";

/// Whether a value is the one that is expected.
pub(super) fn equal(expected: &Value, found: &Value, shape: &Shape) -> bool {
    match (expected, found) {
        (Value::Number(expected), Value::Number(found)) => expected.as_f64() == found.as_f64(),
        (Value::String(word), Value::Object(facts)) if matches!(shape, Shape::Mixed(_)) => {
            facts.contains_key(word)
        }
        // An entry that has parts goes by its first; of an index that is SQL.
        (Value::String(expected), Value::Object(_)) => {
            let found = first(found).and_then(Value::as_str);
            found.is_some_and(|found| is_same_expression(expected, found))
        }
        (Value::String(expected), Value::String(found)) => match shape {
            Shape::Name => means_name(expected.trim_end_matches("()"), found),
            Shape::Type => TypeName::read(expected).means(&TypeName::read(found)),
            Shape::Expression | Shape::Parts => is_same_expression(expected, found),
            _ => expected == found,
        },
        (Value::Array(expected), Value::Array(found)) => match shape {
            Shape::Set(entry) => {
                let is_in = |one: &Value| found.iter().any(|other| equal(one, other, entry));
                let is_asked = |one: &Value| expected.iter().any(|other| equal(other, one, entry));
                expected.iter().all(is_in) && found.iter().all(is_asked)
            }
            _ => {
                let entry = entry_shape(shape);
                let mut pairs = expected.iter().zip(found);
                expected.len() == found.len() && pairs.all(|(one, other)| equal(one, other, entry))
            }
        },
        (expected, found) => expected == found,
    }
}

/// What somebody calls so among names of roles or settings: `PUBLIC`, which is no role, goes by small letters as well, as in SQL.
pub(super) fn named<'a>(facts: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let is_public = || name.eq_ignore_ascii_case(PUBLIC);
    (facts.get(name)).or_else(|| facts.get(PUBLIC).filter(|_| is_public()))
}

/// What values an entry has.
pub(super) fn entry_shape(shape: &Shape) -> &Shape {
    match shape {
        Shape::List(entry) | Shape::Set(entry) => entry,
        other => other,
    }
}

/// All that a text goes by, for patterns.
pub(super) fn spellings(text: &str, shape: &Shape) -> Vec<String> {
    match shape {
        Shape::Type => TypeName::read(text).spellings(),
        Shape::Name => {
            let bare = text.rsplit_once('.').map(|(_, bare)| bare.to_owned());
            std::iter::once(text.to_owned()).chain(bare).collect()
        }
        _ => vec![text.to_owned()],
    }
}

/// The three ways to write the time at which a transaction began.
const NOW: [&str; 3] = ["now()", "current_timestamp", "transaction_timestamp()"];

/// Whether two expressions are one: as they are written; each the time of the transaction; a constant without the cast, or an expression without the
/// parentheses, that PostgreSQL adds.
fn is_same_expression(expected: &str, found: &str) -> bool {
    let is_now = |text: &str| NOW.contains(&text.to_lowercase().as_str());
    let in_parentheses = || {
        let inner = found.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
        inner.is_some_and(|inner| is_same_expression(expected, inner))
    };
    expected == found
        || is_now(expected) && is_now(found)
        || in_parentheses()
        || is_constant(expected) && found.strip_prefix(expected).is_some_and(is_cast)
}

/// Whether a text is one quoted constant: `'it''s'`.
fn is_constant(text: &str) -> bool {
    let inner = text
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''));
    inner.is_some_and(|inner| !inner.replace("''", "").contains('\''))
}

/// Whether what follows a constant is a cast and nothing else: `::character varying(20)`.
fn is_cast(text: &str) -> bool {
    let of_a_type = |c: char| c.is_alphanumeric() || "_.\"()[], ".contains(c);
    (text.strip_prefix("::")).is_some_and(|name| !name.is_empty() && name.chars().all(of_a_type))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_that_postgresql_writes_otherwise_are_one() {
        for (expected, found, is_same) in [
            ("now()", "now()", true),
            ("now()", "CURRENT_TIMESTAMP", true),
            ("CURRENT_TIMESTAMP", "now()", true),
            ("current_timestamp", "transaction_timestamp()", true),
            ("now()", "statement_timestamp()", false),
            ("now()", "CURRENT_DATE", false),
            ("now()", "(now() + '1 day'::interval)", false),
            ("'draft'", "'draft'::text", true),
            ("'draft'", "'draft'::app.\"State\"", true),
            ("'draft'::text", "'draft'::text", true),
            ("'draft'::text", "'draft'::character varying", false),
            ("'draft'", "'drafts'::text", false),
            ("'it''s'", "'it''s'::text", true),
            ("'a'", "'a'::text || 'b'::text", false),
            ("'a'::text || 'b'", "'a'::text || 'b'::text", false),
            ("id > 0", "(id > 0)", true),
            ("a + b", "((a + b))", true),
            ("a + b", "((a) + (b))", false),
            ("0", "0", true),
        ] {
            assert_eq!(
                is_same_expression(expected, found),
                is_same,
                "{expected} {found}"
            );
        }
    }
}
