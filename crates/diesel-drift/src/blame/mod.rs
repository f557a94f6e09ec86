//! Which migration, file and line made an object what it is.
//!
//! The states that a chain leads through are read on a scratch database as far as they are needed: [`search`] bisects them for all findings at
//! once, and then the statements of the migrations that it finds. What is said was seen: the state before differs, and no later one that was
//! read disagrees.

mod history;
mod log;
mod name;
mod script;
mod search;
mod store;
mod target;

use crate::check::{Plan, Step};
use crate::compare::Change;
use crate::error::Error;
use crate::finding::{Act, Blame, LastChange, MigrationPlace, Severity};
use crate::migrate::Chain;
use crate::project::Project;
use crate::provision;
use crate::report::Report;
pub use log::{Did, FormerLog, LogChange, LogEntry, LogError, ObjectLog, log};

use history::{History, Moment};
use script::{Names, Script};
use search::{Answers, Life, Question, search};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use target::Target;

/// A chain of migrations that what was compared comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lineage {
    /// The chain.
    pub chain: Chain,
    /// The versions of it that count; none where all do.
    pub versions: Option<BTreeSet<String>>,
    /// Where its states can be made.
    pub options: provision::Options,
}

impl Lineage {
    /// A project's whole chain; none where a command of its own migrates.
    ///
    /// # Errors
    /// When there is no chain to be found.
    pub(crate) fn of(
        project: &Project,
        options: &provision::Options,
    ) -> Result<Option<Self>, Error> {
        Ok(match Plan::of(project)? {
            Plan::Chain(chain) => Some(Self {
                chain,
                versions: None,
                options: options.clone(),
            }),
            Plan::Command(_) => None,
        })
    }
}

/// Of how many objects and facts the migrations are looked up.
const MOST: usize = 200;

/// How long states may be read for the findings of one report.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why it is not told which migrations made what findings are about.
#[derive(Debug, thiserror::Error)]
pub enum BlameError {
    /// The chain is long, or the machine slow.
    #[error(
        "it takes more than a minute here; `diesel-drift log OBJECT` tells the history of one object, however long that takes"
    )]
    TooLong,
}

/// How many names may have been followed back before an object's beginning is given up.
const MOST_NAMES: usize = 8;

