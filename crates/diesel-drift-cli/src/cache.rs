//! `diesel-drift cache`.

use crate::CLEAN;
use crate::args::{Format, Verbosity};
use crate::output::{CliError, write_to};
use clap::{Args, Subcommand};
use diesel_drift::cache::{Cache, Entry, Place};
use diesel_drift::provision::{
    KeptContainer, KeptServer, Left, Options, ProvisionError, ServerUrl, clear, kept_containers,
    kept_servers, left,
};
use diesel_drift::visible;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::time::{SystemTime, UNIX_EPOCH};

/// `diesel-drift cache`.
#[derive(Args)]
pub struct CacheArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub command: CacheCommand,
}

/// What to do with the cache.
#[derive(Subcommand)]
pub enum CacheCommand {
    /// List what is kept: what it is, when it was used last, how large it is, and what it was made for
    List(CacheListArgs),
    /// Remove everything that is kept; runs that are under way go on
    Clear(ServerArgs),
}

/// `diesel-drift cache list`.
#[derive(Args)]
pub struct CacheListArgs {
    /// Where else to look.
    #[command(flatten)]
    pub server: ServerArgs,
    /// How the list is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

/// Where else something is kept.
#[derive(Args)]
pub struct ServerArgs {
    /// A server on which tests have databases: their templates and the databases that were kept there [default: DIESEL_DRIFT_SERVER]
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
}

impl ServerArgs {
    fn url(&self) -> Option<ServerUrl> {
        match &self.server {
            Some(url) => Some(url.as_str().into()),
            None => Options::from_env().server_url,
        }
    }
}

/// Lists or clears what is kept, and returns the exit code.
pub fn run(args: &CacheArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    let server = match &args.command {
        CacheCommand::List(args) => args.server.url(),
        CacheCommand::Clear(args) => args.url(),
    };
    let place = Place::from_env();
    let kept = Kept {
        cache: Cache::existing(&place),
        servers: kept_servers(),
        containers: kept_containers(&place),
        server,
    };
    if let Some(refusal) = place.refusal() {
        return Err(CliError::Usage(refusal));
    }
    if kept.cache.is_none() && kept.servers.is_empty() && kept.server.is_none() {
        return Err(CliError::Usage(match place {
            Place::Off => "there is no cache: DIESEL_DRIFT_CACHE is off".to_owned(),
            Place::User => "there is no cache: the user's cache directory cannot be written; name another one with DIESEL_DRIFT_CACHE"
                .to_owned(),
            Place::At(directory) => format!(
                "there is no cache: {} cannot be written; see to that, or name another one with DIESEL_DRIFT_CACHE",
                directory.display()
            ),
        }));
    }
    match &args.command {
        CacheCommand::List(args) => kept.list(args.format),
        CacheCommand::Clear(_) => kept.clear(verbosity),
    }
}

/// Where things are kept.
struct Kept {
    cache: Option<Cache>,
    /// Servers on this machine.
    servers: Vec<KeptServer>,
    /// Containers.
    containers: Vec<KeptContainer>,
    /// The one that the user names.
    server: Option<ServerUrl>,
}

impl Kept {
    fn list(&self, format: Format) -> Result<u8, CliError> {
        let now = SystemTime::now();
        let entries = self.cache.as_ref().map(Cache::entries).unwrap_or_default();
        let left = match &self.server {
            Some(server) => left(server).map_err(failed)?,
            None => Vec::new(),
        };
        write_to(None, |out| match format {
            Format::Json => writeln!(out, "{:#}", self.as_json(&entries, &left)),
            Format::Text => {
                if let Some(cache) = &self.cache {
                    (entries.iter()).try_for_each(|entry| Line::of_entry(entry, now).write(out))?;
                    writeln!(out, "{} in {}", total(&entries), directory(cache))?;
                }
                (self.servers.iter())
                    .try_for_each(|server| Line::of_server(server, now).write(out))?;
                (self.containers.iter())
                    .try_for_each(|kept| Line::of_container(kept, now).write(out))?;
                if let Some(server) = &self.server {
                    (left.iter()).try_for_each(|left| Line::of_left(left).write(out))?;
                    writeln!(out, "{} on {}", databases(&left), place(server))?;
                }
                Ok(())
            }
        })?;
        Ok(CLEAN)
    }

