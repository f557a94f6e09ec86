//! `diesel-drift scorecard`.

use super::project::Project;
use serde_json::Value;

fn line<'a>(card: &'a Value, id: &str) -> &'a Value {
    let lines = card["lines"].as_array().unwrap();
    let found = lines.iter().find(|line| line["id"] == id);
    found.unwrap_or_else(|| panic!("{id}: {card}"))
}

fn small() -> Project {
    let project = Project::small();
    project.write(
        "migrations/2026-01-01-000000_users/down.sql",
        "DROP TABLE users;",
    );
    project
}

#[test]
fn the_exit_code_is_that_of_the_worst_line() {
    let project = small();
    let run = project.run(&["scorecard"]);
    // Without snapshots it is weak, not wrong.
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout.contains("🟡 reviewed snapshots"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .contains("\nnot asked for; [scorecard] of drift.toml could say:\n     required = "),
        "{}",
        run.stdout
    );
    for (arguments, code) in [
        (&["--fail-on", "red"], 0),
        (&["--fail-on", "yellow"], 1),
        (&["--fail-on", "green"], 2),
    ] {
        let run = project.run(&["scorecard", "--quick", arguments[0], arguments[1]]);
        assert_eq!(run.code, Some(code), "{run:?}");
    }
    let run = project.run(&["scorecard", "-q"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{run:?}");
    project.write("drift.toml", "[scorecard]\nrequired = [\"posts\"]\n");
    for fail_on in ["red", "yellow"] {
        let run = project.run(&["scorecard", "--quick", "--fail-on", fail_on]);
        assert_eq!(run.code, Some(1), "{run:?}");
    }
}

/// The card as JSON, which is as its schema says.
fn card(project: &Project, arguments: &[&str]) -> Value {
    let arguments = [&["scorecard", "--format", "json"], arguments].concat();
    let run = project.run(&arguments);
    let card: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"));
    let schema = diesel_drift::report::scorecard_schema();
    let errors: Vec<_> = (jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&card))
    .map(|error| error.to_string())
    .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let worst = card["lines"].as_array().unwrap().iter().map(|line| {
        let statuses = ["green", "yellow", "red"];
        statuses
            .iter()
            .position(|status| line["status"] == *status)
            .unwrap()
    });
    let is_red = worst.max() == Some(2);
    assert_eq!(
        (is_red, run.code),
        (card["verdict"] == "red", Some(i32::from(is_red)))
    );
    card
}

/// What each line says, with its status.
fn says(card: &Value, expected: &[(&str, &str, &str)]) {
    for (id, status, says) in expected {
        let line = line(card, id);
        assert_eq!(line["status"], *status, "{id}: {line}");
        let evidence: Vec<&str> = (line["evidence"].as_array().unwrap().iter())
            .filter_map(Value::as_str)
            .collect();
        assert!(evidence.join("\n").contains(says), "{says:?}: {line}");
    }
}

const EVERYTHING: &str = "[scorecard]\nrequired = [\"users\"]\nimmutable = [\"users\"]\naudit_log = \"log\"\ntests = [\"tests\"]\n\n\
     [[scorecard.many_to_many]]\ntables = [\"users\", \"posts\"]\n";

/// Nothing is green for none of none.
#[test]
fn where_there_is_nothing_nothing_is_green() {
    let project = Project::empty();
    project.write("diesel.toml", "[print_schema]\nfile = \"src/schema.rs\"\n");
    project.write("src/schema.rs", "");
    project.write("migrations/.keep", "");
    project.write("drift.toml", EVERYTHING);
    let empty = card(&project, &[]);
    let green: Vec<&Value> = (empty["lines"].as_array().unwrap().iter())
        .filter(|line| line["status"] == "green")
        .collect();
    assert!(green.is_empty(), "{green:?}");
    says(
        &empty,
        &[
            ("migrations", "red", "there is no migration"),
            ("chain", "yellow", "there is no migration"),
            ("constraints", "yellow", "not tried: there is no table"),
            ("rules", "yellow", "not tried: there is no table"),
            ("required-models", "red", "users is not in the database"),
            ("join-tables", "red", "users is not in the database"),
            ("immutability", "red", "users is not in the database"),
            ("linkage-tests", "red", "there is no test in tests"),
            ("audit-log", "red", "log is not in the database"),
        ],
    );
    assert_eq!(empty["lines"].as_array().unwrap().len(), 15);
}

#[test]
fn without_a_directory_of_migrations_one_line_says_so() {
    let project = small();
    std::fs::remove_dir_all(project.path().join("migrations")).unwrap();
    let card = card(&project, &[]);
    assert_eq!(
        card.to_string()
            .matches("no directory of migrations")
            .count(),
        1,
        "{card}"
    );
    says(
        &card,
        &[
            ("migrations", "red", "no directory of migrations was found"),
            ("chain", "yellow", "not tried: there are no migrations"),
            ("downgrade", "yellow", "not tried: there are no migrations"),
            ("parity", "yellow", "not tried: there are no migrations"),
        ],
    );
}

#[test]
fn views_alone_are_little_to_look_at() {
    let project = Project::empty();
    project.write("diesel.toml", "[print_schema]\nfile = \"src/schema.rs\"\n");
    project.write("src/schema.rs", "");
    project.write("drift.toml", "[scorecard]\nrequired = [\"seen\"]\n");
    project.migration("1_seen", "CREATE VIEW seen AS SELECT 1 AS one;");
    project.write("migrations/1_seen/down.sql", "DROP VIEW seen;");
    says(
        &card(&project, &[]),
        &[
            (
                "migrations",
                "yellow",
                "1 migration made views, and no table",
            ),
            ("required-models", "red", "seen is a view, not a table"),
            ("references", "yellow", "not tried: there is no table"),
            ("round-trip", "green", "there is only one migration"),
        ],
    );
}

#[test]
fn a_name_is_understood_as_findings_and_as_sql_print_it() {
    let project = small();
    project.migration(
        "2026-01-02-000000_more",
        "CREATE TABLE \"Posts\" (id int PRIMARY KEY); CREATE SCHEMA old; CREATE TABLE old.users (id int PRIMARY KEY);",
    );
    project.write(
        "drift.toml",
        "[scorecard]\nrequired = [\"public.users\", \"\\\"Posts\\\"\", \"posts\", \"users\"]\nimmutable = [\"public.\\\"Posts\\\"\"]\n",
    );
    says(
        &card(&project, &["--quick"]),
        &[
            (
                "required-models",
                "red",
                "public.users has no row type: no struct derives",
            ),
            ("required-models", "red", "\"Posts\" is not in schema.rs"),
            (
                "required-models",
                "red",
                "posts is not in the database; is public.Posts meant?",
            ),
            (
                "required-models",
                "red",
                "users could be any of old.users and public.users: name it with its schema",
            ),
            ("immutability", "red", "UPDATE of id was carried out"),
        ],
    );
}

#[test]
fn a_row_type_has_to_be_one_that_is_read() {
    let project = small();
    project.write("drift.toml", "[scorecard]\nrequired = [\"users\"]\n");
    project.write("Cargo.toml", "[package]\nname = \"app\"\n");
    project.write("src/lib.rs", "mod schema; mod models;");
    let new_user = "#[derive(Insertable)]\n#[diesel(table_name = crate::schema::users)]\npub struct NewUser { name: String }\n";
    project.write("src/models.rs", new_user);
    let user = "#[derive(Queryable)]\npub struct Anything { id: i32, name: String }\n";
    // Nothing leads to it.
    project.write("src/user.rs", user);
    says(
        &card(&project, &["--quick"]),
        &[(
            "required-models",
            "red",
            "users has no row type to read it with: `NewUser` (src/models.rs:3) derives `Insertable` alone",
        )],
    );
    project.write("src/models.rs", &format!("mod user;\n{new_user}"));
    project.write("src/models/user.rs", user);
    says(
        &card(&project, &["--quick"]),
        &[(
            "required-models",
            "green",
            "users is in the database, in schema.rs and as a row type",
        )],
    );
}

/// What the rows were is not restored by a down that does nothing, and it is not said that it was.
#[test]
fn what_was_compared_on_the_way_back_is_said() {
    let project = small();
    project.migration(
        "2026-01-02-000000_shout",
        "UPDATE users SET name = upper(name) || '!';",
    );
    project.write("migrations/2026-01-02-000000_shout/down.sql", "SELECT 1;");
    says(
        &card(&project, &[]),
        &[
            (
                "downgrade",
                "green",
                "2026-01-02-000000_shout: the catalog is as it was before; of rows in 1 table, this is lost:\n\
                 values of column `public.users.name` are lost on the way up and down",
            ),
            (
                "round-trip",
                "green",
                "2026-01-01-000000_users: the catalog is as it was before; there were no rows to look for",
            ),
        ],
    );
}

/// It is said once what fails, and in which file.
#[test]
fn a_down_that_fails_is_said_once() {
    let project = small();
    project.migration(
        "2026-01-02-000000_posts",
        "CREATE TABLE posts (id int PRIMARY KEY);",
    );
    project.write(
        "migrations/2026-01-02-000000_posts/down.sql",
        "DROP TABLE pots;",
    );
    let broken = card(&project, &[]);
    says(
        &broken,
        &[(
            "downgrade",
            "red",
            "the down of `2026-01-02-000000_posts` fails",
        )],
    );
    assert_eq!(broken.to_string().matches("pots").count(), 1, "{broken}");
    project.write(
        "migrations/2026-01-02-000000_posts/down.sql",
        "DROP TABEL posts;",
    );
    let broken = card(&project, &[]);
    assert_eq!(broken.to_string().matches("TABEL").count(), 1, "{broken}");
    says(
        &broken,
        &[(
            "chain",
            "red",
            "(migrations/2026-01-02-000000_posts/down.sql:1)",
        )],
    );
}

/// A column of JSON is the join tables' business where it is between the two, else the rules'.
#[test]
fn other_tables_json_does_not_redden_the_join_tables() {
    let project = small();
    project.migration(
        "2026-01-02-000000_more",
        "CREATE TABLE posts (id int PRIMARY KEY);
         CREATE TABLE tags (id int PRIMARY KEY);
         CREATE TABLE post_tags (post_id int REFERENCES posts, tag_id int REFERENCES tags, PRIMARY KEY (post_id, tag_id));
         CREATE INDEX ON post_tags (tag_id);
         CREATE TABLE tokens (id int PRIMARY KEY, post_ids jsonb);",
    );
    project.write(
        "drift.toml",
        "[[scorecard.many_to_many]]\ntables = [\"posts\", \"tags\"]\n",
    );
    let found = card(&project, &["--quick"]);
    says(
        &found,
        &[
            ("join-tables", "green", "posts ↔ tags by public.post_tags"),
            ("rules", "yellow", "public.tokens.post_ids"),
        ],
    );
    project.write(
        "drift.toml",
        "[[scorecard.many_to_many]]\ntables = [\"posts\", \"tokens\"]\n",
    );
    let found = card(&project, &["--quick"]);
    says(&found, &[("join-tables", "red", "public.tokens.post_ids")]);
    assert!(
        !line(&found, "rules").to_string().contains("post_ids"),
        "{found}"
    );
}

/// What is not looked at is not said to hold, and a note is no more than a note.
#[test]
fn levels_of_rules_are_those_of_the_lines() {
    let project = small();
    project.migration(
        "2026-01-02-000000_more",
        "CREATE TABLE no_key (a int); CREATE TABLE posts (id int PRIMARY KEY, user_id int REFERENCES users);",
    );
    says(
        &card(&project, &["--quick"]),
        &[
            ("constraints", "red", "`public.no_key` has no primary key"),
            ("references", "green", "refers to it, every foreign key"),
            ("foreign-key-indexes", "red", "public.posts"),
        ],
    );
    let levels = |level: &str| {
        let rules = [
            "primary-key-absent",
            "foreign-key-disabled",
            "foreign-key-unindexed",
        ];
        let lines = rules.map(|rule| format!("{rule} = \"{level}\"\n"));
        project.write("drift.toml", &format!("[levels]\n{}", lines.concat()));
        card(&project, &["--quick"])
    };
    let noted = levels("note");
    says(
        &noted,
        &[
            (
                "constraints",
                "yellow",
                "`public.no_key` has no primary key",
            ),
            ("references", "green", "none is disabled"),
        ],
    );
    let off = levels("off");
    says(
        &off,
        &[
            (
                "constraints",
                "yellow",
                "no status is free text\nnot looked at: `primary-key-absent` is off in drift.toml",
            ),
            (
                "references",
                "yellow",
                "not looked at: `foreign-key-disabled` is off",
            ),
            (
                "foreign-key-indexes",
                "yellow",
                "not looked at: `foreign-key-unindexed` is off in drift.toml",
            ),
        ],
    );
    for claim in [
        "every table has a primary key",
        "none is disabled",
        "index serves",
    ] {
        assert!(!off.to_string().contains(claim), "{off}");
    }
}

/// That only its name says what a column refers to is enough between tables that the project promises.
#[test]
fn a_reference_by_name_alone_is_weak_and_between_required_tables_wrong() {
    let project = small();
    project.migration(
        "2026-01-02-000000_marks",
        "CREATE TABLE marks (id int PRIMARY KEY, user_id int NOT NULL);",
    );
    let says_of = |required: &str, status: &str| {
        project.write(
            "drift.toml",
            &format!("[scorecard]\nrequired = [{required}]\n"),
        );
        let sentence = "column `public.marks.user_id` refers to `public.users`";
        says(
            &card(&project, &["--quick"]),
            &[("references", status, sentence)],
        );
    };
    says_of("\"users\"", "yellow");
    says_of("\"users\", \"marks\"", "red");
}

/// What schema.rs does not have no test is seen to touch.
#[test]
fn references_of_tables_that_are_not_declared_are_not_counted() {
    let project = small();
    project.migration(
        "2026-01-02-000000_hidden",
        "CREATE TABLE hidden (id int PRIMARY KEY, user_id int REFERENCES users); CREATE INDEX ON hidden (user_id);
         CREATE TABLE log (at timestamptz, actor text, action text, entity text, before json, after json);",
    );
    project.write(
        "tests/a.rs",
        "#[test] fn a() { sql_query(\"SELECT FROM hidden, users\"); }",
    );
    project.write(
        "drift.toml",
        "[scorecard]\ntests = [\"tests\"]\naudit_log = \"log\"\n",
    );
    says(
        &card(&project, &["--quick"]),
        &[
            (
                "linkage-tests",
                "yellow",
                "1 test touches 1 table; there is no reference between two tables that could be covered\n\
                 not looked for, because schema.rs does not have both tables: public.hidden (user_id) → public.users",
            ),
            (
                "audit-log",
                "yellow",
                "nothing is seen to write log: no trigger; and what tests and code write is not seen, because schema.rs does not have it",
            ),
        ],
    );
}

/// Each of them as somebody wrote it, and what is none.
#[test]
fn what_refuses_has_to_be_meant() {
    let project = small();
    project.migration(
        "2026-01-02-000000_kept",
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'it is immutable' USING ERRCODE = 'restrict_violation'; END $$;
         CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
         CREATE FUNCTION keep_old() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$;
         CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM current_setting('app.actor'); RETURN COALESCE(NEW, OLD); END $$;
         CREATE TABLE raised (id int PRIMARY KEY);
         CREATE TRIGGER t BEFORE UPDATE OR DELETE ON raised FOR EACH ROW EXECUTE FUNCTION refuse();
         CREATE TABLE silent (id int PRIMARY KEY);
         CREATE TRIGGER t BEFORE UPDATE OR DELETE ON silent FOR EACH ROW EXECUTE FUNCTION keep();
         CREATE TABLE as_before (id int PRIMARY KEY);
         CREATE TRIGGER t BEFORE UPDATE ON as_before FOR EACH ROW EXECUTE FUNCTION keep_old();
         CREATE TABLE logged (id int PRIMARY KEY);
         CREATE TRIGGER t BEFORE UPDATE OR DELETE ON logged FOR EACH ROW EXECUTE FUNCTION log();
         CREATE TABLE never (id int PRIMARY KEY CHECK (id <> id), \"to\" text NOT NULL);
         CREATE TABLE of_never (id int PRIMARY KEY, never_id int NOT NULL REFERENCES never);
         CREATE TABLE never_at_all (id int PRIMARY KEY CHECK (id <> id));
         CREATE TRIGGER t BEFORE UPDATE OR DELETE OR TRUNCATE ON never_at_all FOR EACH STATEMENT EXECUTE FUNCTION refuse();",
    );
    project.write(
        "drift.toml",
        "[scorecard]\nimmutable = [\"raised\", \"silent\", \"as_before\", \"logged\", \"never\", \"of_never\", \"never_at_all\"]\n",
    );
    let found = card(&project, &["--quick"]);
    let told = |name: &str| {
        let all = line(&found, "immutability")["evidence"].as_array().unwrap();
        let begins = |of: &&Value| of.as_str().unwrap().starts_with(&format!("{name}: "));
        all.iter()
            .find(begins)
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        told("raised"),
        "raised: UPDATE is refused (“it is immutable”); DELETE is refused (“it is immutable”); TRUNCATE … CASCADE empties it"
    );
    assert_eq!(
        told("silent"),
        "silent: UPDATE is refused (“nothing is changed”); DELETE is refused (“nothing is deleted”); TRUNCATE … CASCADE empties it"
    );
    assert!(
        told("as_before")
            .contains("UPDATE is refused (“nothing is changed”); DELETE was carried out")
    );
    assert!(
        told("logged").contains("whether UPDATE is refused is not known (“unrecognized configuration parameter \"app.actor\"”)"),
        "{}",
        told("logged")
    );
    assert!(
        told("never").contains("write one in a file `seeds/never.sql` below the project's root: `INSERT INTO public.never (id, \"to\") VALUES (<integer>, <text>);`"),
        "{}",
        told("never")
    );
    assert!(
        told("of_never").starts_with("of_never: not tried: no row could be made (public.never: ")
            && told("of_never").contains("`seeds/never.sql`"),
        "{}",
        told("of_never")
    );
    assert_eq!(
        told("never_at_all"),
        "never_at_all: UPDATE is refused (“it is immutable”); DELETE is refused (“it is immutable”)"
    );
}

#[test]
fn what_is_not_tried_is_not_green() {
    let project = small();
    project.write(
        "drift.toml",
        "[scorecard]\nrequired = [\"users\", \"posts\"]\nimmutable = [\"users\"]\naudit_log = \"log\"\ntests = [\"tests\"]\n",
    );
    let run = project.run(&["scorecard", "--quick", "--format", "json"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let card: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(card["verdict"], "red");
    for (id, status, says) in [
        ("round-trip", "yellow", "--quick"),
        ("required-models", "red", "users has no row type"),
        (
            "immutability",
            "red",
            "UPDATE of id, name was carried out; DELETE was carried out",
        ),
        ("audit-log", "red", "log is not in the database"),
        ("linkage-tests", "red", "there is no test in tests"),
        ("downgrade", "green", "2026-01-01-000000_users"),
    ] {
        let line = line(&card, id);
        assert_eq!(line["status"], status, "{id}: {line}");
        assert!(line["evidence"].to_string().contains(says), "{line}");
    }
}

/// Where the migrations do not apply there is nothing to look at: that line is red, and the others say that they were not tried.
#[test]
fn migrations_that_do_not_apply_are_one_red_line() {
    let project = small();
    project.write("drift.toml", "[scorecard]\nimmutable = [\"users\"]\n");
    project.migration(
        "2026-01-02-000000_wrong",
        "ALTER TABLE users ADD mood mood;\n",
    );
    project.write(
        "migrations/2026-01-02-000000_wrong/down.sql",
        "ALTER TABLE users DROP mood;",
    );
    let run = project.run(&["scorecard", "--format", "json"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let card: Value = serde_json::from_str(&run.stdout).unwrap();
    let red: Vec<&str> = (card["lines"].as_array().unwrap().iter())
        .filter(|line| line["status"] == "red")
        .map(|line| line["id"].as_str().unwrap())
        .collect();
    assert_eq!(red, ["migrations"], "{card}");
    assert!(
        line(&card, "migrations")["evidence"][0]
            .as_str()
            .unwrap()
            .contains("type \"mood\" does not exist"),
        "{card}"
    );
    assert_eq!(line(&card, "immutability")["status"], "yellow");
    assert_eq!(line(&card, "parity")["status"], "yellow");
}

#[test]
fn a_misspelt_key_is_an_error_with_its_line() {
    let project = small();
    project.write("drift.toml", "[scorecard]\nimutable = [\"users\"]\n");
    let run = project.run(&["scorecard"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr
            .contains("drift.toml:2: unknown field `imutable`"),
        "{run:?}"
    );
}
