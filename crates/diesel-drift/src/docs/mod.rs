//! Catalog → pages for people: an entity-relationship diagram and tables of everything, one Markdown file a schema, and an index.
//!
//! `docs/models/<schema>.md` and `docs/models/README.md`. Pages show what there is, sorted, and nothing of when or where they were made, so
//! that they change where the schema does. [`assert_docs!`](crate::assert_docs) holds them against a fresh, migrated database.

mod behaviour;
mod cardinality;
mod error;
mod files;
mod index;
mod keys;
mod markdown;
mod mermaid;
mod model;
mod nulls;
mod relation;
mod schema;
mod words;

use crate::compare::Scope;
use crate::introspect::Live;
use model::{INDEX, Model};

pub use error::DocsError;
pub use files::{Stale, compare, write};

/// The directory of pages below the project's root, unless `drift.toml` says another (`[docs] directory`).
pub const DIRECTORY: &str = "docs/models";

/// How every page begins: a file that does not is somebody else's.
const MARK: &str = "<!-- diesel-drift docs:";

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The file's name, in the directory of pages.
    pub file: String,
    /// The schema that it shows, raw; none for the index.
    pub schema: Option<String>,
    /// Markdown.
    pub text: String,
}

/// The pages of a database as far as `scope` says that it is the project's: the index, and one for each schema that holds anything.
pub fn pages(live: &Live, scope: &Scope) -> Vec<Page> {
    let mut catalog = scope.kept_catalog(&live.catalog);
    nulls::spread_not_null(&mut catalog);
    let model = Model::of(&catalog);
    let index = Page {
        file: INDEX.to_owned(),
        schema: None,
        text: marked(live, index::page(&model)),
    };
    let schemas = model.schemas.iter().map(|schema| Page {
        file: schema.file(),
        schema: Some(schema.name.to_owned()),
        text: marked(live, schema::page(&model, schema)),
    });
    std::iter::once(index).chain(schemas).collect()
}

/// Only the pages of the schemas named, raw.
///
/// # Errors
/// When the database has no such schema, or nothing is in it.
pub fn of_schemas(pages: Vec<Page>, schemas: &[String]) -> Result<Vec<Page>, DocsError> {
    let known: Vec<_> = pages
        .iter()
        .filter_map(|page| page.schema.clone())
        .collect();
    match schemas.iter().find(|schema| !known.contains(schema)) {
        Some(schema) => Err(DocsError::NoSuchSchema {
            schema: schema.clone(),
            known,
        }),
        None => Ok(pages
            .into_iter()
            .filter(|page| page.schema.as_ref().is_some_and(|it| schemas.contains(it)))
            .collect()),
    }
}

/// The page with the lines that say whose it is, and, where it holds texts that the majors of PostgreSQL do not write alike, whose
/// those are.
fn marked(live: &Live, text: String) -> String {
    let major = match markdown::without_blocks("sql", &text) == text {
        true => String::new(),
        false => format!("{DEFINITIONS}{} -->\n", live.server_version / 10_000),
    };
    let text = text.trim_end();
    format!(
        "{MARK} written from the catalog; change a migration, and run it again -->\n{major}\n{text}\n"
    )
}

/// How the line begins that says which major wrote the definitions.
const DEFINITIONS: &str = "<!-- definitions as written by PostgreSQL ";

/// Whether two texts of a page show the same schema: they are equal, or equal but for the definitions that two majors of
/// PostgreSQL wrote. How lines end does not count.
fn shows_the_same(committed: &str, current: &str) -> bool {
    let committed = &committed.replace("\r\n", "\n");
    let major = |text: &str| {
        let line = text.lines().nth(1)?.strip_prefix(DEFINITIONS)?;
        line.strip_suffix(" -->").map(str::to_owned)
    };
    let without = |text: &str| {
        let lines = text.lines().filter(|line| !line.starts_with(DEFINITIONS));
        let text: String = lines.map(|line| line.to_owned() + "\n").collect();
        markdown::without_blocks("sql", &text)
    };
    committed == current
        || matches!((major(committed), major(current)), (Some(a), Some(b)) if a != b)
            && without(committed) == without(current)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, QualifiedName, Relation, RelationKind};

    fn live(definition: &str, major: u32) -> Live {
        let view = Relation {
            name: QualifiedName::new("app", "v"),
            kind: RelationKind::View,
            definition: Some(definition.to_owned()),
            ..Relation::default()
        };
        Live {
            catalog: Catalog {
                relations: vec![view],
                ..Catalog::default()
            },
            server_version: major * 10_000 + 3,
            search_path: Vec::new(),
        }
    }

    fn page(definition: &str, major: u32) -> String {
        let pages = pages(&live(definition, major), &Scope::default());
        pages[1].text.clone()
    }

    #[test]
    fn definitions_of_other_majors_are_the_same_page() {
        let (old, new) = (" SELECT t.a\n   FROM t;", " SELECT a\n   FROM t;");
        assert!(page(old, 15).contains("SELECT t.a"));
        assert!(shows_the_same(&page(old, 15), &page(new, 16)));
        assert!(
            !shows_the_same(&page(old, 16), &page(new, 16)),
            "what one major writes counts"
        );
        let other = page(new, 16).replace("`v`", "`w`");
        assert!(!shows_the_same(&page(old, 15), &other), "all else counts");
        let windows = page(old, 15).replace('\n', "\r\n");
        assert!(shows_the_same(&windows, &page(old, 15)));
    }

    #[test]
    fn pages_without_definitions_name_no_major() {
        let index = &pages(&live(" SELECT 1;", 15), &Scope::default())[0];
        assert!(index.text.starts_with(MARK) && !index.text.contains("PostgreSQL"));
    }

    #[test]
    fn schemas_are_chosen_by_name() {
        let all = pages(&live(" SELECT 1;", 15), &Scope::default());
        let chosen = of_schemas(all.clone(), &["app".to_owned()]).map(|pages| pages.len());
        assert_eq!(chosen.ok(), Some(1));
        let error = of_schemas(all, &["ap".to_owned()]).map_err(|error| error.to_string());
        assert_eq!(
            error.err().as_deref(),
            Some("there is nothing to show of a schema `ap`: the schemas are app")
        );
        let error = of_schemas(Vec::new(), &["app".to_owned()]).map_err(|error| error.to_string());
        assert_eq!(
            error.err().as_deref(),
            Some("there is nothing to show of a schema `app`: no schema has anything in it")
        );
    }
}
