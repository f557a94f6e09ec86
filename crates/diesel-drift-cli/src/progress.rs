//! Progress, on a terminal only.

use crate::args::Verbosity;
use crate::output::CliError;
use diesel_drift::{Error, Step, visible};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::{Duration, Instant};

/// A line on stderr that says what is going on, and how long each step took.
pub struct Progress {
    bar: ProgressBar,
    running: Option<(String, Instant)>,
}

impl Progress {
    /// A line that is drawn only where stderr is a terminal and nothing asks for quiet.
    fn new(verbosity: Verbosity) -> Self {
        let target = match verbosity {
            Verbosity::Quiet => ProgressDrawTarget::hidden(),
            _ => ProgressDrawTarget::stderr(),
        };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar, running: None }
    }

    /// Shows what `work` is doing while it goes on.
    pub fn over<T>(
        verbosity: Verbosity,
        work: impl FnOnce(&mut dyn FnMut(Step<'_>)) -> Result<T, Error>,
    ) -> Result<T, CliError> {
        let mut progress = Self::new(verbosity);
        let outcome = work(&mut |step| progress.step(&step));
        progress.finish();
        Ok(outcome?)
    }

    /// Goes on to `step`; of the one before, the time it took stays on the screen.
    fn step(&mut self, step: &Step<'_>) {
        let (name, message) = describe(step);
        if self
            .running
            .as_ref()
            .is_none_or(|(running, _)| *running != name)
        {
            self.settle();
            self.running = Some((name, Instant::now()));
        }
        self.bar.set_message(message);
    }

    /// Takes the line away.
    fn finish(&mut self) {
        self.settle();
        self.bar.finish_and_clear();
    }

    fn settle(&mut self) {
        if let Some((name, since)) = self.running.take() {
            self.bar.println(format!(
                "  {name:<12} {:>6.2} s",
                since.elapsed().as_secs_f64()
            ));
        }
    }
}

fn describe(step: &Step<'_>) -> (String, String) {
    let (name, message) = match step {
        Step::Declared => ("declared", "reading schema.rs".to_owned()),
        Step::Provision => ("provision", "bringing up a fresh PostgreSQL".to_owned()),
        Step::Migrate { done, total, name } => (
            "migrate",
            format!("migration {done}/{total} {}", visible(name)),
        ),
        Step::Command => (
            "migrate",
            "running the project's own migration command".to_owned(),
        ),
        Step::Introspect => ("introspect", "reading the catalog".to_owned()),
        Step::Blame { done, total, name } => (
            "blame",
            format!("blame: migration {done}/{total} {}", visible(name)),
        ),
        Step::Case { done, total } => ("cases", format!("case {done}/{total}")),
        Step::RoundTrip { done, total, name } => (
            "round trip",
            format!("migration {done}/{total} {}", visible(name)),
        ),
        Step::RoundTripWhole => (
            "all down",
            "taking all migrations down to nothing, and up again".to_owned(),
        ),
        Step::Compare => ("compare", "comparing".to_owned()),
    };
    (name.to_owned(), message)
}
