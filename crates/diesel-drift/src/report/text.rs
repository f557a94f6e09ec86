//! Text for people, in the manner of rustc.

use super::{Compared, Counts, Migrated, Report};
use crate::declared::Span;
use crate::finding::{Blame, Finding, Found, Kind, Severity};
use crate::kinds;
use crate::roundtrip::{Tried, Verdict};
use crate::subject::Subject;
use crate::text::{plural, visible};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;

/// How text is rendered.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// With ANSI colours.
    pub color: bool,
    /// Findings from this severity on are shown with their place; of those below, the first few of
    /// each kind get a line.
    pub full: Severity,
    /// From this severity on a finding is drift, for the summary.
    pub fail_on: Severity,
    /// With what was suppressed.
    pub show_suppressed: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            color: false,
            full: Severity::Warning,
            fail_on: Severity::Warning,
            show_suppressed: false,
        }
    }
}

/// How many findings of one rule are shown in full.
const MOST_FULL: usize = 5;

/// How many findings of one kind get a line before the rest is only counted.
const MOST_LINES: usize = 3;

/// Writes `report` as text: each finding with its place, then a summary.
///
/// # Errors
/// When `out` does.
pub fn write_text(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if let Compared::RoundTrip { tried } = &report.compared {
        write_tried(tried, style, out)?;
    }
    write_findings(report, style, out)?;
    write_lines(report, style, out)?;
    if style.show_suppressed {
        for suppressed in &report.suppressed {
            let finding = &suppressed.finding;
            let term = (suppressed.term.as_ref())
                .map(|term| format!("; {} until {}", term.owner, term.until));
            let reason = visible(&format!(
                "{}{}",
                suppressed.reason,
                term.unwrap_or_default()
            ));
            writeln!(
                out,
                "suppressed[{}]: {} ({reason})",
                finding.kind.id,
                finding.message()
            )?;
        }
    }
    for notice in &report.notices {
        writeln!(out, "notice: {}", visible(notice))?;
    }
    writeln!(out, "{}", summary(report, style))
}

/// Writes only the findings that are shown in full.
///
/// # Errors
/// When `out` does.
pub fn write_findings(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut told = BTreeSet::new();
    let (full, _) = split(report, style);
    full.into_iter().try_for_each(|finding| {
        // Once is enough.
        let first = told.insert(finding.kind.id);
        let because = finding
            .kind
            .rule()
            .filter(|_| first)
            .map(|rule| rule.because);
        writeln!(
            out,
            "{}\n",
            render(finding, because, &report.sources, style)
        )
    })
}

/// The findings that are shown in full, and those that get a line. What breaks one rule everywhere is a habit: the first few show it, unless
/// everything is asked for.
fn split(report: &Report, style: Style) -> (Vec<&Finding>, Vec<&Finding>) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    report.findings.iter().partition(|finding| {
        let kind = finding.kind;
        let is_rule = kind.rule().is_some() || matches!(kind.found, Found::ByOwnRule);
        let is_severe = finding.severity >= style.full;
        let count = seen.entry(kind.id).or_default();
        *count += usize::from(is_severe);
        is_severe && (!is_rule || *count <= MOST_FULL || style.full == Severity::Note)
    })
}

/// The findings that are not shown in full, a line each.
fn write_lines(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let (_, brief) = split(report, style);
    for kind in kinds::all().chain(own_kinds(report)) {
        let findings: Vec<_> = (brief.iter())
            .filter(|finding| finding.kind == kind)
            .collect();
        for finding in findings.iter().take(MOST_LINES) {
            let place = match &finding.span {
                Some(span) => format!(
                    "{}:{}:{}: ",
                    visible(&span.file.display().to_string()),
                    span.line,
                    span.column
                ),
                None => String::new(),
            };
            writeln!(
                out,
                "{}[{}]: {place}{}",
                finding.severity,
                kind.id,
                finding.message()
            )?;
        }
        if let Some(more) = findings
            .len()
            .checked_sub(MOST_LINES)
            .filter(|more| *more > 0)
        {
            writeln!(out, "… and {more} more of {}; -v shows all", kind.id)?;
        }
    }
    Ok(())
}

