//! Two catalogs, without a server: what is a rename, what follows from one, what is an order, and what is nothing.

use diesel_drift::catalog::Catalog;
use diesel_drift::compare::{Scope, State};
use diesel_drift::kinds::compare_states;
use diesel_drift::{Finding, Severity};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

fn catalog(facts: Value) -> State {
    let catalog: Catalog = serde_json::from_value(facts).unwrap();
    State {
        objects: catalog.objects().unwrap(),
        server_version: 150_000,
    }
}

fn name(schema: &str, name: &str) -> Value {
    json!({ "schema": schema, "name": name })
}

fn text() -> Value {
    json!({ "sql": "text", "schema": "pg_catalog", "name": "text" })
}

fn table(called: &str, columns: &[&str], more: Value) -> Value {
    let columns: Vec<_> = columns
        .iter()
        .map(|column| json!({ "name": column, "data_type": text() }))
        .collect();
    let mut table = json!({ "name": name("public", called), "columns": columns });
    let facts = more.as_object().unwrap().clone();
    table.as_object_mut().unwrap().extend(facts);
    table
}

/// Kind, subject, attribute and both values of each finding.
fn found(from: Value, to: Value) -> Vec<String> {
    let line = |finding: &Finding| {
        let parts = [
            Some(finding.kind.id.to_owned()),
            Some(finding.subject.to_string()),
            finding.attribute.clone(),
            finding.declared.clone(),
            finding.live.clone(),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" | ")
    };
    let (from, to) = (catalog(from), catalog(to));
    for side in [&from, &to] {
        assert_eq!(compare_states(side, side, &Scope::default()), []);
    }
    compare_states(&from, &to, &Scope::default())
        .iter()
        .map(line)
        .collect()
}

#[test]
fn a_column_that_is_called_otherwise_is_one_finding_and_so_is_all_that_names_it() {
    let with = |column: &str| {
        let key = json!({ "primary_key": { "name": "t_pkey", "columns": [column] }, "checks": [{ "name": "c", "expression": format!("({column} > 0)") }] });
        json!({ "relations": [table("t", &["a", column], key)] })
    };
    assert_eq!(
        found(with("b"), with("z")),
        ["column-changed | public.t.b | name | b | z"]
    );
}

#[test]
fn what_could_be_two_renames_is_none() {
    assert_eq!(
        found(
            json!({ "sequences": [{ "name": name("public", "a") }, { "name": name("public", "b") }] }),
            json!({ "sequences": [{ "name": name("public", "c") }] }),
        ),
        [
            "sequence-missing | public.a",
            "sequence-missing | public.b",
            "sequence-unexpected | public.c",
        ]
    );
}

#[test]
fn another_definition_is_no_rename() {
    let index = |called: &str, column: &str| {
        let index = json!([{ "name": called, "method": "btree", "columns": [{ "term": { "column": column } }] }]);
        json!({ "relations": [table("t", &["a", "b"], json!({ "indexes": index }))] })
    };
    assert_eq!(
        found(index("i", "a"), index("j", "b")),
        [
            "index-missing | public.t.i",
            "index-unexpected | public.t.j"
        ]
    );
    assert_eq!(
        found(index("i", "a"), index("j", "a")),
        ["index-changed | public.t.i | name | i | j"]
    );
}

#[test]
fn a_column_elsewhere_in_the_table_is_no_rename() {
    let with = |columns: &[&str]| json!({ "relations": [table("t", columns, json!({}))] });
    assert_eq!(
        found(with(&["a", "b", "c"]), with(&["a", "c", "z"])),
        [
            "column-missing | public.t.b",
            "column-unexpected | public.t.z"
        ]
    );
}

#[test]
fn a_name_in_the_object_s_own_text_is_no_other_definition() {
    let with = |called: &str| {
        let rule = json!([{ "name": called, "definition": format!("CREATE RULE {called} AS ON DELETE TO public.t DO NOTHING;") }]);
        json!({ "relations": [table("t", &["a"], json!({ "rules": rule }))] })
    };
    assert_eq!(
        found(with("keep"), with("keep_all")),
        ["rule-changed | public.t.keep | name | keep | keep_all"]
    );
}

