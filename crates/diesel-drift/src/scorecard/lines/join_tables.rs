use super::{Asked, Judge, Judged, Kind, listed};
use crate::catalog::query::Table;
use crate::catalog::{ForeignKey, IndexTerm, QualifiedName};
use crate::finding::Finding;
use crate::project::ManyToMany;
use crate::scorecard::Status;
use crate::scorecard::gather::{Evidence, Schema};
use crate::subject::Subject;
use std::collections::BTreeSet;

pub(super) static LINE: Kind = Kind {
    id: "join-tables",
    title: "join tables exist where many-to-many is claimed",
    asked: Some(Asked {
        is: |asked| !asked.many_to_many.is_empty(),
        sentence: "[[scorecard.many_to_many]] tables = [\"app.a\", \"app.b\"]: whether a table joins the two, with a foreign key to each and a key over both",
    }),
    judge: Judge::Schema(judge),
};

/// The rule about references that only JSON holds: what is claimed to be queryable, and is not.
pub(super) const RULE: &str = "reference-in-json";

fn judge(evidence: &Evidence<'_>, schema: &Schema) -> Judged {
    let claims = claims(evidence, schema);
    let worst = claims.iter().map(|claim| claim.status).max();
    if worst.is_none_or(|worst| worst == Status::Green) {
        let found: Vec<&str> = claims.iter().map(|claim| claim.sentence.as_str()).collect();
        return (Status::Green, vec![found.join("; ")]);
    }
    let in_json = kept_otherwise(evidence, schema).into_iter();
    let bad = claims
        .into_iter()
        .filter(|claim| claim.status > Status::Green)
        .map(|claim| claim.sentence)
        .chain(in_json.map(Finding::message));
    (worst.unwrap_or(Status::Green), listed(bad))
}

/// The references between two claimed tables that no table joins, and that JSON or an array keeps: what is said to be queryable, and is not. Others are
/// the business of the rules.
pub(super) fn kept_otherwise<'a>(evidence: &Evidence<'_>, schema: &'a Schema) -> Vec<&'a Finding> {
    let unmet: Vec<Claim> = (claims(evidence, schema).into_iter())
        .filter(|claim| claim.status > Status::Green)
        .collect();
    let is_between = |finding: &&Finding| {
        let Subject::Column(table, _) = &finding.subject else {
            return false;
        };
        let target = finding.live.as_deref();
        unmet
            .iter()
            .filter_map(|claim| claim.ends.as_ref())
            .any(|[one, other]| {
                [(one, other), (other, one)]
                    .iter()
                    .any(|(from, to)| table == *from && target == Some(to.to_string().as_str()))
            })
    };
    (schema.lint.findings.iter())
        .filter(|finding| finding.kind.id == RULE)
        .filter(is_between)
        .collect()
}

/// What is said of two tables, and what became of it.
struct Claim {
    status: Status,
    sentence: String,
    /// The two, where they are there.
    ends: Option<[QualifiedName; 2]>,
}

fn claims(evidence: &Evidence<'_>, schema: &Schema) -> Vec<Claim> {
    let claims = evidence.asked.many_to_many.iter();
    claims.map(|claim| claimed(schema, claim)).collect()
}

fn claimed(schema: &Schema, claim: &ManyToMany) -> Claim {
    let [a, b] = &claim.tables;
    let ends = match [a, b].map(|name| schema.table(name).map_err(|what| format!("{name} {what}")))
    {
        [Ok(one), Ok(other)] => Ok([one, other]),
        [Err(absent), _] | [_, Err(absent)] => Err(absent),
    };
    let (status, says) = match &ends {
        Ok(ends) => joined(schema, ends, claim.through.as_deref()),
        Err(absent) => (Status::Red, format!(": {absent}")),
    };
    Claim {
        status,
        sentence: format!("{a} ↔ {b}{says}"),
        ends: ends.ok().map(|ends| ends.map(|end| end.name.clone())),
    }
}

/// The table that joins two, or what is wrong.
fn joined(
    schema: &Schema,
    [one, other]: &[Table<'_>; 2],
    through: Option<&str>,
) -> (Status, String) {
    let candidates: Vec<Table<'_>> = match through.map(|name| (name, schema.table(name))) {
        Some((_, Ok(table))) => vec![table],
        Some((name, Err(what))) => return (Status::Red, format!(": {name} {what}")),
        None => (schema.catalog.tables().into_iter())
            .filter(|table| table.name != one.name && table.name != other.name)
            .collect(),
    };
    let joins: Vec<(Table<'_>, BTreeSet<&str>)> = (candidates.into_iter())
        .filter_map(|table| Some((table, both(&table, &one.name, &other.name)?)))
        .collect();
    if let Some((table, _)) = joins
        .iter()
        .find(|(table, columns)| is_keyed(table, columns))
    {
        return (Status::Green, format!(" by {}", table.name));
    }
    match joins.first() {
        Some((table, _)) => (
            Status::Yellow,
            format!(
                ": no key of {} holds the two together, so that they can be joined twice",
                table.name
            ),
        ),
        None => {
            let (who, lacks) = through.map_or(("no table", "has"), |name| (name, "lacks"));
            (
                Status::Red,
                format!(": {who} {lacks} a foreign key to each of the two"),
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
