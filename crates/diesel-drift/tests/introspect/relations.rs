//! Constraints, inheritance, partitions and views, and what newer versions bring to them.

use crate::support::{DRIFT_BASE, HOSTILE, database_with, index, names, read, relation};
use diesel::connection::SimpleConnection;
use diesel_drift::catalog::{
    Enabled, ForeignKey, Generation, Persistence, QualifiedName, Relation, RelationKind,
    ReplicaIdentity, TriggerEvent,
};
use pretty_assertions::assert_eq;

fn foreign_key<'catalog>(relation: &'catalog Relation, name: &str) -> &'catalog ForeignKey {
    relation
        .foreign_keys
        .iter()
        .find(|key| key.name == name)
        .unwrap()
}

#[test]
fn constraints_are_told_in_full() {
    let (_database, mut connection) = database_with(HOSTILE);
    let catalog = read(&mut connection).catalog;
    let source = relation(&catalog, "source");

    let full = foreign_key(source, "f_full");
    assert_eq!(
        (&full.columns, &full.target_columns),
        (&vec!["x".into(), "y".into()], &vec!["a".into(), "b".into()])
    );
    assert_eq!(full.comment.as_deref(), Some("both or none"));
    let twice = foreign_key(source, "f_twice");
    assert_eq!(twice.columns, ["b", "a"]);
    assert_eq!(twice.target_columns, ["b", "a"]);
    assert!(twice.deferrable && twice.initially_deferred && !twice.not_valid);
    assert!(foreign_key(source, "f_later").not_valid);
    assert_eq!(foreign_key(source, "f_index").target_columns, ["c", "a"]);

    let check = |relation: &str, name: &str| {
        let mut checks = self::relation(&catalog, relation).checks.iter();
        checks.find(|check| check.name == name).unwrap().clone()
    };
    assert!(check("source", "f_self").no_inherit);
    assert!(check("source", "c_later").not_valid);
    // Each distinct tree is deparsed once; what reads differently is distinct.
    assert_eq!(check("check_one", "same").expression, "(a > 0)");
    assert_eq!(check("check_two", "same").expression, "(b > 0)");
    assert_eq!(check("check_three", "same").expression, "(a > 0)");
    assert_eq!(
        check("check_one", "whole").expression,
        "(check_one.* IS NOT NULL)"
    );
    assert_eq!(
        check("check_two", "whole").expression,
        "(check_two.* IS NOT NULL)"
    );
    assert_eq!(
        check("source", "source_check").expression,
        "((tableoid <> (0)::oid) OR (a > 0))"
    );

    let exclusion = &relation(&catalog, "excluded").exclusions[0];
    assert_eq!(
        exclusion.definition,
        "EXCLUDE USING gist (during WITH &&) WHERE ((room IS NOT NULL))"
    );
    assert!(exclusion.deferrable && exclusion.initially_deferred);
    assert_eq!(
        index(relation(&catalog, "excluded"), "no_overlap")
            .constraint
            .as_deref(),
        Some("no_overlap")
    );

    // Two keys to one table stay two, each with its own columns.
    let (_database, mut connection) = database_with(DRIFT_BASE);
    let catalog = read(&mut connection).catalog;
    let keys: Vec<_> = relation(&catalog, "bookings")
        .foreign_keys
        .iter()
        .map(|key| key.columns.concat())
        .collect();
    assert_eq!(keys, ["author_id", "reviewer_id"]);
}

