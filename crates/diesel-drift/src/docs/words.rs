//! Facts in the words of pages.

use super::markdown::{code, joined, prose};
use crate::catalog::{
    Enabled, QualifiedName, ReferentialAction, Trigger, TriggerEvent, TriggerTiming,
    quote_identifier,
};

/// What is out of the ordinary, and then the comment.
pub(super) fn notes(
    flags: impl IntoIterator<Item = Option<&'static str>>,
    comment: Option<&str>,
) -> String {
    let notes = joined(flags.into_iter().flatten().map(str::to_owned));
    match (notes.is_empty(), comment.map(prose)) {
        (true, comment) => comment.unwrap_or_default(),
        (false, None) => notes,
        (false, Some(comment)) => format!("{notes}. {comment}"),
    }
}

pub(super) fn deferrable(deferrable: bool, initially_deferred: bool) -> Option<&'static str> {
    match (deferrable, initially_deferred) {
        (false, _) => None,
        (true, false) => Some("deferrable"),
        (true, true) => Some("deferred to the end of the transaction"),
    }
}

/// Where it is not as it was made.
pub(super) fn enabled(enabled: Enabled) -> Option<&'static str> {
    match enabled {
        Enabled::Origin => None,
        Enabled::Disabled => Some("disabled"),
        Enabled::Replica => Some("on replicas only"),
        Enabled::Always => Some("on replicas too"),
    }
}

/// Empty where nothing is done: the change is refused.
pub(super) fn referential_action(action: ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::NoAction => "",
        ReferentialAction::Restrict => "restrict",
        ReferentialAction::Cascade => "cascade",
        ReferentialAction::SetNull => "set null",
        ReferentialAction::SetDefault => "set default",
    }
}

/// A collation's name as SQL; those of PostgreSQL's own go without their schema.
pub(super) fn collate(collation: &QualifiedName) -> String {
    match collation.schema.as_str() {
        "pg_catalog" => quote_identifier(&collation.name),
        _ => collation.to_sql(),
    }
}

/// When a trigger fires: `before insert or update of a, for each row`, and its condition.
pub(super) fn trigger_occasion(trigger: &Trigger) -> String {
    let timing = match trigger.timing {
        TriggerTiming::Before => "before",
        TriggerTiming::After => "after",
        TriggerTiming::InsteadOf => "instead of",
    };
    let events: Vec<_> = (trigger.events.iter())
        .map(|event| match event {
            TriggerEvent::Insert => "insert".to_owned(),
            TriggerEvent::Delete => "delete".to_owned(),
            TriggerEvent::Update if trigger.update_of.is_empty() => "update".to_owned(),
            TriggerEvent::Update => {
                let columns = joined(trigger.update_of.iter().map(|name| quote_identifier(name)));
                format!("update of {}", code(&columns))
            }
            TriggerEvent::Truncate => "truncate".to_owned(),
        })
        .collect();
    let level = match trigger.for_each_row {
        true => "for each row",
        false => "for each statement",
    };
    let when = trigger
        .when
        .as_deref()
        .map(|when| format!(", when {}", code(when)));
    format!(
        "{timing} {}, {level}{}",
        events.join(" or "),
        when.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trigger_is_told_as_it_is_written() {
        let trigger = Trigger {
            timing: TriggerTiming::After,
            events: vec![TriggerEvent::Insert, TriggerEvent::Update],
            update_of: vec!["status".to_owned(), "Name".to_owned()],
            for_each_row: true,
            when: Some("(new.a IS NULL)".to_owned()),
            ..Trigger::default()
        };
        assert_eq!(
            trigger_occasion(&trigger),
            "after insert or update of `status, \"Name\"`, for each row, when `(new.a IS NULL)`"
        );
        let statement = Trigger {
            events: vec![TriggerEvent::Truncate],
            ..Trigger::default()
        };
        assert_eq!(
            trigger_occasion(&statement),
            "before truncate, for each statement"
        );
    }

    #[test]
    fn what_is_out_of_the_ordinary_comes_before_the_comment() {
        assert_eq!(notes([], None), "");
        assert_eq!(notes([Some("unique"), None], None), "unique");
        assert_eq!(notes([Some("a"), Some("b")], Some("Why.")), "a, b. Why.");
    }
}
