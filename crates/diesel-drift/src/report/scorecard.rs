//! A scorecard, as text and as JSON.

use super::Style;
use crate::scorecard::{Line, Scorecard, Status};
use crate::text::visible;
use anstyle::{AnsiColor, Style as Ansi};
use schemars::JsonSchema;
use serde::Serialize;
use std::io::{self, Write};

/// The version of the JSON form. It grows when a reader of the former version could misread the new one.
pub const SCORECARD_VERSION: u32 = 1;

/// Writes a scorecard as text: a line for each thing with its sign, what was seen under it, and a verdict.
///
/// # Errors
/// When `out` does.
pub fn write_scorecard(card: &Scorecard, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for Line {
        title,
        status,
        evidence,
        ..
    } in &card.lines
    {
        let title_style = painted(*status, style);
        writeln!(out, "{} {title_style}{title}{title_style:#}", status.sign())?;
        for sentence in evidence {
            for line in visible(sentence).lines() {
                writeln!(out, "     {}", line.trim_end())?;
            }
        }
    }
    let verdict_style = painted(card.worst(), style);
    writeln!(out, "\n{verdict_style}{}{verdict_style:#}", verdict(card))?;
    if !card.unasked.is_empty() {
        writeln!(out, "\nnot asked for; [scorecard] of drift.toml could say:")?;
        for sentence in &card.unasked {
            writeln!(out, "     {sentence}")?;
        }
    }
    Ok(())
}

fn painted(status: Status, style: Style) -> Ansi {
    let color = match status {
        _ if !style.color => return Ansi::new(),
        Status::Green => AnsiColor::Green,
        Status::Yellow => AnsiColor::Yellow,
        Status::Red => AnsiColor::Red,
    };
    color.on_default().bold()
}

/// What all lines together mean.
fn verdict(card: &Scorecard) -> String {
    let [green, yellow, red] =
        [Status::Green, Status::Yellow, Status::Red].map(|of| card.count(of));
    let verdict = match card.worst() {
        Status::Green => "done",
        Status::Yellow => "works, but weak: it will hurt soon",
        Status::Red => "not done",
    };
    format!("{verdict}: {green} ✅  {yellow} 🟡  {red} ❌")
}

/// What `diesel-drift scorecard` says.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "diesel-drift scorecard")]
struct JsonScorecard<'a> {
    /// The version of this form.
    version: u32,
    /// The worst line's status.
    verdict: Status,
    /// The database on which it was tried, without any secret; null where the migrations do not apply.
    database: Option<&'a str>,
    /// The lines, in the order in which they are read.
    lines: Vec<JsonLine<'a>>,
    /// What `[scorecard]` of drift.toml could say and does not.
    unasked: &'a [&'static str],
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Line")]
struct JsonLine<'a> {
    /// Its id, which never changes.
    id: &'a str,
    /// What it is about.
    title: &'a str,
    /// How good it is.
    status: Status,
    /// Sentences: what was seen.
    evidence: &'a [String],
}

/// Writes a scorecard as JSON.
///
/// # Errors
/// When `out` does.
pub fn write_scorecard_json(card: &Scorecard, out: &mut dyn Write) -> io::Result<()> {
    let lines = (card.lines.iter())
        .map(|line| JsonLine {
            id: line.id,
            title: line.title,
            status: line.status,
            evidence: &line.evidence,
        })
        .collect();
    let json = JsonScorecard {
        version: SCORECARD_VERSION,
        verdict: card.worst(),
        database: card.database.as_deref(),
        lines,
        unasked: &card.unasked,
    };
    serde_json::to_writer_pretty(&mut *out, &json)?;
    writeln!(out)
}

/// The JSON Schema of the JSON form.
#[must_use]
pub fn scorecard_schema() -> serde_json::Value {
    schemars::schema_for!(JsonScorecard<'_>).to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card() -> Scorecard {
        let line = |title, status, evidence: &str| Line {
            id: "x",
            title,
            status,
            evidence: vec![evidence.to_owned()],
        };
        Scorecard {
            lines: vec![
                line("models exist", Status::Green, "all 2"),
                line("it was tried", Status::Yellow, "\u{1b}[31mno\nreason"),
            ],
            unasked: vec!["tests = […]: what"],
            database: None,
        }
    }

    fn text(card: &Scorecard) -> String {
        let mut out = Vec::new();
        write_scorecard(card, Style::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_card_is_read_from_top_to_bottom() {
        assert_eq!(
            text(&card()),
            "✅ models exist\n     all 2\n🟡 it was tried\n     \\u{1b}[31mno\n     reason\n\n\
             works, but weak: it will hurt soon: 1 ✅  1 🟡  0 ❌\n\n\
             not asked for; [scorecard] of drift.toml could say:\n     tests = […]: what\n"
        );
    }

    #[test]
    fn the_json_is_as_its_schema_says() {
        let mut out = Vec::new();
        write_scorecard_json(&card(), &mut out).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["version"], 1);
        assert_eq!(json["verdict"], "yellow");
        assert_eq!(json["lines"][1]["status"], "yellow");
        let schema = scorecard_schema();
        for key in schema["required"].as_array().unwrap() {
            assert!(json.get(key.as_str().unwrap()).is_some(), "{key}");
        }
    }
}
