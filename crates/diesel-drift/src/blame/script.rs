//! The statements of a migration: where each begins, and which may be about something.

use crate::migrate::{MigrationDir, line_of, replayable, split};
use std::collections::BTreeSet;
use std::ops::Range;

/// An `up.sql`, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Script {
    sql: String,
    spans: Vec<Range<usize>>,
    /// Those that can be run one by one in a transaction; none where the file cannot be.
    steps: Option<Range<usize>>,
}

/// Files of so few statements are read after each.
const FEW: usize = 12;

impl Script {
    /// None where the file cannot be read, which applying it says.
    pub(super) fn read(migration: &MigrationDir) -> Option<Self> {
        let sql = std::fs::read_to_string(migration.up_sql()).ok()?;
        Some(Self::of(sql, migration.run_in_transaction))
    }

    fn of(sql: String, in_transaction: bool) -> Self {
        let spans = split(&sql);
        let steps = replayable(&sql, &spans, in_transaction);
        Self { sql, spans, steps }
    }

    /// The statements that can be run one by one, in order; none where the file cannot be.
    pub(super) fn steps(&self) -> Option<impl ExactSizeIterator<Item = &str>> {
        let spans = self.spans.get(self.steps.clone()?)?;
        Some(spans.iter().map(|span| &self.sql[span.clone()]))
    }

    /// The text up to the end of the first `count` steps: what makes the state behind them.
    pub(super) fn up_to(&self, count: usize) -> &str {
        let begin = self.steps.as_ref().map_or(0, |steps| steps.start);
        let end = (begin + count)
            .checked_sub(1)
            .and_then(|last| self.spans.get(last));
        &self.sql[..end.map_or(0, |span| span.end)]
    }

    /// The line in which a step begins, counted from 1; `step` is counted from 1 too.
    pub(super) fn line(&self, step: usize) -> Option<usize> {
        let begin = self.steps.as_ref()?.start;
        let span = self.spans.get((begin + step).checked_sub(1)?)?;
        Some(line_of(&self.sql, span.start))
    }

    /// The line of the one statement that the file holds, where it holds one.
    pub(super) fn only_line(&self) -> Option<usize> {
        match &self.spans[..] {
            [span] => Some(line_of(&self.sql, span.start)),
            _ => None,
        }
    }

    /// Whether the file writes one of the names, or may do anything to anything.
    pub(super) fn may_be_about(&self, names: &BTreeSet<String>) -> bool {
        let text = self.sql.to_lowercase();
        self.is_broad() || names.iter().any(|name| writes(&text, name))
    }

    fn is_broad(&self) -> bool {
        self.spans
            .iter()
            .any(|span| is_broad(&self.sql[span.clone()]))
    }

    /// The steps that write one of the names or may do anything; all where there are few. Counted from 1.
    pub(super) fn suspects(&self, names: &BTreeSet<String>) -> BTreeSet<usize> {
        let steps: Vec<&str> = self.steps().into_iter().flatten().collect();
        let is_few = steps.len() <= FEW;
        let about =
            |sql: &str| is_broad(sql) || names.iter().any(|name| writes(&sql.to_lowercase(), name));
        (1..)
            .zip(steps)
            .filter(|(_, sql)| is_few || about(sql))
            .map(|(step, _)| step)
            .collect()
    }
}

/// Whether a text in lower case holds a name in lower case by itself.
fn writes(text: &str, name: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    let is_whole = |place: usize| {
        !text[..place].ends_with(joins) && !text[place + name.len()..].starts_with(joins)
    };
    !name.is_empty() && text.match_indices(name).any(|(place, _)| is_whole(place))
}

/// Whether a statement may change what it does not name: it runs code, or goes for all that there is of something.
fn is_broad(sql: &str) -> bool {
    const WORDS: [&str; 5] = ["cascade", "execute", "reassign", "import", "owned"];
    const BEGINNINGS: [&str; 4] = ["do", "call", "select", "with"];
    let text = sql.to_lowercase();
    let first: String = text.chars().take_while(|c| c.is_alphabetic()).collect();
    BEGINNINGS.contains(&first.as_str())
        || WORDS.iter().any(|word| writes(&text, word))
        || writes(&text, "all") && writes(&text, "schema")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_step_begins_at_its_first_word() {
        let sql = "\u{feff}-- a comment\r\nCREATE TABLE a ();\r\n\r\n/* another;\n */ CREATE TABLE b ();\n";
        let script = Script::of(sql.into(), true);
        assert_eq!(
            [script.line(1), script.line(2), script.line(3)],
            [Some(2), Some(5), None]
        );
        assert_eq!((script.only_line(), script.line(0)), (None, None));
        assert!(script.up_to(1).ends_with("CREATE TABLE a ()") && script.up_to(0).is_empty());
        let wrapped = Script::of("BEGIN;\nSELECT 1;\nCOMMIT;".into(), true);
        assert_eq!(
            (wrapped.line(1), wrapped.steps().unwrap().len()),
            (Some(2), 1)
        );
        let alone = Script::of("\nCREATE INDEX CONCURRENTLY i ON t (a);".into(), false);
        assert!(alone.steps().is_none());
        assert_eq!((alone.only_line(), alone.line(1)), (Some(2), None));
    }

    #[test]
    fn who_is_not_named_is_suspected_of_what_may_do_anything_only() {
        let about = |sql: &str| Script::of(sql.into(), true).may_be_about(&names(&["posts"]));
        assert!(about("ALTER TABLE \"Posts\" ADD a int"));
        assert!(about("DO $$ BEGIN EXECUTE 'x'; END $$"));
        assert!(about("DROP TABLE users CASCADE"));
        assert!(about(
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC"
        ));
        assert!(!about(
            "ALTER TABLE posts_2 ADD a int; ALTER TABLE blog_posts ADD b int"
        ));
    }

    #[test]
    fn of_many_steps_those_are_suspected_that_say_so() {
        let mut sql = "SELECT 1 + 1; ".to_owned();
        for table in 0..20 {
            sql.push_str(&format!("CREATE TABLE t{table} ();"));
        }
        let script = Script::of(sql, true);
        assert_eq!(script.suspects(&names(&["t3"])), BTreeSet::from([1, 5]));
        let few = Script::of("CREATE TABLE a (); CREATE TABLE b ()".into(), true);
        assert_eq!(few.suspects(&names(&[])), BTreeSet::from([1, 2]));
    }
}
