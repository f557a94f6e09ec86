//! The invariants: the rules of `lint`, in lines of their own where a seed of ruin is meant, and all others.

use super::{Judge, Judged, Kind, accepted, join_tables, status_of, told};
use crate::catalog::query::Named;
use crate::catalog::{Index, IndexTerm};
use crate::finding::{Finding, Severity};
use crate::report::Compared;
use crate::scorecard::Status;
use crate::scorecard::gather::{Evidence, Schema};
use crate::subject::Subject;
use crate::text::plural;

pub(super) static KEYS: Kind = Kind {
    id: "constraints",
    title: "tables have the constraints that hold them",
    asked: None,
    judge: Judge::Tables(|_, schema| {
        of(
            schema,
            CONSTRAINTS,
            "every table has a primary key, and no status is free text",
        )
    }),
};

pub(super) static REFERENCES: Kind = Kind {
    id: "references",
    title: "every reference is a foreign key",
    asked: None,
    judge: Judge::Tables(|_, schema| {
        of(
            schema,
            FOREIGN_KEYS,
            "every column that is named after another table's key refers to it, in its type",
        )
    }),
};

pub(super) static INDEXES: Kind = Kind {
    id: "foreign-key-indexes",
    title: "every foreign key has an index",
    asked: None,
    judge: Judge::Tables(|_, schema| indexes(schema)),
};

pub(super) static OTHERS: Kind = Kind {
    id: "rules",
    title: "all other rules hold",
    asked: None,
    judge: Judge::Tables(others),
};

const CONSTRAINTS: &[&str] = &["primary-key-absent", "status-as-text"];
const FOREIGN_KEYS: &[&str] = &[
    "reference-unconstrained",
    "foreign-key-type-mismatch",
    "foreign-key-disabled",
];
const INDEXED: &[&str] = &["foreign-key-unindexed"];

/// What breaks some rules makes a line red, whatever it weighs: the line is about nothing else.
fn of(schema: &Schema, ids: &[&str], holds: &str) -> Judged {
    let is_one = |finding: &&Finding| ids.contains(&finding.kind.id);
    let bad: Vec<&Finding> = schema.lint.findings.iter().filter(is_one).collect();
    if !bad.is_empty() {
        return (Status::Red, told(&bad));
    }
    let suppressed = (schema.lint.suppressed.iter())
        .filter(|suppressed| ids.contains(&suppressed.finding.kind.id))
        .count();
    let evidence = std::iter::once(holds.to_owned()).chain(accepted(suppressed));
    (Status::Green, evidence.collect())
}

/// As the rule says; but a key over several columns of which an index begins with one is served in part, and that is not the trap.
fn indexes(schema: &Schema) -> Judged {
    let is_one = |finding: &&Finding| INDEXED.contains(&finding.kind.id);
    let findings = schema.lint.findings.iter().filter(is_one);
    let (partly, bad): (Vec<&Finding>, Vec<&Finding>) =
        findings.partition(|finding| is_partly_served(schema, finding));
    if !bad.is_empty() {
        return (Status::Red, told(&bad));
    }
    let count = schema.catalog.tables().foreign_keys().len();
    let mut holds = match count {
        0 => "there is no foreign key".to_owned(),
        1 => "an index serves the only foreign key".to_owned(),
        _ => format!("an index serves each of {count} foreign keys"),
    };
    if !partly.is_empty() {
        holds += &format!("; {} of several columns in part", partly.len());
    }
    let suppressed = (schema.lint.suppressed.iter())
        .filter(|suppressed| INDEXED.contains(&suppressed.finding.kind.id))
        .count();
    let evidence = std::iter::once(holds).chain(accepted(suppressed));
    (Status::Green, evidence.collect())
}

fn is_partly_served(schema: &Schema, finding: &Finding) -> bool {
    let keys = schema.catalog.tables().foreign_keys();
    let mut keys = (keys.iter()).filter(|key| finding.subject == Subject::Object(key.object()));
    keys.any(|key| {
        let begins = |index: &Index| match index.columns.first().map(|first| &first.term) {
            Some(IndexTerm::Column(name)) => key.columns.contains(name),
            _ => false,
        };
        let of_all = |index: &&Index| index.predicate.is_none() && !index.invalid;
        key.columns.len() > 1 && (key.table.indexes.iter().filter(of_all)).any(begins)
    })
}

fn others(evidence: &Evidence<'_>, schema: &Schema) -> Judged {
    let bad = remaining(evidence, schema);
    if !bad.is_empty() {
        return (status_of(&bad), told(&bad));
    }
    let (rules, tables) = match schema.lint.compared {
        Compared::Rules { rules, tables, .. } => (rules, tables),
        _ => (0, 0),
    };
    let mut sentence = format!(
        "{} hold for {}",
        plural(rules, "rule"),
        plural(tables, "table")
    );
    let notes = schema.lint.count(Severity::Note);
    if notes > 0 {
        let notes = plural(notes, "note");
        sentence += &format!(", {notes} that fail nothing aside (`diesel-drift lint -v`)");
    }
    let evidence = std::iter::once(sentence).chain(accepted(schema.lint.suppressed.len()));
    (Status::Green, evidence.collect())
}

/// What fails, and is not in another line.
fn remaining<'a>(evidence: &Evidence<'_>, schema: &'a Schema) -> Vec<&'a Finding> {
    let of_others = [CONSTRAINTS, FOREIGN_KEYS, INDEXED].concat();
    let claimed = join_tables::kept_otherwise(evidence, schema);
    let is_elsewhere =
        |finding: &&Finding| of_others.contains(&finding.kind.id) || claimed.contains(finding);
    (schema.lint.findings.iter())
        .filter(|finding| finding.severity > Severity::Note && !is_elsewhere(finding))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_a_line_is_one() {
        for id in [CONSTRAINTS, FOREIGN_KEYS, INDEXED, &[join_tables::RULE]].concat() {
            let kind = crate::kinds::find(id);
            assert!(kind.is_some_and(|kind| kind.rule().is_some()), "{id}");
        }
    }
}
