//! Rust enums and the labels that they write and read.

use diesel_drift::declared::{Declared, RustEnum};

use crate::support::{declared, texts, try_read};

const SCHEMA: &str = "pub mod sql_types {
    #[derive(diesel::sql_types::SqlType)] #[diesel(postgres_type(name = \"mood\", schema = \"app\"))] pub struct Mood;
    #[derive(diesel::sql_types::SqlType)] #[diesel(postgres_type(name = \"color\"))] pub struct Color;
}
diesel::table! { use diesel::sql_types::*; use super::sql_types::Mood; t { id -> Int4, mood -> Mood } }";

fn with(model: &str) -> Declared {
    declared(&[("src/schema.rs", SCHEMA), ("src/models.rs", model)])
}

/// The only enum.
fn one(model: &str) -> RustEnum {
    let mut enums = with(model).enums;
    assert_eq!(enums.len(), 1, "{enums:#?}");
    enums.remove(0)
}

fn writes(found: &RustEnum) -> Vec<&str> {
    texts(&found.writes)
}

fn reads(found: &RustEnum) -> Option<Vec<&str>> {
    found.reads.as_deref().map(texts)
}

#[test]
fn db_enum_with_an_existing_type() {
    let model = "/* ü */ #[derive(Debug, diesel_derive_enum::DbEnum)]
        #[ExistingTypePath = \"crate::schema::sql_types::Mood\"]
        #[DbValueStyle = \"kebab-case\"]
        pub enum UserMood { VerySad, #[db_rename = \"Ok!\"] Ok }";
    let found = one(model);
    assert_eq!(found.rust_name, "UserMood");
    assert_eq!(found.sql_type, "Mood");
    assert_eq!(
        (found.schema.as_deref(), found.type_name.as_str()),
        (Some("app"), "mood")
    );
    assert_eq!(writes(&found), ["very-sad", "Ok!"]);
    assert_eq!(reads(&found), Some(vec!["very-sad", "Ok!"]));
    assert_eq!(&model[found.span.start..found.span.end], "UserMood");
    let label = &found.writes[1].span;
    assert_eq!(&model[label.start..label.end], "Ok");
    assert_eq!(label.line, 4);
}

#[test]
fn db_enum_behind_a_feature_and_in_the_newer_form() {
    let found = one("#[cfg_attr(feature = \"full\", derive(DbEnum))]
         #[cfg_attr(feature = \"full\", ExistingTypePath = \"crate::schema::sql_types::Mood\")]
         #[cfg_attr(feature = \"full\", DbValueStyle = \"verbatim\")]
         pub enum Mood { Sad }");
    assert_eq!(writes(&found), ["Sad"]);
    let found = one(
        "use diesel_derive_enum::DbEnum;
         #[derive(DbEnum)]
         #[db_enum(existing_type_path = \"crate::schema::sql_types::Mood\", value_style = \"SCREAMING_SNAKE_CASE\")]
         pub enum Mood { VerySad, #[db_enum(rename = \"ok\")] Fine }",
    );
    assert_eq!(writes(&found), ["VERY_SAD", "ok"]);
}

#[test]
fn db_enum_that_makes_its_type() {
    let found = declared(&[
        (
            "src/schema.rs",
            "diesel::table! { use diesel::sql_types::*; use crate::models::UserMoodMapping; t { id -> Int4, mood -> UserMoodMapping } }",
        ),
        (
            "src/models.rs",
            "#[derive(diesel_derive_enum::DbEnum)] pub enum UserMood { Sad }",
        ),
    ]);
    assert_eq!(
        found.tables[0].columns[1].data_type,
        crate::support::custom("user_mood")
    );
    assert_eq!(found.enums[0].type_name, "user_mood");
    assert_eq!(found.enums[0].sql_type, "UserMoodMapping");
}

#[test]
fn by_hand_with_bytes() {
    let model = "use crate::schema::sql_types;
        #[derive(diesel::AsExpression, diesel::FromSqlRow)]
        #[diesel(sql_type = sql_types::Mood)]
        pub enum Mood { Sad, Ok }
        impl ToSql<sql_types::Mood, Pg> for Mood {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                match *self {
                    Mood::Sad => out.write_all(b\"sad\")?,
                    Mood::Ok => out.write_all(b\"ok\")?,
                }
                Ok(IsNull::No)
            }
        }
        impl FromSql<sql_types::Mood, Pg> for Mood {
            fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
                match bytes.as_bytes() {
                    b\"sad\" => Ok(Mood::Sad),
                    b\"ok\" | b\"fine\" => Ok(Mood::Ok),
                    _ => Err(\"Unrecognized enum variant\".into()),
                }
            }
        }";
    let found = one(model);
    assert_eq!(writes(&found), ["sad", "ok"]);
    assert_eq!(reads(&found), Some(vec!["sad", "ok", "fine"]));
    assert_eq!(&model[found.span.start..found.span.end], "Mood");
    let span = &found.writes[0].span;
    assert_eq!(&model[span.start..span.end], "b\"sad\"");
}

#[test]
fn by_hand_with_text_and_helpers() {
    let found = one(
        "use crate::schema::sql_types::Mood as MoodSql;
         pub enum Mood { Sad, Ok }
         impl Mood {
            pub fn as_str(&self) -> &'static str { match self { Self::Sad => \"sad\", Self::Ok => \"ok\" } }
         }
         impl std::str::FromStr for Mood {
            type Err = String;
            fn from_str(s: &str) -> Result<Self, String> {
                match s { \"sad\" => Ok(Self::Sad), \"ok\" => Ok(Self::Ok), other => { log(other); Err(format!(\"no mood: {other}\")) } }
            }
         }
         impl ToSql<MoodSql, Pg> for Mood {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                out.write_all(self.as_str().as_bytes())?;
                Ok(IsNull::No)
            }
         }
         impl FromSql<MoodSql, Pg> for Mood {
            fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
                let s = std::str::from_utf8(bytes.as_bytes())?;
                s.parse().map_err(Into::into)
            }
         }",
    );
    assert_eq!(writes(&found), ["sad", "ok"]);
    assert_eq!(reads(&found), Some(vec!["sad", "ok"]));
}

/// `impl`s with these bodies, and whatever else is needed.
fn impls(to_sql: &str, from_sql: &str, more: &str) -> String {
    format!(
        "use crate::schema::sql_types;
         {more}
         impl<DB: Backend> ToSql<sql_types::Mood, DB> for Mood {{ fn to_sql(&self, out: &mut Output<DB>) -> Result {{ {to_sql} }} }}
         impl<DB: Backend> FromSql<sql_types::Mood, DB> for Mood {{ fn from_sql(value: Raw<DB>) -> Result<Self> {{ {from_sql} }} }}"
    )
}

const NOTHING: &str = "todo!()";

#[rstest::rstest]
#[case(
    "out.write_all(self.to_string().as_bytes())?; Ok(IsNull::No)",
    "impl Display for Mood { fn fmt(&self, f: &mut Formatter) -> Result { match self { Mood::Sad => write!(f, \"sad\"), Mood::Ok => f.write_str(\"ok\") } } }"
)]
#[case(
    "write!(out, \"{}\", self)?; Ok(IsNull::No)",
    "impl fmt::Display for Mood { fn fmt(&self, f: &mut Formatter) -> Result { let s = match *self { Mood::Sad => \"sad\", Mood::Ok => \"ok\" }; f.write_str(s) } }"
)]
#[case(
    "<str as ToSql<Text, Pg>>::to_sql(self.as_ref(), out)",
    "impl AsRef<str> for Mood { fn as_ref(&self) -> &str { match self { Mood::Sad => \"sad\", Mood::Ok => \"ok\" } } }"
)]
#[case(
    "let s: &str = self.into(); out.write_all(s.as_bytes())",
    "impl From<&Mood> for &'static str { fn from(mood: &Mood) -> Self { match mood { Mood::Sad => \"sad\", Mood::Ok => \"ok\" } } }"
)]
#[case(
    "out.write_all(String::from(self).as_bytes())",
    "impl From<&Mood> for String { fn from(mood: &Mood) -> Self { match mood { Mood::Sad => \"sad\".to_string(), Mood::Ok => String::from(\"ok\") } } }"
)]
#[case(
    "out.write_all(label(self).as_bytes())",
    "fn label(mood: &Mood) -> &'static str { match mood { Mood::Sad => \"sad\", Mood::Ok => \"ok\" } }"
)]
#[case(
    "use Mood::*; out.write_all(match self { Sad => b\"sad\", Ok => b\"ok\" })",
    ""
)]
#[case("out.write_all(self.to_string().as_bytes())", "/* strum */")]
#[case("out.write_all(self.as_ref().as_bytes())", "/* strum */")]
fn writing_through(#[case] to_sql: &str, #[case] more: &str) {
    let definition = if more == "/* strum */" {
        "#[derive(strum::Display, strum::AsRefStr)] #[strum(serialize_all = \"snake_case\")] enum Mood { Sad, Ok }"
    } else {
        "enum Mood { Sad, Ok }"
    };
    let found = one(&impls(to_sql, NOTHING, &format!("{definition} {more}")));
    assert_eq!(writes(&found), ["sad", "ok"]);
    assert_eq!(reads(&found), None);
}

