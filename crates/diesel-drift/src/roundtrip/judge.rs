//! What a trial says: a verdict, and findings. Pure.

use super::data::{Loser, Loss, Rows};
use super::explain;
use super::source::{Files, Script};
use super::trial::{Again, Down, Nothing, Trial};
use super::{Tried, Verdict};
use crate::catalog::ObjectPath;
use crate::catalog::class::{COLUMN, TABLE};
use crate::compare::{Change, Difference};
use crate::finding::{Finding, Severity};
use crate::kinds::finding_of_change;
use crate::kinds::round_trip::{
    AGAIN_DIFFERS, AGAIN_FAILS, CHANGES, DROPS, FAILS, LEAVES, LOST, ON_ROWS, REORDERS, REVERSIBLE,
};
use crate::migrate::{Direction, FailedMigration};
use crate::project::Irreversible;
use crate::subject::Subject;
use crate::text::plural;

/// The verdict on a migration, and what there is to say about it.
pub(super) fn judge(
    trial: Trial,
    files: &Files,
    declared: Option<&Irreversible>,
) -> (Tried, Vec<Finding>) {
    let rows = trial.rows.as_ref();
    let judge = Judge {
        files,
        tables_with_rows: rows.map_or(0, |rows| rows.compared),
    };
    let mut findings: Vec<Finding> = (rows.and_then(|rows| rows.failed.as_deref()))
        .filter(|failed| declared.is_none() || failed.direction == Direction::Up)
        .map(|failed| judge.on_rows(failed, &trial))
        .into_iter()
        .collect();
    let loses = rows.is_some_and(|rows| rows.failed.is_some() || !rows.losses.is_empty());
    let exact = trial.is_exact();
    if let Some(declared) = declared {
        // What changes rows alone is not seen in the catalog.
        if exact && trial.changes && !loses {
            let finding = judge.about_it(&REVERSIBLE).at(&declared.span);
            findings.push(finding.help(
                "remove it from drift.toml; or say what of it the catalog does not show, and suppress this",
            ));
        }
        let verdict = Verdict::Irreversible;
        return (
            judge.tried(verdict, Some(declared.reason.clone())),
            findings,
        );
    }
    let (verdict, says) = match &trial.down {
        Down::Nothing(nothing) => {
            let says = match nothing {
                Nothing::Missing => "there is no down.sql, and Diesel refuses to revert it",
                Nothing::Empty => "there is no statement in down.sql, and PostgreSQL refuses that",
            };
            (Verdict::Fails, Some(says.to_owned()))
        }
        Down::Failed(failed) => {
            findings.push(judge.failed(&FAILS, failed));
            (Verdict::Fails, Some(failed.message.clone()))
        }
        Down::Ran(changes) if changes.is_empty() => match &trial.again {
            Again::NotTried => (Verdict::Exact, None),
            Again::Failed(failed) => {
                findings.push(judge.failed(&AGAIN_FAILS, failed));
                (Verdict::Differs, Some(failed.message.clone()))
            }
            Again::Ran(again) if again.is_empty() => (Verdict::Exact, None),
            Again::Ran(again) => {
                findings.extend(again.iter().map(|change| judge.again(change)));
                (Verdict::Differs, None)
            }
        },
        Down::Ran(changes) => {
            let again = match &trial.again {
                Again::Failed(failed) => Some(failed.as_ref()),
                Again::NotTried | Again::Ran(_) => None,
            };
            findings.extend(
                changes
                    .iter()
                    .map(|change| judge.change(change, &trial.made, again)),
            );
            let reordered =
                |change: &Change| matches!(change.difference, Difference::Reordered { .. });
            match changes.iter().all(reordered) && again.is_none() {
                true => (Verdict::Reordered, None),
                false => (Verdict::Differs, None),
            }
        }
    };
    let (verdict, says) = match on_rows(&findings) {
        Some(message) if [Verdict::Exact, Verdict::Reordered].contains(&verdict) => (
            Verdict::Fails,
            Some(format!("on tables with rows: {message}")),
        ),
        _ => (verdict, says),
    };
    findings.extend(rows.into_iter().flat_map(|rows| judge.losses(rows)));
    (judge.tried(verdict, says), findings)
}

