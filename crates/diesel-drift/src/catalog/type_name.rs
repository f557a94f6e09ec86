//! The names of types, as people write them and as PostgreSQL does.

use super::name::means_name;
use crate::text::misspelt;
use std::fmt;

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
const ALSO: [(&str, &str); 6] = [
    ("integer", "int"),
    ("numeric", "decimal"),
    ("numeric", "dec"),
    ("character", "char"),
    ("character", "nchar"),
    ("double precision", "float"),
];

/// The other types that a column can have, in `pg_catalog` of PostgreSQL 13 to 18, without arrays and row types.
const OTHERS: &str = "
    aclitem bit box bytea cid cidr circle date datemultirange daterange inet int2vector int4multirange int4range int8multirange
    int8range interval json jsonb jsonpath line lseg macaddr macaddr8 money name numeric nummultirange numrange oid oidvector path
    pg_lsn pg_snapshot point polygon refcursor regclass regcollation regconfig regdictionary regnamespace regoper regoperator
    regproc regprocedure regrole regtype text tid tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector txid_snapshot uuid
    xid xid8 xml
";

/// Those that only functions and PostgreSQL itself have.
const INTERNAL: &str = "
    any anyarray anycompatible anycompatiblearray anycompatiblemultirange anycompatiblenonarray anycompatiblerange anyelement
    anyenum anymultirange anynonarray anyrange cstring event_trigger fdw_handler gtsvector index_am_handler internal
    language_handler pg_brin_bloom_summary pg_brin_minmax_multi_summary pg_ddl_command pg_dependencies pg_mcv_list pg_ndistinct
    pg_node_tree record table_am_handler trigger tsm_handler unknown void
";

/// What a column can be declared as, and is not: what it is instead.
const SERIAL: [(&str, &str); 6] = [
    ("smallserial", "smallint"),
    ("serial2", "smallint"),
    ("serial", "integer"),
    ("serial4", "integer"),
    ("bigserial", "bigint"),
    ("serial8", "bigint"),
];

/// A type as somebody wrote it: PostgreSQL, or a person who means one of PostgreSQL's or of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypeName {
    /// As `format_type` writes it, without what is below: `timestamp with time zone`, `app."Mood"`.
    name: String,
    /// The same before anything was made of it: `timestamptz`, `Mood`.
    written: String,
    /// `(10,2)`; of an interval, its fields as well; empty where it has none.
    modifier: String,
    is_array: bool,
}

impl TypeName {
    /// Reads a type: `timestamptz(3)` is `timestamp(3) with time zone`, `int4[]`, `int ARRAY` and `_int4` are `integer[]`.
    pub(crate) fn read(text: &str) -> Self {
        let (element, is_array) = element(text.trim());
        let (written, modifier) = without_modifier(element);
        let folded = folded(&written);
        let bare = folded.strip_prefix("pg_catalog.").unwrap_or(&folded);
        // `format_type` quotes `"bit"` without a length, and what is a word of SQL.
        let unquoted = bare
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        let in_catalog = (bare != folded).then_some(bare);
        let element = bare.strip_prefix('_').and_then(internal);
        let name = (unquoted.or(in_catalog).and_then(internal))
            .or_else(|| element.clone())
            .unwrap_or_else(|| spelt(bare));
        let digits = modifier.trim_matches(['(', ')']).parse::<u32>().ok();
        let (name, modifier) = match (bare, name.strip_prefix("interval ")) {
            ("float", _) if digits.is_some_and(|digits| digits < 25) => {
                ("real".to_owned(), String::new())
            }
            ("float", _) => (name, String::new()),
            (_, Some(fields)) => ("interval".to_owned(), format!(" {fields}{modifier}")),
            // PostgreSQL keeps a precision with its scale.
            _ if name == "numeric" && digits.is_some() => {
                let scaled = modifier.replace(')', ",0)");
                (name, scaled)
            }
            _ => (name, modifier),
        };
        Self {
            name,
            written,
            modifier,
            is_array: is_array || element.is_some(),
        }
    }

    /// Whether that is what was meant, here by whoever wrote this: without a modifier, whatever `other`'s is; without a schema, in whatever schema.
    pub(crate) fn means(&self, other: &Self) -> bool {
        self.is_array == other.is_array
            && (self.modifier.is_empty() || self.modifier == other.modifier)
            && self.names(&other.name)
    }

