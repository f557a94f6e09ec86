use super::{Asked, Judge, Judged, Kind, listed};
use crate::catalog::QualifiedName;
use crate::catalog::query::{Named, Table};
use crate::declared::Exercise;
use crate::scorecard::Status;
use crate::scorecard::gather::{Evidence, Schema};
use crate::text::plural;
use std::collections::BTreeSet;

pub(super) static LINE: Kind = Kind {
    id: "linkage-tests",
    title: "tests cover linkage, not tables in isolation",
    asked: Some(Asked {
        is: |asked| !asked.tests.is_empty(),
        sentence: "tests = [\"tests\", \"src\"]: which tables the tests there write and read, and whether one touches both ends of each reference",
    }),
    judge: Judge::Schema(judge),
};

/// A foreign key between two of the project's tables, for people.
struct Reference {
    ends: [QualifiedName; 2],
    shown: String,
}

fn judge(evidence: &Evidence<'_>, schema: &Schema) -> Judged {
    let exercises = &evidence.exercises;
    if exercises.is_empty() {
        let directories: Vec<String> = (evidence.asked.tests.iter())
            .map(|directory| directory.display().to_string())
            .collect();
        let none = format!("there is no test in {}", directories.join(" and "));
        return (Status::Red, vec![none]);
    }
    let is_declared = |end: &QualifiedName| schema.declared_as(end).next().is_some();
    // A test is seen to touch what schema.rs has, whatever it touches.
    let (references, hidden): (Vec<Reference>, Vec<Reference>) = (references(evidence, schema)
        .into_iter())
    .partition(|reference| reference.ends.iter().all(is_declared));
    let touched: BTreeSet<&QualifiedName> = (exercises.iter())
        .flat_map(|test| test.writes.union(&test.reads))
        .filter_map(|place| schema.relations.get(*place)?.as_ref())
        .collect();
    let (linked, alone): (Vec<_>, Vec<_>) = (references.iter())
        .partition(|reference| exercises.iter().any(|test| links(test, reference, schema)));
    let tests = match exercises.len() {
        1 => "1 test touches".to_owned(),
        count => format!("{count} tests touch"),
    };
    let tables = plural(touched.len(), "table");
    let sentence = match references.len() {
        0 => format!(
            "{tests} {tables}; there is no reference between two tables that could be covered"
        ),
        count => format!(
            "{tests} {tables}, and both ends of {} of {}",
            linked.len(),
            plural(count, "reference")
        ),
    };
    let status = match (linked.is_empty(), alone.is_empty()) {
        // There is nothing to link, so that nothing is shown.
        (true, true) => Status::Yellow,
        (false, true) => Status::Green,
        (false, false) => Status::Yellow,
        (true, false) => Status::Red,
    };
    let alone = alone
        .into_iter()
        .map(|reference| format!("no test is seen to touch both ends of {}", reference.shown));
    let hidden = (!hidden.is_empty()).then(|| {
        let shown: Vec<&str> = hidden.iter().map(|of| of.shown.as_str()).collect();
        format!(
            "not looked for, because schema.rs does not have both tables: {}",
            shown.join("; ")
        )
    });
    let mut all = listed(std::iter::once(sentence).chain(alone));
    all.extend(hidden);
    (status, all)
}

/// The references that have to be covered: those between required tables and the tables that are said to join them, or, where none is required, all.
fn references(evidence: &Evidence<'_>, schema: &Schema) -> Vec<Reference> {
    let named = |name: &String| Some(schema.table(name).ok()?.name.clone());
    let required: Vec<QualifiedName> = (evidence.asked.required.iter()).filter_map(named).collect();
    let claims: Vec<Vec<QualifiedName>> = (evidence.asked.many_to_many.iter())
        .map(|claim| claim.tables.iter().filter_map(named).collect())
        .collect();
    let joins = |table: &Table<'_>| {
        let refers = |to: &QualifiedName| table.foreign_keys.iter().any(|key| key.target == *to);
        (claims.iter()).any(|ends| ends.len() == 2 && ends.iter().all(refers))
    };
    let is_meant = |name: &QualifiedName| required.is_empty() || required.contains(name);
    (schema.catalog.tables().foreign_keys().into_iter())
        .filter(|key| key.target != key.table.name)
        .filter(|key| is_meant(&key.target) && (is_meant(&key.table.name) || joins(&key.table)))
        .map(|key| Reference {
            ends: [key.table.name.clone(), key.target.clone()],
            shown: format!(
                "{} ({}) → {}",
                key.table.path(),
                key.columns.join(", "),
                key.target
            ),
        })
        .collect()
}

fn links(test: &Exercise, reference: &Reference, schema: &Schema) -> bool {
    (reference.ends.iter()).all(|end| schema.declared_as(end).any(|place| test.touches(place)))
}
