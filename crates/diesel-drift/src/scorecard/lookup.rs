//! What the names in `[scorecard]` mean in the database.

use crate::catalog::query::{Named, Table, is_called};
use crate::catalog::{BOOKKEEPING, Catalog, QualifiedName, Relation, RelationKind};

/// The table of a name, with or without its schema: as findings print it, as SQL has it in double quotes, or bare.
///
/// # Errors
/// What the name means instead, as the rest of a sentence: "is a view, not a table".
pub(super) fn table<'a>(catalog: &'a Catalog, name: &str) -> Result<Table<'a>, String> {
    let asked = parts(name);
    let is_meant = |of: &QualifiedName| match asked.as_slice() {
        [bare] => of.name == *bare,
        [schema, bare] => of.schema == *schema && of.name == *bare,
        _ => false,
    };
    let tables: Vec<Table<'_>> = (catalog.tables().into_iter())
        .filter(|table| is_meant(&table.name) || is_called(table, name))
        .collect();
    match tables.as_slice() {
        [only] => return Ok(*only),
        [] => {}
        several => {
            let names: Vec<String> = several.iter().map(Named::path).collect();
            return Err(format!(
                "could be any of {}: name it with its schema",
                names.join(" and ")
            ));
        }
    }
    let mut relations = catalog.relations.iter();
    Err(match relations.find(|relation| is_meant(&relation.name)) {
        Some(relation) => what(relation),
        None => absent(catalog, &asked),
    })
}

/// What a relation is that is no table of its own.
fn what(relation: &Relation) -> String {
    if let Some(whole) = &relation.partition_of {
        return format!("is a partition of {}: name that", whole.parent);
    }
    if relation.name.name == BOOKKEEPING {
        return "is Diesel's own record of the migrations".to_owned();
    }
    let kind = match relation.kind {
        RelationKind::Table | RelationKind::PartitionedTable => "no table of its own",
        RelationKind::View => "a view",
        RelationKind::MaterializedView => "a materialized view",
        RelationKind::ForeignTable => "a foreign table",
    };
    format!("is {kind}, not a table")
}

/// Names are told apart by their letters' case, which is easily forgotten.
fn absent(catalog: &Catalog, asked: &[String]) -> String {
    let Some(bare) = asked.last() else {
        return "is not in the database".to_owned();
    };
    let like = (catalog.tables().into_iter())
        .find(|table| table.name.name.to_lowercase() == bare.to_lowercase());
    match like {
        Some(table) => format!("is not in the database; is {} meant?", table.path()),
        None => "is not in the database".to_owned(),
    }
}

/// The parts of a name between its dots, those in double quotes as they are inside.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => push(&mut parts, '"'),
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            letter => push(&mut parts, letter),
        }
    }
    parts
}

fn push(parts: &mut [String], letter: char) {
    if let Some(last) = parts.last_mut() {
        last.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        let of = |schema: &str, name: &str, kind: RelationKind| Relation {
            name: QualifiedName::new(schema, name),
            kind,
            ..Relation::default()
        };
        use RelationKind::{ForeignTable, MaterializedView, PartitionedTable, Table, View};
        Catalog {
            relations: vec![
                of("app", "posts", Table),
                of("old", "posts", View),
                of("app", "Users", PartitionedTable),
                of("app", "a.b", Table),
                of("app", "say \"hi\"", Table),
                of("app", "seen", View),
                of("app", "kept", MaterializedView),
                of("app", "far", ForeignTable),
                of("app", "tags", Table),
                of("old", "tags", Table),
            ],
            ..Catalog::default()
        }
    }

    fn found(name: &str) -> String {
        match table(&catalog(), name) {
            Ok(table) => table.path(),
            Err(sentence) => sentence,
        }
    }

    #[rstest::rstest]
    #[case("posts", "app.posts")]
    #[case("app.posts", "app.posts")]
    #[case("\"app\".\"posts\"", "app.posts")]
    #[case("Users", "app.Users")]
    #[case("app.\"Users\"", "app.Users")]
    #[case("\"a.b\"", "app.\"a.b\"")]
    #[case("app.\"a.b\"", "app.\"a.b\"")]
    #[case("app.\"say \"\"hi\"\"\"", "app.\"say \"\"hi\"\"\"")]
    #[case("users", "is not in the database; is app.Users meant?")]
    #[case("old.posts", "is a view, not a table")]
    #[case("seen", "is a view, not a table")]
    #[case("kept", "is a materialized view, not a table")]
    #[case("app.far", "is a foreign table, not a table")]
    #[case(
        "tags",
        "could be any of app.tags and old.tags: name it with its schema"
    )]
    #[case("old.tags", "old.tags")]
    #[case("other.kept", "is not in the database")]
    #[case("a.b.c", "is not in the database")]
    fn a_name_is_that_of_one_table(#[case] name: &str, #[case] means: &str) {
        assert_eq!(found(name), means);
    }
}
