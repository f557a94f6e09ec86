//! Connections to a server that the harness started itself, which no variable of the user's libpq may lead elsewhere.
//!
//! What overrules a variable is not in [`Database::url`](super::Database::url): other drivers refuse parameters that they do not know.

use super::conninfo::{Conninfo, ServerUrl};

/// Variables that libpq heeds for whatever a connection string leaves out, each with the parameter and the value that
/// mean: as if the variable were not set.
const OVERRULED: [(&str, &str, &str); 6] = [
    ("PGHOSTADDR", "hostaddr", ""),
    ("PGCHANNELBINDING", "channel_binding", "disable"),
    ("PGGSSENCMODE", "gssencmode", "disable"),
    ("PGTARGETSESSIONATTRS", "target_session_attrs", "any"),
    ("PGOPTIONS", "options", ""),
    ("PGREQUIREPEER", "requirepeer", ""),
];

/// Variables that no connection string overrules, or only with a parameter that older versions of libpq do not know.
const STUBBORN: [&str; 6] = [
    "PGSERVICE",
    "PGREQUIREAUTH",
    "PGSSLCERTMODE",
    "PGSSLNEGOTIATION",
    "PGMINPROTOCOLVERSION",
    "PGMAXPROTOCOLVERSION",
];

/// The URL with which the harness connects to a server of its own; `url` is the public one.
pub(super) fn libpq_url(url: &str) -> Result<ServerUrl, String> {
    let conninfo = Conninfo::parse(&ServerUrl::from(url))?;
    let more = OVERRULED.map(|(_, parameter, value)| (parameter, value));
    let url = conninfo.url_of(conninfo.database().unwrap_or_default(), &more);
    Ok(ServerUrl::from(url))
}

/// The variables that would lead somebody else's libpq away from a server of the harness's own.
pub(super) fn misleading() -> impl Iterator<Item = &'static str> {
    OVERRULED
        .iter()
        .map(|(variable, ..)| *variable)
        .chain(STUBBORN)
}

/// What may be to blame when a server of one's own cannot be connected to, as something that can stand after a sentence.
pub(super) fn blame() -> String {
    let set: Vec<&str> = STUBBORN
        .into_iter()
        .filter(|variable| std::env::var_os(variable).is_some())
        .collect();
    if set.is_empty() {
        return String::new();
    }
    format!(
        "; libpq heeds {} of the environment here too: unset it",
        set.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::libpq_url;
    use crate::provision::ServerUrl;

    #[test]
    fn every_parameter_is_stated_once() {
        let url = libpq_url("postgres://u:p@127.0.0.1:5/d?sslmode=disable").unwrap();
        assert!(
            url == ServerUrl::from(
                "postgres://u:p@127.0.0.1:5/d?sslmode=disable&hostaddr=&channel_binding=disable&gssencmode=disable\
                 &target_session_attrs=any&options=&requirepeer="
            )
        );
    }
}
