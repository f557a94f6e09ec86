//! The table, and its place in `docs/performance.md`.

use crate::Failure;
use crate::measure::Pair;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

const BEGIN: &str = "<!-- written by `make bench` -->\n";
const END: &str = "<!-- end -->\n";

/// What was measured, as it goes into the table.
#[derive(Default)]
pub struct Page {
    rows: Vec<String>,
    notes: Vec<String>,
}

impl Page {
    /// Adds two times. `goal` is the most that the ratio should be, where there is a goal for it.
    pub fn pair(&mut self, what: &str, against: &str, pair: &Pair, goal: Option<f64>) {
        let Pair { ours, other, ratio } = pair;
        self.row(
            what,
            &seconds(*ours),
            &format!("{against}: {}", seconds(*other)),
            &times(*ratio),
            goal.map(|goal| (format!("≤ {}", times(goal)), *ratio <= goal)),
        );
    }

    /// Adds two times where the goal is how many times as fast the harness is.
    pub fn faster(&mut self, what: &str, against: &str, pair: &Pair, goal: f64) {
        let faster = pair.ratio.recip();
        self.row(
            what,
            &seconds(pair.ours),
            &format!("{against}: {}", seconds(pair.other)),
            &format!("{faster:.0} × faster"),
            Some((format!("≥ {goal:.0} × faster"), faster >= goal)),
        );
    }

    /// Adds a row: `goal` is a text and whether it is met.
    pub fn row(
        &mut self,
        what: &str,
        ours: &str,
        against: &str,
        ratio: &str,
        goal: Option<(String, bool)>,
    ) {
        let (goal, met) = match goal {
            Some((goal, met)) => (goal, if met { "met" } else { "**not met**" }),
            None => (String::new(), ""),
        };
        let row = format!("| {what} | {ours} | {against} | {ratio} | {goal} | {met} |\n");
        eprint!("{row}");
        self.rows.push(row);
    }

    /// Adds a sentence below the table.
    pub fn note(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        eprintln!("{sentence}");
        self.notes.push(sentence);
    }

    /// The page's part, in Markdown.
    pub fn text(&self, machine: &str) -> String {
        let notes: String = (self.notes.iter())
            .map(|note| format!("- {note}\n"))
            .collect();
        format!(
            "Measured on {machine}.\n\n| what | ours | against | ratio | goal | |\n|---|---|---|---|---|---|\n{}\n{notes}",
            self.rows.concat()
        )
    }
}

/// Puts `text` between the marks of `docs/performance.md`.
pub fn write(text: &str) -> Result<PathBuf, Failure> {
    let path = fs::canonicalize(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/performance.md"
    ))?;
    let page = fs::read_to_string(&path)?;
    let (before, rest) = page.split_once(BEGIN).ok_or("the page has no mark")?;
    let (_, after) = rest.split_once(END).ok_or("the page has no second mark")?;
    fs::write(&path, format!("{before}{BEGIN}\n{text}\n{END}{after}"))?;
    Ok(path)
}

/// `0.21 ×`.
pub fn times(ratio: f64) -> String {
    format!("{ratio:.2} ×")
}

/// A time with three digits: `1.23 s`, `12.3 ms`.
pub fn seconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    match milliseconds {
        1000.0.. => format!("{:.2} s", milliseconds / 1000.0),
        100.0.. => format!("{milliseconds:.0} ms"),
        _ => format!("{milliseconds:.1} ms"),
    }
}
