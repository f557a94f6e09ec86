//! Publications and subscriptions.

use crate::support::{database_with, read};
use diesel::connection::SimpleConnection;
use diesel_drift::catalog::{GeneratedColumns, PublishedTable, SlotName, Streaming};
use pretty_assertions::assert_eq;

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
