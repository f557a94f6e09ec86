//! The drift cases: what is changed in a database, and what has to be found.

use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The schema that the cases change.
pub const BASE: [&str; 2] = [
    include_str!("../../fixtures/drift-cases/base.sql"),
    include_str!("../../fixtures/drift-cases/more.sql"),
];

/// A change to a database that holds [`BASE`], and what it is to be found as.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// `index: invalid`.
    #[serde(skip)]
    pub name: String,
    /// What both sides have beside the base.
    #[serde(default)]
    pub given: String,
    /// The change.
    pub sql: String,
    /// The oldest major version that can make it.
    #[serde(default)]
    pub since: u32,
    /// Every finding as kind, subject and attribute: `index-changed public.users.users_org_idx valid`. None where the change
    /// is no drift.
    #[serde(default)]
    pub finds: Vec<String>,
    /// The same from a major version on, where that differs: `finds_since.18`.
    #[serde(default)]
    pub finds_since: BTreeMap<u32, Vec<String>>,
    /// Parts of facts that no finding tells apart and that this case changes: `index columns.collation`.
    #[serde(default)]
    pub proves: Vec<String>,
    /// Why `pg_dump` writes another text although nothing has drifted.
    pub pg_dump: Option<String>,
}

/// Every change that is drift, by file and name.
pub fn drift_cases() -> &'static [Case] {
    static CASES: LazyLock<Vec<Case>> =
        LazyLock::new(|| FILES.iter().flat_map(|(_, text)| parse(text)).collect());
    &CASES
}

/// Every change that is no drift, by name.
pub fn no_drift_cases() -> &'static [Case] {
    static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| parse(NO_DRIFT));
    &CASES
}

const NO_DRIFT: &str = include_str!("../../fixtures/drift-cases/no-drift.toml");

macro_rules! files {
    ($($name:literal)*) => {
        /// The files of `cases/`, with their names.
        const FILES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../fixtures/drift-cases/cases/", $name, ".toml")))),*
        ];
    };
}

files! {
    "aggregate" "column" "comment" "constraint" "database" "foreign" "function" "index" "operator" "policy"
    "privilege" "replication" "sequence" "statistics" "table" "text-search" "trigger" "type" "view"
}

/// A file that cannot be read has no cases; a test reads them all.
fn parse(text: &str) -> Vec<Case> {
    let cases: BTreeMap<String, Case> = toml::from_str(text).unwrap_or_default();
    cases
        .into_iter()
        .map(|(name, case)| Case { name, ..case })
        .collect()
}

impl Case {
    /// Whether the change is drift.
    pub fn is_drift(&self) -> bool {
        !self.finds.is_empty()
    }

    /// What has to be found on a server of a major version.
    pub fn finds_on(&self, major: u32) -> &[String] {
        let newest = self.finds_since.range(..=major).next_back();
        newest.map_or(&self.finds, |(_, finds)| finds)
    }

    /// The extensions that its statements name, with the version where they name one.
    pub(super) fn extensions(&self) -> Vec<(&str, Option<&str>)> {
        static EXTENSION: LazyLock<Option<Regex>> = LazyLock::new(|| {
            Regex::new(r"(?i)\bextension (?:if not exists )?(\w+)(?: version '([^']+)')?").ok()
        });
        [&self.given, &self.sql]
            .into_iter()
            .filter_map(|text| Some((EXTENSION.as_ref()?, text)))
            .flat_map(|(extension, text)| extension.captures_iter(text))
            .filter_map(|found| {
                let name = found.get(1)?.as_str();
                Some((name, found.get(2).map(|version| version.as_str())))
            })
            .collect()
    }

    /// Whether its statements hold a text.
    pub(super) fn mentions(&self, text: &str) -> bool {
        self.given.contains(text) || self.sql.contains(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_file_is_read() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/drift-cases/cases");
        let mut files: Vec<_> = std::fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        let read: Vec<_> = FILES
            .iter()
            .map(|(name, _)| format!("{name}.toml"))
            .collect();
        assert_eq!(files, read);
        for (name, text) in FILES.iter().chain([&("no-drift", NO_DRIFT)]) {
            let cases: Result<BTreeMap<String, Case>, _> = toml::from_str(text);
            assert!(
                !cases
                    .unwrap_or_else(|error| panic!("{name}: {error}"))
                    .is_empty()
            );
        }
    }

    #[test]
    fn drift_is_found_and_no_drift_is_not() {
        for case in drift_cases() {
            assert!(!case.finds.is_empty(), "{}", case.name);
            assert!(case.pg_dump.is_none(), "{}", case.name);
        }
        for case in no_drift_cases() {
            assert!(case.finds.is_empty(), "{}", case.name);
        }
    }

    #[test]
    fn a_name_is_given_once() {
        let mut names: Vec<_> = drift_cases()
            .iter()
            .chain(no_drift_cases())
            .map(|case| &case.name)
            .collect();
        names.sort();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn extensions_are_told_from_the_statements() {
        let case: Case = toml::from_str(
            "given = \"create extension hstore version '1.4'\"\nsql = 'drop extension citext'",
        )
        .unwrap();
        assert_eq!(
            case.extensions(),
            [("hstore", Some("1.4")), ("citext", None)]
        );
    }
}
