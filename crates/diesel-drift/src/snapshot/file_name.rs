//! Where an object's snapshot is: a path that every file system can hold, and that no other object has.

use crate::catalog::Object;
use crate::file_name::{encode, shortened, stem};
use std::path::PathBuf;

/// A snapshot's place below the snapshots directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The schema's directory; none for what is in no schema.
    pub directory: Option<String>,
    /// The file's name without `.snap`.
    pub stem: String,
}

impl Place {
    /// Where the snapshot of a top-level object is: `<schema>/<class>.<name>`, each encoded.
    pub fn of(object: &Object) -> Self {
        let directory = object.schema.as_ref().map(|schema| stem(schema, &[]));
        let mut name = object.class.id.to_owned();
        if !object.name.is_empty() || !object.signature.is_empty() {
            name = format!(
                "{name}.{}{}",
                encode(&object.name, ""),
                signature(&object.signature)
            );
        }
        Self {
            directory,
            stem: shortened(name),
        }
    }

    /// The path below the snapshots directory.
    pub fn path(&self) -> PathBuf {
        let directory = self.directory.as_deref().unwrap_or_default();
        PathBuf::from(directory).join(format!("{}.snap", self.stem))
    }
}

/// A signature begins with what no encoded name contains, `(` or `.`, so that it cannot be taken for a part of the name.
fn signature(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    if text.starts_with('(') {
        return encode(text, "(),[].");
    }
    for (words, short) in [(" USING ", ".using."), (" FOR ", ".for.")] {
        if let Some(rest) = text.strip_prefix(words) {
            return format!("{short}{}", encode(rest, ""));
        }
    }
    format!(".{}", encode(text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::class::{self, CLASSES, Class};
    use crate::file_name::{LONGEST, RESERVED};
    use proptest::prelude::*;
    use serde_json::Map;

    fn object(class: &'static Class, schema: Option<&str>, name: &str, signature: &str) -> Object {
        Object {
            class,
            schema: schema.map(str::to_owned),
            name: name.to_owned(),
            signature: signature.to_owned(),
            attributes: Map::new(),
            children: Vec::new(),
        }
    }

    fn path(class: &'static Class, schema: Option<&str>, name: &str, signature: &str) -> String {
        let place = Place::of(&object(class, schema, name, signature));
        place.path().display().to_string()
    }

    #[test]
    fn plain_names_are_their_own_file_names() {
        let public = Some("public");
        assert_eq!(
            path(&class::TABLE, public, "users", ""),
            "public/table.users.snap"
        );
        assert_eq!(
            path(
                &class::FUNCTION,
                public,
                "f",
                "(timestamp without time zone, text[])"
            ),
            "public/function.f(timestamp+without+time+zone,+text[]).snap"
        );
        assert_eq!(
            path(&class::OPERATOR_CLASS, public, "money_ops", " USING btree"),
            "public/operator-class.money_ops.using.btree.snap"
        );
        assert_eq!(
            path(&class::EXTENSION, None, "uuid-ossp", ""),
            "extension.uuid-ossp.snap"
        );
        assert_eq!(path(&class::DATABASE, None, "", ""), "database.snap");
    }

    #[test]
    fn other_names_are_escaped() {
        let hostile = "../Ü\n\u{202e}";
        assert_eq!(
            path(&class::TABLE, Some("Con"), hostile, ""),
            "%43on/table.%2E%2E%2F%C3%9C%0A%E2%80%AE.snap"
        );
        assert_eq!(
            path(&class::TABLE, Some("con"), "con", ""),
            "%63on/table.con.snap"
        );
        assert_eq!(
            path(&class::TABLE, Some("target"), "t", ""),
            "%74arget/table.t.snap"
        );
    }

    #[test]
    fn a_part_of_the_name_is_not_taken_for_a_signature() {
        let public = Some("public");
        let of = |name, signature| path(&class::FUNCTION, public, name, signature);
        assert_ne!(of("f", "(integer)"), of("f(integer)", ""));
        assert_ne!(of("o", " USING x"), of("o", ".using.x"));
    }

    fn any_object() -> impl Strategy<Value = Object> {
        let class = prop::sample::select(CLASSES);
        let name = || prop_oneof!["[a-zA-Z ./()%~+]{0,6}", "\\PC{0,80}", "[aA]{190,210}"];
        let signature = prop_oneof![
            Just(String::new()),
            "\\([a-z., ]{0,4}\\)",
            " USING [a.]{1,2}",
            "\\PC{0,4}"
        ];
        (class, prop::option::of(name()), name(), signature).prop_map(
            |(class, schema, name, signature)| object(class, schema.as_deref(), &name, &signature),
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn any_name_makes_a_safe_file_name(object in any_object()) {
            let Place { directory, stem } = Place::of(&object);
            prop_assert!(directory.as_deref().is_none_or(|it| it.len() <= LONGEST && !RESERVED.contains(&it)));
            prop_assert!(stem.len() + ".snap.new".len() <= 255);
            let safe = |b: u8| b.is_ascii_alphanumeric() || b"_-+%~.(),[]".contains(&b);
            prop_assert!(stem.bytes().chain(directory.unwrap_or_default().bytes()).all(safe));
        }

        #[test]
        fn no_two_objects_share_a_file_even_where_case_does_not_count(a in any_object(), b in any_object()) {
            // An empty schema is no schema's name.
            prop_assume!(a.schema.as_deref() != Some("") && b.schema.as_deref() != Some(""));
            let file = |object: &Object| Place::of(object).path().display().to_string().to_lowercase();
            let same = (a.class, &a.schema, &a.name, &a.signature) == (b.class, &b.schema, &b.name, &b.signature);
            prop_assert_eq!(file(&a) == file(&b), same);
        }
    }
}
