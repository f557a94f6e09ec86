//! What statements make, take away and call otherwise, by squawk's grammar: of the names that they write. What code does that they run, and what
//! goes with what is dropped by CASCADE, is not told.

use super::identifiers::identifiers_in_place;
use super::statements::{leading_words, split};
use super::syntax::{DEEPEST, apart, depth};
use super::tree::{Node, tree};
use squawk_parser::SyntaxKind::{self, *};
use std::ops::Range;
use std::panic::catch_unwind;

/// What a statement does to a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Act {
    /// The statement, in bytes of its script.
    pub(crate) statement: Range<usize>,
    pub(crate) thing: Thing,
    pub(crate) done: Done,
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// It was not there before: neither IF NOT EXISTS nor OR REPLACE is said.
    Made,
    Dropped,
    /// It is called so from here on.
    Renamed(String),
    /// It is in this schema from here on.
    Moved(String),
}

/// What it is done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    Schema(String),
    /// A table, view, sequence or index: they share one room of names.
    Relation(Named),
    /// A type or domain.
    Type(Named),
    /// A function or procedure, with its parameters as they are written where they are.
    Routine(Named, Option<String>),
    /// What hangs on a table, or on a type.
    Part(Part, Named, String),
    /// A key or an index without a name, over columns of a table.
    KeyOver(Named, Vec<String>),
}

/// What can hang on a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Column,
    Constraint,
    Trigger,
    Policy,
    Rule,
}

/// A name as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
}

/// What each script does, in order, as far as the grammar takes its statements.
pub(crate) fn acts_of_all(scripts: &[&str]) -> Vec<Vec<Act>> {
    let of_each = || scripts.iter().map(|script| acts(script)).collect();
    apart(of_each).unwrap_or_else(|| vec![Vec::new(); scripts.len()])
}

fn acts(script: &str) -> Vec<Act> {
    if depth(script, false) > DEEPEST {
        return Vec::new();
    }
    let of_statement = |statement: Range<usize>| {
        let text = script.get(statement.clone())?;
        let verb = leading_words(text, 1);
        if !["create", "alter", "drop"].contains(&verb.first()?.as_str()) {
            return None;
        }
        // A mistake of the parser is none of the script's.
        let done = catch_unwind(|| Some(acts_of(text, &tree(text)?))).ok()??;
        let act = move |(thing, done)| Act {
            statement: statement.clone(),
            thing,
            done,
        };
        Some(done.into_iter().map(act))
    };
    (split(script).into_iter())
        .filter_map(of_statement)
        .flatten()
        .collect()
}

const RELATIONS: &[SyntaxKind] = &[
    TABLE_NAME,
    TABLE_NAME_REF,
    RELATION_NAME_REF,
    VIEW,
    VIEW_REF,
    SEQUENCE,
    SEQUENCE_REF,
    INDEX,
    INDEX_REF,
];
const TYPES: &[SyntaxKind] = &[TYPE_NAME, TYPE_NAME_REF, DOMAIN, DOMAIN_REF];
const SCHEMAS: &[SyntaxKind] = &[SCHEMA, SCHEMA_REF];
const ROUTINES: &[SyntaxKind] = &[
    FUNCTION_NAME,
    FUNCTION_NAME_REF,
    PROCEDURE_NAME,
    PROCEDURE_NAME_REF,
    ROUTINE_NAME,
    ROUTINE_NAME_REF,
];
const SIGNATURES: &[SyntaxKind] = &[FUNCTION_SIG, PROCEDURE_SIG, ROUTINE_SIG];
const COLUMNS: &[SyntaxKind] = &[
    COLUMN_NAME,
    COLUMN_NAME_REF,
    COMPOSITE_FIELD,
    COMPOSITE_FIELD_REF,
];
const CONSTRAINTS: &[SyntaxKind] = &[CONSTRAINT_NAME, CONSTRAINT_NAME_REF];
const TRIGGERS: &[SyntaxKind] = &[TRIGGER, TRIGGER_REF];
const POLICIES: &[SyntaxKind] = &[POLICY, POLICY_REF];
const RULES: &[SyntaxKind] = &[RULE, RULE_REF];
const RENAMES: &[SyntaxKind] = &[
    TABLE_RENAME_TO,
    VIEW_RENAME_TO,
    SEQUENCE_RENAME_TO,
    INDEX_RENAME_TO,
    TYPE_RENAME_TO,
    DOMAIN_RENAME_TO,
    SCHEMA_RENAME_TO,
    FUNCTION_RENAME_TO,
    PROCEDURE_RENAME_TO,
    ROUTINE_RENAME_TO,
    TRIGGER_RENAME_TO,
    POLICY_RENAME_TO,
    RULE_RENAME_TO,
];

