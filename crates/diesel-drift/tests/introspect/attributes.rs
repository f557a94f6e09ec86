//! Each attribute that a statement can change is read, and the statement changes nothing else.

use crate::changes::changes;
use crate::support::{database_with, read};
use pretty_assertions::assert_eq;

const BASE: &str = include_str!("data/attributes.sql");

/// Statements one after the other, each followed by the facts that it changes.
const STATEMENTS: &str = include_str!("data/changes.sql");

const EXPECTED: &str = "--> ";
const SINCE: &str = "--- since ";

#[test]
fn each_statement_changes_its_facts_and_no_other() {
    let (_database, mut connection) = database_with(BASE);
    let major = read(&mut connection).server_version / 10_000;
    let mut told = String::new();
    for case in STATEMENTS.split("\n\n") {
        let mut lines = case.lines();
        let since = case
            .strip_prefix(SINCE)
            .map(|_| lines.next().unwrap()[SINCE.len()..].parse().unwrap());
        let sql: Vec<&str> = lines
            .take_while(|line| !line.starts_with(EXPECTED))
            .collect();
        if since.is_some_and(|since: u32| major < since) {
            told += &format!("{}\n\n", case.trim_end());
            continue;
        }
        if let Some(since) = since {
            told += &format!("{SINCE}{since}\n");
        }
        let sql = sql.join("\n");
        told += &sql;
        for change in changes(&mut connection, &sql) {
            told += &format!("\n{EXPECTED}{change}");
        }
        told += "\n\n";
    }
    assert_eq!(STATEMENTS.trim_end(), told.trim_end());
}
