//! Weeksmith: visions, cycles of twelve weeks, two goals a cycle, and what is planned for them week by week (seed 4).
//!
//! Every row belongs to one user, and row-level security shows nobody else's: work [`as_user`]. The database keeps the
//! rules: one goal of each type a cycle, quotas of weeks 7 to 12 that stay as they were planned
//! ([`Rule::QuotaLocked`](crate::error::Rule::QuotaLocked)), and an entry in the audit log for every change of a plan, which
//! a trigger writes. [`sample`] is a user in the middle of a cycle.

mod acting;
mod documents;
mod enums;
mod input;
mod models;
pub mod sample;
mod store;

pub use acting::{Acting, as_user};
pub use documents::{Measure, Texts};
pub use enums::*;
pub use input::*;
pub use models::*;
pub use store::*;
