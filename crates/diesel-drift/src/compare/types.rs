//! Whether a declared type and a live one are the same.

use super::names::LiveType;
use super::{Comparison, TablePair};
use crate::catalog::{Column, DataType, Domain, Relation, quote_identifier};
use crate::declared::{self, Type};

/// The outcome of comparing two types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The same, or equal for Diesel.
    Equal,
    /// Different for certain.
    Different,
    /// The declared type's PostgreSQL name is not known.
    Unknown,
}

/// Types that Diesel has one Rust type for.
const TEXT: [&str; 3] = ["text", "varchar", "bpchar"];

/// Types of PostgreSQL that Diesel leaves to other crates.
const TEXT_SEARCH: [&str; 2] = ["tsvector", "tsquery"];

impl<'a> Comparison<'a> {
    /// Compares a declared column's type with the live one. Nullability and length are other kinds' business.
    ///
    /// A column whose type is a domain may be declared as the domain or as what it is over: Diesel CLI prints the latter,
    /// unless `pg_domains_as_custom_types` says otherwise.
    pub fn compare_types(
        &self,
        pair: &TablePair<'_>,
        declared: &declared::Column,
        column: &Column,
    ) -> Verdict {
        self.compare_type(&declared.data_type, &column.data_type, pair.outside)
    }

    fn compare_type(&self, declared: &Type, live: &DataType, outside: bool) -> Verdict {
        let verdict = self.compare_without_domain(declared, live, outside);
        if verdict == Verdict::Equal {
            return verdict;
        }
        match self.domains.named(live) {
            // An array of a domain: PostgreSQL sends its elements as the domain's base type.
            Some(domain) if live.array && !domain.base.array => {
                let base = DataType {
                    array: true,
                    ..domain.base.clone()
                };
                self.compare_type(declared, &base, outside)
            }
            Some(domain) if !live.array => self.compare_type(declared, &domain.base, outside),
            _ => verdict,
        }
    }

    fn compare_without_domain(&self, declared: &Type, live: &DataType, outside: bool) -> Verdict {
        match declared {
            Type::Array { element, .. } if live.array => {
                let element_type = DataType {
                    array: false,
                    ..live.clone()
                };
                self.compare_without_domain(element, &element_type, outside)
            }
            Type::Array { .. } => Verdict::Different,
            Type::Known { .. } if live.array => Verdict::Different,
            Type::Known { schema, name } => {
                self.compare_known(schema.as_deref(), name, live, outside)
            }
            Type::Unknown { .. } if live.array => Verdict::Unknown,
            Type::Unknown { name } => self.compare_by_convention(name, live),
        }
    }

    fn compare_known(
        &self,
        schema: Option<&str>,
        name: &str,
        live: &DataType,
        outside: bool,
    ) -> Verdict {
        // A base type that the project made itself is in no list: its name has to do.
        let found = self.find_type(schema, name);
        let schema = found.map_or(schema.unwrap_or(&live.schema), |found| &found.schema);
        let builtin = schema == "pg_catalog" && live.schema == "pg_catalog";
        let same = name == live.name && schema == live.schema
            || builtin && TEXT.contains(&name) && TEXT.contains(&live.name.as_str())
            // Diesel CLI prints `"char"` as `Char`, which is Diesel's name for text.
            || builtin && name == "text" && live.name == "char"
            || outside && is_read_alike(name, &live.name);
        if same {
            Verdict::Equal
        } else {
            Verdict::Different
        }
    }

    /// Diesel CLI names a type's struct after the type, in upper camel case; crates that bring types keep to it.
    fn compare_by_convention(&self, rust_name: &str, live: &DataType) -> Verdict {
        if same_by_convention(rust_name, &live.name) {
            return Verdict::Equal;
        }
        // Where the name is that of another type that the database has as well, the column has been changed. Row types and
        // most of PostgreSQL's own are left out: their names are too common to mean anything.
        let certain = |live: &LiveType<'_>| {
            !live.is_row
                && (live.name.schema != "pg_catalog"
                    || TEXT_SEARCH.contains(&live.name.name.as_str()))
        };
        let mut types = self.types.values().flatten().filter(|live| certain(live));
        if types.any(|live| same_by_convention(rust_name, &live.name.name)) {
            Verdict::Different
        } else {
            Verdict::Unknown
        }
    }

    /// The domains that a column's type goes through, outermost first.
    pub fn domains_of(&self, data_type: &DataType) -> Vec<&'a Domain> {
        self.domains.chain(data_type).collect()
    }

    /// The type under all domains.
    pub fn resolve_domain<'b>(&self, data_type: &'b DataType) -> &'b DataType
    where
        'a: 'b,
    {
        self.domains_of(data_type)
            .last()
            .map_or(data_type, |domain| &domain.base)
    }

    /// Whether something in the database keeps NULL out of an array: a domain as element type, or a check.
    pub fn elements_never_null(&self, relation: &Relation, column: &Column) -> bool {
        let array = self.resolve_domain(&column.data_type);
        let element = DataType {
            array: false,
            ..array.clone()
        };
        self.domains_of(&element)
            .iter()
            .any(|domain| domain.not_null)
            || relation
                .checks
                .iter()
                .any(|check| keeps_null_out(&check.expression, &column.name))
    }
}

/// Whether a check is the usual one: `array_position(column, NULL::text) IS NULL`.
fn keeps_null_out(expression: &str, column: &str) -> bool {
    let position = format!("array_position({}, NULL::", quote_identifier(column));
    expression.contains(&position) && expression.contains("IS NULL")
}

/// PostgreSQL's own relations have types that are read as others: `name` as text, `regclass` and its kin as
/// `oid`.
fn is_read_alike(declared: &str, live: &str) -> bool {
    match declared {
        "text" => live == "name",
        "oid" => live.starts_with("reg"),
        _ => false,
    }
}

fn same_by_convention(rust_name: &str, sql_name: &str) -> bool {
    use heck::ToUpperCamelCase;
    let flat = |text: &str| text.replace('_', "").to_lowercase();
    rust_name == sql_name.to_upper_camel_case() || flat(rust_name) == flat(sql_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_other_crates_are_known_by_diesel_cli_s_naming() {
        assert!(same_by_convention("Tsvector", "tsvector"));
        assert!(same_by_convention("TsVector", "tsvector"));
        assert!(same_by_convention("PgLsn", "pg_lsn"));
        assert!(!same_by_convention("Tsquery", "tsvector"));
    }

    #[test]
    fn only_the_usual_check_keeps_null_out_of_an_array() {
        assert!(keeps_null_out(
            "(array_position(tags, NULL::text) IS NULL)",
            "tags"
        ));
        assert!(!keeps_null_out(
            "(array_position(others, NULL::text) IS NULL)",
            "tags"
        ));
        assert!(!keeps_null_out("(array_length(tags, 1) > 0)", "tags"));
    }
}
