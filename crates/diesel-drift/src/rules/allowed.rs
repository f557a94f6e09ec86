//! `-- drift: allow(RULE) reason` in a migration: what is accepted there, next to the statement that makes it.
//!
//! Before a statement, or behind its end, it is about what the whole statement names. Inside of one it is about what its line names, or, where
//! it has a line to itself, the next one.

use crate::catalog::{Catalog, IndexTerm, Relation};
use crate::chain::{Migration, TextFile};
use crate::declared::Span;
use crate::finding::{Finding, Kind};
use crate::kinds::SUPPRESSION_UNUSED;
use crate::migrate::{Identifier, comments, identifiers_in_place};
use crate::project::ProjectError;
use crate::subject::Subject;
use crate::text::visible;
use std::ops::Range;

/// What a comment accepts.
#[derive(Clone, Debug)]
pub(super) struct Allowed {
    rules: Vec<&'static Kind>,
    pub(super) reason: String,
    /// The migration: its directory's name.
    migration: String,
    span: Span,
    /// The file's text.
    text: String,
    /// What the statement names.
    statement: Vec<Identifier>,
    /// The name, in its parts, of what the statement creates or changes. Empty for a statement that does neither.
    target: Vec<Identifier>,
    /// What the line names that it is about, where it is about one.
    line: Option<Vec<Identifier>>,
}

/// What the comments in `up.sql` of these migrations accept; `rule` finds a rule by its id.
///
/// # Errors
/// Where a comment names no rule, or gives no reason.
pub(super) fn read(
    migrations: &[Migration],
    rule: impl Fn(&str) -> Result<&'static Kind, String>,
) -> Result<Vec<Allowed>, ProjectError> {
    let mut all = Vec::new();
    for migration in migrations {
        let Some((file, text)) = migration.up().and_then(|file| Some((file, file.text()?))) else {
            continue;
        };
        for comment in comments(text) {
            let at = |message: String| ProjectError::at(&file.path, text, comment.start, message);
            let Some(said) = said(&text[comment.clone()]).map_err(at)? else {
                continue;
            };
            let rules = said.rules.iter().map(|id| rule(id));
            let rules = rules.collect::<Result<_, _>>().map_err(at)?;
            let (statement, line) = about(file, text, &comment);
            all.push(Allowed {
                rules,
                reason: said.reason,
                migration: migration.name.clone(),
                span: file.span(comment),
                text: text.to_owned(),
                target: target(&statement),
                statement,
                line,
            });
        }
    }
    Ok(all)
}

/// What a comment says.
struct Said {
    rules: Vec<String>,
    reason: String,
}

/// What stands behind `drift:`, where that is meant for us: `allow`, or what is written as if it were a word of ours, but not prose.
fn ours(comment: &str) -> Option<&str> {
    let (mark, said) = comment.split_once(':')?;
    let said = said.trim_start();
    let word = said.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let is_call = word.len() < said.len() && word.starts_with('(');
    let is_meant =
        mark.trim_end().eq_ignore_ascii_case("drift") && (is_call || said.starts_with("allow"));
    is_meant.then_some(said)
}

/// Reads a comment; none where it is not meant for us.
fn said(comment: &str) -> Result<Option<Said>, String> {
    let line = comment.strip_prefix("--").map(str::trim);
    let block = || {
        comment
            .strip_prefix("/*")?
            .strip_suffix("*/")
            .map(str::trim)
    };
    let text = line.or_else(block).unwrap_or_default();
    let Some(said) = ours(text) else {
        return Ok(None);
    };
    let usage = || {
        "write `-- drift: allow(RULE) reason`, with the id of a rule, or of several: `allow(a, b)`"
            .to_owned()
    };
    let rest = said.strip_prefix("allow").map(str::trim_start);
    let inner = rest
        .and_then(|rest| rest.strip_prefix('('))
        .ok_or_else(usage)?;
    let (ids, reason) = inner.split_once(')').ok_or_else(usage)?;
    let rules: Vec<String> = ids.split(',').map(|id| id.trim().to_owned()).collect();
    if rules.iter().any(String::is_empty) {
        return Err(usage());
    }
    let reason = reason
        .trim()
        .trim_start_matches([':', '-', '–', '—'])
        .trim();
    if reason.is_empty() {
        return Err(format!(
            "`drift: allow({})` needs a reason behind it: say why it is meant",
            visible(ids)
        ));
    }
    let reason = reason.to_owned();
    Ok(Some(Said { rules, reason }))
}

