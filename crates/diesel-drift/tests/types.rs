//! What the model of the types says, held against what PostgreSQL does. Runs on the major version that `DIESEL_DRIFT_PG_BIN` names.

// Clippy excuses only what stands in a function that is marked as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use diesel_drift::catalog::Catalog;
use diesel_drift::compare::Scope;
use diesel_drift::introspect::{Wanted, introspect};
use diesel_drift::provision::{Database, Options, provision};
use diesel_drift::types::{Field, Model, NumberRange, Shape};
use serde_json::Value;

const EVERYTHING: &str = include_str!("../fixtures/types/everything.sql");

/// What PostgreSQL itself makes and nobody can write: no table has a value of it.
const UNWRITABLE: [&str; 7] = [
    "gtsvector",
    "pg_brin_bloom_summary",
    "pg_brin_minmax_multi_summary",
    "pg_dependencies",
    "pg_mcv_list",
    "pg_ndistinct",
    "pg_node_tree",
];

struct Test {
    connection: PgConnection,
    model: Model,
    /// Before the connection's end it cannot be dropped.
    _database: Database,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    answer: String,
}

fn ask(connection: &mut PgConnection, query: &str) -> String {
    let query = format!("SELECT ({query})::text AS answer");
    let answer: Answer = diesel::sql_query(query).get_result(connection).unwrap();
    answer.answer
}

fn test(sql: &str) -> Test {
    let database = provision(&Options::from_env()).unwrap();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    connection.batch_execute(sql).unwrap();
    let live = introspect(&mut connection, &Wanted::default()).unwrap();
    Test {
        model: model(&live.catalog),
        connection,
        _database: database,
    }
}

fn model(catalog: &Catalog) -> Model {
    Model::new(catalog, &Scope::default(), &[]).unwrap()
}

impl Test {
    fn fields(&self, table: &str) -> Vec<Field> {
        let mut relations = self.model.relations.iter();
        let found = relations.find(|object| object.name.name == table);
        found.unwrap().fields.clone()
    }

    /// Whether a value is what the model says. Forms of texts are Zod's matter.
    fn fits(&self, shape: &Shape, value: &Value) -> bool {
        let integer = |least: i64, most: i64| {
            let number = value.as_i64();
            number.is_some_and(|number| (least..=most).contains(&number))
        };
        let special =
            |specials: &[&str]| value.as_str().is_some_and(|text| specials.contains(&text));
        match shape {
            Shape::Any => true,
            Shape::Boolean => value.is_boolean(),
            Shape::SmallInteger => integer(i16::MIN.into(), i16::MAX.into()),
            Shape::Integer => integer(i32::MIN.into(), i32::MAX.into()),
            Shape::BigInteger => integer(i64::MIN, i64::MAX),
            Shape::Number(NumberRange::Digits(_)) => value.is_number() || special(&["NaN"]),
            Shape::Number(_) => value.is_number() || special(&["NaN", "Infinity", "-Infinity"]),
            Shape::Text(_) => value.is_string(),
            Shape::Array { element, nullable } => value.as_array().is_some_and(|elements| {
                let mut elements = elements.iter();
                elements.all(|value| value.is_null() && *nullable || self.fits(element, value))
            }),
            Shape::Dictionary => value.as_object().is_some_and(|object| {
                let mut values = object.values();
                values.all(|value| value.is_null() || value.is_string())
            }),
            Shape::Enum(name) => {
                let mut enums = self.model.enums.iter();
                let found = enums.find(|found| found.name == *name).unwrap();
                let label = value.as_str();
                label.is_some_and(|label| found.labels.iter().any(|known| known == label))
            }
            Shape::Composite(name) => {
                let mut composites = self.model.composites.iter();
                let found = composites.find(|found| found.name == *name).unwrap();
                value.as_object().is_some_and(|object| {
                    object.len() == found.fields.len()
                        && found.fields.iter().all(|field| {
                            let value = &object[&field.name];
                            value.is_null() && field.nullable || self.fits(&field.shape, value)
                        })
                })
            }
        }
    }
}

