use super::words::{checks_of, list, member_subject, mentions, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::TriggerEvent;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "self-reference-unchecked",
    severity: Severity::Note,
    summary: "a table that refers to itself, and no check that keeps a row from being its own parent",
    fixture: Some(rule_fixture!("self-reference-unchecked")),
    found: Found::ByRule(&Rule {
        because: "A row that is its own parent makes every walk up the tree endless: a recursive query runs until the disk is full.",
        instead: "`CHECK (parent_id <> id)`",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| {
        format!(
            "foreign key `{}` lets a row be its own parent ({})",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().foreign_keys().into_iter())
        .filter(|key| key.target == key.table.name && !key.inherited && !key.deferrable)
        .filter_map(|key| {
            let [column] = key.item().columns.as_slice() else {
                return None;
            };
            let [id] = key.item().target_columns.as_slice() else {
                return None;
            };
            // Who did something to a row is no parent: a user may change, or confirm, itself.
            if column.ends_with("_by") {
                return None;
            }
            let table = key.table;
            let is_primary = table
                .primary_key
                .as_ref()
                .is_some_and(|key| key.columns == [id.clone()]);
            // A root that may not be null has to be its own.
            let is_nullable = (table.column(column))
                .is_some_and(|column| linted.takes_null(column, table.relation()));
            let is_checked =
                checks_of(table.relation(), column).any(|check| mentions(&check.expression, id));
            // A trigger that deals with it may look up the whole tree.
            let is_watched = table.triggers.iter().any(|trigger| {
                let events = [TriggerEvent::Insert, TriggerEvent::Update];
                trigger.enabled.fires()
                    && events.iter().any(|event| trigger.events.contains(event))
                    && linted.names(trigger, column)
            });
            let names = [column, id].map(|name| list([name]));
            (is_primary && is_nullable && !is_checked && !is_watched).then(|| {
                Finding::new(&KIND, member_subject(&key))
                    .live(column)
                    .help(format!(
                        "write `ALTER TABLE {} ADD CHECK ({} <> {});`",
                        table.name.to_sql(),
                        names[0],
                        names[1]
                    ))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, found_in, table};
    use super::*;
    use crate::catalog::{Catalog, ForeignKey, Key, QualifiedName, Routine, Trigger};

    fn pages(event: TriggerEvent, body: &str) -> usize {
        referring_by("parent_id", event, body)
    }

    fn referring_by(name: &str, event: TriggerEvent, body: &str) -> usize {
        let mut pages = table("pages", [column("id", "int8"), column(name, "int8")]);
        pages.primary_key = Some(Key {
            columns: vec!["id".to_owned()],
            ..Key::default()
        });
        pages.foreign_keys.push(ForeignKey {
            columns: vec![name.to_owned()],
            target: pages.name.clone(),
            target_columns: vec!["id".to_owned()],
            ..ForeignKey::default()
        });
        let function = QualifiedName::new("public", "watch");
        pages.triggers.push(Trigger {
            events: vec![event],
            function: function.clone(),
            ..Trigger::default()
        });
        let watch = Routine {
            name: function,
            body: Some(body.to_owned()),
            ..Routine::default()
        };
        let catalog = Catalog {
            relations: vec![pages],
            functions: vec![watch],
            ..Catalog::default()
        };
        found_in(&KIND, &catalog).len()
    }

    #[test]
    fn a_trigger_counts_where_it_names_the_column() {
        let raises =
            "BEGIN IF NEW.parent_id = NEW.id THEN RAISE EXCEPTION 'loop'; END IF; RETURN NEW; END";
        assert_eq!(pages(TriggerEvent::Insert, raises), 0);
        assert_eq!(pages(TriggerEvent::Delete, raises), 1);
        let touch = "BEGIN NEW.updated_at := now(); RETURN NEW; END";
        assert_eq!(pages(TriggerEvent::Update, touch), 1);
    }

    #[test]
    fn who_did_something_to_a_row_is_no_parent() {
        let touch = "BEGIN RETURN NEW; END";
        assert_eq!(referring_by("updated_by", TriggerEvent::Update, touch), 0);
        assert_eq!(referring_by("parent_id", TriggerEvent::Update, touch), 1);
    }
}
