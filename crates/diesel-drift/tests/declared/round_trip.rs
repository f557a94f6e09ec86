//! A generated schema, printed as Diesel CLI prints it, parses back equal.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use diesel_drift::declared::{Column, Declared, Joinable, Span, SqlType, Table, Type};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::support::try_read;

/// Types by the names that a `table!` may use for them.
const TYPES: &[(&str, &[&str])] = &[
    ("bool", &["Bool"]),
    ("int2", &["Int2", "SmallInt", "SmallSerial"]),
    (
        "int4",
        &["Int4", "Integer", "Serial", "diesel::sql_types::Int4"],
    ),
    ("int8", &["Int8", "BigInt", "BigSerial"]),
    ("float4", &["Float4", "Float"]),
    ("float8", &["Float8", "Double"]),
    ("numeric", &["Numeric", "Decimal"]),
    ("text", &["Text", "Varchar", "VarChar", "Bpchar"]),
    ("bytea", &["Bytea", "Binary"]),
    ("date", &["Date"]),
    ("time", &["Time"]),
    ("interval", &["Interval"]),
    ("timestamp", &["Timestamp"]),
    (
        "timestamptz",
        &["Timestamptz", "diesel::pg::sql_types::Timestamptz"],
    ),
    ("json", &["Json"]),
    ("jsonb", &["Jsonb"]),
    ("uuid", &["Uuid", "::diesel::sql_types::Uuid"]),
    ("oid", &["Oid"]),
    ("money", &["Money"]),
    ("inet", &["Inet"]),
    ("cidr", &["Cidr"]),
    ("macaddr", &["MacAddr", "Macaddr"]),
    ("macaddr8", &["MacAddr8"]),
    ("char", &["CChar"]),
    ("pg_lsn", &["PgLsn"]),
    ("int4range", &["Int4range", "Range<Integer>"]),
    ("tstzrange", &["Tstzrange", "Range<Timestamptz>"]),
    ("nummultirange", &["Nummultirange", "Multirange<Numeric>"]),
];

/// Names that are not identifiers, or not plain ones.
const ODD: &[&str] = &[
    "type",
    "match",
    "self",
    "Self",
    "crate",
    "async",
    "with space",
    "quo\"te",
    "back\\slash",
    "1st",
    "a-b",
    "Ünï",
    "🦀",
    "UPPER",
    "table",
    "columns",
    "__x",
    "new\nline",
    "r",
    "_",
    "id",
];

/// A schema and the way in which it is written.
#[derive(Clone, Debug)]
struct Written {
    declared: Declared,
    text: String,
}

fn sql_name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z][a-z0-9_]{0,8}",
        2 => select(ODD).prop_map(str::to_owned),
        1 => "\\PC{1,6}",
    ]
}

/// A type and one of its spellings. Those of `sql_types` are numbered.
fn data_type(customs: usize) -> BoxedStrategy<(Type, String)> {
    let builtin = (select(TYPES), any::<Index>()).prop_map(|((name, spellings), index)| {
        let schema = Some("pg_catalog".to_owned());
        let name = (*name).to_owned();
        (
            Type::Known { schema, name },
            spellings[index.index(spellings.len())].to_owned(),
        )
    });
    let unknown = "[A-Z][a-z]{3,6}Foreign".prop_map(|name| {
        let text = format!("other_crate::sql_types::{name}");
        (Type::Unknown { name }, text)
    });
    let scalar = if customs == 0 {
        prop_oneof![8 => builtin, 1 => unknown].boxed()
    } else {
        let custom = (0..customs).prop_map(|number| {
            let name = format!("custom {number}");
            (
                Type::Known { schema: None, name },
                format!("Custom{number}"),
            )
        });
        prop_oneof![8 => builtin, 1 => unknown, 3 => custom].boxed()
    };
    (scalar, 0..4_u8)
        .prop_map(|((ty, text), shape)| match shape {
            0 => {
                let element = Box::new(ty);
                (
                    Type::Array {
                        element,
                        nullable: true,
                    },
                    format!("Array<Nullable<{text}>>"),
                )
            }
            1 => {
                let element = Box::new(ty);
                (
                    Type::Array {
                        element,
                        nullable: false,
                    },
                    format!("Array<{text}>"),
                )
            }
            _ => (ty, text),
        })
        .boxed()
}

/// The Rust identifier for a name, as Diesel CLI makes one, and as it is written.
fn identifier(name: &str, taken: &mut BTreeSet<String>) -> (String, String) {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let mut rust_name =
        if plain.starts_with(|c: char| c.is_ascii_digit()) || plain == "_" || plain.is_empty() {
            format!("n{plain}")
        } else {
            plain
        };
    while !taken.insert(rust_name.clone()) {
        rust_name.push('_');
    }
    let written = match rust_name.as_str() {
        // These four cannot be raw.
        "self" | "Self" | "super" | "crate" => {
            taken.remove(&rust_name);
            return identifier(&format!("{name}_"), taken);
        }
        keyword if syn_keyword(keyword) => format!("r#{keyword}"),
        plain => plain.to_owned(),
    };
    (rust_name, written)
}

fn syn_keyword(name: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do",
        "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in",
        "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
        "return", "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe",
        "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.contains(&name)
}

fn nowhere() -> Span {
    Span {
        file: PathBuf::new(),
        start: 0,
        end: 0,
        line: 0,
        column: 0,
    }
}

type RawColumn = ((Type, String), bool, Option<u32>);
type RawTable = (
    Option<String>,
    std::collections::BTreeMap<String, RawColumn>,
    Vec<Index>,
);

