//! Diesel's own SQL types in PostgreSQL's words (Diesel 2.3: `sql_types/mod.rs`, `pg/types/mod.rs`).

/// What a name of `diesel::sql_types` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Builtin {
    /// A type of `pg_catalog`, by `pg_type.typname`.
    Plain(&'static str),
    /// A type of an extension: its schema is wherever the extension is.
    Extension(&'static str),
    /// `Nullable<T>`.
    Nullable,
    /// `Array<T>`.
    Array,
    /// `Range<T>`.
    Range,
    /// `Multirange<T>`.
    Multirange,
    /// A name that says nothing about a column of PostgreSQL: `Record`, and what only other backends have. `Bit` is here
    /// because Diesel makes it MySQL's (`Binary`), while Diesel CLI prints it for PostgreSQL's `bit`.
    Opaque,
}

/// Looks a name of `diesel::sql_types` up; `None` where Diesel has no such type.
pub(super) fn builtin(rust_name: &str) -> Option<Builtin> {
    use Builtin::{Array, Extension, Multirange, Nullable, Opaque, Plain, Range};
    Some(match rust_name {
        "Bool" => Plain("bool"),
        "SmallInt" | "Smallint" | "Int2" | "SmallSerial" => Plain("int2"),
        "Integer" | "Int4" | "Serial" => Plain("int4"),
        "BigInt" | "Bigint" | "Int8" | "BigSerial" => Plain("int8"),
        "Float" | "Float4" => Plain("float4"),
        "Double" | "Float8" => Plain("float8"),
        "Numeric" | "Decimal" => Plain("numeric"),
        "Text"
        | "VarChar"
        | "Varchar"
        | "Bpchar"
        | "Char"
        | "Tinytext"
        | "Mediumtext"
        | "Longtext"
        | "NullValueTreatmentEnum"
        | "RangeBoundEnum" => Plain("text"),
        "Binary" | "Bytea" | "Tinyblob" | "Blob" | "Mediumblob" | "Longblob" | "Varbinary" => {
            Plain("bytea")
        }
        "Date" => Plain("date"),
        "Interval" => Plain("interval"),
        "Time" => Plain("time"),
        "Timestamp" => Plain("timestamp"),
        "Timestamptz" => Plain("timestamptz"),
        "Json" => Plain("json"),
        "Jsonb" => Plain("jsonb"),
        "Uuid" => Plain("uuid"),
        "Oid" => Plain("oid"),
        "Money" => Plain("money"),
        "MacAddr" | "Macaddr" => Plain("macaddr"),
        "MacAddr8" | "Macaddr8" => Plain("macaddr8"),
        "Inet" => Plain("inet"),
        "Cidr" => Plain("cidr"),
        "CChar" => Plain("char"),
        "PgLsn" => Plain("pg_lsn"),
        "Citext" => Extension("citext"),
        "Int4range" => Plain("int4range"),
        "Int8range" => Plain("int8range"),
        "Daterange" => Plain("daterange"),
        "Numrange" => Plain("numrange"),
        "Tsrange" => Plain("tsrange"),
        "Tstzrange" => Plain("tstzrange"),
        "Int4multirange" => Plain("int4multirange"),
        "Int8multirange" => Plain("int8multirange"),
        "Datemultirange" => Plain("datemultirange"),
        "Nummultirange" => Plain("nummultirange"),
        "Tsmultirange" => Plain("tsmultirange"),
        "Tstzmultirange" => Plain("tstzmultirange"),
        "Nullable" => Nullable,
        "Array" => Array,
        "Range" => Range,
        "Multirange" => Multirange,
        "Record" | "Bit" | "TinyInt" | "Tinyint" | "Datetime" | "Unsigned"
        | "TimestamptzSqlite" => Opaque,
        _ => return None,
    })
}

/// `pg_type.typname` of the range over a type of `pg_catalog` (`impl HasSqlType<Range<…>> for Pg`).
pub(super) fn range_over(element: &str) -> Option<&'static str> {
    Some(match element {
        "int4" => "int4range",
        "int8" => "int8range",
        "date" => "daterange",
        "numeric" => "numrange",
        "timestamp" => "tsrange",
        "timestamptz" => "tstzrange",
        _ => return None,
    })
}

/// `pg_type.typname` of the multirange over a type of `pg_catalog`.
pub(super) fn multirange_over(element: &str) -> Option<&'static str> {
    Some(match element {
        "int4" => "int4multirange",
        "int8" => "int8multirange",
        "date" => "datemultirange",
        "numeric" => "nummultirange",
        "timestamp" => "tsmultirange",
        "timestamptz" => "tstzmultirange",
        _ => return None,
    })
}