#[test]
fn inheritance_partitions_and_views() {
    let (_database, mut connection) = database_with(HOSTILE);
    let catalog = read(&mut connection).catalog;

    assert_eq!(
        names(&relation(&catalog, "child").inherits),
        ["public.parent_two", "public.parent_one"]
    );
    assert_eq!(
        names(&relation(&catalog, "grandchild").inherits),
        ["public.child"]
    );
    let columns: Vec<_> = relation(&catalog, "grandchild")
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(columns, ["a", "c", "b", "d"]);

    let part = |name: &str| {
        let relation = relation(&catalog, name);
        let of = relation
            .partition_of
            .as_ref()
            .map(|of| (of.parent.name.clone(), of.bound.clone()));
        assert_eq!(relation.inherits, []);
        (relation.partition_key.clone(), of)
    };
    assert_eq!(part("whole"), (Some("LIST (region)".into()), None));
    assert_eq!(
        part("whole_eu"),
        (
            Some("RANGE (at, region)".into()),
            Some(("whole".into(), "FOR VALUES IN ('eu', 'it''s')".into()))
        )
    );
    assert_eq!(
        part("whole_eu_2024"),
        (
            None,
            Some((
                "whole_eu".into(),
                "FOR VALUES FROM ('2024-01-01 00:00:00+00', MINVALUE) TO ('2025-01-01 00:00:00+00', MAXVALUE)".into()
            ))
        )
    );
    assert_eq!(
        part("whole_rest"),
        (
            Some("HASH (id)".into()),
            Some(("whole".into(), "DEFAULT".into()))
        )
    );
    assert_eq!(
        part("by_expression").0.as_deref(),
        Some("RANGE (lower(a) COLLATE \"C\", b)")
    );
    // The copies that PostgreSQL keeps for each partition of the target are no keys that anybody made.
    assert_eq!(relation(&catalog, "of_whole").foreign_keys.len(), 1);
    assert_eq!(relation(&catalog, "whole_eu_2024").foreign_keys.len(), 1);

    assert_eq!(
        relation(&catalog, "View").options,
        ["security_barrier=true"]
    );
    let definition = relation(&catalog, "View").definition.as_deref().unwrap();
    assert!(
        definition.contains("FROM \"Ünï \"\"quoted\"\" 😀\".\"Tàble; DROP TABLE kinds;--\""),
        "{definition}"
    );
    assert_eq!(
        relation(&catalog, "unlogged").persistence,
        Persistence::Unlogged
    );
    assert_eq!(
        relation(&catalog, "unlogged").options,
        ["autovacuum_enabled=false", "fillfactor=70"]
    );
    assert_eq!(
        relation(&catalog, "typed").of_type,
        Some(QualifiedName::new("public", "pair"))
    );
    assert_eq!(
        relation(&catalog, "foreign_table").kind,
        RelationKind::ForeignTable
    );
    assert_eq!(relation(&catalog, "all_dropped").columns, []);
}

/// What a version brought is read on that version, and has its plain value before.
#[test]
fn what_newer_versions_bring() {
    let (_database, mut connection) = database_with(
        "CREATE TYPE span AS RANGE (subtype = integer);
         CREATE TABLE target (a integer, b integer, PRIMARY KEY (a, b));
         CREATE TABLE t (a integer NOT NULL, b integer, c integer CHECK (c > 0), during tstzrange)",
    );
    let version = read(&mut connection).server_version / 10_000;
    assert!((13..=18).contains(&version));
    if version >= 15 {
        connection
            .batch_execute(
                "ALTER TABLE t ADD CONSTRAINT nulls_once UNIQUE NULLS NOT DISTINCT (b);
                 ALTER TABLE t ADD CONSTRAINT partly FOREIGN KEY (a, b) REFERENCES target ON DELETE SET NULL (b)",
            )
            .unwrap();
    }
    if version >= 18 {
        connection
            .batch_execute(
                "CREATE EXTENSION btree_gist;
                 ALTER TABLE t ADD COLUMN twice integer GENERATED ALWAYS AS (c * 2) VIRTUAL,
                     ADD CONSTRAINT loose CHECK (c < 10) NOT ENFORCED,
                     ADD CONSTRAINT loose_key FOREIGN KEY (a, b) REFERENCES target NOT ENFORCED,
                     ADD CONSTRAINT named NOT NULL c NOT VALID,
                     ADD CONSTRAINT t_key PRIMARY KEY (a, during WITHOUT OVERLAPS);
                 CREATE TABLE of_t (a integer, during tstzrange, CONSTRAINT in_t FOREIGN KEY (a, PERIOD during) REFERENCES t (a, PERIOD during));
                 CREATE DOMAIN filled AS text CONSTRAINT never_null NOT NULL",
            )
            .unwrap();
    }
    let catalog = read(&mut connection).catalog;
    let t = relation(&catalog, "t");

    assert_eq!(catalog.ranges[0].multirange, None);
    assert_eq!(
        t.checks.iter().filter(|check| !check.not_enforced).count(),
        1
    );
    if version >= 15 {
        assert!(index(t, "nulls_once").nulls_not_distinct);
        assert_eq!(foreign_key(t, "partly").on_delete_columns, ["b"]);
    }
    if version >= 18 {
        assert_eq!(
            t.column("twice").unwrap().generated,
            Some(Generation::Virtual("(c * 2)".into()))
        );
        assert_eq!(
            t.checks
                .iter()
                .map(|check| check.name.as_str())
                .collect::<Vec<_>>(),
            ["loose", "t_c_check"]
        );
        assert!(t.checks[0].not_enforced);
        assert!(foreign_key(t, "loose_key").not_enforced && !foreign_key(t, "partly").not_enforced);
        let c = t.column("c").unwrap();
        assert_eq!((c.not_null, c.not_null_not_valid), (false, true));
        let a = t.column("a").unwrap();
        assert_eq!((a.not_null, a.not_null_not_valid), (true, false));
        assert!(t.primary_key.as_ref().unwrap().without_overlaps);
        assert!(foreign_key(relation(&catalog, "of_t"), "in_t").period);
        let filled = &catalog.domains[0];
        assert_eq!((filled.not_null, filled.checks.len()), (true, 0));
    }
}