/// The project's own rules that are broken, which no list of kinds has.
fn own_kinds(report: &Report) -> Vec<&'static Kind> {
    let mut own: Vec<&Kind> = (report.findings.iter().map(|finding| finding.kind))
        .filter(|kind| matches!(kind.found, Found::ByOwnRule))
        .collect();
    own.sort_by_key(|kind| kind.id);
    own.dedup();
    own
}

/// `because` is told beside it: what a rule is for.
fn render(
    finding: &Finding,
    because: Option<&str>,
    sources: &BTreeMap<PathBuf, String>,
    style: Style,
) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = finding.message();
    let title = level.primary_title(message).id(finding.kind.id);
    let in_file = |span: &&Span| !span.is_whole_file();
    let excerpt = finding.span.as_ref().filter(in_file).and_then(|span| {
        let text = sources.get(&span.file)?;
        let first = text
            .get(..span.start)?
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
        let last = text
            .get(span.end..)?
            .find('\n')
            .map_or(text.len(), |newline| span.end + newline);
        let lines = text.get(first..last)?.trim_end_matches('\r');
        let marked = span.start - first..(span.end - first).min(lines.len());
        let annotation = AnnotationKind::Primary.span(marked);
        let annotation = match &finding.live {
            // The sentence says it, and what the place is about is another thing.
            _ if matches!(finding.subject, Subject::InMigration { .. }) => annotation,
            Some(live) if finding.declared.is_some() => {
                let what = match (&finding.attribute, live.as_str()) {
                    (Some(attribute), "true" | "false") => format!("{attribute} "),
                    _ => String::new(),
                };
                annotation.label(visible(&format!("in the database: {what}{live}")))
            }
            _ => annotation,
        };
        let path = visible(&span.file.display().to_string());
        Some(
            Snippet::source(lines.to_owned())
                .line_start(span.line)
                .path(path)
                .annotation(annotation),
        )
    });
    let group = match (excerpt, &finding.span) {
        (Some(snippet), _) => title.element(snippet),
        (None, Some(span)) if span.is_whole_file() => {
            title.element(Origin::path(visible(&span.file.display().to_string())))
        }
        (None, _) => Group::with_title(title),
    };
    let group = match line_diff(finding) {
        Some(lines) => group.element(Level::NOTE.message(lines)),
        None => group,
    };
    let group = match finding.who_stands_alone() {
        Some(sentence) => group.element(Level::NOTE.message(sentence)),
        None => group,
    };
    let group = match finding.blame.as_ref().map(Blame::sentence) {
        Some(sentence) => group.element(Level::NOTE.message(sentence)),
        None => group,
    };
    let group = match because {
        Some(because) => group.element(Level::NOTE.message(because)),
        None => group,
    };
    let group = finding.help.iter().fold(group, |group, help| {
        group.element(Level::HELP.message(help.clone()))
    });
    let renderer = if style.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.decor_style(DecorStyle::Ascii).render(&[group])
}

/// Two long values of an object's fact as the lines that differ.
fn line_diff(finding: &Finding) -> Option<String> {
    let (expected, live) = (finding.declared.as_ref()?, finding.live.as_ref()?);
    let attribute = finding.attribute.as_deref()?;
    let long = kinds::is_long(expected) || kinds::is_long(live);
    // An order is told by the sentence.
    (long && attribute != "order").then(|| {
        let lines = |text: &str| visible(text).replace('\r', "\\r") + "\n";
        let (expected, live) = (lines(expected), lines(live));
        let patch = diffy::create_patch(&expected, &live).to_string();
        let changes = patch.lines().skip_while(|line| !line.starts_with("@@"));
        let shown: Vec<_> = changes.filter(|line| !line.starts_with("@@")).collect();
        format!("expected (-), found (+):\n{}", shown.join("\n"))
    })
}

