//! Everything that is neither a relation, a type, a sequence nor a schema.

use crate::support::{OTHERS, database_with, read};
use diesel::connection::SimpleConnection;
use diesel_drift::catalog::Catalog;
use diesel_drift::introspect::Live;
use pretty_assertions::assert_eq;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What PostgreSQL 13 and later say about `data/others.sql`, but for what depends on the server.
const EXPECTED: &str = include_str!("data/others.json");

/// The lists of the catalog that are read as the classes of `data/others.sql` are.
fn expected() -> Map<String, Value> {
    serde_json::from_str(EXPECTED).unwrap()
}

/// The catalog as JSON, without what depends on the server.
fn comparable(live: &Live) -> Value {
    let mut catalog = serde_json::to_value(&live.catalog).unwrap();
    for extension in catalog["extensions"].as_array_mut().unwrap() {
        let extension = extension.as_object_mut().unwrap();
        assert!(extension.remove("version").is_some());
        let digest = extension.remove("functions_digest").unwrap();
        assert_eq!(digest.as_str().unwrap().len(), 64);
    }
    let database = catalog["database"].as_object_mut().unwrap();
    assert!(database.remove("usual_owner").is_some());
    let environment = database["environment"].as_object_mut().unwrap();
    environment.retain(|field, _| ["privileges", "connection_limit"].contains(&field.as_str()));
    catalog
}

/// The fields of `object`, wherever it stands.
fn fields(object: &Value) -> BTreeSet<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn every_attribute_is_read_as_set() {
    let (_database, mut connection) = database_with(OTHERS);
    let live = read(&mut connection);
    let catalog = comparable(&live);
    for (list, objects) in expected() {
        // Whether an optional member belongs to its class or to the family changed in 14.
        if live.server_version < 140_000 && list.starts_with("operator_") {
            continue;
        }
        assert_eq!(catalog[&list], objects, "{list}");
    }
    let json = serde_json::to_string(&live.catalog).unwrap();
    assert!(!json.contains("hunter2"), "{json}");
    assert_eq!(
        serde_json::from_str::<Catalog>(&json).unwrap(),
        live.catalog
    );
}

/// A field of the catalog that no object here has would be read by nobody knows what.
#[test]
fn every_attribute_is_set_somewhere() {
    let schema = serde_json::to_value(schemars::schema_for!(Catalog)).unwrap();
    let definition = |schema: &Value| {
        let reference = schema["$ref"].as_str().unwrap();
        reference.rsplit('/').next().unwrap().to_owned()
    };
    // What servers before 18 lack, what depends on the server, and what only a role without rights meets.
    let elsewhere = [
        ("functions", "sql_body"),
        ("procedures", "sql_body"),
        ("collations", "locale"),
        ("collations", "provider"),
        ("collations", "icu_rules"),
        ("collations", "nondeterministic"),
        ("collations", "encoding"),
        ("publications", "schemas"),
        ("publications", "generated_columns"),
        ("extensions", "version"),
        ("extensions", "functions_digest"),
        ("user_mappings", "options_not_visible"),
        ("database", "usual_owner"),
    ];
    // PostgreSQL says the same of procedures, where it says it at all.
    let of_functions_only = [
        "returns",
        "window",
        "object_file",
        "volatility",
        "strict",
        "leakproof",
        "parallel",
        "cost",
        "rows",
        "support",
        "transforms",
        "depends_on_extensions",
        "owner",
    ];
    let mut unset = Vec::new();
    for (list, objects) in expected() {
        let name = match &objects {
            Value::Array(_) => definition(&schema["properties"][&list]["items"]),
            _ => definition(&schema["properties"][&list]),
        };
        let known = fields(&schema["$defs"][&name]["properties"]);
        let objects = objects.as_array().cloned().unwrap_or(vec![objects]);
        let set: BTreeSet<&str> = objects.iter().flat_map(fields).collect();
        unset.extend(
            known
                .difference(&set)
                .filter(|field| !elsewhere.contains(&(&list, field)))
                .filter(|field| list != "procedures" || !of_functions_only.contains(field))
                .map(|field| format!("{list}.{field}")),
        );
    }
    assert_eq!(unset, Vec::<String>::new());
}

