//! The names of types, as people write them and as PostgreSQL does.

/// PostgreSQL's types whose SQL name is not `pg_type.typname`.
pub(crate) const SPELT: [(&str, &str); 14] = [
    ("smallint", "int2"),
    ("integer", "int4"),
    ("bigint", "int8"),
    ("real", "float4"),
    ("double precision", "float8"),
    ("boolean", "bool"),
    ("character varying", "varchar"),
    ("character", "bpchar"),
    ("bit varying", "varbit"),
    ("time without time zone", "time"),
    ("time with time zone", "timetz"),
    ("timestamp without time zone", "timestamp"),
    ("timestamp with time zone", "timestamptz"),
    ("\"char\"", "char"),
];

/// What SQL's grammar also takes.
const ALSO: [(&str, &str); 3] = [
    ("integer", "int"),
    ("numeric", "decimal"),
    ("character", "char"),
];

/// A type as `format_type` writes it: `timestamptz(3)` is `timestamp(3) with time zone`, `int4[]` is `integer[]`.
pub(crate) fn spelt(text: &str) -> String {
    let (base, arrays) = match text.find("[]") {
        Some(place) => text.split_at(place),
        None => (text, ""),
    };
    let (head, modifier, tail) = match (base.find('('), base.find(')')) {
        (Some(begin), Some(end)) if begin < end => {
            (&base[..begin], &base[begin..=end], &base[end + 1..])
        }
        _ => (base, "", ""),
    };
    let bare = format!("{}{tail}", head.trim_end()).to_lowercase();
    let long = (ALSO.iter().chain(&SPELT)).find(|(_, short)| *short == bare);
    let Some((long, _)) = long.or_else(|| SPELT.iter().find(|(long, _)| *long == bare)) else {
        return text.to_owned();
    };
    match long.split_once(' ') {
        Some((first, rest)) if first.starts_with("time") => {
            format!("{first}{modifier} {rest}{arrays}")
        }
        _ => format!("{long}{modifier}{arrays}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_written_as_postgresql_writes_it() {
        for (written, shown) in [
            ("timestamptz", "timestamp with time zone"),
            ("TIMESTAMPTZ(3)", "timestamp(3) with time zone"),
            ("timestamp(3) with time zone", "timestamp(3) with time zone"),
            ("int4[]", "integer[]"),
            ("int", "integer"),
            ("varchar(20)", "character varying(20)"),
            ("char(3)", "character(3)"),
            ("text", "text"),
            ("public.mood[]", "public.mood[]"),
            ("numeric(10,2)", "numeric(10,2)"),
        ] {
            assert_eq!(spelt(written), shown);
        }
    }
}
