//! CWOM v0.1: what work is wanted, what it is governed by, and what came of it (seeds 1 and 2).
//!
//! References are rows of join tables, never lists inside JSON, so that they can be queried and cannot dangle.

mod audit;
mod enums;
mod execution;
mod governance;
mod links;
mod work;

pub use audit::AuditEntry;
pub use enums::*;
pub use execution::{Artifact, Run};
pub use governance::{ConstraintSnapshot, ContextPacket, DoctrineRef};
pub use links::{
    ContextPacketDoctrineRef, IssueConstraintSnapshot, IssueContextPacket, IssueDoctrineRef,
    RunContextPacket, RunDoctrineRef,
};
pub use work::{Issue, Repo};