#[test]
fn an_empty_database_has_nothing_to_say() {
    let (_database, mut connection) = database_with("");
    let Catalog {
        schemas,
        extensions,
        database,
        ..
    } = read(&mut connection).catalog;
    assert_eq!(
        serde_json::to_value(schemas).unwrap(),
        json!([{ "name": "public" }])
    );
    assert_eq!(extensions.len(), 1, "{extensions:?}");
    let plpgsql = serde_json::to_value(&extensions[0]).unwrap();
    let said: BTreeSet<_> = ["name", "schema", "version", "functions_digest"].into();
    assert_eq!(fields(&plpgsql), said);
    let database = serde_json::to_value(&database).unwrap();
    assert_eq!(fields(&database), ["environment", "usual_owner"].into());
    let environment = ["owner", "encoding", "collate", "ctype"];
    assert!(fields(&database["environment"]).is_superset(&environment.into()));
    let rest = read(&mut connection).catalog;
    let rest = Catalog {
        schemas: Vec::new(),
        extensions: Vec::new(),
        database: Default::default(),
        ..rest
    };
    assert_eq!(rest, Catalog::default());
}

/// A role that can only connect is told of everything but options that are not for its eyes, and that it is not told.
#[test]
fn a_role_without_rights_knows_what_it_does_not_see() {
    let (_database, mut connection) = database_with(OTHERS);
    let mut all = read(&mut connection).catalog;
    connection
        .batch_execute("REVOKE ALL ON SCHEMA public FROM PUBLIC; SET ROLE app_other")
        .unwrap();
    let mut seen = read(&mut connection).catalog;
    // It was just revoked.
    all.schemas.clear();
    seen.schemas.clear();
    for mapping in &mut all.user_mappings {
        assert!(!mapping.options_not_visible);
        mapping.options.clear();
        mapping.options_not_visible = true;
    }
    assert_eq!(seen, all);

    // app_ro sees what it may use the server with.
    connection
        .batch_execute("RESET ROLE; GRANT USAGE ON FOREIGN SERVER \"Server \"\"x\"\" 😀\" TO app_ro; SET ROLE app_ro")
        .unwrap();
    let mappings = read(&mut connection).catalog.user_mappings;
    let visible: Vec<_> = mappings
        .iter()
        .map(|mapping| {
            let user = mapping.options.get("user").map(String::as_str);
            (
                mapping.name.as_str(),
                mapping.signature.as_str(),
                !mapping.options_not_visible,
                user,
            )
        })
        .collect();
    assert_eq!(
        visible,
        [
            ("Server \"x\" 😀", " FOR PUBLIC", false, None),
            ("Server \"x\" 😀", " FOR app_ro", true, Some("me")),
            ("plain", " FOR app_ro", true, None),
        ]
    );
}

#[test]
fn bodies_in_standard_sql_are_read() {
    let (_database, mut connection) = database_with("");
    if read(&mut connection).server_version < 140_000 {
        return;
    }
    connection
        .batch_execute(
            "CREATE TABLE \"T \"\"x\"\"\" (a integer);
             CREATE FUNCTION one() RETURNS integer RETURN 1;
             CREATE PROCEDURE two() BEGIN ATOMIC INSERT INTO \"T \"\"x\"\"\" VALUES (1); SELECT 2; END;",
        )
        .unwrap();
    let catalog = read(&mut connection).catalog;
    let function = &catalog.functions[0];
    assert_eq!(function.sql_body.as_deref(), Some("RETURN 1"));
    assert_eq!(function.body, None);
    let procedure = &catalog.procedures[0];
    let body = procedure.sql_body.as_deref().unwrap();
    assert!(
        body.contains("INSERT INTO public.\"T \"\"x\"\"\""),
        "{body}"
    );
    assert_eq!(procedure.returns, None);
}

