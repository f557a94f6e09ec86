//! `types`: what the real compiler and the real Zod make of it, over rows of a real database.

mod front;

use super::deployed::Deployed;
use super::project::Project;
use front::{Cases, Compiler, Front, Tools, Zod};
use serde_json::Value;
use std::fs;

const EVERYTHING: &str = include_str!("../../../../diesel-drift/fixtures/types/everything.sql");
const BASE: &str = include_str!("../../../../diesel-drift/fixtures/drift-cases/base.sql");
const MORE: &str = include_str!("../../../../diesel-drift/fixtures/drift-cases/more.sql");
const HOSTILE: &str = include_str!("../../front/hostile.sql");

fn of(sql: &str) -> Deployed {
    let deployed = Deployed::empty();
    deployed.execute(sql);
    deployed
}

impl Deployed {
    /// What `types` writes of it.
    fn types(&self, arguments: &[&str]) -> String {
        let own = [
            "types",
            "--lang",
            "typescript",
            "--database-url",
            self.url(),
        ];
        let run = Project::empty().run(&[&own[..], arguments].concat());
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
        run.stdout
    }

    /// Every row of a table as PostgreSQL writes it.
    fn rows(&self, table: &str) -> Vec<String> {
        let rows = self.ask(&format!(
            "SELECT coalesce(json_agg(to_jsonb(r)::text), '[]')::text AS answer FROM {table} AS r"
        ));
        serde_json::from_str(&rows).unwrap()
    }
}

/// `row` with another value for `key`, both as JSON. The text of the rest stays as it is.
fn with(row: &str, key: &str, value: &str) -> String {
    let (head, tail) = row.rsplit_once('}').unwrap();
    assert_eq!(tail, "");
    // The last one counts.
    format!("{head}, \"{key}\": {value}}}")
}

fn without(row: &str, key: &str) -> String {
    let mut row: Value = serde_json::from_str(row).unwrap();
    row.as_object_mut().unwrap().remove(key).unwrap();
    row.to_string()
}

/// With every compiler and every Zod.
const ALL: [(Compiler, Zod); 3] = [
    (Compiler::Newest, Zod::Newest),
    (Compiler::Newest, Zod::Three),
    (Compiler::Five, Zod::Newest),
];

#[test]
fn rows_of_every_type_pass_and_what_is_certain_to_be_wrong_does_not() {
    let Some(tools) = Tools::get() else { return };
    let deployed = of(EVERYTHING);
    let types = deployed.types(&["--zod"]);
    let rows = deployed.rows("everything");
    let mut cases = Cases::default();
    for row in &rows {
        cases.accept("everythingSchema", row);
        cases.refuse("everythingInsertSchema", row);
        cases.accept("everythingUpdateSchema", "{}");
    }
    // Of the first, JSON texts can be read: its numbers are small.
    let first = &rows[0];
    cases.accept("everythingInsertSchema", &without(first, "id"));
    cases.refuse("everythingSchema", &without(first, "id"));
    cases.refuse("everythingSchema", &without(first, "jsonb"));
    for (key, wrong) in [
        ("id", "null"),
        ("rank", "null"),
        ("rank_only", "null"),
        ("bool", "\"true\""),
        ("int2", "32768"),
        ("int4", "2147483648"),
        ("int4", "1.5"),
        ("int4", "\"1\""),
        ("int8", "9223372036854777856"),
        ("int8", "0.5"),
        ("float8", "\"nan\""),
        ("numeric", "\"1\""),
        ("price", "\"Infinity\""),
        ("price", "100000001"),
        ("tiny", "1.5"),
        ("mood", "\"merry\""),
        ("moods", "[\"merry\"]"),
        ("moods", "\"ok\""),
        ("positive", "1.5"),
        ("uuid", "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1\""),
        ("bytea", "\"\\\\x0\""),
        ("bit", "\"10\""),
        ("varbit", "\"111111\""),
        ("bits", "\"2\""),
        ("varchar", "\"abcd\""),
        ("short", "\"abcd\""),
        ("shorts", "[\"abcd\"]"),
        ("bpchar", "\"abcde\""),
        ("macaddr", "\"08:00:2b:01:02\""),
        ("macaddr8", "\"08:00:2b:01:02:03\""),
        ("date", "20240101"),
        ("oid", "5"),
        ("int2vector", "\"1 2\""),
        ("oidvector", "[1]"),
        ("part", "{\"id\": 1, \"weight\": 1.5}"),
        (
            "part",
            "{\"id\": \"1\", \"weight\": 1.5, \"inner_part\": null}",
        ),
        ("parent", "{\"id\": 1}"),
        ("all_series", "[1]"),
        ("sql_name", "1"),
    ] {
        cases.refuse("everythingSchema", &with(first, key, wrong));
    }
    for (compiler, zod) in ALL {
        let front = Front::new(&tools, zod, &types);
        front.compile(compiler).unwrap();
        front.parse(&cases).unwrap();
    }
}

