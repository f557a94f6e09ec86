//! Enums, domains, composite and range types.

use super::IntrospectError;
use super::common::{Common, PG_TYPE};
use super::lookup::Lookup;
use super::not_nulls::NotNulls;
use super::query::{Query, query};
use crate::catalog::{
    Attribute, CompositeType, Domain, DomainCheck, EnumType, QualifiedName, RangeType,
};
use diesel::sql_types::{Array, Bool, Integer, Nullable, Oid, Text};
use diesel::{PgConnection, QueryableByName};
use std::collections::{BTreeSet, HashMap};

/// Something that was read, and whether it is the project's: of no system schema and of no extension.
pub(super) struct Read<T> {
    pub(super) own: bool,
    pub(super) object: T,
}

/// The rows that domains, composite and range types are made of.
pub(super) struct TypeRows {
    domains: Vec<DomainRow>,
    domain_checks: Vec<DomainCheckRow>,
    composites: Vec<CompositeRow>,
    attributes: Vec<AttributeRow>,
    ranges: Vec<RangeRow>,
}

/// Domains, composite and range types, each sorted by name.
pub(super) struct Types {
    /// Every domain.
    pub(super) domains: Vec<Read<Domain>>,
    /// `typbasetype` of each domain, by number.
    pub(super) domain_bases: HashMap<u32, u32>,
    /// The project's composite types.
    pub(super) composites: Vec<CompositeType>,
    /// The project's range types.
    pub(super) ranges: Vec<RangeType>,
}

