use super::words::{checks_of, is_of, list, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{Column, QualifiedName, Sequence};
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
            is_key && checks.next().is_none() && column.foreign_keys().next().is_none()
        })
        .filter_map(|column| match linted.serial_of(&column) {
            Some(sequence) if is_of(&column, "int8") => outgrown(&column, sequence),
            sequence => narrow(&column, sequence, &referring),
        })
        .collect()
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
) -> Option<Finding> {
    let is_counted = column.identity.is_some() || sequence.is_some();
    let is_narrow = is_of(column, "int4") || is_of(column, "int2");
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
        let id = Column {
            default: Some("nextval('public.users_id_seq'::regclass)".into()),
            ..column("id", data_type)
        };
        let mut users = table("users", [id]);
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
