//! `joinable!` against foreign keys.

use super::{Comparison, TablePair, has_keys};
use crate::catalog::ForeignKey;
use crate::declared::{self, Joinable};
use crate::subject::Subject;
use crate::text::show_name;
use std::collections::BTreeSet;

/// A `joinable!` between two declared relations that exist.
pub struct Join<'c, 'a> {
    /// What the code says.
    pub declared: &'a Joinable,
    /// The side with the column.
    pub child: &'c TablePair<'a>,
    /// The column's SQL name.
    pub column: &'a str,
    /// The side that it points to.
    pub parent: &'c TablePair<'a>,
}

/// A foreign key that Diesel CLI would print a `joinable!` for, and that has none.
pub struct UndeclaredJoin<'c, 'a> {
    /// What the database has.
    pub foreign_key: &'a ForeignKey,
    /// The side with the column.
    pub child: &'c TablePair<'a>,
    /// The column.
    pub column: &'a declared::Column,
    /// The side that it points to.
    pub parent: &'c TablePair<'a>,
}

impl Join<'_, '_> {
    /// The join as findings name it.
    pub fn subject(&self) -> Subject {
        Subject::Join {
            child: self.child.name.clone(),
            column: self.column.to_owned(),
            parent: self.parent.name.clone(),
        }
    }

    /// Whether a key leads from this column to one of the parent's primary key, which is what `joinable!` joins on; a key
    /// over several columns does as well.
    /// Views, foreign tables and other owners' tables have no keys that could.
    pub fn is_backed(&self) -> bool {
        let (Some(child), Some(parent)) = (self.child.relation, self.parent.relation) else {
            return true;
        };
        let outside = self.child.outside || self.parent.outside;
        if outside || !has_keys(child.kind) || !has_keys(parent.kind) {
            return true;
        }
        self.foreign_keys().any(|key| {
            key.target == parent.name
                && key
                    .columns
                    .iter()
                    .zip(&key.target_columns)
                    .any(|(column, target)| {
                        column == self.column && self.parent.declared.primary_key.contains(target)
                    })
        })
    }

    /// What the column's key references, when that is something else.
    pub fn other_target(&self) -> Option<String> {
        let key = self
            .foreign_keys()
            .find(|key| key.columns.iter().any(|column| column == self.column))?;
        let columns: Vec<_> = key
            .target_columns
            .iter()
            .map(|name| show_name(name))
            .collect();
        Some(format!(
            "{} ({})",
            Subject::Relation(key.target.clone()),
            columns.join(", ")
        ))
    }

    fn foreign_keys(&self) -> impl Iterator<Item = &ForeignKey> {
        self.child
            .relation
            .into_iter()
            .flat_map(|relation| &relation.foreign_keys)
    }
}

impl UndeclaredJoin<'_, '_> {
    /// The join as findings name it.
    pub fn subject(&self) -> Subject {
        Subject::Join {
            child: self.child.name.clone(),
            column: self.column.name.clone(),
            parent: self.parent.name.clone(),
        }
    }
}

impl<'a> Comparison<'a> {
    /// Every `joinable!` whose two sides are declared and exist, and whose column does.
    pub fn joins(&self) -> Vec<Join<'_, 'a>> {
        self.declared
            .joinables
            .iter()
            .filter_map(|joinable| {
                let child = self.table_of(joinable, &joinable.child)?;
                let parent = self.table_of(joinable, &joinable.parent)?;
                let column = child
                    .declared
                    .columns
                    .iter()
                    .find(|column| column.rust_name == joinable.foreign_key)?;
                child.relation?.column(&column.name)?;
                parent.relation?;
                Some(Join {
                    declared: joinable,
                    child,
                    column: &column.name,
                    parent,
                })
            })
            .collect()
    }

    fn table_of(&self, joinable: &Joinable, path: &[String]) -> Option<&TablePair<'a>> {
        self.tables.get(self.joined.place(joinable, path)?)
    }

    /// Foreign keys without a `joinable!`, of those that Diesel CLI prints one for: over a single column, to another table's
    /// primary key, and the only key between the two tables, in whichever direction.
    pub fn undeclared_joins(&self) -> Vec<UndeclaredJoin<'_, 'a>> {
        let joins = self.joins();
        let joins: BTreeSet<_> = joins
            .iter()
            .map(|join| (&join.child.name, &join.parent.name))
            .collect();
        let mut undeclared = Vec::new();
        for child in self.tables.iter().filter(|pair| !pair.outside) {
            let Some(relation) = child.relation else {
                continue;
            };
            for foreign_key in &relation.foreign_keys {
                let ([column], [target_column]) =
                    (&foreign_key.columns[..], &foreign_key.target_columns[..])
                else {
                    continue;
                };
                let Some(parent) = self.pairs_of(&foreign_key.target).next() else {
                    continue;
                };
                let Some(column) = child
                    .declared
                    .columns
                    .iter()
                    .find(|declared| declared.name == *column)
                else {
                    continue;
                };
                let joined = joins.contains(&(&child.name, &parent.name))
                    || joins.contains(&(&parent.name, &child.name));
                // Diesel knows one join between two tables, in one direction.
                let keys = keys_between(child, parent) + keys_between(parent, child);
                let printable = keys == 1
                    && parent.name != child.name
                    && parent.declared.primary_key == std::slice::from_ref(target_column);
                if printable && !joined {
                    undeclared.push(UndeclaredJoin {
                        foreign_key,
                        child,
                        column,
                        parent,
                    });
                }
            }
        }
        undeclared
    }
}

/// How many foreign keys one table has to another.
fn keys_between(child: &TablePair<'_>, parent: &TablePair<'_>) -> usize {
    let keys = child
        .relation
        .map_or(&[][..], |relation| &relation.foreign_keys);
    keys.iter().filter(|key| key.target == parent.name).count()
}