/// What has no order and no meaning of its own is read alike, however it came about.
#[test]
fn order_and_detours_are_no_drift() {
    let common = "CREATE SCHEMA s; CREATE TABLE a (i integer PRIMARY KEY, j integer); CREATE TABLE b (i integer PRIMARY KEY);
        CREATE FUNCTION evt() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
        CREATE TEXT SEARCH CONFIGURATION c (PARSER = default);
        CREATE FOREIGN DATA WRAPPER w; CREATE SERVER v FOREIGN DATA WRAPPER w;";
    let straight = "CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION evt();
        CREATE PUBLICATION p FOR TABLE a, b; CREATE PUBLICATION q WITH (publish = 'update, insert');
        ALTER FUNCTION f(integer) SET work_mem = '1MB'; ALTER FUNCTION f(integer) SET search_path = s;
        ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH simple; ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR email WITH simple;
        ALTER SERVER v OPTIONS (a '1', b '2');
        ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO app_ro; ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO app_other;
        CREATE OPERATOR FAMILY o USING btree; ALTER OPERATOR FAMILY o USING btree ADD OPERATOR 1 < (integer, bigint), OPERATOR 2 <= (integer, bigint);
        GRANT EXECUTE ON FUNCTION f(integer) TO app_ro; GRANT EXECUTE ON FUNCTION f(integer) TO app_other;
        DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = %L', current_database(), '3MB');
            EXECUTE format('ALTER DATABASE %I SET search_path = s', current_database()); END $$;";
    let detoured = "CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('DROP TABLE', 'CREATE TABLE') EXECUTE FUNCTION evt();
        ALTER EVENT TRIGGER e DISABLE; ALTER EVENT TRIGGER e ENABLE;
        CREATE PUBLICATION q WITH (publish = 'insert, update'); CREATE PUBLICATION p FOR TABLE b; ALTER PUBLICATION p ADD TABLE a;
        ALTER FUNCTION f(integer) RENAME TO g; ALTER FUNCTION g(integer) RENAME TO f; ALTER FUNCTION f(integer) COST 5; ALTER FUNCTION f(integer) COST 100;
        ALTER FUNCTION f(integer) SET search_path = s; ALTER FUNCTION f(integer) SET work_mem = '1MB';
        ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR email, word WITH simple;
        ALTER SERVER v OPTIONS (b '2'); ALTER SERVER v OPTIONS (a '1');
        ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO app_other, app_ro; ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT INSERT ON TABLES TO app_ro;
        ALTER DEFAULT PRIVILEGES IN SCHEMA s REVOKE INSERT ON TABLES FROM app_ro;
        ALTER DEFAULT PRIVILEGES FOR ROLE app_other REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; ALTER DEFAULT PRIVILEGES FOR ROLE app_other GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
        CREATE OPERATOR FAMILY o USING btree; ALTER OPERATOR FAMILY o USING btree ADD OPERATOR 2 <= (integer, bigint), OPERATOR 1 < (integer, bigint);
        GRANT EXECUTE ON FUNCTION f(integer) TO app_other; GRANT EXECUTE ON FUNCTION f(integer) TO app_ro; REVOKE EXECUTE ON FUNCTION evt() FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION evt() TO PUBLIC; CREATE EXTENSION citext; DROP EXTENSION citext;
        DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = s', current_database());
            EXECUTE format('ALTER DATABASE %I SET work_mem = %L', current_database(), '3MB'); END $$;";
    let catalog = |sql: &str| {
        let (_database, mut connection) = database_with(&format!("{common}{sql}"));
        read(&mut connection).catalog
    };
    assert_eq!(catalog(straight), catalog(detoured));
}