/// `pg_type.typname` of a type that PostgreSQL itself gives a fixed OID (`pg_type.dat`), for `postgres_type(oid = …)`.
/// The three texts are one, as they are for Diesel.
pub(super) fn by_oid(oid: u32) -> Option<&'static str> {
    Some(match oid {
        16 => "bool",
        17 => "bytea",
        18 => "char",
        19 => "name",
        20 => "int8",
        21 => "int2",
        23 => "int4",
        25 | 1042 | 1043 => "text",
        26 => "oid",
        114 => "json",
        142 => "xml",
        600 => "point",
        601 => "lseg",
        602 => "path",
        603 => "box",
        604 => "polygon",
        628 => "line",
        650 => "cidr",
        700 => "float4",
        701 => "float8",
        718 => "circle",
        774 => "macaddr8",
        790 => "money",
        829 => "macaddr",
        869 => "inet",
        1082 => "date",
        1083 => "time",
        1114 => "timestamp",
        1184 => "timestamptz",
        1186 => "interval",
        1266 => "timetz",
        1560 => "bit",
        1562 => "varbit",
        1700 => "numeric",
        2950 => "uuid",
        3220 => "pg_lsn",
        3614 => "tsvector",
        3615 => "tsquery",
        3802 => "jsonb",
        3904 => "int4range",
        3906 => "numrange",
        3908 => "tsrange",
        3910 => "tstzrange",
        3912 => "daterange",
        3926 => "int8range",
        4072 => "jsonpath",
        4451 => "int4multirange",
        4532 => "nummultirange",
        4533 => "tsmultirange",
        4534 => "tstzmultirange",
        4535 => "datemultirange",
        4536 => "int8multirange",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use diesel::pg::{Pg, PgMetadataLookup, PgTypeMetadata};
    use diesel::sql_types::{self, HasSqlType};

    use super::*;

    /// A connection that knows no type: what Diesel asks it for has no fixed OID.
    struct Offline;

    impl PgMetadataLookup for Offline {
        fn lookup_type(&mut self, _: &str, _: Option<&str>) -> PgTypeMetadata {
            PgTypeMetadata::new(u32::MAX, u32::MAX)
        }
    }

    fn oid<T>() -> Option<u32>
    where
        Pg: HasSqlType<T>,
    {
        <Pg as HasSqlType<T>>::metadata(&mut Offline).oid().ok()
    }

    /// Diesel's own metadata are the oracle.
    #[test]
    fn every_name_of_diesel_is_what_diesel_says_it_is() {
        macro_rules! check {
            ($($name:ident)*) => {$(
                let typname = match builtin(stringify!($name)) {
                    Some(Builtin::Plain(typname)) => typname,
                    other => panic!("{}: {other:?}", stringify!($name)),
                };
                let known = oid::<sql_types::$name>().unwrap();
                assert_eq!(by_oid(known), Some(typname), "{}", stringify!($name));
            )*};
        }
        check! {
            Bool SmallInt Smallint Int2 SmallSerial Integer Int4 Serial BigInt Bigint Int8 BigSerial Float Float4 Double
            Float8 Numeric Decimal Text VarChar Varchar Bpchar Char Tinytext Mediumtext Longtext Binary Bytea Tinyblob Blob
            Mediumblob Longblob Varbinary Date Interval Time Timestamp Timestamptz Json Jsonb Uuid Oid Money MacAddr Macaddr
            MacAddr8 Macaddr8 Inet Cidr CChar PgLsn Int4range Int8range Daterange Numrange Tsrange Tstzrange Int4multirange
            Int8multirange Datemultirange Nummultirange Tsmultirange Tstzmultirange
        }
    }

    #[test]
    fn ranges_are_what_diesel_says_they_are() {
        macro_rules! check {
            ($($element:ident)*) => {$(
                let Some(Builtin::Plain(element)) = builtin(stringify!($element)) else { panic!() };
                assert_eq!(range_over(element), by_oid(oid::<sql_types::Range<sql_types::$element>>().unwrap()));
                assert_eq!(multirange_over(element), by_oid(oid::<sql_types::Multirange<sql_types::$element>>().unwrap()));
            )*};
        }
        check!(Integer BigInt Date Numeric Timestamp Timestamptz);
        assert_eq!(range_over("text"), None);
    }

    #[test]
    fn names_are_exact_in_case() {
        assert_eq!(builtin("TEXT"), None);
        assert_eq!(builtin("TimestampTz"), None);
        assert_eq!(builtin("Tsvector"), None);
    }
}
