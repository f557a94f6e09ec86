//! Why PostgreSQL does not restore something, and what restores it.

use super::source::Files;
use crate::catalog::ObjectPath;
use crate::catalog::class::{COLUMN, ENUM, EXTENSION, FUNCTION, PROCEDURE, SEQUENCE};
use crate::compare::{Change, Difference};
use crate::finding::Kind;
use crate::kinds::round_trip::AGAIN_FAILS;
use crate::migrate::{Direction, FailedMigration, has_word, leading_words, split, tokens};
use serde_json::Value;

/// What to say about a difference between before the up and after the down; sentences.
pub(super) fn change(change: &Change, made: &[ObjectPath], files: &Files) -> Vec<String> {
    let path = &change.path;
    let (up, down) = (
        files.up.as_ref().map_or("", |script| &script.text),
        files.down.as_ref().map_or("", |script| &script.text),
    );
    let mut help = Vec::new();
    match &change.difference {
        Difference::Missing if path.class == &EXTENSION => help.push(
            "the extension was there before: `CREATE EXTENSION IF NOT EXISTS` did nothing, and the down drops what others use; \
             leave it to the migration that made it"
                .to_owned(),
        ),
        Difference::Missing => {
            if has_in(down, &["drop"], "cascade") {
                help.push(
                    "a `DROP … CASCADE` in the down takes with it what hangs on what it drops: name what is to go".to_owned(),
                );
            }
            if has_in(down, &["drop"], "if") || has_in(up, &["create"], "if") {
                help.push(masked("makes nothing where it is there already, and the down drops it all the same"));
            }
            if path.child.is_some() && has_in(up, &["alter"], "drop") || has_in(up, &["drop"], "drop") {
                help.push(
                    "what hangs on a table or column (indexes, constraints, triggers, privileges, comments) goes with it, and has \
                     to be made again with it"
                        .to_owned(),
                );
            }
        }
        Difference::Unexpected if path.class == &EXTENSION => help.push(
            "many leave extensions, which others may use by then; if that is meant, suppress it with this reason".to_owned(),
        ),
        Difference::Unexpected if !made.contains(path) => help.push(format!(
            "neither was it there before, nor does the up make it: {} does; what was there has to come back as it was",
            shown_down(files)
        )),
        Difference::Unexpected => {
            if has_in(down, &["drop"], "if") {
                help.push(masked(
                    "passes where nothing of that name is there: see that name, schema and arguments are those of the up",
                ));
            }
            help.push(format!("drop it in {}", shown_down(files)));
        }
        Difference::Reordered { .. } => help.push(
            "a column that is dropped and added again comes last: PostgreSQL cannot put it elsewhere; nothing but `INSERT` without \
             names and `SELECT *` sees it"
                .to_owned(),
        ),
        Difference::Renamed { .. } => help.push(renamed(path)),
        written if is_written_otherwise(written) => help.push(
            "the two texts differ in white space, comments and the case of words only".to_owned(),
        ),
        Difference::Changed {
            attribute,
            from,
            to,
        } => help.extend(changed(path, attribute, from.as_ref(), to.as_ref())),
        Difference::NotComparable { .. } => {}
    }
    help
}

/// Whether two texts of a function differ in white space, comments and the case of words only.
pub(super) fn is_written_otherwise(difference: &Difference) -> bool {
    let Difference::Changed {
        attribute,
        from: Some(Value::String(from)),
        to: Some(Value::String(to)),
    } = difference
    else {
        return false;
    };
    attribute == "body" && tokens(from) == tokens(to)
}

fn masked(what: &str) -> String {
    format!("`IF [NOT] EXISTS` {what}")
}

fn shown_down(files: &Files) -> String {
    let file = files.down.as_ref().map(|script| script.file.display());
    file.map_or_else(|| "the down".to_owned(), |file| file.to_string())
}

fn renamed(path: &ObjectPath) -> String {
    let what = match path.class == &SEQUENCE {
        true => "a sequence that `serial` or an identity column makes",
        false => "what is made without a name",
    };
    format!(
        "{what} is named by PostgreSQL after the table and columns as they are called then; rename it in the down, or name it where it is made"
    )
}

