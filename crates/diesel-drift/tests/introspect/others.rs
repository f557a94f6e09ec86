//! Everything that is neither a relation, a type, a sequence nor a schema.

use crate::support::{OTHERS, database_with, read};
use diesel::connection::SimpleConnection;
use diesel_drift::catalog::{
    Catalog, CollationProvider, GeneratedColumns, PublishedTable, SlotName, Streaming,
};
use diesel_drift::introspect::{Live, Wanted, introspect};
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

#[test]
fn publications_are_read_as_servers_have_learned_them() {
    let (_database, mut connection) = database_with(
        "CREATE SCHEMA \"S \"\"x\"\"\"; CREATE TABLE \"S \"\"x\"\"\".\"T 😀\" (id integer PRIMARY KEY, z integer, a integer)",
    );
    let version = read(&mut connection).server_version;
    if version < 150_000 {
        return;
    }
    connection
        .batch_execute(
            "CREATE PUBLICATION p FOR TABLE \"S \"\"x\"\"\".\"T 😀\" (z, id, a) WHERE (id > 5);
             CREATE PUBLICATION s FOR TABLES IN SCHEMA \"S \"\"x\"\"\", public",
        )
        .unwrap();
    if version >= 180_000 {
        connection
            .batch_execute("ALTER PUBLICATION s SET (publish_generated_columns = stored)")
            .unwrap();
    }
    let publications = read(&mut connection).catalog.publications;
    let table = PublishedTable {
        columns: Some(["a", "id", "z"].map(str::to_owned).into()),
        filter: Some("(id > 5)".to_owned()),
    };
    let tables = [("\"S \"\"x\"\"\".\"T 😀\"".to_owned(), table)];
    assert_eq!(publications[0].tables, tables.into());
    assert_eq!(publications[0].publish, None);
    assert_eq!(publications[1].schemas, ["S \"x\"", "public"]);
    let generated = match version {
        180_000.. => GeneratedColumns::Stored,
        _ => GeneratedColumns::None,
    };
    assert_eq!(publications[1].generated_columns, generated);
}

#[test]
fn collations_of_icu_are_read() {
    let (_database, mut connection) = database_with("");
    let version = read(&mut connection).server_version;
    let create =
        "CREATE COLLATION \"Icu 😀\" (provider = icu, locale = 'de', deterministic = false)";
    if connection.batch_execute(create).is_err() {
        return; // A server that was built without ICU.
    }
    if version >= 160_000 {
        connection
            .batch_execute(
                "CREATE COLLATION ruled (provider = icu, locale = 'de', rules = '& a < g')",
            )
            .unwrap();
    }
    let catalog = read(&mut connection).catalog;
    let icu = &catalog.collations[0];
    assert_eq!(icu.provider, CollationProvider::Icu);
    assert_eq!(icu.locale.as_deref(), Some("de"));
    assert_eq!((&icu.collate, &icu.ctype), (&None, &None));
    assert!(icu.nondeterministic);
    if let Some(ruled) = catalog.collations.get(1) {
        assert_eq!(ruled.icu_rules.as_deref(), Some("& a < g"));
        assert!(!ruled.nondeterministic);
    }

    // A library that changed is the environment's affair.
    assert_eq!(
        catalog.database.environment.outdated_collations,
        Default::default()
    );
    connection
        .batch_execute("UPDATE pg_collation SET collversion = '0' WHERE collname = 'Icu 😀'")
        .unwrap();
    let outdated = read(&mut connection).catalog;
    let told = &outdated.database.environment.outdated_collations["public.\"Icu 😀\""];
    assert!(told.starts_with("0, now "), "{told}");
    assert_eq!(outdated.collations, catalog.collations);
}

/// A collation of another encoding is another collation.
#[test]
fn the_encoding_of_a_collation_is_read() {
    let (_database, mut connection) = database_with("CREATE COLLATION c (locale = 'C')");
    connection
        .batch_execute("UPDATE pg_collation SET collencoding = 8 WHERE collname = 'c'")
        .unwrap();
    let collations = read(&mut connection).catalog.collations;
    assert_eq!(collations[0].encoding.as_deref(), Some("LATIN1"));
}

