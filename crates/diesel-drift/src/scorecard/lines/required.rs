use super::{Asked, Judge, Judged, Kind, listed};
use crate::declared::Model;
use crate::scorecard::Status;
use crate::scorecard::gather::{Evidence, Schema};

pub(super) static LINE: Kind = Kind {
    id: "required-models",
    title: "required tables and models exist",
    asked: Some(Asked {
        is: |asked| !asked.required.is_empty(),
        sentence: "required = [\"app.posts\", …]: whether these tables are in the database, in schema.rs and as row types",
    }),
    judge: Judge::Schema(judge),
};

fn judge(evidence: &Evidence<'_>, schema: &Schema) -> Judged {
    let required = &evidence.asked.required;
    let missing: Vec<String> = (required.iter())
        .filter_map(|name| Some(format!("{name} {}", missing(evidence, schema, name)?)))
        .collect();
    if missing.is_empty() {
        let sentence = match required.as_slice() {
            [only] => format!("{only} is in the database, in schema.rs and as a row type"),
            all => format!(
                "all {} are in the database, in schema.rs and as row types: {}",
                all.len(),
                all.join(", ")
            ),
        };
        return (Status::Green, vec![sentence]);
    }
    (Status::Red, listed(missing))
}

/// What a required table lacks, as the rest of a sentence.
fn missing(evidence: &Evidence<'_>, schema: &Schema, name: &str) -> Option<String> {
    let table = match schema.table(name) {
        Ok(table) => table,
        Err(what) => return Some(what),
    };
    let places: Vec<usize> = schema.declared_as(&table.name).collect();
    if places.is_empty() {
        return Some("is not in schema.rs".to_owned());
    }
    let models = &evidence.models.models;
    let of_table = |model: &&Model| model.table.is_some_and(|place| places.contains(&place));
    let is_read = |model: &Model| {
        let mut tables = (places.iter()).filter_map(|place| evidence.declared.tables.get(*place));
        tables.any(|table| model.reads_rows_of(table))
    };
    if (models.iter()).any(|model| of_table(&model) && model.is_read() || is_read(model)) {
        return None;
    }
    Some(match models.iter().find(of_table) {
        None => "has no row type: no struct derives `Queryable` or its like for it".to_owned(),
        Some(model) => format!(
            "has no row type to read it with: `{}` ({}:{}) derives {} alone, and no struct `Queryable`, `Selectable` or their like for it",
            model.rust_name,
            model.span.file.display(),
            model.span.line,
            derives(model)
        ),
    })
}

fn derives(model: &Model) -> String {
    let names: Vec<String> = (model.derives.iter())
        .map(|derive| format!("`{}`", derive.name()))
        .collect();
    names.join(" and ")
}
