//! A value of a type, as SQL over the number `g.n` of a row.

use crate::catalog::{Catalog, Column, DataType, QualifiedName};

/// How the values of a row are chosen: where constraints refuse one way, another may do.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    /// Numbers far from those that migrations insert themselves, instead of 1, 2, 3.
    pub(super) large: bool,
    /// Times around now, instead of in 2020.
    pub(super) recent: bool,
    /// Only columns that have to have a value.
    pub(super) least: bool,
    /// Texts that stand in check constraints.
    pub(super) quoted: bool,
    /// How many rows.
    pub(super) rows: usize,
}

/// The ways, in the order in which they are tried.
pub(super) const MANNERS: [Manner; 6] = {
    let full = Manner {
        large: true,
        recent: false,
        least: false,
        quoted: true,
        rows: 3,
    };
    [
        full,
        Manner {
            large: false,
            recent: true,
            ..full
        },
        Manner {
            large: false,
            quoted: false,
            ..full
        },
        Manner {
            least: true,
            recent: true,
            ..full
        },
        Manner {
            large: false,
            least: true,
            rows: 1,
            ..full
        },
        Manner {
            large: false,
            recent: true,
            least: true,
            quoted: false,
            rows: 1,
        },
    ]
};

/// A value of a column's type; none where the type is not known well enough.
pub(super) fn of_column(
    catalog: &Catalog,
    column: &Column,
    quoted: &[String],
    manner: Manner,
) -> Option<String> {
    let quoted = if manner.quoted { quoted } else { &[] };
    of_type(catalog, &column.data_type, quoted, manner, 0)
}

/// Types are made of types at most so deep: a domain over an array of a domain.
const DEEPEST: usize = 8;

fn of_type(
    catalog: &Catalog,
    data_type: &DataType,
    quoted: &[String],
    manner: Manner,
    depth: usize,
) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    let DataType { sql, array, .. } = data_type;
    let name = data_type.qualified_name();
    let within = |inner: &DataType| of_type(catalog, inner, quoted, manner, depth + 1);
    let element = if let Some(domain) = catalog.domains.iter().find(|of| of.name == name) {
        within(&domain.base)?
    } else if let Some(labels) = labels(catalog, &name) {
        one_of(labels)?
    } else if let Some(composite) = catalog.composites.iter().find(|of| of.name == name) {
        let fields: Option<Vec<_>> = (composite.attributes.iter())
            .map(|attribute| within(&attribute.data_type))
            .collect();
        format!("ROW({})", fields?.join(", "))
    } else if name.schema == "pg_catalog" {
        built_in(&name.name, data_type.length, quoted, manner)
    } else {
        // citext, ltree, a type of the project's own: what many take as text.
        format!("{}::text", text(quoted, None))
    };
    Some(if *array {
        let of = sql.strip_suffix("[]").unwrap_or(sql);
        format!("ARRAY[({element})::{of}]::{sql}")
    } else {
        format!("({element})::{sql}")
    })
}

fn labels<'a>(catalog: &'a Catalog, name: &QualifiedName) -> Option<&'a [String]> {
    let of_type = catalog.enums.iter().find(|of_type| of_type.name == *name)?;
    Some(&of_type.labels)
}

fn one_of(texts: &[String]) -> Option<String> {
    let list: Vec<_> = texts.iter().map(|text| literal(text)).collect();
    (!list.is_empty()).then(|| {
        let count = list.len();
        format!(
            "(ARRAY[{}]::text[])[1 + (g.n - 1) % {count}]",
            list.join(", ")
        )
    })
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''").replace('\\', "\\\\")).replacen('\'', "E'", 1)
}

fn text(quoted: &[String], length: Option<u32>) -> String {
    one_of(quoted).unwrap_or_else(|| match length {
        // No room for a letter in front.
        Some(1) => "g.n::text".to_owned(),
        _ => "'v' || g.n".to_owned(),
    })
}

/// A value of a type of PostgreSQL's own; what is not known by name is tried as a text.
fn built_in(name: &str, length: Option<u32>, quoted: &[String], manner: Manner) -> String {
    let first = if manner.large { 7000 } else { 0 };
    let day = if manner.recent {
        "date_trunc('hour', now()) + g.n * interval '1 minute'"
    } else {
        "timestamptz '2020-01-01 00:00:00+00' + g.n * interval '1 day'"
    };
    let range = |of: &str| format!("{of}(g.n::int, g.n::int + 1)");
    match name {
        "bool" => "g.n % 2 = 1".to_owned(),
        "int2" | "int4" | "int8" | "float4" | "float8" | "money" | "oid" => {
            format!("{first} + g.n")
        }
        "numeric" => "g.n".to_owned(),
        "text" | "varchar" | "name" => text(quoted, length),
        "bpchar" => text(quoted, length.or(Some(1))),
        "char" => "g.n::text".to_owned(),
        "uuid" => "md5('diesel_drift' || g.n)".to_owned(),
        "bytea" => "decode(md5('diesel_drift' || g.n), 'hex')".to_owned(),
        "date" | "timestamp" | "timestamptz" | "time" => day.to_owned(),
        "timetz" => format!("({day})::time"),
        "interval" => "g.n * interval '1 hour'".to_owned(),
        // As `CHECK (jsonb_typeof(…) = 'array')` has it.
        "json" | "jsonb" if quoted.iter().any(|text| text == "array") => {
            "jsonb_build_array(g.n)".to_owned()
        }
        "json" | "jsonb" => "jsonb_build_object('n', g.n)".to_owned(),
        "inet" | "cidr" => "('10.0.0.' || g.n)".to_owned(),
        "macaddr" => "('08:00:2b:01:02:0' || g.n)".to_owned(),
        "macaddr8" => "('08:00:2b:01:02:03:04:0' || g.n)".to_owned(),
        "bit" | "varbit" => format!("g.n::bit({})", length.unwrap_or(1)),
        "point" => "point(g.n, g.n)".to_owned(),
        "int4range" => range("int4range"),
        "int8range" => range("int8range"),
        "numrange" => range("numrange"),
        "daterange" => "daterange(date '2020-01-01' + g.n::int, date '2020-01-02' + g.n::int)".to_owned(),
        "tsrange" => "tsrange(timestamp '2020-01-01' + g.n * interval '1 day', timestamp '2020-01-02' + g.n * interval '1 day')".to_owned(),
        "tstzrange" => "tstzrange(timestamptz '2020-01-01 00:00:00+00' + g.n * interval '1 day', timestamptz '2020-01-02 00:00:00+00' + g.n * interval '1 day')".to_owned(),
        "tsvector" => "to_tsvector('simple', 'v' || g.n)".to_owned(),
        "tsquery" => "to_tsquery('simple', 'v' || g.n)".to_owned(),
        "xml" => "('<v>' || g.n || '</v>')".to_owned(),
        "pg_lsn" => "('0/' || g.n)".to_owned(),
        _ => text(quoted, length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_literal_whatever_is_in_it() {
        assert_eq!(literal(r"a'b\c"), r"E'a''b\\c'");
        assert_eq!(
            one_of(&["a".to_owned(), "b".to_owned()]).as_deref(),
            Some("(ARRAY[E'a', E'b']::text[])[1 + (g.n - 1) % 2]")
        );
        assert_eq!(one_of(&[]), None);
    }
}
