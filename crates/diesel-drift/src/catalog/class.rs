//! The classes of objects, by PostgreSQL's own words, and where the catalog's serialised form holds each.

use crate::text::{proposed, visible};

/// A class of objects.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class {
    /// Kebab case: `foreign-key`.
    pub id: &'static str,
    /// The id of the kind "is not there": `foreign-key-missing`.
    pub missing: &'static str,
    /// The id of the kind "should not be there": `foreign-key-unexpected`.
    pub unexpected: &'static str,
    /// The id of the kind "is not the same": `foreign-key-changed`.
    pub changed: &'static str,
}

impl Class {
    /// The words for a sentence: `foreign key`.
    pub fn title(&self) -> String {
        self.id.replace('-', " ")
    }

    /// Whether its objects have columns.
    pub(crate) fn has_columns(&self) -> bool {
        [&TABLE, &VIEW, &MATERIALIZED_VIEW, &FOREIGN_TABLE].contains(&self)
    }

    /// Whether its objects are types of their own: `pg_type`, without row types and arrays.
    pub(crate) fn is_type(&self) -> bool {
        [&ENUM, &DOMAIN, &COMPOSITE_TYPE, &RANGE, &BASE_TYPE].contains(&self)
    }

    /// Whether it is a constraint of a table or domain.
    pub(crate) fn is_constraint(&self) -> bool {
        [
            &PRIMARY_KEY,
            &UNIQUE_CONSTRAINT,
            &FOREIGN_KEY,
            &CHECK_CONSTRAINT,
            &EXCLUSION_CONSTRAINT,
        ]
        .contains(&self)
    }

    /// The words with their article: `an index`.
    pub fn with_article(&self) -> String {
        let title = self.title();
        // "a unique", "a user": the sound, not the letter.
        let vowel = title.starts_with(['a', 'e', 'i', 'o']);
        format!("{} {title}", if vowel { "an" } else { "a" })
    }
}

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident $id:literal;)*) => {
        $($(#[$doc])* pub static $name: Class = Class {
            id: $id,
            missing: concat!($id, "-missing"),
            unexpected: concat!($id, "-unexpected"),
            changed: concat!($id, "-changed"),
        };)*

        /// Every class, in the order in which pages list them.
        pub static CLASSES: &[&Class] = &[$(&$name),*];
    };
}

classes! {
    /// The database itself.
    DATABASE "database";
    /// `pg_namespace`.
    SCHEMA "schema";
    /// `pg_extension`.
    EXTENSION "extension";
    /// `pg_class` of kind `r` and `p`.
    TABLE "table";
    /// `pg_class` of kind `v`.
    VIEW "view";
    /// `pg_class` of kind `m`.
    MATERIALIZED_VIEW "materialized-view";
    /// `pg_class` of kind `f`.
    FOREIGN_TABLE "foreign-table";
    /// `pg_attribute` of a relation.
    COLUMN "column";
    /// `pg_constraint` of type `p`.
    PRIMARY_KEY "primary-key";
    /// `pg_constraint` of type `u`.
    UNIQUE_CONSTRAINT "unique-constraint";
    /// `pg_constraint` of type `f`.
    FOREIGN_KEY "foreign-key";
    /// `pg_constraint` of type `c`, of a relation or a domain.
    CHECK_CONSTRAINT "check-constraint";
    /// `pg_constraint` of type `x`.
    EXCLUSION_CONSTRAINT "exclusion-constraint";
    /// `pg_index`, unless it serves a constraint.
    INDEX "index";
    /// `pg_trigger`.
    TRIGGER "trigger";
    /// `pg_rewrite`.
    RULE "rule";
    /// `pg_policy`.
    POLICY "policy";
    /// `pg_statistic_ext`.
    STATISTICS "statistics";
    /// `pg_sequence`.
    SEQUENCE "sequence";
    /// `pg_type` of kind `e`.
    ENUM "enum";
    /// `pg_type` of kind `d`.
    DOMAIN "domain";
    /// `pg_type` of kind `c`.
    COMPOSITE_TYPE "composite-type";
    /// `pg_attribute` of a composite type.
    ATTRIBUTE "attribute";
    /// `pg_type` of kind `r`.
    RANGE "range";
    /// `pg_type` of kind `b`.
    BASE_TYPE "base-type";
    /// `pg_proc` of kind `f` and `w`.
    FUNCTION "function";
    /// `pg_proc` of kind `p`.
    PROCEDURE "procedure";
    /// `pg_aggregate`.
    AGGREGATE "aggregate";
    /// `pg_operator`.
    OPERATOR "operator";
    /// `pg_opclass`.
    OPERATOR_CLASS "operator-class";
    /// `pg_opfamily`.
    OPERATOR_FAMILY "operator-family";
    /// `pg_cast`.
    CAST "cast";
    /// `pg_transform`.
    TRANSFORM "transform";
    /// `pg_collation`.
    COLLATION "collation";
    /// `pg_conversion`.
    CONVERSION "conversion";
    /// `pg_ts_config`.
    TEXT_SEARCH_CONFIGURATION "text-search-configuration";
    /// `pg_ts_dict`.
    TEXT_SEARCH_DICTIONARY "text-search-dictionary";
    /// `pg_ts_parser`.
    TEXT_SEARCH_PARSER "text-search-parser";
    /// `pg_ts_template`.
    TEXT_SEARCH_TEMPLATE "text-search-template";
    /// `pg_language`.
    LANGUAGE "language";
    /// `pg_am`.
    ACCESS_METHOD "access-method";
    /// `pg_event_trigger`.
    EVENT_TRIGGER "event-trigger";
    /// `pg_publication`.
    PUBLICATION "publication";
    /// `pg_subscription`.
    SUBSCRIPTION "subscription";
    /// `pg_foreign_data_wrapper`.
    FOREIGN_DATA_WRAPPER "foreign-data-wrapper";
    /// `pg_foreign_server`.
    SERVER "server";
    /// `pg_user_mapping`.
    USER_MAPPING "user-mapping";
    /// `pg_default_acl`.
    DEFAULT_PRIVILEGES "default-privileges";
}

