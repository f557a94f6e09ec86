//! The entity-relationship diagram of a schema, in Mermaid's `erDiagram`.
//!
//! Only what Mermaid 10 knows already is written, so that GitHub's version, whichever it is, can draw it. Names of tables are always
//! quoted, because an unquoted one could be a word of the language; what a quoted name cannot hold, or what Mermaid would take for
//! Markdown or a directive, is written as `#35;`, its own escape. Names and types of columns cannot be quoted: one that is no
//! plain word is written as one that is like it, and its comment says what it is.

use super::cardinality::{Cardinality, is_unique};
use super::model::Schema;
use crate::catalog::{Column, DataType, QualifiedName, Relation};
use crate::text::show_name;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The longest diagram that Mermaid draws by default (`maxTextSize`), in UTF-16 code units.
const LONGEST: usize = 50_000;

/// How much of a table is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Every column.
    Columns,
    /// The columns of keys.
    Keys,
    /// The name.
    Names,
}

/// The diagram of a schema's tables, with as much of them as Mermaid will draw; none where that is too much already, or there is no
/// table.
pub(super) fn diagram(schema: &Schema<'_>) -> Option<(Detail, String)> {
    if schema.tables.is_empty() {
        return None;
    }
    [Detail::Columns, Detail::Keys, Detail::Names]
        .into_iter()
        .map(|detail| (detail, draw(schema, detail)))
        .find(|(_, text)| text.encode_utf16().count() < LONGEST)
}

fn draw(schema: &Schema<'_>, detail: Detail) -> String {
    let mut text = "erDiagram\n".to_owned();
    for table in &schema.tables {
        entity(&mut text, table, detail);
    }
    let elsewhere: BTreeSet<&QualifiedName> = (schema.foreign_keys())
        .map(|(_, key)| &key.target)
        .filter(|target| !schema.has_table(target))
        .collect();
    for target in elsewhere {
        let _ = writeln!(text, "  {}", entity_name(schema, target));
    }
    for (table, key) in schema.foreign_keys() {
        let cardinality = Cardinality::of(table, key);
        let parent = if cardinality.mandatory { "||" } else { "|o" };
        let line = if cardinality.identifying { "--" } else { ".." };
        let child = if cardinality.at_most_one { "o|" } else { "o{" };
        let columns: Vec<_> = key
            .columns
            .iter()
            .map(|name| label(&show_name(name)))
            .collect();
        let _ = writeln!(
            text,
            "  {} {parent}{line}{child} {} : \"{}\"",
            entity_name(schema, &key.target),
            entity_name(schema, &table.name),
            columns.join(", ")
        );
    }
    text
}

fn entity(text: &mut String, table: &Relation, detail: Detail) {
    let columns: Vec<_> = (table.columns.iter())
        .map(|column| (column, keys(table, column)))
        .filter(|(_, keys)| match detail {
            Detail::Columns => true,
            Detail::Keys => !keys.is_empty(),
            Detail::Names => false,
        })
        .collect();
    let name = quoted(&show_name(&table.name.name));
    // Writing to a string cannot fail.
    if columns.is_empty() {
        let _ = writeln!(text, "  {name}");
        return;
    }
    let _ = writeln!(text, "  {name} {{");
    for (column, keys) in columns {
        let written = word(&column.name, "");
        // Mermaid 12 takes what begins with `_` for Markdown.
        let exact = written == column.name && !written.starts_with('_');
        let comment = match exact {
            true => String::new(),
            false => format!(" {}", quoted(&show_name(&column.name))),
        };
        let keys = match keys.is_empty() {
            true => String::new(),
            false => format!(" {}", keys.join(", ")),
        };
        let _ = writeln!(
            text,
            "    {} {written}{keys}{comment}",
            type_word(&column.data_type)
        );
    }
    text.push_str("  }\n");
}

fn keys(table: &Relation, column: &Column) -> Vec<&'static str> {
    let holds = |columns: &[String]| columns.contains(&column.name);
    let primary = table.primary_key.as_ref();
    let marks = [
        ("PK", primary.is_some_and(|key| holds(&key.columns))),
        (
            "FK",
            table.foreign_keys.iter().any(|key| holds(&key.columns)),
        ),
        ("UK", is_unique(table, &column.name)),
    ];
    marks
        .into_iter()
        .filter_map(|(mark, has)| has.then_some(mark))
        .collect()
}