#[test]
fn a_row_of_every_type_is_what_the_model_says() {
    let mut test = test(EVERYTHING);
    let fields = test.fields("everything");
    let rows = ask(
        &mut test.connection,
        // Numbers that serde_json would not read.
        "SELECT jsonb_agg(to_jsonb(e) || jsonb_build_object('huge', 1, 'numeric', CASE WHEN numeric = 'NaN' THEN 'NaN'::numeric ELSE 1 END))
         FROM everything AS e",
    );
    let rows: Vec<Value> = serde_json::from_str(&rows).unwrap();
    assert_eq!(rows.len(), 4);
    for row in &rows {
        let row = row.as_object().unwrap();
        assert_eq!(row.len(), fields.len());
        for field in &fields {
            let value = &row[&field.name];
            assert!(
                value.is_null() && field.nullable || test.fits(&field.shape, value),
                "{field:?}: {value}"
            );
        }
    }

    // Each was seen, but for what was added for newer servers.
    for field in &fields {
        let seen = rows.iter().any(|row| !row[&field.name].is_null());
        assert!(seen || field.name.ends_with("multirange"), "{}", field.name);
    }
    let any: Vec<_> = fields
        .iter()
        .filter(|field| field.shape == Shape::Any)
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(any, ["json", "jsonb", "shown_as_json"]);

    let types = ask(
        &mut test.connection,
        "SELECT jsonb_agg(t.typname) FROM pg_type AS t
         WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype IN ('b', 'r', 'm')
           AND NOT EXISTS (SELECT FROM pg_type AS e WHERE e.typarray = t.oid)",
    );
    let types: Vec<String> = serde_json::from_str(&types).unwrap();
    assert!(types.len() > 60);
    for name in types {
        let tried = fields.iter().any(|field| field.name == name);
        assert_ne!(tried, UNWRITABLE.contains(&name.as_str()), "{name}");
    }
}

/// An INSERT of `jsonb_populate_record`, as PostgREST makes it, takes what the model says, and it is the same value then.
#[test]
fn what_the_model_says_of_input_is_what_postgresql_reads() {
    let mut test = test(EVERYTHING);
    let mut tried = 0;
    for field in test.fields("everything") {
        let Some(input) = &field.input else { continue };
        // Read in another form than they are written in.
        if ["all_series", "shown_as_json", "letters"].contains(&field.name.as_str()) {
            continue;
        }
        assert_eq!(input.shape, field.shape);
        tried += 1;
        let column = format!("'{}'", field.name);
        let same = ask(
            &mut test.connection,
            &format!(
                "SELECT bool_and(to_jsonb(jsonb_populate_record(NULL::everything,
                     jsonb_build_object('rank', 1, 'rank_only', 1) || jsonb_build_object({column}, to_jsonb(e) -> {column})
                 )) -> {column} = to_jsonb(e) -> {column})
                 FROM everything AS e"
            ),
        );
        assert_eq!(same, "true", "{}", field.name);
    }
    assert!(tried > 90, "{tried}");
}

#[test]
fn what_can_be_null_or_left_out_is_as_postgresql_has_it() {
    let test = test(
        "CREATE DOMAIN nn AS text NOT NULL;
         CREATE DOMAIN nested AS nn DEFAULT 'x';
         CREATE TABLE t (
             id integer GENERATED ALWAYS AS IDENTITY, by_default integer GENERATED BY DEFAULT AS IDENTITY, serial serial,
             twice integer GENERATED ALWAYS AS (serial * 2) STORED, required text NOT NULL, nullable text, with_default text NOT NULL DEFAULT '',
             nn nn, nested nested, hidden nested DEFAULT NULL, null_by_default text DEFAULT NULL
         );
         CREATE VIEW v AS SELECT * FROM t;",
    );
    let read = |table: &str| -> Vec<String> {
        let fields = test.fields(table);
        let nullable = fields.iter().filter(|field| field.nullable);
        nullable.map(|field| field.name.clone()).collect()
    };
    assert_eq!(read("t"), ["twice", "nullable", "null_by_default"]);
    assert_eq!(read("v").len(), 11);
    assert!(test.fields("v").iter().all(|field| field.input.is_none()));
    let input: Vec<_> = test
        .fields("t")
        .into_iter()
        .filter_map(|field| Some((field.name, field.input?)))
        .map(|(name, input)| {
            let null = if input.nullable { " null" } else { "" };
            format!("{name}{}{null}", if input.optional { "?" } else { "" })
        })
        .collect();
    assert_eq!(
        input,
        [
            "by_default?",
            "serial?",
            "required",
            "nullable? null",
            "with_default?",
            "nn",
            "nested?",
            "hidden",
            "null_by_default? null"
        ]
    );
}

