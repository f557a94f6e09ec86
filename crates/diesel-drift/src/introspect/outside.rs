//! Which of the things that are not the project's it names or uses.

use super::Wanted;
use super::types::Read;
use crate::catalog::{DataType, Domain, EnumType, Relation};
use std::collections::HashMap;

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

/// The domains outside that are wanted or that one of `used` is made of, also by way of other domains.
pub(super) fn wanted_domains<'types>(
    outside: Vec<Domain>,
    used: impl Iterator<Item = &'types DataType>,
    wanted: &Wanted,
) -> Vec<Domain> {
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    for (place, domain) in outside.iter().enumerate() {
        places.insert((&domain.name.schema, &domain.name.name), place);
    }
    let place = |data_type: &DataType| {
        let name = (data_type.schema.as_str(), data_type.name.as_str());
        places.get(&name).copied()
    };
    let mut needed = vec![false; outside.len()];
    let named = outside
        .iter()
        .map(|domain| wanted.types.contains(&domain.name.name));
    let named = named
        .enumerate()
        .filter_map(|(place, named)| named.then_some(place));
    let mut found: Vec<usize> = used.filter_map(place).chain(named).collect();
    while let Some(next) = found.pop() {
        if !std::mem::replace(&mut needed[next], true) {
            found.extend(place(&outside[next].base));
        }
    }
    let kept = outside.into_iter().zip(needed);
    kept.filter_map(|(domain, needed)| needed.then_some(domain))
        .collect()
}
