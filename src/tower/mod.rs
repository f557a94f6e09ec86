//! The control tower: what executes the work of [`crate::cwom`] (seed 2). Seed 2's trap was two migration chains that
//! each made a part of these tables; here one chain makes all of them.

mod enums;
mod input;
mod models;
mod store;

pub use enums::*;
pub use input::*;
pub use models::*;
pub use store::*;
