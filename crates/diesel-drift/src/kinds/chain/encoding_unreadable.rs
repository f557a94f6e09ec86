use super::{chain_fixture, side};
use crate::chain::{ChainSource, Content, Migration, TextFile};
use crate::finding::{Finding, Found, Kind, Severity};

pub static KIND: Kind = Kind {
    id: "encoding-unreadable",
    severity: Severity::Error,
    summary: "a file that Diesel cannot read or PostgreSQL cannot: no UTF-8, a byte order mark, a zero byte",
    fixture: Some(chain_fixture!("encoding-unreadable")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}`: `{}` {}",
            finding.subject,
            side(&finding.attribute),
            side(&finding.declared)
        )
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    let of_migration =
        |migration| Migration::scripts(migration).filter_map(|file| of_file(migration, file));
    source.migrations.iter().flat_map(of_migration).collect()
}

fn of_file(migration: &Migration, file: &TextFile) -> Option<Finding> {
    let name = file.path.file_name().unwrap_or_default().to_string_lossy();
    let finding = |what: String| {
        Finding::new(&KIND, migration.subject())
            .attribute(name.clone())
            .declared(what)
    };
    match &file.content {
        Content::Unreadable(reason) => Some(
            finding(format!("cannot be read: {reason}")).help("Diesel fails on it: make it a file that can be read"),
        ),
        Content::NotUtf8 { line } => Some(
            finding(format!("is no UTF-8 in line {line}"))
                .help("Diesel fails on it: \"stream did not contain valid UTF-8\". Save it as UTF-8"),
        ),
        Content::Text(text) if text.starts_with('\u{feff}') => Some(
            finding("begins with a byte order mark".to_owned())
                .at(&file.span(0..'\u{feff}'.len_utf8()))
                .help("PostgreSQL takes it for the beginning of a word and fails (\"syntax error at or near\"): save the file as UTF-8 without a BOM"),
        ),
        Content::Text(text) => {
            let zero = text.find('\0')?;
            Some(
                finding("holds a zero byte".to_owned())
                    .at(&file.span(zero..zero + 1))
                    .help("Diesel fails on it: \"nul byte found in provided data\". Remove it"),
            )
        }
    }
}
