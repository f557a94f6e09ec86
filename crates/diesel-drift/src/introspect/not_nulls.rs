//! What `NOT NULL` constraints say beyond that they are there.

use super::IntrospectError;
use super::query::{Query, query};
use crate::catalog::NotNull;
use diesel::sql_types::{Bool, Nullable, Oid, SmallInt, Text};
use diesel::{PgConnection, QueryableByName};
use std::collections::HashMap;

/// The constraints that say something.
pub(super) struct NotNulls {
    /// By relation and column's number; and whether older rows may be null.
    columns: HashMap<(u32, i16), (NotNull, bool)>,
    /// By type.
    domains: HashMap<u32, NotNull>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct NotNullRow {
    #[diesel(sql_type = Oid)]
    relation: u32,
    #[diesel(sql_type = SmallInt)]
    number: i16,
    #[diesel(sql_type = Oid)]
    domain: u32,
    #[diesel(sql_type = Bool)]
    not_valid: bool,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    #[diesel(sql_type = Bool)]
    no_inherit: bool,
    #[diesel(sql_type = Bool)]
    inherited: bool,
    #[diesel(sql_type = Nullable<Text>)]
    comment: Option<String>,
}

impl NotNulls {
    /// Reads them.
    pub(super) fn read(connection: &mut PgConnection) -> Result<Self, IntrospectError> {
        const NOT_NULLS: Query = query!("not_nulls.sql");
        let mut not_nulls = Self {
            columns: HashMap::new(),
            domains: HashMap::new(),
        };
        for row in NOT_NULLS.rows::<NotNullRow>(connection)? {
            let not_null = NotNull {
                name: row.name,
                no_inherit: row.no_inherit,
                inherited: row.inherited,
                comment: row.comment,
            };
            if row.domain == 0 {
                let place = (row.relation, row.number);
                not_nulls.columns.insert(place, (not_null, row.not_valid));
            } else {
                not_nulls.domains.insert(row.domain, not_null);
            }
        }
        Ok(not_nulls)
    }

    /// That of a column, and whether older rows may be null.
    pub(super) fn of_column(&self, relation: u32, number: i16) -> (NotNull, bool) {
        let found = self.columns.get(&(relation, number));
        found.cloned().unwrap_or_default()
    }

    /// That of a domain.
    pub(super) fn of_domain(&self, domain: u32) -> NotNull {
        self.domains.get(&domain).cloned().unwrap_or_default()
    }
}
