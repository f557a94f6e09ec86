//! What a comment is about, by where it stands.

use crate::chain::TextFile;
use crate::migrate::{Identifier, bodies, comments, identifiers_in_place, items, leading_words};
use std::ops::Range;

/// A comment of a script.
pub(super) struct Comment {
    /// In bytes.
    pub(super) place: Range<usize>,
    /// The statement in whose body it stands: that of a function, or of a DO.
    body_of: Option<Range<usize>>,
}

/// The comments of a script, those in bodies among them.
pub(super) fn comments_of(file: &TextFile) -> Vec<Comment> {
    let text = file.text().unwrap_or_default();
    let outer = comments(text).into_iter().map(|place| Comment {
        place,
        body_of: None,
    });
    let statements = file.statements();
    let inner = statements.iter().flat_map(|statement| {
        let bodies = bodies(&text[statement.clone()]).into_iter();
        bodies.flat_map(move |body| {
            let start = statement.start + body.start;
            let within = comments(&text[start..statement.start + body.end]);
            within.into_iter().map(move |place| Comment {
                place: start + place.start..start + place.end,
                body_of: Some(statement.clone()),
            })
        })
    });
    let mut all: Vec<Comment> = outer.chain(inner).collect();
    all.sort_by_key(|comment| comment.place.start);
    all
}

/// What a comment is about, by names.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    /// Where the statement begins, in bytes; none where there is none.
    pub(super) statement: Option<usize>,
    /// What it names.
    pub(super) names: Vec<Identifier>,
    /// The name, in its parts, of what it creates or changes. Empty for a statement that does neither.
    pub(super) target: Vec<Identifier>,
    /// What those of its items name that the comment stands at, where of what is listed it is about those alone.
    pub(super) items: Option<Vec<Identifier>>,
    /// Whether it is about those alone, and not about what they are listed in.
    pub(super) within: bool,
    /// The parameters of the routine that it creates, between their parentheses.
    pub(super) parameters: Option<String>,
    /// What keeps it from being about anything.
    pub(super) trouble: Option<Trouble>,
}

/// Why a comment is about nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It stands in `down.sql`.
    Down,
    /// No statement follows.
    Last,
    /// What a DO runs is not read.
    Do,
    /// The statement makes and changes nothing that has a name.
    Nameless,
}

impl Trouble {
    pub(super) fn help(self) -> &'static str {
        match self {
            Self::Down => "what `down.sql` makes is gone again: comments are read in `up.sql`",
            Self::Last => {
                "no statement follows it: put it before the statement that it is about, or behind its `;` in the same line"
            }
            Self::Do => "what a `DO` makes is not read: write a `[[suppress]]` in drift.toml",
            Self::Nameless => {
                "its statement neither creates nor alters anything: put it at one that does, or write a `[[suppress]]` in drift.toml"
            }
        }
    }
}

impl Place {
    /// That of a comment in `down.sql`.
    pub(super) fn down() -> Self {
        Self {
            trouble: Some(Trouble::Down),
            ..Self::default()
        }
    }

    pub(super) fn of(file: &TextFile, comment: &Comment) -> Self {
        let text = file.text().unwrap_or_default();
        let statements = file.statements();
        let Some((statement, side)) = statement_of(text, &statements, comment) else {
            return Self {
                trouble: Some(Trouble::Last),
                ..Self::default()
            };
        };
        let names = identifiers_in_place(text, &statement);
        let class = class(&names);
        let target = target(&names, class);
        let place = &comment.place;
        let side = match side {
            Side::Inside if target.last().is_some_and(|it| place.end <= it.place.start) => {
                Side::Before
            }
            side => side,
        };
        let is_list = class.is_some_and(|class| LISTING.contains(&&*names[class].name));
        let at = || items_at(text, &statement, &names, place);
        let items = match side {
            Side::Inside if is_list => Some(at()),
            // Behind the last item of several lines, it is about that one; behind what closes the list, about all.
            Side::Behind if is_list => Some(at()).filter(|items| !items.is_empty()),
            _ => None,
        };
        let items = items.map(|items| {
            let is_at = |name: &&Identifier| items.iter().any(|it| it.contains(&name.place.start));
            names.iter().filter(is_at).cloned().collect()
        });
        let is_do = leading_words(&text[statement.clone()], 1) == ["do"];
        let is_routine = class.is_some_and(|class| ROUTINES.contains(&&*names[class].name));
        Self {
            trouble: match target.is_empty() {
                true if is_do => Some(Trouble::Do),
                true => Some(Trouble::Nameless),
                false => None,
            },
            parameters: (target.last().filter(|_| is_routine))
                .and_then(|name| parenthesized(&text[name.place.end..statement.end])),
            statement: Some(statement.start),
            names,
            target,
            within: items.is_some() && side == Side::Inside,
            items,
        }
    }
}

