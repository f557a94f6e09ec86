//! Taking `print_schema.patch_file` back: from the committed file to what Diesel CLI printed.
//!
//! Patches age: line numbers move, and `rustfmt` indents what Diesel CLI did not. So hunks are found by content,
//! without regard to white space and empty lines, and with less context where the context has changed.

use std::ops::Range;
use std::path::Path;

use diffy::patch_set::{FilePatch, ParseOptions, PatchSet};
use diffy::{Hunk, Line};

use super::text::Text;

/// Context lines that may be ignored at either end of a hunk.
const MAX_FUZZ: usize = 3;

/// A text without a patch's changes.
pub(super) struct Reversed {
    /// The text.
    pub(super) text: String,
    /// What of the patch could not be used.
    pub(super) notices: Vec<String>,
}

/// Takes `patch` back from `committed`, the text of the schema file at `path`.
pub(super) fn reverse(committed: &str, path: &Path, patch: &Text) -> Reversed {
    // Diesel CLI's own line ends do not matter here: white space is not compared.
    let mut patch_text = patch.text.replace("\r\n", "\n");
    if patch_text.starts_with("@@") {
        // Diesel CLI does not ask for file names.
        patch_text.insert_str(0, "--- original\n+++ modified\n");
    }
    let name = patch.path.display();
    let mut notices = Vec::new();
    let mut sections = Vec::new();
    for section in PatchSet::parse(&patch_text, ParseOptions::unidiff()) {
        match section {
            Ok(section) => sections.push(section),
            Err(error) => {
                notices.push(format!(
                    "{name}: this patch cannot be read: {error}; the rest of it is ignored"
                ));
                break;
            }
        }
    }
    if sections.len() > 1 {
        sections.retain(|section| concerns(section, path));
    }
    let mut text = committed.to_owned();
    for patch in sections
        .iter()
        .filter_map(|section| section.patch().as_text())
    {
        text = match diffy::apply(&text, &patch.reverse()) {
            Ok(reversed) => reversed,
            Err(_) => approximate(&text, patch.hunks(), |hunk, missed| {
                let (old, new) = (hunk.old_range(), hunk.new_range());
                notices.push(format!(
                    "{name}: {missed} of hunk `@@ -{},{} +{},{} @@` not found in {}; renew the patch, or drop what no longer applies",
                    old.start(),
                    old.len(),
                    new.start(),
                    new.len(),
                    path.display(),
                ));
            }),
        };
    }
    Reversed { text, notices }
}

/// Takes hunks back that do not apply as they are.
fn approximate<'a>(
    text: &str,
    hunks: &'a [Hunk<'a, str>],
    mut missed: impl FnMut(&Hunk<'_, str>, &str),
) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let mut drift = 0;
    for hunk in hunks {
        if let Err(what) = take_back(&mut lines, hunk, &mut drift) {
            missed(hunk, what);
        }
    }
    lines.concat()
}

/// Whether a section of a patch is about a file: of the two paths one is the other's end.
fn concerns(section: &FilePatch<'_, str>, path: &Path) -> bool {
    let Some(patch) = section.patch().as_text() else {
        return false;
    };
    let names = [patch.original(), patch.modified()];
    names.into_iter().flatten().any(|name| {
        // Git's `a/` and `b/` are no directories.
        let name = name
            .strip_prefix(['a', 'b'])
            .map_or(name, |rest| rest.strip_prefix('/').unwrap_or(name));
        path.ends_with(name) || Path::new(name).ends_with(path)
    })
}

/// A line of a hunk that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Change {
    Context(String),
    /// In the committed file only.
    Added(String),
    /// In Diesel CLI's output only.
    Removed(String),
}

/// Takes a hunk back as a whole, else each of its changes on its own. The error says what was not found.
fn take_back(
    lines: &mut Vec<String>,
    hunk: &Hunk<'_, str>,
    drift: &mut isize,
) -> Result<(), &'static str> {
    let changes: Vec<Change> = hunk
        .lines()
        .iter()
        .map(|line| match line {
            Line::Context(line) => Change::Context((*line).to_owned()),
            Line::Insert(line) => Change::Added((*line).to_owned()),
            Line::Delete(line) => Change::Removed((*line).to_owned()),
        })
        .filter(|change| !normal(change.line()).is_empty())
        .collect();
    let start = hunk.new_range().start().saturating_sub(1);
    if replace(lines, &changes, start, drift) {
        return Ok(());
    }
    let groups = groups(&changes);
    let parts = groups.len();
    let mut taken = 0;
    for group in groups {
        taken += usize::from(replace(lines, &changes[group], start, drift));
    }
    match taken {
        0 => Err("the lines"),
        _ if taken < parts => Err("some lines"),
        _ => Ok(()),
    }
}

