use super::words::{is_key_type, list, refers_to_several, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{Column, DataType, QualifiedName};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use std::collections::BTreeMap;

pub static KIND: Kind = Kind {
    id: "id-type-inconsistent",
    severity: Severity::Warning,
    summary: "a column that is a foreign key elsewhere, and is of another type here",
    fixture: Some(rule_fixture!("id-type-inconsistent")),
    found: Found::ByRule(&Rule {
        because: "The same name means the same thing until it does not fit: values of the one overflow in the other, and a join of the two casts every row.",
        instead: "the type of the key that the others of this name refer to, and the foreign key",
        default: Default::On,
        others: &[("squawk", "`prefer-bigint-over-int`, for every column")],
        check,
    }),
    message: |finding| format!("column `{}` is {}", finding.subject, said(finding)),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let columns = linted.columns();
    let mut referring: BTreeMap<(&str, &str), Vec<Referring<'_>>> = BTreeMap::new();
    for column in columns.iter() {
        let table = column.table.relation();
        let mut keys = column.foreign_keys();
        let key = keys.find(|key| key.columns.len() == 1);
        if let Some(foreign_key) = key.filter(|_| !is_identity(column)) {
            let key = (table.name.schema.as_str(), column.item().name.as_str());
            referring.entry(key).or_default().push(Referring {
                data_type: &column.item().data_type,
                table: &table.name,
                target: &foreign_key.target,
            });
        }
    }
    (columns.iter())
        .filter(|column| is_key_type(&column.data_type) && column.foreign_keys().next().is_none())
        .filter(|column| !refers_to_several(column) && !is_identity(column))
        // What counts up refers to nothing.
        .filter(|column| column.identity.is_none() && !linted.is_serial(column))
        .filter_map(|column| {
            let key = (column.table.name.schema.as_str(), column.name.as_str());
            let others = referring.get(&key)?;
            // What the others do not agree on is no rule.
            let first = others.first()?;
            let agree = others.iter().all(|it| it.data_type == first.data_type);
            let is_other =
                agree && is_key_type(first.data_type) && *first.data_type != column.data_type;
            is_other.then(|| finding(column, first))
        })
        .collect()
}

/// Whether a column is what its own table's rows are told apart by: `id`, which means another thing in each table, also where it refers to one.
fn is_identity(column: &Member<'_, Column>) -> bool {
    let key = column.table.primary_key.as_ref();
    key.is_some_and(|key| key.columns == [column.name.as_str()])
}

/// A column that is a foreign key by itself.
struct Referring<'a> {
    data_type: &'a DataType,
    table: &'a QualifiedName,
    target: &'a QualifiedName,
}

fn finding(column: &Member<'_, Column>, other: &Referring<'_>) -> Finding {
    let (table, name) = (column.table.name.to_sql(), list([&column.name]));
    let (is, should) = (&column.data_type, other.data_type);
    let finding = Finding::new(&KIND, column.subject()).live(format!(
        "{}, and {} where `{}.{}` is a foreign key",
        is.sql, should.sql, other.table, column.name
    ));
    // A number is no uuid, and a wider number may not fit.
    match is_wider(should, is) {
        true => finding.help(format!(
            "write `ALTER TABLE {table} ALTER COLUMN {name} TYPE {};` and `ALTER TABLE {table} ADD FOREIGN KEY ({name}) REFERENCES {};`",
            should.sql,
            other.target.to_sql()
        )),
        false => finding,
    }
}

/// Whether every number of the `other` type is one of this type as well.
fn is_wider(data_type: &DataType, other: &DataType) -> bool {
    let width = |of: &DataType| {
        ["int2", "int4", "int8"]
            .iter()
            .position(|name| *name == of.name)
    };
    width(other).is_some() && width(other) < width(data_type)
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, found, table};
    use super::*;
    use crate::catalog::{ForeignKey, Identity, Key, Relation};

    fn referring(mut of: Relation, name: &str) -> Relation {
        of.foreign_keys.push(ForeignKey {
            columns: vec![name.to_owned()],
            target: QualifiedName::new("public", "users"),
            target_columns: vec!["id".to_owned()],
            ..ForeignKey::default()
        });
        of
    }

    fn keyed(mut of: Relation, names: &[&str]) -> Relation {
        of.primary_key = Some(Key {
            columns: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Key::default()
        });
        of
    }

    fn wrong(tables: impl IntoIterator<Item = Relation>) -> Vec<String> {
        let findings = found(&KIND, tables);
        findings.iter().map(|it| it.subject.to_string()).collect()
    }

    #[test]
    fn what_a_table_is_told_apart_by_is_its_own() {
        // One row of a profile for each user: its `id` refers.
        let profiles = || {
            keyed(
                referring(table("profiles", [column("id", "uuid")]), "id"),
                &["id"],
            )
        };
        let posts = keyed(table("posts", [column("id", "int8")]), &["id"]);
        let parts = table("parts", [column("tenant", "int8"), column("id", "int8")]);
        let parts = keyed(parts, &["tenant", "id"]);
        assert_eq!(wrong([profiles(), posts, parts]), [""; 0]);
    }

    #[test]
    fn what_counts_up_refers_to_nothing() {
        let posts = || referring(table("posts", [column("author_id", "int8")]), "author_id");
        let views = |identity| {
            let author = Column {
                identity,
                ..column("author_id", "int4")
            };
            table("views", [author])
        };
        assert_eq!(wrong([posts(), views(None)]), ["public.views.author_id"]);
        assert_eq!(wrong([posts(), views(Some(Identity::Always))]), [""; 0]);
    }
}