/// Where a comment stands as its statement sees it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    Inside,
    Behind,
}

/// The statement that a comment is about. In a body is before it.
fn statement_of(
    text: &str,
    statements: &[Range<usize>],
    comment: &Comment,
) -> Option<(Range<usize>, Side)> {
    if let Some(statement) = &comment.body_of {
        return Some((statement.clone(), Side::Before));
    }
    let place = &comment.place;
    let inside = (statements.iter())
        .find(|statement| statement.start < place.start && place.end <= statement.end);
    if let Some(statement) = inside {
        return Some((statement.clone(), Side::Inside));
    }
    let line = line_around(text, place.start);
    let next = (statements.iter()).find(|statement| statement.start >= place.end);
    let is_before_next =
        next.is_some_and(|next| line_around(text, place.end).contains(&next.start));
    let behind = (statements.iter())
        .rfind(|statement| statement.end <= place.start && line.start <= statement.end)
        .filter(|_| !is_alone(text, place.start) && !is_before_next);
    let (statement, side) = match behind {
        Some(behind) => (behind, Side::Behind),
        None => (next?, Side::Before),
    };
    Some((statement.clone(), side))
}

/// The items that share a line with a comment; where it has the line to itself, with the next line that names something.
fn items_at(
    text: &str,
    statement: &Range<usize>,
    names: &[Identifier],
    comment: &Range<usize>,
) -> Vec<Range<usize>> {
    let next = || names.iter().find(|name| name.place.start >= comment.end);
    let at = match is_alone(text, comment.start) {
        true => next().map(|name| name.place.start),
        false => Some(comment.start),
    };
    let Some(line) = at.map(|at| line_around(text, at)) else {
        return Vec::new();
    };
    let mut items = items(text, statement);
    items.retain(|item| item.start < line.end && line.start < item.end);
    items
}

/// Whether nothing stands before a place in its line but what cannot be seen.
fn is_alone(text: &str, byte: usize) -> bool {
    let line = line_around(text, byte);
    let before = text[line.start..byte].trim_start_matches('\u{feff}');
    before.trim().is_empty()
}

/// The line that holds a byte.
fn line_around(text: &str, byte: usize) -> Range<usize> {
    let start = text[..byte].rfind('\n').map_or(0, |place| place + 1);
    let end = text[byte..]
        .find('\n')
        .map_or(text.len(), |place| byte + place);
    start..end
}

/// Classes of objects, as a statement names them behind its verb.
const CLASSES: [&str; 13] = [
    "table",
    "view",
    "index",
    "trigger",
    "policy",
    "rule",
    "type",
    "domain",
    "function",
    "procedure",
    "sequence",
    "schema",
    "column",
];

/// Those that hang on a table, which `ON` names; for a rule, the `TO` behind it.
const HANGING: [&str; 4] = ["index", "trigger", "policy", "rule"];

/// Those whose statement is a list of what is in them, a line each.
const LISTING: [&str; 3] = ["table", "view", "type"];

const ROUTINES: [&str; 2] = ["function", "procedure"];

/// What may stand between a class and a name.
const FILLING: [&str; 5] = ["if", "not", "exists", "only", "concurrently"];

/// The place of the word that says what a statement creates or changes, where it does either.
fn class(names: &[Identifier]) -> Option<usize> {
    let verb = names.first()?;
    let class = || names.iter().position(|it| CLASSES.contains(&&*it.name));
    let is_ddl = ["create", "alter", "comment"].contains(&&*verb.name);
    is_ddl.then(class).flatten()
}

/// The name, in its parts, of what a statement creates or changes, or of the table that it hangs on. What the statement only reads is not meant.
fn target(names: &[Identifier], class: Option<usize>) -> Vec<Identifier> {
    let Some(class) = class else {
        return Vec::new();
    };
    let behind = &names[class + 1..];
    let word = match (&*names[0].name, &*names[class].name) {
        ("create", "rule") => "to",
        _ => "on",
    };
    let on = (behind.iter().position(|it| it.name == word))
        .filter(|_| HANGING.contains(&&*names[class].name));
    let behind = on.map_or(behind, |on| &behind[on + 1..]);
    let mut parts: Vec<Identifier> = Vec::new();
    for name in behind.iter().skip_while(|it| FILLING.contains(&&*it.name)) {
        let goes_on = (parts.last()).is_none_or(|last| name.qualifier.as_ref() == Some(&last.name));
        if !goes_on {
            break;
        }
        parts.push(name.clone());
    }
    parts
}

