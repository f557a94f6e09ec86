//! What PostgreSQL makes of a value of a type as JSON (`json_categorize_type` in `src/backend/utils/adt/jsonfuncs.c`).

use crate::catalog::{
    CastMethod, Catalog, CompositeType, DataType, Domain, Domains, EnumType, QualifiedName,
    Relation,
};
use std::collections::{HashMap, HashSet};

/// What a value that is not NULL is as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `bool`.
    Boolean,
    /// `int2`.
    SmallInteger,
    /// `int4`.
    Integer,
    /// `int8`.
    BigInteger,
    /// `float4`, `float8`, `numeric`: a number, or the text of one that JSON cannot write.
    Number(NumberRange),
    /// What its output function writes, as a string.
    Text(TextForm),
    /// An array, of one dimension: PostgreSQL holds none to the number that it is declared with, but Diesel reads no others.
    Array {
        /// What an element is that is not null.
        element: Box<Shape>,
        /// Whether an element can be null: also one of a `NOT NULL` domain (`a[5] := …` fills up with nulls), unless a check keeps it out.
        nullable: bool,
    },
    /// `hstore`: an object of strings and nulls. Written, it is the text that `hstore` reads.
    Dictionary,
    /// An enum of the model.
    Enum(QualifiedName),
    /// A composite type of the model, or the row type of a relation.
    Composite(QualifiedName),
    /// Anything: `json`, `jsonb`, and what nothing certain is known of.
    Any,
}

/// Which numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberRange {
    /// Any, and `"NaN"`, `"Infinity"`, `"-Infinity"`: `float4`, `float8`.
    Float,
    /// The same, but also numbers that JavaScript reads as infinite: `numeric`.
    Numeric,
    /// `numeric(p, s)`: less than ten to the power of this in size, or `"NaN"`; never infinite.
    Digits(i32),
}

/// What is certain of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextForm {
    /// Nothing.
    Any,
    /// `varchar(n)`, `char(n)`: at most that many characters (code points).
    Characters(u32),
    /// `uuid`.
    Uuid,
    /// `bytea`, with `bytea_output` as PostgreSQL has it by default.
    Octets,
    /// `bit(n)`; `bit` without a length.
    Bits(Option<u32>),
    /// `varbit(n)`; `varbit` without a length is `Bits(None)`.
    AtMostBits(u32),
    /// `macaddr`, `macaddr8`: that many octets.
    MacAddress(u32),
}

/// The types of extensions of which it is certain what they are: their extension, their name.
const EXTENSION_TEXTS: [(&str, &[&str]); 7] = [
    ("citext", &["citext"]),
    ("ltree", &["ltree", "lquery", "ltxtquery"]),
    ("cube", &["cube"]),
    ("seg", &["seg"]),
    (
        "isn",
        &[
            "ean13", "isbn", "isbn13", "ismn", "ismn13", "issn", "issn13", "upc",
        ],
    ),
    ("intarray", &["query_int"]),
    ("vector", &["vector", "halfvec", "sparsevec"]),
];

/// The types of `pg_catalog` whose names begin as those of its tables do.
const NO_TABLES: [&str; 8] = [
    "pg_brin_bloom_summary",
    "pg_brin_minmax_multi_summary",
    "pg_dependencies",
    "pg_lsn",
    "pg_mcv_list",
    "pg_ndistinct",
    "pg_node_tree",
    "pg_snapshot",
];

/// The types of a catalog, by name.
pub(super) struct Types<'a> {
    catalog: &'a Catalog,
    domains: Domains<'a>,
    enums: HashMap<QualifiedName, &'a EnumType>,
    composites: HashMap<QualifiedName, &'a CompositeType>,
    relations: HashMap<QualifiedName, &'a Relation>,
    /// Base types, ranges and multiranges: what their output function writes.
    texts: HashSet<QualifiedName>,
    /// What is written by a cast to `json` instead.
    cast: HashSet<String>,
}