/// What the statement that a comment is about names, and what the line does where it is about one.
fn about(
    file: &TextFile,
    text: &str,
    comment: &Range<usize>,
) -> (Vec<Identifier>, Option<Vec<Identifier>>) {
    let statements = file.statements();
    let line = line_around(text, comment.start);
    let alone = text[line.start..comment.start].trim().is_empty();
    let inside = (statements.iter())
        .find(|statement| statement.start < comment.start && comment.end <= statement.end);
    if let Some(statement) = inside {
        let named = identifiers_in_place(text, statement);
        let line = match alone {
            false => line,
            true => {
                let next = named.iter().find(|name| name.place.start >= comment.end);
                next.map_or(line, |name| line_around(text, name.place.start))
            }
        };
        let on_line = |name: &&Identifier| line.contains(&name.place.start);
        let on_line = named.iter().filter(on_line).cloned().collect();
        return (named, Some(on_line));
    }
    let behind = (statements.iter())
        .rfind(|statement| statement.end <= comment.start && line.start <= statement.end)
        .filter(|_| !alone);
    let next = || (statements.iter()).find(|statement| statement.start >= comment.end);
    let named = behind
        .or_else(next)
        .map(|statement| identifiers_in_place(text, statement));
    (named.unwrap_or_default(), None)
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

/// Those that hang on a table, which `ON` names.
const HANGING: [&str; 4] = ["index", "trigger", "policy", "rule"];

/// What may stand between a class and a name.
const FILLING: [&str; 5] = ["if", "not", "exists", "only", "concurrently"];

/// The name, in its parts, of what a statement creates or changes, or of the table that it hangs on. What the statement only reads is not meant.
fn target(names: &[Identifier]) -> Vec<Identifier> {
    let is_ddl =
        (names.first()).is_some_and(|verb| ["create", "alter", "comment"].contains(&&*verb.name));
    let class = names.iter().position(|it| CLASSES.contains(&&*it.name));
    let (true, Some(class)) = (is_ddl, class) else {
        return Vec::new();
    };
    let behind = &names[class + 1..];
    let on = (behind.iter().position(|it| it.name == "on"))
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

/// The line that holds a byte.
fn line_around(text: &str, byte: usize) -> Range<usize> {
    let start = text[..byte].rfind('\n').map_or(0, |place| place + 1);
    let end = text[byte..]
        .find('\n')
        .map_or(text.len(), |place| byte + place);
    start..end
}

impl Allowed {
    /// Which of its rules accepts a finding, by its place.
    pub(super) fn accepts(&self, finding: &Finding, catalog: &Catalog) -> Option<usize> {
        let rule = self.rules.iter().position(|rule| *rule == finding.kind)?;
        let about = About::of(&finding.subject, catalog)?;
        let line = self.line.as_ref().unwrap_or(&self.statement);
        let names_it = match about.children.is_empty() {
            true => about.is_named(&self.target) && about.is_named(line),
            false => {
                let all = |names: &Vec<String>| {
                    (names.iter()).all(|name| line.iter().any(|it| it.name == *name))
                };
                about.is_named(&self.target) && about.children.iter().any(all)
            }
        };
        names_it.then_some(rule)
    }

    /// A finding for each rule that accepts nothing, of those that were `looked_for`.
    pub(super) fn unused(
        &self,
        used: &[bool],
        looked_for: impl Fn(&Kind) -> bool,
    ) -> impl Iterator<Item = Finding> {
        let unused =
            (self.rules.iter().zip(used)).filter(move |(rule, used)| !**used && looked_for(rule));
        unused.map(|(rule, _)| {
            let subject = Subject::Suppression {
                kind: rule.id.to_owned(),
                subject: self.migration.clone(),
            };
            Finding::new(&SUPPRESSION_UNUSED, subject)
                .at(&self.span)
                .help(
                    "remove the comment: what it was written for is gone, or neither the statement nor the line that it stands at names it",
                )
        })
    }

    /// How many rules it names.
    pub(super) fn len(&self) -> usize {
        self.rules.len()
    }

    /// The file and its text, for reports whose findings point into it.
    pub(super) fn source(&self) -> (std::path::PathBuf, String) {
        (self.span.file.clone(), self.text.clone())
    }
}

/// What a finding is about, by names.
struct About {
    schema: Option<String>,
    /// The object, or what it hangs on.
    top: String,
    /// Whether a relation of that name in `public` is meant where no schema is named.
    is_shadowed: bool,
    /// Of what hangs on it, its name, or the columns that it is over: each is enough. Empty for what hangs on nothing.
    children: Vec<Vec<String>>,
}

impl About {
    fn of(subject: &Subject, catalog: &Catalog) -> Option<Self> {
        let (schema, top, children) = match subject {
            Subject::Relation(name) | Subject::Type(name) => {
                (Some(name.schema.clone()), name.name.clone(), Vec::new())
            }
            Subject::Column(name, column)
            | Subject::Join {
                child: name,
                column,
                ..
            } => {
                let children = vec![vec![column.clone()]];
                (Some(name.schema.clone()), name.name.clone(), children)
            }
            Subject::Object(path) => {
                let relation = (catalog.relations.iter()).find(|relation| {
                    Some(&relation.name.schema) == path.schema.as_ref()
                        && relation.name.name == path.name
                });
                let children = path.child.as_ref().map(|child| {
                    let columns = relation.and_then(|relation| columns_of(relation, child));
                    let own = vec![child.clone()];
                    columns.into_iter().chain([own]).collect()
                });
                let children = children.unwrap_or_default();
                (path.schema.clone(), path.name.clone(), children)
            }
            Subject::InMigration { .. }
            | Subject::Migration(_)
            | Subject::Rule(_)
            | Subject::Suppression { .. } => return None,
        };
        let is_shadowed = schema.as_deref() != Some("public")
            && (catalog.relations.iter())
                .any(|it| it.name.schema == "public" && it.name.name == top);
        Some(Self {
            schema,
            top,
            is_shadowed,
            children,
        })
    }

    /// Whether the object, or what it hangs on, is among the names, and not only as what a key points to.
    fn is_named(&self, names: &[Identifier]) -> bool {
        names.iter().any(|name| {
            let in_schema = match &name.qualifier {
                Some(qualifier) => Some(qualifier) == self.schema.as_ref(),
                None => !self.is_shadowed,
            };
            name.name == self.top && in_schema && !name.referenced
        })
    }
}

/// The columns that a key or an index of a relation is over, if there is one of that name and it is over columns alone.
fn columns_of(relation: &Relation, child: &str) -> Option<Vec<String>> {
    let keys = relation.primary_key.iter().chain(&relation.unique);
    let of_keys = keys.map(|key| (&key.name, key.columns.clone()));
    let of_foreign = relation.foreign_keys.iter();
    let of_foreign = of_foreign.map(|key| (&key.name, key.columns.clone()));
    let mut keys = of_keys.chain(of_foreign);
    let columns = keys.find(|(name, _)| *name == child).map(|(_, it)| it);
    let of_index = || {
        let index = relation.indexes.iter().find(|index| index.name == child)?;
        let terms = index.columns.iter().map(|column| match &column.term {
            IndexTerm::Column(name) => Some(name.clone()),
            IndexTerm::Expression(_) => None,
        });
        terms.collect::<Option<Vec<_>>>()
    };
    columns
        .or_else(of_index)
        .filter(|columns| !columns.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Column, ForeignKey, Index, QualifiedName, class};
    use crate::catalog::{IndexColumn, ObjectPath};
    use crate::chain::Content;
    use crate::rules::RULES;
    use std::collections::BTreeMap;

    fn migration(sql: &str) -> Migration {
        let up = TextFile {
            path: "migrations/1_a/up.sql".into(),
            content: Content::Text(sql.to_owned()),
            checksum: String::new(),
        };
        Migration {
            name: "1_a".into(),
            version: "1".into(),
            files: BTreeMap::from([("up.sql".to_owned(), up)]),
            unreadable: None,
        }
    }

    fn allowed(sql: &str) -> Result<Vec<Allowed>, String> {
        let rule = |id: &str| {
            let found = RULES.iter().find(|kind| kind.id == id).copied();
            found.ok_or_else(|| format!("there is no rule `{id}`"))
        };
        read(&[migration(sql)], rule).map_err(|error| error.to_string())
    }

    /// `posts (author_id → users)` with an index over `author_id`.
    fn catalog() -> Catalog {
        let posts = Relation {
            name: QualifiedName::new("public", "posts"),
            columns: vec![Column {
                name: "author_id".into(),
                ..Column::default()
            }],
            foreign_keys: vec![ForeignKey {
                name: "posts_author_id_fkey".into(),
                columns: vec!["author_id".into()],
                ..ForeignKey::default()
            }],
            indexes: vec![Index {
                name: "posts_author_id_idx".into(),
                columns: vec![IndexColumn {
                    term: IndexTerm::Column("author_id".into()),
                    ..IndexColumn::default()
                }],
                ..Index::default()
            }],
            ..Relation::default()
        };
        Catalog {
            relations: vec![posts],
            ..Catalog::default()
        }
    }

    const FK: &str = "foreign-key-unindexed";
    const PK: &str = "primary-key-absent";

    fn finding(id: &str, subject: Subject) -> Finding {
        let kind = RULES.iter().find(|kind| kind.id == id).unwrap();
        Finding::new(kind, subject)
    }

    fn table(schema: &str, name: &str) -> Finding {
        finding(PK, Subject::Relation(QualifiedName::new(schema, name)))
    }

    fn key() -> Finding {
        let path = ObjectPath {
            schema: Some("public".into()),
            name: "posts".into(),
            signature: String::new(),
            child: Some("posts_author_id_fkey".into()),
            class: &class::FOREIGN_KEY,
        };
        finding(FK, Subject::Object(path))
    }

    /// Whether some comment of the script accepts a finding.
    fn accepts(sql: &str, finding: &Finding) -> bool {
        let all = allowed(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert!(!all.is_empty(), "{sql}");
        all.iter()
            .any(|allowed| allowed.accepts(finding, &catalog()).is_some())
    }

    #[test]
    fn before_a_statement_all_that_it_names_is_meant() {
        let both = "-- drift: allow(primary-key-absent, foreign-key-unindexed) bulk loaded\n\
                    CREATE TABLE posts (\n  author_id int\n    REFERENCES users\n);\n";
        assert!(accepts(both, &table("public", "posts")));
        assert!(accepts(both, &key()));
        // What a key points to is somebody else's.
        assert!(!accepts(both, &table("public", "users")));
        assert!(!accepts(both, &table("public", "author_id_2")));
        let other = format!("{both}CREATE TABLE tags (id int);");
        assert!(!accepts(&other, &table("public", "tags")));
        for sql in [
            "/* drift: allow(primary-key-absent): a log */ create table Posts ();",
            "SELECT 1;\n-- drift: allow(primary-key-absent) a log\n-- and more\nALTER TABLE \"posts\" ADD b int;",
            "CREATE TABLE public.posts (); -- drift: allow(primary-key-absent) a log",
            "CREATE TABLE posts (\n); -- drift: allow(primary-key-absent) a log\nSELECT 1;",
        ] {
            assert!(accepts(sql, &table("public", "posts")), "{sql}");
        }
        let in_app = "-- drift: allow(primary-key-absent) a log\nCREATE TABLE app.posts ();";
        assert!(!accepts(in_app, &table("public", "posts")));
        assert!(accepts(in_app, &table("app", "posts")));
    }

    #[test]
    fn what_a_statement_only_reads_is_not_meant() {
        let before = |sql: &str| format!("-- drift: allow(primary-key-absent) a copy\n{sql}");
        for sql in [
            "CREATE TABLE copies AS SELECT * FROM posts;",
            "CREATE TRIGGER posts AFTER INSERT ON copies EXECUTE FUNCTION f();",
            "INSERT INTO posts DEFAULT VALUES;",
        ] {
            assert!(!accepts(&before(sql), &table("public", "posts")), "{sql}");
        }
        for sql in [
            "CREATE INDEX ON posts (author_id);",
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a ON ONLY public.posts (author_id);",
            "COMMENT ON COLUMN posts.author_id IS 'x';",
            "ALTER TABLE IF EXISTS ONLY posts ADD b int;",
        ] {
            assert!(accepts(&before(sql), &table("public", "posts")), "{sql}");
        }
        // Another schema's has to be named with it where `public` has one, too.
        assert!(!accepts(
            &before("CREATE TABLE posts ();"),
            &table("app", "posts")
        ));
    }

    #[test]
    fn inside_of_a_statement_the_line_is_meant() {
        for sql in [
            "CREATE TABLE posts (\n  author_id int, -- drift: allow(foreign-key-unindexed) small\n  b int\n);",
            "CREATE TABLE posts (\n  -- drift: allow(foreign-key-unindexed) small\n  author_id int,\n  b int\n);",
            "ALTER TABLE posts ADD CONSTRAINT posts_author_id_fkey -- drift: allow(foreign-key-unindexed) small\n  FOREIGN KEY (x) REFERENCES users;",
        ] {
            assert!(accepts(sql, &key()), "{sql}");
        }
        for sql in [
            "CREATE TABLE posts (\n  author_id int,\n  b int -- drift: allow(foreign-key-unindexed) small\n);",
            "CREATE TABLE posts (\n  -- drift: allow(foreign-key-unindexed) small\n  b int,\n  author_id int\n);",
            "CREATE TABLE pages (\n  author_id int -- drift: allow(foreign-key-unindexed) small\n);",
            "CREATE TABLE posts (\n  author_id int -- drift: allow(primary-key-absent) small\n);",
        ] {
            assert!(!accepts(sql, &key()), "{sql}");
            assert!(!accepts(sql, &table("public", "posts")), "{sql}");
        }
    }

    #[test]
    fn what_is_not_meant_for_us_is_left_alone() {
        for sql in [
            "-- drift: this table drifts\nSELECT 1;",
            "-- allow(primary-key-absent) x\nSELECT 1;",
            "SELECT '-- drift: allow(nothing) x';",
            "DO $$ -- drift: allow(nothing) x\n$$;",
        ] {
            assert!(allowed(sql).unwrap().is_empty(), "{sql}");
        }
    }

    #[test]
    fn a_comment_without_a_rule_or_a_reason_is_an_error_with_its_line() {
        for (comment, message) in [
            (
                "-- drift: allow(primary-key-absent)",
                "`drift: allow(primary-key-absent)` needs a reason",
            ),
            (
                "-- drift: allow(primary-key-absent): ",
                "`drift: allow(primary-key-absent)` needs a reason",
            ),
            (
                "-- drift: allow(primary-key-absnt) x",
                "there is no rule `primary-key-absnt`",
            ),
            (
                "-- drift: allow() x",
                "write `-- drift: allow(RULE) reason`",
            ),
            (
                "-- drift: alow(primary-key-absent) x",
                "write `-- drift: allow(RULE) reason`",
            ),
            (
                "-- Drift: ignore(primary-key-absent) x",
                "write `-- drift: allow(RULE) reason`",
            ),
            (
                "-- drift: allow primary-key-absent x",
                "write `-- drift: allow(RULE) reason`",
            ),
        ] {
            let error = allowed(&format!("SELECT 1;\n\n{comment}\nSELECT 2;")).unwrap_err();
            let whole = format!("migrations/1_a/up.sql:3: {message}");
            assert!(error.starts_with(&whole), "{error}");
        }
    }

    #[test]
    fn each_rule_that_accepts_nothing_is_told() {
        let all =
            allowed("-- drift: allow(primary-key-absent, foreign-key-unindexed) x\nSELECT 1;")
                .unwrap();
        let unused: Vec<Finding> = all[0].unused(&[true, false], |_| true).collect();
        let [unused] = &unused[..] else {
            panic!("{unused:?}")
        };
        assert_eq!(
            unused.message(),
            "the suppression of `foreign-key-unindexed 1_a` suppresses nothing"
        );
        assert_eq!(unused.span.as_ref().unwrap().line, 1);
        assert_eq!(all[0].unused(&[false, false], |_| false).count(), 0);
    }
}
