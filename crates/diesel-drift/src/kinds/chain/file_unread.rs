use super::chain_fixture;
use crate::chain::{ChainSource, Migration};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::migrate::{FILES, is_sql};
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "file-unread",
    severity: Severity::Warning,
    summary: "a file that looks like a part of the chain, and that Diesel does not read",
    fixture: Some(chain_fixture!("file-unread")),
    found: Found::InChain(check),
    message: |finding| match &finding.attribute {
        Some(file) => format!(
            "Diesel does not read `{file}` of migration `{}`",
            finding.subject
        ),
        None => format!(
            "Diesel does not read `{}`, which is no directory with an `up.sql`",
            finding.subject
        ),
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    let loose = source.files.iter().filter(|name| is_sql(name)).map(|name| {
        Finding::new(&KIND, Subject::Migration(name.clone())).help(
            "make it `<version>_<name>/up.sql`, or move it elsewhere; if another tool runs it, name that: `[migrate] command` in drift.toml",
        )
    });
    let within = |migration| unread(migration).map(|name| of_file(migration, name));
    loose
        .chain(source.migrations.iter().flat_map(within))
        .collect()
}

/// The files beside those that Diesel reads that are SQL, or one of the three misspelt.
fn unread(migration: &Migration) -> impl Iterator<Item = &str> {
    // Without an `up.sql` there is no migration, which is another finding.
    let beside = |name: &&str| {
        migration.up().is_some() && !FILES.contains(name) && (is_sql(name) || meant(name).is_some())
    };
    migration.files.keys().map(String::as_str).filter(beside)
}

fn of_file(migration: &Migration, name: &str) -> Finding {
    let finding = Finding::new(&KIND, migration.subject()).attribute(name);
    match meant(name).filter(|meant| !migration.files.contains_key(*meant)) {
        Some(meant) => finding
            .severity(Severity::Error)
            .help(format!("rename it to `{meant}`")),
        None => finding.help("put what it does into `up.sql` or `down.sql`, or move it elsewhere"),
    }
}

/// The file of the three that a name is one slip away from, or another case of.
pub(super) fn meant(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    FILES.into_iter().find(|read| is_close(read, &name))
}

/// Whether one letter is wrong, left out, too many, or two are swapped.
fn is_close(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let tail = |a: &[char], b: &[char], skip: (usize, usize)| a.get(skip.0..) == b.get(skip.1..);
    let swapped = a.len() > 1 && b.len() > 1 && a[0] == b[1] && a[1] == b[0];
    (a.is_empty() && b.is_empty())
        || tail(a, b, (1, 1)) && !a.is_empty() && !b.is_empty()
        || tail(a, b, (1, 0)) && !a.is_empty()
        || tail(a, b, (0, 1)) && !b.is_empty()
        || swapped && tail(a, b, (2, 2))
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn one_slip_is_recognised_and_two_are_not() {
        for (name, read) in [
            ("Up.sql", "up.sql"),
            ("up.sq", "up.sql"),
            ("pu.sql", "up.sql"),
            ("up..sql", "up.sql"),
            ("DOWN.SQL", "down.sql"),
            ("dwon.sql", "down.sql"),
            ("donw.sql", "down.sql"),
            ("metadata.tml", "metadata.toml"),
            ("metdata.toml", "metadata.toml"),
            ("u.sql", "up.sql"),
        ] {
            assert_eq!(meant(name), Some(read), "{name}");
        }
        for name in [
            "README.md",
            "seed.sql",
            "data.json",
            "generate.sh",
            "dump.sql",
            "",
        ] {
            assert_eq!(meant(name), None, "{name}");
        }
    }
}
