use super::words::{member_subject, routine_subject};
use super::{Default, Rule, rule_fixture};
use crate::catalog::class;
use crate::catalog::query::{Member, Named};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "name-long",
    severity: Severity::Note,
    summary: "a name of 60 bytes or more that PostgreSQL did not make itself",
    fixture: Some(rule_fixture!("name-long")),
    found: Found::ByRule(&Rule {
        because: "PostgreSQL cuts every name off after 63 bytes, without an error: what is derived from this one, or differs from it only at its end, gets a name that nobody wrote, \
                  or one that is taken.",
        instead: "a shorter name",
        default: Default::On,
        others: &[("squawk", "`identifier-too-long`, from 64 bytes on")],
        check,
    }),
    message: |finding| {
        let length = finding.live.as_deref().unwrap_or_default();
        format!(
            "`{}` is a name of {length} bytes, and PostgreSQL keeps 63",
            finding.subject
        )
    },
};

/// From here on what is derived from a name is cut off.
const LONG: usize = 60;

/// How names of indexes and constraints end that PostgreSQL makes, and cuts, itself.
const DERIVED: [&str; 7] = [
    "_pkey",
    "_key",
    "_fkey",
    "_check",
    "_idx",
    "_excl",
    "_not_null",
];

/// Whether PostgreSQL may have made the name of an index or a constraint: it numbers them as well.
fn is_derived(name: &str) -> bool {
    let whole = name.trim_end_matches(|c: char| c.is_ascii_digit());
    DERIVED.iter().any(|ending| whole.ends_with(ending))
}

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let given = given(linted).into_iter();
    let derived = may_be_derived(linted).into_iter();
    given
        .chain(derived.filter(|(name, _)| !is_derived(name)))
        .filter(|(name, _)| name.len() >= LONG)
        .map(|(name, subject)| Finding::new(&KIND, subject).live(name.len().to_string()))
        .collect()
}

/// What somebody named.
fn given(linted: &Linted<'_>) -> Vec<(String, Subject)> {
    let catalog = linted.catalog();
    let relations = (catalog.relations.iter())
        .map(|relation| (&relation.name, Subject::Relation(relation.name.clone())));
    let enums = catalog.enums.iter().map(|it| &it.name);
    let types = enums.chain(catalog.domains.iter().map(|it| &it.name));
    let types = types.map(|name| (name, Subject::Type(name.clone())));
    let functions = (catalog.functions.iter()).map(|it| (it, &class::FUNCTION));
    let procedures = (catalog.procedures.iter()).map(|it| (it, &class::PROCEDURE));
    let routines = (functions.chain(procedures))
        .map(|(routine, class)| (&routine.name, routine_subject(routine, class)));
    let objects = relations.chain(types).chain(routines);
    let objects = objects.map(|(name, subject)| (name.name.clone(), subject));
    let columns =
        (linted.columns().into_iter()).map(|column| (column.name.clone(), column.subject()));
    let triggers = members(linted.tables().triggers());
    objects.chain(columns).chain(triggers).collect()
}

/// What PostgreSQL names where nobody does.
fn may_be_derived(linted: &Linted<'_>) -> Vec<(String, Subject)> {
    let tables = || linted.tables();
    // That of a constraint has its name.
    let indexes = (tables().indexes().into_iter()).filter(|index| index.constraint.is_none());
    (members(indexes).into_iter())
        .chain(members(tables().foreign_keys()))
        .chain(members(tables().unique_constraints()))
        .chain(members(tables().checks()))
        .collect()
}

fn members<'a, T>(members: impl IntoIterator<Item = Member<'a, T>>) -> Vec<(String, Subject)>
where
    T: 'a,
    for<'m> Member<'m, T>: Named,
{
    let named = |member: Member<'a, T>| (member.name().to_owned(), member_subject(&member));
    members.into_iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, found, found_in, index, table};
    use super::*;
    use crate::catalog::{Catalog, QualifiedName, RelationKind, Routine};

    #[test]
    fn what_somebody_named_may_end_like_what_is_derived() {
        let long = format!("{}_key", "a".repeat(58));
        assert_eq!(found(&KIND, [table(&long, [])]).len(), 1);
        assert_eq!(found(&KIND, [table("a", [column(&long, "int8")])]).len(), 1);
        let mut indexed = table("a", []);
        indexed.indexes.push(index(&long, &["b"]));
        assert_eq!(found(&KIND, [indexed]), []);
    }

    #[test]
    fn views_and_functions_have_names_too() {
        let long = "a".repeat(LONG);
        let mut view = table(&long, []);
        view.kind = RelationKind::View;
        assert_eq!(found(&KIND, [view]).len(), 1);
        let catalog = Catalog {
            functions: vec![Routine {
                name: QualifiedName::new("public", &long),
                ..Routine::default()
            }],
            ..Catalog::default()
        };
        assert_eq!(found_in(&KIND, &catalog).len(), 1);
    }
}
