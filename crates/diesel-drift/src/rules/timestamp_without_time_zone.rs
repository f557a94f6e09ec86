use super::words::{list, mentions, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::Column;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "timestamp-without-time-zone",
    severity: Severity::Warning,
    summary: "a `timestamp` without time zone that is filled with the time of the session; a note for others",
    fixture: Some(rule_fixture!("timestamp-without-time-zone")),
    found: Found::ByRule(&Rule {
        because: "`timestamp` is what a clock on some wall showed, and not which wall. Where `now()` is its default, two sessions with another `TimeZone` store two \
                  values for the same moment, and the hour that is repeated in autumn cannot be told apart.",
        instead: "`timestamptz` (Diesel's `Timestamptz`), which takes the same 8 bytes; or `DEFAULT (now() AT TIME ZONE 'utc')`",
        default: Default::On,
        others: &[
            (
                "squawk",
                "`prefer-timestamp-tz`, also where the default is in UTC",
            ),
            ("diesel-guard", "`timestamp-type`"),
        ],
        check,
    }),
    message: |finding| {
        format!(
            "column `{}` is a timestamp without time zone{}",
            finding.subject,
            said(finding)
        )
    },
};

/// What PostgreSQL writes for the time of a session.
const LOCAL: [&str; 7] = [
    "now",
    "CURRENT_TIMESTAMP",
    "CURRENT_DATE",
    "LOCALTIMESTAMP",
    "transaction_timestamp",
    "statement_timestamp",
    "clock_timestamp",
];

/// What names of columns, and comments, say where local time is meant.
const MEANT: [&str; 6] = ["local", "wall", "opens", "closes", "naive", "utc"];

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.columns().into_iter())
        .filter(|column| linted.is_of(column.item(), "timestamp") && !is_meant(column, linted))
        .map(|column| {
            let finding = Finding::new(&KIND, column.subject());
            let (table, name) = (column.table.name.to_sql(), list([&column.name]));
            let default = linted.default_of(column.item());
            let finding = match default.is_some_and(takes_local) {
                true => finding.live(", and its default depends on the session's"),
                false => finding.severity(Severity::Note),
            };
            match linted.base(&column.item().data_type).array {
                true => finding,
                false => finding.help(format!(
                    "write `ALTER TABLE {table} ALTER COLUMN {name} TYPE timestamptz USING {name} AT TIME ZONE 'UTC';`, with the zone in which the \
                     values were written (it rewrites the table)"
                )),
            }
        })
        .collect()
}

/// Whether a default depends on the session's time zone: it is made of a moment, and no zone is named.
fn takes_local(default: &str) -> bool {
    let names_zone = default.contains(" AT TIME ZONE ") || default.contains("timezone(");
    !names_zone && LOCAL.iter().any(|local| mentions(default, local))
}

/// Whether the name of a column or of a domain that it is of, or what is said of it, says so in a word of its own.
fn is_meant(column: &Column, linted: &Linted<'_>) -> bool {
    let is_word = |word: &str| MEANT.contains(&word);
    let says = |text: &str| {
        let text = text.to_lowercase();
        text.split(|c: char| !c.is_alphanumeric()).any(is_word)
    };
    let in_comment = |comment: &Option<String>| comment.as_deref().is_some_and(says);
    let mut domains = linted.made_of(&column.data_type);
    says(&column.name)
        || in_comment(&column.comment)
        || domains.any(|domain| says(&domain.name.name) || in_comment(&domain.comment))
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, domain, found, found_in, table};
    use super::*;
    use crate::catalog::{Catalog, Relation};

    fn with_default(default: &str) -> Column {
        Column {
            default: Some(default.to_owned()),
            ..column("created_at", "timestamp")
        }
    }

    #[test]
    fn defaults_that_depend_on_the_session_are_known() {
        for local in [
            "now()",
            "CURRENT_TIMESTAMP",
            "LOCALTIMESTAMP",
            "clock_timestamp()",
            "(now())::timestamp without time zone",
            "CURRENT_TIMESTAMP(3)",
            "date_trunc('second'::text, now())",
            "CURRENT_DATE",
        ] {
            assert!(takes_local(local), "{local}");
        }
        for plain in [
            "(now() AT TIME ZONE 'utc'::text)",
            "timezone('utc'::text, now())",
            "'2020-01-01 00:00:00'::timestamp without time zone",
            "app.known_at()",
        ] {
            assert!(!takes_local(plain), "{plain}");
        }
    }

    #[test]
    fn a_default_makes_it_a_warning() {
        let columns = [with_default("now()"), column("read_at", "timestamp")];
        let found = found(&KIND, [table("a", columns)]);
        let severities: Vec<_> = found.iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::Warning, Severity::Note]);
    }

    #[test]
    fn what_is_meant_is_said_in_a_word_of_its_own() {
        let said = |comment: &str| {
            let column = Column {
                comment: Some(comment.to_owned()),
                ..column("at", "timestamp")
            };
            found(&KIND, [table("a", [column])]).len()
        };
        for meant in ["In UTC.", "Wall-clock time of the branch", "local time"] {
            assert_eq!(said(meant), 0, "{meant}");
        }
        for other in [
            "When the outcome was recorded",
            "of the firewall",
            "localized",
        ] {
            assert_eq!(said(other), 1, "{other}");
        }
    }

    #[test]
    fn a_domain_is_what_it_is_made_of() {
        let severities = |name: &str, default: Option<&str>| -> Vec<Severity> {
            let (mut of, data_type) = domain(name, &column("", "timestamp").data_type);
            of.default = default.map(str::to_owned);
            let mut visits: Relation = table("visits", [column("at", "text")]);
            visits.columns[0].data_type = data_type;
            let catalog = Catalog {
                relations: vec![visits],
                domains: vec![of],
                ..Catalog::default()
            };
            let findings = found_in(&KIND, &catalog);
            findings.iter().map(|finding| finding.severity).collect()
        };
        assert_eq!(severities("moment", None), [Severity::Note]);
        assert_eq!(severities("moment", Some("now()")), [Severity::Warning]);
        assert_eq!(severities("utc_moment", Some("now()")), []);
    }
}