/// How it connects is nobody's business, whoever reads.
#[test]
fn subscriptions_are_read_without_their_secret() {
    let (_database, mut connection) = database_with("");
    let version = read(&mut connection).server_version;
    let mut options = vec![
        "connect = false",
        "slot_name = 'slot_1'",
        "synchronous_commit = 'local'",
    ];
    let since = [
        (140_000, vec!["binary = true", "streaming = true"]),
        (150_000, vec!["two_phase = true", "disable_on_error = true"]),
        (
            160_000,
            vec![
                "password_required = false",
                "run_as_owner = true",
                "origin = none",
            ],
        ),
        (170_000, vec!["failover = true"]),
    ];
    for (since, new) in since {
        if version >= since {
            options.extend(new);
        }
    }
    let options = options.join(", ");
    connection
        .batch_execute(&format!(
            "CREATE SUBSCRIPTION \"Sub \"\"x\"\" 😀\" CONNECTION 'host=nowhere password=hunter2' PUBLICATION z, \"A b\" WITH ({options});
             CREATE SUBSCRIPTION usual CONNECTION 'host=nowhere password=hunter2' PUBLICATION p WITH (connect = false);
             CREATE SUBSCRIPTION slotless CONNECTION 'host=nowhere password=hunter2' PUBLICATION p WITH (connect = false, slot_name = NONE);
             COMMENT ON SUBSCRIPTION \"Sub \"\"x\"\" 😀\" IS 'ours'",
        ))
        .unwrap();
    let all = read(&mut connection).catalog;
    connection.batch_execute("SET ROLE app_other").unwrap();
    let seen = read(&mut connection).catalog;
    // A database that subscribes cannot be dropped.
    connection.batch_execute("RESET ROLE").unwrap();
    for subscription in ["\"Sub \"\"x\"\" 😀\"", "usual", "slotless"] {
        let forget = format!(
            "ALTER SUBSCRIPTION {subscription} SET (slot_name = NONE); DROP SUBSCRIPTION {subscription}"
        );
        for statement in forget.split("; ") {
            connection.batch_execute(statement).unwrap();
        }
    }

    assert_eq!(seen.subscriptions, all.subscriptions);
    assert!(!serde_json::to_string(&all).unwrap().contains("hunter2"));
    let [full, slotless, usual] = &all.subscriptions[..] else {
        panic!("{:?}", all.subscriptions)
    };
    assert_eq!(full.publications, ["A b", "z"]);
    assert_eq!(full.slot_name, SlotName::Named("slot_1".to_owned()));
    assert_eq!(slotless.slot_name, SlotName::None);
    assert_eq!((&usual.slot_name, usual.disabled), (&SlotName::Own, true));
    if version >= 140_000 {
        assert!(full.binary && !usual.binary);
        assert_eq!(full.streaming, Streaming::On);
        assert_eq!(full.synchronous_commit.as_deref(), Some("local"));
        assert_eq!(usual.synchronous_commit, None);
        assert_eq!(full.comment.as_deref(), Some("ours"));
    }
    let usual_streaming = match version {
        180_000.. => Streaming::Parallel,
        _ => Streaming::Off,
    };
    assert_eq!(usual.streaming, usual_streaming);
    if version >= 150_000 {
        assert!(full.two_phase && full.disable_on_error);
        assert!(!usual.two_phase && !usual.disable_on_error);
    }
    if version >= 160_000 {
        assert!(full.password_not_required && full.run_as_owner);
        assert!(!usual.password_not_required && !usual.run_as_owner);
        assert_eq!(full.origin.as_deref(), Some("none"));
        assert_eq!(usual.origin, None);
    }
    if version >= 170_000 {
        assert!(full.failover && !usual.failover);
    }
}

/// What an extension brings is its own, whatever schema it is in; what was done to it since is seen.
#[test]
fn altered_members_of_extensions_are_seen() {
    let (_database, mut connection) =
        database_with("CREATE EXTENSION citext; CREATE SCHEMA elsewhere");
    let mut citext = || read(&mut connection).catalog.extensions.remove(0);
    let fresh = citext();
    assert_eq!(
        (fresh.name.as_str(), fresh.schema.as_str()),
        ("citext", "public")
    );
    assert_eq!((&fresh.comment, &fresh.altered), (&None, &Vec::new()));
    let (_moved, mut other) =
        database_with("CREATE SCHEMA elsewhere; CREATE EXTENSION citext SCHEMA elsewhere");
    let moved = read(&mut other).catalog.extensions.remove(0);
    assert_eq!(moved.schema, "elsewhere");
    assert_eq!(moved.functions_digest, fresh.functions_digest);
    other
        .batch_execute("ALTER EXTENSION citext SET SCHEMA public")
        .unwrap();
    assert_eq!(read(&mut other).catalog.extensions[0], fresh);

    for alter in [
        "SECURITY DEFINER",
        "VOLATILE",
        "LEAKPROOF",
        "COST 17",
        "PARALLEL UNSAFE",
        "SET work_mem = '1MB'",
        "CALLED ON NULL INPUT",
    ] {
        other
            .batch_execute(&format!("ALTER FUNCTION citext_hash(citext) {alter}"))
            .unwrap();
        let altered = read(&mut other).catalog.extensions.remove(0);
        assert_ne!(altered.functions_digest, fresh.functions_digest, "{alter}");
        other
            .batch_execute("DROP EXTENSION citext; CREATE EXTENSION citext")
            .unwrap();
    }
    assert_eq!(read(&mut other).catalog.extensions[0], fresh);
}

