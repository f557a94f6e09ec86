//! The models that diesel-drift guards in its own repository, one room a domain:
//! [`cwom`] says what work is wanted and what came of it, [`tower`] executes it.
//!
//! [`schema`] is the source of truth; the migrations have to agree with it. Every struct is one whole row: the application
//! makes its key and its times ([`stamp`]), so that what was inserted equals what is read back.

pub mod cwom;
pub mod json;
pub mod schema;
pub mod stamp;
pub mod tower;
