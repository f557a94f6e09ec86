//! A team's own rules: the `[[rule]]`s of `drift.toml`.
//!
//! A rule says of every object of a class, where a condition holds, that another must hold or must not. Conditions ask for the facts of the
//! catalog by the names that it has for them ([`facts`](crate::catalog::facts)), so every class and every fact can be asked for.

mod asked;
mod condition;
mod literal;
mod never;
mod parse;
mod pattern;
mod place;
mod run;
mod said;
mod same;
mod told;
mod value;

use crate::catalog::Class;
use crate::declared::Span;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;
use std::sync::{Mutex, PoisonError};

use condition::Condition;
pub(crate) use parse::{Conditions, Definition, parse};
pub(crate) use place::Objects;
pub(crate) use run::find;
pub(crate) use said::{Entries, Said, Wrong};

/// A rule of a project's own.
#[derive(Clone, Debug)]
pub struct OwnRule {
    /// What its findings are.
    pub kind: &'static Kind,
    /// Where `drift.toml` says so.
    pub span: Span,
    /// What it looks at.
    every: &'static Class,
    /// What that hangs on; empty for what hangs on nothing.
    of: Vec<&'static Class>,
    /// Whether it looks at partitions too, which are as their parent is.
    partitions: bool,
    /// Which of them.
    condition: Condition,
    /// What has to hold.
    must: Option<Condition>,
    /// What must not.
    must_not: Option<Condition>,
    /// What it is not meant for, as findings print it, and where `drift.toml` says so.
    except: Vec<(String, Span)>,
}

/// The kind of a rule with that definition. A [`Finding`] and a [`Policy`](crate::Policy) hold `&'static Kind`, as those of the harness are; so the
/// text of each rule is leaked, once for each that is distinct, however often `drift.toml` is read.
fn kind_of(id: &str, because: &str, severity: Severity) -> &'static Kind {
    static KNOWN: Mutex<Vec<&'static Kind>> = Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let is_it = |kind: &&&'static Kind| {
        kind.id == id && kind.severity == severity && kind.summary == because
    };
    if let Some(kind) = known.iter().find(is_it) {
        return kind;
    }
    let kind: &'static Kind = Box::leak(Box::new(Kind {
        id: id.to_owned().leak(),
        severity,
        summary: because.to_owned().leak(),
        fixture: None,
        found: Found::ByOwnRule,
        message,
    }));
    known.push(kind);
    kind
}

fn message(finding: &Finding) -> String {
    let class = match &finding.subject {
        Subject::Object(path) => path.class.title(),
        _ => String::new(),
    };
    let Kind { id, summary, .. } = finding.kind;
    format!("{class} `{}` breaks `{id}`: {summary}", finding.subject)
}

#[cfg(test)]
mod tests;
