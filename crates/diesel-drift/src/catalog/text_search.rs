//! Text search (`pg_ts_parser`, `pg_ts_template`, `pg_ts_dict`, `pg_ts_config`).

use super::fact::RoleName;
use super::{QualifiedName, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What takes a text to tokens (`pg_ts_parser`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TextSearchParser {
    /// `prsnamespace` and `prsname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `prsstart`: a function.
    #[serde(skip_serializing_if = "is_default")]
    pub start: Option<String>,
    /// `prstoken`: a function.
    #[serde(skip_serializing_if = "is_default")]
    pub token: Option<String>,
    /// `prsend`: a function.
    #[serde(skip_serializing_if = "is_default")]
    pub end: Option<String>,
    /// `prslextype`: a function.
    #[serde(skip_serializing_if = "is_default")]
    pub lextypes: Option<String>,
    /// `prsheadline`: a function.
    #[serde(skip_serializing_if = "is_default")]
    pub headline: Option<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// What dictionaries are made with (`pg_ts_template`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TextSearchTemplate {
    /// `tmplnamespace` and `tmplname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `tmplinit`: a function.
    #[serde(skip_serializing_if = "is_default")]
    pub init: Option<String>,
    /// `tmpllexize`: a function.
    #[serde(skip_serializing_if = "is_default")]
    pub lexize: Option<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// What takes a token to lexemes (`pg_ts_dict`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TextSearchDictionary {
    /// `dictnamespace` and `dictname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `dicttemplate`.
    #[serde(skip_serializing_if = "is_default")]
    pub template: QualifiedName,
    /// `dictinitoption`: `language = 'english', stopwords = 'english'`.
    #[serde(skip_serializing_if = "is_default")]
    pub options: Option<String>,
    /// The owner's role, where it is not the database's usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// Which dictionaries a token goes through (`pg_ts_config`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TextSearchConfiguration {
    /// `cfgnamespace` and `cfgname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `cfgparser`.
    #[serde(skip_serializing_if = "is_default")]
    pub parser: QualifiedName,
    /// `pg_ts_config_map`: dictionaries in the order in which they are asked, by kind of token. PostgreSQL's own parser
    /// has names for its kinds; of another parser, whose code would have to be run to learn them, it is their number.
    #[serde(skip_serializing_if = "is_default")]
    pub mappings: BTreeMap<String, Vec<String>>,
    /// The owner's role, where it is not the database's usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}
