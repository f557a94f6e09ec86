use super::{chain_fixture, side};
use crate::chain::{ChainSource, Migration};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::text::plural;

pub static KIND: Kind = Kind {
    id: "version-style",
    severity: Severity::Warning,
    summary: "a version that is written in another way than the others, so that it does not sort where it is meant to",
    fixture: Some(chain_fixture!("version-style")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}` has {}",
            finding.subject,
            side(&finding.declared)
        )
    },
};

/// How many digits a version has that is a date, with the time to the hour, the minute or, as Diesel CLI writes it, the second; or that and a
/// counter, as since Diesel CLI 2.2.
const DATED: [usize; 5] = [8, 10, 12, 14, 18];
/// After how many digits one part of a date ends and the next begins: year, month, day, and those of the time.
const PARTS: [usize; 6] = [4, 6, 8, 10, 12, 14];

fn check(source: &ChainSource) -> Vec<Finding> {
    let all: Vec<&Migration> = source
        .runnable()
        .filter(|migration| is_number(migration))
        // `00000000000000_diesel_initial_setup` is there however the project writes its own.
        .filter(|migration| migration.version.bytes().any(|digit| digit != b'0'))
        .collect();
    let (dated, others): (Vec<&Migration>, Vec<&Migration>) =
        all.iter().partition(|migration| is_dated(migration));
    if dated.is_empty() {
        return all
            .windows(2)
            .filter_map(|pair| misordered(pair[0], pair[1]))
            .collect();
    }
    let (misspelt, numbered): (Vec<&Migration>, Vec<&Migration>) =
        (others.into_iter()).partition(|migration| head(migration).contains('-'));
    let misspelt = misspelt.into_iter().map(narrow);
    misspelt
        .chain(beside_dates(&numbered, dated.len()))
        .collect()
}

/// Other versions, and those that are too long to be recorded, are malformed.
fn is_number(migration: &Migration) -> bool {
    let Migration { version, .. } = migration;
    (1..=super::version_malformed::LONGEST).contains(&version.len())
        && version.bytes().all(|byte| byte.is_ascii_digit())
}

/// The name up to the first `_`.
fn head(migration: &Migration) -> &str {
    migration.name.split('_').next().unwrap_or_default()
}

/// Date and time, with dashes nowhere but between their parts; one that stops early sorts as the beginning of its day, hour or minute.
fn is_dated(migration: &Migration) -> bool {
    let mut digits = 0;
    let parts = head(migration).split('-').map(str::len);
    let ends: Vec<usize> = parts
        .map(|width| {
            digits += width;
            digits
        })
        .collect();
    (ends.split_last()).is_some_and(|(whole, parts)| {
        DATED.contains(whole) && parts.iter().all(|end| PARTS.contains(end))
    })
}

/// A date some part of which has too few or too many digits.
fn narrow(migration: &Migration) -> Finding {
    Finding::new(&KIND, migration.subject())
        .declared(format!(
            "the version {}, and its date is not written as YYYY-MM-DD-HHMMSS",
            migration.version
        ))
        .help(
            "versions are compared as texts, without dashes, so that it sorts elsewhere than its date says. Where it ran nowhere yet, \
             write the missing digits; where it did, leave it",
        )
}

/// Numbers among dates: one finding, because they are of one origin.
fn beside_dates(numbered: &[&Migration], dated: usize) -> Option<Finding> {
    let last = numbered.last()?;
    // What was numbered before dates came up sorts before them, as it should.
    let severity = match last.version.starts_with('0') {
        true => Severity::Note,
        false => Severity::Warning,
    };
    Some(
        Finding::new(&KIND, last.subject())
            .severity(severity)
            .declared(format!(
                "the version {}, a number among dates ({} and {})",
                last.version,
                plural(numbered.len(), "number"),
                plural(dated, "date")
            ))
            .help("versions are compared as texts: see that the numbers sort where they are meant to, and give new migrations dates"),
    )
}

/// Two numbers whose texts are in another order than they are.
fn misordered(first: &Migration, second: &Migration) -> Option<Finding> {
    let value = |migration: &Migration| {
        let digits = migration.version.trim_start_matches('0');
        (digits.len(), digits.to_owned())
    };
    (value(first) > value(second)).then(|| {
        Finding::new(&KIND, second.subject())
            .declared(format!(
                "the version {}, and Diesel applies it after `{}`",
                second.version, first.name
            ))
            .help("versions are compared as texts, in which 9 comes after 10: write numbers with as many digits as the largest has, or dates")
    })
}
