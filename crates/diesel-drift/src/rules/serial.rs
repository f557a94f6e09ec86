use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use std::collections::BTreeSet;

pub static KIND: Kind = Kind {
    id: "serial",
    severity: Severity::Note,
    summary: "a column of type `serial` in a schema that has identity columns as well",
    fixture: Some(rule_fixture!("serial")),
    found: Found::ByRule(&Rule {
        because: "A serial column takes any value that an INSERT gives it, and its sequence has privileges and an owner of its own, which a GRANT on the table does not \
                  reach. Where a project has begun to use identity columns, these are what is left.",
        instead: "`bigint GENERATED ALWAYS AS IDENTITY`",
        default: Default::On,
        others: &[
            ("squawk", "`prefer-identity`, in every schema"),
            ("diesel-guard", "`create-table-serial`"),
        ],
        check,
    }),
    message: |finding| {
        format!(
            "column `{}` is serial, where other columns of the schema are identity columns",
            finding.subject
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let columns = linted.columns();
    // A project that has none has chosen.
    let chosen: BTreeSet<&str> = (columns.iter())
        .filter(|column| column.identity.is_some())
        .map(|column| column.table.relation().name.schema.as_str())
        .collect();
    (columns.iter())
        .filter(|column| linted.is_serial(column))
        .filter(|column| chosen.contains(column.table.name.schema.as_str()))
        .map(|column| Finding::new(&KIND, column.subject()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, found_in, sequence, table};
    use super::*;
    use crate::catalog::{Catalog, Column, Identity};

    fn with(owner: &str, identity: Option<Identity>) -> Vec<Finding> {
        let numbered = Column {
            default: Some("nextval('public.number'::regclass)".into()),
            ..column("id", "int8")
        };
        let other = Column {
            identity,
            ..column("id", "int8")
        };
        let catalog = Catalog {
            relations: vec![table("a", [numbered]), table("b", [other])],
            sequences: vec![sequence(owner, "id")],
            ..Catalog::default()
        };
        found_in(&KIND, &catalog)
    }

    #[test]
    fn a_schema_without_identity_columns_has_chosen() {
        assert_eq!(with("a", None), []);
        assert_eq!(with("a", Some(Identity::Always)).len(), 1);
    }

    #[test]
    fn a_sequence_that_is_another_column_s_is_no_serial() {
        assert_eq!(with("b", Some(Identity::Always)), []);
    }
}
