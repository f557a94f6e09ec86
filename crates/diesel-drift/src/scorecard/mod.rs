//! The scorecard: is it done? One line for each thing that a schema needs before somebody builds on it, with the evidence beside it.
//!
//! Everything is gathered once (`gather.rs`), on a scratch database; a line is one small function of it, in a file of its own.

mod gather;
mod immutable;
mod lines;
mod lookup;

use crate::Step;
use crate::error::Error;
use crate::project::Project;
use crate::provision;
use gather::Evidence;
use schemars::JsonSchema;
use serde::Serialize;

/// How good a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// ✅ Present and correct.
    Green,
    /// 🟡 Present but weak: it works, and will hurt soon; or it was not tried.
    Yellow,
    /// ❌ Missing, or wrong.
    Red,
}

impl Status {
    /// A sign for it.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Green => "✅",
            Self::Yellow => "🟡",
            Self::Red => "❌",
        }
    }
}

/// A line of a scorecard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id, in kebab case. It never changes.
    pub id: &'static str,
    /// What it is about: "join tables exist where many-to-many is claimed".
    pub title: &'static str,
    /// How good it is.
    pub status: Status,
    /// Sentences: what was seen.
    pub evidence: Vec<String>,
}

/// A page that is read in a minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scorecard {
    /// The lines, in the order in which they are read.
    pub lines: Vec<Line>,
    /// What `[scorecard]` of drift.toml could say and does not, and what would be looked at then.
    pub unasked: Vec<&'static str>,
    /// The database on which it was tried, without any secret; none where there was none.
    pub database: Option<String>,
}

impl Scorecard {
    /// The worst line.
    #[must_use]
    pub fn worst(&self) -> Status {
        let statuses = self.lines.iter().map(|line| line.status);
        statuses.max().unwrap_or(Status::Green)
    }

    /// How many lines are so.
    #[must_use]
    pub fn count(&self, status: Status) -> usize {
        (self.lines.iter())
            .filter(|line| line.status == status)
            .count()
    }

    /// Whether a line is at least as bad as `threshold`.
    #[must_use]
    pub fn fails(&self, threshold: Status) -> bool {
        self.worst() >= threshold
    }
}

/// What is tried, and where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScorecardOptions {
    /// Of the migrations, only the newest is tried down and up again.
    pub quick: bool,
    /// Where the databases come from.
    pub provision: provision::Options,
}

/// Draws the scorecard of a project, and tells `progress` of each step.
///
/// # Errors
/// When there is no database to be had, or the project's sources or configuration cannot be read. What is wrong with the project is a line.
pub fn scorecard(
    project: &Project,
    options: &ScorecardOptions,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Scorecard, Error> {
    let evidence = Evidence::gather(project, options, progress)?;
    Ok(Scorecard {
        lines: lines::all(&evidence),
        unasked: lines::unasked(&project.scorecard),
        database: evidence.schema.ok().map(|schema| schema.database),
    })
}
