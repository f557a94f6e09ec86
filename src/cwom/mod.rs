//! CWOM v0.1: what work is wanted, what it is governed by, and what came of it (seeds 1 and 2).
//!
//! References are rows of join tables, never lists inside JSON, so that they can be queried and cannot dangle.

mod enums;
mod input;
mod links;
mod models;
mod store;

pub use enums::*;
pub use input::*;
pub use links::*;
pub use models::*;
pub use store::*;