/// What stands between the parentheses with which a text begins.
fn parenthesized(text: &str) -> Option<String> {
    let inner = text.trim_start().strip_prefix('(')?;
    let mut depth = 1;
    let end = inner.find(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    })?;
    Some(inner[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::trial::{accepts, unused};

    const PK: &str = "primary-key-absent public.posts";
    const FK: &str = "foreign-key-unindexed posts_author_id_fkey";

    #[test]
    fn before_a_statement_all_that_it_names_is_meant() {
        let both = "-- drift: allow(primary-key-absent, foreign-key-unindexed) bulk loaded\n\
                    CREATE TABLE posts (\n  author_id int\n    REFERENCES users\n);\n";
        assert!(accepts(&[both], PK));
        assert!(accepts(&[both], FK));
        // What a key points to is somebody else's.
        assert!(!accepts(&[both], "primary-key-absent public.users"));
        let other = format!("{both}CREATE TABLE tags (id int);");
        assert!(!accepts(&[&other], "primary-key-absent public.tags"));
        for sql in [
            "/* drift: allow(primary-key-absent): a log */ create table Posts ();",
            "SELECT 1;\n-- drift: allow(primary-key-absent) a log\n-- and more\nALTER TABLE \"posts\" ADD b int;",
            "CREATE TABLE public.posts (); -- drift: allow(primary-key-absent) a log",
            "CREATE TABLE posts (\n); -- drift: allow(primary-key-absent) a log\nSELECT 1;",
            "CREATE TABLE tags (); /* drift: allow(primary-key-absent) a log */ CREATE TABLE posts ();",
            "CREATE TABLE tags (); CREATE TABLE posts (); -- drift: allow(primary-key-absent) a log\nSELECT 1;",
            "CREATE TABLE -- drift: allow(primary-key-absent) a log\n  posts (a int);",
            "CREATE TABLE posts (a int,\n  b int); -- drift: allow(primary-key-absent) a log",
            "CREATE TABLE posts (a int,\n  b int\n) -- drift: allow(primary-key-absent) a log\n;",
            "CREATE /* drift: allow(primary-key-absent) a log */ TABLE posts (\na int);",
            "\u{feff}-- drift: allow(primary-key-absent) a log\r\nCREATE TABLE posts (\r\n);\r\n",
            "/*\r\n * drift: allow(primary-key-absent) a log\r\n */\r\nCREATE TABLE posts ();",
        ] {
            assert!(accepts(&[sql], PK), "{sql}");
        }
        let in_app = "-- drift: allow(primary-key-absent) a log\nCREATE TABLE \"app\".posts ();";
        assert!(!accepts(&[in_app], PK));
        assert!(accepts(&[in_app], "primary-key-absent app.posts"));
    }

    #[test]
    fn what_a_statement_only_reads_is_not_meant() {
        let before = |sql: &str| format!("-- drift: allow(primary-key-absent) a copy\n{sql}");
        for sql in [
            "CREATE TABLE copies AS SELECT * FROM posts;",
            "CREATE TRIGGER posts AFTER INSERT ON copies EXECUTE FUNCTION f();",
            "INSERT INTO posts DEFAULT VALUES;",
            "CREATE RULE posts AS ON INSERT TO copies DO INSTEAD NOTHING;",
        ] {
            assert!(!accepts(&[&before(sql)], PK), "{sql}");
        }
        for sql in [
            "CREATE INDEX ON posts (author_id);",
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a ON ONLY public.posts (author_id);",
            "COMMENT ON COLUMN posts.author_id IS 'x';",
            "ALTER TABLE IF EXISTS ONLY posts ADD b int;",
            "CREATE RULE r AS ON INSERT TO posts DO INSTEAD NOTHING;",
        ] {
            assert!(accepts(&[&before(sql)], PK), "{sql}");
        }
        // Another schema's has to be named with it where `public` has one, too.
        let bare = before("CREATE TABLE posts ();");
        assert!(!accepts(&[&bare], "primary-key-absent app.posts"));
        let bare = before("CREATE TABLE visits ();");
        assert!(accepts(&[&bare], "primary-key-absent app.visits"));
    }

    #[test]
    fn inside_of_a_statement_the_items_of_the_line_are_meant() {
        for sql in [
            "CREATE TABLE posts (\n  author_id int, -- drift: allow(foreign-key-unindexed) small\n  b int\n);",
            "CREATE TABLE posts (\n  -- drift: allow(foreign-key-unindexed) small\n  author_id int,\n  b int\n);",
            "CREATE TABLE posts (\n  b int,\n  author_id int\n    REFERENCES users (id) -- drift: allow(foreign-key-unindexed) small\n);",
            "CREATE TABLE posts (\n  author_id int -- drift: allow(foreign-key-unindexed) small\n    REFERENCES users\n);",
            "CREATE TABLE posts (\n  b int, FOREIGN KEY\n  (author_id) -- drift: allow(foreign-key-unindexed) small\n  REFERENCES users (id)\n);",
            "ALTER TABLE posts ADD CONSTRAINT posts_author_id_fkey -- drift: allow(foreign-key-unindexed) small\n  FOREIGN KEY (x) REFERENCES users;",
            "ALTER TABLE posts ADD b int,\n  ADD author_id int REFERENCES users; -- drift: allow(foreign-key-unindexed) small",
            "ALTER TABLE posts ADD b int,\n  ADD author_id int REFERENCES users -- drift: allow(foreign-key-unindexed) small\n;",
            "CREATE TABLE posts (\n  author_id int REFERENCES users\n); -- drift: allow(foreign-key-unindexed) small",
            "ALTER TABLE posts ADD b int,\n  ADD author_id int REFERENCES users, -- drift: allow(foreign-key-unindexed) small\n  ADD c int;",
        ] {
            assert!(accepts(&[sql], FK), "{sql}");
        }
        for sql in [
            "CREATE TABLE posts (\n  author_id int,\n  b int -- drift: allow(foreign-key-unindexed) small\n);",
            "CREATE TABLE posts (\n  -- drift: allow(foreign-key-unindexed) small\n  b int,\n  author_id int\n);",
            "CREATE TABLE posts (\n  b int REFERENCES users (author_id), -- drift: allow(foreign-key-unindexed) small\n  author_id int\n);",
            "CREATE TABLE pages (\n  author_id int -- drift: allow(foreign-key-unindexed) small\n);",
            "CREATE TABLE posts (\n  author_id int -- drift: allow(primary-key-absent) small\n);",
            "ALTER TABLE posts ADD author_id int REFERENCES users,\n  ADD b int; -- drift: allow(foreign-key-unindexed) small",
            "ALTER TABLE posts ADD b int, -- drift: allow(foreign-key-unindexed) small\n  ADD author_id int REFERENCES users;",
        ] {
            assert!(!accepts(&[sql], FK), "{sql}");
            assert!(!accepts(&[sql], PK), "{sql}");
        }
        // What hangs on a table by itself has no items.
        for sql in [
            "CREATE INDEX posts_author_id_idx\n  ON posts (author_id)\n  WHERE b; -- drift: allow(index-redundant) x",
            "CREATE INDEX posts_author_id_idx\n  ON posts (author_id)\n  -- drift: allow(index-redundant) x\n  WHERE b;",
        ] {
            assert!(
                accepts(&[sql], "index-redundant posts_author_id_idx"),
                "{sql}"
            );
        }
    }

    #[test]
    fn in_a_body_the_whole_routine_is_meant() {
        let allow = "-- drift: allow(primary-key-absent) x\n";
        let type_of = format!(
            "CREATE TYPE mood AS ENUM ({}'a');",
            allow.replace("primary-key-absent", "enum-unused")
        );
        assert!(accepts(&[&type_of], "enum-unused type.mood"));
        let body = format!(
            "CREATE FUNCTION posts() RETURNS int LANGUAGE plpgsql AS $b$\nBEGIN\n  {allow} END\n$b$;"
        );
        assert!(accepts(&[&body], PK));
    }

    #[test]
    fn what_is_about_nothing_says_why() {
        let allow = "-- drift: allow(primary-key-absent) x";
        for (sql, line, told) in [
            (
                format!("DO $$\nBEGIN\n  {allow}\n  CREATE TABLE posts ();\nEND $$;"),
                3,
                "what a `DO` makes is not read",
            ),
            (
                format!("{allow}\nDO $$ BEGIN CREATE TABLE posts (); END $$;"),
                1,
                "what a `DO` makes is not read",
            ),
            (
                format!("SELECT 1;\n{allow}\n"),
                2,
                "no statement follows it",
            ),
            (
                format!("{allow}\nDROP TABLE posts;"),
                1,
                "its statement neither creates nor alters anything",
            ),
            (
                format!("SELECT 1; DOWN:\n{allow}\nCREATE TABLE posts ();"),
                2,
                "what `down.sql` makes is gone again",
            ),
            (
                format!("CREATE TABLE posts (\n  a int\n  {allow}\n);"),
                3,
                "remove it, if what it was written for is gone; if not, its line",
            ),
            (
                format!("{allow}\nCREATE TABLE tags ();"),
                1,
                "remove it: what it was written for is gone, or its statement",
            ),
        ] {
            let unused = unused(&[&sql], &[PK]);
            let begins = format!("{line}: {told}");
            assert!(
                unused.len() == 1 && unused[0].starts_with(&begins),
                "{sql}: {unused:?}"
            );
        }
    }
}