#[test]
fn what_extensions_bring_is_known_where_it_is_certain() {
    let mut test = test("SELECT 1");
    let here = ask(
        &mut test.connection,
        "SELECT count(*) FROM pg_available_extensions WHERE name IN ('hstore', 'citext', 'ltree', 'lo', 'isn')",
    );
    if here != "5" {
        eprintln!(
            "skipped: this server has not got the extensions hstore, citext, ltree, lo and isn"
        );
        return;
    }
    let mut test = self::test(
        "CREATE SCHEMA x;
         CREATE EXTENSION hstore SCHEMA x; CREATE EXTENSION citext; CREATE EXTENSION ltree; CREATE EXTENSION lo; CREATE EXTENSION isn;
         CREATE TYPE with_tags AS (tags x.hstore);
         CREATE TABLE t (tags x.hstore, many x.hstore[], composed with_tags, name citext, path ltree, file lo, book isbn13, unknown ltree_gist);
         INSERT INTO t VALUES ('a=>1, b=>NULL', '{a=>1,NULL}', ROW('a=>1'), 'Name', 'a.b', 5, '9780393040029', NULL);",
    );
    let row = ask(&mut test.connection, "SELECT to_jsonb(t) FROM t");
    let row: Value = serde_json::from_str(&row).unwrap();
    let fields = test.fields("t");
    for field in &fields {
        let value = &row[&field.name];
        assert!(
            value.is_null() || test.fits(&field.shape, value),
            "{field:?}: {value}"
        );
        assert_eq!(field.shape == Shape::Any, field.name == "unknown");
    }

    // hstore reads its own text, not the object that it writes.
    let input = |name: &str| {
        let field = fields.iter().find(|field| field.name == name).unwrap();
        field.input.clone().unwrap().shape
    };
    assert!(matches!(input("tags"), Shape::Text(_)));
    assert!(
        matches!(input("many"), Shape::Array { element, .. } if matches!(*element, Shape::Text(_)))
    );
    assert_eq!(input("composed"), Shape::Any);
    let read = ask(
        &mut test.connection,
        r#"SELECT to_jsonb(jsonb_populate_record(NULL::t, '{"tags": "a=>1, b=>NULL", "many": ["a=>1", null]}')) @> (
               SELECT jsonb_build_object('tags', tags, 'many', many) FROM t
           )"#,
    );
    assert_eq!(read, "true");
}

/// Only the check that says nothing else is certain to hold.
#[test]
fn a_check_can_keep_null_out_of_an_array() {
    let test = test(
        "CREATE TABLE t (
             a text[], b text[] CHECK (array_position(b, NULL) IS NULL), c varchar[] CHECK (array_position(c, NULL) IS NULL),
             \"D e\" integer[] CHECK (array_position(\"D e\", NULL) IS NULL),
             f text[] CHECK (array_position(f, NULL) IS NULL OR a IS NULL), g text[] CHECK (array_position(g, NULL, 2) IS NULL),
             h text[] CHECK (array_position(b, NULL) IS NULL)
         );
         ALTER TABLE t ADD i text[], ADD CHECK (array_position(i, NULL) IS NULL) NOT VALID;",
    );
    let with_nulls = |field: &Field| matches!(field.shape, Shape::Array { nullable: true, .. });
    let fields = test.fields("t").into_iter().filter(with_nulls);
    let names: Vec<_> = fields.map(|field| field.name).collect();
    assert_eq!(names, ["a", "f", "g", "h", "i"]);
}
