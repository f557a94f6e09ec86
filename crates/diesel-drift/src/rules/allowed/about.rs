//! What a finding is about, by names; and by those that it had before.

use super::place::Place;
use crate::catalog::class::{self, Class};
use crate::catalog::{Catalog, IndexTerm, ObjectPath, Relation, TypeName};
use crate::migrate::{Act, Done, Identifier, Named, Part, Thing};
use crate::subject::Subject;

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct About {
    schema: Option<String>,
    /// The object, or what it hangs on.
    top: String,
    family: Family,
    /// Whether a relation of that name in `public` is meant where no schema is named.
    is_shadowed: bool,
    child: Option<Child>,
}

/// What hangs on an object.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Child {
    /// None for what no statement names by itself.
    part: Option<Part>,
    name: String,
    /// What a key or an index is over.
    columns: Vec<String>,
}

/// Objects that share one room of names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Family {
    Relation,
    Type,
    /// With its signature, where there are several of its name.
    Routine(Option<String>),
    Schema,
    Other,
}

/// It came to be later than a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Later;

impl About {
    pub(super) fn of(subject: &Subject, catalog: &Catalog) -> Option<Self> {
        let relation = |schema: &str, name: &str| {
            let mut all = catalog.relations.iter();
            all.find(|it| it.name.schema == schema && it.name.name == name)
        };
        let (schema, top, family, child) = match subject {
            Subject::Relation(name) => (Some(&name.schema), &name.name, Family::Relation, None),
            Subject::Type(name) => (Some(&name.schema), &name.name, Family::Type, None),
            Subject::Column(name, column)
            | Subject::Join {
                child: name,
                column,
                ..
            } => {
                let child = Child::of(&class::COLUMN, column, None);
                (
                    Some(&name.schema),
                    &name.name,
                    Family::Relation,
                    Some(child),
                )
            }
            Subject::Object(path) => {
                let holder = (path.schema.as_ref()).and_then(|it| relation(it, &path.name));
                let child = path.child.as_ref();
                let child = child.map(|child| Child::of(path.class, child, holder));
                let family = Family::of(path, holder.is_some(), catalog);
                (path.schema.as_ref(), &path.name, family, child)
            }
            Subject::InMigration { .. }
            | Subject::Migration(_)
            | Subject::Rule(_)
            | Subject::Suppression { .. } => return None,
        };
        let is_public = schema.is_none_or(|schema| schema == PUBLIC);
        Some(Self {
            is_shadowed: !is_public && relation(PUBLIC, top).is_some(),
            schema: schema.cloned(),
            top: top.clone(),
            family,
            child,
        })
    }

    /// Whether a comment at that place names it.
    pub(super) fn is_named_at(&self, place: &Place) -> bool {
        let at = place.items.as_ref().unwrap_or(&place.names);
        let is_target = self.is_named(&place.target) && self.is_of(place.parameters.as_deref());
        let is_at = match &self.child {
            None => !place.within || self.is_named(at),
            Some(child) => child.is_named(at),
        };
        is_target && is_at
    }

    /// Whether the object, or what it hangs on, is among the names, and not only as what a key points to.
    fn is_named(&self, names: &[Identifier]) -> bool {
        names.iter().any(|name| {
            let in_schema = match &name.qualifier {
                Some(qualifier) => Some(qualifier) == self.schema.as_ref(),
                None => !self.is_shadowed,
            };
            name.name == self.top && in_schema && !name.referenced
        })
    }

    /// Whether it may have these parameters.
    fn is_of(&self, parameters: Option<&str>) -> bool {
        match (&self.family, parameters) {
            (Family::Routine(Some(signature)), Some(parameters)) => {
                is_signature(parameters, signature)
            }
            _ => true,
        }
    }

