//! Reading, ordering and applying a chain of migrations, through `diesel_migrations`.
//!
//! What a migration is, which ones there are, in which order they run, whether in a transaction, and how that is
//! recorded (`__diesel_schema_migrations`) is decided by `diesel_migrations` alone. This module adds what a harness
//! needs on top: [`find_directory`] finds the chain, [`Chain::read`] refuses the chains that Diesel would apply
//! differently from run to run, [`apply`] says where in which file a migration failed, and [`run_command`] hands a
//! database over to a project that migrates with a runner of its own.

mod acts;
mod advice;
mod apply;
mod chain;
mod command;
mod content;
mod control;
mod error;
mod explain;
mod failure;
mod find;
mod identifiers;
mod parting;
mod place;
mod redact;
mod replay;
mod statements;
mod syntax;
mod tree;

pub(crate) use acts::{Act, Done, Named, Part, Thing, acts_of_all};
pub(crate) use apply::apply_while;
pub use apply::{Applied, Event, apply, apply_watched};
pub(crate) use apply::{Steps, read_sql};
pub(crate) use chain::is_sql;
pub use chain::{Chain, Direction, MigrationDir};
pub use command::run_command;
pub(crate) use content::FILES;
pub(crate) use control::{Control, copies_to_client};
pub use error::MigrateError;
pub(crate) use failure::shown;
pub use failure::{FailedMigration, Stage};
pub use find::find_directory;
pub(crate) use find::{OTHER_BACKENDS, for_postgres};
pub(crate) use identifiers::{Identifier, bodies, identifiers, identifiers_in_place, items};
pub use parting::Parting;
pub use place::Place;
pub(crate) use statements::{
    column_of, comments, has_word, leading_words, line_of, split, tokens, uncommented,
};
pub(crate) use syntax::parse_all;
