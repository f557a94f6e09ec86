//! What objects of every class have: an owner and privileges. (Comments are joined where an object is read.)
//!
//! A class that is read by [`Query::objects`] gets both from it, which looks the row's number up here: such a file returns
//! the owner's name as `owner` (`pg_get_userbyid`), and for the privileges `class` (the row's `tableoid`) and `oid`. A class
//! that is read in typed rows calls [`Common::owner`] and [`Common::privileges`] itself.

use super::IntrospectError;
use super::privileges::AccessList;
use super::query::{Query, query};
use crate::catalog::Privileges;
use diesel::sql_types::{Array, Integer, Oid, Text};
use diesel::{PgConnection, QueryableByName};
use std::collections::{HashMap, HashSet};

/// The number of `pg_class`, as in `pg_depend.classid`; PostgreSQL fixes the numbers of its own catalogs.
pub(super) const PG_CLASS: u32 = 1259;
/// The number of `pg_type`.
pub(super) const PG_TYPE: u32 = 1247;

/// What every query needs to know: the server, owners and privileges of every object of the database.
pub(super) struct Common {
    /// `server_version_num`.
    pub(super) server_version: u32,
    /// The role that owns most of the project's objects.
    pub(super) usual_owner: String,
    /// Those of the catalogs of `populated.sql` that hold anything.
    pub(super) populated: HashSet<String>,
    /// By catalog, object and part of it (a column's number, else 0); only where they deviate.
    privileges: HashMap<(u32, u32, i32), Privileges>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct OwnerRow {
    #[diesel(sql_type = Text)]
    owner: String,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct PopulatedRow {
    #[diesel(sql_type = Text)]
    catalog: String,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct PrivilegesRow {
    #[diesel(sql_type = Array<Oid>)]
    classes: Vec<u32>,
    #[diesel(sql_type = Array<Oid>)]
    objects: Vec<u32>,
    #[diesel(sql_type = Array<Integer>)]
    parts: Vec<i32>,
    #[diesel(sql_type = Text)]
    list: String,
}

impl Common {
    /// Reads them.
    pub(super) fn read(
        connection: &mut PgConnection,
        server_version: u32,
    ) -> Result<Self, IntrospectError> {
        const USUAL_OWNER: Query = query!("usual_owner.sql");
        const POPULATED: Query = query!("populated.sql");
        const PRIVILEGES: Query = query!("privileges.sql");

        let usual_owner = USUAL_OWNER
            .rows::<OwnerRow>(connection)?
            .pop()
            .map(|row| row.owner)
            .ok_or_else(|| IntrospectError::inconsistent("nobody owns the database"))?;
        let populated = POPULATED.rows::<PopulatedRow>(connection)?;
        let mut privileges = HashMap::new();
        for row in PRIVILEGES.rows::<PrivilegesRow>(connection)? {
            let deviations = PRIVILEGES.json::<AccessList>(&row.list)?.deviations();
            if deviations != Privileges::default() {
                let objects = row.classes.into_iter().zip(row.objects).zip(row.parts);
                privileges
                    .extend(objects.map(|((class, object), part)| {
                        ((class, object, part), deviations.clone())
                    }));
            }
        }
        Ok(Self {
            server_version,
            usual_owner,
            populated: populated.into_iter().map(|row| row.catalog).collect(),
            privileges,
        })
    }

    /// The owner, unless it is the usual one.
    pub(super) fn owner(&self, owner: String) -> Option<String> {
        (owner != self.usual_owner).then_some(owner)
    }

    /// The objects that have privileges of their own: catalog, number, part.
    pub(super) fn privileged(&self) -> impl Iterator<Item = (u32, u32, i32)> {
        self.privileges.keys().copied()
    }

    /// The privileges of an object of the catalog `class`, or of a part of it.
    pub(super) fn privileges(&self, class: u32, object: u32, part: i32) -> Privileges {
        let found = self.privileges.get(&(class, object, part));
        found.cloned().unwrap_or_default()
    }
}