#[test]
fn triggers_rules_and_policies_with_hostile_names() {
    let (_database, mut connection) = database_with(HOSTILE);
    let catalog = read(&mut connection).catalog;
    let table = relation(&catalog, "Tàble; DROP TABLE kinds;--");

    let trigger = &table.triggers[0];
    assert_eq!(trigger.name, " WHEN (\" EXECUTE FUNCTION ");
    assert_eq!(trigger.events, [TriggerEvent::Insert, TriggerEvent::Update]);
    assert_eq!(trigger.update_of, ["it's", "new\nline"]);
    assert_eq!(
        trigger.when.as_deref(),
        Some(
            "((new.\"it's\" IS DISTINCT FROM ') EXECUTE FUNCTION f(''x'')'::text) AND (new.\"UPPER\" > 0))"
        )
    );
    assert_eq!(
        trigger.arguments,
        [
            "it's",
            "",
            "two\nlines",
            "\\",
            "😀",
            " EXECUTE FUNCTION g('"
        ]
    );
    assert_eq!(trigger.function.name, "Fn\"( 😀");

    let policy = &table.policies[0];
    assert_eq!(policy.name, "Policy \"😀\"\n");
    assert_eq!(policy.roles, ["\"Drift \"\"Ünï\"\" 😀\"", "app_ro"]);
    assert_eq!(policy.using.as_deref(), Some("(\"it's\" <> 'it''s'::text)"));
    assert_eq!(policy.check.as_deref(), Some("(\"new\nline\" IS NOT NULL)"));
    let role = "\"Drift \"\"Ünï\"\" 😀\"";
    assert_eq!(table.privileges.0[role], ["ALL"]);
    assert_eq!(
        table.column("it's").unwrap().privileges.0[role],
        ["SELECT WITH GRANT OPTION"]
    );

    let source = relation(&catalog, "source");
    assert_eq!(source.rules[0].name, "Rule \"😀\"");
    assert_eq!(source.rules[0].enabled, Enabled::Disabled);
    assert_eq!(source.rules[0].comment.as_deref(), Some("two\nlines"));
    let held = &source.triggers[0];
    assert!(held.constraint && held.deferrable && held.initially_deferred);
    assert_eq!(held.references.as_ref(), Some(&table.name));
    assert_eq!(held.enabled, Enabled::Disabled);
    let full = &foreign_key(source, "f_full").internal_triggers;
    assert_eq!(
        (full.on_insert, full.on_target_delete),
        (Enabled::Disabled, Enabled::Origin)
    );

    // What a partition has from its parent is told where it is enabled otherwise.
    assert_eq!(relation(&catalog, "whole").triggers.len(), 1);
    assert_eq!(relation(&catalog, "whole_eu").triggers, []);
    let part = &relation(&catalog, "whole_eu_2024").triggers[0];
    assert!(part.inherited && part.enabled == Enabled::Disabled);

    let statistics = &catalog.statistics[0];
    assert_eq!(
        statistics.name,
        QualifiedName::new("new\nline", "Stat \"😀\"")
    );
    assert_eq!(statistics.on_columns, ["UPPER", "it's"]);
    assert_eq!(
        relation(&catalog, "target").replica_identity,
        Some(ReplicaIdentity::Index("target_pkey".into()))
    );
}
