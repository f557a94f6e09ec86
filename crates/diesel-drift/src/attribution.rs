//! Which of the three that should be one stands alone: what `schema.rs` declares, what the migrations make, what is deployed.

use schemars::JsonSchema;
use serde::Serialize;

/// What the three say where they are not one. Equal variants are what agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribution {
    /// What the code declares; none where `schema.rs` cannot or does not say.
    pub declared: Option<Variant>,
    /// What the migrations make of a fresh database, or what is expected in their place.
    pub migrated: Variant,
    /// What the deployed database holds.
    pub deployed: Variant,
}

/// One of up to three things that are said about the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// The first.
    A,
    /// Another.
    B,
    /// And another.
    C,
}

/// Who stands alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Alone {
    /// `schema.rs`.
    Declared,
    /// The migrations.
    Migrated,
    /// The deployed database; also where `schema.rs` says nothing, because the migrations are what was meant.
    Deployed,
    /// Each of the three.
    Each,
}

impl Attribution {
    /// From whether the code agrees with each of two that differ from each other: `None` where it has nothing to say.
    pub fn of_two_that_differ(agrees: Option<(bool, bool)>) -> Self {
        let declared = agrees.map(|agrees| match agrees {
            (true, _) => Variant::A,
            (false, true) => Variant::B,
            (false, false) => Variant::C,
        });
        Self {
            declared,
            migrated: Variant::A,
            deployed: Variant::B,
        }
    }

    /// The code alone: the migrations make what is deployed.
    pub fn declared_alone() -> Self {
        Self {
            declared: Some(Variant::B),
            migrated: Variant::A,
            deployed: Variant::A,
        }
    }

    /// Who stands alone.
    pub fn alone(self) -> Alone {
        let Self {
            declared,
            migrated,
            deployed,
        } = self;
        match declared {
            _ if migrated == deployed => Alone::Declared,
            None => Alone::Deployed,
            Some(declared) if declared == migrated => Alone::Deployed,
            Some(declared) if declared == deployed => Alone::Migrated,
            Some(_) => Alone::Each,
        }
    }
}

/// How a finding is one: for the words about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// What is expected is not there.
    Missing,
    /// What is there is not expected.
    Unexpected,
    /// It is there and is otherwise.
    Otherwise,
}

impl Attribution {
    /// Who stands alone, in a sentence without its end.
    pub(crate) fn sentence(self, presence: Presence) -> &'static str {
        match (self.alone(), self.declared, presence) {
            (Alone::Declared, ..) => {
                "`schema.rs` stands alone: the migrations make what is deployed"
            }
            (Alone::Migrated, ..) => {
                "the migrations stand alone: what is deployed is what `schema.rs` declares"
            }
            (Alone::Deployed, Some(_), Presence::Missing) => {
                "the deployed database stands alone: the migrations make it, and `schema.rs` declares it"
            }
            (Alone::Deployed, Some(_), Presence::Unexpected) => {
                "the deployed database stands alone: no migration makes it, and `schema.rs` does not declare it"
            }
            (Alone::Deployed, Some(_), Presence::Otherwise) => {
                "the deployed database stands alone: the migrations make what `schema.rs` declares"
            }
            (Alone::Deployed, None, Presence::Missing) => {
                "the deployed database lacks what the migrations make; `schema.rs` does not say"
            }
            (Alone::Deployed, None, Presence::Unexpected) => {
                "the deployed database has what no migration makes; `schema.rs` does not say"
            }
            (Alone::Deployed, None, Presence::Otherwise) => {
                "the deployed database has it otherwise than the migrations make it; `schema.rs` does not say"
            }
            (Alone::Each, ..) => {
                "`schema.rs`, the migrations and the deployed database each say something else"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_stands_alone_follows_from_who_agrees() {
        for (agrees, alone) in [
            (None, Alone::Deployed),
            (Some((true, false)), Alone::Deployed),
            (Some((false, true)), Alone::Migrated),
            (Some((false, false)), Alone::Each),
        ] {
            assert_eq!(
                Attribution::of_two_that_differ(agrees).alone(),
                alone,
                "{agrees:?}"
            );
        }
        assert_eq!(Attribution::declared_alone().alone(), Alone::Declared);
    }
}
