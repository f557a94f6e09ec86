//! The shapes of JSON that the models store. A `jsonb` column with `CHECK (jsonb_typeof(…) = 'object')` is a
//! [`JsonObject`] here, one with `'array'` a [`JsonArray`]: a row that the check would refuse cannot be written down.

use std::io::Write;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Jsonb;
use serde_json::{Map, Value};

/// A `jsonb` column that holds an object, such as `meta`.
#[derive(AsExpression, Clone, Debug, Default, Eq, FromSqlRow, PartialEq)]
#[diesel(sql_type = Jsonb)]
pub struct JsonObject(pub Map<String, Value>);

/// A `jsonb` column that holds an array, such as `tags`.
#[derive(AsExpression, Clone, Debug, Default, Eq, FromSqlRow, PartialEq)]
#[diesel(sql_type = Jsonb)]
pub struct JsonArray(pub Vec<Value>);

/// An object as PostgreSQL sent it, kept digit for digit: a number of `jsonb` can be longer than any of Rust's, and the
/// audit log is held against the row exactly.
#[derive(AsExpression, Clone, Debug, Eq, FromSqlRow, PartialEq)]
#[diesel(sql_type = Jsonb)]
pub struct Document(Vec<u8>);

impl FromSql<Jsonb, Pg> for Document {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(bytes.as_bytes().to_vec()))
    }
}

impl ToSql<Jsonb, Pg> for Document {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&self.0)?;
        Ok(IsNull::No)
    }
}

impl From<JsonObject> for Document {
    fn from(object: JsonObject) -> Self {
        // As `jsonb` is sent: the version of the format, then the text.
        let text = Value::Object(object.0).to_string();
        Self([&[1], text.as_bytes()].concat())
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for JsonObject {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(pairs: T) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }
}

impl FromSql<Jsonb, Pg> for JsonObject {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        match FromSql::<Jsonb, Pg>::from_sql(bytes)? {
            Value::Object(object) => Ok(Self(object)),
            other => Err(format!("expected a JSON object, found {other}").into()),
        }
    }
}

impl ToSql<Jsonb, Pg> for JsonObject {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = Value::Object(self.0.clone());
        ToSql::<Jsonb, Pg>::to_sql(&value, &mut out.reborrow())
    }
}

impl FromSql<Jsonb, Pg> for JsonArray {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        match FromSql::<Jsonb, Pg>::from_sql(bytes)? {
            Value::Array(array) => Ok(Self(array)),
            other => Err(format!("expected a JSON array, found {other}").into()),
        }
    }
}

impl ToSql<Jsonb, Pg> for JsonArray {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = Value::Array(self.0.clone());
        ToSql::<Jsonb, Pg>::to_sql(&value, &mut out.reborrow())
    }
}
