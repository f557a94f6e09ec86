//! Two things measured in turn, and what their times say of each other.

use crate::Failure;
use std::time::{Duration, Instant};

/// Two things that were measured in turn, so that whatever else the machine did met both.
pub struct Pair {
    /// The harness's time: the median.
    pub ours: Duration,
    /// The other's: the median.
    pub other: Duration,
    /// `ours` divided by `other`: the median of the rounds.
    pub ratio: f64,
}

impl Pair {
    /// Measures both in `rounds` rounds.
    pub fn measure(
        rounds: usize,
        mut ours: impl FnMut() -> Result<Duration, Failure>,
        mut other: impl FnMut() -> Result<Duration, Failure>,
    ) -> Result<Self, Failure> {
        let rounds: Vec<(Duration, Duration)> = (0..rounds)
            .map(|_| Ok((ours()?, other()?)))
            .collect::<Result<_, Failure>>()?;
        let ratio = |(ours, other): &(Duration, Duration)| ours.as_secs_f64() / other.as_secs_f64();
        Ok(Self {
            ours: median(rounds.iter().map(|round| round.0)),
            other: median(rounds.iter().map(|round| round.1)),
            ratio: ratio_of(&mut rounds.iter().map(ratio).collect::<Vec<_>>()),
        })
    }
}

/// The one in the middle.
pub fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn ratio_of(ratios: &mut [f64]) -> f64 {
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN)
}

/// What something gives, and how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let made = work();
    (made, begun.elapsed())
}
