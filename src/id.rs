//! Typed keys: a [`RunId`](crate::cwom::RunId) cannot be passed where a [`RepoId`](crate::cwom::RepoId) is meant.

/// Declares key types: a UUID each, of which Diesel knows how to read, write and compare it.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, diesel_derive_newtype::DieselNewType, Eq, Hash, Ord, PartialEq, PartialOrd,
        )]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A new key: a UUID v7, so that rows sort by the moment they were made and indexes grow at one end.
            #[must_use]
            pub fn generate() -> Self {
                Self(uuid::Uuid::now_v7())
            }
        }

        impl From<$name> for uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

pub(crate) use ids;

#[cfg(test)]
mod tests {
    use crate::cwom::RepoId;

    #[test]
    fn keys_are_version_7_and_ascend() {
        let (first, second) = (RepoId::generate(), RepoId::generate());
        assert_eq!(first.0.get_version_num(), 7);
        assert!(first < second);
    }
}