#[rstest::rstest]
#[case(
    "match String::from_utf8(value.as_bytes().to_vec())?.as_str() { \"sad\" => Ok(Mood::Sad), \"ok\" => Ok(Mood::Ok), x => Err(x.into()) }",
    ""
)]
#[case(
    "Mood::from_label(text(value)?)",
    "impl Mood { fn from_label(s: &str) -> Result<Self> { match s { \"sad\" => Ok(Mood::Sad), \"ok\" => Ok(Mood::Ok), _ => bail!(\"no\") } } }"
)]
#[case(
    "Mood::from_label(text(value)?).ok_or(\"no\".into())",
    "impl Mood { fn from_label(s: &str) -> Option<Self> { match s { \"sad\" => Some(Mood::Sad), \"ok\" => Some(Mood::Ok), _ => None } } }"
)]
#[case(
    "text(value).and_then(Self::try_from)",
    "impl TryFrom<&str> for Mood { type Error = E; fn try_from(s: &str) -> Result<Self, E> { Ok(match s { \"sad\" => Mood::Sad, \"ok\" => Mood::Ok, _ => return Err(E) }) } }"
)]
#[case(
    "Ok(text(value)?.try_into()?)",
    "impl TryFrom<String> for Mood { type Error = E; fn try_from(s: String) -> Result<Self, E> { match &*s { \"sad\" => Ok(Mood::Sad), \"ok\" => Ok(Mood::Ok), _ => Err(E)? } } }"
)]
#[case(
    "Ok(Mood::from(text(value)?))",
    "impl From<&str> for Mood { fn from(s: &str) -> Self { match s { \"sad\" => Mood::Sad, \"ok\" => Mood::Ok, _ => panic!(\"no\") } } }"
)]
#[case(
    "mood(value.as_bytes())",
    "fn mood(b: &[u8]) -> Result<Mood> { match b { b\"sad\" => Ok(Mood::Sad), b\"ok\" => Ok(Mood::Ok), _ => unreachable!() } }"
)]
#[case("Ok(Mood::from_str(text(value)?)?)", "/* strum */")]
#[case("Ok(text(value)?.parse::<Mood>()?)", "/* strum */")]
fn reading_through(#[case] from_sql: &str, #[case] more: &str) {
    let definition = if more == "/* strum */" {
        "#[derive(strum::EnumString)] #[strum(serialize_all = \"lowercase\")] enum Mood { Sad, Ok }"
    } else {
        "enum Mood { Sad, Ok }"
    };
    let found = one(&impls(NOTHING, from_sql, &format!("{definition} {more}")));
    assert_eq!(reads(&found), Some(vec!["sad", "ok"]));
    assert_eq!(writes(&found), [""; 0]);
}

