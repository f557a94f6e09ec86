//! The invariants: the rules of `lint`, in lines of their own where a seed of ruin is meant, and all others.

use super::{Judge, Judged, Kind, accepted, join_tables, status_of, told};
use crate::catalog::Catalog;
use crate::catalog::query::Named;
use crate::finding::{Finding, Severity};
use crate::policy::Level;
use crate::report::Compared;
use crate::rules::foreign_key_unindexed::{Served, best, is_asked};
use crate::scorecard::Status;
use crate::scorecard::gather::{Evidence, Schema};
use crate::subject::Subject;
use crate::text::plural;

pub(super) static KEYS: Kind = Kind {
    id: "constraints",
    title: "tables have the constraints that hold them",
    asked: None,
    judge: Judge::Tables(|evidence, schema| of(evidence, schema, CONSTRAINTS)),
};

pub(super) static REFERENCES: Kind = Kind {
    id: "references",
    title: "every reference is a foreign key",
    asked: None,
    judge: Judge::Tables(|evidence, schema| of(evidence, schema, FOREIGN_KEYS)),
};

pub(super) static INDEXES: Kind = Kind {
    id: "foreign-key-indexes",
    title: "every foreign key has an index",
    asked: None,
    judge: Judge::Tables(indexes),
};

pub(super) static OTHERS: Kind = Kind {
    id: "rules",
    title: "all other rules hold",
    asked: None,
    judge: Judge::Tables(others),
};

/// A rule of a line.
struct Part {
    rule: &'static str,
    /// What is so where nothing breaks it.
    holds: &'static str,
    /// Which of its findings are the line's.
    is_meant: fn(&Catalog, &Finding) -> bool,
}

impl Part {
    /// With all findings of the rule.
    const fn whole(rule: &'static str, holds: &'static str) -> Self {
        Self {
            rule,
            holds,
            is_meant: |_, _| true,
        }
    }
}

const CONSTRAINTS: &[Part] = &[
    Part::whole("primary-key-absent", "every table has a primary key"),
    Part::whole("status-as-text", "no status is free text"),
];
const FOREIGN_KEYS: &[Part] = &[
    Part::whole(
        "reference-unconstrained",
        "every column that is named after another table's key refers to it",
    ),
    Part::whole(
        "foreign-key-type-mismatch",
        "every foreign key has the types of its target",
    ),
    Part::whole("foreign-key-disabled", "none is disabled"),
    Part {
        rule: "constraint-unvalidated",
        holds: "all are enforced",
        is_meant: is_unenforced_key,
    },
];
const INDEXED: &[Part] = &[Part::whole("foreign-key-unindexed", "")];

/// Whether it is about a foreign key that no row is held to, and that is none but in name.
fn is_unenforced_key(catalog: &Catalog, finding: &Finding) -> bool {
    let keys = catalog.tables().foreign_keys();
    (keys.iter()).any(|key| key.not_enforced && finding.subject == Subject::Object(key.object()))
}

fn is_one(schema: &Schema, parts: &[Part], finding: &Finding) -> bool {
    (parts.iter())
        .any(|part| part.rule == finding.kind.id && (part.is_meant)(&schema.catalog, finding))
}

/// A sentence for each rule of a line that is off.
fn switched_off<'a>(evidence: &Evidence<'_>, parts: &'a [Part]) -> Vec<(&'a Part, String)> {
    let is_off = |part: &&Part| {
        let kind = crate::kinds::find(part.rule);
        kind.is_some_and(|kind| evidence.policy.level_of(kind) == Some(Level::Off))
    };
    (parts.iter().filter(is_off))
        .map(|part| {
            let sentence = format!("not looked at: `{}` is off in drift.toml", part.rule);
            (part, sentence)
        })
        .collect()
}

/// How many findings of a line's rules are accepted.
fn accepted_of(schema: &Schema, parts: &[Part]) -> Option<String> {
    let suppressed = (schema.lint.suppressed.iter())
        .filter(|suppressed| is_one(schema, parts, &suppressed.finding));
    accepted(suppressed.count())
}

/// What breaks some rules makes a line red, be it a warning or an error: the line is about nothing else. A note is a guess, or a matter of taste, unless it
/// is about what the project promises.
fn of(evidence: &Evidence<'_>, schema: &Schema, parts: &[Part]) -> Judged {
    let bad: Vec<&Finding> = (schema.lint.findings.iter())
        .filter(|finding| is_one(schema, parts, finding))
        .collect();
    let off = switched_off(evidence, parts);
    let weight = |finding: &&Finding| match finding.severity {
        Severity::Note if !is_between_required(evidence, schema, finding) => Status::Yellow,
        Severity::Note | Severity::Warning | Severity::Error => Status::Red,
    };
    let weak = (!off.is_empty()).then_some(Status::Yellow);
    let worst = bad.iter().map(weight).chain(weak).max();
    let status = worst.unwrap_or(Status::Green);
    let held: Vec<&str> = (parts.iter())
        .filter(|part| !off.iter().any(|(other, _)| other.rule == part.rule))
        .map(|part| part.holds)
        .collect();
    let held = (bad.is_empty() && !held.is_empty()).then(|| held.join(", "));
    let sentences = (told(&bad).into_iter().chain(held))
        .chain(off.into_iter().map(|(_, sentence)| sentence))
        .chain(accepted_of(schema, parts));
    (status, sentences.collect())
}