impl Change {
    fn line(&self) -> &str {
        match self {
            Self::Context(line) | Self::Added(line) | Self::Removed(line) => line,
        }
    }

    fn is_context(&self) -> bool {
        matches!(self, Self::Context(_))
    }
}

/// A line without white space that means nothing.
fn normal(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Runs of changes, each with the context around it.
fn groups(changes: &[Change]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        if change.is_context() {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    let starts: Vec<usize> = runs.iter().map(|run| run.start).collect();
    let ends: Vec<usize> = runs.iter().map(|run| run.end).collect();
    (0..runs.len())
        .map(|run| {
            let start = if run == 0 { 0 } else { ends[run - 1] };
            let end = starts.get(run + 1).copied().unwrap_or(changes.len());
            start..end
        })
        .collect()
}

/// Finds the committed side of `changes` and puts the printed side there.
fn replace(lines: &mut Vec<String>, changes: &[Change], start: usize, drift: &mut isize) -> bool {
    let before = changes
        .iter()
        .take_while(|change| change.is_context())
        .count();
    let after = changes
        .iter()
        .rev()
        .take_while(|change| change.is_context())
        .count();
    if before == changes.len() {
        return true;
    }
    for fuzz in 0..=MAX_FUZZ {
        let (front, back) = (fuzz.min(before), fuzz.min(after));
        if fuzz > 0 && front.max(back) < fuzz {
            break;
        }
        let part = &changes[front..changes.len() - back];
        let expected = start.saturating_add_signed(*drift);
        if let Some(found) = find(lines, part, expected, fuzz > 0) {
            *drift += isize::try_from(found.first_line).unwrap_or_default()
                - isize::try_from(expected).unwrap_or_default();
            splice(lines, part, &found.matched, drift);
            return true;
        }
    }
    false
}

/// Where a hunk is.
struct Place {
    first_line: usize,
    /// Line numbers of the hunk's committed side.
    matched: Vec<usize>,
}

/// The nearest place to `expected` where the committed side of `changes` is; with `unique`, the only one.
fn find(lines: &[String], changes: &[Change], expected: usize, unique: bool) -> Option<Place> {
    let wanted: Vec<String> = changes
        .iter()
        .filter(|change| !matches!(change, Change::Removed(_)))
        .map(|change| normal(change.line()))
        .collect();
    let has_added = changes
        .iter()
        .any(|change| matches!(change, Change::Added(_)));
    // One line of context alone is no place.
    if wanted.is_empty() || (wanted.len() == 1 && !has_added) {
        return None;
    }
    let full: Vec<(usize, String)> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| (at, normal(line)))
        .filter(|(_, line)| !line.is_empty())
        .collect();
    let mut places: Vec<&[(usize, String)]> = full
        .windows(wanted.len())
        .filter(|window| window.iter().map(|(_, line)| line).eq(wanted.iter()))
        .collect();
    if unique && places.len() > 1 {
        return None;
    }
    places.sort_by_key(|window| window.first().map(|(at, _)| at.abs_diff(expected)));
    let matched: Vec<usize> = places.first()?.iter().map(|(at, _)| *at).collect();
    Some(Place {
        first_line: *matched.first()?,
        matched,
    })
}

/// Removes the lines that the patch added and puts those back that it removed.
fn splice(lines: &mut Vec<String>, changes: &[Change], matched: &[usize], drift: &mut isize) {
    let mut matched = matched.iter().copied();
    let mut at = matched.clone().next().unwrap_or_default();
    let mut edits: Vec<(usize, Option<String>)> = Vec::new();
    for change in changes {
        match change {
            Change::Context(_) => at = matched.next().map_or(at, |line| line + 1),
            Change::Added(_) => {
                let line = matched.next().unwrap_or(at);
                edits.push((line, None));
                at = line + 1;
            }
            Change::Removed(line) => {
                let end = if line.ends_with('\n') { "" } else { "\n" };
                edits.push((at, Some(format!("{line}{end}"))));
            }
        }
    }
    // From the end, so that line numbers before stay right; lines put back at one place keep their order.
    for (line, put) in edits.into_iter().rev() {
        match put {
            None => {
                lines.remove(line);
                *drift -= 1;
            }
            Some(text) => {
                lines.insert(line, text);
                *drift += 1;
            }
        }
    }
}
