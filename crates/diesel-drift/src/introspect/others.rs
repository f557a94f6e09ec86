//! Everything that is neither a relation, a type, a sequence nor a schema: routines, operators, casts, text search,
//! languages, replication, foreign servers, extensions, default privileges, the database.

use super::IntrospectError;
use super::common::Common;
use super::query::{Query, query};
use crate::catalog::{
    AlteredObject, Catalog, Database, DefaultPrivileges, Extension, Privileges, Routine,
    quote_identifier,
};
use diesel::sql_types::{Array, Integer, Nullable, Oid, Text};
use diesel::{PgConnection, QueryableByName};
use serde::Deserialize;

/// A catalog of these alone.
pub(super) fn read(
    connection: &mut PgConnection,
    common: &Common,
) -> Result<Catalog, IntrospectError> {
    const BASE_TYPES: Query = query!("base_types.sql");
    const ROUTINES: Query = query!("routines.sql", of "pg_proc", after "secrets.sql");
    const AGGREGATES: Query = query!("aggregates.sql", of "pg_proc");
    const OPERATORS: Query = query!("operators.sql", of "pg_operator");
    const OPERATOR_FAMILIES: Query =
        query!("operator_families.sql", of "pg_opfamily", after "operator_members.sql");
    const OPERATOR_CLASSES: Query =
        query!("own_operator_classes.sql", of "pg_opclass", after "operator_members.sql");
    const CASTS: Query = query!("casts.sql", of "pg_cast");
    const TRANSFORMS: Query = query!("transforms.sql", of "pg_transform");
    const COLLATIONS: Query = query!("own_collations.sql", of "pg_collation");
    const CONVERSIONS: Query = query!("conversions.sql", of "pg_conversion");
    const TEXT_SEARCH_PARSERS: Query = query!("text_search_parsers.sql", of "pg_ts_parser");
    const TEXT_SEARCH_TEMPLATES: Query = query!("text_search_templates.sql", of "pg_ts_template");
    const TEXT_SEARCH_DICTIONARIES: Query = query!("text_search_dictionaries.sql", of "pg_ts_dict");
    const TEXT_SEARCH_CONFIGURATIONS: Query =
        query!("text_search_configurations.sql", of "pg_ts_config");
    const LANGUAGES: Query = query!("languages.sql", of "pg_language");
    const ACCESS_METHODS: Query = query!("access_methods.sql", of "pg_am");
    const EVENT_TRIGGERS: Query = query!("event_triggers.sql", of "pg_event_trigger");
    const PUBLICATIONS: Query = query!("publications.sql", of "pg_publication");
    const SUBSCRIPTIONS: Query = query!("subscriptions.sql");
    const FOREIGN_DATA_WRAPPERS: Query =
        query!("foreign_data_wrappers.sql", of "pg_foreign_data_wrapper", after "secrets.sql");
    const SERVERS: Query = query!("servers.sql", of "pg_foreign_server", after "secrets.sql");
    const USER_MAPPINGS: Query =
        query!("user_mappings.sql", of "pg_foreign_server", after "secrets.sql");

    let routines: Vec<Routine> = ROUTINES.objects(connection, common)?;
    // Whatever is called as a function returns something, if only `void`.
    let (functions, procedures) = routines
        .into_iter()
        .partition(|routine| routine.returns.is_some());
    let altered = altered_objects(connection, common)?;
    Ok(Catalog {
        base_types: BASE_TYPES.objects(connection, common)?,
        functions,
        procedures,
        aggregates: AGGREGATES.objects(connection, common)?,
        operators: OPERATORS.objects(connection, common)?,
        operator_families: OPERATOR_FAMILIES.objects(connection, common)?,
        operator_classes: OPERATOR_CLASSES.objects(connection, common)?,
        casts: CASTS.objects(connection, common)?,
        transforms: TRANSFORMS.objects(connection, common)?,
        collations: COLLATIONS.objects(connection, common)?,
        conversions: CONVERSIONS.objects(connection, common)?,
        text_search_parsers: TEXT_SEARCH_PARSERS.objects(connection, common)?,
        text_search_templates: TEXT_SEARCH_TEMPLATES.objects(connection, common)?,
        text_search_dictionaries: TEXT_SEARCH_DICTIONARIES.objects(connection, common)?,
        text_search_configurations: TEXT_SEARCH_CONFIGURATIONS.objects(connection, common)?,
        languages: LANGUAGES.objects(connection, common)?,
        access_methods: ACCESS_METHODS.objects(connection, common)?,
        event_triggers: EVENT_TRIGGERS.objects(connection, common)?,
        publications: PUBLICATIONS.objects(connection, common)?,
        subscriptions: SUBSCRIPTIONS.objects(connection, common)?,
        foreign_data_wrappers: FOREIGN_DATA_WRAPPERS.objects(connection, common)?,
        servers: SERVERS.objects(connection, common)?,
        user_mappings: USER_MAPPINGS.objects(connection, common)?,
        default_privileges: default_privileges(connection, common)?,
        extensions: extensions(connection, common, &altered)?,
        database: database(connection, common, &altered)?,
        ..Catalog::default()
    })
}

