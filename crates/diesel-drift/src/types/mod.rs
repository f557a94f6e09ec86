//! Types for a front end, from the catalog: what a row is as JSON, and what an INSERT and an UPDATE take.
//!
//! A row is what PostgreSQL's own conversion makes of it (`to_jsonb(row)`, and so PostgREST, Supabase and every API that lets the
//! database write its JSON); `json_categorize_type` in PostgreSQL's sources is the rule. [`Model`] says it in no language's words,
//! [`typescript`] and `zod` in theirs. Pure: a catalog and options in, a text out.

mod literal;
mod model;
mod names;
mod shape;
mod typescript;
mod used;
mod zod;

use crate::text::show_name;

pub use model::{Field, Input, Model, Object};
pub use shape::{NumberRange, Shape, TextForm};
pub use typescript::typescript;

/// What is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypesOptions {
    /// The schemas whose types are written; none for all. What they use of others is written too.
    pub schemas: Vec<String>,
    /// What `int8` is.
    pub int8: Int8,
    /// With Zod schemas.
    pub zod: bool,
}

/// What a client makes of `int8`, which JSON writes as a number that a JavaScript number holds exactly up to 2⁵³ only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Int8 {
    /// `JSON.parse`: a number.
    #[default]
    Number,
    /// A query that casts it to text: a string of digits.
    String,
    /// A parser of its own: a `bigint`.
    BigInt,
}

impl Int8 {
    /// The word for it on the command line.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::String => "string",
            Self::BigInt => "bigint",
        }
    }
}

/// Why no types can be written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TypesError {
    /// A schema was named that is not there, or that `[[ignore]]` leaves out.
    #[error("there is no schema {} here; {}", show_name(.name), shown(.schemas))]
    UnknownSchema {
        /// The name.
        name: String,
        /// Those that there are.
        schemas: Vec<String>,
    },
}

fn shown(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| show_name(name)).collect();
    match names.is_empty() {
        true => "there is none at all".to_owned(),
        false => format!("the schemas are {}", names.join(", ")),
    }
}