#[test]
fn a_renamed_column_leaves_the_name_of_its_not_null_constraint_behind() {
    let with = |called: &str, constraint: Value| {
        let column = json!([{ "name": called, "data_type": text(), "not_null": true, "not_null_constraint": constraint }]);
        json!({ "relations": [table("t", &[], json!({ "columns": column }))] })
    };
    assert_eq!(
        found(
            with("a", json!({})),
            with("b", json!({ "name": "t_a_not_null" }))
        ),
        [
            "column-changed | public.t.a | name | a | b",
            "column-changed | public.t.a | not_null_constraint | none | name: t_a_not_null",
        ]
    );
}

#[test]
fn a_renamed_type_is_followed_into_the_columns_of_it() {
    let with = |called: &str| {
        let column = json!([{ "name": "m", "data_type": { "sql": format!("public.{called}"), "schema": "public", "name": called }, "default": format!("'ok'::public.{called}") }]);
        json!({
            "relations": [table("t", &[], json!({ "columns": column }))],
            "enums": [{ "name": name("public", called), "labels": ["ok"] }],
        })
    };
    assert_eq!(
        found(with("mood"), with("mood2")),
        ["enum-changed | public.mood | name | mood | mood2"]
    );
}

#[test]
fn what_a_renamed_type_is_an_argument_of_is_not_another_function() {
    let with = |called: &str| {
        let sql = format!("public.{called}");
        let function = format!("public.rank({sql})");
        json!({
            "enums": [{ "name": name("public", called), "labels": ["ok"] }],
            "functions": [{ "name": name("public", "rank"), "signature": format!("({sql})"), "body": "1" }],
            "casts": [{ "name": format!("({sql} AS integer)"), "function": function }],
        })
    };
    assert_eq!(
        found(with("mood"), with("mood2")),
        ["enum-changed | public.mood | name | mood | mood2"]
    );
}

#[test]
fn a_table_that_refers_to_itself_can_be_renamed_and_views_follow() {
    let with = |called: &str| {
        let target = name("public", called);
        let keys =
            json!([{ "name": "fk", "columns": ["a"], "target": target, "target_columns": ["a"] }]);
        let mut view = table(
            "v",
            &["a"],
            json!({ "definition": format!(" SELECT {called}.a\n   FROM public.{called};") }),
        );
        view["kind"] = "view".into();
        json!({ "relations": [table(called, &["a"], json!({ "foreign_keys": keys })), view] })
    };
    assert_eq!(
        found(with("line"), with("lines")),
        ["table-changed | public.line | name | line | lines"]
    );
}

#[test]
fn what_is_in_no_schema_is_renamed_too() {
    let with = |called: &str| json!({ "publications": [{ "name": called, "all_tables": true }] });
    assert_eq!(
        found(with("a"), with("b")),
        ["publication-changed | a | name | a | b"]
    );
}

#[test]
fn a_renamed_schema_takes_what_is_in_it_along() {
    let with = |schema: &str| {
        let mut moved = table("log", &["a"], json!({}));
        moved["name"]["schema"] = schema.into();
        moved["columns"][0]["default"] = format!("nextval('{schema}.s'::regclass)").into();
        json!({
            "schemas": [{ "name": schema }],
            "relations": [moved],
            "sequences": [{ "name": name(schema, "s") }],
        })
    };
    assert_eq!(
        found(with("audit"), with("ledger")),
        ["schema-changed | audit | name | audit | ledger"]
    );
    assert_eq!(
        found(
            json!({ "schemas": [{ "name": "a" }] }),
            json!({ "schemas": [{ "name": "b" }] })
        ),
        ["schema-missing | a", "schema-unexpected | b"]
    );
}

