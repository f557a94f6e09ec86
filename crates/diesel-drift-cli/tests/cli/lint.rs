//! `diesel-drift lint`: rules, a team's own among them, and what accepts what they find.

use super::project::{Project, Run};
use serde_json::Value;

/// `crates (id)`, `versions` whose key cascades, and `owners` whose key does not; every key has an index.
fn crates() -> Project {
    let project = Project::small();
    project.migration(
        "2026-01-02-000000_crates",
        "CREATE TABLE crates (id bigint PRIMARY KEY);\n\
         CREATE TABLE versions (\n  id bigint PRIMARY KEY,\n  crate_id bigint NOT NULL REFERENCES crates ON DELETE CASCADE\n);\n\
         CREATE INDEX ON versions (crate_id);\n\
         CREATE TABLE owners (\n  id bigint PRIMARY KEY,\n  crate_id bigint NOT NULL REFERENCES crates\n);\n\
         CREATE INDEX ON owners (crate_id);\n",
    );
    project
}

const RULE: &str = "[[rule]]\nid = \"crate-fk-cascades\"\nbecause = \"deleting a crate must delete what belongs to it\"\n\
                    every = \"column\"\nwhere = { name = \"crate_id\" }\nmust = { foreign_key = { on_delete = \"cascade\" } }\n";

/// A table that nothing tells the rows of apart.
const VISITS: &str = "CREATE TABLE visits (page text NOT NULL);\n";

fn kinds(run: &Run) -> Vec<String> {
    let report: Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["severity"] != "note")
        .map(|finding| {
            format!(
                "{} {}",
                finding["kind"].as_str().unwrap(),
                finding["subject"]["path"].as_str().unwrap()
            )
        })
        .collect()
}

fn json(project: &Project, arguments: &[&str]) -> Run {
    project.run(&[&["lint", "--format", "json"], arguments].concat())
}

const BROKEN: &str = "crate-fk-cascades public.owners.crate_id";

