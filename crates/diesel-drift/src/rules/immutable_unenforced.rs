use super::words::said;
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Table;
use crate::catalog::{Enabled, Trigger, TriggerEvent};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;
use regex::Regex;
use std::sync::LazyLock;

pub static KIND: Kind = Kind {
    id: "immutable-unenforced",
    severity: Severity::Warning,
    summary: "a table whose comment says that its rows never change, and no trigger that keeps them",
    fixture: Some(rule_fixture!("immutable-unenforced")),
    found: Found::ByRule(&Rule {
        because: "A convention holds until the first script that did not read it. What was promised to be the past is then what somebody made of it.",
        instead: "a trigger `BEFORE UPDATE OR DELETE` that raises an exception: REVOKE does not bind the table's owner, as whom most applications connect",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| {
        format!(
            "table `{}` says that it is immutable, and {} is not prevented",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().into_iter())
        .filter(|table| table.comment.as_deref().is_some_and(claims))
        .filter_map(|table| {
            let events = [
                ("UPDATE", TriggerEvent::Update),
                ("DELETE", TriggerEvent::Delete),
            ];
            let open: Vec<&str> = (events.into_iter())
                .filter(|(word, event)| !is_refused(&table, word, *event, linted))
                .map(|(word, _)| word)
                .collect();
            let finding = Finding::new(&KIND, Subject::Relation(table.name.clone()));
            (!open.is_empty()).then(|| finding.live(open.join(" or ")))
        })
        .collect()
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

/// Whether a trigger's function can keep a row as it is: it raises more than a message, or leaves the row out.
fn stops(body: &str) -> bool {
    let body = body.to_lowercase();
    let words: Vec<&str> = body.split_whitespace().collect();
    words.windows(2).any(|pair| match pair {
        ["raise", what] => !["notice", "warning", "info", "log", "debug"].contains(what),
        ["return", what] => what.starts_with("null"),
        _ => false,
    }) || body.contains("raise;")
}

/// Whether the database itself refuses an event: by a trigger that can stop it, or by a rule that does nothing instead.
fn is_refused(table: &Table<'_>, word: &str, event: TriggerEvent, linted: &Linted<'_>) -> bool {
    let refuses = |trigger: &Trigger| {
        trigger.events.contains(&event)
            && !matches!(trigger.enabled, Enabled::Disabled | Enabled::Replica)
            // One that is an extension's, or in C, may.
            && linted.body_of(trigger).is_none_or(stops)
    };
    let instead = |definition: &str| {
        let definition = definition.to_uppercase();
        definition.contains(&format!("ON {word} ")) && definition.contains("DO INSTEAD NOTHING")
    };
    table.triggers.iter().any(refuses) || table.rules.iter().any(|rule| instead(&rule.definition))
}

#[cfg(test)]
mod tests {
    use super::{claims, stops};

    #[test]
    fn a_message_stops_nothing() {
        assert!(stops("BEGIN RAISE EXCEPTION 'no'; END"));
        assert!(stops("begin return null; end"));
        assert!(stops("begin raise check_violation; end"));
        assert!(!stops("BEGIN RAISE NOTICE 'changed'; RETURN NEW; END"));
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