/// Default privileges, before they have a name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DefaultPrivilegesRow {
    role: String,
    schema: Option<String>,
    objects: String,
    #[serde(default)]
    privileges: Privileges,
}

fn default_privileges(
    connection: &mut PgConnection,
    common: &Common,
) -> Result<Vec<DefaultPrivileges>, IntrospectError> {
    const DEFAULT_PRIVILEGES: Query = query!("default_privileges.sql", of "pg_default_acl");
    let rows: Vec<DefaultPrivilegesRow> = DEFAULT_PRIVILEGES.objects(connection, common)?;
    let mut default_privileges: Vec<_> = rows
        .into_iter()
        .map(|row| DefaultPrivileges {
            name: default_privileges_name(&row, &common.usual_owner),
            privileges: row.privileges,
        })
        .collect();
    default_privileges.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(default_privileges)
}

/// As `ALTER DEFAULT PRIVILEGES` has it. The usual owner is not named: what it makes, it makes under another name elsewhere.
fn default_privileges_name(row: &DefaultPrivilegesRow, usual_owner: &str) -> String {
    let role =
        (row.role != usual_owner).then(|| format!("FOR ROLE {}", quote_identifier(&row.role)));
    let schema = row.schema.as_deref().map(quote_identifier);
    let schema = schema.map(|schema| format!("IN SCHEMA {schema}"));
    let parts = [role, schema, Some(format!("ON {}", row.objects))];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct AlteredObjectRow {
    #[diesel(sql_type = Oid)]
    class: u32,
    #[diesel(sql_type = Oid)]
    oid: u32,
    #[diesel(sql_type = Integer)]
    part: i32,
    #[diesel(sql_type = Nullable<Text>)]
    extension: Option<String>,
    #[diesel(sql_type = Text)]
    name: String,
}

/// An object with other privileges than it was made with.
struct Altered {
    /// The extension that made it; PostgreSQL itself for none.
    extension: Option<String>,
    object: AlteredObject,
}

/// Reads them, sorted by name.
fn altered_objects(
    connection: &mut PgConnection,
    common: &Common,
) -> Result<Vec<Altered>, IntrospectError> {
    const ALTERED_OBJECTS: Query = query!("altered_objects.sql");
    let (mut classes, mut objects, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for (class, object, part) in common.privileged() {
        classes.push(class);
        objects.push(object);
        parts.push(part);
    }
    let bound = diesel::sql_query(ALTERED_OBJECTS.text)
        .bind::<Array<Oid>, _>(classes)
        .bind::<Array<Oid>, _>(objects)
        .bind::<Array<Integer>, _>(parts);
    let mut altered: Vec<_> = ALTERED_OBJECTS
        .load::<AlteredObjectRow, _>(bound, connection)?
        .into_iter()
        .map(|row| Altered {
            extension: row.extension,
            object: AlteredObject {
                name: row.name,
                privileges: common.privileges(row.class, row.oid, row.part),
            },
        })
        .collect();
    altered.sort_by(|a, b| a.object.name.cmp(&b.object.name));
    Ok(altered)
}

/// Those that `extension` made; PostgreSQL itself for none.
fn made_by(altered: &[Altered], extension: Option<&str>) -> Vec<AlteredObject> {
    let made = altered
        .iter()
        .filter(|altered| altered.extension.as_deref() == extension);
    made.map(|altered| altered.object.clone()).collect()
}

fn extensions(
    connection: &mut PgConnection,
    common: &Common,
    altered: &[Altered],
) -> Result<Vec<Extension>, IntrospectError> {
    const EXTENSIONS: Query = query!("extensions.sql");
    let mut extensions: Vec<Extension> = EXTENSIONS.objects(connection, common)?;
    for extension in &mut extensions {
        extension.altered = made_by(altered, Some(&extension.name));
    }
    Ok(extensions)
}

/// The database, before its environment has privileges.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatabaseRow {
    database: Database,
    #[serde(default)]
    privileges: Privileges,
}

fn database(
    connection: &mut PgConnection,
    common: &Common,
    altered: &[Altered],
) -> Result<Database, IntrospectError> {
    const DATABASE: Query = query!("database.sql", after "secrets.sql", after "settings.sql");
    let DatabaseRow {
        mut database,
        privileges,
    } = DATABASE
        .objects(connection, common)?
        .pop()
        .ok_or_else(|| IntrospectError::inconsistent("the database is not in pg_database"))?;
    database.environment.privileges = privileges;
    database.usual_owner.clone_from(&common.usual_owner);
    database.system_objects = made_by(altered, None);
    Ok(database)
}
