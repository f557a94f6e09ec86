//! The container provider of a build without the feature `container`.

use super::major::Major;
use super::registry::Startup;
use super::site::NoEngine;
use super::{KeptContainer, Made, Options, Refusal, Site, Use};
use crate::cache::Cache;
use std::time::Duration;

pub(super) fn make(
    _: &Options,
    _: &Startup,
    _: Duration,
    _: Major,
    _: Use<'_>,
) -> Result<Made, Refusal> {
    Err(Refusal {
        provider: "container",
        reason: "built without the feature `container`".to_owned(),
        advice: "build with it: diesel-drift = { …, features = [\"container\"] }".to_owned(),
    })
}

pub(super) fn site(_: &Options) -> Result<Option<Site>, NoEngine> {
    Err(NoEngine)
}

pub(super) fn kept(_: &Cache) -> Vec<KeptContainer> {
    Vec::new()
}

pub(super) fn remove(_: &KeptContainer) -> Result<(), String> {
    Ok(())
}
