//! Each attribute that a statement can change is read, and the statement changes nothing else.

use crate::changes::Watched;
use crate::support::{database_with, read};
use pretty_assertions::assert_eq;

const BASE: &str = include_str!("data/attributes.sql");

/// Statements one after the other, each followed by the facts that it changes: `--> fact`. `--18> fact` is one that
/// PostgreSQL has since that version, `--- since 18` a statement.
const STATEMENTS: &str = include_str!("data/changes.sql");

#[test]
fn each_statement_changes_its_facts_and_no_other() {
    let (_database, mut connection) = database_with(BASE);
    let major = read(&mut connection).server_version / 10_000;
    let mut database = Watched::new(&mut connection);
    let (mut expected, mut found) = (String::new(), String::new());
    for case in STATEMENTS.split("\n\n") {
        let (since, case) = match case.strip_prefix("--- since ") {
            Some(rest) => rest.split_once('\n').unwrap(),
            None => ("0", case),
        };
        if since.parse::<u32>().unwrap() > major {
            continue;
        }
        let (facts, sql): (Vec<_>, Vec<_>) = case
            .lines()
            .map(|line| (fact(line), line))
            .partition(|(fact, _)| fact.is_some());
        let sql: Vec<&str> = sql.into_iter().map(|(_, line)| line).collect();
        let sql = sql.join("\n");
        let facts = facts.into_iter().filter_map(|(fact, _)| fact);
        let facts = facts.filter(|(since, _)| *since <= major);
        expected += &format!("{sql}\n");
        expected.extend(facts.map(|(_, fact)| format!("{fact}\n")));
        found += &format!("{sql}\n");
        found.extend(
            database
                .changes(&sql)
                .iter()
                .map(|fact| format!("{fact}\n")),
        );
    }
    assert_eq!(found, expected);
}

/// The fact that a line states, and the version since which it is one.
fn fact(line: &str) -> Option<(u32, &str)> {
    let (since, fact) = line.strip_prefix("--")?.split_once("> ")?;
    let since = if since.is_empty() {
        0
    } else {
        since.parse().ok()?
    };
    Some((since, fact))
}
