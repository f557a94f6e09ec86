use super::{Asked, Judged, Kind, listed, untried};
use crate::scorecard::Status;
use crate::scorecard::gather::{Evidence, Schema};

pub(super) static LINE: Kind = Kind {
    id: "required-models",
    title: "required tables and models exist",
    asked: Some(Asked {
        is: |asked| !asked.required.is_empty(),
        sentence: "required = [\"app.posts\", …]: whether these tables are in the database, in schema.rs and as row types",
    }),
    judge,
};

fn judge(evidence: &Evidence<'_>) -> Judged {
    let schema = match &evidence.schema {
        Ok(schema) => schema,
        Err(because) => return untried(because),
    };
    let required = &evidence.asked.required;
    let missing: Vec<String> = (required.iter())
        .filter_map(|name| missing(evidence, schema, name))
        .collect();
    if missing.is_empty() {
        let sentence = format!(
            "all {} are in the database, in schema.rs and as row types: {}",
            required.len(),
            required.join(", ")
        );
        return (Status::Green, vec![sentence]);
    }
    (Status::Red, listed(missing))
}

/// What a required table lacks.
fn missing(evidence: &Evidence<'_>, schema: &Schema, name: &str) -> Option<String> {
    let Some(table) = schema.table(name) else {
        return Some(format!("{name} is not in the database"));
    };
    let places: Vec<usize> = schema.declared_as(&table.name).collect();
    if places.is_empty() {
        return Some(format!("{name} is not in schema.rs"));
    }
    let mut models = evidence.models.models.iter();
    let has_model = models.any(|model| model.table.is_some_and(|place| places.contains(&place)));
    (!has_model).then(|| {
        format!("{name} has no row type: no struct derives `Queryable` or its like for it")
    })
}