#[test]
fn a_rule_of_the_project_s_own_is_held() {
    let project = crates();
    project.write("drift.toml", RULE);
    let run = project.run(&["lint", "--rule", "crate-fk-cascades"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout.starts_with(
            "error[crate-fk-cascades]: column `public.owners.crate_id` breaks `crate-fk-cascades`: deleting a crate must delete what \
             belongs to it\n"
        ),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains(
            "help: expected: foreign_key = { on_delete = \"cascade\" }; there is: foreign key `owners_crate_id_fkey`: `on_delete` is \
             `no_action`"
        ),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("rules are broken: 1 rule looked at "),
        "{}",
        run.stdout
    );
    assert_eq!(kinds(&json(&project, &[])), [BROKEN]);
    let run = project.run(&["explain", "crate-fk-cascades"]);
    assert!(
        run.stdout.starts_with(
            "# crate-fk-cascades\n\ndeleting a crate must delete what belongs to it (error by default).\n\nA rule of this project's own"
        ),
        "{run:?}"
    );
    // It is a note where the project says so, and one that is shown.
    project.write(
        "drift.toml",
        &format!("{RULE}\n[levels]\ncrate-fk-cascades = \"note\"\n"),
    );
    let run = project.run(&["lint", "--rule", "crate-fk-cascades"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout
            .starts_with("note[crate-fk-cascades]: column `public.owners"),
        "{}",
        run.stdout
    );
    project.write(
        "drift.toml",
        &format!("{RULE}\n[levels]\ncrate-fk-cascades = \"off\"\n"),
    );
    assert_eq!(kinds(&json(&project, &[])), Vec::<String>::new());
    assert_eq!(
        kinds(&json(&project, &["--rule", "crate-fk-cascades"])),
        [BROKEN]
    );
    project.write("drift.toml", &format!("{RULE}\n[[suppress]]\nkind = \"crate-fk-cascades\"\nsubject = \"public.owners.crate_id\"\nreason = \"kept\"\n"));
    assert_eq!(kinds(&json(&project, &[])), Vec::<String>::new());
    // The other commands read the same file.
    assert_eq!(
        project.run(&["check", "--schema", "src/schema.rs"]).code,
        Some(1)
    );
}

#[test]
fn a_rule_about_nothing_and_an_unknown_one() {
    let project = crates();
    project.write("drift.toml", &RULE.replace("\"crate_id\"", "\"crates_id\""));
    let run = project.run(&["lint"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout
            .contains("warning[rule-unused]: rule `crate-fk-cascades` looks at nothing"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("--> drift.toml:2:"), "{}", run.stdout);
    project.write("drift.toml", &RULE.replace("cascade\" }", "cascde\" }"));
    let run = project.run(&["lint"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("drift.toml:6: `on_delete` is one of no_action, restrict, cascade, set_null, set_default"), "{run:?}");
    // All that is wrong is told, also where no schema is looked at.
    let wrong = [
        RULE.replace("cascade\" }", "cascde\" }"),
        RULE.replace("every =", "evry ="),
    ];
    project.write("drift.toml", &wrong.concat());
    for arguments in [&["lint"][..], &["explain", "crate-fk-cascades"]] {
        let run = project.run(arguments);
        assert_eq!(run.code, Some(2), "{run:?}");
        for message in [
            "drift.toml:6: `on_delete` is one of ",
            "drift.toml:10: a `[[rule]]` has no `evry` (did you mean `every`?); it has id, ",
        ] {
            assert!(run.stderr.contains(message), "{run:?}");
        }
    }
    // A name that nothing has: seen, and no failure.
    let kept_out = "[[rule]]\nid = \"no-citxt\"\nbecause = \"why\"\nevery = \"column\"\nmust_not = { data_type = \"citxt\" }\n";
    project.write("drift.toml", kept_out);
    let run = project.run(&["lint"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout.contains("note[rule-unused]: drift.toml:2:1: rule `no-citxt` asks for `data_type` `citxt`, and nothing is called so\n"),
        "{}",
        run.stdout
    );
    project.write("drift.toml", RULE);
    let run = project.run(&["lint", "--rule", "crate-fk-cascade"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr
            .contains("there is no rule `crate-fk-cascade` (did you mean `crate-fk-cascades`?); the rules are "),
        "{run:?}"
    );
}

#[test]
fn a_comment_in_a_migration_accepts_what_its_statement_makes() {
    let project = crates();
    project.write("drift.toml", RULE);
    let file = "migrations/2026-01-02-000000_crates/up.sql";
    project.edit(
        file,
        "REFERENCES crates\n",
        "REFERENCES crates -- drift: allow(crate-fk-cascades) owners outlive it\n",
    );
    project.migration(
        "2026-01-03-000000_visits",
        &format!("-- drift: allow(primary-key-absent) loaded in bulk\n{VISITS}"),
    );
    let run = json(&project, &[]);
    assert_eq!((run.code, kinds(&run)), (Some(0), Vec::new()), "{run:?}");
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let reasons: Vec<&str> = report["suppressed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["reason"].as_str().unwrap())
        .collect();
    assert_eq!(reasons, ["loaded in bulk", "owners outlive it"]);
    assert_eq!(report["suppressed"][0]["owner"], Value::Null);

    project.edit(
        file,
        "-- drift: allow(crate-fk-cascades) owners",
        "-- drift: allow(crate-fk-cascades, primary-key-absent) owners",
    );
    let run = project.run(&["lint"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stdout.starts_with("warning[suppression-unused]: the suppression of `primary-key-absent 2026-01-02-000000_crates` suppresses nothing"), "{}", run.stdout);
    assert!(
        run.stdout.contains(&format!("--> {file}:9:")),
        "{}",
        run.stdout
    );
    // Who looks at one rule alone does not know of the other.
    assert_eq!(
        project.run(&["lint", "--rule", "crate-fk-cascades"]).code,
        Some(0)
    );

    project.edit(
        file,
        "allow(crate-fk-cascades, primary-key-absent) owners outlive it",
        "allow(crate-fk-cascades)",
    );
    let run = project.run(&["lint"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr.contains(&format!(
            "{file}:9: `drift: allow(crate-fk-cascades)` needs a reason"
        )),
        "{run:?}"
    );
}

#[test]
fn with_a_baseline_only_what_is_new_fails() {
    let project = crates();
    project.write("drift.toml", RULE);
    let write = [
        "lint",
        "--write-baseline",
        "base.toml",
        "--owner",
        "ann",
        "--reason",
        "before we had rules",
        "--until",
        "2999-12-31",
    ];
    let run = project.run(&write);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (
            Some(0),
            "base.toml: 1 known; 1 new, 0 as before, 0 mended and gone\n"
        ),
        "{run:?}"
    );
    let run = json(&project, &["--baseline", "base.toml"]);
    assert_eq!((run.code, kinds(&run)), (Some(0), Vec::new()), "{run:?}");
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let suppressed = &report["suppressed"][0];
    assert_eq!(
        (
            &suppressed["owner"],
            &suppressed["reason"],
            &suppressed["until"]
        ),
        (
            &"ann".into(),
            &"before we had rules".into(),
            &"2999-12-31".into()
        )
    );
    let run = project.run(&["lint", "--baseline", "base.toml", "-v"]);
    assert!(
        run.stdout
            .contains("(before we had rules; ann until 2999-12-31)\n"),
        "{}",
        run.stdout
    );

    // New, then known as well; what the first says stays.
    project.migration("2026-01-03-000000_visits", VISITS);
    assert_eq!(
        kinds(&json(&project, &["--baseline", "base.toml"])),
        ["primary-key-absent public.visits"]
    );
    let mut again = write;
    again[4] = "bob";
    let run = project.run(&again);
    assert_eq!(
        run.stdout,
        "base.toml: 2 known; 1 new, 1 as before, 0 mended and gone\n"
    );
    let text = std::fs::read_to_string(project.path().join("base.toml")).unwrap();
    assert_eq!(text.matches("owner = \"ann\"").count(), 1, "{text}");
    assert_eq!(text.matches("owner = \"bob\"").count(), 1, "{text}");

    // Expired.
    project.edit(
        "base.toml",
        "owner = \"ann\"\nreason = \"before we had rules\"\nuntil = 2999-12-31",
        "owner = \"ann\"\nreason = \"before we had rules\"\nuntil = 2026-01-31",
    );
    let run = project.run(&["lint", "--baseline", "base.toml"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout.contains("help: it was accepted until 2026-01-31, for ann to see to, because: before we had rules (base.toml:5)"),
        "{}",
        run.stdout
    );

    // Mended.
    let file = "migrations/2026-01-02-000000_crates/up.sql";
    project.edit(
        file,
        "REFERENCES crates\n",
        "REFERENCES crates ON DELETE CASCADE\n",
    );
    let run = project.run(&["lint", "--baseline", "base.toml"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout.contains(&format!(
            "warning[baseline-unused]: `{BROKEN}` is known, and no longer there"
        )),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("--> base.toml:5:1"), "{}", run.stdout);
    assert_eq!(
        project
            .run(&[
                "lint",
                "--baseline",
                "base.toml",
                "--rule",
                "primary-key-absent"
            ])
            .code,
        Some(0)
    );
    let run = project.run(&write);
    assert_eq!(
        run.stdout,
        "base.toml: 1 known; 0 new, 1 as before, 1 mended and gone\n"
    );
    assert_eq!(
        project.run(&["lint", "--baseline", "base.toml"]).code,
        Some(0)
    );
}

#[test]
fn a_baseline_that_is_no_good_is_exit_2() {
    let project = Project::small();
    project.write("base.toml", "[[known]]\nrule = \"primary-key-absent\"\nsubject = \"public.visits\"\nreason = \"old\"\nuntil = 2026-03-31\n");
    let run = project.run(&["lint", "--baseline", "base.toml"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr.contains("base.toml:1: missing field `owner`"),
        "{run:?}"
    );
    assert_eq!(
        project.run(&["lint", "--baseline", "absent.toml"]).code,
        Some(2)
    );
    for (arguments, message) in [
        (&["--until", "2027-02-30"][..], "this is no day"),
        (&["--until", "2020-01-31"], "--until 2020-01-31 has passed"),
        (
            &["--until", "2999-01-31", "--owner", " "],
            "--owner and --reason are empty",
        ),
        (&[], "--until"),
    ] {
        let mut all = vec!["lint", "--write-baseline", "new.toml", "--reason", "r"];
        if !arguments.contains(&"--owner") {
            all.extend(["--owner", "ann"]);
        }
        let run = project.run(&[&all, arguments].concat());
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(message), "{run:?}");
    }
    assert!(!project.path().join("new.toml").exists());
}

#[test]
fn a_comment_belongs_to_what_its_statement_made() {
    let project = crates();
    let visits = "migrations/2026-01-03-000000_visits/up.sql";
    project.migration(
        "2026-01-03-000000_visits",
        &format!("-- drift: allow(primary-key-absent) loaded in bulk\r\n{VISITS}"),
    );
    assert_eq!(project.run(&["lint"]).code, Some(0));
    // The scorecard reads the same.
    let line = || {
        let run = project.run(&["scorecard", "--quick", "--format", "json"]);
        let card: Value =
            serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
        let lines = card["lines"].as_array().unwrap().iter();
        { lines }.find(|line| line["id"] == "constraints").unwrap()["status"].clone()
    };
    assert_eq!(line(), "green");
    project.migration(
        "2026-01-04-000000_pages",
        "ALTER TABLE visits RENAME TO pages;\n",
    );
    let run = project.run(&["lint"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    project.migration(
        "2026-01-05-000000_again",
        "SELECT 1;\nDROP TABLE pages;\nCREATE TABLE pages (page text NOT NULL);\n",
    );
    let run = project.run(&["lint"]);
    assert_eq!(
        kinds(&json(&project, &[])),
        [
            "primary-key-absent public.pages",
            "suppression-unused primary-key-absent 2026-01-03-000000_visits"
        ],
        "{run:?}"
    );
    assert!(
        run.stdout.contains("help: remove it: what it was written for is dropped at migrations/2026-01-05-000000_again/up.sql:2"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains(&format!("--> {visits}:1:1")),
        "{}",
        run.stdout
    );
    assert_eq!(line(), "red");
}

#[test]
fn a_baseline_knows_what_it_was_written_for() {
    let project = crates();
    project.write("drift.toml", RULE);
    let write = |owner: &str| {
        let run = project.run(&[
            "lint",
            "--write-baseline",
            "base.toml",
            "--owner",
            owner,
            "--reason",
            "old",
            "--until",
            "2999-12-31",
        ]);
        assert_eq!(run.code, Some(0), "{run:?}");
        run.stdout
    };
    write("ann");
    let lint = || project.run(&["lint", "--baseline", "base.toml"]);
    assert_eq!(lint().code, Some(0));

    // A rule that asks for more.
    let stricter = RULE.replace("\"cascade\" }", "\"cascade\", on_update = \"cascade\" }");
    project.write("drift.toml", &stricter);
    let run = lint();
    assert_eq!(run.code, Some(1), "{run:?}");
    let told = "help: it was known while the rule asked for something else: foreign_key = { on_delete = \"cascade\" } (base.toml:5)";
    assert!(run.stdout.contains(told), "{}", run.stdout);
    assert_eq!(
        write("bob"),
        "base.toml: 2 known; 2 new, 0 as before, 0 mended and gone\n"
    );

    // A rule of another name, and one that is off.
    project.write(
        "drift.toml",
        &stricter.replace("crate-fk-cascades", "crate-cascades"),
    );
    let run = lint();
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout
            .contains("help: no rule is called so: it was renamed, or is gone"),
        "{}",
        run.stdout
    );
    project.write(
        "drift.toml",
        &format!("{stricter}\n[levels]\ncrate-fk-cascades = \"off\"\n"),
    );
    assert_eq!(lint().code, Some(0));

    // What is accepted for good needs no entry.
    let accepted = format!(
        "{stricter}\n[[suppress]]\nkind = \"crate-fk-cascades\"\nsubject = \"public.owners.crate_id\"\nreason = \"kept\"\n"
    );
    project.write("drift.toml", &accepted);
    let run = lint();
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout.contains(
            "help: remove the entry: drift.toml, or a comment in a migration, accepts it for good"
        ),
        "{}",
        run.stdout
    );

    // What is no file that can be read or written.
    let text = std::fs::read_to_string(project.path().join("base.toml")).unwrap();
    project.write("base.toml", &format!("{text}\n<<<<<<< HEAD\n"));
    let line = text.lines().count() + 2;
    let run = lint();
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr
            .contains(&format!("base.toml:{line}: this is the mark of a merge")),
        "{run:?}"
    );
    let to = |file: &str| {
        let run = project.run(&[
            "lint",
            "--write-baseline",
            file,
            "--owner",
            "a",
            "--reason",
            "b",
            "--until",
            "2999-12-31",
        ]);
        assert_eq!(run.code, Some(2), "{run:?}");
        run.stderr
    };
    assert!(to("src").contains("src: Is a directory"));
    assert!(to("nowhere/base.toml").contains("cannot write nowhere/base.toml: No such file"));
}
