//! What is asked of an object, and whether it holds.

use super::place::{Place, key_of};
use super::value::Expected;
use crate::catalog::class::Class;
use crate::catalog::{Fact, Shape};
use serde_json::Value;

/// What is asked of an object: all of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Condition(pub(super) Vec<Test>);

/// One thing that is asked of an object.
#[derive(Clone, Debug)]
pub(super) enum Test {
    /// Its name.
    Name(Expected),
    /// The schema that it, or what it hangs on, is in.
    Schema(Expected),
    /// One of its facts.
    Fact {
        fact: &'static Fact,
        expected: Expected,
    },
    /// That it hangs on something of that class for which a condition holds.
    Parent {
        class: &'static Class,
        condition: Condition,
    },
    /// Whether something of that class hangs on it for which a condition holds.
    Child {
        class: &'static Class,
        wanted: bool,
        condition: Condition,
    },
}

impl Condition {
    pub(super) fn holds(&self, place: Place<'_>) -> bool {
        self.0.iter().all(|test| test.holds(place))
    }

    /// As `drift.toml` has it.
    pub(super) fn said(&self) -> String {
        let tests: Vec<String> = self.0.iter().map(Test::said).collect();
        match tests.is_empty() {
            true => "{}".to_owned(),
            false => format!("{{ {} }}", tests.join(", ")),
        }
    }

    /// Whether it asks for a fact of the object itself.
    pub(super) fn asks_itself_for(&self, attribute: &str) -> bool {
        let is_it =
            |test: &Test| matches!(test, Test::Fact { fact, .. } if fact.attribute == attribute);
        self.0.iter().any(is_it)
    }

    /// Whether it asks for a fact, at whatever depth.
    pub(super) fn asks_for(&self, attribute: &str) -> bool {
        let deeper = |test: &Test| match test {
            Test::Parent { condition, .. } | Test::Child { condition, .. } => {
                condition.asks_for(attribute)
            }
            Test::Name(_) | Test::Schema(_) | Test::Fact { .. } => false,
        };
        self.asks_itself_for(attribute) || self.0.iter().any(deeper)
    }

    /// The classes of what it asks that objects hang on.
    pub(super) fn parents(&self) -> impl Iterator<Item = &'static Class> {
        self.0.iter().filter_map(|test| match test {
            Test::Parent { class, .. } => Some(*class),
            _ => None,
        })
    }
}

impl Test {
    pub(super) fn holds(&self, place: Place<'_>) -> bool {
        match self {
            Self::Name(expected) => {
                let name = Value::from(place.object.name.as_str());
                expected.holds(Some(&name), &Shape::Text, "")
            }
            Self::Schema(expected) => {
                let schema = place.schema().map(Value::from);
                expected.holds(schema.as_ref(), &Shape::Text, crate::catalog::NOTHING)
            }
            Self::Fact { fact, expected } => {
                let value = place.object.attributes.get(&fact.attribute);
                expected.holds(value, &fact.shape, &fact.default)
            }
            Self::Parent { class, condition } => {
                let is_so =
                    |above: Place<'_>| above.object.class == *class && condition.holds(above);
                place.above().is_some_and(is_so)
            }
            Self::Child {
                class,
                wanted,
                condition,
            } => {
                let children = place.children(class, condition).counted;
                let mut holds = children
                    .iter()
                    .map(|child| condition.holds(place.around(child)));
                holds.any(|holds| holds) == *wanted
            }
        }
    }

    pub(super) fn said(&self) -> String {
        match self {
            Self::Name(expected) => expected.said("name"),
            Self::Schema(expected) => expected.said("schema"),
            Self::Fact { fact, expected } => expected.said(&fact.attribute),
            Self::Parent { class, condition } => {
                format!("{} = {}", key_of(class), condition.said())
            }
            Self::Child {
                class,
                wanted: true,
                condition,
            } => format!("{} = {}", key_of(class), condition.said()),
            Self::Child {
                class, condition, ..
            } => {
                let tests: Vec<String> = condition.0.iter().map(Test::said).collect();
                let all = [vec!["present = false".to_owned()], tests].concat();
                format!("{} = {{ {} }}", key_of(class), all.join(", "))
            }
        }
    }
}
