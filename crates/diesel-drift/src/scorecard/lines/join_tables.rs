use super::{Asked, Judged, Kind, listed, untried};
use crate::catalog::query::Table;
use crate::catalog::{ForeignKey, IndexTerm, QualifiedName};
use crate::project::ManyToMany;
use crate::scorecard::Status;
use crate::scorecard::gather::{Evidence, Schema};
use std::collections::BTreeSet;

pub(super) static LINE: Kind = Kind {
    id: "join-tables",
    title: "join tables exist where many-to-many is claimed",
    asked: Some(Asked {
        is: |asked| !asked.many_to_many.is_empty(),
        sentence: "[[scorecard.many_to_many]] tables = [\"app.a\", \"app.b\"]: whether a table joins the two, with a foreign key to each and a key over both",
    }),
    judge,
};

/// The rule about references that only JSON holds: what is claimed to be queryable, and is not.
pub(super) const RULE: &str = "reference-in-json";

fn judge(evidence: &Evidence<'_>) -> Judged {
    let schema = match &evidence.schema {
        Ok(schema) => schema,
        Err(because) => return untried(because),
    };
    let claims: Vec<(Status, String)> = (evidence.asked.many_to_many.iter())
        .map(|claim| joined(schema, claim))
        .collect();
    let in_json = (schema.lint.findings.iter()).filter(|finding| finding.kind.id == RULE);
    let in_json: Vec<String> = in_json.map(|finding| finding.message()).collect();
    let worst = claims.iter().map(|(status, _)| *status).max();
    let worst = worst.unwrap_or(Status::Green);
    if worst == Status::Green && in_json.is_empty() {
        let found: Vec<String> = claims.into_iter().map(|(_, sentence)| sentence).collect();
        return (Status::Green, vec![found.join("; ")]);
    }
    let status = match in_json.is_empty() {
        true => worst,
        false => Status::Red,
    };
    let bad = claims
        .into_iter()
        .filter(|(status, _)| *status > Status::Green);
    (
        status,
        listed(bad.map(|(_, sentence)| sentence).chain(in_json)),
    )
}

/// The table that joins two, or what is wrong.
fn joined(schema: &Schema, claim: &ManyToMany) -> (Status, String) {
    let [a, b] = &claim.tables;
    let between = format!("{a} ↔ {b}");
    let (Some(one), Some(other)) = (schema.table(a), schema.table(b)) else {
        let absent = if schema.table(a).is_none() { a } else { b };
        return (
            Status::Red,
            format!("{between}: {absent} is not in the database"),
        );
    };
    let tables = schema.catalog.tables().into_iter();
    let through = claim.through.as_deref();
    let candidates: Vec<Table<'_>> = tables
        .filter(|table| through.is_none_or(|name| crate::catalog::query::is_called(table, name)))
        .collect();
    if let (Some(name), []) = (through, candidates.as_slice()) {
        return (
            Status::Red,
            format!("{between}: {name} is not in the database"),
        );
    }
    let joins: Vec<(Table<'_>, BTreeSet<&str>)> = (candidates.into_iter())
        .filter(|table| table.name != one.name && table.name != other.name || through.is_some())
        .filter_map(|table| {
            let columns = both(&table, &one.name, &other.name)?;
            Some((table, columns))
        })
        .collect();
    if let Some((table, _)) = joins
        .iter()
        .find(|(table, columns)| is_keyed(table, columns))
    {
        return (Status::Green, format!("{between} by {}", table.name));
    }
    match joins.first() {
        Some((table, _)) => (
            Status::Yellow,
            format!(
                "{between}: no key of {} holds the two together, so that they can be joined twice",
                table.name
            ),
        ),
        None => {
            let who = through.unwrap_or("no table");
            let lacks = if through.is_some() { "lacks" } else { "has" };
            (
                Status::Red,
                format!("{between}: {who} {lacks} a foreign key to each of the two"),
            )
        }
    }
}

/// The columns of two foreign keys, one to each.
fn both<'a>(
    table: &Table<'a>,
    one: &QualifiedName,
    other: &QualifiedName,
) -> Option<BTreeSet<&'a str>> {
    let keys: &'a [ForeignKey] = &table.relation().foreign_keys;
    let first = keys.iter().find(|key| key.target == *one)?;
    let second = (keys.iter()).find(|key| key.target == *other && key.columns != first.columns)?;
    Some(
        (first.columns.iter().chain(&second.columns))
            .map(String::as_str)
            .collect(),
    )
}

/// Whether no two rows join the same two.
fn is_keyed(table: &Table<'_>, columns: &BTreeSet<&str>) -> bool {
    let within = |key: &[String]| key.iter().all(|column| columns.contains(column.as_str()));
    let constraints = table.unique.iter().chain(&table.primary_key);
    let mut indexes = table.indexes.iter();
    constraints
        .into_iter()
        .any(|key| key.columns.len() > 1 && within(&key.columns))
        || indexes.any(|index| {
            let terms: Option<Vec<String>> = (index.columns.iter())
                .map(|column| match &column.term {
                    IndexTerm::Column(name) => Some(name.clone()),
                    IndexTerm::Expression(_) => None,
                })
                .collect();
            index.unique
                && index.predicate.is_none()
                && terms.is_some_and(|terms| terms.len() > 1 && within(&terms))
        })
}
