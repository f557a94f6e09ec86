//! The statements of a migration: where each begins, and which may be about something.

use crate::migrate::{Control, MigrationDir, copies_to_client, line_of, split};
use std::collections::BTreeSet;
use std::ops::Range;

/// An `up.sql`, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Script {
    sql: String,
    spans: Vec<Range<usize>>,
    /// Those that can be run one by one in one transaction that is rolled back; none where the file cannot be.
    steps: Option<Vec<Range<usize>>>,
}

/// Files of so few statements are read after each.
const FEW: usize = 4;

impl Script {
    /// None where the file cannot be read, which applying it says.
    pub(super) fn read(migration: &MigrationDir) -> Option<Self> {
        let sql = std::fs::read_to_string(migration.up_sql()).ok()?;
        Some(Self::of(sql, migration.run_in_transaction))
    }

    fn of(sql: String, in_transaction: bool) -> Self {
        let spans = split(&sql);
        let steps = steps(&sql, &spans, in_transaction);
        Self { sql, spans, steps }
    }

    /// The statements that can be run one by one, in order; none where the file cannot be.
    pub(super) fn steps(&self) -> Option<impl ExactSizeIterator<Item = &str>> {
        let spans = self.steps.as_ref()?.iter();
        Some(spans.map(|span| &self.sql[span.clone()]))
    }

    /// The line in which a step begins, counted from 1; `step` is counted from 1 too.
    pub(super) fn line(&self, step: usize) -> Option<usize> {
        let span = self.steps.as_ref()?.get(step.checked_sub(1)?)?;
        Some(line_of(&self.sql, span.start))
    }

    /// The line of the one statement that the file holds, where it holds one.
    pub(super) fn only_line(&self) -> Option<usize> {
        match &self.spans[..] {
            [span] => Some(line_of(&self.sql, span.start)),
            _ => None,
        }
    }

    /// Whether a statement of the file writes what has to be written to change something, or may do anything to anything.
    pub(super) fn may_be_about(&self, names: &BTreeSet<Names>) -> bool {
        (self.spans.iter()).any(|span| may_be_about(&self.sql[span.clone()], names))
    }

    /// Whether a statement of the file gives something another name, or may.
    pub(super) fn may_rename(&self) -> bool {
        (self.spans.iter())
            .map(|span| &self.sql[span.clone()])
            .any(|sql| is_broad(sql) || writes(&sql.to_lowercase(), "rename"))
    }

    /// The steps that write one of the names or may do anything; all where there are few. Counted from 1.
    pub(super) fn suspects(&self, names: &BTreeSet<Names>) -> BTreeSet<usize> {
        let steps: Vec<&str> = self.steps().into_iter().flatten().collect();
        let is_few = steps.len() <= FEW;
        (1..)
            .zip(steps)
            .filter(|(_, sql)| is_few || may_be_about(sql, names))
            .map(|(step, _)| step)
            .collect()
    }
}

/// The statements of a file that lead, run one by one in one transaction, where the file leads: what it commits in between is not committed
/// then. None where something of it is rolled back, where it reads from the client, and where a statement alone commits as it goes
/// (CREATE INDEX CONCURRENTLY, CALL).
fn steps(sql: &str, spans: &[Range<usize>], in_transaction: bool) -> Option<Vec<Range<usize>>> {
    if !in_transaction && spans.len() == 1 {
        return None;
    }
    let mut steps = Vec::with_capacity(spans.len());
    for span in spans {
        let statement = sql.get(span.clone())?;
        match Control::of(statement) {
            Some(Control::Begin | Control::Commit) => {}
            Some(Control::Abandon) => return None,
            None if copies_to_client(statement) => return None,
            Some(Control::Savepoint) | None => steps.push(span.clone()),
        }
    }
    Some(steps)
}

/// What a statement that changes something has to write, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Names {
    /// The object, or what it hangs on.
    pub(super) top: String,
    /// What hangs on it.
    pub(super) child: Option<String>,
    /// Whether the child can be named without what it hangs on: an index is.
    pub(super) alone: bool,
}

impl Names {
    fn are_in(&self, text: &str) -> bool {
        /// What takes what hangs on an object along, or makes it without a name.
        const ALONG: [&str; 5] = ["create", "drop", "inherit", "rename", "schema"];
        let top = writes(text, &self.top);
        let Some(child) = &self.child else { return top };
        (top || self.alone) && writes(text, child)
            || top && ALONG.iter().any(|word| writes(text, word))
    }
}

fn may_be_about(sql: &str, names: &BTreeSet<Names>) -> bool {
    let text = sql.to_lowercase();
    is_broad(sql) || names.iter().any(|names| names.are_in(&text))
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
    const WORDS: [&str; 3] = ["reassign", "import", "owned"];
    let text = sql.to_lowercase();
    let first: String = text.chars().take_while(|c| c.is_alphabetic()).collect();
    // `ON DELETE CASCADE` and `EXECUTE FUNCTION` say what is to be done later.
    let more = |word: &str, later: [&str; 2]| {
        let count = |part: &str| text.matches(part).count();
        count(word) > later.into_iter().map(count).sum()
    };
    ["do", "call"].contains(&first.as_str())
        || WORDS.iter().any(|word| writes(&text, word))
        || more("cascade", ["delete cascade", "update cascade"])
        || more("execute", ["execute function", "execute procedure"])
        || writes(&text, "all") && writes(&text, "schema")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<Names> {
        let of = |name: &&str| Names {
            top: (*name).to_owned(),
            child: None,
            alone: false,
        };
        names.iter().map(of).collect()
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
        let wrapped = Script::of("BEGIN;\nSELECT 1;\nCOMMIT;".into(), true);
        assert_eq!(
            (wrapped.line(1), wrapped.steps().unwrap().len()),
            (Some(2), 1)
        );
        let twice =
            "BEGIN; SELECT 1; COMMIT;\nSAVEPOINT a; SELECT 2;\nRELEASE a; BEGIN;\nSELECT 3; END;";
        let twice = Script::of(twice.into(), true);
        assert_eq!((twice.steps().unwrap().len(), twice.line(5)), (5, Some(4)));
        for sql in [
            "SELECT 1; ROLLBACK; SELECT 2",
            "SELECT 1; COPY t FROM stdin",
        ] {
            assert!(Script::of(sql.into(), true).steps().is_none(), "{sql}");
        }
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
        assert!(!about(
            "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c ON DELETE CASCADE"
        ));
        assert!(!about(
            "CREATE TRIGGER t BEFORE UPDATE ON a EXECUTE FUNCTION f()"
        ));
        assert!(about(
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC"
        ));
        assert!(!about(
            "ALTER TABLE posts_2 ADD a int; ALTER TABLE blog_posts ADD b int"
        ));
    }

    #[test]
    fn of_many_steps_those_are_suspected_that_say_so() {
        let mut sql = "DO ''; ".to_owned();
        for table in 0..20 {
            sql.push_str(&format!("CREATE TABLE t{table} ();"));
        }
        let script = Script::of(sql, true);
        assert_eq!(script.suspects(&names(&["t3"])), BTreeSet::from([1, 5]));
        let few = Script::of("CREATE TABLE a (); CREATE TABLE b ()".into(), true);
        assert_eq!(few.suspects(&names(&[])), BTreeSet::from([1, 2]));
    }
}
