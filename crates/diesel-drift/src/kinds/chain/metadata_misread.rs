use super::{chain_fixture, side};
use crate::chain::{ChainSource, Content, Migration, TextFile};
use crate::finding::{Finding, Found, Kind, Severity};

pub static KIND: Kind = Kind {
    id: "metadata-misread",
    severity: Severity::Warning,
    summary: "a `metadata.toml` of which Diesel reads something else than it says",
    fixture: Some(chain_fixture!("metadata-misread")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}`: in `metadata.toml`, {}",
            finding.subject,
            side(&finding.declared)
        )
    },
};

/// The one key that Diesel knows.
const KEY: &str = "run_in_transaction";

fn check(source: &ChainSource) -> Vec<Finding> {
    let of_migration = |migration| Some((migration, Migration::metadata(migration)?));
    (source.migrations.iter().filter_map(of_migration))
        .flat_map(|(migration, file)| of_file(migration, file))
        .collect()
}

fn of_file(migration: &Migration, file: &TextFile) -> Vec<Finding> {
    let finding = |what: &str| Finding::new(&KIND, migration.subject()).declared(what);
    const IGNORED: &str =
        "Diesel ignores the file without a word, and runs the migration in a transaction";
    let text = match &file.content {
        Content::Text(text) => text,
        Content::NotUtf8 { line } => {
            return vec![finding(&format!("line {line} is no UTF-8")).help(IGNORED)];
        }
        Content::Unreadable(reason) => return vec![finding(reason).help(IGNORED)],
    };
    let table: toml::Table = match toml::from_str(text) {
        Ok(table) => table,
        Err(error) => {
            let span = error
                .span()
                .map_or_else(|| file.whole(), |span| file.span(span));
            let message = error.message().trim_end();
            return vec![
                finding(&format!("line {}: {message}", span.line))
                    .at(&span)
                    .help(IGNORED),
            ];
        }
    };
    let at = |key: &str| {
        (text.find(key)).map_or_else(|| file.whole(), |start| file.span(start..start + key.len()))
    };
    let value = table.get(KEY);
    if value.is_some_and(|value| !value.is_bool()) {
        return vec![
            finding(&format!("`{KEY}` is no boolean"))
                .at(&at(KEY))
                .help(IGNORED),
        ];
    }
    let unknown = table.keys().filter(|key| *key != KEY).map(|key| {
        finding(&format!("`{key}` is no key that Diesel knows"))
            .at(&at(key))
            .help(format!("Diesel ignores it; the one key is `{KEY}`"))
    });
    let unsaid = value.is_none().then(|| {
        finding(&format!("`{KEY}` is not said, and so false"))
            .help(format!("Diesel runs a migration with such a file outside of a transaction: write `{KEY} = …`, or remove the file"))
    });
    unknown.chain(unsaid).collect()
}
