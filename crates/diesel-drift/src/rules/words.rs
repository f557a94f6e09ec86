//! What several rules say or ask.

use crate::catalog::query::{Member, Named};
use crate::catalog::{
    Catalog, Check, Class, Column, DataType, ObjectPath, Relation, Routine, class, quote_identifier,
};
use crate::finding::Finding;
use crate::subject::Subject;

/// Names as SQL lists them.
pub(super) fn list<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    let names: Vec<String> = (names.into_iter())
        .map(|name| quote_identifier(name.as_ref()))
        .collect();
    names.join(", ")
}

/// A schema, as what a finding is about.
pub(super) fn schema_subject(schema: &str) -> Subject {
    Subject::Object(ObjectPath {
        schema: None,
        name: schema.to_owned(),
        signature: String::new(),
        child: None,
        class: &class::SCHEMA,
    })
}

/// What the database has, in the finding's own words.
pub(super) fn said(finding: &Finding) -> &str {
    finding.live.as_deref().unwrap_or_default()
}

/// The tables that the first part of `post_id` may mean: `post`, `posts`; of `category_id` `categories`, of `box_id` `boxes`.
pub(super) fn names_of_tables(stem: &str) -> Vec<String> {
    let mut names = vec![stem.to_owned(), format!("{stem}s"), format!("{stem}es")];
    names.extend(stem.strip_suffix('y').map(|stem| format!("{stem}ies")));
    names
}

/// Whether `text` has `word` as an identifier of its own.
pub(super) fn mentions(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(is_part_of_word) && !after.is_some_and(is_part_of_word)
    })
}

/// The checks of a table that say something about a column, and that rows are held to.
pub(super) fn checks_of<'a>(table: &'a Relation, column: &str) -> impl Iterator<Item = &'a Check> {
    (table.checks.iter())
        .filter(move |check| !check.not_enforced && mentions(&check.expression, column))
}

/// A text as a constant in SQL.
pub(super) fn quoted_text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Whether an identifier goes on with it.
pub(super) fn is_part_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Names of tables that keep what others had, on purpose.
const RECORDS: [&str; 11] = [
    "audit",
    "log",
    "history",
    "histories",
    "archive",
    "event",
    "deleted",
    "tombstone",
    "staging",
    "tmp",
    "import",
];

/// Whether a table keeps what other tables had, also after it is gone there: `audit_log`, `archived_posts`.
pub(super) fn keeps_records(table: &str) -> bool {
    let is_record = |part: &str| {
        let ending = RECORDS.iter().find_map(|word| part.strip_prefix(word));
        ending.is_some_and(|ending| ["", "s", "d", "ed"].contains(&ending))
    };
    table.split('_').any(is_record)
}

/// What beside a column makes it refer to several tables.
const DISCRIMINATORS: [&str; 4] = ["type", "kind", "table", "class"];

/// What such a column is called where its discriminator is just `type` or `kind`.
const ANYTHING: [&str; 9] = [
    "object", "subject", "target", "owner", "item", "entity", "resource", "record", "ref",
];

/// Whether another column of its table says to which table a column refers: `owner_kind` beside `owner_id`.
pub(super) fn refers_to_several(column: &Member<'_, Column>) -> bool {
    let stem = column.name.strip_suffix("_id").unwrap_or(&column.name);
    let has = |name: &str| column.table.column(name).is_some();
    let own = |word: &&str| has(&format!("{stem}_{word}"));
    DISCRIMINATORS.iter().any(own)
        || ANYTHING.contains(&stem) && DISCRIMINATORS.iter().any(|word| has(word))
}

/// Whether a column is of a type that keys are of.
pub(super) fn is_key_type(data_type: &DataType) -> bool {
    !data_type.array && ["int2", "int4", "int8", "uuid"].contains(&data_type.name.as_str())
}

/// The functions and procedures that run with their owner's rights: what findings are about, and what `ALTER` and `REVOKE` call them.
pub(super) fn definers(catalog: &Catalog) -> impl Iterator<Item = (&Routine, Subject, String)> {
    let kinds = [
        (&catalog.functions, "FUNCTION", &class::FUNCTION),
        (&catalog.procedures, "PROCEDURE", &class::PROCEDURE),
    ];
    kinds.into_iter().flat_map(|(routines, word, class)| {
        let definers = routines.iter().filter(|routine| routine.security_definer);
        definers.map(move |routine| {
            let called = format!("{word} {}{}", routine.name.to_sql(), routine.signature);
            (routine, routine_subject(routine, class), called)
        })
    })
}

/// A function or procedure, as what a finding is about.
pub(super) fn routine_subject(routine: &Routine, class: &'static Class) -> Subject {
    Subject::Object(ObjectPath {
        schema: Some(routine.name.schema.clone()),
        name: routine.name.name.clone(),
        signature: routine.signature.clone(),
        child: None,
        class,
    })
}

/// A member of a table, as what a finding is about.
pub(super) fn member_subject<T>(member: &Member<'_, T>) -> Subject
where
    for<'m> Member<'m, T>: Named,
{
    Subject::Object(member.object())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_an_identifier_of_its_own() {
        assert!(mentions("(status = 'a'::text)", "status"));
        assert!(!mentions("(status_at > now())", "status"));
        assert!(!mentions("old_status", "status"));
    }

    #[test]
    fn records_are_told_by_a_whole_word() {
        for name in [
            "audit_log",
            "archived_posts",
            "job_events",
            "deleted_crates",
        ] {
            assert!(keeps_records(name), "{name}");
        }
        for name in ["logins", "posts", "eventual_goals", "catalog"] {
            assert!(!keeps_records(name), "{name}");
        }
    }

    #[test]
    fn a_stem_means_a_table_in_singular_or_plural() {
        assert!(names_of_tables("category").contains(&"categories".to_owned()));
        assert!(names_of_tables("box").contains(&"boxes".to_owned()));
    }
}
