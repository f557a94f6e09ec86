//! A project with a chain in which things come, change, are renamed, go and come back.

use diesel_drift::provision::{Choice, Database, Options, provision};
use diesel_drift::report::{Style, write_log};
use diesel_drift::{Error, Project, Report, Severity, Target, blame, check, log};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use tempfile::TempDir;

/// One server for all; it goes when the process does.
static SERVER: LazyLock<Database> = LazyLock::new(|| provision(&Options::from_env()).unwrap());

/// The chain: names of migrations with their `up.sql`.
pub const CHAIN: [(&str, &str); 14] = [
    // CRLF, comments before statements. (With a byte-order mark, Diesel cannot run it.)
    (
        "01_users",
        "-- users\r\nCREATE TYPE mood AS ENUM ('sad');\r\n\r\n/* of\r\n   people */ CREATE TABLE users (id int PRIMARY KEY, \
         name text, mood mood NOT NULL);\r\n",
    ),
    (
        "02_posts",
        "CREATE TABLE posts (\n  id int PRIMARY KEY,\n  heading varchar(10) NOT NULL,\n  author int REFERENCES users\n);\n\
         CREATE INDEX posts_heading ON posts (heading);\n\nCREATE TABLE tags (id int PRIMARY KEY, word text NOT NULL);\n",
    ),
    ("03_mood", "ALTER TYPE mood ADD VALUE 'ok';\n"),
    // One statement that makes two things, and one that changes another.
    (
        "04_block",
        "-- wider\nDO $$\nBEGIN\n  EXECUTE 'ALTER TABLE posts ALTER COLUMN heading TYPE varchar(20)';\n  CREATE TABLE extra (id int PRIMARY KEY);\n\
         END\n$$;\nALTER TABLE users ALTER COLUMN name SET NOT NULL;\n",
    ),
    (
        "05_rename",
        "ALTER TABLE posts RENAME COLUMN heading TO title;\n",
    ),
    (
        "06_concurrently",
        "\n\nCREATE INDEX CONCURRENTLY users_name ON users (name);\n",
    ),
    (
        "07_drop_tags",
        "ALTER TABLE users ADD age int;\nDROP TABLE tags;\n",
    ),
    (
        "08_tags_again",
        "SELECT 1;\nCREATE TABLE tags (id bigint PRIMARY KEY, word text NOT NULL);\n",
    ),
    (
        "09_trigger",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN NEW;\nEND\n$$;\n\
         CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();\n",
    ),
    (
        "10_trigger_again",
        "SELECT 1;\n\nCREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  NEW.name := lower(NEW.name);\n  \
         RETURN NEW;\nEND\n$$;\n",
    ),
    // Away and back.
    (
        "11_away",
        "ALTER TABLE posts ALTER COLUMN title DROP NOT NULL;\n",
    ),
    (
        "12_back",
        "ALTER TABLE users DROP COLUMN age;\nALTER TABLE posts ALTER COLUMN title SET NOT NULL;\n",
    ),
    (
        "13_people",
        "ALTER TABLE users RENAME TO people;\nALTER TABLE people ADD nick text;\n",
    ),
    ("14_none", "SELECT 1;\n"),
];

/// A project with that chain, whose `schema.rs` is `schema`.
pub fn project(schema: &str) -> TempDir {
    project_of(&CHAIN, schema)
}

/// A project with a chain.
pub fn project_of(chain: &[(&str, &str)], schema: &str) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    write(
        root.path(),
        "diesel.toml",
        "[print_schema]\nfile = \"src/schema.rs\"\n",
    );
    write(root.path(), "src/schema.rs", schema);
    for (name, up) in chain {
        write(root.path(), &format!("migrations/{name}/up.sql"), up);
        if up.contains("CONCURRENTLY") || up.contains("COMMIT") {
            write(
                root.path(),
                &format!("migrations/{name}/metadata.toml"),
                "run_in_transaction = false\n",
            );
        }
    }
    root
}

pub fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Scratch databases on the one server.
pub fn options() -> Options {
    Options {
        provider: Choice::Server,
        server_url: Some(SERVER.url().into()),
        ..Options::default()
    }
}

/// A database on the one server.
pub fn database() -> Database {
    provision(&options()).unwrap()
}

/// What `check` finds in a project, with blame.
pub fn checked(root: &Path) -> Report {
    let project = Project::discover(root).unwrap();
    let mut report = check(&project, &Target::Fresh(options()), &mut |_| {}).unwrap();
    blame(&mut report, Severity::Warning, &mut |_| {});
    report
}

/// A line for each finding: its kind, what it is about, and its blame.
pub fn lines(report: &Report) -> Vec<String> {
    let line = |finding: &diesel_drift::Finding| {
        let blame = finding.blame.as_ref();
        let blame = blame.map_or("-".to_owned(), |blame| {
            blame.sentence().replace("/up.sql", "")
        });
        format!("{} {}: {blame}", finding.kind.id, finding.subject)
    };
    report.findings.iter().map(line).collect()
}

/// The text of an object's history, without blank lines.
pub fn history(root: &Path, object: &str) -> Result<String, Error> {
    let project = Project::discover(root).unwrap();
    let log = log(&project, &options(), object, None, &mut |_| {})?;
    let mut text = Vec::new();
    write_log(&log, Style::default(), &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let lines: Vec<_> = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect();
    Ok(lines.join("\n"))
}
