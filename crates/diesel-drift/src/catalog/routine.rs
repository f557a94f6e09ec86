//! Functions, procedures and aggregates (`pg_proc`, `pg_aggregate`).
//!
//! A function that an attribute names is given with its argument types, `app.f(integer,text)`: what `regprocedure` prints under
//! an empty `search_path`.

use super::fact::RoleName;
use super::{Privileges, QualifiedName, is_default};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A function, a window function or a procedure (`pg_proc.prokind` `f`, `w`, `p`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Routine {
    /// `pronamespace` and `proname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `proargtypes`, the types of what is passed in: `(integer, text)`.
    #[serde(skip_serializing_if = "is_default")]
    pub signature: String,
    /// `pg_get_function_arguments`: names, modes, types and defaults, `i integer DEFAULT 1, OUT n bigint`. `None` where
    /// there is nothing but the types of the signature.
    #[serde(skip_serializing_if = "is_default")]
    pub arguments: Option<String>,
    /// `pg_get_function_result`: `SETOF integer`, `TABLE(a integer)`. `None` for a procedure.
    #[serde(skip_serializing_if = "is_default")]
    pub returns: Option<String>,
    /// `prokind` `w`: a window function.
    #[serde(skip_serializing_if = "is_default")]
    pub window: bool,
    /// `prolang`, by name.
    #[serde(skip_serializing_if = "is_default")]
    pub language: String,
    /// `prosrc`: the text as it was written, line ends included; the symbol to link to, in C. `None` where there is a
    /// `sql_body`.
    #[serde(skip_serializing_if = "is_default")]
    pub body: Option<String>,
    /// `pg_get_function_sqlbody`: a body in standard SQL (`RETURN …`, `BEGIN ATOMIC …`), which PostgreSQL keeps parsed
    /// and writes anew, since PostgreSQL 14.
    #[serde(skip_serializing_if = "is_default")]
    pub sql_body: Option<String>,
    /// `probin`: the library that C code is loaded from.
    #[serde(skip_serializing_if = "is_default")]
    pub object_file: Option<String>,
    /// `provolatile`.
    #[serde(skip_serializing_if = "is_default")]
    pub volatility: Volatility,
    /// `proisstrict`: `NULL` in, `NULL` out, without a call.
    #[serde(skip_serializing_if = "is_default")]
    pub strict: bool,
    /// `prosecdef`: runs with the rights of its owner.
    #[serde(skip_serializing_if = "is_default")]
    pub security_definer: bool,
    /// `proleakproof`.
    #[serde(skip_serializing_if = "is_default")]
    pub leakproof: bool,
    /// `proparallel`.
    #[serde(skip_serializing_if = "is_default")]
    pub parallel: ParallelSafety,
    /// `procost`, in units of `cpu_operator_cost`, where it is not the language's default: 1 for C and internal, else 100.
    #[serde(skip_serializing_if = "is_default")]
    pub cost: Option<String>,
    /// `prorows`: estimated number of rows of a set, where it is not 1000.
    #[serde(skip_serializing_if = "is_default")]
    pub rows: Option<String>,
    /// `prosupport`: the planner's support function.
    #[serde(skip_serializing_if = "is_default")]
    pub support: Option<String>,
    /// `proconfig`: what `SET` pins while it runs, by setting; `<secret>` for what is secret.
    #[serde(skip_serializing_if = "is_default")]
    pub settings: BTreeMap<String, String>,
    /// `protrftypes`: the types that `TRANSFORM FOR TYPE` names, in its order.
    #[serde(skip_serializing_if = "is_default")]
    pub transforms: Vec<String>,
    /// `pg_depend` of kind `x`: the extensions with which it is dropped, by name.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "BTreeSet<String>")]
    pub depends_on_extensions: Vec<String>,
    /// The owner's role, where it is not the database's usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// What deviates from the built-in privileges.
    #[serde(skip_serializing_if = "is_default")]
    pub privileges: Privileges,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// `pg_proc.provolatile`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Volatility {
    /// `v`.
    #[default]
    #[serde(alias = "v")]
    Volatile,
    /// `s`.
    #[serde(alias = "s")]
    Stable,
    /// `i`.
    #[serde(alias = "i")]
    Immutable,
}

/// `pg_proc.proparallel`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ParallelSafety {
    /// `u`.
    #[default]
    #[serde(alias = "u")]
    Unsafe,
    /// `r`.
    #[serde(alias = "r")]
    Restricted,
    /// `s`.
    #[serde(alias = "s")]
    Safe,
}

