//! What there is instead of what is asked for, in words.

use super::condition::{Condition, Test};
use super::place::{Children, Place};
use crate::catalog::{NOTHING, default_of};
use crate::kinds;
use crate::text::show_name;
use std::fmt::Write as _;

/// How many of what hangs on an object are told.
const MOST: usize = 2;

/// What should hold and does not: as `drift.toml` says it, and what there is instead.
pub(super) struct Unmet {
    pub(super) expected: String,
    pub(super) found: String,
}

impl Condition {
    /// What of it does not hold.
    pub(super) fn unmet(&self, place: Place<'_>) -> Vec<Unmet> {
        self.unmet_tests(place)
            .map(|test| Unmet {
                expected: test.said(),
                found: test.found(place),
            })
            .collect()
    }

    fn unmet_tests(&self, place: Place<'_>) -> impl Iterator<Item = &Test> {
        self.0.iter().filter(move |test| !test.holds(place))
    }

    /// What there is: of what does not hold, where there is something; else of all that it asks for.
    pub(super) fn found(&self, place: Place<'_>) -> String {
        let unmet: Vec<&Test> = self.unmet_tests(place).collect();
        let told = match unmet.is_empty() {
            true => self.0.iter().collect(),
            false => unmet,
        };
        let found: Vec<String> = told.iter().map(|test| test.found(place)).collect();
        found.join(", ")
    }
}

impl Test {
    /// What there is of that which it asks for.
    fn found(&self, place: Place<'_>) -> String {
        match self {
            Self::Name(_) => format!("its name is `{}`", show_name(&place.object.name)),
            Self::Schema(_) => match place.schema() {
                Some(schema) => format!("its schema is `{}`", show_name(schema)),
                None => "it is in no schema".to_owned(),
            },
            Self::Fact { fact, .. } => {
                let attribute = &fact.attribute;
                let value = match place.object.attributes.get(attribute) {
                    Some(value) => kinds::shown(value),
                    None => default_of(place.object.class, attribute),
                };
                match value == NOTHING {
                    true => format!("no `{attribute}`"),
                    false => format!("`{attribute}` is `{value}`"),
                }
            }
            Self::Parent { condition, .. } => match place.above() {
                Some(above) => {
                    let title = above.object.class.title();
                    format!("of its {title} {}", condition.found(above))
                }
                None => "it hangs on nothing".to_owned(),
            },
            Self::Child {
                class, condition, ..
            } => {
                let children = place.children(class, condition);
                match children.counted.is_empty() {
                    true => format!("no {}{}", class.title(), passed_over(&children)),
                    false => nearest(&class.title(), condition, place, &children),
                }
            }
        }
    }
}

/// `, for `posts_idx` is partial`.
fn passed_over(children: &Children<'_>) -> String {
    let all: Vec<String> = (children.passed_over.iter())
        .map(|(name, why)| format!("`{}` {why}", show_name(name)))
        .collect();
    match all.is_empty() {
        true => String::new(),
        false => format!(", for {}", all.join(" and ")),
    }
}

/// Those that come nearest to a condition: of which the fewest tests do not hold.
fn nearest(title: &str, condition: &Condition, place: Place<'_>, all: &Children<'_>) -> String {
    let mut children: Vec<_> = (all.counted.iter())
        .map(|child| {
            let around = place.around(child);
            (condition.unmet_tests(around).count(), child, around)
        })
        .collect();
    children.sort_by_key(|(unmet, ..)| *unmet);
    let told: Vec<String> = (children.iter().take(MOST))
        .map(|(_, child, around)| {
            let of_child = condition.found(*around);
            let name = show_name(&child.name);
            match of_child.is_empty() {
                true => format!("{title} `{name}`"),
                false => format!("{title} `{name}`: {of_child}"),
            }
        })
        .collect();
    let mut told = told.join("; ");
    if let Some(more @ 1..) = children.len().checked_sub(MOST) {
        // Writing to a String never fails.
        let _ = write!(told, "; and {more} more");
    }
    told
}