fn written() -> impl Strategy<Value = Written> {
    (0..3_usize).prop_flat_map(|customs| {
        let column = (
            data_type(customs),
            any::<bool>(),
            option::of(1..100_000_u32),
        );
        let table = (
            option::of("[a-z]{2,6}"),
            btree_map(sql_name(), column, 1..8),
            vec(any::<Index>(), 1..3),
        );
        (
            btree_map(sql_name(), table, 0..6),
            vec(any::<(Index, Index, Index)>(), 0..4),
        )
            .prop_map(move |(tables, joins)| write_schema(customs, tables, &joins))
    })
}

/// Both the declarations and their text; neither is made from the other.
fn write_schema(
    customs: usize,
    tables: std::collections::BTreeMap<String, RawTable>,
    joins: &[(Index, Index, Index)],
) -> Written {
    let mut declared = Declared::default();
    let mut text = String::from("// @generated automatically by Diesel CLI.\n\n");
    if customs > 0 {
        text.push_str("pub mod sql_types {\n");
        for number in 0..customs {
            let name = format!("custom {number}");
            writeln!(text, "    #[derive(diesel::sql_types::SqlType)]\n    #[diesel(postgres_type(name = {name:?}))]\n    pub struct Custom{number};\n").unwrap();
            declared.sql_types.push(SqlType {
                rust_name: format!("Custom{number}"),
                schema: None,
                name,
                span: nowhere(),
            });
        }
        text.push_str("}\n\n");
    }
    let mut taken = BTreeSet::new();
    let mut identifiers = Vec::new();
    for (name, (schema, columns, key)) in tables {
        let (rust_name, written) = identifier(&name, &mut taken);
        text.push_str("diesel::table! {\n    use diesel::sql_types::*;\n");
        for number in 0..customs {
            writeln!(text, "    use super::sql_types::Custom{number};").unwrap();
        }
        writeln!(text, "\n    /// {:?}\n    #[sql_name = {name:?}]", "doc").unwrap();
        let mut taken = BTreeSet::new();
        let mut body = String::new();
        let mut own = Vec::new();
        let mut found = Vec::new();
        for (name, ((data_type, type_text), nullable, max_length)) in columns {
            let (rust_name, written) = identifier(&name, &mut taken);
            if let Some(length) = max_length {
                writeln!(body, "        #[max_length = {length}]").unwrap();
            }
            if name != rust_name {
                writeln!(body, "        #[sql_name = {name:?}]").unwrap();
            }
            let type_text = if nullable {
                format!("Nullable<{type_text}>")
            } else {
                type_text
            };
            writeln!(body, "        {written} -> {type_text},").unwrap();
            own.push(written);
            found.push(Column {
                name,
                rust_name,
                nullable,
                data_type,
                type_text,
                max_length,
                span: nowhere(),
                type_span: nowhere(),
            });
        }
        let mut key: Vec<usize> = key.iter().map(|index| index.index(found.len())).collect();
        key.dedup();
        let prefix = schema.as_ref().map_or(String::new(), |schema| {
            if syn_keyword(schema) {
                format!("r#{schema}.")
            } else {
                format!("{schema}.")
            }
        });
        let keys: Vec<&str> = key.iter().map(|at| own[*at].as_str()).collect();
        writeln!(
            text,
            "    {prefix}{written} ({}) {{\n{body}    }}\n}}\n",
            keys.join(", ")
        )
        .unwrap();
        let columns = found.iter().map(|column| column.rust_name.clone());
        identifiers.push((
            rust_name.clone(),
            written,
            columns.zip(own).collect::<Vec<_>>(),
        ));
        declared.tables.push(Table {
            schema,
            name,
            rust_name,
            module: Vec::new(),
            primary_key: key.iter().map(|at| found[*at].name.clone()).collect(),
            columns: found,
            span: nowhere(),
            primary_key_span: nowhere(),
        });
    }
    for (child, parent, key) in joins.iter().filter(|_| !identifiers.is_empty()) {
        let (child, parent) = (child.get(&identifiers), parent.get(&identifiers));
        let (foreign_key, written) = key.get(&child.2);
        writeln!(
            text,
            "diesel::joinable!({} -> {} ({written}));",
            child.1, parent.1
        )
        .unwrap();
        declared.joinables.push(Joinable {
            child: vec![child.0.clone()],
            parent: vec![parent.0.clone()],
            foreign_key: foreign_key.clone(),
            module: Vec::new(),
            span: nowhere(),
        });
    }
    Written { declared, text }
}

/// Without places and sources.
fn bare(mut declared: Declared) -> Declared {
    declared.sources.clear();
    for table in &mut declared.tables {
        table.span = nowhere();
        table.primary_key_span = nowhere();
        for column in &mut table.columns {
            column.span = nowhere();
            column.type_span = nowhere();
        }
    }
    for join in &mut declared.joinables {
        join.span = nowhere();
    }
    for found in &mut declared.sql_types {
        found.span = nowhere();
    }
    declared
}

proptest! {
    #[test]
    fn a_printed_schema_parses_back_equal(schema in written(), windows in any::<bool>(), mark in any::<bool>()) {
        let mut text = schema.text.clone();
        // A line end inside a string would be another string.
        if windows && !schema.text.contains("\\r") {
            text = text.replace('\n', "\r\n");
        }
        if mark {
            text.insert(0, '\u{feff}');
        }
        let found = try_read(&[("schema.rs", &text)], &["schema.rs"]).unwrap();
        for table in &found.declared.tables {
            let place = |span: &Span| text[span.start..span.end].trim_start_matches("r#").to_owned();
            prop_assert_eq!(&place(&table.span), &table.rust_name);
            for column in &table.columns {
                prop_assert_eq!(&place(&column.span), &column.rust_name);
                prop_assert_eq!(&place(&column.type_span), &column.type_text);
            }
        }
        prop_assert_eq!(bare(found.declared), schema.declared);
    }
}
