//! What a trigger's function does to a change.

use super::Refused;
use crate::catalog::{Trigger, TriggerEvent};
use crate::migrate::uncommented;
use crate::rules::Linted;
use regex::Regex;
use std::sync::LazyLock;

/// How many functions deep a body is followed.
const DEEPEST: usize = 8;

/// How far a trigger's function keeps rows from a change: it raises more than a message, or calls what does, or, before a row is changed, leaves it out.
pub(super) fn stops(trigger: &Trigger, event: TriggerEvent, linted: &Linted<'_>) -> Refused {
    // One that is an extension's, or in C, may.
    let Some(body) = linted.body_of(trigger) else {
        return Refused::Always;
    };
    let body = of_event(&uncommented(body).to_lowercase(), event);
    if raises(&body, linted, DEEPEST) {
        return Refused::Always;
    }
    // What another trigger returns is not looked at.
    match Linted::may_change(trigger, event) {
        true => leaves_out(&body, event),
        false => Refused::Never,
    }
}

/// A body, in lower case, without what it does `IF TG_OP = …` another change.
fn of_event(body: &str, event: TriggerEvent) -> String {
    static BRANCH: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let branch = r"(?s)\b(?:els)?if\s*\(?\s*tg_op\s*=\s*'(\w+)'\s*\)?\s*then\b(.*?)(\belsif\b|\belseif\b|\belse\b|\bend\s+if\b)";
        Regex::new(branch).ok()
    });
    let word = match event {
        TriggerEvent::Insert => "insert",
        TriggerEvent::Delete => "delete",
        TriggerEvent::Update => "update",
        TriggerEvent::Truncate => "truncate",
    };
    let Some(branch) = BRANCH.as_ref() else {
        return body.to_owned();
    };
    let mut rest = body;
    let mut kept = String::new();
    while let Some(found) = branch.captures(rest) {
        let (Some(whole), Some(inner), Some(end)) = (found.get(0), found.get(2), found.get(3))
        else {
            break;
        };
        kept.push_str(&rest[..whole.start()]);
        if found.get(1).is_some_and(|of| of.as_str() == word) {
            kept.push_str(inner.as_str());
        }
        kept.push(' ');
        // What begins the next branch is read again.
        rest = &rest[match end.as_str() {
            "elsif" => end.start(),
            _ => end.end(),
        }..];
    }
    kept + rest
}

/// Whether a body, in lower case, raises more than a message, or calls a function of the project that does; of one that cannot be read, nobody knows.
fn raises(body: &str, linted: &Linted<'_>, depth: usize) -> bool {
    let words: Vec<&str> = body.split_whitespace().collect();
    let messages = ["notice", "warning", "info", "log", "debug"];
    let own = (words.windows(2)).any(|pair| pair[0] == "raise" && !messages.contains(&pair[1]));
    let bare = words.contains(&"raise;");
    let asserts = words.contains(&"assert");
    own || bare
        || asserts
        || depth > 0
            && linted.called_in(body).any(|function| match &function.body {
                Some(body) => raises(&uncommented(body).to_lowercase(), linted, depth - 1),
                None => function.sql_body.is_none(),
            })
}

