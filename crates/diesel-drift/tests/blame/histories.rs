//! `log`.

use crate::support::{history, project, project_of};
use diesel_drift::provision::{Choice, Options};
use diesel_drift::{Error, Project, cache, log, report};
use pretty_assertions::assert_eq;

fn told(object: &str) -> String {
    history(project("").path(), object).unwrap()
}

#[test]
fn a_column_is_followed_through_its_names() {
    assert_eq!(
        told("posts.title"),
        "\
migration 12_back
    up.sql:2  changed column `public.posts.title`: not_null false → true
migration 11_away
    up.sql:1  changed column `public.posts.title`: not_null true → false
migration 05_rename
    up.sql:1  renamed column `public.posts.heading` to `title`
migration 04_block
    up.sql:2  changed column `public.posts.heading`: data_type character varying(10) → character varying(20)
migration 02_posts
    up.sql:1  created column `public.posts.heading`: data_type character varying(10), not_null true"
    );
}

#[test]
fn a_table_s_history_is_that_of_all_that_hangs_on_it() {
    let told = told("people");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        &lines[..14],
        [
            "migration 13_people",
            "    up.sql:1  renamed table `public.users` to `people`",
            "    up.sql:2  created column `public.people.nick`: data_type text",
            "migration 12_back",
            "    up.sql:1  dropped column `public.users.age`",
            "migration 09_trigger",
            "    up.sql:6  created trigger `public.users.users_touch`: timing before, events update, for_each_row true, function public.touch",
            "migration 07_drop_tags",
            "    up.sql:1  created column `public.users.age`: data_type integer",
            "migration 06_concurrently",
            "    up.sql:3  created index `public.users.users_name`: columns name",
            "migration 04_block",
            "    up.sql:8  changed column `public.users.name`: not_null false → true",
            "migration 01_users",
        ],
        "{told}"
    );
    assert_eq!(lines[14], "    up.sql:5  created table `public.users`");
}

#[test]
fn what_was_dropped_and_made_again_has_both_lives() {
    assert_eq!(
        told("tags.word"),
        "\
migration 08_tags_again
    up.sql:2  created column `public.tags.word`: data_type text, not_null true
migration 07_drop_tags
    up.sql:2  dropped column `public.tags.word`
migration 02_posts
    up.sql:8  created column `public.tags.word`: data_type text, not_null true"
    );
}

#[test]
fn what_is_gone_has_a_history_too() {
    let age = told("users.age");
    assert!(
        age.ends_with("column `public.users.age` is not there any more"),
        "{age}"
    );
    assert!(
        age.contains("migration 12_back\n    up.sql:1  dropped"),
        "{age}"
    );
    let heading = told("posts.heading");
    assert!(
        heading.contains("up.sql:1  renamed column `public.posts.heading` to `title`"),
        "{heading}"
    );
}

#[test]
fn an_enum_and_a_function_show_what_was_added() {
    assert_eq!(
        told("mood").lines().take(2).collect::<Vec<_>>(),
        [
            "migration 03_mood",
            "    up.sql:1  changed enum `public.mood`: labels sad → sad, ok"
        ]
    );
    let touch = told("touch()");
    let lines: Vec<&str> = touch.lines().take(3).collect();
    assert_eq!(
        lines[..2],
        [
            "migration 10_trigger_again",
            "    up.sql:3  changed function `public.touch()`: body"
        ],
        "{touch}"
    );
    assert!(
        touch.contains("              +  NEW.name := lower(NEW.name);"),
        "{touch}"
    );
    assert!(
        touch.contains("migration 09_trigger\n    up.sql:1  created function `public.touch()`"),
        "{touch}"
    );
}

