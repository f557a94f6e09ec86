//! What is certain about the content of `jsonb` columns, as types: a document that a check of schema `weeksmith` would
//! refuse cannot be written down.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Jsonb;
use serde_json::{Map, Number, Value};

/// A `jsonb` column that holds an array of strings, such as `vision.pillars`.
#[derive(AsExpression, Clone, Debug, Default, Eq, FromSqlRow, PartialEq)]
#[diesel(sql_type = Jsonb)]
pub struct Texts(pub Vec<String>);

/// `goal.measure`: when a goal is reached.
#[derive(AsExpression, Clone, Debug, Eq, FromSqlRow, PartialEq)]
#[diesel(sql_type = Jsonb)]
pub struct Measure {
    /// What is measured.
    pub metric: String,
    /// Its value when the goal is reached.
    pub target: Number,
    /// What else is said, such as the unit; `metric` and `target` in it count for nothing.
    pub more: Map<String, Value>,
}

impl Measure {
    /// A measure of which nothing else is said.
    #[must_use]
    pub fn new(metric: impl Into<String>, target: impl Into<Number>) -> Self {
        Self {
            metric: metric.into(),
            target: target.into(),
            more: Map::new(),
        }
    }
}

impl FromSql<Jsonb, Pg> for Texts {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let value: Value = FromSql::<Jsonb, Pg>::from_sql(bytes)?;
        serde_json::from_value(value)
            .map(Self)
            .map_err(|error| format!("expected a JSON array of strings: {error}").into())
    }
}

impl ToSql<Jsonb, Pg> for Texts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = Value::from(self.0.clone());
        ToSql::<Jsonb, Pg>::to_sql(&value, &mut out.reborrow())
    }
}

impl FromSql<Jsonb, Pg> for Measure {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let value: Value = FromSql::<Jsonb, Pg>::from_sql(bytes)?;
        let mut more: Map<String, Value> = serde_json::from_value(value)?;
        match (more.remove("metric"), more.remove("target")) {
            (Some(Value::String(metric)), Some(Value::Number(target))) => Ok(Self {
                metric,
                target,
                more,
            }),
            (metric, target) => Err(format!(
                "expected a string as metric and a number as target, found {metric:?} and {target:?}"
            )
            .into()),
        }
    }
}

impl ToSql<Jsonb, Pg> for Measure {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let mut object = self.more.clone();
        object.insert("metric".to_owned(), self.metric.clone().into());
        object.insert("target".to_owned(), Value::Number(self.target.clone()));
        ToSql::<Jsonb, Pg>::to_sql(&Value::Object(object), &mut out.reborrow())
    }
}
