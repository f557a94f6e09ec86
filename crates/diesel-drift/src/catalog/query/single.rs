//! What is in a schema and hangs on nothing: types and routines.

use super::Selection;
use crate::catalog::{Catalog, EnumType, QualifiedName, Routine};
use std::ops::Deref;

/// A type or routine: what is in a schema and hangs on nothing.
#[derive(Debug)]
pub struct Single<'a, T> {
    pub(super) name: &'a QualifiedName,
    pub(super) signature: &'a str,
    pub(super) item: &'a T,
}

impl Catalog {
    /// Enums.
    pub fn enum_types(&self) -> Selection<Single<'_, EnumType>> {
        let types = (self.enums.iter()).map(|item| Single::new(&item.name, "", item));
        Selection::new("enums", types)
    }

    /// Functions, those of triggers among them.
    pub fn routines(&self) -> Selection<Single<'_, Routine>> {
        let functions =
            (self.functions.iter()).map(|item| Single::new(&item.name, &item.signature, item));
        Selection::new("functions", functions)
    }
}

impl<'a, T> Single<'a, T> {
    fn new(name: &'a QualifiedName, signature: &'a str, item: &'a T) -> Self {
        Self {
            name,
            signature,
            item,
        }
    }
}

impl<T> Deref for Single<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.item
    }
}
