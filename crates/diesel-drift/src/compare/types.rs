//! Whether a declared type and a live one are the same.

use super::{Comparison, TablePair};
use crate::catalog::{Column, DataType, Domain, IndexTerm, QualifiedName, Relation};
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
        match self.domain(live) {
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
                let same_name = *name == live.name
                    || TEXT.contains(&name.as_str()) && TEXT.contains(&live.name.as_str())
                    // Diesel CLI prints `"char"` as `Char`, which is Diesel's name for text.
                    || name == "text" && live.name == "char"
                    || outside && is_read_alike(name, &live.name);
                let same_schema = self.schema_matches(schema.as_deref(), &live.schema);
                if same_name && (same_schema || live.schema == "pg_catalog") {
                    Verdict::Equal
                } else {
                    Verdict::Different
                }
            }
            Type::Unknown { .. } if live.array => Verdict::Unknown,
            Type::Unknown { name } => self.compare_by_convention(name, live),
        }
    }

    /// Diesel CLI names a type's struct after the type, in upper camel case; crates that bring types keep to it.
    fn compare_by_convention(&self, rust_name: &str, live: &DataType) -> Verdict {
        if same_by_convention(rust_name, &live.name) {
            return Verdict::Equal;
        }
        // The name is that of another type, and both exist: then the column has been changed.
        let names_another = self
            .all_types()
            .any(|name| same_by_convention(rust_name, &name.name));
        if names_another {
            Verdict::Different
        } else {
            Verdict::Unknown
        }
    }

    fn all_types(&self) -> impl Iterator<Item = &'a QualifiedName> {
        let catalog = &self.live.catalog;
        let outside = &catalog.outside;
        (catalog
            .enums
            .iter()
            .chain(&outside.enums)
            .map(|live| &live.name))
        .chain(
            catalog
                .domains
                .iter()
                .chain(&outside.domains)
                .map(|live| &live.name),
        )
        .chain(catalog.composites.iter().map(|live| &live.name))
        .chain(catalog.ranges.iter().map(|live| &live.name))
        .chain(
            catalog
                .ranges
                .iter()
                .filter_map(|live| live.multirange.as_ref()),
        )
        .chain(catalog.relations.iter().map(|live| &live.name))
        .chain(&outside.types)
    }

    /// Whether a type of that name exists.
    pub fn type_exists(&self, schema: Option<&str>, name: &str) -> bool {
        self.all_types()
            .any(|live| live.name == name && self.schema_matches(schema, &live.schema))
    }

    /// Whether an object in `live` can be what a name in `declared` means. PostgreSQL finds a name without a schema along the
    /// search path, which a project may set on connecting; an extension's objects are wherever it was put.
    pub(super) fn schema_matches(&self, declared: Option<&str>, live: &str) -> bool {
        match declared {
            Some(schema) => schema == live,
            None => {
                live == "pg_catalog"
                    || self
                        .live
                        .search_path
                        .iter()
                        .map(String::as_str)
                        .chain(self.scope.schemas())
                        .any(|schema| schema == live)
                    || self
                        .live
                        .catalog
                        .extensions
                        .iter()
                        .any(|extension| extension.schema == live)
            }
        }
    }

    /// The domain that a type, or an array's element type, is.
    fn domain(&self, data_type: &DataType) -> Option<&'a Domain> {
        let catalog = &self.live.catalog;
        (catalog.domains.iter().chain(&catalog.outside.domains)).find(|domain| {
            domain.name.name == data_type.name && domain.name.schema == data_type.schema
        })
    }

    /// The domains that a column's type goes through, outermost first.
    pub fn domains_of(&self, data_type: &DataType) -> Vec<&'a Domain> {
        let mut domains = Vec::new();
        let mut next = Some(data_type);
        while let Some(data_type) = next.take().filter(|data_type| !data_type.array) {
            if let Some(domain) = self.domain(data_type) {
                domains.push(domain);
                next = Some(&domain.base);
            }
        }
        domains
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
        let needle = IndexTerm::Column(column.name.clone());
        self.domains_of(&element)
            .iter()
            .any(|domain| domain.not_null)
            || relation
                .checks
                .iter()
                .any(|check| keeps_null_out(&check.expression, &needle))
    }
}

/// Whether a check is the usual one: `array_position(column, NULL::text) IS NULL`.
fn keeps_null_out(expression: &str, column: &IndexTerm) -> bool {
    let IndexTerm::Column(column) = column else {
        return false;
    };
    let quoted = crate::catalog::quote_identifier(column);
    [column.as_str(), quoted.as_str()]
        .iter()
        .any(|name| expression.contains(&format!("array_position({name}, NULL::")))
        && expression.contains("IS NULL")
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
        let tags = IndexTerm::Column("tags".into());
        assert!(keeps_null_out(
            "(array_position(tags, NULL::text) IS NULL)",
            &tags
        ));
        assert!(!keeps_null_out(
            "(array_position(others, NULL::text) IS NULL)",
            &tags
        ));
        assert!(!keeps_null_out("(array_length(tags, 1) > 0)", &tags));
    }
}