    /// Whether that is the type's name, as `format_type` writes it.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.name == name || !self.is_own() && means_name(&self.written, name)
    }

    /// As `format_type` writes it, without modifier and brackets.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is one of PostgreSQL's own.
    pub(crate) fn is_own(&self) -> bool {
        is_own(&self.name)
    }

    /// All that it goes by: as PostgreSQL writes it, `varchar(20)` for `character varying(20)`, and without its schema.
    pub(crate) fn spellings(&self) -> Vec<String> {
        let called = |name: &str| Self {
            name: name.to_owned(),
            ..self.clone()
        };
        let aliases = (SPELT.iter().chain(&ALSO))
            .filter(|(long, _)| *long == self.name)
            .map(|(_, short)| called(short));
        let bare = self.name.rsplit_once('.').map(|(_, bare)| called(bare));
        (std::iter::once(self.clone()).chain(aliases).chain(bare))
            .map(|name| name.to_string())
            .collect()
    }

    /// The one of PostgreSQL's own that it is nearly, where it is none: `integer` for `intgr`, or without its last letter. What goes on where that
    /// ends, `dates`, or begins before it, `vector`, is a name of its own.
    pub(crate) fn misspelt(&self) -> Option<&'static str> {
        let name = self.name.as_str();
        if self.is_own() || name.contains(['.', '"']) {
            return None;
        }
        let is_cut = |own: &&str| name.len() >= 5 && own.len() == name.len() + 1;
        misspelt(name, own_names())
            .or_else(|| (own_names().filter(is_cut)).find(|own| own.starts_with(name)))
    }

    /// What a column is that was declared as `serial`.
    pub(crate) fn of_serial(&self) -> Option<&'static str> {
        let found = SERIAL.iter().find(|(serial, _)| *serial == self.name);
        found.map(|(_, kept)| *kept)
    }
}

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name.split_once(' ') {
            Some((first, rest)) if first.starts_with("time") => {
                write!(f, "{first}{} {rest}", self.modifier)?;
            }
            _ => write!(f, "{}{}", self.name, self.modifier)?,
        }
        f.write_str(if self.is_array { "[]" } else { "" })
    }
}

/// All names that PostgreSQL's own types of columns go by.
pub(crate) fn own_names() -> impl Iterator<Item = &'static str> {
    let pairs = SPELT.iter().chain(&ALSO);
    pairs
        .flat_map(|(long, short)| [*long, *short])
        .chain(OTHERS.split_whitespace())
}

fn is_own(name: &str) -> bool {
    SPELT.iter().any(|(long, _)| *long == name) || is_other(name)
}

fn is_other(name: &str) -> bool {
    let mut others = OTHERS.split_whitespace().chain(INTERNAL.split_whitespace());
    others.any(|own| own == name)
}

/// The SQL name of the type that `pg_type` calls so, which is not always what SQL means by it: `char` is `"char"`.
fn internal(name: &str) -> Option<String> {
    let long = SPELT.iter().find(|(_, short)| *short == name);
    let own = || is_other(name).then_some(name);
    long.map(|(long, _)| *long).or_else(own).map(str::to_owned)
}

/// The long name of a short one.
fn spelt(name: &str) -> String {
    let long = (ALSO.iter().chain(&SPELT)).find(|(_, short)| *short == name);
    long.map_or(name, |(long, _)| long).to_owned()
}

/// What an array is one of: PostgreSQL keeps neither how many dimensions it has nor how long they are.
fn element(text: &str) -> (&str, bool) {
    let (text, brackets) = match position(text, '[') {
        Some(place) => (text[..place].trim_end(), true),
        None => (text, false),
    };
    let word = text.to_ascii_lowercase();
    match word.strip_suffix(" array") {
        Some(element) => (text[..element.len()].trim_end(), true),
        None => (text, brackets),
    }
}

/// The name and its modifier, which of a time stands in the middle, without spaces that mean nothing.
fn without_modifier(text: &str) -> (String, String) {
    let (head, modifier, tail) = match (position(text, '('), text.rfind(')')) {
        (Some(begin), Some(end)) if begin < end => {
            (&text[..begin], &text[begin..=end], &text[end + 1..])
        }
        _ => (text, "", ""),
    };
    let name = format!("{} {}", head.trim_end(), tail.trim_start());
    let name = match name.contains('"') {
        true => name.trim().to_owned(),
        false => name.split_whitespace().collect::<Vec<_>>().join(" "),
    };
    (name, modifier.split_whitespace().collect())
}

/// The place of a character outside of quotes.
fn position(text: &str, wanted: char) -> Option<usize> {
    let mut quoted = false;
    text.char_indices().find_map(|(place, c)| {
        quoted ^= c == '"';
        (!quoted && c == wanted).then_some(place)
    })
}

