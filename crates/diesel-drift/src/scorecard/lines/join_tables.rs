use super::{Asked, Judge, Judged, Kind, listed};
use crate::catalog::query::Table;
use crate::catalog::{ForeignKey, Index, IndexColumn, IndexTerm, QualifiedName};
use crate::finding::Finding;
use crate::project::ManyToMany;
use crate::scorecard::Status;
use crate::scorecard::gather::{Evidence, Schema};
use crate::subject::Subject;

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
    let judged = candidates
        .iter()
        .flat_map(|table| ways(table, &one.name, &other.name));
    match judged.min_by_key(|(status, _)| *status) {
        Some(best) => best,
        None => {
            let (who, lacks) = through.map_or(("no table", "has"), |name| (name, "lacks"));
            let refers = |table: &Table<'_>| {
                let mut ends = [one, other].into_iter();
                ends.all(|end| {
                    table
                        .foreign_keys
                        .iter()
                        .any(|key| key.target == end.name && key.not_enforced)
                })
            };
            let a = match candidates.iter().any(refers) {
                true => "an enforced",
                false => "a",
            };
            (
                Status::Red,
                format!(": {who} {lacks} {a} foreign key to each of the two"),
            )
        }
    }
}

/// Each way in which a table joins two, with what is wrong: a pair of its foreign keys, one to each.
fn ways(table: &Table<'_>, one: &QualifiedName, other: &QualifiedName) -> Vec<(Status, String)> {
    let to = |end: &QualifiedName| {
        let keys = table.foreign_keys.iter();
        keys.filter(|key| key.target == *end && !key.not_enforced)
            .collect::<Vec<&ForeignKey>>()
    };
    let second = to(other);
    (to(one).into_iter())
        .flat_map(|first| second.iter().map(move |second| [first, *second]))
        .filter(|[first, second]| first.columns != second.columns)
        .map(|pair| way(table, pair))
        .collect()
}

fn way(table: &Table<'_>, pair: [&ForeignKey; 2]) -> (Status, String) {
    let unique = unique(table);
    let within = |key: &[&str], of: &ForeignKey| {
        (key.iter()).all(|name| of.columns.iter().any(|column| column == name))
    };
    let once = (pair.iter()).find(|foreign| unique.iter().any(|key| within(key, foreign)));
    if let Some(foreign) = once {
        let sentence = format!(
            ": {} joins each row of {} only once, by a key of its own over ({})",
            table.name,
            foreign.target,
            foreign.columns.join(", ")
        );
        return (Status::Red, sentence);
    }
    let [first, second] = pair;
    let holds_both = |key: &Vec<&str>| {
        let mut names = key.iter();
        names.all(|name| within(&[name], first) || within(&[name], second))
    };
    match unique.iter().any(holds_both) {
        true => (Status::Green, format!(" by {}", table.name)),
        false => (
            Status::Yellow,
            format!(
                ": no key of {} holds the two together, so that they can be joined twice",
                table.name
            ),
        ),
    }
}

/// The columns of each of which no two rows have the same.
fn unique<'a>(table: &Table<'a>) -> Vec<Vec<&'a str>> {
    let relation = table.relation();
    let constraints = (relation.unique.iter().chain(&relation.primary_key))
        .map(|key| key.columns.iter().map(String::as_str).collect());
    let of_index = |index: &'a Index| -> Option<Vec<&'a str>> {
        let is_whole = index.unique && index.predicate.is_none() && !index.invalid;
        let name = |column: &'a IndexColumn| match &column.term {
            IndexTerm::Column(name) => Some(name.as_str()),
            IndexTerm::Expression(_) => None,
        };
        is_whole.then(|| index.columns.iter().map(name).collect())?
    };
    let indexes = relation.indexes.iter().filter_map(of_index);
    constraints
        .chain(indexes)
        .filter(|columns: &Vec<&str>| !columns.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, Key, Relation};

    fn texts(columns: &[&str]) -> Vec<String> {
        columns.iter().map(|name| (*name).to_owned()).collect()
    }

    fn key(columns: &[&str]) -> Key {
        Key {
            columns: texts(columns),
            ..Key::default()
        }
    }

    fn to(target: &str, columns: &[&str]) -> ForeignKey {
        ForeignKey {
            columns: texts(columns),
            target: QualifiedName::new("app", target),
            ..ForeignKey::default()
        }
    }

    /// How good the best way is in which a table of some foreign keys joins posts and tags.
    fn best(foreign_keys: Vec<ForeignKey>, change: impl Fn(&mut Relation)) -> Option<Status> {
        let mut relation = Relation {
            name: QualifiedName::new("app", "post_tags"),
            foreign_keys,
            ..Relation::default()
        };
        change(&mut relation);
        let catalog = Catalog {
            relations: vec![relation],
            ..Catalog::default()
        };
        let tables = catalog.tables();
        let ends = ["posts", "tags"].map(|name| QualifiedName::new("app", name));
        let ways = tables
            .iter()
            .flat_map(|table| ways(table, &ends[0], &ends[1]));
        ways.map(|(status, _)| status).min()
    }

    #[test]
    fn every_pair_of_enforced_keys_is_a_way() {
        let both = |relation: &mut Relation| {
            relation.primary_key = Some(key(&["post_id", "tag_id"]));
        };
        let usual = || vec![to("posts", &["post_id"]), to("tags", &["tag_id"])];
        assert_eq!(best(usual(), both), Some(Status::Green));
        assert_eq!(best(usual(), |_| ()), Some(Status::Yellow));
        let mut third = usual();
        third.insert(0, to("posts", &["a_original_id"]));
        assert_eq!(best(third, both), Some(Status::Green));
        let mut unenforced = usual();
        unenforced[1].not_enforced = true;
        assert_eq!(best(unenforced, both), None);
        assert_eq!(best(vec![to("posts", &["post_id"])], both), None);
    }

    #[test]
    fn a_key_of_one_end_alone_joins_nothing_to_many() {
        let of_tenants = || {
            vec![
                to("posts", &["tenant", "post_id"]),
                to("tags", &["tenant", "tag_id"]),
            ]
        };
        for (columns, status) in [
            (&["tenant", "post_id"][..], Status::Red),
            (&["tag_id"], Status::Red),
            (&["tenant", "post_id", "tag_id"], Status::Green),
            (&["post_id", "tag_id"], Status::Green),
            (&["id"], Status::Yellow),
        ] {
            let keyed = |relation: &mut Relation| relation.primary_key = Some(key(columns));
            assert_eq!(best(of_tenants(), keyed), Some(status), "{columns:?}");
        }
    }

    #[test]
    fn an_index_that_is_invalid_or_partial_holds_nothing() {
        let indexed = |invalid: bool, predicate: Option<&str>| {
            let columns = ["post_id", "tag_id"].map(|name| IndexColumn {
                term: IndexTerm::Column(name.to_owned()),
                ..IndexColumn::default()
            });
            let index = Index {
                columns: columns.into(),
                unique: true,
                invalid,
                predicate: predicate.map(str::to_owned),
                ..Index::default()
            };
            let keys = vec![to("posts", &["post_id"]), to("tags", &["tag_id"])];
            best(keys, |relation| relation.indexes.push(index.clone()))
        };
        assert_eq!(indexed(false, None), Some(Status::Green));
        assert_eq!(indexed(true, None), Some(Status::Yellow));
        assert_eq!(indexed(false, Some("(post_id > 0)")), Some(Status::Yellow));
    }
}
