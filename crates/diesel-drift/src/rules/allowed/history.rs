//! What became of what a statement names, in the statements behind it.

use super::about::About;
use super::place::Place;
use crate::chain::{Migration, TextFile};
use crate::declared::Span;
use crate::migrate::{Act, Done, Identifier, Thing, acts_of_all};

/// Where a statement is in a chain: the place of the migration, and its first byte.
pub(super) type Moment = (usize, usize);

/// What the statements of a chain make, take away and call otherwise, in order.
#[derive(Debug, Default)]
pub(super) struct History {
    events: Vec<Event>,
}

/// One of those.
#[derive(Debug)]
pub(super) struct Event {
    when: Moment,
    act: Act,
    span: Span,
}

/// What there is to say of a finding at a place.
#[derive(Debug)]
pub(super) enum Sight<'a> {
    /// It is named there, and is still what was named.
    Same,
    /// What is called so came to be later.
    Later(&'a Event),
    /// It is not named there.
    Other,
}

impl History {
    /// Of the `up.sql` of these migrations.
    pub(super) fn of(migrations: &[Migration]) -> Self {
        let files: Vec<&TextFile> = migrations.iter().filter_map(Migration::up).collect();
        let scripts: Vec<&str> = files
            .iter()
            .map(|file| file.text().unwrap_or_default())
            .collect();
        let places = (migrations.iter().enumerate()).filter(|(_, it)| it.up().is_some());
        let of_file = |((migration, file), acts): ((usize, &TextFile), Vec<Act>)| {
            let event = |act: Act| Event {
                when: (migration, act.statement.start),
                span: file.span(act.statement.clone()),
                act,
            };
            acts.into_iter().map(event).collect::<Vec<_>>()
        };
        let files = places.map(|(place, _)| place).zip(files);
        let events = files.zip(acts_of_all(&scripts)).flat_map(of_file);
        Self {
            events: events.collect(),
        }
    }

    /// Whether what is called so at the end of the chain is named at a place.
    pub(super) fn sight(&self, about: &About, place: &Place, moment: Moment) -> Sight<'_> {
        let mut about = about.clone();
        let bare = (place.target.last()).is_some_and(|name| name.qualifier.is_none());
        for event in self.events.iter().rev() {
            if event.when < moment {
                break;
            }
            let is_own = event.when == moment;
            if is_own && about.is_named_at(place) {
                break;
            }
            // What a statement makes was not there before it, but at it.
            let is_passed = is_own && !matches!(event.act.done, Done::Renamed(_) | Done::Moved(_));
            if !is_passed && about.undo(&event.act, bare).is_err() {
                return match !is_own && about.is_named_at(place) {
                    true => Sight::Later(event),
                    false => Sight::Other,
                };
            }
        }
        match about.is_named_at(place) {
            true => Sight::Same,
            false => Sight::Other,
        }
    }

    /// The statement that drops what a place names, however it is called by then, where that is a relation or a type.
    pub(super) fn end_of(&self, place: &Place, moment: Moment) -> Option<&Event> {
        let Identifier {
            name, qualifier, ..
        } = place.target.last()?;
        let mut name = name;
        for event in self.events.iter().filter(|event| event.when > moment) {
            let (Thing::Relation(named) | Thing::Type(named)) = &event.act.thing else {
                continue;
            };
            let schemas = (named.schema.as_ref()).zip(qualifier.as_ref());
            if named.name != *name || schemas.is_some_and(|(one, other)| one != other) {
                continue;
            }
            match &event.act.done {
                Done::Dropped => return Some(event),
                Done::Renamed(to) => name = to,
                Done::Made | Done::Moved(_) => {}
            }
        }
        None
    }
}

impl Event {
    /// What keeps a comment from accepting what is there now, and what to do.
    pub(super) fn help(&self) -> String {
        let place = self.place();
        match self.act.done {
            Done::Made => {
                format!(
                    "remove it: what it would accept is made at {place}, where a comment belongs"
                )
            }
            Done::Dropped => format!(
                "remove it: what it was written for is dropped at {place}; a comment belongs to the statement that makes what is there now"
            ),
            Done::Renamed(_) | Done::Moved(_) => format!(
                "remove it: what it was written for is called otherwise since {place}; a comment belongs to the statement that makes what is there \
                 now"
            ),
        }
    }

