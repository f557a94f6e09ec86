//! The kinds that a round trip finds: what a migration and its way back leave of what was there before.

use super::{chain_fixture, side};
use crate::catalog::class::COLUMN;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;

macro_rules! kind {
    ($name:ident, $id:literal, $severity:ident, $summary:literal, $message:expr) => {
        pub(crate) static $name: Kind = Kind {
            id: $id,
            severity: Severity::$severity,
            summary: $summary,
            fixture: Some(chain_fixture!($id)),
            found: Found::Together,
            message: $message,
        };
    };
}

kind!(
    LEAVES,
    "down-leaves-object",
    Warning,
    "a down leaves something behind that its up made",
    |finding| format!(
        "{} is still there after the down of `{}`",
        object(finding),
        migration(finding)
    )
);
kind!(
    DROPS,
    "down-drops-object",
    Error,
    "a down drops something that was there before its up",
    |finding| format!(
        "{} was there before `{}`, and is gone after its down",
        object(finding),
        migration(finding)
    )
);
kind!(
    CHANGES,
    "down-changes-object",
    Error,
    "a down leaves something otherwise than it was before its up",
    |finding| match &finding.attribute {
        Some(name) if name == "name" => format!(
            "{} is called `{}` after the down of `{}`",
            object(finding),
            side(&finding.live),
            migration(finding)
        ),
        attribute => {
            let attribute = side(attribute);
            let (before, after) = (side(&finding.declared), side(&finding.live));
            let what = format!(
                "`{attribute}` of {} is not restored by the down of `{}`",
                object(finding),
                migration(finding)
            );
            match super::is_long(before) || super::is_long(after) {
                true => what,
                false => format!("{what}: it was {before}, and is {after}"),
            }
        }
    }
);
kind!(
    REORDERS,
    "down-reorders-columns",
    Note,
    "a down brings columns back in another place",
    |finding| format!(
        "columns of {} are in another order after the down of `{}`: {}, and before {}",
        object(finding),
        migration(finding),
        side(&finding.live),
        side(&finding.declared)
    )
);
kind!(
    FAILS,
    "down-fails",
    Error,
    "a down fails",
    |finding| format!(
        "the down of `{}` fails: {}",
        migration(finding),
        side(&finding.live)
    )
);
kind!(
    AGAIN_FAILS,
    "up-again-fails",
    Error,
    "a migration cannot be applied again after its down",
    |finding| format!(
        "`{}` fails when it is applied again after its down: {}",
        migration(finding),
        side(&finding.live)
    )
);
kind!(
    AGAIN_DIFFERS,
    "up-again-differs",
    Warning,
    "a migration makes something else when it is applied again after its down",
    |finding| match &finding.attribute {
        None => format!(
            "{} is {} when `{}` is applied again after its down, and {} the first time",
            object(finding),
            side(&finding.live),
            migration(finding),
            side(&finding.declared)
        ),
        Some(attribute) => format!(
            "`{attribute}` of {} is another one when `{}` is applied again after its down: first {}, then {}",
            object(finding),
            migration(finding),
            side(&finding.declared),
            side(&finding.live)
        ),
    }
);
kind!(
    REVERSIBLE,
    "irreversible-reverts",
    Warning,
    "a migration that is declared irreversible has a down that restores everything",
    |finding| format!(
        "`{}` is declared irreversible, and its down restores everything",
        migration(finding)
    )
);
kind!(
    ON_ROWS,
    "fails-on-rows",
    Error,
    "a migration passes on empty tables and fails on tables with rows",
    |finding| format!(
        "the {} of `{}` fails on tables with rows: {}",
        finding.attribute.as_deref().unwrap_or("up"),
        migration(finding),
        side(&finding.live)
    )
);
kind!(
    LOST,
    "data-lost",
    Warning,
    "rows or values that were there before a migration are gone after its down",
    |finding| {
        let what = match &finding.subject {
            Subject::InMigration { object, .. } if object.class == &COLUMN => {
                format!("values of {}", object_of(object))
            }
            Subject::InMigration { object, .. } => format!("rows of {}", object_of(object)),
            other => other.to_string(),
        };
        format!(
            "{what} are lost on the way up and down `{}` ({})",
            migration(finding),
            side(&finding.live)
        )
    }
);
kind!(
    ALL_LEAVES,
    "all-down-leaves-object",
    Warning,
    "something is left when every migration is reverted, although each restores what was before it",
    |finding| format!(
        "{} is left when every migration is reverted; `{}` makes it",
        object(finding),
        migration(finding)
    )
);

/// They, in the order in which they are listed.
pub(crate) static ROUND_TRIP_KINDS: &[&Kind] = &[
    &LEAVES,
    &DROPS,
    &CHANGES,
    &REORDERS,
    &FAILS,
    &AGAIN_FAILS,
    &AGAIN_DIFFERS,
    &REVERSIBLE,
    &ON_ROWS,
    &LOST,
    &ALL_LEAVES,
];

fn object(finding: &Finding) -> String {
    match &finding.subject {
        Subject::InMigration { object, .. } => object_of(object),
        other => format!("`{other}`"),
    }
}

fn object_of(object: &crate::catalog::ObjectPath) -> String {
    match object.name.is_empty() {
        true => "the database".to_owned(),
        false => format!("{} `{object}`", object.class.title()),
    }
}

fn migration(finding: &Finding) -> &str {
    match &finding.subject {
        Subject::InMigration { migration, .. } | Subject::Migration(migration) => migration,
        _ => "",
    }
}
