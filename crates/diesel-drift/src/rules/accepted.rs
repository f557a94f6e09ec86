//! What accepts findings: `drift.toml`, then the comments in migrations, then the baseline. What another accepts already is told, so that
//! nothing is thought to hold that does not.

use super::allowed::{Allowed, Applied};
use super::baseline::{Asked, Baseline, Date};
use crate::catalog::Catalog;
use crate::finding::{Finding, Kind};
use crate::policy::{Policy, Suppressed};

/// What accepts findings.
pub(super) struct Accepting<'a> {
    pub(super) policy: &'a Policy,
    pub(super) allowed: &'a Allowed,
    /// What is known to be broken, and the day that it is.
    pub(super) baseline: Option<&'a (Baseline, Date)>,
    /// Whose entries and comments can be said to be about nothing.
    pub(super) asked: Asked<'a>,
}

impl Accepting<'_> {
    /// What is left of findings, with those of what accepts nothing; and what is accepted.
    pub(super) fn apply(
        &self,
        found: Vec<Finding>,
        catalog: &Catalog,
    ) -> (Vec<Finding>, Vec<Suppressed>) {
        let looked_for = |kind: &Kind| (self.asked.looked_for)(kind.id);
        let (left, mut suppressed) = self.policy.apply_where(found, looked_for);
        let by_toml: Vec<&Finding> = suppressed.iter().map(|it| &it.finding).collect();
        let Applied {
            mut kept,
            accepted,
            mut unused,
        } = self.allowed.apply(left, &by_toml, catalog, looked_for);
        suppressed.extend(accepted.into_iter().map(|(finding, reason)| Suppressed {
            finding,
            reason,
            term: None,
        }));
        if let Some((baseline, today)) = self.baseline {
            let elsewhere = suppressed.iter().map(|it| &it.finding);
            unused.extend(baseline.unused(&kept, elsewhere, &self.asked));
            kept = baseline.apply(*today, kept, self.policy, &mut suppressed);
        }
        let leveled = |finding| self.policy.leveled(finding);
        kept.extend(unused.into_iter().filter_map(leveled));
        (kept, suppressed)
    }
}
