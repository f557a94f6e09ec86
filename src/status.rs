//! Where a row stands, and where it may go from there.

use std::fmt::Debug;

/// A status whose changes follow a rule. The database stores any label of the enum; the stores keep the rule.
pub trait Status: Copy + Debug + Eq + 'static {
    /// What may follow. Nothing: the status is final.
    fn next(self) -> &'static [Self];

    /// Whether nothing may follow.
    fn is_final(self) -> bool {
        self.next().is_empty()
    }
}

/// A status of something that is executed: it begins to run at one moment and ends at another.
pub trait Execution: Status {
    /// The status that begins it.
    const RUNNING: Self;
}

/// Declares what may follow each variant of an enum.
macro_rules! transitions {
    ($status:ident { $($from:ident => [$($to:ident),*],)+ }) => {
        impl $crate::status::Status for $status {
            fn next(self) -> &'static [Self] {
                match self {
                    $(Self::$from => &[$(Self::$to),*],)+
                }
            }
        }
    };
}

pub(crate) use transitions;