    /// Clears one after the other; what one refuses does not keep the next.
    fn clear(&self, verbosity: Verbosity) -> Result<u8, CliError> {
        let now = SystemTime::now();
        let (mut lines, mut told, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        if let Some(cache) = &self.cache {
            let cleared = cache.clear();
            (cleared.removed.iter()).for_each(|entry| lines.push(Line::of_entry(entry, now)));
            let total = total(&cleared.removed);
            told.push(format!("{total} removed from {}", directory(cache)));
            refused.extend(cleared.left);
        }
        for server in &self.servers {
            let directory = visible(&server.directory.display().to_string());
            match server.end() {
                Ok(()) => told.push(format!(
                    "the kept server in {directory} ends when no test uses it"
                )),
                Err(error) => refused.push(format!(
                    "the kept server in {directory} cannot be ended: {error}"
                )),
            }
        }
        for kept in &self.containers {
            let name = visible(&kept.name);
            match kept.remove() {
                Ok(()) => told.push(format!("the kept container {name} removed")),
                Err(error) => refused.push(format!(
                    "the kept container {name} cannot be removed: {error}"
                )),
            }
        }
        if let Some(server) = &self.server {
            match clear(server) {
                Ok(left) => {
                    lines.extend(left.iter().map(Line::of_left));
                    told.push(format!(
                        "{} removed from {}",
                        databases(&left),
                        place(server)
                    ));
                }
                Err(error) => refused.push(error.to_string()),
            }
        }
        if verbosity != Verbosity::Quiet {
            write_to(None, |out| {
                if verbosity == Verbosity::Verbose {
                    lines.iter().try_for_each(|line| line.write(out))?;
                }
                told.iter().try_for_each(|line| writeln!(out, "{line}"))
            })?;
        }
        match refused.is_empty() {
            true => Ok(CLEAN),
            false => Err(CliError::Usage(refused.join("; "))),
        }
    }

    fn as_json(&self, entries: &[Entry], left: &[Left]) -> Value {
        let entry = |entry: &Entry| {
            json!({
                "kind": entry.kind.id(),
                "bytes": entry.bytes,
                "used": since_1970(entry.used),
                "what": entry.what,
            })
        };
        let server = |server: &KeptServer| {
            json!({
                "directory": server.directory.display().to_string(),
                "port": server.port,
                "since": since_1970(server.since),
            })
        };
        let container = |kept: &KeptContainer| {
            json!({
                "name": kept.name,
                "image": kept.image,
                "since": since_1970(kept.since),
            })
        };
        let database = |left: &Left| {
            json!({
                "name": left.name,
                "kind": kind(left),
                "project": left.project,
                "bytes": left.bytes,
                "unused": left.unused,
            })
        };
        let directory = self.cache.as_ref().map(|cache| cache.directory());
        json!({
            "directory": directory.map(|directory| directory.display().to_string()),
            "entries": entries.iter().map(entry).collect::<Vec<_>>(),
            "servers": self.servers.iter().map(server).collect::<Vec<_>>(),
            "containers": self.containers.iter().map(container).collect::<Vec<_>>(),
            "databases": left.iter().map(database).collect::<Vec<_>>(),
        })
    }
}

/// One line of the list.
struct Line {
    kind: &'static str,
    bytes: Option<u64>,
    /// Seconds since it was used.
    unused: Option<u64>,
    what: String,
}

impl Line {
    fn of_entry(entry: &Entry, now: SystemTime) -> Self {
        Self {
            kind: entry.kind.id(),
            bytes: Some(entry.bytes),
            unused: Some(now.duration_since(entry.used).unwrap_or_default().as_secs()),
            what: entry.what.clone(),
        }
    }

    fn of_server(server: &KeptServer, now: SystemTime) -> Self {
        let since = now.duration_since(server.since).unwrap_or_default();
        Self {
            kind: "server",
            bytes: None,
            unused: Some(since.as_secs()),
            what: format!(
                "databases of tests, kept on the server in {}",
                server.directory.display()
            ),
        }
    }

    fn of_container(kept: &KeptContainer, now: SystemTime) -> Self {
        let since = now.duration_since(kept.since).unwrap_or_default();
        Self {
            kind: "container",
            bytes: None,
            unused: Some(since.as_secs()),
            what: format!("{} of {}, made then", kept.name, kept.image),
        }
    }

    fn of_left(left: &Left) -> Self {
        Self {
            kind: kind(left),
            bytes: Some(left.bytes),
            unused: left.unused,
            what: match &left.project {
                Some(project) => format!("{} of {project}", left.name),
                None => left.name.clone(),
            },
        }
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "{:<12} {:>9}  {:>12}  {}",
            self.kind,
            self.bytes.map(size).unwrap_or_default(),
            self.unused
                .map(|seconds| format!("{} ago", span(seconds)))
                .unwrap_or_default(),
            visible(&self.what)
        )
    }
}

fn kind(left: &Left) -> &'static str {
    match left.project {
        Some(_) => "template",
        None => "kept",
    }
}

fn failed(error: ProvisionError) -> CliError {
    CliError::Check(error.into())
}

fn total(entries: &[Entry]) -> String {
    let bytes = entries.iter().map(|entry| entry.bytes).sum();
    format!(
        "{}, {}",
        count(entries.len(), "entry", "entries"),
        size(bytes)
    )
}

fn databases(left: &[Left]) -> String {
    let bytes = left.iter().map(|left| left.bytes).sum();
    format!(
        "{}, {}",
        count(left.len(), "database", "databases"),
        size(bytes)
    )
}

fn count(count: usize, one: &str, more: &str) -> String {
    let noun = if count == 1 { one } else { more };
    format!("{count} {noun}")
}

fn directory(cache: &Cache) -> String {
    visible(&cache.directory().display().to_string())
}

fn place(server: &ServerUrl) -> String {
    visible(&server.describe())
}

fn since_1970(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs()
}

/// A size as people read it.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KiB", bytes / 1_024),
        _ => format!("{} MiB", bytes / 1_048_576),
    }
}

/// A time as people read it.
fn span(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::{size, span};

    #[test]
    fn sizes_and_times_are_readable() {
        assert_eq!(
            [0, 1_023, 1_024, 5 << 20].map(size),
            ["0 B", "1023 B", "1 KiB", "5 MiB"]
        );
        assert_eq!(
            [59, 60, 7_200, 90_000].map(span),
            ["59 s", "1 min", "2 h", "1 d"]
        );
    }
}