#[test]
fn a_name_that_means_nothing_or_too_much_is_an_error() {
    let root = project_of(
        &[(
            "1_a",
            "CREATE TABLE a (id int PRIMARY KEY, twice int); CREATE INDEX twice ON a (twice); CREATE FUNCTION a() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        )],
        "",
    );
    let refused = |name: &str| history(root.path(), name).unwrap_err().to_string();
    assert_eq!(
        refused("a"),
        "`a` can mean table `public.a` or function `public.a()`: say which, with its schema, its arguments or --class"
    );
    assert_eq!(
        refused("a.twice"),
        "`a.twice` can mean column `public.a.twice` or index `public.a.twice`: say which, with its schema, its arguments or --class"
    );
    assert_eq!(
        refused("a.twcie"),
        "no migration makes `a.twcie`; did you mean column `public.a.twice` or index `public.a.twice`?"
    );
    assert!(
        refused("nothing")
            .starts_with("no migration makes `nothing`: an object is named as findings name it")
    );
}

#[test]
fn a_failing_migration_ends_the_history_with_a_notice() {
    let root = project_of(
        &[
            ("1_a", "CREATE TABLE a (id int PRIMARY KEY);"),
            (
                "2_b",
                "ALTER TABLE a ADD b int; ALTER TABLE nowhere ADD c int;",
            ),
        ],
        "",
    );
    let told = history(root.path(), "a").unwrap();
    assert!(
        told.starts_with("migration 1_a\n") && !told.contains("a.b"),
        "{told}"
    );
    assert!(
        told.contains("notice: the history ends before the migration that fails: "),
        "{told}"
    );
}

/// What had the name before is another thing: its history is told, and apart.
#[test]
fn two_that_had_one_name_have_two_histories() {
    let root = project_of(
        &[
            ("1_a", "CREATE TABLE t (id int PRIMARY KEY);"),
            ("2_b", "CREATE TABLE other (id bigint PRIMARY KEY);"),
            ("3_c", "ALTER TABLE t ADD a int;"),
            ("4_d", "DROP TABLE t;"),
            ("5_e", "ALTER TABLE other RENAME TO t;"),
        ],
        "",
    );
    let told = history(root.path(), "t.id").unwrap();
    assert_eq!(
        told,
        "\
migration 5_e
    up.sql:1  renamed table `public.other` to `t`
migration 2_b
    up.sql:1  created column `public.other.id`: data_type bigint, not_null true
another column `public.t.id` until migration 5_e:
migration 4_d
    up.sql:1  dropped column `public.t.id`
migration 1_a
    up.sql:1  created column `public.t.id`: data_type integer, not_null true"
    );
}

/// One file that commits in its middle, and one that goes back to a savepoint.
#[test]
fn a_file_that_controls_transactions_has_lines() {
    let root = project_of(
        &[
            (
                "1_a",
                "BEGIN;\nCREATE TABLE a (id int PRIMARY KEY);\nCOMMIT;\nBEGIN;\nALTER TABLE a ADD b int;\nCOMMIT;\n",
            ),
            (
                "2_b",
                "SAVEPOINT s;\nALTER TABLE a ADD c int;\nROLLBACK TO s;\nALTER TABLE a ADD d int;\nRELEASE s;\n",
            ),
        ],
        "",
    );
    let metadata = root.path().join("migrations/1_a/metadata.toml");
    std::fs::write(metadata, "run_in_transaction = false\n").unwrap();
    let told = |name: &str| history(root.path(), name).unwrap();
    assert_eq!(
        told("a.b"),
        "migration 1_a\n    up.sql:5  created column `public.a.b`: data_type integer"
    );
    assert_eq!(
        told("a.d"),
        "migration 2_b\n    up.sql:4  created column `public.a.d`: data_type integer"
    );
}

#[test]
fn a_project_that_migrates_by_command_has_no_history() {
    let root = project("");
    crate::support::write(root.path(), "drift.toml", "[migrate]\ncommand = \"true\"\n");
    let error = history(root.path(), "posts").unwrap_err();
    assert!(error.to_string().contains("--migration-dir"), "{error}");
}

/// The second answer comes from the cache, also to another question, and is that of the first.
#[test]
fn what_is_kept_is_what_is_read() {
    let root = project("");
    let directory = tempfile::tempdir().unwrap();
    let with = |cache: cache::Place| Options {
        provider: Choice::Local,
        cache,
        ..Options::from_env()
    };
    let kept = with(cache::Place::At(directory.path().join("cache")));
    let ask = |options: &Options, object: &str| {
        let mut provisioned = 0;
        let project = Project::discover(root.path()).unwrap();
        let told = log(&project, options, object, None, &mut |step| {
            provisioned += usize::from(step == diesel_drift::Step::Provision);
        });
        told.map(|told| (told, provisioned))
    };
    // A name that is misspelt costs nothing the second time.
    match ask(&kept, "psots") {
        Err(Error::Provision(error)) => {
            println!("skipped: no server of the machine's own: {error}");
            return;
        }
        misspelt => assert!(matches!(misspelt, Err(Error::Log(_))), "{misspelt:?}"),
    }
    let states = ask(&kept, "tags_pkey").unwrap();
    assert!(states.1 <= 1);
    let cold = ask(&kept, "posts").unwrap();
    let warm = ask(&kept, "posts").unwrap();
    assert_eq!(warm.1, 0);
    assert_eq!(cold.0, warm.0);
    assert_eq!(ask(&with(cache::Place::Off), "posts").unwrap().0, cold.0);
    // A new migration: the states before it are not read again.
    crate::support::write(
        root.path(),
        "migrations/15_more/up.sql",
        "ALTER TABLE posts ADD more int;",
    );
    let more = ask(&kept, "posts").unwrap();
    assert_eq!(more.1, 1);
    assert_eq!(more.0.entries[1..], cold.0.entries);
    assert_eq!(more.0.entries[0].version, "15");
}

#[test]
fn the_published_json_schema_of_logs_is_current_and_holds() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/log.schema.json");
    let published: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(published, report::log_schema(), "run `make bless`");
    let root = project("");
    let project = Project::discover(root.path()).unwrap();
    let schema = jsonschema::validator_for(&published).unwrap();
    for object in ["posts", "people", "users.age"] {
        let told = log(
            &project,
            &crate::support::options(),
            object,
            None,
            &mut |_| {},
        )
        .unwrap();
        let mut json = Vec::new();
        report::write_log_json(&told, &mut json).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert!(schema.validate(&json).is_ok(), "{json:#}");
    }
}

#[test]
fn what_is_dropped_and_made_under_another_name_is_not_renamed() {
    let root = project_of(
        &[
            (
                "1_a",
                "CREATE TABLE a (id int CONSTRAINT a_one PRIMARY KEY);",
            ),
            (
                "2_b",
                "ALTER TABLE a DROP CONSTRAINT a_one;\nALTER TABLE a ADD CONSTRAINT a_two PRIMARY KEY (id);\n",
            ),
        ],
        "",
    );
    let of = |name: &str| history(root.path(), name).unwrap();
    let (one, two) = (of("a_one"), of("a_two"));
    assert!(
        one.starts_with("migration 2_b\n    up.sql:1  dropped primary key `public.a.a_one`\n"),
        "{one}"
    );
    assert!(
        two.starts_with(
            "migration 2_b\n    up.sql:2  created primary key `public.a.a_two`: columns id"
        ),
        "{two}"
    );
    assert!(!two.contains("a_one"), "{two}");
}
