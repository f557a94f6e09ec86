//! What can go wrong in a store, and which rule was broken.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as Diesel};
use thiserror::Error;
use uuid::Uuid;

/// Why a store did nothing. The caller's transaction is still usable where the error says what the store saw itself
/// (`NotFound`, `Transition`); everything else has made PostgreSQL abort it.
#[derive(Debug, Error)]
pub enum Error {
    /// No row has the key, or row-level security hides it.
    #[error("{table} has no row {id}")]
    NotFound {
        /// The table, with its schema.
        table: &'static str,
        /// The key that was asked for.
        id: Uuid,
    },
    /// The status may not follow the one that the row has.
    #[error("{table} {id} is {from}: {to} may not follow, only {allowed}")]
    Transition {
        /// The table, with its schema.
        table: &'static str,
        /// The row's key.
        id: Uuid,
        /// The status that the row has.
        from: String,
        /// The status that was asked for.
        to: String,
        /// What may follow.
        allowed: String,
    },
    /// A trigger keeps a rule that no constraint can say.
    #[error("{table}: {message}{}", hint.as_deref().map(|hint| format!(" ({hint})")).unwrap_or_default())]
    Rule {
        /// The rule.
        rule: Rule,
        /// The table, without its schema.
        table: String,
        /// What was tried, in the database's words.
        message: String,
        /// What to do instead.
        hint: Option<String>,
    },
    /// A constraint of the table was broken.
    #[error("{table}: {message}")]
    Constraint {
        /// What sort of constraint.
        kind: ConstraintKind,
        /// Its name; the column's, for a null where none is allowed.
        name: String,
        /// The table, without its schema.
        table: String,
        /// What was tried, in the database's words.
        message: String,
    },
    /// Row-level security does not let the current user write such a row.
    #[error("{0}")]
    Forbidden(String),
    /// Anything else that Diesel or PostgreSQL says.
    #[error(transparent)]
    Database(Diesel),
}

/// Sorts of constraints.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ConstraintKind {
    /// Another row has the values already.
    Unique,
    /// The row that is referred to is not there, or is still referred to.
    ForeignKey,
    /// A condition on the values.
    Check,
    /// A value is missing.
    NotNull,
}

/// Declares the rules that triggers keep, with the SQLSTATE that each raises and how its constraint's name ends.
macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident = $($sqlstate:literal)|+, $suffix:literal;)+) => {
        /// Rules that triggers keep. Diesel does not hand on the SQLSTATE, so a trigger names a constraint as well,
        /// `<table>_<rule>`, which it does hand on.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum Rule { $($(#[$doc])* $rule,)+ }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$rule),+];

            /// What PostgreSQL reports, one for each schema that keeps the rule; in classes that neither the SQL standard
            /// nor PostgreSQL uses.
            #[must_use]
            pub fn sqlstates(self) -> &'static [&'static str] {
                match self { $(Self::$rule => &[$($sqlstate),+],)+ }
            }

            /// How the name ends under which the trigger reports it.
            #[must_use]
            pub fn suffix(self) -> &'static str {
                match self { $(Self::$rule => $suffix,)+ }
            }
        }
    };
}

rules! {
    /// The row never changes; a change is a new version.
    Immutable = "CW001", "_immutable";
    /// A change has to be in the audit log.
    ChangeUnaudited = "CW002", "_audited";
    /// An entry of the audit log has to have its change.
    AuditUnfounded = "CW003", "_founded";
    /// Entries are added, never changed or removed.
    AppendOnly = "CW004" | "WS003", "_append_only";
    /// No candidate descends from itself.
    LineageCycle = "CR001", "_acyclic";
    /// Quotas of weeks 7 to 12 stay as they were planned.
    QuotaLocked = "WS001", "_quota_locked";
    /// An item belongs to a plan that is there.
    PlanMissing = "WS002", "_plan_missing";
}

impl From<Diesel> for Error {
    fn from(error: Diesel) -> Self {
        match error {
            Diesel::DatabaseError(kind, info) => from_database(kind, info),
            other => Self::Database(other),
        }
    }
}

fn from_database(
    kind: DatabaseErrorKind,
    info: Box<dyn DatabaseErrorInformation + Send + Sync>,
) -> Error {
    let table = info.table_name().unwrap_or("the database").to_owned();
    let message = info.message().to_owned();
    let constraint = info.constraint_name().unwrap_or_default().to_owned();
    let violated = match kind {
        DatabaseErrorKind::UniqueViolation => ConstraintKind::Unique,
        DatabaseErrorKind::ForeignKeyViolation | DatabaseErrorKind::RestrictViolation => {
            ConstraintKind::ForeignKey
        }
        DatabaseErrorKind::CheckViolation => ConstraintKind::Check,
        DatabaseErrorKind::NotNullViolation => ConstraintKind::NotNull,
        _ => {
            let rule = Rule::ALL
                .iter()
                .find(|rule| constraint.ends_with(rule.suffix()));
            return match rule {
                Some(rule) => Error::Rule {
                    rule: *rule,
                    table,
                    message,
                    hint: info.hint().map(str::to_owned),
                },
                None if message.contains("row-level security policy") => Error::Forbidden(message),
                None => Error::Database(Diesel::DatabaseError(kind, info)),
            };
        }
    };
    let column = info.column_name().map(str::to_owned);
    Error::Constraint {
        kind: violated,
        name: if constraint.is_empty() {
            column.unwrap_or_default()
        } else {
            constraint
        },
        table,
        message,
    }
}