fn changed(
    path: &ObjectPath,
    attribute: &str,
    from: Option<&Value>,
    to: Option<&Value>,
) -> Option<String> {
    let field = attribute.split('.').next().unwrap_or_default();
    if path.class == &ENUM && field == "labels" && holds(to, from) {
        return Some(
            "PostgreSQL cannot take a label back from an enum: the down has to make the type anew (CREATE TYPE …; ALTER TABLE … \
             ALTER COLUMN … TYPE … USING …::text::…; DROP TYPE …; ALTER TYPE … RENAME TO …), or the migration is declared: \
             `[[irreversible]]` in drift.toml"
                .to_owned(),
        );
    }
    Some(match field {
        "privileges" => "what is dropped and made again has the default privileges: repeat the GRANTs in the down".to_owned(),
        "owner" => "what is dropped and made again belongs to the role that makes it: repeat ALTER … OWNER TO in the down".to_owned(),
        "comment" => "what is dropped and made again has no comment: repeat COMMENT ON in the down".to_owned(),
        "not_null_constraint" => {
            "since PostgreSQL 18 a NOT NULL is a constraint with a name, which comes from the table and column as they are called when it \
             is made; rename it in the down (ALTER TABLE … RENAME CONSTRAINT …), or name it where it is made"
                .to_owned()
        }
        "version" | "functions_digest" if path.class == &EXTENSION => {
            "PostgreSQL updates an extension to the version that is installed, and back only where a script for it is there".to_owned()
        }
        "default" if path.class == &COLUMN => {
            "`ALTER COLUMN … TYPE` and dropping a sequence take a default along: set it again in the down".to_owned()
        }
        "body" | "definition" if [&FUNCTION, &PROCEDURE].contains(&path.class) => {
            "`CREATE OR REPLACE` keeps nothing of what it replaces: the down has to hold the former text, to the letter".to_owned()
        }
        _ => return None,
    })
}

/// Whether one list holds everything that another does.
fn holds(all: Option<&Value>, some: Option<&Value>) -> bool {
    let list =
        |value: Option<&'_ Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let all = list(all);
    list(some).iter().all(|one| all.contains(one))
}

/// Whether a statement that begins with one of the words has another in it.
fn has_in(sql: &str, first: &[&str], word: &str) -> bool {
    split(sql).into_iter().any(|statement| {
        let text = &sql[statement];
        let begins = leading_words(text, 1);
        begins
            .first()
            .is_some_and(|begins| first.contains(&begins.as_str()))
            && has_word(text, word)
    })
}

/// What to say about a failure beyond what is said of every one.
pub(super) fn failure(kind: &Kind, failed: &FailedMigration) -> Option<String> {
    if kind == &AGAIN_FAILS {
        return Some(
            "the catalog is what it was before the first time, so that rows stand in the way, or what belongs to the whole server: \
             roles, tablespaces"
                .to_owned(),
        );
    }
    let depends = failed
        .message
        .contains("because other objects depend on it");
    depends.then(|| {
        "the statement drops what others still use: drop those first, in the order in which the up made them, backwards".to_owned()
    })
}

/// Whether a file fails on any row whatever it holds: a column is added that may not be null, and nothing says what it is.
pub(super) fn is_certain_on_rows(failed: &FailedMigration, made: &[ObjectPath]) -> bool {
    let Some(statement) = failed.place.as_ref().map(|place| place.statement.as_str()) else {
        return false;
    };
    let column = failed
        .message
        .strip_prefix("column \"")
        .and_then(|rest| rest.split_once('"'))
        .map(|(column, _)| column);
    let adds = leading_words(statement, 1) == ["alter"] && has_word(statement, "add");
    let sets = has_word(statement, "set");
    // In an up it is one that it makes; in a down the catalog of before has it.
    let is_new = |column: &str| {
        failed.direction == Direction::Down
            || made
                .iter()
                .any(|path| path.child.as_deref() == Some(column))
    };
    failed.sqlstate.as_deref() == Some("23502") && adds && !sets && column.is_some_and(is_new)
}
