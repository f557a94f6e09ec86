use super::{chain_fixture, side};
use crate::chain::ChainSource;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::migrate::parse_all;

pub static KIND: Kind = Kind {
    id: "syntax-error",
    severity: Severity::Error,
    summary: "a file that is no SQL as PostgreSQL knows it",
    fixture: Some(chain_fixture!("syntax-error")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}` does not parse: {}",
            finding.subject,
            side(&finding.declared)
        )
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    let files: Vec<_> = (source.migrations.iter())
        .flat_map(|migration| migration.scripts().map(move |file| (migration, file)))
        // That is another finding.
        .filter(|(_, file)| !file.sql().contains('\0'))
        .collect();
    let texts: Vec<&str> = files.iter().map(|(_, file)| file.sql()).collect();
    (files.iter().zip(parse_all(&texts)))
        .filter_map(|((migration, file), error)| {
            let error = error?;
            let before = file.text().unwrap_or_default().len() - file.sql().len();
            let span = file.span(error.range.start + before..error.range.end + before);
            Some(
                Finding::new(&KIND, migration.subject())
                    .at(&span)
                    .declared(error.message)
                    .help("PostgreSQL fails on the whole file with a syntax error: look for a `;` or a `,` that is missing or too many, or a word that is misspelt"),
            )
        })
        .collect()
}