#[test]
fn names_labels_and_comments_are_data() {
    let Some(tools) = Tools::get() else { return };
    let deployed = of(HOSTILE);
    let types = deployed.types(&["--zod"]);
    let mut cases = Cases::default();
    for (table, schema) in [
        ("input", "inputSchema"),
        ("input_view", "inputViewSchema"),
        ("input_copy", "inputCopySchema"),
        ("uses_nothing", "usesNothingSchema"),
        ("nothing", "nothingSchema"),
        ("json", "jsonSchema"),
        (
            "\"we\"\"ird \"\"*/ schema\".\"a \"\"table\"\"\"",
            "weIrdSchemaATableSchema",
        ),
    ] {
        let rows = deployed.rows(table);
        assert!(!rows.is_empty());
        for row in &rows {
            cases.accept(schema, row);
        }
    }
    let row = &deployed.rows("input")[0];
    for (key, wrong) in [
        ("code", "null"),
        ("tags", "null"),
        ("tags", "[1]"),
        ("checked", "[null]"),
        ("mood", "\"merry\""),
        ("home", "{}"),
    ] {
        cases.refuse("inputSchema", &with(row, key, wrong));
    }
    for key in ["code", "note", "document", "twice"] {
        cases.refuse("inputSchema", &without(row, key));
    }
    let least = r#"{"code": "a", "mood": "ok", "document": null}"#;
    cases.accept("inputInsertSchema", least);
    for key in ["code", "mood", "document"] {
        cases.refuse("inputInsertSchema", &without(least, key));
    }
    for (key, wrong) in [
        ("id", "1"),
        ("twice", "2"),
        ("nothing", "1"),
        ("code", "\"abcd\""),
        ("made", "null"),
    ] {
        cases.refuse("inputInsertSchema", &with(least, key, wrong));
        cases.refuse("inputUpdateSchema", &with("{\"note\": \"x\"}", key, wrong));
    }
    cases.accept("inputInsertSchema", &with(least, "by_default", "1"));
    cases.accept("inputUpdateSchema", "{\"note\": null}");
    cases.refuse("noLabelsSchema", "\"\"");

    for (compiler, zod) in ALL {
        let front = Front::new(&tools, zod, &types);
        front.copy("input.ts");
        front.compile(compiler).unwrap();
        front.parse(&cases).unwrap();
    }
    // The file alone, and with what it does without.
    let front = Front::new(&tools, Zod::Newest, &deployed.types(&[]));
    front.copy("input.ts");
    front.compile(Compiler::Newest).unwrap();
}

/// The compiler is what it is taken for.
#[test]
fn a_schema_that_lets_through_what_its_type_does_not_have_is_no_typescript() {
    let Some(tools) = Tools::get() else { return };
    let types = of("CREATE TABLE t (a text NOT NULL, b jsonb)").types(&["--zod"]);
    for (right, wrong) in [
        ("a: z.string(),", "a: z.string().nullable(),"),
        ("a: z.string(),", "a: z.number(),"),
        ("  b: json,\n", ""),
    ] {
        assert!(types.contains(right), "{types}");
        for zod in [Zod::Newest, Zod::Three] {
            let front = Front::new(&tools, zod, &types.replace(right, wrong));
            let said = front.compile(Compiler::Newest).unwrap_err();
            assert!(
                said.contains("does not satisfy the expected type"),
                "{said}"
            );
        }
    }
}

#[test]
fn the_rich_schema_of_the_drift_cases_compiles() {
    let Some(tools) = Tools::get() else { return };
    let deployed = Deployed::local();
    let extensions = "SELECT count(*)::text AS answer FROM pg_available_extensions WHERE name IN ('citext', 'postgres_fdw')";
    if deployed.ask(extensions) != "2" {
        eprintln!("skipped: this server has not got the extensions citext and postgres_fdw");
        return;
    }
    deployed.execute("CREATE ROLE app_ro; CREATE ROLE app_other");
    deployed.execute(BASE);
    deployed.execute(MORE);
    deployed.execute(
        "INSERT INTO orgs (name, slug) VALUES ('o', 'o');
         INSERT INTO users (org_id, email, nick, home) VALUES (1, 'a@b', 'Nick', ROW('s', NULL));
         INSERT INTO shop.notes (place, search) VALUES ('(1,2)', 'a b')",
    );
    let types = deployed.types(&["--zod"]);
    let mut cases = Cases::default();
    for (table, schema) in [
        ("orgs", "orgsSchema"),
        ("users", "usersSchema"),
        ("shop.notes", "shopNotesSchema"),
    ] {
        let rows = deployed.rows(table);
        assert_eq!(rows.len(), 1);
        cases.accept(schema, &rows[0]);
    }
    for zod in [Zod::Newest, Zod::Three] {
        let front = Front::new(&tools, zod, &types);
        front.compile(Compiler::Newest).unwrap();
        front.parse(&cases).unwrap();
    }
    // Partitions are their table's, and what an extension owns is not the project's.
    assert!(types.contains("export type Events ="));
    assert!(!types.contains("Events2024"), "{types}");
}