/// Says of each finding that is at least as severe as `least` which migrations made the object what it is. Does nothing where there is no such
/// finding, or where what was compared comes from no chain. What cannot be told is left out, with a notice where that has a reason.
pub fn blame(report: &mut Report, least: Severity, progress: &mut dyn FnMut(Step<'_>)) {
    for lineage in std::mem::take(&mut report.lineages) {
        if let Err(error) = blame_on(report, &lineage, least, progress) {
            report.notices.push(format!(
                "which migrations made the findings what they are could not be told: {error}"
            ));
        }
        report.lineages.push(lineage);
    }
}

fn blame_on(
    report: &mut Report,
    lineage: &Lineage,
    least: Severity,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<(), Error> {
    let asked: Vec<(usize, Target)> = (report.findings.iter().enumerate())
        .filter(|(_, finding)| finding.severity >= least && finding.blame.is_none())
        .filter_map(|(index, finding)| Some((index, Target::of(finding)?)))
        .collect();
    let targets: BTreeSet<&Target> = asked.iter().map(|(_, target)| target).collect();
    if targets.is_empty() {
        return Ok(());
    }
    if targets.len() > MOST {
        report.notices.push(format!(
            "which migrations made it is told of the first {MOST} of {} objects and facts",
            targets.len()
        ));
    }
    let targets: Vec<Target> = targets.into_iter().take(MOST).cloned().collect();
    let mut history = History::of(lineage).within(PATIENCE);
    let blames = blames(&mut history, &targets, progress);
    history.close()?;
    let blames: BTreeMap<&Target, Blame> = (targets.iter().zip(blames?))
        .filter_map(|(target, blame)| Some((target, blame?)))
        .collect();
    for (index, target) in &asked {
        report.findings[*index].blame = blames.get(target).cloned();
    }
    Ok(())
}

/// One target on its way back through its names.
struct Trace {
    target: Target,
    /// The state up to which it went by this name.
    end: usize,
    created: Option<MigrationPlace>,
    changed: Option<LastChange>,
    names: usize,
    done: bool,
    /// Whether it was ever seen.
    seen: bool,
}

/// Who made each target what it is at the end of the chain; none for what no migration made.
fn blames(
    history: &mut History<'_>,
    targets: &[Target],
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Vec<Option<Blame>>, Error> {
    let end = history.end();
    let mut traces: Vec<Trace> = (targets.iter().cloned())
        .map(|target| Trace {
            target,
            end,
            created: None,
            changed: None,
            names: 0,
            done: false,
            seen: false,
        })
        .collect();
    loop {
        let open: Vec<usize> = (0..traces.len())
            .filter(|index| !traces[*index].done)
            .collect();
        if open.is_empty() {
            break;
        }
        let asked: Vec<(Target, usize)> = (open.iter())
            .map(|index| (traces[*index].target.clone(), traces[*index].end))
            .collect();
        let lives = lives(history, &asked, progress)?;
        let mut steps = Steps::new();
        for ((target, _), life) in asked.iter().zip(&lives) {
            let acts = life.map(|life| [life.gone, life.changed, life.born]);
            for step in acts.into_iter().flatten().flatten() {
                steps.entry(step).or_default().insert(target.names());
            }
        }
        read_ahead(history, &steps, progress)?;
        for (index, life) in open.into_iter().zip(lives) {
            traces[index].follow(life, history, progress)?;
        }
    }
    let blame = |trace: Trace| {
        let blame = Blame {
            created: trace.created,
            changed: trace.changed,
        };
        (trace.seen && blame != Blame::default()).then_some(blame)
    };
    Ok(traces.into_iter().map(blame).collect())
}

/// The last lives of targets, each up to a state.
fn lives(
    history: &mut History<'_>,
    asked: &[(Target, usize)],
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Vec<Option<Life>>, Error> {
    let questions: Vec<Question> = asked
        .iter()
        .map(|(_, end)| Question { end: *end })
        .collect();
    let names = asked.iter().map(|(target, _)| target.names()).collect();
    let suspects: BTreeSet<usize> = (1..=history.end())
        .filter(|n| {
            let script = history.migration(*n).and_then(Script::read);
            script.is_some_and(|script| script.may_be_about(&names))
        })
        .collect();
    search(&questions, &suspects, &mut |wanted| {
        history.read(wanted, progress)?;
        Ok(answers(
            history,
            wanted.iter().map(|n| (*n, Moment::state(*n))),
            asked,
        ))
    })
}

fn answers(
    history: &History<'_>,
    moments: impl Iterator<Item = (usize, Moment)>,
    asked: &[(Target, usize)],
) -> Answers<String> {
    moments
        .filter_map(|(number, moment)| {
            let state = history.at(moment)?;
            let sight = |(target, _): &(Target, usize)| target.sight(&history.store, state);
            Some((number, asked.iter().map(sight).collect()))
        })
        .collect()
}

impl Trace {
    /// What was never there under its name may have been there when what it hangs on was called otherwise.
    fn follow_holder(
        &mut self,
        history: &mut History<'_>,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<(), Error> {
        let Some(holder) = self.target.holder().filter(|_| self.names < MOST_NAMES) else {
            return Ok(());
        };
        let lives = lives(history, &[(holder.clone(), self.end)], progress)?;
        let Some(step) = lives
            .into_iter()
            .next()
            .flatten()
            .and_then(|life| life.born)
        else {
            return Ok(());
        };
        let cause = Cause::of(history, &holder, step, Which::Birth, progress)?;
        if let Some(former) = self.target.former(&cause.changes) {
            self.target = former;
            self.end = step - 1;
            self.names += 1;
            self.done = false;
        }
        Ok(())
    }

    /// Takes a life in, and goes on with the former name where it was born by being renamed.
    fn follow(
        &mut self,
        life: Option<Life>,
        history: &mut History<'_>,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<(), Error> {
        self.done = true;
        let Some(life) = life else {
            // Something is not known: nothing is said that may be wrong.
            self.seen = false;
            return Ok(());
        };
        if life == Life::default() && !self.seen {
            return self.follow_holder(history, progress);
        }
        self.seen = true;
        if let Some(step) = life.gone {
            let cause = Cause::of(history, &self.target, step, Which::End, progress)?;
            let act = match self.target.is_renamed(&cause.changes) {
                true => Act::Renamed,
                false => Act::Dropped,
            };
            self.changed = cause.place.map(|place| LastChange { act, place });
        } else if let (Some(step), None) = (life.changed, &self.changed) {
            let cause = Cause::of(history, &self.target, step, Which::LastChange, progress)?;
            if !self.target.is_touched(&cause.changes) {
                // Its text follows a name that changed: that is no change of it.
                self.end = step - 1;
                self.done = false;
                return Ok(());
            }
            if cause.born.is_some() {
                // Dropped and made again by one migration.
                self.created = cause.at(cause.born);
                self.changed = cause.later();
                return Ok(());
            }
            self.changed = cause.place.map(|place| LastChange {
                act: Act::Changed,
                place,
            });
        }
        let Some(step) = life.born else {
            return Ok(());
        };
        let cause = Cause::of(history, &self.target, step, Which::Birth, progress)?;
        match self.target.former(&cause.changes) {
            Some(former)
                if (history.at(Moment::state(step - 1)))
                    .is_some_and(|state| former.sight(&history.store, state).is_none()) =>
            {
                // Made by the same migration under another name, as where a table is copied and takes the place of the old one.
                if self.changed.is_none() {
                    let renamed = || {
                        let place = cause.place.clone()?;
                        let act = Act::Renamed;
                        (self.target.is_changed_by_name()).then_some(LastChange { act, place })
                    };
                    self.changed = cause.later().or_else(renamed);
                }
                self.created = cause.made_as(history, &former, step, progress)?;
            }
            Some(former) if self.names < MOST_NAMES => {
                let differs = || {
                    let sight = |target: &Target, moment| {
                        let state = history.at(moment)?;
                        target.sight(&history.store, state)
                    };
                    sight(&former, Moment::state(step - 1))
                        != sight(&self.target, Moment::state(step))
                };
                if self.changed.is_none() {
                    let by_name = || {
                        let (act, place) = match (self.target.is_changed_by_name(), differs()) {
                            (true, _) => (Act::Renamed, cause.place.clone()),
                            // By the same migration, before it changed the name.
                            (false, true) => (Act::Changed, cause.at(None)),
                            (false, false) => return None,
                        };
                        place.map(|place| LastChange { act, place })
                    };
                    self.changed = cause.later().or_else(by_name);
                }
                self.target = former;
                self.end = step - 1;
                self.names += 1;
                self.done = false;
            }
            Some(_) => {}
            None => {
                if self.changed.is_none() {
                    self.changed = cause.later();
                }
                self.created = cause.place;
            }
        }
        Ok(())
    }
}

/// What is asked about a step of a chain.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Birth,
    LastChange,
    End,
}

impl Which {
    fn of(self, life: Life) -> Option<usize> {
        match self {
            Self::Birth => life.born,
            // What was dropped and made again as another one has no later change.
            Self::LastChange => life.changed.or(life.born),
            Self::End => life.gone,
        }
    }
}

/// What a step of a chain did to a target.
struct Cause {
    place: Option<MigrationPlace>,
    /// All that changed there, by the statement where that is known.
    changes: Vec<Change>,
    /// The statement that did it, counted from 1, where it is known.
    statement: Option<usize>,
    /// The line of the statement that made it, where it was one of this step.
    born: Option<usize>,
    /// The line of the last statement that changed it after that.
    changed: Option<usize>,
}

impl Cause {
    fn of(
        history: &mut History<'_>,
        target: &Target,
        step: usize,
        which: Which,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Self, Error> {
        let mut cause = Self {
            place: None,
            changes: history.changes(Moment::state(step - 1), Moment::state(step)),
            statement: None,
            born: None,
            changed: None,
        };
        let Some(migration) = history.migration(step) else {
            return Ok(cause);
        };
        let script = Script::read(migration);
        let mut place = MigrationPlace {
            migration: migration.name.clone(),
            file: migration.up_sql(),
            line: script.as_ref().and_then(Script::only_line),
        };
        if let (Some(script), None) = (&script, place.line) {
            let asked = [(target.clone(), None)];
            let lives = statements(history, &asked, step, script, progress)?;
            let life = lives.into_iter().next().flatten();
            if let Some((life, statement)) = life.and_then(|life| Some((life, which.of(life)?))) {
                place.line = script.line(statement);
                cause.statement = Some(statement);
                cause.born = life.born.and_then(|statement| script.line(statement));
                cause.changed = life.changed.and_then(|statement| script.line(statement));
                cause.changes = history.changes(
                    Moment::within(step, statement - 1),
                    Moment::within(step, statement),
                );
            }
        }
        cause.place = Some(place);
        Ok(cause)
    }

    /// The place of another statement of the step.
    fn at(&self, line: Option<usize>) -> Option<MigrationPlace> {
        let place = self.place.clone()?;
        Some(MigrationPlace { line, ..place })
    }

    /// Where the step made what it called otherwise afterwards; none where it had had another name before, which is not followed.
    fn made_as(
        &self,
        history: &mut History<'_>,
        former: &Target,
        step: usize,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Option<MigrationPlace>, Error> {
        let script = history.migration(step).and_then(Script::read);
        let (Some(script), Some(end)) = (script, self.statement) else {
            return Ok(None);
        };
        let asked = [(former.clone(), Some(end - 1))];
        let lives = statements(history, &asked, step, &script, progress)?;
        let Some(born) = lives
            .into_iter()
            .next()
            .flatten()
            .and_then(|life| life.born)
        else {
            return Ok(None);
        };
        let changes = history.changes(Moment::within(step, born - 1), Moment::within(step, born));
        Ok(match former.former(&changes) {
            Some(_) => None,
            None => self.at(script.line(born)),
        })
    }

    /// A change after it was made, by the same step.
    fn later(&self) -> Option<LastChange> {
        let place = self.at(Some(self.changed?))?;
        Some(LastChange {
            act: Act::Changed,
            place,
        })
    }
}

/// Migrations whose statements are to be told apart, each with what they are asked for.
type Steps = BTreeMap<usize, BTreeSet<Names>>;

/// Reads in one replay what will in all likelihood be asked for of the statements of migrations.
fn read_ahead(
    history: &mut History<'_>,
    steps: &Steps,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<(), Error> {
    for (step, names) in steps {
        let script = history.migration(*step).and_then(Script::read);
        let Some(script) = script.filter(|script| script.only_line().is_none()) else {
            continue;
        };
        let Some(count) = script.steps().map(|steps| steps.len()) else {
            continue;
        };
        let suspects = script.suspects(names);
        let both_sides = suspects
            .iter()
            .flat_map(|statement| [statement - 1, *statement]);
        let wanted = both_sides.chain([0, count]).collect();
        history.read_statements(*step, &script, &wanted, progress)?;
    }
    Ok(())
}

/// The last thing that was done.
fn last_act(life: Life) -> Option<usize> {
    life.gone.or(life.changed).or(life.born)
}

/// The last lives of targets among the statements of a migration, which are counted from 1, each up to the last statement or up to one; none
/// where they cannot be told.
fn statements(
    history: &mut History<'_>,
    targets: &[(Target, Option<usize>)],
    step: usize,
    script: &Script,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Vec<Option<Life>>, Error> {
    let Some(count) = script.steps().map(|steps| steps.len()) else {
        return Ok(vec![None; targets.len()]);
    };
    let asked: Vec<(Target, usize)> = (targets.iter())
        .map(|(target, end)| (target.clone(), end.unwrap_or(count)))
        .collect();
    let questions: Vec<Question> = (asked.iter().map(|(_, end)| Question { end: *end })).collect();
    let names = targets.iter().map(|(target, _)| target.names()).collect();
    let lives = search(
        &questions,
        &script.suspects(&names),
        &mut |wanted| -> Result<_, Error> {
            let within = |count: &usize| (*count, Moment::within(step, *count));
            match history.read_statements(step, script, wanted, progress)? {
                true => Ok(answers(history, wanted.iter().map(within), &asked)),
                false => Ok(Vec::new()),
            }
        },
    )?;
    // Run one by one, they have to lead where they lead together.
    let agrees = |(target, end): &(Target, usize)| {
        let sight = |moment| target.sight(&history.store, history.at(moment)?);
        *end < count || sight(Moment::within(step, count)) == sight(Moment::state(step))
    };
    let told = |(asked, life): (&(Target, usize), Option<Life>)| life.filter(|_| agrees(asked));
    Ok(asked.iter().zip(lives).map(told).collect())
}
