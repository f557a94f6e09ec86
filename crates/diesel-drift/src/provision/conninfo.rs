//! libpq's connection strings: pointing one at another database, and keeping its secrets out of every message.

use super::keywords::keywords;
use crate::text::show_name;
use diesel::{Connection, PgConnection};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::fmt;

/// Everything but what RFC 3986 leaves alone.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Parameters whose values are never shown.
const SECRET: [&str; 3] = ["password", "sslpassword", "oauth_client_secret"];

const AMBIGUOUS: &str = "it cannot be told where its password ends and its host begins: percent-encode the password \
    (`@` is %40, `/` is %2F, `:` is %3A), and every other `@` behind it";

/// A server as the user wrote it: a URL or `keyword=value` pairs. `Debug` does not show it, because it may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerUrl(String);

impl From<String> for ServerUrl {
    fn from(text: String) -> Self {
        ServerUrl(text)
    }
}

impl From<&str> for ServerUrl {
    fn from(text: &str) -> Self {
        ServerUrl(text.to_owned())
    }
}

impl ServerUrl {
    /// The database and its server, without user and password.
    #[must_use]
    pub fn describe(&self) -> String {
        match Conninfo::parse(self) {
            Ok(conninfo) => match conninfo.database() {
                Some(database) => format!("{} at {}", show_name(database), conninfo.place()),
                None => conninfo.place(),
            },
            Err(_) => "the given database".to_owned(),
        }
    }

    /// Connects to the database that it names; libpq's own rules hold for what it leaves out.
    ///
    /// # Errors
    /// What libpq says, without any secret.
    pub fn connect(&self) -> Result<PgConnection, String> {
        let conninfo = Conninfo::parse(self).map_err(str::to_owned)?;
        // An unreachable host must not hang the harness; a name in `pg_stat_activity` tells whose the connection is.
        let mut more = vec![("fallback_application_name", "diesel-drift")];
        if !conninfo.has("connect_timeout") {
            more.push(("connect_timeout", "10"));
        }
        let url = match conninfo.database() {
            Some(database) => conninfo.url_of(database, &more),
            None => self.0.clone(),
        };
        PgConnection::establish(&url).map_err(|error| conninfo.redact(error.to_string().trim_end()))
    }

    /// Whether libpq would read it: a URL, or `keyword=value` pairs.
    pub(crate) fn is_connection_string(&self) -> bool {
        Conninfo::parse(self).is_ok()
    }

    /// The string itself, which may hold a password.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// `text` with every secret of the string made unreadable. A string that libpq would not read holds none that can be told.
    pub(crate) fn redact(&self, text: &str) -> String {
        Conninfo::parse(self).map_or_else(|_| text.to_owned(), |conninfo| conninfo.redact(text))
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerUrl(…)")
    }
}

/// A connection string, cut where a database name goes.
#[derive(Clone)]
pub(super) struct Conninfo {
    /// Scheme, user, password, hosts and ports: `postgres://me:secret@localhost:5432`.
    head: String,
    /// The database in the path or the parameter `dbname`, decoded.
    database: Option<String>,
    /// The parameters but `dbname`, as they were written.
    query: Vec<(String, String)>,
}

impl Conninfo {
    /// Cuts a connection string as libpq would. The error never quotes it.
    pub(super) fn parse(ServerUrl(text): &ServerUrl) -> Result<Self, &'static str> {
        let rest = ["postgresql://", "postgres://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme));
        match rest {
            Some(rest) => Self::from_url(text, text.len() - rest.len()),
            None => Self::from_keywords(text),
        }
    }