/// Set by hand for a moment: a database of that kind could not be connected to, or not be dropped.
#[test]
fn the_environment_is_read() {
    let (_database, mut connection) = database_with("");
    let before = read(&mut connection);
    let environment = &before.catalog.database.environment;
    assert!(!environment.owner.is_empty() && !environment.encoding.is_empty());
    assert!(!environment.collate.is_empty() && !environment.ctype.is_empty());
    assert_eq!(before.catalog.database.usual_owner, environment.owner);

    let version = before.server_version;
    let mut set = vec![
        "datistemplate = true",
        "datallowconn = false",
        "datconnlimit = 3",
        "dattablespace = 1664",
        "encoding = 8",
    ];
    let icu = connection
        .batch_execute(
            "DO $$ BEGIN ASSERT EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i'); END $$",
        )
        .is_ok();
    if version >= 150_000 && icu {
        set.extend(["datlocprovider = 'i'", "datcollversion = '0'"]);
        set.push(if version >= 170_000 {
            "datlocale = 'de'"
        } else {
            "daticulocale = 'de'"
        });
    }
    if version >= 160_000 && icu {
        set.push("daticurules = '& a < g'");
    }
    let update =
        |set: &str| format!("UPDATE pg_database SET {set} WHERE datname = current_database()");
    let columns: Vec<&str> = set.iter().filter_map(|set| set.split(' ').next()).collect();
    let columns = columns.join(", ");
    connection
        .batch_execute(&format!(
            "CREATE TEMPORARY TABLE saved AS SELECT {columns} FROM pg_database WHERE datname = current_database()"
        ))
        .unwrap();
    connection.batch_execute(&update(&set.join(", "))).unwrap();
    let read_so = introspect(&mut connection, &Wanted::default());
    connection
        .batch_execute(&update(&format!(
            "({columns}) = (SELECT {columns} FROM saved)"
        )))
        .unwrap();

    let catalog = read_so.unwrap().catalog;
    let environment = &catalog.database.environment;
    assert!(environment.is_template && environment.connections_not_allowed);
    assert_eq!(environment.connection_limit, Some(3));
    assert_eq!(environment.tablespace.as_deref(), Some("pg_global"));
    assert_eq!(environment.encoding, "LATIN1");
    if version >= 150_000 && icu {
        assert_eq!(environment.provider, CollationProvider::Icu);
        assert_eq!(environment.locale.as_deref(), Some("de"));
        assert_eq!(environment.collation_version.as_deref(), Some("0"));
        assert!(environment.actual_collation_version.is_some());
    }
    if version >= 160_000 && icu {
        assert_eq!(environment.icu_rules.as_deref(), Some("& a < g"));
    }
    assert_eq!(read(&mut connection).catalog, before.catalog);
}

/// Who owns most is not said of each; a schema's default privileges are said by whom they are for.
#[test]
fn the_usual_owner_is_not_named() {
    let (_database, mut connection) = database_with(
        "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1';
         ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO app_ro;
         ALTER DEFAULT PRIVILEGES FOR ROLE app_other IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO app_ro;",
    );
    let before = read(&mut connection).catalog;
    let names = |catalog: &Catalog| -> Vec<String> {
        let names = catalog.default_privileges.iter();
        names.map(|privileges| privileges.name.clone()).collect()
    };
    assert_eq!(
        names(&before),
        [
            "FOR ROLE app_other IN SCHEMA public ON FUNCTIONS",
            "IN SCHEMA public ON FUNCTIONS"
        ]
    );
    let given: String = (0..9)
        .map(|n| format!("CREATE FUNCTION f{n}() RETURNS integer LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION f{n}() OWNER TO app_other;"))
        .collect();
    connection.batch_execute(&given).unwrap();
    let after = read(&mut connection).catalog;
    assert_eq!(after.database.usual_owner, "app_other");
    assert_eq!(after.functions[0].owner, None);
    let mine = after.functions.last().unwrap();
    assert_eq!(mine.owner.as_ref(), Some(&before.database.usual_owner));
    assert_eq!(
        names(&after).last().unwrap(),
        "IN SCHEMA public ON FUNCTIONS"
    );
    assert!(names(&after)[0].starts_with("FOR ROLE "));
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