impl<'a> Types<'a> {
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        let outside = &catalog.outside;
        let domains = catalog.domains.iter().chain(&outside.domains);
        let enums = catalog.enums.iter().chain(&outside.enums);
        let bases = catalog
            .base_types
            .iter()
            // Such as `point`, of fixed length, and unlike `int2vector`: which of the two a type with elements is like is not said.
            .filter(|base| !base.shell && (base.element.is_none() || base.length.is_some()))
            .map(|base| base.name.clone());
        let ranges = catalog
            .ranges
            .iter()
            .flat_map(|range| [range.name.clone(), range.multirange_name()]);
        Self {
            catalog,
            domains: Domains::of(domains),
            enums: enums.map(|found| (found.name.clone(), found)).collect(),
            composites: catalog
                .composites
                .iter()
                .map(|composite| (composite.name.clone(), composite))
                .collect(),
            relations: catalog
                .relations
                .iter()
                .map(|relation| (relation.name.clone(), relation))
                .collect(),
            texts: bases.chain(ranges).collect(),
            cast: catalog
                .casts
                .iter()
                .filter(|cast| cast.method == CastMethod::Function)
                .filter_map(|cast| cast.name.strip_prefix('(')?.strip_suffix(" AS json)"))
                .map(unquoted)
                .collect(),
        }
    }

    /// The composite type of that name.
    pub(super) fn composite(&self, name: &QualifiedName) -> Option<&'a CompositeType> {
        self.composites.get(name).copied()
    }

    /// The relation that a composite shape names, where it is a relation's row type.
    pub(super) fn relation(&self, name: &QualifiedName) -> Option<&'a Relation> {
        self.relations.get(name).copied()
    }

    /// The enum of that name.
    pub(super) fn enum_type(&self, name: &QualifiedName) -> Option<&'a EnumType> {
        self.enums.get(name).copied()
    }

    /// The domains that a type is made of, the outermost first. An array of a domain is made of none.
    pub(super) fn domains_of(&self, data_type: &DataType) -> impl Iterator<Item = &'a Domain> {
        self.domains.chain(data_type)
    }

    /// Whether a column of that type has a default that its table does not say.
    pub(super) fn has_default(&self, data_type: &DataType) -> bool {
        // PostgreSQL copies the default of what a domain is made of into the domain.
        match self.domains_of(data_type).next() {
            Some(domain) => domain.default.as_deref().is_some_and(is_a_value),
            None => {
                let name = data_type.qualified_name();
                let mut bases = self.catalog.base_types.iter();
                !data_type.array && bases.any(|base| base.name == name && base.default.is_some())
            }
        }
    }

    /// What a value of that type is.
    pub(super) fn shape(&self, data_type: &DataType) -> Shape {
        if data_type.array {
            let element = DataType {
                array: false,
                ..data_type.clone()
            };
            return array(self.shape(&element));
        }
        if let Some(domain) = self.domains_of(data_type).next() {
            return self.shape(&domain.base);
        }
        let name = data_type.qualified_name();
        match data_type.schema.as_str() {
            "pg_catalog" => own(data_type),
            "information_schema" => Shape::Any,
            _ if self.composites.contains_key(&name) || self.relations.contains_key(&name) => {
                Shape::Composite(name)
            }
            _ if self.is_cast(&name) => Shape::Any,
            _ if self.enums.contains_key(&name) => Shape::Enum(name),
            _ if self.texts.contains(&name) => Shape::Text(TextForm::Any),
            _ => self.of_an_extension(&name),
        }
    }

    /// Whether a cast to `json` makes its JSON. Of domains, arrays and composite types PostgreSQL looks for none.
    fn is_cast(&self, name: &QualifiedName) -> bool {
        self.cast.contains(&unquoted(&name.to_string()))
    }

    fn of_an_extension(&self, name: &QualifiedName) -> Shape {
        let has = |extension: &str| {
            let mut installed = self.catalog.extensions.iter();
            installed.any(|found| found.name == extension && found.schema == name.schema)
        };
        let text = EXTENSION_TEXTS
            .iter()
            .any(|(extension, types)| types.contains(&name.name.as_str()) && has(extension));
        match name.name.as_str() {
            _ if text => Shape::Text(TextForm::Any),
            "hstore" if has("hstore") => Shape::Dictionary,
            _ => Shape::Any,
        }
    }
}

fn array(element: Shape) -> Shape {
    Shape::Array {
        element: Box::new(element),
        nullable: true,
    }
}

/// A name as it is told from others here, however it is quoted.
fn unquoted(name: &str) -> String {
    name.replace('"', "")
}

/// Whether a default is one: `DEFAULT NULL` is stored for columns of domains, where it hides the domain's.
pub(super) fn is_a_value(default: &str) -> bool {
    default != "NULL" && !default.starts_with("NULL::")
}

/// PostgreSQL's own types. No cast has a say in them.
fn own(data_type: &DataType) -> Shape {
    let characters = |length: Option<u32>| length.map_or(TextForm::Any, TextForm::Characters);
    Shape::Text(match data_type.name.as_str() {
        "bool" => return Shape::Boolean,
        "int2" => return Shape::SmallInteger,
        "int4" => return Shape::Integer,
        "int8" => return Shape::BigInteger,
        "float4" | "float8" => return Shape::Number(NumberRange::Float),
        "numeric" => return Shape::Number(numeric(&data_type.sql)),
        "json" | "jsonb" => return Shape::Any,
        "int2vector" => {
            return array(Shape::SmallInteger);
        }
        "oidvector" => return array(Shape::Text(TextForm::Any)),
        // The row type of a system table.
        name if name.starts_with("pg_") && !NO_TABLES.contains(&name) => return Shape::Any,
        "varchar" | "bpchar" => characters(data_type.length),
        "uuid" => TextForm::Uuid,
        "bytea" => TextForm::Octets,
        "bit" => TextForm::Bits(data_type.length),
        "varbit" => data_type
            .length
            .map_or(TextForm::Bits(None), TextForm::AtMostBits),
        "macaddr" => TextForm::MacAddress(6),
        "macaddr8" => TextForm::MacAddress(8),
        _ => TextForm::Any,
    })
}

/// `numeric(10,2)`, as `format_type` writes it, also with `[]` behind it.
fn numeric(sql: &str) -> NumberRange {
    let digits = || {
        let (_, modifier) = sql.split_once('(')?;
        let (modifier, _) = modifier.split_once(')')?;
        let (precision, scale) = modifier.split_once(',')?;
        let number = |text: &str| text.trim().parse::<i32>().ok();
        number(precision)?.checked_sub(number(scale)?)
    };
    digits().map_or(NumberRange::Numeric, NumberRange::Digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_before_the_point_are_what_a_modifier_leaves() {
        for (sql, range) in [
            ("numeric", NumberRange::Numeric),
            ("numeric[]", NumberRange::Numeric),
            ("numeric(10,2)", NumberRange::Digits(8)),
            ("numeric(10,2)[]", NumberRange::Digits(8)),
            ("numeric(3,5)", NumberRange::Digits(-2)),
            ("numeric(2,-3)", NumberRange::Digits(5)),
        ] {
            assert_eq!(numeric(sql), range, "{sql}");
        }
    }

    #[test]
    fn null_is_no_default() {
        assert!(!is_a_value("NULL::integer"));
        assert!(is_a_value("'NULL::'::text"));
    }
}
