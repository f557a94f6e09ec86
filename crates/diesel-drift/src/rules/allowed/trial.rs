//! What the tests of comments share.

use super::{Allowed, Applied};
use crate::catalog::{
    Catalog, Column, ForeignKey, Index, IndexColumn, IndexTerm, ObjectPath, QualifiedName,
    Relation, class,
};
use crate::chain::{Content, Migration, TextFile};
use crate::finding::Finding;
use crate::rules::RULES;
use crate::subject::Subject;
use std::collections::BTreeMap;

fn file(path: String, sql: &str) -> TextFile {
    TextFile {
        path: path.into(),
        content: Content::Text(sql.to_owned()),
        checksum: String::new(),
    }
}

/// The migrations `1`, `2` … with these scripts; what stands behind `DOWN:` is `down.sql`.
fn migrations(scripts: &[&str]) -> Vec<Migration> {
    let of = |(number, script): (usize, &&str)| {
        let (up, down) = script.split_once("DOWN:").unwrap_or((script, ""));
        let files = [("up.sql", up), ("down.sql", down)].into_iter();
        let files = files.map(|(name, sql)| {
            let path = format!("migrations/{number}/{name}");
            (name.to_owned(), file(path, sql))
        });
        Migration {
            name: number.to_string(),
            version: number.to_string(),
            files: BTreeMap::from_iter(files),
            unreadable: None,
        }
    };
    (1..).zip(scripts).map(of).collect()
}

pub(super) fn allowed(scripts: &[&str]) -> Result<Allowed, String> {
    let rule = |id: &str| {
        let found = RULES.iter().find(|kind| kind.id == id).copied();
        found.ok_or_else(|| format!("there is no rule `{id}`"))
    };
    Allowed::read(&migrations(scripts), rule).map_err(|error| error.to_string())
}

/// `posts (author_id → users)` with an index over `author_id`, and a table of each name besides.
pub(super) fn catalog(tables: &[&str]) -> Catalog {
    let column = |name: &str| Column {
        name: name.into(),
        ..Column::default()
    };
    let posts = Relation {
        name: QualifiedName::new("public", "posts"),
        columns: vec![column("author_id")],
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
    let other = |name: &&str| {
        let (schema, name) = name.split_once('.')?;
        Some(Relation {
            name: QualifiedName::new(schema, name),
            ..Relation::default()
        })
    };
    Catalog {
        relations: (tables.iter().filter_map(other)).chain([posts]).collect(),
        ..Catalog::default()
    }
}

/// A finding of a rule: `primary-key-absent app.posts`, of a column `… public.posts.author_id`; of what hangs on `public.posts`, its name alone.
pub(super) fn finding(text: &str) -> Finding {
    let (id, subject) = text.split_once(' ').unwrap();
    let kind = RULES.iter().find(|kind| kind.id == id).unwrap();
    let parts: Vec<&str> = subject.split('.').collect();
    let subject = match *parts.as_slice() {
        [child] => Subject::Object(ObjectPath {
            schema: Some("public".into()),
            name: "posts".into(),
            signature: String::new(),
            child: Some(child.to_owned()),
            class: match child.ends_with("fkey") {
                true => &class::FOREIGN_KEY,
                false => &class::INDEX,
            },
        }),
        ["type", name] => Subject::Type(QualifiedName::new("public", name)),
        [schema, name] => Subject::Relation(QualifiedName::new(schema, name)),
        [schema, name, column] => {
            Subject::Column(QualifiedName::new(schema, name), column.to_owned())
        }
        _ => panic!("{text}"),
    };
    Finding::new(kind, subject)
}

/// What comes of comments, where these are found.
pub(super) fn applied(scripts: &[&str], found: &[&str]) -> Applied {
    let all = allowed(scripts).unwrap_or_else(|error| panic!("{scripts:?}: {error}"));
    let found: Vec<Finding> = found.iter().map(|text| finding(text)).collect();
    let tables = ["public.posts_2", "app.visits", "app.posts"];
    all.apply(found, &[], &catalog(&tables), |_| true)
}

/// Whether a comment accepts a finding.
pub(super) fn accepts(scripts: &[&str], found: &str) -> bool {
    applied(scripts, &[found]).kept.is_empty()
}

/// What is said of each comment that accepts nothing where these are found.
pub(super) fn unused(scripts: &[&str], found: &[&str]) -> Vec<String> {
    let told = |finding: &Finding| {
        let line = finding.span.as_ref().map_or(0, |span| span.line);
        format!("{line}: {}", finding.help.join("; "))
    };
    applied(scripts, found).unused.iter().map(told).collect()
}
