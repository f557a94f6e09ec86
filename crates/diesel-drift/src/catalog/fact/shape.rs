//! What values facts take.

use super::Structs;
use super::names::{self, shape_of_text};
use crate::catalog::deparsed::DEPARSED;
use serde_json::Value;

/// What values a fact takes, in the form that an [`Object`](crate::catalog::Object) has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A text.
    Text,
    /// SQL as PostgreSQL deparses it: `now()`.
    Expression,
    /// A name as SQL writes it, with its schema: `public.posts`.
    Name,
    /// The name of a column, without its table: `author_id`.
    Column,
    /// The name of a role: `app_ro`.
    Role,
    /// A type as PostgreSQL writes it: `character varying(100)`.
    Type,
    /// One of these words.
    Word(Vec<String>),
    /// Several, in an order that means something.
    List(Box<Shape>),
    /// Several, in no order.
    Set(Box<Shape>),
    /// Facts of its own.
    Parts,
    /// Facts by names that are the project's: roles, settings.
    Named {
        /// What the names are of.
        key: Box<Shape>,
        /// What goes by each.
        value: Box<Shape>,
    },
    /// One of these words, of which some go with a part of that name: `index`, and which one.
    Mixed(Vec<String>),
}

impl Shape {
    /// Whether it is one text, whatever that means.
    pub fn is_text(&self) -> bool {
        matches!(
            self,
            Self::Text | Self::Expression | Self::Name | Self::Column | Self::Role | Self::Type
        )
    }
}

impl<'a> Structs<'a> {
    /// The shape of a field of that name: of texts, only the name says which are SQL.
    pub(super) fn shape_of(&self, field: &str, property: &'a Value) -> Shape {
        match self.shape(property) {
            Shape::Text if DEPARSED.contains(&field) => Shape::Expression,
            shape => shape,
        }
    }

    pub(super) fn shape(&self, property: &'a Value) -> Shape {
        let nullable = property.get("anyOf").and_then(|forms| forms.get(0));
        let inner = self.referred(nullable.unwrap_or(property));
        if let Some(items) = inner.get("items") {
            let entry = Box::new(self.shape(items));
            return match inner.get("uniqueItems") {
                Some(Value::Bool(true)) => Shape::Set(entry),
                _ => Shape::List(entry),
            };
        }
        let types = inner.get("type");
        let is = |name: &str| match types {
            Some(Value::Array(names)) => names.iter().any(|one| one == name),
            other => other.is_some_and(|one| one == name),
        };
        let fields: Vec<_> = self.properties(inner).map(|(field, _)| field).collect();
        if let Some(words) = words(inner) {
            Shape::Word(words)
        } else if fields.contains(&"sql") {
            Shape::Type
        } else if fields == ["schema", "name"] {
            Shape::Name
        } else if !fields.is_empty() {
            Shape::Parts
        } else if let Some(entry) = inner
            .get("additionalProperties")
            .filter(|it| it.is_object())
        {
            Shape::Named {
                key: Box::new(inner.get(names::KEYS).map_or(Shape::Text, shape_of_text)),
                value: Box::new(self.shape(entry)),
            }
        } else if is("boolean") {
            Shape::Boolean
        } else if is("integer") || is("number") {
            Shape::Number
        } else if is("string") {
            shape_of_text(inner)
        } else {
            let mixed: Vec<_> = (forms(inner).flat_map(|form| self.properties(form))).collect();
            // The term of an index, a column or an expression, is shown as one text as well.
            if let [("column", column), ("expression", _)] = mixed[..] {
                return self.shape(column);
            }
            let names = mixed.iter().map(|(name, _)| (*name).to_owned());
            let words = forms(inner).flat_map(|form| words_of(form).into_iter().flatten());
            Shape::Mixed(words.chain(names).collect())
        }
    }
}

/// The forms that a value of an enumeration has.
fn forms(definition: &Value) -> impl Iterator<Item = &Value> {
    let forms = definition.get("oneOf").and_then(Value::as_array);
    forms.into_iter().flatten()
}

/// The words of an enumeration; none where not all of its values are words.
fn words(definition: &Value) -> Option<Vec<String>> {
    match definition.get("oneOf") {
        Some(_) => {
            let words: Option<Vec<Vec<String>>> = forms(definition).map(words_of).collect();
            words.map(|words| words.concat())
        }
        None => words_of(definition),
    }
}

/// The words of one form of an enumeration: one, or several that have no documentation.
fn words_of(form: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match form.get("const") {
        Some(word) => Some(vec![text(word)?]),
        None => (form.get("enum")?.as_array()?.iter().map(text)).collect(),
    }
}
