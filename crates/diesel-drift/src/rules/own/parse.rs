//! Conditions as `drift.toml` has them → what is asked, with every name and value held against the catalog's own.

use super::asked::Asked;
use super::condition::{Condition, Test};
use super::place::{children_of, key_of};
use super::said::{Entries, Said, Wrong};
use super::{OwnRule, kind_of};
use crate::catalog::class::{self, Class};
use crate::catalog::{Fact, facts, parent_classes};
use crate::declared::Span;
use crate::finding::Severity;
use crate::text::{proposed, visible};
use toml::Spanned;

/// A rule as `drift.toml` has it, but for its conditions read.
pub(crate) struct Definition {
    pub(crate) id: String,
    pub(crate) because: String,
    pub(crate) severity: Severity,
    pub(crate) every: &'static Class,
    pub(crate) except: Vec<(String, Span)>,
    pub(crate) span: Span,
}

/// The conditions of a rule.
pub(crate) struct Conditions {
    pub(crate) condition: Entries,
    pub(crate) must: Option<Entries>,
    pub(crate) must_not: Option<Entries>,
}

/// Reads a rule's conditions.
///
/// # Errors
/// Where a key or a value is none of the class's, and what its are.
pub(crate) fn parse(definition: Definition, conditions: Conditions) -> Result<OwnRule, Wrong> {
    let Definition {
        id,
        because,
        severity,
        every,
        except,
        span,
    } = definition;
    let read = |entries: Entries| condition(every, entries);
    let where_ = read(conditions.condition)?;
    let must = conditions.must.map(read).transpose()?;
    let must_not = conditions.must_not.map(read).transpose()?;
    let parents = parent_classes(every);
    let asked: Vec<_> = where_.parents().collect();
    // What hangs on a view is not meant where nobody says so.
    let of = match (asked.as_slice(), parents.contains(&&class::TABLE)) {
        ([], true) => vec![&class::TABLE],
        ([], false) => parents,
        _ => asked,
    };
    let all = [Some(&where_), must.as_ref(), must_not.as_ref()];
    let partitions = (all.into_iter().flatten()).any(|it| it.asks_for("partition_of"));
    Ok(OwnRule {
        kind: kind_of(&id, &because, severity),
        span,
        every,
        of,
        partitions,
        condition: where_,
        must,
        must_not,
        except,
    })
}

fn condition(class: &'static Class, entries: Entries) -> Result<Condition, Wrong> {
    let mut tests = Vec::new();
    for (key, value) in entries {
        tests.extend(tests_of(class, &key, value)?);
    }
    Ok(Condition(tests))
}

fn tests_of(
    class: &'static Class,
    key: &Spanned<String>,
    value: Spanned<Said>,
) -> Result<Vec<Test>, Wrong> {
    let name = key.get_ref().as_str();
    let is_it = |class: &&&'static Class| key_of(class) == name;
    if let "name" | "schema" = name {
        let expected = Asked::name(name).expected(value)?;
        return Ok(vec![match name {
            "name" => Test::Name(expected),
            _ => Test::Schema(expected),
        }]);
    }
    if let Some(fact) = facts_of(class).find(|fact| fact.attribute == name) {
        let expected = Asked::fact(fact).expected(value)?;
        return Ok(vec![Test::Fact { fact, expected }]);
    }
    if let Some(parent) = parent_classes(class).iter().find(is_it) {
        let (start, value) = (value.span().start, value.into_inner());
        let Said::Table(entries) = value else {
            let message = format!("`{name}` takes a table: `{name} = {{ name = \"…\" }}`");
            return Err((start, message));
        };
        let condition = condition(parent, entries)?;
        let class = parent;
        return Ok(vec![Test::Parent { class, condition }]);
    }
    if let Some(child) = children_of(class).iter().find(is_it) {
        return children(child, name, value);
    }
    let keys = keys(class);
    let message = format!(
        "{} has no `{}`{}; it has {}",
        class.with_article(),
        visible(name),
        proposed(name, keys.iter().map(String::as_str)),
        keys.join(", ")
    );
    Err((key.span().start, message))
}

/// What is asked of what hangs on an object: a table, or several, each of which one has to meet.
fn children(class: &'static Class, key: &str, value: Spanned<Said>) -> Result<Vec<Test>, Wrong> {
    let start = value.span().start;
    let child = |entries: Entries| -> Result<Test, Wrong> {
        let (wanted, entries) = presence(entries)?;
        Ok(Test::Child {
            class,
            wanted,
            condition: condition(class, entries)?,
        })
    };
    let wrong = || {
        let message = format!(
            "`{key}` takes a table: `{key} = {{}}` is any, `{key} = {{ present = false }}` none; or a list of tables, for one of each"
        );
        (start, message)
    };
    match value.into_inner() {
        Said::Table(entries) => Ok(vec![child(entries)?]),
        Said::List(all) if !all.is_empty() => (all.into_iter())
            .map(|one| match one.into_inner() {
                Said::Table(entries) => child(entries),
                _ => Err(wrong()),
            })
            .collect(),
        _ => Err(wrong()),
    }
}

pub(super) fn facts_of(class: &'static Class) -> impl Iterator<Item = &'static Fact> {
    facts()
        .iter()
        .filter(move |fact| fact.classes.contains(&class))
}

/// Everything that can be asked of objects of a class.
pub(super) fn keys(class: &'static Class) -> Vec<String> {
    let own = ["name", "schema"].map(str::to_owned).into_iter();
    let facts = facts_of(class).map(|fact| fact.attribute.clone());
    let parents = parent_classes(class);
    let around = parents.iter().chain(children_of(class));
    let mut keys: Vec<String> = own
        .chain(facts)
        .chain(around.map(|class| key_of(class)))
        .collect();
    let mut seen = Vec::new();
    keys.retain(|key| {
        let is_new = !seen.contains(key);
        seen.push(key.clone());
        is_new
    });
    keys
}

/// Whether something is to be there, and what is asked of it.
fn presence(entries: Entries) -> Result<(bool, Entries), Wrong> {
    let (said, rest): (Entries, Entries) =
        (entries.into_iter()).partition(|(key, _)| key.get_ref() == "present");
    match said.first() {
        None => Ok((true, rest)),
        Some((_, value)) => match value.get_ref() {
            Said::Boolean(wanted) => Ok((*wanted, rest)),
            _ => Err((value.span().start, "`present` is true or false".to_owned())),
        },
    }
}
