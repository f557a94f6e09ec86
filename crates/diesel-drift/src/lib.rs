//! Schema drift detection for Diesel projects on PostgreSQL.

pub mod catalog;
pub mod declared;
pub mod introspect;
pub mod migrate;
pub mod provision;
