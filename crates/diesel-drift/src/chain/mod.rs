//! A chain of migrations as text: what is wrong with it before a database has seen it.
//!
//! [`crate::migrate::Chain`] is what Diesel would run, and there is none where Diesel refuses the directory. A [`ChainSource`] is
//! everything that lies in the directory, read once, so that all that is wrong with it is told at once. Each kind in `kinds/chain/` is a
//! function of it.

mod find;
mod git;
mod lock;
mod others;
mod record;
mod report;
mod source;

pub use find::find;
pub(crate) use find::find_of;
pub use lock::{FILE as LOCK_FILE, Locked, lock};
pub use record::{Record, Recorded, Sum, Was};
pub use report::{Against, check_chain, report};
pub use source::{ChainSource, Content, Migration, TextFile};
