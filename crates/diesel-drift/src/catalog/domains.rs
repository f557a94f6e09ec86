//! What types are made of.

use super::{DataType, Domain};
use std::collections::HashMap;

/// Domains by schema and name.
pub(crate) struct Domains<'a>(HashMap<(&'a str, &'a str), &'a Domain>);

impl<'a> Domains<'a> {
    /// Finds these domains, and no others.
    pub(crate) fn of(domains: impl IntoIterator<Item = &'a Domain>) -> Self {
        let by_name = |domain: &'a Domain| ((&*domain.name.schema, &*domain.name.name), domain);
        Self(domains.into_iter().map(by_name).collect())
    }

    /// The domain that a type, or an array's element type, is.
    pub(crate) fn named(&self, data_type: &DataType) -> Option<&'a Domain> {
        // So that the key need not live as long as the domains.
        let by_name: &HashMap<(&str, &str), &'a Domain> = &self.0;
        by_name
            .get(&(&*data_type.schema, &*data_type.name))
            .copied()
    }

    /// The domains that a type is made of, the outermost first. An array of a domain is made of none.
    pub(crate) fn chain(&self, data_type: &DataType) -> impl Iterator<Item = &'a Domain> {
        let domain = |data_type: &DataType| {
            let found = (!data_type.array).then(|| self.named(data_type));
            found.flatten()
        };
        std::iter::successors(domain(data_type), move |outer| domain(&outer.base))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::QualifiedName;

    fn of(name: &str, array: bool) -> DataType {
        DataType {
            schema: "app".to_owned(),
            name: name.to_owned(),
            array,
            ..DataType::default()
        }
    }

    #[test]
    fn a_chain_ends_at_what_is_no_domain_and_at_an_array() {
        let domain = |name: &str, base| Domain {
            name: QualifiedName::new("app", name),
            base,
            ..Domain::default()
        };
        let all = [
            domain("email", of("address", false)),
            domain("address", of("text", false)),
            domain("emails", of("email", true)),
        ];
        let domains = Domains::of(&all);
        let chain = |data_type: &DataType| -> Vec<_> {
            let found = domains.chain(data_type);
            found.map(|domain| domain.name.name.as_str()).collect()
        };
        assert_eq!(chain(&of("email", false)), ["email", "address"]);
        assert_eq!(chain(&of("emails", false)), ["emails"]);
        assert_eq!(chain(&of("email", true)), [""; 0]);
        assert!(domains.named(&of("email", true)).is_some());
    }
}