/// A table of the schema by its name, any other with its schema.
fn entity_name(schema: &Schema<'_>, name: &QualifiedName) -> String {
    match name.schema == schema.name {
        true => quoted(&show_name(&name.name)),
        false => quoted(&name.shown()),
    }
}

/// PostgreSQL's short name of the type (`pg_type.typname`), because that is a word.
fn type_word(data_type: &DataType) -> String {
    let length = data_type.length.map(|length| format!("({length})"));
    let array = if data_type.array { "[]" } else { "" };
    word(
        &data_type.name,
        &format!("{}{array}", length.unwrap_or_default()),
    )
}

/// A word as Mermaid has it in an entity, followed by `suffix`; never one of its marks of keys.
fn word(name: &str, suffix: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let word: String = name.chars().map(plain).collect();
    let begins = word.starts_with(|c: char| c.is_ascii_digit());
    let is_mark = ["pk", "fk", "uk"]
        .iter()
        .any(|mark| word.eq_ignore_ascii_case(mark));
    format!(
        "{}{word}{}{suffix}",
        if begins { "_" } else { "" },
        if is_mark { "_" } else { "" }
    )
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", label(text))
}

/// What stands in Mermaid's quotes.
fn label(text: &str) -> String {
    let mut label = String::new();
    let mut within_word = false;
    for c in text.chars() {
        // At the beginning of a word `_` begins Markdown's emphasis.
        let in_word = c.is_alphanumeric() || (c == '_' && within_word);
        match in_word || matches!(c, '-' | '.' | ',' | '(' | ')') {
            true => label.push(c),
            // Writing to a string cannot fail.
            false => drop(write!(label, "#{};", c as u32)),
        }
        within_word = in_word;
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_word_is_never_a_mark_or_another_token() {
        assert_eq!(word("id", ""), "id");
        assert_eq!(word("naïve col", ""), "na_ve_col");
        assert_eq!(word("PK", ""), "PK_");
        assert_eq!(word("uk", "[]"), "uk_[]");
        assert_eq!(word("2fa", ""), "_2fa");
        assert_eq!(word("a~b\n}", ""), "a_b__");
    }

    #[test]
    fn types_are_short_words() {
        let of = |name: &str, array, length| {
            type_word(&DataType {
                name: name.to_owned(),
                array,
                length,
                ..DataType::default()
            })
        };
        assert_eq!(of("varchar", false, Some(40)), "varchar(40)");
        assert_eq!(of("timestamptz", true, None), "timestamptz[]");
        assert_eq!(of("Mood swing", false, None), "Mood_swing");
    }

    #[test]
    fn labels_hold_nothing_that_mermaid_takes_for_its_own() {
        assert_eq!(label("repo_id"), "repo_id");
        assert_eq!(label("__x_"), "#95;#95;x_");
        assert_eq!(label("tower._x"), "tower.#95;x");
        assert_eq!(
            label("%%{init: 1}%%"),
            "#37;#37;#123;init#58;#32;1#125;#37;#37;"
        );
        assert_eq!(label("a\"b\\c<d>`e`"), "a#34;b#92;c#60;d#62;#96;e#96;");
        assert_eq!(label("日本"), "日本");
    }

    /// Of that many tables with that many columns, what is drawn.
    fn drawn(tables: usize, columns: usize) -> Option<Detail> {
        let column = |name: usize| Column {
            name: format!("column_{name}"),
            ..Column::default()
        };
        let table = |name: usize| Relation {
            name: QualifiedName::new("app", format!("table_{name}")),
            columns: (0..columns).map(column).collect(),
            ..Relation::default()
        };
        let tables: Vec<_> = (0..tables).map(table).collect();
        let schema = Schema {
            name: "app",
            tables: tables.iter().collect(),
            ..Schema::default()
        };
        diagram(&schema).map(|(detail, _)| detail)
    }

    #[test]
    fn no_more_is_drawn_than_mermaid_draws() {
        assert_eq!(drawn(0, 0), None);
        assert_eq!(drawn(50, 20), Some(Detail::Columns));
        // None of them is in a key.
        assert_eq!(drawn(500, 20), Some(Detail::Keys));
        assert_eq!(drawn(5_000, 1), None);
    }
}