#[test]
fn a_catch_all_reads_any_label() {
    let more = "enum Mood { Sad, Unknown(String) }";
    let to_sql =
        "out.write_all(match self { Mood::Sad => \"sad\", Mood::Unknown(s) => s }.as_bytes())";
    for catch_all in [
        "other => Ok(Mood::Unknown(other.to_string()))",
        "_ => Ok(Mood::default())",
    ] {
        let from_sql = format!("match text(value)? {{ \"sad\" => Ok(Mood::Sad), {catch_all} }}");
        let found = one(&impls(to_sql, &from_sql, more));
        assert_eq!(reads(&found), None);
        assert_eq!(writes(&found), ["sad"]);
    }
}

#[rstest::rstest]
#[case::altered(
    "out.write_all(self.as_str().to_uppercase().as_bytes())",
    "match &*text(value)?.to_lowercase() { \"sad\" => Ok(Mood::Sad), _ => Err(E) }"
)]
#[case::altered_in_helper("out.write_all(self.shout().as_bytes())", "text(value)?.parse()")]
#[case::formatted(
    "out.write_all(format!(\"mood_{}\", self.as_str()).as_bytes())",
    "Ok(text(value)?.parse().unwrap_or_default())"
)]
#[case::two_matches(
    "if old { match self { Mood::Sad => out.write_all(b\"a\") } } else { match self { Mood::Sad => out.write_all(b\"b\") } }",
    "match a { \"a\" => Ok(Mood::Sad), _ => match b { \"b\" => Ok(Mood::Sad), _ => Err(E) } }"
)]
#[case::constants(
    "match self { Mood::Sad => out.write_all(SAD).expect(\"could not write\") }",
    "match text(value)? { SAD => Ok(Mood::Sad), _ => Err(E) }"
)]
#[case::guards(
    "match self { Mood::Sad => out.write_all(names[0]) }",
    "match text(value)? { \"sad\" => Ok(Mood::Sad), x if x.starts_with(\"s\") => Ok(Mood::Sad), _ => Err(E) }"
)]
#[case::serde(
    "out.write_all(serde_json::to_string(self)?.as_bytes())",
    "Ok(serde_json::from_slice(value.as_bytes())?)"
)]
#[case::strum_odd(
    "out.write_all(self.to_string().as_bytes())",
    "Ok(Odd::from_str(text(value)?)?.into())"
)]
fn what_is_not_certain_is_not_reported(#[case] to_sql: &str, #[case] from_sql: &str) {
    let more = "#[derive(Display)] enum Mood { Sad }
        impl Mood {
            fn as_str(&self) -> &str { match self { Mood::Sad => \"sad\" } }
            fn shout(&self) -> String { match self { Mood::Sad => \"sad\" }.to_uppercase() }
        }
        impl FromStr for Mood { fn from_str(s: &str) -> Result<Self> { let s = s.trim(); match s { \"sad\" => Ok(Mood::Sad), _ => Err(E) } } }";
    assert_eq!(with(&impls(to_sql, from_sql, more)).enums, []);
}

#[test]
fn strum_labels_by_variant_and_those_that_are_not_certain() {
    let model = |attributes: &str, variant: &str| {
        impls(
            "out.write_all(self.to_string().as_bytes())",
            "text(value)?.parse()",
            &format!(
                "#[derive(strum::Display, strum::EnumString)] {attributes} enum Mood {{ {variant} VerySad, Ok }}"
            ),
        )
    };
    let found = one(&model(
        "",
        "#[strum(serialize = \"s\", serialize = \"sad\")]",
    ));
    assert_eq!(writes(&found), ["sad", "Ok"]);
    assert_eq!(reads(&found), Some(vec!["s", "sad", "Ok"]));
    let found = one(&model(
        "#[strum(serialize_all = \"kebab-case\")]",
        "#[strum(to_string = \"SAD\")]",
    ));
    assert_eq!(writes(&found), ["SAD", "ok"]);
    for (attributes, variant) in [
        ("#[strum(ascii_case_insensitive)]", ""),
        ("#[strum(prefix = \"x\")]", ""),
        ("#[strum(serialize_all = \"unheard-of\")]", ""),
        ("", "#[strum(default)]"),
        ("", "#[strum(disabled)]"),
    ] {
        assert_eq!(
            with(&model(attributes, variant)).enums,
            [],
            "{attributes} {variant}"
        );
    }
}

#[test]
fn enums_for_other_types_and_backends_are_not_read() {
    let body =
        "fn to_sql(&self, out: O) -> R { match self { Mood::Sad => out.write_all(b\"sad\") } }";
    let model = format!(
        "use diesel::sql_types::{{Text, Jsonb}}; use crate::schema::sql_types;
         enum Mood {{ Sad }}
         impl ToSql<Text, Pg> for Mood {{ {body} }}
         impl ToSql<diesel::sql_types::Text, Pg> for Mood {{ {body} }}
         impl ToSql<Jsonb, Pg> for Mood {{ {body} }}
         impl ToSql<sql_types::Mood, Sqlite> for Mood {{ {body} }}
         impl ToSql<Nullable<sql_types::Mood>, Pg> for Mood {{ {body} }}
         #[cfg(test)] mod tests {{ impl ToSql<crate::schema::sql_types::Mood, Pg> for super::Mood {{ {body} }} }}
         #[cfg(feature = \"sqlite\")] impl ToSql<sql_types::Mood, Any> for Mood {{ {body} }}"
    );
    assert_eq!(with(&model).enums, []);
}

#[test]
fn impls_inside_modules_and_functions() {
    let found = with(
        "mod a { use crate::schema::sql_types::Mood as Sql; pub enum Mood { Sad }
            impl ToSql<Sql, Pg> for Mood { fn to_sql(&self, out: O) -> R { out.write_all(match self { Mood::Sad => b\"a\" }) } } }
         mod b { use crate::schema::sql_types::Color; pub enum Paint { Red }
            const _: () = { impl ToSql<Color, Pg> for Paint { fn to_sql(&self, out: O) -> R { out.write_all(match self { Self::Red => b\"b\" }) } } }; }",
    );
    let found: Vec<_> = found
        .enums
        .iter()
        .map(|found| {
            (
                found.rust_name.as_str(),
                found.type_name.as_str(),
                texts(&found.writes),
            )
        })
        .collect();
    assert_eq!(
        found,
        [("Mood", "mood", vec!["a"]), ("Paint", "color", vec!["b"])]
    );
}

#[test]
fn several_enums_may_stand_for_one_type() {
    let reading = try_read(
        &[
            ("src/schema.rs", SCHEMA),
            ("src/a.rs", "#[derive(DbEnum)] #[ExistingTypePath = \"crate::schema::sql_types::Mood\"] enum A { X }"),
            ("src/b.rs", "#[derive(DbEnum)] #[ExistingTypePath = \"crate::schema::sql_types::Mood\"] enum B { Y }"),
        ],
        &["src/schema.rs"],
    )
    .unwrap();
    let names: Vec<_> = reading
        .declared
        .enums
        .iter()
        .map(|found| found.rust_name.as_str())
        .collect();
    assert_eq!(names, ["A", "B"]);
}