/// Whether it is a reference from one required table to another.
fn is_between_required(evidence: &Evidence<'_>, schema: &Schema, finding: &Finding) -> bool {
    let Subject::Column(from, _) = &finding.subject else {
        return false;
    };
    let is_required = |name: &str| {
        let mut required = evidence.asked.required.iter();
        required.any(|of| {
            let table = schema.table(of);
            table.is_ok_and(|table| table.name.to_string() == name)
        })
    };
    is_required(&from.to_string()) && finding.live.as_deref().is_some_and(is_required)
}

/// As the rule says; but a key over several columns of which an index begins with one is served in part, and that is not the trap.
fn indexes(evidence: &Evidence<'_>, schema: &Schema) -> Judged {
    if let Some((_, off)) = switched_off(evidence, INDEXED).pop() {
        return (Status::Yellow, vec![off]);
    }
    let findings = (schema.lint.findings.iter()).filter(|of| is_one(schema, INDEXED, of));
    let (partly, bad): (Vec<&Finding>, Vec<&Finding>) =
        findings.partition(|finding| is_partly_served(&schema.catalog, finding));
    if !bad.is_empty() {
        return (Status::Red, told(&bad));
    }
    let keys = schema.catalog.tables().foreign_keys();
    let mut holds = match keys.iter().filter(|key| is_asked(key)).count() {
        0 if keys.is_empty() => "there is no foreign key".to_owned(),
        0 => "there is no foreign key that is enforced".to_owned(),
        1 => "an index serves the only foreign key".to_owned(),
        count => format!("an index serves each of {count} foreign keys"),
    };
    if !partly.is_empty() {
        holds += &format!("; {} of several columns in part", partly.len());
    }
    let evidence = std::iter::once(holds).chain(accepted_of(schema, INDEXED));
    (Status::Green, evidence.collect())
}

fn is_partly_served(catalog: &Catalog, finding: &Finding) -> bool {
    let keys = catalog.tables().foreign_keys();
    let mut keys = (keys.iter()).filter(|key| finding.subject == Subject::Object(key.object()));
    keys.any(|key| {
        let mut relations = catalog.relations.iter();
        let target = relations.find(|relation| relation.name == key.target);
        best(key, target).is_some_and(|(served, _)| served == Served::Partly)
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
    let claimed = join_tables::kept_otherwise(evidence, schema);
    let is_elsewhere = |finding: &&Finding| {
        let mut lines = [CONSTRAINTS, FOREIGN_KEYS, INDEXED].into_iter();
        claimed.contains(finding) || lines.any(|parts| is_one(schema, parts, finding))
    };
    (schema.lint.findings.iter())
        .filter(|finding| finding.severity > Severity::Note && !is_elsewhere(finding))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{ForeignKey, Index, IndexColumn, IndexTerm, QualifiedName, Relation};

    #[test]
    fn every_rule_of_a_line_is_one() {
        let lines = [CONSTRAINTS, FOREIGN_KEYS, INDEXED].into_iter().flatten();
        let ids = lines.map(|part| part.rule).chain([join_tables::RULE]);
        for id in ids {
            let kind = crate::kinds::find(id);
            assert!(kind.is_some_and(|kind| kind.rule().is_some()), "{id}");
        }
    }

    /// A foreign key over two columns, and its finding of some rule.
    fn keyed(rule: &str, change: impl Fn(&mut ForeignKey), method: &str) -> (Catalog, Finding) {
        let columns = || vec!["tenant".to_owned(), "user_id".to_owned()];
        let mut key = ForeignKey {
            name: "posts_fkey".to_owned(),
            columns: columns(),
            target: QualifiedName::new("app", "users"),
            target_columns: columns(),
            ..ForeignKey::default()
        };
        change(&mut key);
        let index = Index {
            method: Some(method.to_owned()),
            columns: vec![IndexColumn {
                term: IndexTerm::Column("user_id".to_owned()),
                ..IndexColumn::default()
            }],
            ..Index::default()
        };
        let posts = Relation {
            name: QualifiedName::new("app", "posts"),
            foreign_keys: vec![key],
            indexes: vec![index],
            ..Relation::default()
        };
        let catalog = Catalog {
            relations: vec![posts],
            ..Catalog::default()
        };
        let keys = catalog.tables().foreign_keys();
        let subject = Subject::Object(keys.iter().next().unwrap().object());
        drop(keys);
        let finding = Finding::new(crate::kinds::find(rule).unwrap(), subject);
        (catalog, finding)
    }

    #[test]
    fn a_key_that_is_not_enforced_is_no_reference() {
        let rule = "constraint-unvalidated";
        let (catalog, finding) = keyed(rule, |key| key.not_enforced = true, "btree");
        assert!(is_unenforced_key(&catalog, &finding));
        let (catalog, finding) = keyed(rule, |key| key.not_valid = true, "btree");
        assert!(!is_unenforced_key(&catalog, &finding));
    }

    #[test]
    fn what_serves_in_part_is_what_the_rule_says() {
        for (method, is_partly) in [("btree", true), ("brin", false), ("gin", false)] {
            let (catalog, finding) = keyed("foreign-key-unindexed", |_| (), method);
            assert_eq!(is_partly_served(&catalog, &finding), is_partly, "{method}");
        }
    }
}