/// An aggregate (`pg_aggregate`, and `pg_proc` of kind `a`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Aggregate {
    /// `pronamespace` and `proname`.
    #[serde(skip_serializing_if = "is_default")]
    pub name: QualifiedName,
    /// `proargtypes`: `(integer)`, `()` for one that is called with `*`.
    #[serde(skip_serializing_if = "is_default")]
    pub signature: String,
    /// `aggkind`.
    #[serde(skip_serializing_if = "is_default")]
    pub kind: AggregateKind,
    /// `pg_get_function_arguments`: with names, modes and `ORDER BY`. `None` where there is nothing but the types of
    /// the signature.
    #[serde(skip_serializing_if = "is_default")]
    pub arguments: Option<String>,
    /// `aggnumdirectargs`: how many arguments stand before `ORDER BY`.
    #[serde(skip_serializing_if = "is_default")]
    pub direct_arguments: i16,
    /// `pg_get_function_result`.
    #[serde(skip_serializing_if = "is_default")]
    pub returns: Option<String>,
    /// `aggtransfn`.
    #[serde(skip_serializing_if = "is_default")]
    pub transition_function: Option<String>,
    /// `aggtranstype`.
    #[serde(skip_serializing_if = "is_default")]
    pub state_type: Option<String>,
    /// `aggtransspace`: estimated bytes of a state, 0 for PostgreSQL's own estimate.
    #[serde(skip_serializing_if = "is_default")]
    pub state_space: i32,
    /// `agginitval`.
    #[serde(skip_serializing_if = "is_default")]
    pub initial_value: Option<String>,
    /// `aggfinalfn`.
    #[serde(skip_serializing_if = "is_default")]
    pub final_function: Option<String>,
    /// `aggfinalextra`: the final function takes the arguments too.
    #[serde(skip_serializing_if = "is_default")]
    pub final_extra: bool,
    /// `aggfinalmodify`, where it is not the kind's default: read-only for a normal aggregate, else read-write.
    #[serde(skip_serializing_if = "is_default")]
    pub final_modify: Option<FinalModify>,
    /// `aggcombinefn`.
    #[serde(skip_serializing_if = "is_default")]
    pub combine_function: Option<String>,
    /// `aggserialfn`.
    #[serde(skip_serializing_if = "is_default")]
    pub serial_function: Option<String>,
    /// `aggdeserialfn`.
    #[serde(skip_serializing_if = "is_default")]
    pub deserial_function: Option<String>,
    /// `aggmtransfn`.
    #[serde(skip_serializing_if = "is_default")]
    pub moving_transition_function: Option<String>,
    /// `aggminvtransfn`.
    #[serde(skip_serializing_if = "is_default")]
    pub moving_inverse_function: Option<String>,
    /// `aggmtranstype`.
    #[serde(skip_serializing_if = "is_default")]
    pub moving_state_type: Option<String>,
    /// `aggmtransspace`, as `state_space`.
    #[serde(skip_serializing_if = "is_default")]
    pub moving_state_space: i32,
    /// `aggminitval`.
    #[serde(skip_serializing_if = "is_default")]
    pub moving_initial_value: Option<String>,
    /// `aggmfinalfn`.
    #[serde(skip_serializing_if = "is_default")]
    pub moving_final_function: Option<String>,
    /// `aggmfinalextra`.
    #[serde(skip_serializing_if = "is_default")]
    pub moving_final_extra: bool,
    /// `aggmfinalmodify`, as `final_modify`.
    #[serde(skip_serializing_if = "is_default")]
    pub moving_final_modify: Option<FinalModify>,
    /// `aggsortop`: what `min` and `max` are to an index.
    #[serde(skip_serializing_if = "is_default")]
    pub sort_operator: Option<String>,
    /// `proparallel`.
    #[serde(skip_serializing_if = "is_default")]
    pub parallel: ParallelSafety,
    /// The owner's role, where it is not the database's usual owner.
    #[serde(skip_serializing_if = "is_default")]
    #[schemars(with = "Option<RoleName>")]
    pub owner: Option<String>,
    /// What deviates from the built-in privileges.
    #[serde(skip_serializing_if = "is_default")]
    pub privileges: Privileges,
    /// `pg_description`.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// `pg_aggregate.aggkind`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AggregateKind {
    /// `n`.
    #[default]
    #[serde(alias = "n")]
    Normal,
    /// `o`.
    #[serde(alias = "o")]
    OrderedSet,
    /// `h`.
    #[serde(alias = "h")]
    HypotheticalSet,
}

/// `pg_aggregate.aggfinalmodify`: what the final function does to the state.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FinalModify {
    /// `r`.
    #[default]
    #[serde(alias = "r")]
    ReadOnly,
    /// `s`.
    #[serde(alias = "s")]
    Shareable,
    /// `w`.
    #[serde(alias = "w")]
    ReadWrite,
}