/// PostgreSQL's message where a file is certain to fail on tables with rows.
fn on_rows(findings: &[Finding]) -> Option<&str> {
    let is_certain =
        |finding: &&Finding| finding.kind == &ON_ROWS && finding.severity == Severity::Error;
    findings.iter().find(is_certain)?.live.as_deref()
}

/// A difference between what a migration made first, and what it made again.
pub(super) fn made_again(change: Change, migration: String) -> Finding {
    let object = change.path.clone();
    let (declared, live) = match change.difference {
        Difference::Missing => (Some("there".to_owned()), Some("not there".to_owned())),
        Difference::Unexpected => (Some("not there".to_owned()), Some("there".to_owned())),
        _ => (None, None),
    };
    let told = finding_of_change(change);
    Finding {
        attribute: told.attribute,
        declared: declared.or(told.declared),
        live: live.or(told.live),
        ..Finding::new(&AGAIN_DIFFERS, Subject::InMigration { migration, object })
    }
}

struct Judge<'a> {
    files: &'a Files,
    tables_with_rows: usize,
}

impl Judge<'_> {
    fn tried(&self, verdict: Verdict, says: Option<String>) -> Tried {
        Tried {
            migration: self.files.migration.clone(),
            verdict,
            says,
            tables_with_rows: self.tables_with_rows,
        }
    }

    fn about_it(&self, kind: &'static crate::Kind) -> Finding {
        Finding::new(kind, Subject::Migration(self.files.migration.clone()))
    }

    fn about(&self, kind: &'static crate::Kind, object: ObjectPath) -> Finding {
        let migration = self.files.migration.clone();
        Finding::new(kind, Subject::InMigration { migration, object })
    }

    /// A difference between what was before the up and what is after the down; the up made what is in `made`.
    fn change(
        &self,
        change: &Change,
        made: &[ObjectPath],
        again: Option<&FailedMigration>,
    ) -> Finding {
        let told = finding_of_change(change.clone());
        let path = change.path.clone();
        let (up, down) = (&self.files.up, &self.files.down);
        let finding = match &change.difference {
            Difference::Unexpected => {
                let scripts = match made.contains(&change.path) {
                    true => [up, down],
                    false => [down, up],
                };
                let finding = self.about(&LEAVES, path);
                let finding = self.placed(finding, &change.path, &scripts, "create");
                match again {
                    Some(failed) => finding.severity(Severity::Error).help(format!(
                        "applied again, the migration fails: {}",
                        failed.message
                    )),
                    None => finding,
                }
            }
            Difference::Missing => {
                self.placed(self.about(&DROPS, path), &change.path, &[down, up], "drop")
            }
            Difference::Reordered { .. } => self.about(&REORDERS, path),
            Difference::Renamed { .. }
            | Difference::Changed { .. }
            | Difference::NotComparable { .. } => {
                let severity = match explain::is_written_otherwise(&change.difference) {
                    true => Severity::Note,
                    false => told.severity,
                };
                let finding = self.about(&CHANGES, path).severity(severity);
                // What is dropped and made anew is as it is made.
                self.placed(finding, &change.path, &[down, up], "create")
            }
        };
        let finding = Finding {
            attribute: told.attribute,
            declared: told.declared,
            live: told.live,
            ..finding
        };
        explain::change(change, made, self.files)
            .into_iter()
            .fold(finding, Finding::help)
    }

    /// A difference between what the up made first, and what it made again.
    fn again(&self, change: &Change) -> Finding {
        let finding = made_again(change.clone(), self.files.migration.clone());
        self.placed(finding, &change.path, &[&self.files.up], "create").help(
            "both times the database was the same before: what it makes depends on when it runs, on chance, or on rows; \
             write down what it should be, so that every database becomes the same",
        )
    }

    fn failed(&self, kind: &'static crate::Kind, failed: &FailedMigration) -> Finding {
        let script = self.files.script(failed.direction);
        let finding = self.about_it(kind).live(failed.message.clone());
        let span = (failed.place.as_ref()).and_then(|place| script?.span_of_failure(place));
        let finding = match span {
            Some(span) => finding.at(&span),
            None => finding,
        };
        let notes = [("detail", &failed.detail), ("hint", &failed.hint)];
        let notes = notes
            .into_iter()
            .filter_map(|(name, text)| Some(format!("PostgreSQL's {name}: {}", text.as_ref()?)));
        let more = explain::failure(kind, failed);
        notes
            .chain(failed.help.iter().cloned())
            .chain(more)
            .fold(finding, Finding::help)
    }

    fn on_rows(&self, failed: &FailedMigration, trial: &Trial) -> Finding {
        let finding = self
            .failed(&ON_ROWS, failed)
            .attribute(match failed.direction {
                Direction::Up => "up",
                Direction::Down => "down",
            });
        match explain::is_certain_on_rows(failed, &trial.made) {
            true => finding.help(
                "every table with a row refuses it: give the column a default, or add it without NOT NULL, fill it, and set NOT NULL then",
            ),
            false => finding.severity(Severity::Note).help(
                "the rows were made from the catalog, and yours may be such that it passes: try it on a copy of real data",
            ),
        }
    }

    fn losses(&self, rows: &Rows) -> Vec<Finding> {
        // Of a table whose rows are gone, the columns' values are too.
        let gone = |loss: &Loss| {
            loss.column.is_some()
                && rows
                    .losses
                    .iter()
                    .any(|of| of.table == loss.table && of.column.is_none() && of.lost == of.of)
        };
        let losses = rows.losses.iter().filter(|loss| !gone(loss));
        losses.map(|loss| self.loss(loss)).collect()
    }

    fn loss(&self, loss: &Loss) -> Finding {
        let object = ObjectPath {
            schema: Some(loss.table.schema.clone()),
            name: loss.table.name.clone(),
            signature: String::new(),
            child: loss.column.clone(),
            class: if loss.column.is_some() {
                &COLUMN
            } else {
                &TABLE
            },
        };
        let count = format!("{} of {}", loss.lost, plural(loss.of, "row"));
        let finding = self.about(&LOST, object.clone()).live(count);
        match loss.by {
            Loser::Dropped => finding.severity(Severity::Note).help(
                "the up drops it, and the down can only bring it back empty: as it is with everything that is dropped",
            ),
            Loser::Up => finding.severity(Severity::Note).help(
                "the up changes or deletes it, and nothing keeps what it was: as it is with most changes of rows",
            ),
            Loser::Touched => finding.severity(Severity::Note).help(
                "rows are updated on the way, and the time is another one then, as a trigger sets it",
            ),
            Loser::Down if loss.column.is_none() => {
                self.placed(finding, &object, &[&self.files.down], "drop").help(
                    "they are there after the up, and the down loses them: delete only what the up inserted, and change a table (ALTER TABLE) \
                     instead of dropping and making it again",
                )
            }
            Loser::Down => self.placed(finding, &object, &[&self.files.down], "drop").help(
                "it is there after the up, and the down loses it: change it in place (ALTER … RENAME, ALTER … TYPE … USING) instead of dropping and making it again",
            ),
        }
    }

    /// With the first statement of the scripts that names the object, one that begins with `verb` before others.
    fn placed(
        &self,
        finding: Finding,
        object: &ObjectPath,
        scripts: &[&Option<Script>],
        verb: &str,
    ) -> Finding {
        let mut scripts = scripts.iter().filter_map(|script| script.as_ref());
        match scripts.find_map(|script| script.span_naming(object, verb)) {
            Some(span) => finding.at(&span),
            None => finding,
        }
    }
}