    fn from_url(text: &str, start: usize) -> Result<Self, &'static str> {
        // libpq looks for the user up to the first `@` or `/`, so that a raw `?` may stand in a password.
        let user_end = text[start..].find(['@', '/']).map(|at| start + at);
        let host = match user_end {
            Some(at) if text[at..].starts_with('@') => at + 1,
            _ => start,
        };
        let head_end = text[host..]
            .find(['/', '?'])
            .map_or(text.len(), |at| host + at);
        // Then libpq would cut the password in two, and quote one half as a host, a port, a database or a parameter.
        if text[host..].contains('@') || !text[host..head_end].split(',').all(is_host) {
            return Err(AMBIGUOUS);
        }
        let (path, query) = text[head_end..]
            .split_once('?')
            .unwrap_or((&text[head_end..], ""));
        let mut database =
            Some(decode(path.trim_start_matches('/'))).filter(|name| !name.is_empty());
        let mut kept = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if key == "dbname" {
                database = Some(decode(value));
            } else {
                kept.push((key.to_owned(), value.to_owned()));
            }
        }
        Ok(Conninfo {
            head: text[..head_end].to_owned(),
            database,
            query: kept,
        })
    }

    /// `host=/tmp dbname='my db'`, rewritten as a URL because that is what other drivers read.
    fn from_keywords(text: &str) -> Result<Self, &'static str> {
        let mut database = None;
        let mut query = Vec::new();
        for (key, value) in keywords(text)? {
            if key == "dbname" {
                database = Some(value);
            } else {
                query.push((key, utf8_percent_encode(&value, ENCODED).to_string()));
            }
        }
        Ok(Conninfo {
            head: "postgresql://".to_owned(),
            database,
            query,
        })
    }

    /// The database that the string names.
    pub(super) fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// Whether the parameter `key` is given.
    pub(super) fn has(&self, key: &str) -> bool {
        self.query.iter().any(|(known, _)| known == key)
    }

    /// The URL of another database of the same server; every other parameter stays, then come `more`.
    pub(super) fn url_of(&self, database: &str, more: &[(&str, &str)]) -> String {
        let kept = self
            .query
            .iter()
            .map(|(key, value)| (key.as_str(), value.clone()));
        let more = more
            .iter()
            .map(|(key, value)| (*key, utf8_percent_encode(value, ENCODED).to_string()));
        let query: Vec<String> = kept
            .chain(more)
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        let path = utf8_percent_encode(database, ENCODED);
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}/{path}{mark}{}", self.head, query.join("&"))
    }

    /// The same place and parameters, without any secret.
    pub(super) fn without_password(&self) -> Self {
        let (before, hosts) = self.authority();
        let user = before.and_then(|user| user.split(':').next());
        let scheme = self
            .head
            .split_once("://")
            .map_or("postgresql", |(scheme, _)| scheme);
        let at = user.map(|user| format!("{user}@")).unwrap_or_default();
        let mut query = self.query.clone();
        query.retain(|(key, _)| !SECRET.contains(&key.as_str()));
        Self {
            head: format!("{scheme}://{at}{hosts}"),
            database: self.database.clone(),
            query,
        }
    }

    /// Where the server is, without user and password; `default` where the string leaves it to libpq.
    pub(super) fn place(&self) -> String {
        let parameter = |name: &str| {
            let found = self
                .query
                .iter()
                .find(|(key, value)| key == name && !value.is_empty());
            found.map(|(_, value)| decode(value))
        };
        let hosts = decode(self.authority().1);
        let host = Some(hosts).filter(|hosts| !hosts.is_empty());
        match (
            host.or_else(|| parameter("host").or_else(|| parameter("hostaddr"))),
            parameter("port"),
        ) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host,
            (None, _) => parameter("service").map_or_else(
                || "libpq's default host".to_owned(),
                |service| format!("service {service}"),
            ),
        }
    }

    /// `text` with every secret of the string made unreadable, as written and decoded.
    pub(super) fn redact(&self, text: &str) -> String {
        let mut secrets: Vec<String> = self
            .query
            .iter()
            .filter(|(key, _)| SECRET.contains(&key.as_str()))
            .map(|(_, value)| value.clone())
            .collect();
        secrets.extend(
            self.authority()
                .0
                .and_then(|user| user.split_once(':'))
                .map(|(_, password)| password.to_owned()),
        );
        secrets.extend(secrets.clone().iter().map(|secret| decode(secret)));
        secrets.retain(|secret| !secret.is_empty());
        // The longest first: a secret may hold another.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets
            .iter()
            .fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }

    /// User and password, if any, and hosts with ports.
    fn authority(&self) -> (Option<&str>, &str) {
        let authority = self
            .head
            .split_once("://")
            .map_or("", |(_, authority)| authority);
        match authority.split_once('@') {
            Some((user, hosts)) => (Some(user), hosts),
            None => (None, authority),
        }
    }
}

