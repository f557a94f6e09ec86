//! Columns that a domain keeps from being null.

use crate::catalog::{Catalog, Domains};

/// Marks the columns of domains that are not null, and of domains over such, as what they are.
pub(super) fn spread_not_null(catalog: &mut Catalog) {
    let domains = Domains::of(&catalog.domains);
    for relation in &mut catalog.relations {
        for column in &mut relation.columns {
            let mut chain = domains.chain(&column.data_type);
            column.not_null |= chain.any(|domain| domain.not_null);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Column, DataType, Domain, QualifiedName, Relation};

    #[test]
    fn a_column_of_a_domain_that_is_not_null_is_not_null() {
        let of = |name: &str, array| DataType {
            schema: "app".to_owned(),
            name: name.to_owned(),
            array,
            ..DataType::default()
        };
        let domain = |name: &str, base: &str, not_null| Domain {
            name: QualifiedName::new("app", name),
            base: of(base, false),
            not_null,
            ..Domain::default()
        };
        let column = |data_type| Column {
            data_type,
            ..Column::default()
        };
        let columns = vec![
            column(of("email", false)),
            column(of("email", true)),
            column(of("text", false)),
        ];
        let table = Relation {
            columns,
            ..Relation::default()
        };
        let mut catalog = Catalog {
            relations: vec![table],
            domains: vec![
                domain("address", "text", true),
                domain("email", "address", false),
            ],
            ..Catalog::default()
        };
        spread_not_null(&mut catalog);
        let not_null = catalog.relations[0].columns.iter().map(|it| it.not_null);
        assert_eq!(not_null.collect::<Vec<_>>(), [true, false, false]);
    }
}