/// In small letters, but for what is quoted.
fn folded(name: &str) -> String {
    let parts = name.split('"').enumerate();
    let parts: Vec<String> = parts
        .map(|(place, part)| match place % 2 {
            0 => part.to_lowercase(),
            _ => part.to_owned(),
        })
        .collect();
    parts.join("\"")
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
            ("INT ARRAY", "integer[]"),
            ("text[][3]", "text[]"),
            ("_int4", "integer[]"),
            ("int", "integer"),
            ("Varchar", "character varying"),
            ("varchar( 20 )", "character varying(20)"),
            ("char(3)", "character(3)"),
            ("\"char\"", "\"char\""),
            ("bpchar", "character"),
            ("float", "double precision"),
            ("float(24)", "real"),
            ("text", "text"),
            ("pg_catalog.int8", "bigint"),
            ("public.mood[]", "public.mood[]"),
            ("app.\"Mood (old)\"", "app.\"Mood (old)\""),
            ("numeric(10, 2)", "numeric(10,2)"),
            ("decimal(10)[]", "numeric(10,0)[]"),
            ("numeric", "numeric"),
            // By the names of `pg_type`, and not by SQL's.
            ("_char", "\"char\"[]"),
            ("_bpchar", "character[]"),
            ("_dec", "_dec"),
            ("pg_catalog.char", "\"char\""),
            ("\"int4\"", "integer"),
            ("\"Mood\"", "\"Mood\""),
            ("interval  day to second(3)", "interval day to second(3)"),
            ("interval(3)", "interval(3)"),
        ] {
            assert_eq!(TypeName::read(written).to_string(), shown);
        }
    }

    #[test]
    fn a_type_without_a_modifier_is_any_and_one_with_it_is_that_one() {
        for (written, found, is_meant) in [
            ("varchar", "character varying(255)", true),
            ("varchar(255)", "character varying(255)", true),
            ("varchar(20)", "character varying(255)", false),
            ("varchar(20)", "character varying", false),
            ("varchar[]", "character varying(9)[]", true),
            ("varchar", "character varying[]", false),
            ("timestamp", "timestamp(3) without time zone", true),
            ("timestamp", "timestamp with time zone", false),
            ("numeric", "numeric(10,2)", true),
            ("numeric(10)", "numeric(10,0)", true),
            ("numeric(10)", "numeric(10,2)", false),
            ("_char", "\"char\"[]", true),
            ("_char", "character(3)[]", false),
            ("interval", "interval day to second(3)", true),
            ("interval day to second", "interval", false),
            ("bit", "\"bit\"", true),
            ("bpchar", "bpchar", true),
            ("char", "\"char\"", false),
            // Of one's own, in whatever schema; never for one of PostgreSQL's.
            ("citext", "public.citext", true),
            ("public.citext", "public.citext", true),
            ("app.citext", "public.citext", false),
            ("mood", "app.\"Mood\"", false),
            ("Mood", "app.\"Mood\"", true),
            ("text", "app.text", false),
            ("citext[]", "public.citext[]", true),
        ] {
            let (one, other) = (TypeName::read(written), TypeName::read(found));
            assert_eq!(one.means(&other), is_meant, "{written} {found}");
        }
    }

    #[test]
    fn what_is_nearly_one_of_postgresql_s_is_misspelt() {
        for (written, meant) in [
            ("intgr", Some("integer")),
            ("varchr", Some("varchar")),
            ("timestmptz(3)", Some("timestamptz")),
            ("boolaen[]", Some("boolean")),
            ("bigin", Some("bigint")),
            ("integer", None),
            ("strng", None),
            ("serial", None),
            // Names that types of a project, or of an extension, have.
            ("vector", None),
            ("citext", None),
            ("dates", None),
            ("chart", None),
            ("rate", None),
            ("public.intgr", None),
            ("\"intgr\"", None),
            ("status", None),
            ("hstore", None),
            ("ltree", None),
            ("geometry", None),
            ("geography", None),
            ("halfvec", None),
            ("sparsevec", None),
            ("email", None),
            ("state", None),
            ("level", None),
            ("priority", None),
            ("currency", None),
        ] {
            assert_eq!(TypeName::read(written).misspelt(), meant, "{written}");
        }
    }

    #[test]
    fn a_type_goes_by_several_names() {
        let spellings = |sql: &str| TypeName::read(sql).spellings();
        assert_eq!(
            spellings("timestamp(3) with time zone"),
            ["timestamp(3) with time zone", "timestamptz(3)"]
        );
        assert_eq!(spellings("integer[]"), ["integer[]", "int4[]", "int[]"]);
        assert_eq!(spellings("public.mood"), ["public.mood", "mood"]);
        assert_eq!(spellings("text"), ["text"]);
    }
}
