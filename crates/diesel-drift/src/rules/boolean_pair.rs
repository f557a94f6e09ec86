use super::words::{checks_of, list, mentions, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::Column;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "boolean-pair",
    severity: Severity::Note,
    summary: "two booleans that say the opposite of each other",
    fixture: Some(rule_fixture!("boolean-pair")),
    found: Found::ByRule(&Rule {
        because: "Two of their four combinations mean nothing, and some day one of them is stored.",
        instead: "one of the two; or, for more than two states, an enum",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| {
        format!(
            "column `{}` is the opposite of `{}`",
            finding.subject,
            said(finding)
        )
    },
};

const OPPOSITES: [(&str, &str); 8] = [
    ("enabled", "disabled"),
    ("active", "inactive"),
    ("visible", "hidden"),
    ("visible", "invisible"),
    ("open", "closed"),
    ("public", "private"),
    ("locked", "unlocked"),
    ("valid", "invalid"),
];

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let is_boolean = |column: &Column| {
        column.data_type.name == "bool" && !column.data_type.array && column.generated.is_none()
    };
    (linted.columns().into_iter())
        .filter(|column| is_boolean(column))
        .filter_map(|column| {
            let table = column.table.relation();
            let opposite = (table.columns.iter())
                .find(|other| is_boolean(other) && are_opposite(&column.name, &other.name))?;
            let is_checked = checks_of(table, &column.name)
                .any(|check| mentions(&check.expression, &opposite.name));
            (!is_checked).then(|| {
                Finding::new(&KIND, column.subject())
                    .live(&opposite.name)
                    .help(format!(
                        "write one of the two, or, for more than two states, an enum; until then, `ALTER TABLE {} ADD CHECK ({} <> {});` keeps out what \
                         means nothing",
                        table.name.to_sql(),
                        list([&column.name]),
                        list([&opposite.name])
                    ))
            })
        })
        .collect()
}

/// Whether the second name is the opposite of the first, with the same beginning: `is_active`, `is_inactive`.
fn are_opposite(yes: &str, no: &str) -> bool {
    let negated = |prefix: &str| {
        let stem = yes.strip_prefix("is_");
        no == format!("{prefix}{yes}")
            || stem.is_some_and(|stem| no == format!("is_{prefix}{stem}"))
    };
    let opposite = |(a, b): &(&str, &str)| {
        let begins = yes.strip_suffix(a);
        begins.is_some_and(|begins| {
            (begins.is_empty() || begins.ends_with('_')) && no.strip_suffix(b) == Some(begins)
        })
    };
    negated("not_") || OPPOSITES.iter().any(opposite)
}

#[cfg(test)]
mod tests {
    use super::are_opposite;

    #[test]
    fn opposites_are_exact() {
        assert!(are_opposite("is_active", "is_inactive"));
        assert!(are_opposite("enabled", "disabled"));
        assert!(are_opposite("is_public", "is_not_public"));
        assert!(!are_opposite("removed", "deleted"));
        assert!(!are_opposite("mail_enabled", "upload_disabled"));
        assert!(!are_opposite("reactive", "inactive"));
    }
}