fn summary(report: &Report, style: Style) -> String {
    let counted: Vec<_> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| (severity, report.count(severity)))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| plural(count, &severity.to_string()))
        .collect();
    let server = (report.server_version)
        .map(|version| format!("PostgreSQL {}", crate::version::readable(version)));
    let database = visible(report.database.as_deref().unwrap_or_default());
    let named = match &server {
        Some(server) => format!("{server} ({database})"),
        None => database.clone(),
    };
    let held = match &report.compared {
        Compared::Declared { counts, migrated } => {
            let against = after(*migrated, server, named);
            format!("{} held against {against}", declarations(*counts))
        }
        Compared::Rules {
            rules,
            tables,
            migrated,
        } => format!(
            "{} looked at {} of {}",
            plural(*rules, "rule"),
            plural(*tables, "table"),
            after(*migrated, server, named)
        ),
        Compared::Catalogs {
            expected,
            objects,
            declared,
        } => {
            let also =
                declared.map(|counts| format!(", and both against {}", declarations(counts)));
            let objects = match objects {
                0 => String::new(),
                count => format!("{} of ", plural(*count, "object")),
            };
            format!(
                "{named} held against {objects}{}{}",
                visible(&expected.description),
                also.unwrap_or_default()
            )
        }
        Compared::Chain {
            migrations,
            against,
        } => {
            let rules = ["the rules of Diesel and PostgreSQL".to_owned()];
            let against = and(rules.iter().chain(against).map(|name| visible(name)));
            format!(
                "{} held against {against}",
                plural(*migrations, "migration")
            )
        }
        Compared::RoundTrip { tried } => format!(
            "{} up, down and up again on {database}: {}",
            plural(tried.len(), "migration"),
            verdicts(tried)
        ),
    };
    let fails = report.fails(style.fail_on);
    let verdict = match (&report.compared, fails) {
        (Compared::Rules { .. }, true) => "rules are broken",
        (Compared::Rules { .. }, false) if counted.is_empty() => "no rule is broken",
        (Compared::Rules { .. }, false) => "nothing fails",
        (_, true) => "drift",
        (_, false) => "no drift",
    };
    let mut line = format!("{verdict}: {held}");
    if !counted.is_empty() {
        line.push_str(&format!("; {}", counted.join(", ")));
    }
    if !report.suppressed.is_empty() {
        line.push_str(&format!("; {} suppressed", report.suppressed.len()));
    }
    line
}

/// The server that was read, and how its database came to its schema; `named` is the database with its server.
fn after(migrated: Migrated, server: Option<String>, named: String) -> String {
    let server = server.unwrap_or_default();
    match migrated {
        Migrated::ByChain(count) => format!("{server} after {}", plural(count, "migration")),
        Migrated::Kept(count) => format!(
            "{server} after {}, kept from an earlier run",
            plural(count, "migration")
        ),
        Migrated::ByCommand => format!("{server} after the project's own migration command"),
        Migrated::Before => named,
    }
}

/// `3 exact, 1 fails`, `2 fail`.
fn verdicts(tried: &[Tried]) -> String {
    let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
    for one in tried {
        *counts.entry(one.verdict).or_default() += 1;
    }
    let word = |verdict: Verdict, count: usize| match (verdict, count) {
        (Verdict::Differs, 2..) => "differ",
        (Verdict::Fails, 2..) => "fail",
        _ => verdict.word(),
    };
    let counted =
        (counts.iter()).map(|(verdict, count)| format!("{count} {}", word(*verdict, *count)));
    counted.collect::<Vec<_>>().join(", ")
}

/// One line a migration.
fn write_tried(tried: &[Tried], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut told = false;
    for one in tried {
        // Of what is as it should be, only those who ask want to hear.
        if one.verdict == Verdict::Exact && style.full > Severity::Note {
            continue;
        }
        told = true;
        let says = one
            .says
            .as_ref()
            .map(|says| format!(" ({})", visible(says)));
        let says = says.unwrap_or_default().replace('\n', " ");
        writeln!(
            out,
            "{}: {}{says}",
            visible(&one.migration).replace('\n', "\\u{a}"),
            one.verdict.word()
        )?;
    }
    match told {
        true => writeln!(out),
        false => Ok(()),
    }
}

/// `a`, `a and b`, `a, b and c`.
fn and(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => String::new(),
    }
}

fn declarations(counts: Counts) -> String {
    format!(
        "{}, {}, {} and {}",
        plural(counts.tables, "table"),
        plural(counts.columns, "column"),
        plural(counts.joins, "join"),
        plural(counts.enums, "enum"),
    )
}