    /// Takes it back to before something was done. `bare`: whether a name without a schema may be of its schema, though that is not `public`.
    ///
    /// # Errors
    /// Where it was not there before that, or something else was called as it is.
    pub(super) fn undo(&mut self, act: &Act, bare: bool) -> Result<(), Later> {
        let Act { thing, done, .. } = act;
        match thing {
            Thing::Schema(name) => match &mut self.schema {
                Some(schema) => undo(schema, name, done),
                None if self.family == Family::Schema => undo(&mut self.top, name, done),
                None => Ok(()),
            },
            Thing::Relation(named) => {
                if self.family == Family::Relation {
                    self.undo_top(named, done, bare)?;
                }
                let in_schema = self.is_in(named, bare);
                match &mut self.child {
                    Some(child) if child.part == Some(Part::Constraint) && in_schema => {
                        undo(&mut child.name, &named.name, done)
                    }
                    _ => Ok(()),
                }
            }
            Thing::Type(named) if self.family == Family::Type => self.undo_top(named, done, bare),
            Thing::Routine(named, parameters) => {
                let inner = parameters.as_deref().map(|it| it.trim_matches(['(', ')']));
                match &self.family {
                    Family::Routine(_) if self.is_of(inner) => self.undo_top(named, done, bare),
                    _ => Ok(()),
                }
            }
            Thing::Part(part, holder, name) => {
                let is_holder = holder.name == self.top && self.is_in(holder, bare);
                let Some(child) = self.child.as_mut().filter(|_| is_holder) else {
                    return Ok(());
                };
                if child.part == Some(*part) {
                    undo(&mut child.name, name, done)?;
                }
                let columns = child.columns.iter_mut().filter(|_| *part == Part::Column);
                { columns }.try_for_each(|column| undo(column, name, done))
            }
            Thing::KeyOver(table, columns) => {
                let is_holder = table.name == self.top && self.is_in(table, bare);
                let is_over = |child: &Child| {
                    child.part == Some(Part::Constraint) && child.columns == *columns
                };
                match is_holder && self.child.as_ref().is_some_and(is_over) {
                    true => Err(Later),
                    false => Ok(()),
                }
            }
            Thing::Type(_) => Ok(()),
        }
    }

    fn undo_top(&mut self, named: &Named, done: &Done, bare: bool) -> Result<(), Later> {
        match done {
            Done::Moved(to) if self.schema.as_ref() == Some(to) && self.top == named.name => {
                let before = named.schema.clone().unwrap_or_else(|| PUBLIC.to_owned());
                self.schema = Some(before);
                Ok(())
            }
            _ if self.is_in(named, bare) => undo(&mut self.top, &named.name, done),
            _ => Ok(()),
        }
    }

    /// Whether a name is one of its schema.
    fn is_in(&self, named: &Named, bare: bool) -> bool {
        match &named.schema {
            Some(schema) => Some(schema) == self.schema.as_ref(),
            None => bare || self.schema.as_deref() == Some(PUBLIC),
        }
    }
}

/// What a name without a schema means, unless something says otherwise.
const PUBLIC: &str = "public";

/// What is called `now` was called so before something was done to `name`.
fn undo(now: &mut String, name: &str, done: &Done) -> Result<(), Later> {
    match done {
        Done::Renamed(to) if to == now => {
            name.clone_into(now);
            Ok(())
        }
        _ if now == name => Err(Later),
        _ => Ok(()),
    }
}

impl Family {
    fn of(path: &ObjectPath, is_relation: bool, catalog: &Catalog) -> Self {
        const ROUTINES: [&Class; 3] = [&class::FUNCTION, &class::PROCEDURE, &class::AGGREGATE];
        match path.class {
            _ if is_relation => Self::Relation,
            // What hangs on no relation hangs on a type.
            _ if path.child.is_some() => Self::Type,
            it if it.has_columns() || it == &class::SEQUENCE => Self::Relation,
            it if it.is_type() => Self::Type,
            it if ROUTINES.contains(&it) => {
                let functions = catalog.functions.iter().map(|it| &it.name);
                let procedures = catalog.procedures.iter().map(|it| &it.name);
                let is_so_called = |name: &&crate::catalog::QualifiedName| {
                    Some(&name.schema) == path.schema.as_ref() && name.name == path.name
                };
                let several = functions.chain(procedures).filter(is_so_called).count() > 1;
                Self::Routine(several.then(|| path.signature.clone()))
            }
            it if it == &class::SCHEMA => Self::Schema,
            _ => Self::Other,
        }
    }
}

impl Child {
    fn of(class: &'static Class, name: &str, holder: Option<&Relation>) -> Self {
        let part = match class {
            it if it == &class::COLUMN || it == &class::ATTRIBUTE => Some(Part::Column),
            it if it == &class::TRIGGER => Some(Part::Trigger),
            it if it == &class::POLICY => Some(Part::Policy),
            it if it == &class::RULE => Some(Part::Rule),
            it if it == &class::INDEX || it.is_constraint() => Some(Part::Constraint),
            _ => None,
        };
        let columns = (holder.filter(|_| part == Some(Part::Constraint)))
            .and_then(|relation| columns_of(relation, name));
        Self {
            part,
            name: name.to_owned(),
            columns: columns.unwrap_or_default(),
        }
    }