/// The class with that id.
///
/// # Errors
/// A sentence that lists the classes where none has it.
pub fn named(id: &str) -> Result<&'static Class, String> {
    CLASSES
        .iter()
        .copied()
        .find(|class| class.id == id)
        .ok_or_else(|| {
            format!(
                "there is no class `{}`{}; the classes are {}",
                visible(id),
                proposed(id, CLASSES.iter().map(|class| class.id)),
                ids()
            )
        })
}

/// The ids of all classes, for a sentence.
pub(crate) fn ids() -> String {
    let ids: Vec<_> = CLASSES.iter().map(|class| class.id).collect();
    ids.join(", ")
}

/// The class of what one field of the serialised [`Catalog`](super::Catalog) holds; `kind` is that of the entry, where it has one.
pub(super) fn of_field(field: &str, kind: Option<&str>) -> Option<&'static Class> {
    Some(match (field, kind) {
        ("database", _) => &DATABASE,
        ("schemas", _) => &SCHEMA,
        ("extensions", _) => &EXTENSION,
        ("relations", Some("view")) => &VIEW,
        ("relations", Some("materialized_view")) => &MATERIALIZED_VIEW,
        ("relations", Some("foreign_table")) => &FOREIGN_TABLE,
        ("relations", _) => &TABLE,
        ("statistics", _) => &STATISTICS,
        ("sequences", _) => &SEQUENCE,
        ("enums", _) => &ENUM,
        ("domains", _) => &DOMAIN,
        ("composites", _) => &COMPOSITE_TYPE,
        ("ranges", _) => &RANGE,
        ("base_types", _) => &BASE_TYPE,
        ("functions", _) => &FUNCTION,
        ("procedures", _) => &PROCEDURE,
        ("aggregates", _) => &AGGREGATE,
        ("operators", _) => &OPERATOR,
        ("operator_classes", _) => &OPERATOR_CLASS,
        ("operator_families", _) => &OPERATOR_FAMILY,
        ("casts", _) => &CAST,
        ("transforms", _) => &TRANSFORM,
        ("collations", _) => &COLLATION,
        ("conversions", _) => &CONVERSION,
        ("text_search_configurations", _) => &TEXT_SEARCH_CONFIGURATION,
        ("text_search_dictionaries", _) => &TEXT_SEARCH_DICTIONARY,
        ("text_search_parsers", _) => &TEXT_SEARCH_PARSER,
        ("text_search_templates", _) => &TEXT_SEARCH_TEMPLATE,
        ("languages", _) => &LANGUAGE,
        ("access_methods", _) => &ACCESS_METHOD,
        ("event_triggers", _) => &EVENT_TRIGGER,
        ("publications", _) => &PUBLICATION,
        ("subscriptions", _) => &SUBSCRIPTION,
        ("foreign_data_wrappers", _) => &FOREIGN_DATA_WRAPPER,
        ("servers", _) => &SERVER,
        ("user_mappings", _) => &USER_MAPPING,
        ("default_privileges", _) => &DEFAULT_PRIVILEGES,
        _ => return None,
    })
}

/// The fields of a serialised object that hold objects, and the class of what each holds.
const CHILD_FIELDS: [(&str, &Class); 11] = [
    ("columns", &COLUMN),
    ("attributes", &ATTRIBUTE),
    ("primary_key", &PRIMARY_KEY),
    ("unique", &UNIQUE_CONSTRAINT),
    ("foreign_keys", &FOREIGN_KEY),
    ("checks", &CHECK_CONSTRAINT),
    ("exclusions", &EXCLUSION_CONSTRAINT),
    ("indexes", &INDEX),
    ("triggers", &TRIGGER),
    ("rules", &RULE),
    ("policies", &POLICY),
];

/// The classes of what one field of the serialised [`Catalog`](super::Catalog) may hold.
pub(super) fn of_whole_field(field: &str) -> Vec<&'static Class> {
    match field {
        "relations" => vec![&TABLE, &VIEW, &MATERIALIZED_VIEW, &FOREIGN_TABLE],
        _ => of_field(field, None).into_iter().collect(),
    }
}

/// The class of what one field of a serialised object holds, if it holds objects.
pub(crate) fn of_child_field(field: &str) -> Option<&'static Class> {
    let (_, class) = CHILD_FIELDS.iter().find(|(name, _)| *name == field)?;
    Some(class)
}

/// The field of a serialised object that holds children of that class.
pub(crate) fn child_field(class: &Class) -> Option<&'static str> {
    let (field, _) = CHILD_FIELDS.iter().find(|(_, held)| *held == class)?;
    Some(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fit_a_sentence() {
        assert_eq!(INDEX.with_article(), "an index");
        assert_eq!(UNIQUE_CONSTRAINT.with_article(), "a unique constraint");
        assert_eq!(FOREIGN_KEY.missing, "foreign-key-missing");
    }
}