fn acts_of(sql: &str, statement: &Node) -> Vec<(Thing, Done)> {
    let node = statement;
    match node.kind {
        CREATE_TABLE | CREATE_TABLE_AS if node.has(TEMP) => Vec::new(),
        CREATE_TABLE
        | CREATE_TABLE_AS
        | CREATE_FOREIGN_TABLE
        | CREATE_VIEW
        | CREATE_MATERIALIZED_VIEW
        | CREATE_SEQUENCE
        | CREATE_INDEX
        | CREATE_TYPE
        | CREATE_DOMAIN
        | CREATE_SCHEMA
        | CREATE_TRIGGER
        | CREATE_POLICY
        | CREATE_RULE => {
            let is_sure = !node.has(IF_NOT_EXISTS) && !node.has(OR_REPLACE);
            let made = is_sure.then(|| match node.kind {
                CREATE_INDEX => index(sql, node),
                _ => thing(sql, node),
            });
            let made = made.flatten().map(|thing| (thing, Done::Made));
            made.into_iter().collect()
        }
        DROP_TABLE
        | DROP_FOREIGN_TABLE
        | DROP_VIEW
        | DROP_MATERIALIZED_VIEW
        | DROP_SEQUENCE
        | DROP_INDEX => dropped(sql, node, RELATIONS, Thing::Relation),
        DROP_TYPE | DROP_DOMAIN => dropped(sql, node, TYPES, Thing::Type),
        DROP_SCHEMA => dropped(sql, node, SCHEMAS, |schema| Thing::Schema(schema.name)),
        DROP_FUNCTION | DROP_PROCEDURE | DROP_ROUTINE => (node.all(SIGNATURES))
            .filter_map(|signature| Some((routine(sql, signature)?, Done::Dropped)))
            .collect(),
        DROP_TRIGGER | DROP_POLICY | DROP_RULE => {
            let dropped = thing(sql, node).map(|thing| (thing, Done::Dropped));
            dropped.into_iter().collect()
        }
        ALTER_TABLE
        | ALTER_FOREIGN_TABLE
        | ALTER_VIEW
        | ALTER_MATERIALIZED_VIEW
        | ALTER_SEQUENCE
        | ALTER_INDEX
        | ALTER_TYPE
        | ALTER_DOMAIN
        | ALTER_SCHEMA
        | ALTER_FUNCTION
        | ALTER_PROCEDURE
        | ALTER_ROUTINE
        | ALTER_TRIGGER
        | ALTER_POLICY
        | ALTER_RULE => altered(sql, node),
        _ => Vec::new(),
    }
}

fn dropped(
    sql: &str,
    node: &Node,
    kinds: &[SyntaxKind],
    thing: impl Fn(Named) -> Thing,
) -> Vec<(Thing, Done)> {
    (node.all(kinds))
        .filter_map(|node| Some((thing(named(sql, node)?), Done::Dropped)))
        .collect()
}

