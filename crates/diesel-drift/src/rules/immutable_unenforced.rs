use super::words::said;
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Table;
use crate::catalog::{
    Enabled, QualifiedName, Rule as Rewrite, Trigger, TriggerEvent, TriggerTiming,
};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;
use regex::Regex;
use std::sync::LazyLock;

pub static KIND: Kind = Kind {
    id: "immutable-unenforced",
    severity: Severity::Warning,
    summary: "a table whose comment says that its rows never change, and no trigger that keeps them; a note where only TRUNCATE is open",
    fixture: Some(rule_fixture!("immutable-unenforced")),
    found: Found::ByRule(&Rule {
        because: "A convention holds until the first script that did not read it. What was promised to be the past is then what somebody made of it.",
        instead: "a trigger `BEFORE UPDATE OR DELETE`, and one `BEFORE TRUNCATE`, that raises an exception: REVOKE does not bind the table's owner, as whom most applications connect",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| {
        format!(
            "table `{}` says that it is immutable, and {}",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().into_iter())
        .filter(|table| table.comment.as_deref().is_some_and(claims))
        .filter_map(|table| {
            let of = |refused: Refused| -> Vec<&str> {
                let events = EVENTS
                    .into_iter()
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
            Some(match open.as_slice() {
                [] => finding.live(said),
                open => finding.live(said).help(remedy(&table, open)),
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

/// Whether a comment says of the table, in a sentence's beginning, that its rows stay as they are.
fn claims(comment: &str) -> bool {
    static CLAIM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let claim = r"(?i)(^|[.;:]\s*)((this|the) (table|log) (is|must be) )?(an? )?(immutable|append[- ]only|insert[- ]only|write[- ]once)\b|\brows (are|must) never (be )?(updated|deleted|changed)\b";
        Regex::new(claim).ok()
    });
    CLAIM
        .as_ref()
        .is_some_and(|claim| claim.is_match(comment.trim()))
}

/// Whether a trigger's function can keep a row as it is: it raises more than a message, or, before a row is changed, leaves it out.
fn stops(body: &str, trigger: &Trigger) -> bool {
    let body = body.to_lowercase();
    let words: Vec<&str> = body.split_whitespace().collect();
    // What another trigger returns is not looked at.
    let leaves_out = trigger.timing == TriggerTiming::Before && trigger.for_each_row;
    words.windows(2).any(|pair| match pair {
        ["raise", what] => !["notice", "warning", "info", "log", "debug"].contains(what),
        ["return", what] => leaves_out && what.starts_with("null"),
        _ => false,
    }) || body.contains("raise;")
}

/// How far the database itself refuses something.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Refused {
    Never,
    /// For some rows, or where some columns change.
    Partly,
    Always,
}

/// Whether the database refuses an event: by a trigger that can stop it, or by a rule that does nothing instead.
fn refusal(table: &Table<'_>, event: TriggerEvent, linted: &Linted<'_>) -> Refused {
    let fires = |enabled: Enabled| !matches!(enabled, Enabled::Disabled | Enabled::Replica);
    let by_trigger = |trigger: &Trigger| {
        let refuses = trigger.events.contains(&event)
            && fires(trigger.enabled)
            // One that is an extension's, or in C, may.
            && linted.body_of(trigger).is_none_or(|body| stops(body, trigger));
        let of_some = trigger.when.is_some()
            || event == TriggerEvent::Update && !trigger.update_of.is_empty();
        match (refuses, of_some) {
            (false, _) => Refused::Never,
            (true, true) => Refused::Partly,
            (true, false) => Refused::Always,
        }
    };
    let word = EVENTS
        .iter()
        .find(|(_, of)| *of == event)
        .map_or("", |(word, _)| word);
    let by_rule = |rule: &Rewrite| {
        let definition = rule.definition.to_uppercase();
        let refuses = fires(rule.enabled)
            && definition.contains(&format!("ON {word} "))
            && definition.contains("DO INSTEAD NOTHING");
        match (refuses, definition.contains(" WHERE ")) {
            (false, _) => Refused::Never,
            (true, true) => Refused::Partly,
            (true, false) => Refused::Always,
        }
    };
    let by_triggers = table.triggers.iter().map(by_trigger);
    let by_rules = table.rules.iter().map(by_rule);
    by_triggers.chain(by_rules).max().unwrap_or(Refused::Never)
}

#[cfg(test)]
mod tests {
    use super::super::trial::{found_in, table};
    use super::*;
    use crate::catalog::{Catalog, Routine};

    fn before() -> Trigger {
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

    #[test]
    fn a_message_stops_nothing() {
        for body in [
            "BEGIN RAISE EXCEPTION 'no'; END",
            "begin return null; end",
            "begin raise check_violation; end",
        ] {
            assert!(stops(body, &before()), "{body}");
        }
        assert!(!stops(
            "BEGIN RAISE NOTICE 'changed'; RETURN NEW; END",
            &before()
        ));
    }

    #[test]
    fn what_returns_null_after_the_change_stops_nothing() {
        let after = Trigger {
            timing: TriggerTiming::After,
            ..before()
        };
        let statement = Trigger {
            for_each_row: false,
            ..before()
        };
        assert!(!stops("begin return null; end", &after));
        assert!(!stops("begin return null; end", &statement));
        assert!(stops("begin raise exception 'no'; end", &after));
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
            "UPDATE or DELETE or TRUNCATE is not prevented".to_owned(),
        );
        assert_eq!(ledger([], &[]), [open]);
        let rows = Trigger {
            events: vec![TriggerEvent::Update, TriggerEvent::Delete],
            ..before()
        };
        let open = (Severity::Note, "TRUNCATE is not prevented".to_owned());
        assert_eq!(ledger([rows], &[]), [open]);
        let of_a_column = Trigger {
            update_of: vec!["amount".to_owned()],
            ..before()
        };
        let partly = (
            Severity::Note,
            "UPDATE is prevented only for some rows or columns".to_owned(),
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
            "UPDATE or DELETE is not prevented".to_owned(),
        );
        assert_eq!(ledger([truncate()], &with(Enabled::Disabled)), [open]);
    }

    #[test]
    fn a_claim_is_about_the_table() {
        assert!(claims("Append-only ledger of bookings."));
        assert!(claims("Bookings. This table is immutable."));
        assert!(claims("Votes; rows are never updated"));
        assert!(!claims("Has an immutable key"));
        assert!(!claims("Not append-only"));
        assert!(!claims("Settings, which an IMMUTABLE function reads"));
    }
}
