//! The control tower: what executes the work of [`crate::cwom`] (seed 2). Seed 2's trap was two migration chains that
//! each made a part of these tables; here one chain makes all of them.

mod enums;
mod event;
mod fleet;
mod job;
mod joins;
mod task;

pub use enums::*;
pub use event::Event;
pub use fleet::{Agent, Workflow};
pub use job::{Artifact, Job};
pub use task::Task;
