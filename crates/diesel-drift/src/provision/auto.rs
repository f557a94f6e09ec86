//! The first provider that can serve.

use super::registry::Startup;
use super::{Made, Options, ProvisionError, container, local, server};
use std::time::Duration;

/// How long an image may take to arrive where the machine's own binaries would serve as well.
const SHORT_PULL: Duration = Duration::from_secs(20);

/// The server if one is configured (then there is no other way: who names a server means it), else a container, else the machine's own binaries.
pub(super) fn make(options: &Options, startup: &Startup) -> Result<Made, ProvisionError> {
    if options.server_url.is_some() {
        return server::make(options, startup).map_err(ProvisionError::Refused);
    }
    let pull = if local::is_installed(options) {
        SHORT_PULL.min(options.startup_timeout)
    } else {
        options.startup_timeout
    };
    container::make(options, startup, pull).or_else(|no_container| {
        local::make(options, startup).map_err(|no_local| {
            // Without a URL this is a refusal that says how to give one.
            let no_server = server::make(options, startup).err();
            ProvisionError::NoProvider(
                no_server
                    .into_iter()
                    .chain([no_container, no_local])
                    .collect(),
            )
        })
    })
}