/// Whether this can be `host`, `host:port`, `[address]:port` or, percent-encoded, a directory of sockets.
fn is_host(text: &str) -> bool {
    let plain = |text: &str| {
        text.chars()
            .all(|c| c.is_alphanumeric() || "-._~%".contains(c))
    };
    let (host_is_good, port) = match text.strip_prefix('[').map(|rest| rest.split_once(']')) {
        Some(Some((address, port))) => (address.split(':').all(plain), port),
        Some(None) => (false, ""),
        None => {
            let end = text.find(':').unwrap_or(text.len());
            (plain(&text[..end]), &text[end..])
        }
    };
    let digits = port.strip_prefix(':').unwrap_or(port);
    host_is_good
        && (port.is_empty() || port.starts_with(':'))
        && digits.chars().all(|c| c.is_ascii_digit())
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::{AMBIGUOUS, Conninfo, ServerUrl, is_host};

    fn parse(text: &str) -> Conninfo {
        Conninfo::parse(&ServerUrl::from(text)).unwrap()
    }

    #[test]
    fn only_the_database_changes() {
        for (given, expected) in [
            (
                "postgres://u:p@h:5432/app?sslmode=require",
                "postgres://u:p@h:5432/x?sslmode=require",
            ),
            ("postgresql://h", "postgresql://h/x"),
            (
                "postgres://h?options=-c%20a%3Db",
                "postgres://h/x?options=-c%20a%3Db",
            ),
            (
                "postgres:///app?host=/var/run/postgresql",
                "postgres:///x?host=/var/run/postgresql",
            ),
            ("postgres://%2Ftmp/app", "postgres://%2Ftmp/x"),
            ("postgres://u:p?q@h/app", "postgres://u:p?q@h/x"),
            (
                "postgres://a:1,[::1]:2/app?dbname=other&port=3",
                "postgres://a:1,[::1]:2/x?port=3",
            ),
            (
                "host=/tmp dbname = 'my \\'db' user=me",
                "postgresql:///x?host=%2Ftmp&user=me",
            ),
            ("postgres://", "postgres:///x"),
        ] {
            assert_eq!(parse(given).url_of("x", &[]), expected, "{given}");
        }
        assert_eq!(
            parse("postgres://h/a?b=c").url_of("x", &[("d", "e f")]),
            "postgres://h/x?b=c&d=e%20f"
        );
    }

    #[test]
    fn without_its_password_it_leads_to_the_same_place() {
        for (given, expected) in [
            (
                "postgres://u:p%40@h:5/a?x=y&password=z",
                "postgres://u@h:5/x?x=y",
            ),
            ("postgres://h/a", "postgres://h/x"),
            (
                "user=u password=p host=/tmp",
                "postgresql:///x?user=u&host=%2Ftmp",
            ),
        ] {
            let without = parse(given).without_password();
            assert_eq!(without.url_of("x", &[]), expected, "{given}");
        }
    }

    #[test]
    fn the_database_is_found_wherever_it_stands() {
        assert_eq!(parse("postgres://h/my%20db").database(), Some("my db"));
        assert_eq!(parse("postgres://h/a?dbname=b").database(), Some("b"));
        assert_eq!(parse("host=h dbname='a b'").database(), Some("a b"));
        assert_eq!(parse("postgres://h/").database(), None);
    }

    #[test]
    fn the_place_names_no_user() {
        assert_eq!(parse("postgres://u:p@h:1/a").place(), "h:1");
        assert_eq!(parse("postgres:///a?host=/tmp&port=7").place(), "/tmp:7");
        assert_eq!(parse("postgres://u:p@%2Ftmp/a").place(), "/tmp");
        assert_eq!(parse("service=prod").place(), "service prod");
        assert_eq!(parse("user=me").place(), "libpq's default host");
    }

    #[test]
    fn secrets_are_redacted_as_written_and_decoded() {
        let url = parse("postgres://u:s%40cret@h/a?sslpassword=pem&x=y");
        assert_eq!(url.redact("s@cret, s%40cret, pem, y"), "***, ***, ***, y");
        let pairs = parse("user=u password='p w'");
        assert_eq!(pairs.redact("p w; p%20w"), "***; ***");
    }

    #[test]
    fn a_password_that_would_be_cut_in_two_is_refused_and_never_shown() {
        for text in [
            "postgres://u:pa/sseh@localhost:1/db",
            "postgres://u:pa@sseh@localhost:1/db",
            "postgres://u:pa@sseh/x@localhost:1/db",
            "postgres://u:pa/sseh?x@localhost:1/db",
            "postgres://u:pa@sseh?x@localhost:1/db",
            "postgres://u:pa@sseh?x=y@localhost:1/db",
            "postgres://u:pa/sseh",
            "postgres://u@h:sseh/db",
            "postgres://u:pa@[sseh/db",
        ] {
            let url = ServerUrl::from(text);
            let refused = url.connect().err().unwrap();
            assert_eq!(refused, AMBIGUOUS, "{text}");
            assert_eq!(url.describe(), "the given database", "{text}");
        }
    }

    #[test]
    fn hosts_are_told_from_what_is_none() {
        for host in [
            "",
            "h",
            "h:",
            "h:1",
            ":1",
            "10.0.0.1:5432",
            "[::1]",
            "[fe80::1%25lo]:2",
            "%2Ftmp",
            "a-b_c.d",
            "größe",
        ] {
            assert!(is_host(host), "{host}");
        }
        for no_host in [
            "h:p", "h:1:2", "h h", "[::1", "[::1]2", "a]b", "pa#ss", "pa$s",
        ] {
            assert!(!is_host(no_host), "{no_host}");
        }
    }

    #[test]
    fn what_is_no_connection_string_is_refused_without_being_quoted() {
        for text in [
            "",
            "mysql://u:secret@h/a",
            "secret",
            "host='secret",
            "a b=secret",
        ] {
            let message = Conninfo::parse(&ServerUrl::from(text)).err().unwrap();
            assert!(!message.contains("secret"), "{message}");
        }
        assert!(!format!("{:?}", ServerUrl::from("postgres://u:secret@h")).contains("secret"));
    }
}