/// What a statement is about.
fn thing(sql: &str, statement: &Node) -> Option<Thing> {
    let name = |kinds| named(sql, statement.first(kinds)?);
    let part = |part, kinds| Some(Thing::Part(part, name(RELATIONS)?, name(kinds)?.name));
    match statement.kind {
        CREATE_TYPE | CREATE_DOMAIN | ALTER_TYPE | ALTER_DOMAIN => name(TYPES).map(Thing::Type),
        CREATE_SCHEMA | ALTER_SCHEMA => name(SCHEMAS).map(|schema| Thing::Schema(schema.name)),
        CREATE_TRIGGER | ALTER_TRIGGER | DROP_TRIGGER => part(Part::Trigger, TRIGGERS),
        CREATE_POLICY | ALTER_POLICY | DROP_POLICY => part(Part::Policy, POLICIES),
        CREATE_RULE | ALTER_RULE | DROP_RULE => part(Part::Rule, RULES),
        ALTER_FUNCTION | ALTER_PROCEDURE | ALTER_ROUTINE => {
            routine(sql, statement.first(SIGNATURES)?)
        }
        _ => name(RELATIONS).map(Thing::Relation),
    }
}

fn altered(sql: &str, statement: &Node) -> Vec<(Thing, Done)> {
    let Some(thing) = thing(sql, statement) else {
        return Vec::new();
    };
    let holder = match &thing {
        Thing::Relation(named) | Thing::Type(named) => Some(named.clone()),
        _ => None,
    };
    let part = |part, node: &Node| Some(Thing::Part(part, holder.clone()?, named(sql, node)?.name));
    let act = |action: &Node| -> Option<(Thing, Done)> {
        let new = || Some(named(sql, action.children.last()?)?.name);
        let first = |kinds| action.first(kinds);
        match action.kind {
            kind if RENAMES.contains(&kind) => Some((thing.clone(), Done::Renamed(new()?))),
            SET_SCHEMA => Some((thing.clone(), Done::Moved(new()?))),
            RENAME_COLUMN | RENAME_ATTRIBUTE => {
                let mut names = action.all(COLUMNS);
                let old = part(Part::Column, names.next()?)?;
                Some((old, Done::Renamed(named(sql, names.next()?)?.name)))
            }
            RENAME_CONSTRAINT => {
                let old = part(Part::Constraint, first(CONSTRAINTS)?)?;
                Some((old, Done::Renamed(new()?)))
            }
            DROP_COLUMN | DROP_ATTRIBUTE => {
                Some((part(Part::Column, first(COLUMNS)?)?, Done::Dropped))
            }
            DROP_CONSTRAINT => {
                let dropped = part(Part::Constraint, first(CONSTRAINTS)?)?;
                Some((dropped, Done::Dropped))
            }
            ADD_COLUMN | ADD_ATTRIBUTE if !action.has(IF_NOT_EXISTS) => {
                Some((part(Part::Column, first(COLUMNS)?)?, Done::Made))
            }
            ADD_CONSTRAINT => {
                let made = match first(CONSTRAINTS) {
                    Some(name) => part(Part::Constraint, name)?,
                    None => {
                        let list = first(&[FOREIGN_KEY_COLUMN_LIST, CONSTRAINT_COLUMN_REF_LIST])?;
                        Thing::KeyOver(holder.clone()?, columns(sql, list))
                    }
                };
                Some((made, Done::Made))
            }
            _ => None,
        }
    };
    let actions = statement
        .children
        .iter()
        .flat_map(|child| match child.kind {
            ALTER_TYPE_ATTRIBUTE_ACTION_LIST => child.children.as_slice(),
            _ => std::slice::from_ref(child),
        });
    actions.filter_map(act).collect()
}

/// An index, which is in the schema of its table.
fn index(sql: &str, statement: &Node) -> Option<Thing> {
    let table = named(sql, statement.first(&[TABLE_NAME_REF])?)?;
    Some(match statement.first(&[INDEX]) {
        Some(index) => Thing::Relation(Named {
            name: named(sql, index)?.name,
            ..table
        }),
        None => Thing::KeyOver(
            table,
            columns(sql, statement.first(&[PARTITION_ITEM_LIST])?),
        ),
    })
}

fn routine(sql: &str, signature: &Node) -> Option<Thing> {
    let parameters = signature.first(&[PARAM_LIST]);
    let parameters = parameters.map(|list| sql[list.place.clone()].trim().to_owned());
    let name = named(sql, signature.first(ROUTINES)?)?;
    Some(Thing::Routine(name, parameters))
}