/// How far a body, in lower case, of a trigger that runs before a row is changed puts nothing in its place, or the same row again.
fn leaves_out(body: &str, event: TriggerEvent) -> Refused {
    let words: Vec<&str> = body.split_whitespace().collect();
    let returns = |what: &str| {
        let is_it = |word: &str| word.trim_end_matches(';') == what;
        (words.windows(2)).any(|pair| pair[0] == "return" && is_it(pair[1]))
    };
    let (keeps, lets) = match event {
        TriggerEvent::Update => (returns("null") || returns("old"), returns("new")),
        _ => (returns("null"), returns("old")),
    };
    match (keeps, lets) {
        (false, _) => Refused::Never,
        (true, true) => Refused::Partly,
        (true, false) => Refused::Always,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::before;
    use super::*;
    use crate::catalog::{Catalog, QualifiedName, Routine, TriggerTiming};
    use crate::compare::Scope;
    use crate::declared::{Declared, Models};
    use crate::introspect::Live;

    /// How far a trigger with that body stops a change; `forbid()` raises, and `note()` does not.
    fn with(body: &str, event: TriggerEvent, trigger: &Trigger) -> Refused {
        let function = |name: &str, body: &str| Routine {
            name: QualifiedName::new("public", name),
            body: Some(body.to_owned()),
            ..Routine::default()
        };
        let catalog = Catalog {
            functions: vec![
                function("refuse", body),
                function("forbid", "BEGIN RAISE EXCEPTION 'no'; END"),
                function("note", "BEGIN PERFORM pg_notify('a', 'b'); END"),
            ],
            ..Catalog::default()
        };
        let live = Live {
            catalog: Catalog::default(),
            server_version: 150_000,
            search_path: Vec::new(),
        };
        let (declared, models, scope) = (Declared::default(), Models::default(), Scope::default());
        stops(
            trigger,
            event,
            &Linted::new(&declared, &models, &live, &catalog, &scope),
        )
    }

    fn on_update(body: &str) -> Refused {
        with(body, TriggerEvent::Update, &before())
    }

    #[test]
    fn a_message_stops_nothing() {
        for body in [
            "BEGIN RAISE EXCEPTION 'no'; END",
            "begin return null; end",
            "begin raise check_violation; end",
            "begin assert false; end",
            "begin return old; end",
        ] {
            assert_eq!(on_update(body), Refused::Always, "{body}");
        }
        for body in [
            "BEGIN RAISE NOTICE 'changed'; RETURN NEW; END",
            "BEGIN -- we never raise exception here\n RETURN NEW; END",
            "BEGIN PERFORM note(); RETURN NEW; END",
        ] {
            assert_eq!(on_update(body), Refused::Never, "{body}");
        }
    }

    #[test]
    fn what_is_called_is_read_too() {
        let statement = Trigger {
            for_each_row: false,
            ..before()
        };
        let body = "BEGIN PERFORM forbid(); RETURN NULL; END";
        assert_eq!(
            with(body, TriggerEvent::Update, &statement),
            Refused::Always
        );
        let body = "BEGIN PERFORM public.forbid (); RETURN NULL; END";
        assert_eq!(
            with(body, TriggerEvent::Update, &statement),
            Refused::Always
        );
        let body = "BEGIN PERFORM note(); RETURN NULL; END";
        assert_eq!(with(body, TriggerEvent::Update, &statement), Refused::Never);
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
        let null = "begin return null; end";
        assert_eq!(with(null, TriggerEvent::Update, &after), Refused::Never);
        assert_eq!(with(null, TriggerEvent::Update, &statement), Refused::Never);
        let raises = "begin raise exception 'no'; end";
        assert_eq!(with(raises, TriggerEvent::Update, &after), Refused::Always);
    }

    #[test]
    fn each_change_is_asked_for_itself() {
        let body = "BEGIN IF TG_OP = 'DELETE' THEN RETURN NULL; END IF; RETURN NEW; END";
        assert_eq!(on_update(body), Refused::Never);
        assert_eq!(with(body, TriggerEvent::Delete, &before()), Refused::Always);
        let body = "BEGIN IF TG_OP = 'UPDATE' THEN RETURN OLD; END IF; RETURN NULL; END";
        assert_eq!(on_update(body), Refused::Always);
        assert_eq!(with(body, TriggerEvent::Delete, &before()), Refused::Always);
        let body = "BEGIN IF TG_OP = 'INSERT' THEN RETURN NEW; ELSIF TG_OP = 'UPDATE' THEN RAISE EXCEPTION 'no'; ELSE RETURN OLD; END IF; END";
        assert_eq!(on_update(body), Refused::Always);
        assert_eq!(with(body, TriggerEvent::Delete, &before()), Refused::Never);
        let body = "BEGIN IF OLD.locked THEN RETURN NULL; END IF; RETURN NEW; END";
        assert_eq!(on_update(body), Refused::Partly);
    }
}
