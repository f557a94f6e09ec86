use super::words::member_subject;
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::{Member, Named};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "name-long",
    severity: Severity::Note,
    summary: "a name of 60 bytes or more",
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

/// How names end that PostgreSQL makes, and cuts, itself.
const DERIVED: [&str; 8] = [
    "_pkey",
    "_key",
    "_fkey",
    "_check",
    "_idx",
    "_seq",
    "_excl",
    "_not_null",
];

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let tables = || linted.tables();
    let long = |name: &str, subject: Subject| {
        let whole = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_derived = DERIVED.iter().any(|ending| whole.ends_with(ending));
        (name.len() >= LONG && !is_derived)
            .then(|| Finding::new(&KIND, subject).live(name.len().to_string()))
    };
    fn members<'a, T>(members: impl IntoIterator<Item = Member<'a, T>>) -> Vec<(String, Subject)>
    where
        T: 'a,
        for<'m> Member<'m, T>: Named,
    {
        let named = |member: Member<'a, T>| (member.name().to_owned(), member_subject(&member));
        members.into_iter().map(named).collect()
    }
    let mut named: Vec<(String, Subject)> = (tables().into_iter())
        .map(|table| {
            (
                table.name().to_owned(),
                Subject::Relation(table.relation().name.clone()),
            )
        })
        .collect();
    named.extend(
        tables()
            .columns()
            .into_iter()
            .map(|column| (column.name.clone(), column.subject())),
    );
    named.extend(members(
        tables()
            .indexes()
            .into_iter()
            .filter(|index| index.constraint.is_none()),
    ));
    named.extend(members(tables().foreign_keys()));
    named.extend(members(tables().unique_constraints()));
    named.extend(members(tables().checks()));
    named.extend(members(tables().triggers()));
    named.extend(
        (linted.catalog().enums.iter())
            .map(|item| (item.name.name.clone(), Subject::Type(item.name.clone()))),
    );
    named
        .into_iter()
        .filter_map(|(name, subject)| long(&name, subject))
        .collect()
}
