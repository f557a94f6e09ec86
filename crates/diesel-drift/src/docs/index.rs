//! The index of the pages.

use super::markdown::{Table, name, names, prose};
use super::model::{Model, Schema, address};

/// The index, without the lines that say whose it is.
pub(super) fn page(model: &Model<'_>) -> String {
    let comment = model.database_comment.map(|text| prose(text) + "\n\n");
    let schemas = model.schemas.iter().map(|schema| {
        [
            format!("[{}]({})", name(schema.name), address(schema.name)),
            counted(schema.tables.len()),
            counted(schema.views.len()),
            counted(schema.types()),
            counted(schema.routines()),
            schema.comment.map(prose).unwrap_or_default(),
        ]
    });
    let headings = ["Schema", "Tables", "Views", "Types", "Functions", "Comment"];
    let mut text = format!(
        "# Database schemas\n\n{}{}",
        comment.unwrap_or_default(),
        Table::new(headings, schemas).write()
    );
    let between = model
        .schemas
        .iter()
        .flat_map(|schema| between(model, schema));
    let keys = Table::new(["From", "Columns", "To", "Columns there"], between).write();
    if !keys.is_empty() {
        text += &format!("## Foreign keys between schemas\n\n{keys}");
    }
    if model.schemas.iter().any(|schema| !schema.tables.is_empty()) {
        text += LEGEND;
    }
    text
}

/// The foreign keys that lead out of a schema. Names have theirs, because the index is in none.
fn between(model: &Model<'_>, schema: &Schema<'_>) -> Vec<[String; 4]> {
    (schema.foreign_keys())
        .filter(|(_, key)| key.target.schema != schema.name)
        .map(|(table, key)| {
            [
                model.linked(&table.name, ""),
                names(&key.columns),
                model.linked(&key.target, ""),
                names(&key.target_columns),
            ]
        })
        .collect()
}

/// Nothing for none.
fn counted(count: usize) -> String {
    match count {
        0 => String::new(),
        count => count.to_string(),
    }
}

const LEGEND: &str = "\
## How to read the diagrams

A line is a foreign key, with its columns. The end at the table that is referred to is `||` where every row refers to one (the columns are
not null), and has a circle where a row may refer to none. The end at the table that refers is a crow's foot where many rows may refer to
the same one, and `|` where at most one does (the columns are unique). The line is solid where the columns are in the primary key of the
table that refers, and dashed where they are not. PK, FK and UK are columns of the primary key, of foreign keys, and unique by themselves.
";