    /// Its file and line.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.span.file.display(), self.span.line)
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{accepts, unused};

    const PK: &str = "primary-key-absent public.posts";
    const TABLE: &str =
        "-- drift: allow(primary-key-absent) a log\nCREATE TABLE posts (author_id int);";
    const COLUMN: &str = "timestamp-without-time-zone public.posts.author_id";
    const COLUMN_SQL: &str = "CREATE TABLE posts (\n  author_id timestamp -- drift: allow(timestamp-without-time-zone) old\n);";
    const INDEX: &str = "index-redundant posts_author_id_idx";
    const INDEX_SQL: &str = "-- drift: allow(index-redundant) hot\nCREATE INDEX posts_author_id_idx ON posts (author_id);";
    const FK: &str = "foreign-key-unindexed posts_author_id_fkey";
    const FK_SQL: &str = "ALTER TABLE posts\n  ADD CONSTRAINT posts_author_id_fkey FOREIGN KEY (author_id) REFERENCES users; \
                          -- drift: allow(foreign-key-unindexed) small";

    #[test]
    fn what_is_dropped_and_made_again_is_not_what_was_meant() {
        for (before, after, found) in [
            (
                TABLE,
                "DROP TABLE posts; CREATE TABLE posts (author_id int);",
                PK,
            ),
            (
                TABLE,
                "DROP TABLE IF EXISTS public.posts CASCADE; CREATE TABLE IF NOT EXISTS posts ();",
                PK,
            ),
            (
                TABLE,
                "ALTER TABLE posts RENAME TO old_posts; CREATE TABLE posts ();",
                PK,
            ),
            // Dropped by what cannot be read.
            (
                TABLE,
                "DO $$ BEGIN DROP TABLE posts; END $$; CREATE TABLE posts ();",
                PK,
            ),
            (
                TABLE,
                "DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE IF NOT EXISTS posts ();",
                PK,
            ),
            (
                COLUMN_SQL,
                "ALTER TABLE posts DROP COLUMN author_id; ALTER TABLE posts ADD author_id timestamp;",
                COLUMN,
            ),
            (
                COLUMN_SQL,
                "ALTER TABLE posts DROP author_id, ADD author_id timestamp;",
                COLUMN,
            ),
            (
                COLUMN_SQL,
                "ALTER TABLE posts RENAME author_id TO a; ALTER TABLE posts ADD COLUMN author_id timestamp;",
                COLUMN,
            ),
            (
                COLUMN_SQL,
                "DROP TABLE posts; CREATE TABLE posts (author_id timestamp);",
                COLUMN,
            ),
            (
                INDEX_SQL,
                "DROP INDEX posts_author_id_idx; CREATE INDEX posts_author_id_idx ON posts (author_id);",
                INDEX,
            ),
            (
                INDEX_SQL,
                "DROP INDEX CONCURRENTLY public.posts_author_id_idx; CREATE INDEX ON posts (author_id);",
                INDEX,
            ),
            (
                INDEX_SQL,
                "ALTER TABLE posts DROP author_id; ALTER TABLE posts ADD author_id int; CREATE INDEX IF NOT EXISTS posts_author_id_idx ON posts (author_id);",
                INDEX,
            ),
            (
                FK_SQL,
                "ALTER TABLE posts DROP CONSTRAINT posts_author_id_fkey, ADD FOREIGN KEY (author_id) REFERENCES users;",
                FK,
            ),
            (
                FK_SQL,
                "ALTER TABLE posts DROP CONSTRAINT posts_author_id_fkey; ALTER TABLE posts ADD CONSTRAINT posts_author_id_fkey FOREIGN KEY (author_id) REFERENCES users;",
                FK,
            ),
        ] {
            assert!(accepts(&[before], found), "{before}");
            for scripts in [vec![before, after], vec![&*format!("{before}\n{after}")]] {
                assert!(!accepts(&scripts, found), "{scripts:?}");
                let unused = unused(&scripts, &[found]);
                assert!(
                    unused.len() == 1 && unused[0].contains("migrations/"),
                    "{scripts:?}: {unused:?}"
                );
            }
        }
    }

