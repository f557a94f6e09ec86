//! Int Crucible: problems, the runs that search for solutions, the candidates found and how they were judged (seed 3).
//!
//! It shares its database with another system, Kosmos; `docs/kosmos.md` says which of its concepts is which there.

mod enums;
mod input;
mod lineage;
mod models;
mod store;

pub use enums::*;
pub use input::*;
pub use lineage::*;
pub use models::*;
pub use store::*;
