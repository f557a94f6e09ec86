use super::words::said;
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Table;
use crate::catalog::{QualifiedName, Rule as Rewrite, Trigger, TriggerEvent};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;
use claim::claimed;
use stops::stops;

mod claim;
mod stops;

pub static KIND: Kind = Kind {
    id: "immutable-unenforced",
    severity: Severity::Warning,
    summary: "a table whose comment says that its rows never change, or are never deleted, and no trigger that keeps them; a note where only TRUNCATE is open",
    fixture: Some(rule_fixture!("immutable-unenforced")),
    found: Found::ByRule(&Rule {
        because: "A convention holds until the first script that did not read it. What was promised to be the past is then what somebody made of it.",
        instead: "a trigger `BEFORE UPDATE OR DELETE`, and one `BEFORE TRUNCATE`, that raises an exception: REVOKE does not bind the table's owner, as whom most applications connect",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| format!("table `{}` says that {}", finding.subject, said(finding)),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().into_iter())
        .filter_map(|table| {
            let claim = claimed(table.comment.as_deref()?)?;
            let of = |refused: Refused| -> Vec<&str> {
                let events = EVENTS
                    .into_iter()
                    .filter(|(_, event)| claim.excludes(*event))
                    .filter(|(_, event)| refusal(&table, *event, linted) == refused);
                events.map(|(word, _)| word).collect()
            };
            let finding = Finding::new(&KIND, Subject::Relation(table.name.clone()));
            let (open, partly) = (of(Refused::Never), of(Refused::Partly));
            // Whoever empties the table knows it; whoever changes a row may not.
            let changes = open.iter().any(|word| *word != "TRUNCATE");
            let finding = match changes {
                true => finding,
                false => finding.severity(Severity::Note),
            };
            let said = match (open.as_slice(), partly.as_slice()) {
                ([], []) => return None,
                ([], partly) => format!(
                    "{} is prevented only for some rows or columns",
                    partly.join(" or ")
                ),
                (open, _) => format!("{} is not prevented", open.join(" or ")),
            };
            let finding = finding.live(format!("{}, and {said}", claim.said()));
            Some(match open.as_slice() {
                [] => finding,
                open => finding.help(remedy(&table, open)),
            })
        })
        .collect()
}

/// What changes or takes away rows.
const EVENTS: [(&str, TriggerEvent); 3] = [
    ("UPDATE", TriggerEvent::Update),
    ("DELETE", TriggerEvent::Delete),
    ("TRUNCATE", TriggerEvent::Truncate),
];

/// Triggers that refuse these events. That of the rows is for partitions as well.
fn remedy(table: &Table<'_>, open: &[&str]) -> String {
    let name = table.name.to_sql();
    let function =
        QualifiedName::new(&table.name.schema, format!("{}_refuse", table.name.name)).to_sql();
    let (whole, rows): (Vec<&str>, Vec<&str>) = open.iter().partition(|word| **word == "TRUNCATE");
    let triggers = [
        (rows, "no_change", "ROW"),
        (whole, "no_truncate", "STATEMENT"),
    ];
    let triggers: String = (triggers.iter())
        .filter(|(events, ..)| !events.is_empty())
        .map(|(events, trigger, each)| {
            format!(
                " and `CREATE TRIGGER {trigger} BEFORE {} ON {name} FOR EACH {each} EXECUTE FUNCTION {function}();`",
                events.join(" OR ")
            )
        })
        .collect();
    format!(
        "write `CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% of %', TG_OP, TG_TABLE_NAME; END $$;`{triggers}: \
         REVOKE does not bind the table's owner, as whom most applications connect"
    )
}

/// How far the database itself refuses something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Refused {
    Never,
    /// For some rows, or where some columns change.
    Partly,
    Always,
}

/// Whether the database refuses an event: by a trigger that can stop it, or by a rule that does nothing instead.
fn refusal(table: &Table<'_>, event: TriggerEvent, linted: &Linted<'_>) -> Refused {
    let limited = |refused: Refused, of_some: bool| match (refused, of_some) {
        (Refused::Always, true) => Refused::Partly,
        (refused, _) => refused,
    };
    let by_trigger = |trigger: &Trigger| {
        let of_some = trigger.when.is_some()
            || event == TriggerEvent::Update && !trigger.update_of.is_empty();
        match trigger.events.contains(&event) && trigger.enabled.fires() {
            true => limited(stops(trigger, event, linted), of_some),
            false => Refused::Never,
        }
    };
    let by_rule = |rule: &Rewrite| match rule.discards(event) {
        true => limited(Refused::Always, rule.is_qualified()),
        false => Refused::Never,
    };
    let by_triggers = table.triggers.iter().map(by_trigger);
    let by_rules = table.rules.iter().map(by_rule);
    by_triggers.chain(by_rules).max().unwrap_or(Refused::Never)
}

