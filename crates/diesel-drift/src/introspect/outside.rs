//! Which of the things that are not the project's it names or uses.

use super::Wanted;
use super::types::Read;
use crate::catalog::{DataType, Domain, EnumType, QualifiedName, Relation};
use std::collections::BTreeSet;

/// The project's objects, and the others.
pub(super) fn own_and_outside<T>(read: Vec<Read<T>>) -> (Vec<T>, Vec<T>) {
    let (own, outside): (Vec<_>, Vec<_>) = read.into_iter().partition(|read| read.own);
    let objects = |read: Vec<Read<T>>| read.into_iter().map(|read| read.object).collect();
    (objects(own), objects(outside))
}

/// The relations outside that are wanted.
pub(super) fn wanted_relations(outside: Vec<Relation>, wanted: &Wanted) -> Vec<Relation> {
    outside
        .into_iter()
        .filter(|relation| wanted.relations.contains(&relation.name.name))
        .collect()
}

/// The enums outside that are wanted.
pub(super) fn wanted_enums(outside: Vec<EnumType>, wanted: &Wanted) -> Vec<EnumType> {
    outside
        .into_iter()
        .filter(|object| wanted.types.contains(&object.name.name))
        .collect()
}

/// The domains outside that are wanted or that one of `used` is made of, also by way of other domains, `own` or not.
pub(super) fn wanted_domains<'types>(
    own: &'types [Domain],
    outside: Vec<Domain>,
    used: impl Iterator<Item = &'types DataType>,
    wanted: &Wanted,
) -> Vec<Domain> {
    let mut needed: BTreeSet<QualifiedName> = used
        .chain(own.iter().map(|domain| &domain.base))
        .map(DataType::qualified_name)
        .collect();
    let wanted_too = |domain: &&Domain| wanted.types.contains(&domain.name.name);
    needed.extend(
        outside
            .iter()
            .filter(wanted_too)
            .map(|domain| domain.name.clone()),
    );

    // Each round finds what the domains of the round before are made of.
    loop {
        let bases: Vec<_> = outside
            .iter()
            .filter(|domain| needed.contains(&domain.name))
            .map(|domain| domain.base.qualified_name())
            .filter(|base| !needed.contains(base))
            .collect();
        if bases.is_empty() {
            break;
        }
        needed.extend(bases);
    }
    outside
        .into_iter()
        .filter(|domain| needed.contains(&domain.name))
        .collect()
}
