use super::words::{checks_of, list, mentions, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{Check, Column, QualifiedName, Relation, Sequence};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use std::collections::HashMap;

pub static KIND: Kind = Kind {
    id: "primary-key-int4",
    severity: Severity::Note,
    summary: "a primary key of 4 bytes or less that is counted up; a warning where only its sequence is",
    fixture: Some(rule_fixture!("primary-key-int4")),
    found: Found::ByRule(&Rule {
        because: "After 2,147,483,647 numbers, failed inserts and ON CONFLICT included, every INSERT fails, and to widen the column rewrites the table and each \
                  that refers to it, under a lock.",
        instead: "`bigint`",
        default: Default::On,
        others: &[
            ("squawk", "`prefer-bigint-over-int`, for every column"),
            (
                "diesel-guard",
                "`short-primary-key`, for each column of a key",
            ),
            (
                "database_consistency",
                "`PrimaryKeyTypeChecker`, for every type but bigint and uuid",
            ),
            ("active_record_doctor", "`short_primary_key_type`"),
        ],
        check,
    }),
    message: |finding| {
        format!(
            "primary key `{}` can run out of numbers: {}",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let referring = referring(linted);
    (linted.columns().into_iter())
        .filter(|column| {
            let key = column.table.primary_key.as_ref();
            let is_key = key.is_some_and(|key| key.columns == [column.name.clone()]);
            let mut checks = checks_of(column.table.relation(), &column.name);
            let is_bounded =
                checks.any(|check| bounds(check, &column.name, column.table.relation()));
            is_key && !is_bounded && column.foreign_keys().next().is_none()
        })
        .filter_map(|column| match linted.serial_of(&column) {
            Some(sequence) if linted.is_of(column.item(), "int8") => outgrown(&column, sequence),
            sequence => narrow(&column, sequence, &referring, linted),
        })
        .collect()
}

/// Whether a check keeps a column's numbers below a constant: it names no other column, and asks for more than that they are great enough.
fn bounds(check: &Check, name: &str, table: &Relation) -> bool {
    let mut others = (table.columns.iter()).filter(|column| column.name != name);
    let names_other = others.any(|column| mentions(&check.expression, &column.name));
    let upper = check.expression.replace("<>", "").replace(">=", "");
    !names_other && upper.contains(['<', '='])
}

/// Columns that refer to a table's column by a key of their own: by table and column.
type Referring<'a> = HashMap<(&'a QualifiedName, &'a str), Vec<(&'a QualifiedName, &'a str)>>;

fn referring<'a>(linted: &Linted<'a>) -> Referring<'a> {
    let mut referring: Referring<'_> = HashMap::new();
    for key in linted.tables().foreign_keys().iter() {
        if let ([column], [target]) = (
            key.item().columns.as_slice(),
            key.item().target_columns.as_slice(),
        ) {
            let column = (&key.table.relation().name, column.as_str());
            referring
                .entry((&key.item().target, target))
                .or_default()
                .push(column);
        }
    }
    referring
}

/// A key of few bytes that is counted up.
fn narrow<'a>(
    column: &Member<'a, Column>,
    sequence: Option<&Sequence>,
    referring: &Referring<'a>,
    linted: &Linted<'a>,
) -> Option<Finding> {
    let is_counted = column.identity.is_some() || sequence.is_some();
    let is_narrow = ["int4", "int2"]
        .iter()
        .any(|name| linted.is_of(column.item(), name));
    if !is_counted || !is_narrow || column.data_type.array {
        return None;
    }
    let name = (&column.table.relation().name, column.item().name.as_str());
    let widened = (referring.get(&name).into_iter().flatten()).copied();
    // An identity's sequence goes with its column.
    let sequence =
        sequence.map(|sequence| format!("ALTER SEQUENCE {} AS bigint;", sequence.name.to_sql()));
    let statements: Vec<String> = std::iter::once(name)
        .chain(widened)
        .map(|(table, column)| {
            format!(
                "ALTER TABLE {} ALTER COLUMN {} TYPE bigint;",
                table.to_sql(),
                list([column])
            )
        })
        .chain(sequence)
        .map(|statement| format!("`{statement}`"))
        .collect();
    Some(
        Finding::new(&KIND, column.subject())
            .live(format!("it is {}", column.data_type.sql))
            .help(format!("write {}", statements.join(" and "))),
    )
}

/// A key that was widened, and whose sequence was not: `serial` makes one of the column's old type, and `ALTER COLUMN … TYPE` leaves it.
fn outgrown(column: &Member<'_, Column>, sequence: &Sequence) -> Option<Finding> {
    let data_type = sequence.data_type.as_deref()?;
    ["integer", "smallint"].contains(&data_type).then(|| {
        Finding::new(&KIND, column.subject())
            .severity(Severity::Warning)
            .live(format!(
                "it is {}, and its sequence `{}` is {data_type}",
                column.data_type.sql, sequence.name
            ))
            .help(format!(
                "write `ALTER SEQUENCE {} AS bigint;`",
                sequence.name.to_sql()
            ))
    })
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, found_in, sequence, table};
    use super::*;
    use crate::catalog::{Catalog, Key};

    fn of(data_type: &str, sequence_type: Option<&str>) -> Vec<Finding> {
        checked(data_type, sequence_type, None)
    }

    fn checked(
        data_type: &str,
        sequence_type: Option<&str>,
        expression: Option<&str>,
    ) -> Vec<Finding> {
        let id = Column {
            default: Some("nextval('public.users_id_seq'::regclass)".into()),
            ..column("id", data_type)
        };
        let mut users = table("users", [id, column("parent_id", "int4")]);
        users.checks.extend(expression.map(|expression| Check {
            expression: expression.to_owned(),
            ..Check::default()
        }));
        users.primary_key = Some(Key {
            columns: vec!["id".into()],
            ..Key::default()
        });
        let sequence = Sequence {
            data_type: sequence_type.map(str::to_owned),
            ..sequence("users", "id")
        };
        let catalog = Catalog {
            relations: vec![users],
            sequences: vec![sequence],
            ..Catalog::default()
        };
        found_in(&KIND, &catalog)
    }

    #[test]
    fn a_check_counts_where_it_is_a_bound() {
        for bound in ["(id = 1)", "((id >= 1) AND (id <= 9))", "(id < 100)"] {
            assert_eq!(checked("int4", None, Some(bound)), [], "{bound}");
        }
        for none in ["(parent_id <> id)", "(id > 0)", "(id >= 1)", "(id <> 0)"] {
            assert_eq!(checked("int4", None, Some(none)).len(), 1, "{none}");
        }
        let findings = checked("int8", Some("integer"), Some("(parent_id <> id)"));
        assert_eq!(findings[0].severity, Severity::Warning);
    }

    #[test]
    fn a_sequence_goes_with_its_column() {
        let findings = of("int4", Some("integer"));
        assert_eq!(
            findings[0].help,
            [
                "write `ALTER TABLE public.users ALTER COLUMN id TYPE bigint;` and `ALTER SEQUENCE public.users_id_seq AS bigint;`"
            ]
        );
    }

    #[test]
    fn a_sequence_that_was_left_behind_is_a_warning() {
        assert_eq!(of("int8", None), []);
        let findings = of("int8", Some("integer"));
        assert_eq!(findings[0].severity, Severity::Warning);
        assert_eq!(
            findings[0].help,
            ["write `ALTER SEQUENCE public.users_id_seq AS bigint;`"]
        );
    }
}