#[cfg(test)]
mod tests {
    use super::super::trial::{found_in, table};
    use super::*;
    use crate::catalog::{Catalog, Enabled, Routine};

    pub(super) fn before() -> Trigger {
        Trigger {
            function: QualifiedName::new("public", "refuse"),
            events: vec![
                TriggerEvent::Update,
                TriggerEvent::Delete,
                TriggerEvent::Truncate,
            ],
            for_each_row: true,
            ..Trigger::default()
        }
    }

    /// What is found in a table that says so.
    fn ledger(
        triggers: impl IntoIterator<Item = Trigger>,
        rules: &[(&str, Enabled)],
    ) -> Vec<(Severity, String)> {
        let mut ledger = table("ledger", []);
        ledger.comment = Some("Append-only.".to_owned());
        ledger.triggers = triggers.into_iter().collect();
        ledger.rules = (rules.iter())
            .map(|(definition, enabled)| Rewrite {
                definition: (*definition).to_owned(),
                enabled: *enabled,
                ..Rewrite::default()
            })
            .collect();
        let refuse = Routine {
            name: QualifiedName::new("public", "refuse"),
            body: Some("begin raise exception 'no'; end".to_owned()),
            ..Routine::default()
        };
        let catalog = Catalog {
            relations: vec![ledger],
            functions: vec![refuse],
            ..Catalog::default()
        };
        let findings = found_in(&KIND, &catalog);
        (findings.iter())
            .map(|finding| (finding.severity, said(finding).to_owned()))
            .collect()
    }

    #[test]
    fn every_way_out_is_looked_at() {
        assert_eq!(ledger([before()], &[]), []);
        let open = (
            Severity::Warning,
            "it is immutable, and UPDATE or DELETE or TRUNCATE is not prevented".to_owned(),
        );
        assert_eq!(ledger([], &[]), [open]);
        let rows = Trigger {
            events: vec![TriggerEvent::Update, TriggerEvent::Delete],
            ..before()
        };
        let open = (
            Severity::Note,
            "it is immutable, and TRUNCATE is not prevented".to_owned(),
        );
        assert_eq!(ledger([rows], &[]), [open]);
        let of_a_column = Trigger {
            update_of: vec!["amount".to_owned()],
            ..before()
        };
        let partly = (
            Severity::Note,
            "it is immutable, and UPDATE is prevented only for some rows or columns".to_owned(),
        );
        assert_eq!(ledger([of_a_column], &[]), [partly]);
    }

    #[test]
    fn a_rule_counts_where_it_is_enabled() {
        let truncate = || Trigger {
            events: vec![TriggerEvent::Truncate],
            for_each_row: false,
            ..before()
        };
        let rules = [
            "CREATE RULE a AS\n    ON UPDATE TO public.ledger DO INSTEAD NOTHING;",
            "CREATE RULE b AS\n    ON DELETE TO public.ledger DO INSTEAD NOTHING;",
        ];
        let with = |enabled| rules.map(|rule| (rule, enabled));
        assert_eq!(ledger([truncate()], &with(Enabled::Origin)), []);
        let open = (
            Severity::Warning,
            "it is immutable, and UPDATE or DELETE is not prevented".to_owned(),
        );
        assert_eq!(ledger([truncate()], &with(Enabled::Disabled)), [open]);
    }

    #[test]
    fn what_is_never_deleted_may_be_updated() {
        let mut customers = table("customers", []);
        customers.comment = Some("Customers. Rows are never deleted, only marked.".to_owned());
        let findings = found_in(
            &KIND,
            &Catalog {
                relations: vec![customers],
                ..Catalog::default()
            },
        );
        assert_eq!(
            said(&findings[0]),
            "its rows are never deleted, and DELETE or TRUNCATE is not prevented"
        );
    }
}
