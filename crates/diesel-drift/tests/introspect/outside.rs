//! What is PostgreSQL's own, an extension's or a session's.

use crate::support::{HOSTILE, database_with, names, read};
use diesel::connection::SimpleConnection;
use diesel_drift::catalog::{Catalog, Domain};
use diesel_drift::introspect::{Wanted, introspect};
use pretty_assertions::assert_eq;

/// What belongs to PostgreSQL, to an extension or to a session is not the project's, unless the project names it.
#[test]
fn what_is_outside_is_read_only_where_it_is_wanted_or_used() {
    let (_database, mut connection) = database_with(HOSTILE);
    connection
        .batch_execute(
            "CREATE TABLE pg_stat_statements_info_2 (a information_schema.time_stamp);
             CREATE SCHEMA other; CREATE TABLE other.pg_class (own integer); CREATE TYPE other.citext AS ENUM ('own')",
        )
        .unwrap();
    let unasked = read(&mut connection).catalog;
    assert!(unasked.relations.iter().all(|relation| {
        !["temporary", "pg_stat_statements"].contains(&relation.name.name.as_str())
            && !relation.name.schema.starts_with("pg_")
            && relation.name.schema != "information_schema"
    }));
    assert!(
        unasked
            .sequences
            .iter()
            .all(|sequence| sequence.name.name != "temporary_id_seq")
    );
    assert!(
        unasked.outside.relations.is_empty()
            && unasked.outside.types.is_empty()
            && unasked.outside.enums.is_empty()
    );
    // Domains that columns are made of are there unasked.
    let domains = |catalog: &Catalog| {
        names(
            catalog
                .outside
                .domains
                .iter()
                .map(|domain: &Domain| &domain.name),
        )
    };
    assert_eq!(
        domains(&unasked),
        [
            "information_schema.time_stamp",
            "information_schema.yes_or_no"
        ]
    );

    let wanted = Wanted {
        relations: [
            "pg_class",
            "pg_stat_statements",
            "columns",
            "kinds",
            "absent",
            "temporary",
        ]
        .map(str::to_owned)
        .into(),
        types: [
            "citext",
            "int4",
            "cardinal_number",
            "Mood 😀",
            "absent",
            "pair",
        ]
        .map(str::to_owned)
        .into(),
    };
    let asked = introspect(&mut connection, &wanted).unwrap().catalog;
    let outside = names(
        asked
            .outside
            .relations
            .iter()
            .map(|relation| &relation.name),
    );
    assert_eq!(
        outside,
        [
            "information_schema.columns",
            "pg_catalog.pg_class",
            "public.pg_stat_statements"
        ]
    );
    for relation in &asked.outside.relations {
        assert!(relation.columns.len() > 10, "{}", relation.name);
    }
    assert_eq!(
        names(&asked.outside.types),
        ["pg_catalog.int4", "public.citext"]
    );
    assert!(domains(&asked).contains(&"information_schema.cardinal_number".to_owned()));
    assert!(
        domains(&asked).contains(&"information_schema.sql_identifier".to_owned()),
        "a column of a wanted view"
    );
    assert_eq!(asked.relations, unasked.relations);
    assert_eq!(asked.enums, unasked.enums);
}

/// Domains of an extension over each other are followed to the last.
#[test]
fn a_domain_over_a_domain_of_an_extension_is_followed() {
    let (_database, mut connection) = database_with(
        "CREATE EXTENSION citext; CREATE DOMAIN one AS integer; CREATE DOMAIN two AS one[]; CREATE DOMAIN unused AS integer;
         CREATE TYPE colour AS ENUM ('red'); CREATE TABLE member (id integer, c colour);
         ALTER EXTENSION citext ADD DOMAIN one; ALTER EXTENSION citext ADD DOMAIN two; ALTER EXTENSION citext ADD DOMAIN unused;
         ALTER EXTENSION citext ADD TYPE colour; ALTER EXTENSION citext ADD TABLE member;
         CREATE DOMAIN mine AS two; CREATE TABLE t (a mine, c colour, r integer)",
    );
    let catalog = read(&mut connection).catalog;
    assert_eq!(
        names(catalog.domains.iter().map(|domain| &domain.name)),
        ["public.mine"]
    );
    assert_eq!(
        names(catalog.outside.domains.iter().map(|domain| &domain.name)),
        ["public.one", "public.two"]
    );
    assert_eq!(
        names(catalog.relations.iter().map(|relation| &relation.name)),
        ["public.t"]
    );
    assert_eq!(catalog.enums, []);

    let wanted = Wanted {
        relations: ["member".to_owned()].into(),
        types: ["colour".to_owned()].into(),
    };
    let outside = introspect(&mut connection, &wanted)
        .unwrap()
        .catalog
        .outside;
    assert_eq!(
        names(outside.enums.iter().map(|object| &object.name)),
        ["public.colour"]
    );
    assert_eq!(outside.enums[0].labels, ["red"]);
    assert_eq!(
        names(outside.relations.iter().map(|relation| &relation.name)),
        ["public.member"]
    );
    assert_eq!(outside.types, []);
}
