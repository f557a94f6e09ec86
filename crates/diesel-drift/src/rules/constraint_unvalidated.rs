use super::words::{list, member_subject, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::{Member, Named};
use crate::catalog::{Check, Domain, DomainCheck, ForeignKey};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "constraint-unvalidated",
    severity: Severity::Warning,
    summary: "a constraint that old rows were never held to; a note where it is NOT ENFORCED, so that no row is",
    fixture: Some(rule_fixture!("constraint-unvalidated")),
    found: Found::ByRule(&Rule {
        because: "NOT VALID is the first half of adding a constraint without a long lock. Without the second half, rows of before may break it, and \
                  the planner may not trust it. NOT ENFORCED (PostgreSQL 18) says what should be, and keeps nothing.",
        instead: "`ALTER TABLE … VALIDATE CONSTRAINT …`, in a migration of its own: it takes no lock that stops writes",
        default: Default::On,
        others: &[
            (
                "squawk",
                "`constraint-missing-not-valid` asks for NOT VALID, and not for the second half",
            ),
            ("diesel-guard", "asks for NOT VALID as well"),
        ],
        check,
    }),
    message: |finding| {
        let what = match finding.subject {
            Subject::Column(..) => "NOT NULL of column",
            Subject::Type(..) => "domain",
            _ => "constraint",
        };
        format!("{what} `{}` {}", finding.subject, said(finding))
    },
};

const UNVALIDATED: &str = "was never validated: old rows may break it";

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    // What a partition has from its parent is said there.
    let (tables, parts) = (|| linted.tables(), || linted.partitions());
    let checks = (tables().checks().into_iter())
        .chain(parts().checks())
        .filter(|check| !check.inherited)
        .filter_map(of_check);
    let keys = (tables().foreign_keys().into_iter())
        .chain(parts().foreign_keys())
        .filter(|key| !key.inherited)
        .filter_map(of_key);
    let columns = (linted.columns().into_iter())
        .chain(parts().columns().into_iter().filter(|column| {
            // Its own and its parent's are told apart by nothing else.
            let parent = column.table.relation().partition_of.as_ref();
            let parent = parent.and_then(|of| linted.relation(&of.parent)?.column(&column.name));
            !parent.is_some_and(|parent| parent.not_null_not_valid)
        }))
        .filter(|column| column.not_null_not_valid && !column.not_null_constraint.inherited)
        .map(|column| {
            let own = || format!("{}_{}_not_null", column.table.name.name, column.name);
            let name = (column.not_null_constraint.name.clone()).unwrap_or_else(own);
            (Finding::new(&KIND, column.subject()).live(UNVALIDATED)).help(validate(
                "TABLE",
                &column.table.name.to_sql(),
                &name,
            ))
        });
    let of_domain = |domain: &Domain| -> Vec<Finding> {
        let checks = domain.checks.iter().filter(|check| check.not_valid);
        checks.map(|check| of_domain(domain, check)).collect()
    };
    let domains = linted.catalog().domains.iter().flat_map(of_domain);
    checks.chain(keys).chain(columns).chain(domains).collect()
}

fn of_check(check: Member<'_, Check>) -> Option<Finding> {
    let table = check.table.name.to_sql();
    let name = list([&check.name]);
    match (check.not_enforced, check.not_valid) {
        // PostgreSQL 18 can switch on a foreign key, and no check.
        (true, _) => Some(unenforced(&check).help(format!(
            "write `ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} CHECK ({});`, or drop it alone",
            check.expression
        ))),
        (false, true) => Some(unvalidated(&check)),
        (false, false) => None,
    }
}

fn of_key(key: Member<'_, ForeignKey>) -> Option<Finding> {
    match (key.not_enforced, key.not_valid) {
        (true, _) => Some(unenforced(&key).help(format!(
            "write `ALTER TABLE {} ALTER CONSTRAINT {} ENFORCED;`, or drop it",
            key.table.name.to_sql(),
            list([&key.name])
        ))),
        (false, true) => Some(unvalidated(&key)),
        (false, false) => None,
    }
}

fn of_domain(domain: &Domain, check: &DomainCheck) -> Finding {
    Finding::new(&KIND, Subject::Type(domain.name.clone()))
        .attribute(&check.name)
        .live(format!(
            "has a check that was never validated, `{}`: old values may break it",
            check.name
        ))
        .help(validate("DOMAIN", &domain.name.to_sql(), &check.name))
}

fn unvalidated<T>(member: &Member<'_, T>) -> Finding
where
    for<'m> Member<'m, T>: Named,
{
    (Finding::new(&KIND, member_subject(member)).live(UNVALIDATED)).help(validate(
        "TABLE",
        &member.table.name.to_sql(),
        member.name(),
    ))
}

fn unenforced<T>(member: &Member<'_, T>) -> Finding
where
    for<'m> Member<'m, T>: Named,
{
    Finding::new(&KIND, member_subject(member))
        .severity(Severity::Note)
        .live("is NOT ENFORCED: no row is held to it")
}

fn validate(what: &str, name: &str, constraint: &str) -> String {
    format!(
        "write `ALTER {what} {name} VALIDATE CONSTRAINT {};`",
        list([constraint])
    )
}

#[cfg(test)]
mod tests {
    use super::super::trial::{found, found_in, table};
    use super::*;
    use crate::catalog::{Catalog, Partition, QualifiedName};

    fn check(not_valid: bool, not_enforced: bool) -> Vec<Finding> {
        let mut items = table("items", []);
        items.checks.push(Check {
            name: "Positive".to_owned(),
            expression: "(price > 0)".to_owned(),
            not_valid,
            not_enforced,
            ..Check::default()
        });
        found(&KIND, [items])
    }

    #[test]
    fn what_is_not_enforced_is_a_note_of_its_own() {
        assert_eq!(check(false, false), []);
        assert_eq!(check(true, false)[0].severity, Severity::Warning);
        let findings = check(true, true);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].severity, Severity::Note);
        assert!(findings[0].help[0].contains("ADD CONSTRAINT \"Positive\" CHECK ((price > 0));"));
    }

    #[test]
    fn a_partition_has_constraints_of_its_own() {
        let part = |inherited: bool| {
            let mut part = table("items_2026", []);
            part.partition_of = Some(Partition::default());
            part.checks.push(Check {
                not_valid: true,
                inherited,
                ..Check::default()
            });
            part.foreign_keys.push(ForeignKey {
                not_valid: true,
                inherited,
                ..ForeignKey::default()
            });
            found(&KIND, [part]).len()
        };
        assert_eq!((part(false), part(true)), (2, 0));
    }

    #[test]
    fn a_check_of_a_domain_is_validated_there() {
        let price = Domain {
            name: QualifiedName::new("public", "price"),
            checks: vec![DomainCheck {
                name: "price_check".to_owned(),
                not_valid: true,
                ..DomainCheck::default()
            }],
            ..Domain::default()
        };
        let catalog = Catalog {
            domains: vec![price],
            ..Catalog::default()
        };
        let findings = found_in(&KIND, &catalog);
        let sql = "write `ALTER DOMAIN public.price VALIDATE CONSTRAINT price_check;`";
        assert_eq!(findings[0].help, [sql]);
    }
}