#[test]
fn int8_is_what_the_client_makes_of_it() {
    let Some(tools) = Tools::get() else { return };
    let deployed = of("CREATE TABLE t (a bigint NOT NULL, b bigint[])");
    for (int8, a, b, accepted) in [
        ("number", "a: number;", "b: (number | null)[] | null;", "1"),
        (
            "string",
            "a: string;",
            "b: (string | null)[] | null;",
            "\"-1\"",
        ),
        ("bigint", "a: bigint;", "b: (bigint | null)[] | null;", ""),
    ] {
        let types = deployed.types(&["--zod", "--int8", int8]);
        assert!(types.contains(a) && types.contains(b), "{types}");
        let front = Front::new(&tools, Zod::Newest, &types);
        front.compile(Compiler::Newest).unwrap();
        let mut cases = Cases::default();
        if !accepted.is_empty() {
            cases.accept("tSchema", &format!("{{\"a\": {accepted}, \"b\": null}}"));
        }
        cases.refuse("tSchema", "{\"a\": true, \"b\": null}");
        front.parse(&cases).unwrap();
    }
}

#[test]
fn the_module_s_text_is_what_the_guide_says() {
    let project = Project::small();
    project.migration(
        "2026-01-02-000000_posts",
        "CREATE TYPE state AS ENUM ('draft', 'published');
         CREATE TABLE posts (
             id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
             title varchar(80) NOT NULL,
             state state NOT NULL DEFAULT 'draft',
             tags text[] NOT NULL DEFAULT '{}'
         );
         COMMENT ON TABLE posts IS 'What is read.';
         COMMENT ON COLUMN posts.title IS 'Shown in lists.';
         CREATE VIEW titles AS SELECT title FROM posts;",
    );
    let run = project.run(&["types", "--lang", "typescript", "--zod"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let guide = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide.md"));
    let guide = guide.unwrap();
    let (_, shown) = guide.split_once("```ts\n").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    for part in shown.split("// …\n").map(str::trim) {
        assert!(run.stdout.contains(part), "{part}\n---\n{}", run.stdout);
    }
}

#[test]
fn a_file_that_is_not_current_is_exit_1_and_shown() {
    let project = Project::small();
    let write = ["types", "--lang", "typescript", "--output", "types.ts"];
    let check = [&write[..], &["--check"]].concat();

    let run = project.run(&check);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stdout.starts_with("types.ts is not there"), "{run:?}");

    assert_eq!(project.run(&write).code, Some(0));
    let run = project.run(&check);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{run:?}");
    let text = fs::read_to_string(project.path().join("types.ts")).unwrap();
    project.write("types.ts", &text.replace('\n', "\r\n"));
    assert_eq!(project.run(&check).code, Some(0));

    project.migration(
        "2026-01-02-000000_email",
        "ALTER TABLE users ADD email text;\n",
    );
    let run = project.run(&check);
    assert_eq!(run.code, Some(1), "{run:?}");
    for part in [
        "types.ts is not current",
        "+  email: string | null;\n",
        "   name: string;\n",
    ] {
        assert!(run.stdout.contains(part), "{part}: {run:?}");
    }
    let quiet = project.run(&[&check[..], &["--quiet"]].concat());
    assert_eq!((quiet.code, quiet.stdout.as_str()), (Some(1), ""));
    let there = fs::read_to_string(project.path().join("types.ts")).unwrap();
    assert_eq!(there, text.replace('\n', "\r\n"), "nothing was written");
}

#[test]
fn a_dash_is_stdout_and_no_file() {
    let project = Project::small();
    let print = ["types", "--lang", "typescript", "--output", "-"];
    let run = project.run(&print);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.contains("export type Users = {"), "{run:?}");
    assert!(!project.path().join("-").exists());

    let run = project.run(&[&print[..], &["--check"]].concat());
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr.contains("what is printed cannot be checked"),
        "{run:?}"
    );
}

