//! The history of an object, as text and as JSON.

use super::Style;
use super::json::JsonPlace;
use crate::blame::{Did, LogChange, LogEntry, ObjectLog};
use crate::catalog::ObjectPath;
use crate::kinds::is_long;
use crate::text::{show_name, visible};
use anstyle::{AnsiColor, Style as Ansi};
use schemars::JsonSchema;
use serde::Serialize;
use std::io::{self, Write};
use std::path::Path;

/// The version of the JSON form. It grows when a reader of the former version could misread the new one.
pub const LOG_VERSION: u32 = 1;

/// How many lines of a text that was made new are shown.
const MOST_LINES: usize = 12;

/// Writes a log as text: a paragraph for each migration, newest first, with a line for each thing that it did.
///
/// # Errors
/// When `out` does.
pub fn write_log(log: &ObjectLog, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let heading = match style.color {
        true => AnsiColor::Yellow.on_default(),
        false => Ansi::new(),
    };
    write_entries(&log.entries, heading, out)?;
    for former in &log.former {
        let until = one_line(&former.until);
        writeln!(
            out,
            "another {} until migration {until}:\n",
            named(&log.object)
        )?;
        write_entries(&former.entries, heading, out)?;
    }
    if !log.is_there {
        writeln!(out, "{} is not there any more", named(&log.object))?;
    }
    for notice in &log.notices {
        writeln!(out, "notice: {}", visible(notice))?;
    }
    Ok(())
}

