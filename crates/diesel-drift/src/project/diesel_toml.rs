//! `diesel.toml`: what Diesel CLI reads, of which the harness uses what changes the declarations.

use super::ProjectError;
use crate::compare::Filter;
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::{Spanned, Value};

/// The keys of `diesel.toml` that change what a project declares or where its migrations are. Others are Diesel CLI's
/// business, and new ones must not stop the harness.
#[derive(Clone, Debug)]
pub struct DieselToml {
    /// `[print_schema]`, or every `[print_schema.<key>]`.
    pub print_schema: Vec<PrintSchema>,
    /// `[migrations_directory] dir`.
    pub migrations_dir: Option<PathBuf>,
}

/// One `[print_schema]` or `[print_schema.<key>]`. Paths are absolute.
#[derive(Clone, Debug, Default)]
pub struct PrintSchema {
    /// `file`.
    pub file: Option<PathBuf>,
    /// `schema`.
    pub schema: Option<String>,
    /// `filter`.
    pub filter: Filter,
    /// `patch_file`.
    pub patch_file: Option<PathBuf>,
    /// `column_sorting = "name"`.
    pub columns_by_name: bool,
}

impl Default for DieselToml {
    fn default() -> Self {
        Self {
            print_schema: vec![PrintSchema::default()],
            migrations_dir: None,
        }
    }
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    print_schema: BTreeMap<Spanned<String>, Spanned<Value>>,
    migrations_directory: Option<RawMigrations>,
}

#[derive(Deserialize)]
struct RawMigrations {
    dir: PathBuf,
}

