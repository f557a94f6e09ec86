//! Keys and times, as the application makes them for every row.

use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

/// A new primary key: a UUID v7, so that rows sort by the moment they were made and indexes grow at one end.
#[must_use]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// The time in whole microseconds, which is all that `timestamptz` holds: what is written equals what is read back.
#[must_use]
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_version_7_and_ascend() {
        let (first, second) = (new_id(), new_id());
        assert_eq!(first.get_version_num(), 7);
        assert!(first < second);
    }

    #[test]
    fn times_hold_nothing_finer_than_microseconds() {
        assert_eq!(now().timestamp_subsec_nanos() % 1_000, 0);
    }
}
