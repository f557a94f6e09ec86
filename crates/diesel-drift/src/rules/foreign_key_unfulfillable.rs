use super::words::{list, member_subject, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{Column, Enabled, ForeignKey, ReferentialAction, TriggerEvent, TriggerTiming};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "foreign-key-unfulfillable",
    severity: Severity::Error,
    summary: "a foreign key that sets columns to null that may not be null",
    fixture: Some(rule_fixture!("foreign-key-unfulfillable")),
    found: Found::ByRule(&Rule {
        because: "A DELETE (or an UPDATE of the key) of a row that is referred to always fails, with a message about the other table: the \
                  reference cannot become what the key says.",
        instead: "`ON DELETE CASCADE` or `RESTRICT`, or let the column be null",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| {
        format!(
            "foreign key `{}` sets {}, which may not be null",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().foreign_keys().into_iter())
        .filter(|key| !key.inherited && !key.not_enforced)
        .filter_map(|key| {
            let impossible = impossible(&key, linted);
            let said = match impossible.as_slice() {
                [] => return None,
                columns => list(columns.iter().map(|column| &column.name)),
            };
            let table = key.table.name.to_sql();
            let of_key = key.table.primary_key.as_ref();
            let nullable: Vec<String> = (impossible.iter())
                .filter(|column| column.not_null || column.not_null_not_valid)
                .filter(|column| !of_key.is_some_and(|of_key| of_key.columns.contains(&column.name)))
                .map(|column| format!("ALTER COLUMN {} DROP NOT NULL", list([&column.name])))
                .collect();
            let finding = Finding::new(&KIND, member_subject(&key)).live(said);
            // A part of the primary key can never be null; what a check or a domain says has to go there.
            Some(match nullable.len() == impossible.len() {
                true => finding.help(format!(
                    "write `ALTER TABLE {table} {};`, or make the key again with ON DELETE CASCADE or RESTRICT",
                    nullable.join(", ")
                )),
                false => finding,
            })
        })
        .collect()
}

/// The columns that the key would set to null, and that refuse it.
fn impossible<'a>(key: &Member<'a, ForeignKey>, linted: &Linted<'_>) -> Vec<&'a Column> {
    let table = key.table.relation();
    // It may put something else there.
    let is_filled = (table.triggers.iter()).any(|trigger| {
        trigger.timing == TriggerTiming::Before
            && trigger.for_each_row
            && trigger.events.contains(&TriggerEvent::Update)
            && !matches!(trigger.enabled, Enabled::Disabled | Enabled::Replica)
    });
    let becomes_null = |action: ReferentialAction, column: &Column| match action {
        ReferentialAction::SetNull => true,
        ReferentialAction::SetDefault => column.default.is_none() && column.identity.is_none(),
        ReferentialAction::NoAction | ReferentialAction::Restrict | ReferentialAction::Cascade => {
            false
        }
    };
    let is_named =
        |name: &String| key.on_delete_columns.is_empty() || key.on_delete_columns.contains(name);
    (key.item().columns.iter())
        .filter_map(|name| table.columns.iter().find(|column| column.name == *name))
        .filter(|column| {
            !linted.takes_null(column, table) && column.generated.is_none() && !is_filled
        })
        .filter(|column| {
            becomes_null(key.on_update, column)
                || is_named(&column.name) && becomes_null(key.on_delete, column)
        })
        .collect()
}