    /// Whether it is named; or all that it is over, where that is not only what a key points to.
    fn is_named(&self, names: &[Identifier]) -> bool {
        let is_there =
            |wanted: &String| (names.iter()).any(|name| name.name == *wanted && !name.referenced);
        is_there(&self.name) || !self.columns.is_empty() && self.columns.iter().all(is_there)
    }
}

/// The columns that a key or an index of a relation is over, if there is one of that name and it is over columns alone.
fn columns_of(relation: &Relation, child: &str) -> Option<Vec<String>> {
    let keys = relation.primary_key.iter().chain(&relation.unique);
    let of_keys = keys.map(|key| (&key.name, key.columns.clone()));
    let of_foreign = relation.foreign_keys.iter();
    let of_foreign = of_foreign.map(|key| (&key.name, key.columns.clone()));
    let mut keys = of_keys.chain(of_foreign);
    let columns = keys.find(|(name, _)| *name == child).map(|(_, it)| it);
    let of_index = || {
        let index = relation.indexes.iter().find(|index| index.name == child)?;
        let terms = index.columns.iter().map(|column| match &column.term {
            IndexTerm::Column(name) => Some(name.clone()),
            IndexTerm::Expression(_) => None,
        });
        terms.collect::<Option<Vec<_>>>()
    };
    columns.or_else(of_index)
}

/// Whether parameters as a statement writes them are those of a signature: as many, and each of its type.
fn is_signature(written: &str, signature: &str) -> bool {
    let types = parts(signature.trim_matches(['(', ')']));
    let is_result = |parameter: &&str| is_word(parameter.split(' ').next(), &["out", "table"]);
    let written = parts(written);
    let written: Vec<&str> = written.into_iter().filter(|it| !is_result(it)).collect();
    let each = || written.iter().zip(&types);
    written.len() == types.len() && each().all(|(written, of)| is_of(written, of))
}

/// Whether a parameter, `IN a int DEFAULT 1`, is of a type. With a name before its own, or without.
fn is_of(parameter: &str, of: &str) -> bool {
    let words: Vec<&str> = parameter.split_whitespace().collect();
    let default = words
        .iter()
        .position(|word| is_word(Some(word), &["default", "="]));
    let words = &words[..default.unwrap_or(words.len())];
    let is_mode = is_word(words.first().copied(), &["in", "inout", "variadic"]);
    let words = &words[usize::from(is_mode)..];
    let of = TypeName::read(of);
    let behind = words.split_first().map(|(_, behind)| behind);
    // No modifier is part of a signature.
    let is_it = |words: &[&str]| {
        let text = words.join(" ");
        let bare = text.split_once('(').map_or(&*text, |(name, _)| name);
        [&*text, bare]
            .iter()
            .any(|text| TypeName::read(text).means(&of))
    };
    is_it(words) || behind.is_some_and(|behind| !behind.is_empty() && is_it(behind))
}

fn is_word(word: Option<&str>, words: &[&str]) -> bool {
    word.is_some_and(|word| words.iter().any(|it| it.eq_ignore_ascii_case(word)))
}

/// What stands between the commas outside of parentheses.
fn parts(list: &str) -> Vec<&str> {
    let mut depth = 0;
    let is_comma = |c: char| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        c == ',' && depth == 0
    };
    let parts = list.split(is_comma).map(str::trim);
    parts.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_those_of_a_signature() {
        for (written, signature) in [
            ("", "()"),
            ("int, b text", "(integer, text)"),
            (
                "IN a INT DEFAULT 1, OUT c text, VARIADIC b timestamptz[]",
                "(integer, timestamp with time zone[])",
            ),
            (
                "a timestamp with time zone = now()",
                "(timestamp with time zone)",
            ),
            ("m mood", "(app.mood)"),
            ("a numeric(10, 2), b text", "(numeric, text)"),
        ] {
            assert!(is_signature(written, signature), "{written} {signature}");
        }
        for (written, signature) in [
            ("", "(integer)"),
            ("a int", "(text)"),
            ("a int, b int", "(integer)"),
        ] {
            assert!(!is_signature(written, signature), "{written} {signature}");
        }
    }
}
