//! What there is instead of what is asked for, in words.

use super::condition::{Condition, Test};
use super::place::{Children, Place};
use crate::catalog::{NOTHING, default_of};
use crate::kinds;
use crate::text::{plural, show_name};
use std::fmt::Write as _;

/// How many of what hangs on an object are told.
const MOST: usize = 2;

/// How many characters of a value are told.
const LONGEST: usize = 160;

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

    /// Whether an object is called as it asks.
    fn names(&self, place: Place<'_>) -> bool {
        let mut names = self.0.iter().filter(|test| matches!(test, Test::Name(_)));
        names.all(|test| test.holds(place))
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
                    Some(value) => brief(&kinds::shown(value)),
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

/// A value on one line, and not all of a function's body.
fn brief(value: &str) -> String {
    let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", line[..end].trim_end()),
        None => line,
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

/// Those for which a condition holds; where there are none, those that come nearest to it: of which the fewest tests do not hold.
fn nearest(title: &str, condition: &Condition, place: Place<'_>, all: &Children<'_>) -> String {
    let mut children: Vec<_> = (all.counted.iter())
        .map(|child| {
            let around = place.around(child);
            (condition.unmet_tests(around).count(), child, around)
        })
        .collect();
    let is_called = |around: &Place<'_>| condition.names(*around);
    if !children.iter().any(|(.., around)| is_called(around)) {
        return match children.as_slice() {
            [(_, child, _)] => format!("only {title} `{}`", show_name(&child.name)),
            many => format!("none of that name among {}", plural(many.len(), title)),
        };
    }
    children.retain(|(.., around)| is_called(around));
    children.sort_by_key(|(unmet, ..)| *unmet);
    if children.first().is_some_and(|(unmet, ..)| *unmet == 0) {
        children.retain(|(unmet, ..)| *unmet == 0);
    }
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
