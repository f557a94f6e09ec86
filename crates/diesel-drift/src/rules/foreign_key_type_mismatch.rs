use super::words::{list, member_subject, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{DataType, ForeignKey};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "foreign-key-type-mismatch",
    severity: Severity::Warning,
    summary: "a foreign key whose column cannot hold what it refers to; a note where a text is only shorter",
    fixture: Some(rule_fixture!("foreign-key-type-mismatch")),
    found: Found::ByRule(&Rule {
        because: "It works until a key comes that does not fit: an `int` that refers to a `bigint` takes no row beyond 2,147,483,647, a varchar(36) no \
                  longer text, and the INSERT fails. A comparison of two kinds of type casts each row, and finds no index.",
        instead: "the type of the column that it refers to",
        default: Default::On,
        others: &[
            ("squawk", "`prefer-bigint-over-int`, for every column"),
            ("database_consistency", "`ForeignKeyTypeChecker`"),
            ("active_record_doctor", "`mismatched_foreign_key_type`"),
        ],
        check,
    }),
    message: |finding| format!("foreign key `{}`: {}", finding.subject, said(finding)),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let keys = linted.tables().foreign_keys();
    (keys.iter())
        .filter(|key| !key.inherited)
        .filter_map(|key| {
            let (name, own, target) = mismatched(key, linted)?;
            let finding = Finding::new(&KIND, member_subject(key))
                .live(format!(
                    "`{name}` is {}, and what it refers to is {}",
                    own.sql, target.sql
                ))
                .help(format!(
                    "write `ALTER TABLE {} ALTER COLUMN {} TYPE {};`",
                    key.table.name.to_sql(),
                    list([name]),
                    target.sql
                ));
            Some(match is_text(own) {
                true => finding.severity(Severity::Note),
                false => finding,
            })
        })
        .collect()
}

/// The first column that is narrower than what it refers to, or of another family.
fn mismatched<'a>(
    key: &Member<'a, ForeignKey>,
    linted: &Linted<'a>,
) -> Option<(&'a str, &'a DataType, &'a DataType)> {
    let target = linted.relation(&key.target)?;
    let pairs = key.item().columns.iter().zip(&key.item().target_columns);
    let mut pairs = pairs.filter_map(|(own, other)| {
        let own = key.table.relation().column(own)?;
        let other = target.column(other)?;
        Some((
            own.name.as_str(),
            linted.base(&own.data_type),
            linted.base(&other.data_type),
        ))
    });
    pairs.find(|(_, own, other)| !holds(own, other))
}

fn is_text(data_type: &DataType) -> bool {
    ["text", "varchar", "bpchar"].contains(&data_type.name.as_str())
}

/// Whether every value of the `other` type fits into the `own`.
fn holds(own: &DataType, other: &DataType) -> bool {
    if (&own.schema, &own.name, own.array) == (&other.schema, &other.name, other.array) {
        return match (own.length, other.length) {
            (Some(own), Some(other)) => own >= other,
            (Some(_), None) => own.name == "bpchar",
            (None, _) => true,
        };
    }
    let integers = ["int2", "int4", "int8"];
    let width = |data_type: &DataType| integers.iter().position(|name| *name == data_type.name);
    // What an extension's type holds, as `citext`, is its own affair.
    let is_known = own.schema == "pg_catalog" && other.schema == "pg_catalog";
    match (width(own), width(other)) {
        (Some(own), Some(other)) => own >= other,
        // PostgreSQL compares them as text; where only one has a length, that is what it is for.
        _ if is_text(own) && is_text(other) => match (own.length, other.length) {
            (Some(own), Some(other)) => own >= other,
            _ => true,
        },
        _ => !is_known,
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::column;
    use super::*;

    fn of(name: &str, length: Option<u32>) -> DataType {
        DataType {
            length,
            ..column("", name).data_type
        }
    }

    #[test]
    fn a_wider_or_unlimited_column_holds_what_it_refers_to() {
        assert!(holds(&of("int8", None), &of("int4", None)));
        assert!(holds(&of("varchar", None), &of("varchar", Some(40))));
        assert!(holds(&of("text", None), &of("varchar", Some(40))));
        let citext = DataType {
            schema: "public".into(),
            ..of("citext", None)
        };
        assert!(holds(&of("text", None), &citext));
        assert!(holds(&of("varchar", Some(36)), &of("text", None)));
    }

    #[test]
    fn a_narrower_one_and_one_of_another_family_do_not() {
        assert!(!holds(&of("int4", None), &of("int8", None)));
        assert!(!holds(&of("varchar", Some(36)), &of("varchar", Some(40))));
        assert!(!holds(&of("varchar", Some(2)), &of("bpchar", Some(3))));
        assert!(!holds(&of("numeric", None), &of("int8", None)));
        assert!(!holds(&of("timestamp", None), &of("timestamptz", None)));
    }
}
