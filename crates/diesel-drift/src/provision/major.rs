//! The major version of the server that a fresh database is wanted on.

/// Which majors will do. What the user configured exactly (a tag, a digest, a directory of binaries) goes before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Major {
    /// Any: each provider has its own preference.
    Any,
    /// This one or none.
    Exactly(u32),
    /// Of those that are on the machine, the nearest to this one.
    Nearest(u32),
}

impl Major {
    /// What is tried one after the other where `wanted` is asked for.
    pub(super) fn attempts(wanted: Option<u32>) -> Vec<Self> {
        match wanted {
            Some(major) => vec![Self::Exactly(major), Self::Nearest(major)],
            None => vec![Self::Any],
        }
    }

    /// The first of `candidates` that will do best; of two that are equally near, the newer one, because what an older server wrote a
    /// newer one understands.
    pub(super) fn choose<T>(
        self,
        candidates: impl IntoIterator<Item = T>,
        major: impl Fn(&T) -> Option<u32>,
    ) -> Option<T> {
        let mut candidates = candidates.into_iter();
        match self {
            Self::Any => candidates.next(),
            Self::Exactly(wanted) => candidates.find(|one| major(one) == Some(wanted)),
            Self::Nearest(wanted) => candidates.min_by_key(|one| match major(one) {
                Some(found) => (found.abs_diff(wanted), found < wanted),
                None => (u32::MAX, true),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Major;

    #[test]
    fn the_nearest_is_chosen_and_of_equals_the_newer() {
        let choose = |major: Major, of: &[u32]| major.choose(of.to_vec(), |one| Some(*one));
        assert_eq!(choose(Major::Any, &[17, 15]), Some(17));
        assert_eq!(choose(Major::Exactly(15), &[17, 15]), Some(15));
        assert_eq!(choose(Major::Exactly(16), &[17, 15]), None);
        assert_eq!(choose(Major::Nearest(16), &[13, 15, 17]), Some(17));
        assert_eq!(choose(Major::Nearest(18), &[15, 14]), Some(15));
        assert_eq!(
            Major::Nearest(15).choose([0, 16], |one| (*one > 0).then_some(*one)),
            Some(16)
        );
    }
}
