//! The database itself, whose its objects are, and what others made in it: collations of a library, members of extensions.

use crate::support::{database_with, read};
use diesel::connection::SimpleConnection;
use diesel_drift::catalog::{Catalog, CollationProvider};
use diesel_drift::introspect::{Wanted, introspect};
use pretty_assertions::assert_eq;

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