#[derive(Default, Deserialize)]
struct RawPrintSchema {
    file: Option<PathBuf>,
    schema: Option<String>,
    #[serde(default)]
    filter: RawFilter,
    patch_file: Option<PathBuf>,
    column_sorting: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFilter {
    only_tables: Option<Vec<String>>,
    except_tables: Option<Vec<String>>,
}

/// The keys of `[print_schema]` that are tables themselves; any other table is a `[print_schema.<key>]`.
const TABLE_KEYS: [&str; 1] = ["filter"];

impl DieselToml {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read, is not TOML, or a key has a value that Diesel CLI would not take.
    pub fn read(path: &Path) -> Result<Self, ProjectError> {
        let text = std::fs::read_to_string(path).map_err(|source| ProjectError::Io {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, ProjectError> {
        let raw: Raw =
            toml::from_str(text).map_err(|error| ProjectError::toml(path, text, &error))?;
        let base = path.parent().unwrap_or(Path::new(""));
        let is_nested = |key: &str, value: &Value| value.is_table() && !TABLE_KEYS.contains(&key);
        let (nested, own): (Vec<_>, Vec<_>) = raw
            .print_schema
            .into_iter()
            .partition(|(key, value)| is_nested(key.get_ref(), value.get_ref()));
        let own_start = own.first().map_or(0, |(key, _)| key.span().start);
        let own: toml::Table = own
            .into_iter()
            .map(|(key, value)| (key.into_inner(), value.into_inner()))
            .collect();

        // As Diesel CLI has it: beside keyed sections, what stands in `[print_schema]` itself is the section `default`.
        let mut sections: Vec<(usize, Value)> = nested
            .into_iter()
            .map(|(key, value)| (key.span().start, value.into_inner()))
            .collect();
        if sections.is_empty() || !own.is_empty() {
            sections.push((own_start, Value::Table(own)));
        }
        let print_schema = sections
            .into_iter()
            .map(|(start, value)| {
                print_schema(base, value)
                    .map_err(|message| ProjectError::at(path, text, start, message))
            })
            .collect::<Result<_, _>>()?;
        let migrations_dir = raw
            .migrations_directory
            .map(|directory| base.join(directory.dir));
        Ok(Self {
            print_schema,
            migrations_dir,
        })
    }
}

fn print_schema(base: &Path, value: Value) -> Result<PrintSchema, String> {
    let raw: RawPrintSchema = value.try_into().map_err(|error: toml::de::Error| {
        format!("in `[print_schema]`: {}", error.message().trim_end())
    })?;
    Ok(PrintSchema {
        file: raw.file.map(|file| base.join(file)),
        schema: raw.schema,
        filter: filter(raw.filter)?,
        patch_file: raw.patch_file.map(|file| base.join(file)),
        columns_by_name: raw.column_sorting.as_deref() == Some("name"),
    })
}

fn filter(raw: RawFilter) -> Result<Filter, String> {
    let compile = |patterns: Vec<String>| {
        patterns
            .iter()
            .map(|pattern| {
                Regex::new(pattern).map_err(|error| {
                    format!("`filter` holds an invalid pattern `{pattern}`: {error}")
                })
            })
            .collect::<Result<Vec<_>, _>>()
    };
    match (raw.only_tables, raw.except_tables) {
        (None, None) => Ok(Filter::All),
        (Some(only), None) => Ok(Filter::Only(compile(only)?)),
        (None, Some(except)) => Ok(Filter::Except(compile(except)?)),
        (Some(_), Some(_)) => Err(
            "`filter` holds both `only_tables` and `except_tables`: Diesel CLI takes one"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<DieselToml, String> {
        DieselToml::parse(Path::new("/p/diesel.toml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn one_section() {
        let config = parse("[print_schema]\nfile = \"src/schema.rs\"\nfilter = { except_tables = [\"^tmp_\"] }\ncolumn_sorting = \"name\"\n").unwrap();
        let [section] = &config.print_schema[..] else {
            panic!("one section")
        };
        assert_eq!(section.file.as_deref(), Some(Path::new("/p/src/schema.rs")));
        assert!(!section.filter.admits("tmp_x") && section.filter.admits("x_tmp_"));
        assert!(section.columns_by_name);
    }

    #[test]
    fn several_sections_and_what_stands_beside_them() {
        let config = parse(
            "[print_schema]\nfile = \"a.rs\"\n[print_schema.one]\nfile = \"b.rs\"\nschema = \"one\"\n[print_schema.two]\nfile = \"c.rs\"\nfilter = { only_tables = [\"x\"] }\n",
        )
        .unwrap();
        let mut files: Vec<_> = config
            .print_schema
            .iter()
            .filter_map(|section| section.file.clone())
            .collect();
        files.sort();
        assert_eq!(
            files,
            [
                Path::new("/p/a.rs"),
                Path::new("/p/b.rs"),
                Path::new("/p/c.rs")
            ]
        );
    }

    #[test]
    fn keyed_sections_alone_bring_no_default() {
        let config = parse("[print_schema.one]\nfile = \"b.rs\"\nschema = \"one\"\n").unwrap();
        assert_eq!(config.print_schema.len(), 1);
    }

    #[test]
    fn an_empty_file_is_diesel_s_default() {
        let config = parse("").unwrap();
        assert_eq!(config.print_schema.len(), 1);
        assert_eq!(config.print_schema[0].file, None);
    }

    #[test]
    fn keys_that_the_harness_does_not_use_are_let_be() {
        parse("[print_schema]\nfile = \"a.rs\"\nwith_docs = true\nsome_future_key = 1\nimport_types = [\"x\"]\n").unwrap();
    }

    #[test]
    fn errors_name_file_and_line() {
        assert!(
            parse("[print_schema\nfile = 1")
                .unwrap_err()
                .starts_with("/p/diesel.toml:1: ")
        );
        assert!(
            parse("\n[print_schema]\nfile = 1\n")
                .unwrap_err()
                .starts_with("/p/diesel.toml:3: in `[print_schema]`: ")
        );
        assert!(
            parse("[print_schema]\nfilter = { only_tables = [\"(\"] }\n")
                .unwrap_err()
                .contains("invalid pattern `(`")
        );
        assert!(
            parse("[migrations_directory]\n")
                .unwrap_err()
                .contains("dir")
        );
    }
}