/// The last name in a place, with what stands before it and a dot.
fn named(sql: &str, node: &Node) -> Option<Named> {
    let last = identifiers_in_place(sql, &node.place).pop()?;
    Some(Named {
        schema: last.qualifier,
        name: last.name,
    })
}

/// The first name of each item of a list: of what an index is over, without its order.
fn columns(sql: &str, list: &Node) -> Vec<String> {
    let first = |item: &Node| identifiers_in_place(sql, &item.place).into_iter().next();
    (list.children.iter())
        .filter_map(|item| Some(first(item)?.name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a script does, a word and a name each.
    fn told(sql: &str) -> Vec<String> {
        let name = |named: &Named| match &named.schema {
            Some(schema) => format!("{schema}.{}", named.name),
            None => named.name.clone(),
        };
        let thing = |thing: &Thing| match thing {
            Thing::Schema(schema) => format!("schema {schema}"),
            Thing::Relation(it) => format!("relation {}", name(it)),
            Thing::Type(it) => format!("type {}", name(it)),
            Thing::Routine(it, parameters) => {
                format!(
                    "routine {}{}",
                    name(it),
                    parameters.clone().unwrap_or_default()
                )
            }
            Thing::Part(part, of, child) => format!("{part:?} {}.{child}", name(of)),
            Thing::KeyOver(of, columns) => format!("key {}({})", name(of), columns.join(", ")),
        };
        let acts = acts_of_all(&[sql]).remove(0);
        (acts.iter())
            .map(|act| match &act.done {
                Done::Made => format!("+ {}", thing(&act.thing)),
                Done::Dropped => format!("- {}", thing(&act.thing)),
                Done::Renamed(to) => format!("{} > {to}", thing(&act.thing)),
                Done::Moved(to) => format!("{} >> {to}", thing(&act.thing)),
            })
            .collect()
    }

    #[test]
    fn what_is_made_was_not_there() {
        for (sql, acts) in [
            (
                "CREATE TABLE app.\"Posts\" (a int);",
                "+ relation app.Posts",
            ),
            (
                "CREATE UNLOGGED TABLE posts AS SELECT 1;",
                "+ relation posts",
            ),
            ("CREATE VIEW v AS SELECT * FROM posts;", "+ relation v"),
            (
                "CREATE MATERIALIZED VIEW v AS SELECT * FROM posts;",
                "+ relation v",
            ),
            (
                "CREATE UNIQUE INDEX i ON ONLY app.posts (a DESC) WHERE b > 0;",
                "+ relation app.i",
            ),
            (
                "CREATE INDEX ON posts (a DESC, lower(b));",
                "+ key posts(a, lower)",
            ),
            ("CREATE TYPE mood AS ENUM ('a');", "+ type mood"),
            ("CREATE DOMAIN app.email AS text;", "+ type app.email"),
            ("CREATE SCHEMA app AUTHORIZATION me;", "+ schema app"),
            (
                "CREATE TRIGGER t BEFORE UPDATE OF a ON posts FOR EACH ROW EXECUTE FUNCTION f();",
                "+ Trigger posts.t",
            ),
            (
                "CREATE POLICY p ON app.posts USING (true);",
                "+ Policy app.posts.p",
            ),
            (
                "ALTER TABLE IF EXISTS ONLY posts ADD a int, ADD COLUMN b text REFERENCES u (id);",
                "+ Column posts.a, + Column posts.b",
            ),
            (
                "ALTER TABLE posts ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES users (id);",
                "+ Constraint posts.k",
            ),
            (
                "ALTER TABLE posts ADD FOREIGN KEY (a, \"B\") REFERENCES users (c, d);",
                "+ key posts(a, B)",
            ),
            (
                "ALTER TABLE posts ADD UNIQUE (a), ADD PRIMARY KEY (b);",
                "+ key posts(a), + key posts(b)",
            ),
        ] {
            assert_eq!(told(sql).join(", "), acts, "{sql}");
        }
        for sql in [
            "CREATE TABLE IF NOT EXISTS posts (a int);",
            "CREATE TEMP TABLE posts (a int);",
            "CREATE OR REPLACE VIEW v AS SELECT 1;",
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON posts (a);",
            "CREATE SCHEMA IF NOT EXISTS app;",
            "ALTER TABLE posts ADD COLUMN IF NOT EXISTS a int;",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
            "CREATE EXTENSION citext SCHEMA app;",
            "COMMENT ON TABLE posts IS 'x';",
            "DO $$ BEGIN DROP TABLE posts; END $$;",
            "ALTER TABLE posts ALTER COLUMN a DROP NOT NULL, ALTER b DROP DEFAULT, ENABLE ROW LEVEL SECURITY;",
        ] {
            assert_eq!(told(sql), [""; 0], "{sql}");
        }
    }

    #[test]
    fn what_is_dropped_and_what_is_called_otherwise() {
        for (sql, acts) in [
            (
                "DROP TABLE IF EXISTS a, app.b CASCADE;",
                "- relation a, - relation app.b",
            ),
            (
                "DROP VIEW v; DROP MATERIALIZED VIEW m;",
                "- relation v, - relation m",
            ),
            (
                "DROP INDEX CONCURRENTLY IF EXISTS app.i, j;",
                "- relation app.i, - relation j",
            ),
            (
                "DROP TYPE mood, app.size; DROP DOMAIN d;",
                "- type mood, - type app.size, - type d",
            ),
            (
                "DROP SCHEMA app, web CASCADE;",
                "- schema app, - schema web",
            ),
            (
                "DROP FUNCTION f(int, a text), app.g;",
                "- routine f(int, a text), - routine app.g",
            ),
            (
                "DROP TRIGGER t ON posts; DROP POLICY IF EXISTS p ON app.posts;",
                "- Trigger posts.t, - Policy app.posts.p",
            ),
            (
                "ALTER TABLE posts DROP a, DROP COLUMN IF EXISTS b CASCADE, DROP CONSTRAINT k;",
                "- Column posts.a, - Column posts.b, - Constraint posts.k",
            ),
            (
                "ALTER TABLE app.posts RENAME TO \"Articles\";",
                "relation app.posts > Articles",
            ),
            (
                "ALTER TABLE posts RENAME a TO b; ALTER TABLE posts RENAME COLUMN c TO d;",
                "Column posts.a > b, Column posts.c > d",
            ),
            (
                "ALTER TABLE posts RENAME CONSTRAINT k TO l;",
                "Constraint posts.k > l",
            ),
            ("ALTER TABLE posts SET SCHEMA app;", "relation posts >> app"),
            ("ALTER INDEX IF EXISTS i RENAME TO j;", "relation i > j"),
            ("ALTER VIEW v RENAME TO w;", "relation v > w"),
            (
                "ALTER TYPE mood RENAME TO feeling; ALTER DOMAIN d SET SCHEMA app;",
                "type mood > feeling, type d >> app",
            ),
            (
                "ALTER TYPE pair DROP ATTRIBUTE a, ADD ATTRIBUTE b int;",
                "- Column pair.a, + Column pair.b",
            ),
            ("ALTER SCHEMA app RENAME TO web;", "schema app > web"),
            ("ALTER FUNCTION f(int) RENAME TO g;", "routine f(int) > g"),
            (
                "ALTER TRIGGER t ON posts RENAME TO u; ALTER POLICY p ON posts RENAME TO q;",
                "Trigger posts.t > u, Policy posts.p > q",
            ),
        ] {
            assert_eq!(told(sql).join(", "), acts, "{sql}");
        }
    }

    #[test]
    fn each_is_at_its_statement() {
        let acts = acts_of_all(&["SELECT 1;\n-- x\nDROP TABLE a ; DROP VIEW b"]).remove(0);
        let places: Vec<_> = acts.iter().map(|act| act.statement.clone()).collect();
        assert_eq!(places, [15..27, 30..41]);
    }
}
