//! The models that diesel-drift guards in its own repository, one room a domain, each with the same files: `enums.rs`,
//! `models.rs` (rows), `input.rs` (what rows are made and changed with) and `store.rs`.
//!
//! [`cwom`] says what work is wanted and what came of it, [`tower`] executes it, and [`audit`] records every change of the two.
//! [`crucible`] searches for solutions, in a database that another system shares; [`weeksmith`] plans twelve weeks for
//! users who see nobody's rows but their own.
//!
//! [`schema`] is the source of truth; the migrations have to agree with it. The database makes times, the application
//! makes keys. [`store`] is what every store does; what is particular is in its room.

pub mod audit;
pub mod crucible;
pub mod cwom;
pub mod error;
mod id;
pub mod json;
pub mod page;
pub mod schema;
pub mod status;
pub mod store;
pub mod tower;
pub mod weeksmith;
