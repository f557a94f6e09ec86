//! The audit log: who did what to which entity, in the same transaction as the change (seeds 1 and 2).
//!
//! A change of an audited table without its entry, and an entry without its change, cannot be committed: deferred
//! constraint triggers hold the two against each other, document by document, whoever writes, except those who may switch
//! triggers off. What an entry says and another of the same transaction takes back, they cannot tell from the truth.
//!
//! [`create`], [`update`] and [`set_status`] write both; [`log_create`] and the others are for changes that are written by hand.

mod enums;
mod models;
mod service;
mod store;

pub use enums::*;
pub use models::*;
pub use service::*;
pub(crate) use store::audited;
pub use store::{Audited, create, set_status, update};
