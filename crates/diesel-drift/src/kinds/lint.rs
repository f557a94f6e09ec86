//! The kinds of what a team says of rules itself: its own rules, and what it accepts.

use crate::finding::{Found, Kind, Severity};

/// Found when the project's own rules are run, because only then is it known what they match.
pub(crate) static RULE_UNUSED: Kind = Kind {
    id: "rule-unused",
    severity: Severity::Warning,
    summary: "a rule of the project's own that matches nothing, an exception from one that excepts nothing, or a name in one that nothing bears",
    fixture: None,
    found: Found::Together,
    message: |finding| match (finding.live.as_deref(), finding.attribute.as_deref()) {
        (Some(name), Some(attribute)) => {
            let meant = finding.declared.as_deref();
            let meant = meant.map_or_else(String::new, |it| format!(" (did you mean `{it}`?)"));
            format!(
                "rule `{}` asks for `{attribute}` `{name}`, and nothing is called so{meant}",
                finding.subject
            )
        }
        (Some(exception), None) => match finding.declared {
            Some(_) => format!(
                "rule `{}` excepts `{exception}`, which keeps it anyway",
                finding.subject
            ),
            None => format!(
                "rule `{}` excepts `{exception}`, and looks at nothing of that name",
                finding.subject
            ),
        },
        (None, _) => format!("rule `{}` looks at nothing", finding.subject),
    },
};

/// Found when a baseline is applied.
pub(crate) static BASELINE_UNUSED: Kind = Kind {
    id: "baseline-unused",
    severity: Severity::Warning,
    summary: "a finding that a baseline has for known and that is no longer there",
    fixture: None,
    found: Found::Together,
    message: |finding| format!("`{}` is known, and no longer there", finding.subject),
};

/// The two.
pub(super) static LINT_KINDS: [&Kind; 2] = [&RULE_UNUSED, &BASELINE_UNUSED];

/// What there is to say about them.
pub(super) const LINT_PAGE: &str = "\
Found by `lint`. What says nothing about anything is misspelt, or what it was written for is gone, and whoever reads it next takes it for \
a promise.\n\n\
- `rule-unused`: no object is what `every` and `where` of a `[[rule]]` ask for, or none of those is called as `except` says. Correct it, or \
remove it. A note: what `except` names keeps the rule; or it asks for a type, table, function, column or owner by a name that nothing bears, or that \
is nearly one that there is: it is misspelt, or the rule keeps out what is gone.\n\
- `baseline-unused`: what a `[[known]]` of the baseline accepts has been fixed, or is accepted elsewhere for good, or its rule is gone: remove the \
entry, or let `lint --write-baseline` do it, so that it cannot come back unseen.\n\
- A `[[suppress]]` or a `-- drift: allow(…)` that accepts nothing, or only what another accepts already, is [`suppression-unused`](kinds.md#suppression-unused).\n";
