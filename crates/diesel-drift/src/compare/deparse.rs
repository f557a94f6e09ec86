//! Which texts two major versions of PostgreSQL write in the same way.

use crate::catalog::class::{self, Class};

/// The major versions that began to write a kind of text in another way.
///
/// 14: `SUBSTRING(a FROM b)`, `TRIM(…)`, `EXTRACT(…)` and their like are kept as they were written, before they were function calls.
/// 16: columns in a query over one table lost their table's name.
const EXPRESSIONS: &[u32] = &[14];
const QUERIES: &[u32] = &[14, 16];
const NOTHING: &[u32] = &[];
/// Where `NOT NULL` became a constraint with a name and parents of its own: of domains, of columns.
const DOMAIN_NOT_NULL: &[u32] = &[17];
const COLUMN_NOT_NULL: &[u32] = &[18];
/// Before 15 the sequence of an unlogged table was logged.
const SEQUENCE_PERSISTENCE: &[u32] = &[15];
/// Before 14 the members of an operator family that its class does not need belonged to the class.
const OPERATOR_MEMBERS: &[u32] = &[14];
/// Since 18 a subscription streams in parallel by default.
const STREAMING: &[u32] = &[18];

/// Whether a difference in that attribute means something, between servers of these versions (`server_version_num`).
pub fn comparable(class: &Class, attribute: &str, versions: (u32, u32)) -> bool {
    let (old, new) = (
        versions.0.min(versions.1) / 10_000,
        versions.0.max(versions.1) / 10_000,
    );
    let boundary = |major: &u32| old < *major && *major <= new;
    let is_rewritten = match comes_with_the_server(class, attribute) {
        true => old != new,
        false => rewritten(class, attribute).iter().any(boundary),
    };
    !is_rewritten
}

/// An extension's version, and what its scripts make.
fn comes_with_the_server(class: &Class, attribute: &str) -> bool {
    class == &class::EXTENSION && ["version", "functions_digest"].contains(&attribute)
}

fn rewritten(class: &Class, attribute: &str) -> &'static [u32] {
    let field = attribute.split('.').next().unwrap_or(attribute);
    match field {
        "not_null_constraint" if class == &class::DOMAIN => DOMAIN_NOT_NULL,
        "not_null_constraint" => COLUMN_NOT_NULL,
        "persistence" if class == &class::SEQUENCE => SEQUENCE_PERSISTENCE,
        "members" => OPERATOR_MEMBERS,
        "streaming" if class == &class::SUBSCRIPTION => STREAMING,
        "tables" if class == &class::PUBLICATION => EXPRESSIONS,
        "definition" if class == &class::EXCLUSION_CONSTRAINT => EXPRESSIONS,
        "definition" | "sql_body" => QUERIES,
        // Of other classes these are names and literals, which every version writes alike.
        "columns" if class == &class::INDEX => EXPRESSIONS,
        "index" if class == &class::EXCLUSION_CONSTRAINT => EXPRESSIONS,
        "arguments" if class != &class::TRIGGER => EXPRESSIONS,
        "default" | "generated" | "expression" | "expressions" | "predicate" | "when" | "using"
        | "check" | "partition_key" => EXPRESSIONS,
        _ => NOTHING,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_compared_where_no_version_between_writes_it_otherwise() {
        let view = |versions| comparable(&class::VIEW, "definition", versions);
        assert!(view((150_000, 150_018)));
        assert!(view((160_000, 180_000)));
        assert!(!view((150_000, 160_000)) && !view((170_000, 140_000)));
        assert!(comparable(&class::COLUMN, "default", (140_000, 180_000)));
        assert!(comparable(&class::COLUMN, "data_type", (130_000, 180_000)));
        let not_null = |class, versions| comparable(class, "not_null_constraint.name", versions);
        assert!(not_null(&class::COLUMN, (150_000, 170_000)));
        assert!(!not_null(&class::COLUMN, (150_000, 180_000)));
        assert!(!not_null(&class::DOMAIN, (150_000, 170_000)));
        let extension = |versions| comparable(&class::EXTENSION, "version", versions);
        assert!(extension((150_000, 150_018)) && !extension((210_000, 220_000)));
    }

    #[test]
    fn what_holds_no_expression_is_compared_whatever_the_versions() {
        let across = |class, attribute| comparable(class, attribute, (130_000, 180_000));
        assert!(!across(&class::INDEX, "columns") && !across(&class::FUNCTION, "arguments"));
        for key in [&class::PRIMARY_KEY, &class::UNIQUE_CONSTRAINT] {
            assert!(across(key, "columns") && across(key, "index.options"));
        }
        assert!(across(&class::FOREIGN_KEY, "columns"));
        assert!(across(&class::TRIGGER, "arguments"));
    }
}