#[test]
fn schemas_are_chosen_and_what_they_use_comes_along() {
    let deployed = of("CREATE SCHEMA app; CREATE SCHEMA other;
        CREATE TYPE other.mood AS ENUM ('ok'); CREATE TYPE other.unused AS ENUM ('ok');
        CREATE TABLE app.users (mood other.mood); CREATE TABLE other.users (id integer); CREATE TABLE users (id integer);");
    let types = |arguments: &[&str]| -> Vec<String> {
        let text = deployed.types(arguments);
        let types = text
            .lines()
            .filter_map(|line| line.strip_prefix("export type "));
        let names = types.filter_map(|line| line.split(' ').next());
        let rows = names.filter(|name| !name.ends_with("Insert") && !name.ends_with("Update"));
        rows.map(str::to_owned).collect()
    };
    assert_eq!(
        types(&[]),
        [
            "OtherMood",
            "OtherUnused",
            "AppUsers",
            "OtherUsers",
            "Users"
        ]
    );
    assert_eq!(types(&["--schema", "app"]), ["OtherMood", "Users"]);
    assert_eq!(
        types(&["--schema", "app", "--schema", "public"]),
        ["OtherMood", "AppUsers", "Users"]
    );

    let run = Project::empty().run(&[
        "types",
        "--lang",
        "typescript",
        "--schema",
        "nowhere",
        "--database-url",
        deployed.url(),
    ]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr
            .contains("there is no schema nowhere here; the schemas are app, other, public"),
        "{run:?}"
    );
}

#[test]
fn what_is_ignored_and_diesel_s_bookkeeping_are_left_out() {
    let project = Project::small();
    project.migration(
        "2026-01-02-000000_others",
        "CREATE TABLE kosmos_runs (id integer); CREATE TYPE kosmos_state AS ENUM ('on');
         CREATE SCHEMA kosmos; CREATE TABLE kosmos.things (id integer); ALTER TABLE users ADD kosmos_id integer;",
    );
    project.write(
        "drift.toml",
        "[[ignore]]\nname = \"kosmos_.*\"\nreason = \"another system's\"\n\n[[ignore]]\nschema = \"kosmos\"\nreason = \"another system's\"\n",
    );
    let run = project.run(&["types", "--lang", "typescript"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(!run.stdout.to_lowercase().contains("kosmos"), "{run:?}");
    assert!(!run.stdout.contains("DieselSchemaMigrations"), "{run:?}");
    assert!(
        run.stdout
            .contains("export type Users = {\n  id: number;\n  name: string;\n};\n")
    );
}

/// Seed 4: "Schema shared via generated types/Zod schemas available to front-end". The committed file is what a front end takes.
#[test]
fn the_committed_types_of_weeksmith_let_its_sample_through() {
    let Some(tools) = Tools::get() else { return };
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let types = fs::read_to_string(format!("{root}/types/weeksmith.ts")).unwrap();
    let mut migrations: Vec<_> = fs::read_dir(format!("{root}/migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().path().join("up.sql"))
        .collect();
    migrations.sort();
    let deployed = Deployed::empty();
    for migration in migrations {
        deployed.execute(&fs::read_to_string(migration).unwrap());
    }
    deployed.execute(&fs::read_to_string(format!("{root}/seeds/weeksmith.sql")).unwrap());

    let mut cases = Cases::default();
    for (table, schema) in [
        ("vision", "visionSchema"),
        ("cycle", "cycleSchema"),
        ("goal", "goalSchema"),
        ("weekly_plan", "weeklyPlanSchema"),
        ("task", "taskSchema"),
        ("plan_item", "planItemSchema"),
        ("audit_log", "auditLogSchema"),
        ("chat_session", "chatSessionSchema"),
        ("chat_message", "chatMessageSchema"),
    ] {
        let rows = deployed.rows(&format!("weeksmith.{table}"));
        assert!(!rows.is_empty(), "{table}");
        for row in &rows {
            cases.accept(schema, row);
        }
        cases.refuse(schema, &with(&rows[0], "id", "null"));
        cases.refuse(schema, &without(&rows[0], "user_id"));
    }
    let goal = &deployed.rows("weeksmith.goal")[0];
    cases.refuse("goalSchema", &with(goal, "goal_type", "\"spiritual\""));
    // PostgreSQL computes it.
    let plan = &deployed.rows("weeksmith.weekly_plan")[0];
    cases.refuse("weeklyPlanInsertSchema", plan);
    cases.accept("weeklyPlanInsertSchema", &without(plan, "is_lock_week"));
    for (compiler, zod) in ALL {
        let front = Front::new(&tools, zod, &types);
        front.compile(compiler).unwrap();
        front.parse(&cases).unwrap();
    }
}