    #[test]
    fn a_new_key_over_a_column_is_not_an_old_one() {
        let column = "CREATE TABLE posts (\n  author_id int -- drift: allow(foreign-key-unindexed) small\n);";
        assert!(accepts(&[column], FK));
        for later in [
            "ALTER TABLE posts ADD FOREIGN KEY (author_id) REFERENCES users;",
            "ALTER TABLE posts ADD CONSTRAINT posts_author_id_fkey FOREIGN KEY (author_id) REFERENCES users;",
        ] {
            assert_eq!(
                unused(&[column, later], &[FK]),
                [
                    "2: remove it: what it would accept is made at migrations/2/up.sql:1, where a comment belongs"
                ]
            );
        }
    }

    #[test]
    fn what_is_called_otherwise_is_still_what_was_meant() {
        let former = |sql: &str| sql.replace("posts", "drafts");
        for (before, after, found) in [
            (former(TABLE), "ALTER TABLE drafts RENAME TO posts;", PK),
            (
                former(TABLE),
                "ALTER TABLE drafts RENAME TO a; ALTER TABLE a RENAME TO posts; CREATE TABLE drafts ();",
                PK,
            ),
            (
                former(COLUMN_SQL),
                "ALTER TABLE public.drafts RENAME TO posts;",
                COLUMN,
            ),
            (
                COLUMN_SQL.replace("author_id", "writer"),
                "ALTER TABLE posts RENAME writer TO author_id;",
                COLUMN,
            ),
            (
                former(COLUMN_SQL).replace("author_id", "writer"),
                "ALTER TABLE drafts RENAME writer TO author_id; ALTER TABLE drafts RENAME TO posts; CREATE TABLE drafts ();",
                COLUMN,
            ),
            (
                INDEX_SQL.replace("posts_author_id_idx", "i"),
                "ALTER INDEX i RENAME TO posts_author_id_idx;",
                INDEX,
            ),
            (
                FK_SQL.replace("posts_author_id_fkey", "k"),
                "ALTER TABLE posts RENAME CONSTRAINT k TO posts_author_id_fkey;",
                FK,
            ),
            (
                "-- drift: allow(enum-unused) soon\nCREATE TYPE a AS ENUM ('x');".to_owned(),
                "ALTER TYPE a RENAME TO mood;",
                "enum-unused type.mood",
            ),
            (
                former(TABLE).replace("drafts", "app.posts"),
                "ALTER TABLE app.posts SET SCHEMA public;",
                PK,
            ),
            (
                TABLE.to_owned(),
                "ALTER TABLE posts ADD b int; DROP TABLE app.posts; DROP INDEX posts_i; CREATE VIEW posts_2 AS SELECT 1;",
                PK,
            ),
        ] {
            assert!(accepts(&[&before, after], found), "{before} {after}");
            assert_eq!(unused(&[&before, after], &[found]), [""; 0]);
        }
        // At the statement that does it.
        for sql in [
            "-- drift: allow(primary-key-absent) x\nALTER TABLE drafts RENAME TO posts;",
            "-- drift: allow(primary-key-absent) x\nALTER TABLE app.posts SET SCHEMA public;",
        ] {
            assert!(accepts(&["CREATE TABLE drafts ();", sql], PK), "{sql}");
        }
        let sql = "ALTER TABLE posts RENAME writer TO author_id; -- drift: allow(timestamp-without-time-zone) x";
        assert!(accepts(&[sql], COLUMN));
    }

    #[test]
    fn what_is_gone_for_good_says_since_when() {
        assert_eq!(
            unused(&[TABLE, "SELECT 1;\nDROP TABLE posts;"], &[]),
            ["1: remove it: what it was written for is dropped at migrations/2/up.sql:2"]
        );
        let after =
            "ALTER TABLE posts RENAME TO a; DROP TABLE posts_2;\nDROP TABLE a; CREATE TABLE a ();";
        assert_eq!(
            unused(&[TABLE, after], &[]),
            ["1: remove it: what it was written for is dropped at migrations/2/up.sql:2"]
        );
    }
}