/// A range's subtype takes no modifier.
const NO_MODIFIER: i32 = -1;

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct EnumRow {
    #[diesel(sql_type = Oid)]
    oid: u32,
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    own: bool,
    #[diesel(sql_type = Array<Text>)]
    labels: Vec<String>,
    #[diesel(sql_type = Nullable<Text>)]
    comment: Option<String>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct DomainRow {
    #[diesel(sql_type = Oid)]
    oid: u32,
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    own: bool,
    #[diesel(sql_type = Oid)]
    base: u32,
    #[diesel(sql_type = Integer)]
    modifier: i32,
    #[diesel(sql_type = Oid)]
    collation: u32,
    #[diesel(sql_type = Bool)]
    not_null: bool,
    #[diesel(sql_type = Nullable<Text>)]
    default_value: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    comment: Option<String>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct DomainCheckRow {
    #[diesel(sql_type = Oid)]
    domain: u32,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    expression: String,
    #[diesel(sql_type = Bool)]
    validated: bool,
    #[diesel(sql_type = Nullable<Text>)]
    comment: Option<String>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct CompositeRow {
    #[diesel(sql_type = Oid)]
    oid: u32,
    #[diesel(sql_type = Oid, column_name = "type")]
    data_type: u32,
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    comment: Option<String>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct AttributeRow {
    #[diesel(sql_type = Oid)]
    composite: u32,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Oid, column_name = "type")]
    data_type: u32,
    #[diesel(sql_type = Integer)]
    modifier: i32,
    #[diesel(sql_type = Oid)]
    collation: u32,
    #[diesel(sql_type = Nullable<Text>)]
    comment: Option<String>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct RangeRow {
    #[diesel(sql_type = Oid)]
    oid: u32,
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Oid)]
    subtype: u32,
    #[diesel(sql_type = Oid)]
    operator_class: u32,
    #[diesel(sql_type = Oid)]
    collation: u32,
    #[diesel(sql_type = Nullable<Text>)]
    canonical_schema: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    canonical_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    subtype_diff_schema: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    subtype_diff_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    multirange_schema: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    multirange_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    comment: Option<String>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct NameRow {
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    name: String,
}

/// Reads every enum, sorted by name.
pub(super) fn enums(
    connection: &mut PgConnection,
    common: &Common,
) -> Result<Vec<Read<EnumType>>, IntrospectError> {
    const ENUMS: Query = query!("enums.sql");
    let mut enums: Vec<_> = ENUMS
        .rows::<EnumRow>(connection)?
        .into_iter()
        .map(|row| Read {
            own: row.own,
            object: EnumType {
                name: QualifiedName::new(row.schema, row.name),
                owner: own(row.own, common.owner(row.owner)),
                privileges: own(row.own, common.privileges(PG_TYPE, row.oid, 0)),
                labels: row.labels,
                comment: row.comment,
            },
        })
        .collect();
    enums.sort_by(|a, b| a.object.name.cmp(&b.object.name));
    Ok(enums)
}

impl TypeRows {
    /// Reads the rows.
    pub(super) fn read(connection: &mut PgConnection) -> Result<Self, IntrospectError> {
        const DOMAINS: Query = query!("domains.sql");
        const DOMAIN_CHECKS: Query = query!("domain_checks.sql");
        const COMPOSITES: Query = query!("composites.sql");
        const ATTRIBUTES: Query = query!("attributes.sql");
        const RANGES: Query = query!("ranges.sql");
        Ok(Self {
            domains: DOMAINS.rows(connection)?,
            domain_checks: DOMAIN_CHECKS.rows(connection)?,
            composites: COMPOSITES.rows(connection)?,
            attributes: ATTRIBUTES.rows(connection)?,
            ranges: RANGES.rows(connection)?,
        })
    }

    /// The types, with their modifiers, that these are made of.
    pub(super) fn types(&self) -> impl Iterator<Item = (u32, i32)> {
        let domains = self.domains.iter().map(|row| (row.base, row.modifier));
        let attributes = self
            .attributes
            .iter()
            .map(|row| (row.data_type, row.modifier));
        let ranges = self.ranges.iter().map(|row| (row.subtype, NO_MODIFIER));
        domains.chain(attributes).chain(ranges)
    }
}

impl Types {
    /// Puts the rows together.
    pub(super) fn new(
        rows: TypeRows,
        lookup: &Lookup,
        not_nulls: &NotNulls,
        common: &Common,
    ) -> Result<Self, IntrospectError> {
        let domain_bases = rows.domains.iter().map(|row| (row.oid, row.base)).collect();
        Ok(Self {
            domains: domains(rows.domains, rows.domain_checks, lookup, not_nulls, common)?,
            composites: composites(rows.composites, rows.attributes, lookup, common)?,
            ranges: ranges(rows.ranges, lookup, &domain_bases, common)?,
            domain_bases,
        })
    }
}

fn domains(
    rows: Vec<DomainRow>,
    check_rows: Vec<DomainCheckRow>,
    lookup: &Lookup,
    not_nulls: &NotNulls,
    common: &Common,
) -> Result<Vec<Read<Domain>>, IntrospectError> {
    let mut checks: HashMap<u32, Vec<DomainCheck>> = HashMap::new();
    for row in check_rows {
        checks.entry(row.domain).or_default().push(DomainCheck {
            expression: row.expression,
            name: row.name,
            not_valid: !row.validated,
            comment: row.comment,
        });
    }
    let mut domains = rows
        .into_iter()
        .map(|row| {
            let mut checks = checks.remove(&row.oid).unwrap_or_default();
            checks.sort_by(|a, b| a.name.cmp(&b.name));
            let domain = Domain {
                name: QualifiedName::new(row.schema, row.name),
                owner: own(row.own, common.owner(row.owner)),
                privileges: own(row.own, common.privileges(PG_TYPE, row.oid, 0)),
                base: lookup.data_type(row.base, row.modifier)?,
                not_null: row.not_null,
                not_null_constraint: not_nulls.of_domain(row.oid),
                default: row.default_value,
                collation: lookup.own_collation(row.collation, row.base)?,
                checks,
                comment: row.comment,
            };
            Ok(Read {
                own: row.own,
                object: domain,
            })
        })
        .collect::<Result<Vec<_>, IntrospectError>>()?;
    domains.sort_by(|a, b| a.object.name.cmp(&b.object.name));
    Ok(domains)
}

fn composites(
    rows: Vec<CompositeRow>,
    attribute_rows: Vec<AttributeRow>,
    lookup: &Lookup,
    common: &Common,
) -> Result<Vec<CompositeType>, IntrospectError> {
    let mut attributes: HashMap<u32, Vec<Attribute>> = HashMap::new();
    for row in attribute_rows {
        attributes
            .entry(row.composite)
            .or_default()
            .push(Attribute {
                name: row.name,
                data_type: lookup.data_type(row.data_type, row.modifier)?,
                collation: lookup.own_collation(row.collation, row.data_type)?,
                comment: row.comment,
            });
    }
    let mut composites: Vec<_> = rows
        .into_iter()
        .map(|row| CompositeType {
            name: QualifiedName::new(row.schema, row.name),
            owner: common.owner(row.owner),
            privileges: common.privileges(PG_TYPE, row.data_type, 0),
            attributes: attributes.remove(&row.oid).unwrap_or_default(),
            comment: row.comment,
        })
        .collect();
    composites.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(composites)
}

fn ranges(
    rows: Vec<RangeRow>,
    lookup: &Lookup,
    domain_bases: &HashMap<u32, u32>,
    common: &Common,
) -> Result<Vec<RangeType>, IntrospectError> {
    let mut ranges = rows
        .into_iter()
        .map(|row| {
            let name = QualifiedName::new(row.schema, row.name);
            let multirange = QualifiedName::from_parts(row.multirange_schema, row.multirange_name);
            let subtype_base = base(row.subtype, domain_bases);
            Ok(RangeType {
                owner: common.owner(row.owner),
                privileges: common.privileges(PG_TYPE, row.oid, 0),
                subtype: lookup.data_type(row.subtype, NO_MODIFIER)?,
                operator_class: lookup.chosen_operator_class(row.operator_class, subtype_base)?,
                collation: lookup.own_collation(row.collation, row.subtype)?,
                canonical: QualifiedName::from_parts(row.canonical_schema, row.canonical_name),
                subtype_diff: QualifiedName::from_parts(
                    row.subtype_diff_schema,
                    row.subtype_diff_name,
                ),
                multirange: multirange
                    .filter(|multirange| *multirange != RangeType::usual_multirange(&name)),
                name,
                comment: row.comment,
            })
        })
        .collect::<Result<Vec<_>, IntrospectError>>()?;
    ranges.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(ranges)
}

/// What is said of the project's only.
fn own<T: Default>(own: bool, fact: T) -> T {
    if own { fact } else { T::default() }
}

/// The type that a domain is made of in the end; any other type is its own.
pub(super) fn base(data_type: u32, domain_bases: &HashMap<u32, u32>) -> u32 {
    std::iter::successors(Some(data_type), |domain| domain_bases.get(domain).copied())
        .last()
        .unwrap_or(data_type)
}

/// Looks up types of system schemas and extensions, apart from enums and domains, sorted by name.
pub(super) fn outside(
    connection: &mut PgConnection,
    wanted: &BTreeSet<String>,
) -> Result<Vec<QualifiedName>, IntrospectError> {
    const OUTSIDE_TYPES: Query = query!("outside_types.sql");
    let mut types: Vec<_> = OUTSIDE_TYPES
        .rows_for::<NameRow>(connection, wanted)?
        .into_iter()
        .map(|row| QualifiedName::new(row.schema, row.name))
        .collect();
    types.sort();
    Ok(types)
}