fn write_entries(entries: &[LogEntry], heading: Ansi, out: &mut dyn Write) -> io::Result<()> {
    for entry in entries {
        let name = entry
            .changes
            .first()
            .map_or("", |change| &change.place.migration);
        writeln!(out, "{heading}migration {}{heading:#}", one_line(name))?;
        let lines: Vec<String> = entry.changes.iter().map(line).collect();
        let width = lines.iter().map(String::len).max().unwrap_or_default();
        for (change, line) in entry.changes.iter().zip(&lines) {
            write_change(change, &format!("    {line:width$}  "), out)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The file and the line.
fn line(change: &LogChange) -> String {
    let file = change.place.file.file_name().unwrap_or_default();
    let file = visible(&file.to_string_lossy());
    match change.place.line {
        Some(line) => format!("{file}:{line}"),
        None => file,
    }
}

fn write_change(change: &LogChange, margin: &str, out: &mut dyn Write) -> io::Result<()> {
    let object = named(&change.path);
    let indent = " ".repeat(margin.len() + 2);
    match &change.what {
        Did::Created { facts } => {
            let brief: Vec<String> = facts
                .iter()
                .map(|(name, value)| format!("{name} {value}"))
                .collect();
            let brief = brief.join(", ");
            if change.path.child.is_some() && !is_long(&brief) {
                let separator = if brief.is_empty() { "" } else { ": " };
                return writeln!(
                    out,
                    "{margin}created {object}{separator}{}",
                    visible(&brief)
                );
            }
            writeln!(out, "{margin}created {object}")?;
            for (name, value) in facts {
                let value = visible(value);
                let separator = if value.is_empty() { "" } else { ": " };
                if is_long(&value) && value.contains('\n') {
                    writeln!(out, "{indent}{name}:")?;
                    let lines: Vec<&str> = value.lines().collect();
                    for line in lines.iter().take(MOST_LINES) {
                        writeln!(out, "{indent}  {line}")?;
                    }
                    if let Some(more) = lines.len().checked_sub(MOST_LINES).filter(|more| *more > 0)
                    {
                        writeln!(out, "{indent}  … and {}", crate::text::plural(more, "line"))?;
                    }
                } else {
                    writeln!(out, "{indent}{name}{separator}{value}")?;
                }
            }
            Ok(())
        }
        Did::Dropped => writeln!(out, "{margin}dropped {object}"),
        Did::Renamed { to } => writeln!(
            out,
            "{margin}renamed {object} to `{}`",
            last_name(&change.path, to)
        ),
        Did::Changed {
            attribute,
            from,
            to,
        } if is_long(from) || is_long(to) => {
            writeln!(out, "{margin}changed {object}: {}", visible(attribute))?;
            let lines = |text: &str| visible(text).replace('\r', "\\r") + "\n";
            let patch = diffy::create_patch(&lines(from), &lines(to)).to_string();
            let changes = patch.lines().skip_while(|line| !line.starts_with("@@"));
            for line in changes.filter(|line| !line.starts_with("@@") && !line.starts_with("\\ ")) {
                writeln!(out, "{indent}{line}")?;
            }
            Ok(())
        }
        Did::Changed {
            attribute,
            from,
            to,
        } => writeln!(
            out,
            "{margin}changed {object}: {} {} → {}",
            visible(attribute),
            one_line(from),
            one_line(to)
        ),
    }
}

fn one_line(text: &str) -> String {
    visible(text).replace('\n', "\\u{a}")
}

/// An object in a sentence: "table `public.users`".
fn named(path: &ObjectPath) -> String {
    match path.to_string() {
        database if path.name.is_empty() => format!("the {database}"),
        path_text => format!("{} `{path_text}`", path.class.title()),
    }
}

/// The part of a name that is another one.
fn last_name(from: &ObjectPath, to: &ObjectPath) -> String {
    match &to.child {
        Some(child) => show_name(child),
        None if from.schema == to.schema && from.name != to.name => show_name(&to.name),
        None => to.to_string(),
    }
}

/// What `diesel-drift log` tells of an object.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "diesel-drift log")]
struct JsonLog {
    /// The version of this form.
    version: u32,
    /// The object, as it is called at the end of the chain or was last.
    object: JsonObject,
    /// Whether it is there at the end of the chain.
    is_there: bool,
    /// The migrations that did something to it, newest first.
    entries: Vec<JsonEntry>,
    /// Others that had its name before it was given it, newest first.
    former: Vec<JsonFormer>,
    /// Sentences about what could not be looked at.
    notices: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Former")]
struct JsonFormer {
    /// The name of the migration that gave its name to another.
    until: String,
    /// The migrations that did something to it, newest first.
    entries: Vec<JsonEntry>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Object")]
struct JsonObject {
    /// As findings name it.
    path: String,
    /// What it is.
    class: &'static str,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Entry")]
struct JsonEntry {
    /// The migration's version.
    version: String,
    /// What it did, in the order of its statements.
    changes: Vec<JsonChange>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Change")]
struct JsonChange {
    /// The object, or what hangs on it; where it was renamed, as it was called before.
    object: JsonObject,
    #[serde(flatten)]
    place: JsonPlace,
    #[serde(flatten)]
    what: JsonDid,
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "act", rename_all = "lowercase")]
enum JsonDid {
    /// It was made.
    Created {
        /// What was said about it, and what hangs on it.
        facts: Vec<JsonFact>,
    },
    /// It was dropped.
    Dropped,
    /// It was given another name.
    Renamed {
        /// What it is called since.
        to: String,
    },
    /// A fact was changed.
    Changed {
        /// Dotted: `index.options`.
        attribute: String,
        /// What it was.
        from: String,
        /// What it became.
        to: String,
    },
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Fact")]
struct JsonFact {
    name: String,
    value: String,
}

/// Writes a log as one JSON document.
///
/// # Errors
/// When `out` does.
pub fn write_log_json(log: &ObjectLog, out: &mut dyn Write) -> io::Result<()> {
    let entries = |entries: &[LogEntry]| {
        let entries = entries.iter();
        entries
            .map(|entry| JsonEntry::new(entry, &log.root))
            .collect()
    };
    let document = JsonLog {
        version: LOG_VERSION,
        object: JsonObject::new(&log.object),
        is_there: log.is_there,
        entries: entries(&log.entries),
        former: (log.former.iter())
            .map(|former| JsonFormer {
                until: former.until.clone(),
                entries: entries(&former.entries),
            })
            .collect(),
        notices: log.notices.clone(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// The JSON Schema of what [`write_log_json`] writes.
pub fn log_schema() -> serde_json::Value {
    schemars::schema_for!(JsonLog).to_value()
}

impl JsonObject {
    fn new(path: &ObjectPath) -> Self {
        Self {
            path: path.to_string(),
            class: path.class.id,
        }
    }
}

impl JsonEntry {
    fn new(entry: &LogEntry, root: &Path) -> Self {
        let change = |change: &LogChange| JsonChange {
            object: JsonObject::new(&change.path),
            place: JsonPlace::new(&change.place, root),
            what: JsonDid::new(&change.what),
        };
        Self {
            version: entry.version.clone(),
            changes: entry.changes.iter().map(change).collect(),
        }
    }
}

impl JsonDid {
    fn new(what: &Did) -> Self {
        match what.clone() {
            Did::Created { facts } => Self::Created {
                facts: (facts.into_iter())
                    .map(|(name, value)| JsonFact { name, value })
                    .collect(),
            },
            Did::Dropped => Self::Dropped,
            Did::Renamed { to } => Self::Renamed { to: to.to_string() },
            Did::Changed {
                attribute,
                from,
                to,
            } => Self::Changed {
                attribute,
                from,
                to,
            },
        }
    }
}
