//! Rows to try it on.

use crate::catalog::{Catalog, Column, QualifiedName, Relation, quote_identifier};
use crate::roundtrip::{Known, Seeds, put_rows};
use crate::scorecard::immutable::guards::heirs;
use crate::scorecard::immutable::run::{holds, settle};
use crate::text::visible;
use diesel::PgConnection;
use diesel::connection::SimpleConnection;
use diesel::result::QueryResult;
use std::collections::BTreeSet;

/// Gives the table rows: its own and those that it refers to, so that nothing refers to them; where that fails, all that can be had.
///
/// # Errors
/// Inside: why there are none, and what to write so that there are.
pub(super) fn give_rows(
    connection: &mut PgConnection,
    catalog: &Catalog,
    table: &Relation,
    seeds: &Seeds,
) -> QueryResult<Result<(), String>> {
    let needed = needed(catalog, table);
    let known = &mut Known::default();
    connection.batch_execute("SAVEPOINT diesel_drift_card")?;
    let without = put_rows(connection, catalog, &|name| needed.contains(name), known)?;
    if has_rows(connection, table)? && settle(connection)?.is_ok() {
        return Ok(Ok(()));
    }
    connection.batch_execute("ROLLBACK TO SAVEPOINT diesel_drift_card")?;
    let ran = seeds.run(connection)?;
    if has_rows(connection, table)? && settle(connection)?.is_ok() {
        return Ok(Ok(()));
    }
    put_rows(connection, catalog, &|_| true, &mut Known::default())?;
    let settled = settle(connection)?;
    if has_rows(connection, table)? && settled.is_ok() {
        return Ok(Ok(()));
    }
    let refused = ran.into_iter().filter_map(|(file, refused)| {
        let reason = visible(&refused?);
        Some(format!("{} was refused: {reason}", file.display()))
    });
    // What refers to a table without rows has none for that reason.
    let lacks = |name: &QualifiedName| without.contains_key(&name.shown());
    let is_first = |relation: &&Relation| {
        let mut targets = relation.foreign_keys.iter().map(|key| &key.target);
        lacks(&relation.name) && !targets.any(|target| *target != relation.name && lacks(target))
    };
    let in_way = catalog.relations.iter().find(is_first).unwrap_or(table);
    let cause = without.get_key_value(&in_way.name.shown());
    let silent =
        (without.is_empty() && settled.is_ok()).then(|| "an INSERT leaves none".to_owned());
    let reasons: Vec<String> = (cause.into_iter())
        .map(|(name, reason)| format!("{name}: {}", visible(reason)))
        .chain(settled.err())
        .chain(silent)
        .chain(refused)
        .collect();
    Ok(Err(format!(
        "no row could be made ({}); write one in a file `seeds/{}.sql` below the project's root: {}",
        reasons.join("; "),
        file_name(&in_way.name.name),
        example(in_way)
    )))
}

/// What a row needs at least, each with its type.
fn example(table: &Relation) -> String {
    let is_needed = |column: &&Column| {
        column.not_null
            && column.default.is_none()
            && column.identity.is_none()
            && column.generated.is_none()
    };
    let (names, types): (Vec<String>, Vec<String>) = (table.columns.iter())
        .filter(is_needed)
        .map(|column| {
            let data_type = format!("<{}>", column.data_type.sql);
            (quote_identifier(&column.name), data_type)
        })
        .unzip();
    let into = table.name.to_sql();
    match names.is_empty() {
        true => format!("`INSERT INTO {into} DEFAULT VALUES;`"),
        false => format!(
            "`INSERT INTO {into} ({}) VALUES ({});`",
            names.join(", "),
            types.join(", ")
        ),
    }
}

/// A table's name, as far as it can be a file's.
fn file_name(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    name.chars().filter(|c| plain(*c)).collect()
}

/// A table, its heirs, and all that they refer to, directly or not.
fn needed<'a>(catalog: &'a Catalog, table: &'a Relation) -> BTreeSet<&'a QualifiedName> {
    let mut needed = BTreeSet::new();
    let mut pending = heirs(catalog, table);
    pending.push(table);
    while let Some(next) = pending.pop() {
        if needed.insert(&next.name) {
            let targets = next.foreign_keys.iter().map(|key| &key.target);
            let relations = catalog.relations.iter();
            let targets: Vec<&QualifiedName> = targets.collect();
            pending.extend(relations.filter(|relation| targets.contains(&&relation.name)));
        }
    }
    needed
}

fn has_rows(connection: &mut PgConnection, table: &Relation) -> QueryResult<bool> {
    let table = table.name.to_sql();
    holds(
        connection,
        &format!("SELECT EXISTS (SELECT FROM {table}) AS holds"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::DataType;

    #[test]
    fn an_example_has_what_a_row_needs() {
        let column = |name: &str, sql: &str, default: Option<&str>| Column {
            name: name.to_owned(),
            not_null: true,
            default: default.map(str::to_owned),
            data_type: DataType {
                sql: sql.to_owned(),
                ..DataType::default()
            },
            ..Column::default()
        };
        let mut table = Relation {
            name: QualifiedName::new("app", "Versions"),
            columns: vec![
                column("id", "uuid", Some("gen_random_uuid()")),
                column("post", "uuid", None),
                column("order", "text", None),
            ],
            ..Relation::default()
        };
        assert_eq!(
            example(&table),
            "`INSERT INTO app.\"Versions\" (post, \"order\") VALUES (<uuid>, <text>);`"
        );
        table.columns.truncate(1);
        assert_eq!(
            example(&table),
            "`INSERT INTO app.\"Versions\" DEFAULT VALUES;`"
        );
    }
}
