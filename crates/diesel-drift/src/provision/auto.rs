//! The first provider that can serve.

use super::major::Major;
use super::registry::Startup;
use super::{Made, Options, ProvisionError, Refusal, Use, container, local, server};
use std::time::Duration;

/// How long an image may take to arrive where the machine's own binaries would serve as well.
const SHORT_PULL: Duration = Duration::from_secs(20);

/// The server if one is configured (then there is no other way: who names a server means it), else a container, else the machine's own binaries.
pub(super) fn make(
    options: &Options,
    startup: &Startup,
    used: Use<'_>,
) -> Result<Made, ProvisionError> {
    let on_server = || match used {
        Use::Shared { .. } => server::named(options, startup),
        Use::Scratch(_) => server::make(options, startup),
    };
    if options.server_url.is_some() {
        return on_server().map_err(ProvisionError::Refused);
    }
    let mut refusals = Vec::new();
    for (provider, major) in attempts(options) {
        let made = match provider {
            Provider::Container => {
                container::make(options, startup, pull(options, startup, major), major, used)
            }
            Provider::Local => local::make(options, startup, major, used),
        };
        match made {
            Ok(made) => return Ok(made),
            Err(refusal) => {
                // Of each provider, the refusal of the attempt that asked for least.
                refusals.retain(|other: &Refusal| other.provider != refusal.provider);
                refusals.push(refusal);
            }
        }
    }
    // Without a URL this is a refusal that says how to give one.
    let no_server = on_server().err();
    Err(ProvisionError::NoProvider(
        no_server.into_iter().chain(refusals).collect(),
    ))
}

enum Provider {
    Container,
    Local,
}

/// What is tried, in this order. An image that was configured has what the machine's own server may lack, so that its nearest major
/// goes before the machine's exact one.
fn attempts(options: &Options) -> Vec<(Provider, Major)> {
    let majors = Major::attempts(options.major);
    let both = |major: &Major| [(Provider::Container, *major), (Provider::Local, *major)];
    if options.image.is_none() {
        return majors.iter().flat_map(both).collect();
    }
    let containers = majors.iter().map(|major| (Provider::Container, *major));
    let local = majors.last().map(|major| (Provider::Local, *major));
    containers.chain(local).collect()
}

/// How long an image may take to arrive.
fn pull(options: &Options, startup: &Startup, major: Major) -> Duration {
    if local::is_installed(options, major) {
        SHORT_PULL.min(options.startup_timeout)
    } else {
        startup.left()
    }
}