#[test]
fn the_order_of_columns_is_a_finding_of_its_own() {
    let with = |columns: &[&str]| json!({ "relations": [table("t", columns, json!({}))] });
    assert_eq!(
        found(with(&["a", "b", "c"]), with(&["a", "c", "b", "d"])),
        [
            "column-order | public.t | order | b, c | c, b",
            "column-unexpected | public.t.d",
        ]
    );
}

#[test]
fn a_constraint_and_its_index_are_one_object() {
    let with = |options: Value| {
        json!({ "relations": [table("t", &["a"], json!({
            "unique": [{ "name": "t_a_key", "columns": ["a"] }],
            "indexes": [{ "name": "t_a_key", "method": "btree", "unique": true, "constraint": "t_a_key", "columns": [{ "term": { "column": "a" } }], "options": options }],
        }))] })
    };
    let without = json!({ "relations": [table("t", &["a"], json!({}))] });
    assert_eq!(
        found(with(json!([])), without),
        ["unique-constraint-missing | public.t.t_a_key"]
    );
    assert_eq!(
        found(with(json!([])), with(json!(["fillfactor=70"]))),
        ["unique-constraint-changed | public.t.t_a_key | index.options | none | fillfactor=70"]
    );
}

#[test]
fn what_a_role_may_not_see_is_neither_missing_nor_changed() {
    let with = |facts: Value| {
        let mut mapping = json!({ "name": "far", "signature": " FOR PUBLIC" });
        mapping
            .as_object_mut()
            .unwrap()
            .extend(facts.as_object().unwrap().clone());
        json!({ "user_mappings": [mapping] })
    };
    assert_eq!(
        found(
            with(json!({ "options": { "user": "me" } })),
            with(json!({ "options_not_visible": true })),
        ),
        ["not-comparable | far FOR PUBLIC | options"]
    );
}

#[test]
fn a_role_or_a_setting_that_is_called_like_a_mark_hides_nothing() {
    let with = |privileges: Value, settings: Value| {
        let function = json!({
            "name": name("public", "f"), "signature": "()", "language": "sql", "body": "SELECT 1",
            "privileges": privileges, "settings": settings,
        });
        json!({ "functions": [function] })
    };
    let (from, to) = (
        with(json!({ "x": ["EXECUTE"] }), json!({})),
        with(
            json!({ "x_not_visible": ["EXECUTE"] }),
            json!({ "app.x": "1", "app.x_not_visible": "1" }),
        ),
    );
    assert_eq!(
        found(from, to),
        [
            "function-changed | public.f() | privileges.x | EXECUTE | none",
            "function-changed | public.f() | privileges.x_not_visible | none | EXECUTE",
            "function-changed | public.f() | settings.app.x | none | 1",
            "function-changed | public.f() | settings.app.x_not_visible | none | 1",
        ]
    );
}

/// `schema.rs` alone cannot say that a key was meant; another catalog can.
#[test]
fn what_another_catalog_has_and_this_one_lacks_is_an_error() {
    let keys = json!([{ "name": "fk", "columns": ["a"], "target": name("public", "u"), "target_columns": ["a"] }]);
    let with =
        |keys: Value| json!({ "relations": [table("t", &["a"], json!({ "foreign_keys": keys }))] });
    let (from, to) = (catalog(with(keys)), catalog(with(json!([]))));
    let findings = compare_states(&from, &to, &Scope::default());
    let severities: Vec<_> = findings
        .iter()
        .map(|finding| (finding.kind.id, finding.severity))
        .collect();
    assert_eq!(severities, [("foreign-key-missing", Severity::Error)]);
}

#[test]
fn diesel_s_own_table_is_nobody_s_drift() {
    let bookkeeping = table("__diesel_schema_migrations", &["version"], json!({}));
    assert_eq!(
        found(json!({ "relations": [bookkeeping] }), json!({})),
        [""; 0]
    );
    assert_eq!(
        found(
            json!({}),
            json!({ "relations": [table("__x", &["version"], json!({}))] })
        ),
        ["table-unexpected | public.__x"]
    );
}
