//! `diesel-drift cache`.

use crate::CLEAN;
use crate::args::{Format, Verbosity};
use crate::output::{CliError, write_to};
use clap::{Args, Subcommand};
use diesel_drift::cache::{Cache, Entry, Place};
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
    Clear,
}

/// `diesel-drift cache list`.
#[derive(Args)]
pub struct CacheListArgs {
    /// How the list is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

/// Lists or clears the cache, and returns the exit code.
pub fn run(args: &CacheArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    let place = Place::from_env();
    let Some(cache) = Cache::open(&place) else {
        return Err(CliError::Usage(match place {
            Place::Off => "there is no cache: DIESEL_DRIFT_CACHE is off".to_owned(),
            Place::User => "there is no cache: the user's cache directory cannot be written; name another one with DIESEL_DRIFT_CACHE"
                .to_owned(),
            Place::At(directory) => format!(
                "there is no cache: {} cannot be written; see to that, or name another one with DIESEL_DRIFT_CACHE",
                directory.display()
            ),
        }));
    };
    match &args.command {
        CacheCommand::List(args) => list(&cache, args),
        CacheCommand::Clear => clear(&cache, verbosity),
    }
}

fn list(cache: &Cache, args: &CacheListArgs) -> Result<u8, CliError> {
    let entries = cache.entries();
    write_to(None, |out| match args.format {
        Format::Json => writeln!(out, "{:#}", as_json(cache, &entries)),
        Format::Text => {
            let now = SystemTime::now();
            entries.iter().try_for_each(|entry| line(entry, now, out))?;
            writeln!(out, "{} in {}", total(&entries), directory(cache))
        }
    })?;
    Ok(CLEAN)
}

fn clear(cache: &Cache, verbosity: Verbosity) -> Result<u8, CliError> {
    let cleared = cache.clear();
    if verbosity != Verbosity::Quiet {
        let now = SystemTime::now();
        write_to(None, |out| {
            if verbosity == Verbosity::Verbose {
                (cleared.removed.iter()).try_for_each(|entry| line(entry, now, out))?;
            }
            let total = total(&cleared.removed);
            writeln!(out, "{total} removed from {}", directory(cache))
        })?;
    }
    match cleared.left.is_empty() {
        true => Ok(CLEAN),
        false => Err(CliError::Usage(cleared.left.join("; "))),
    }
}

fn line(entry: &Entry, now: SystemTime, out: &mut dyn Write) -> io::Result<()> {
    let age = now.duration_since(entry.used).unwrap_or_default();
    writeln!(
        out,
        "{:<12} {:>9}  {:>8} ago  {}",
        entry.kind.id(),
        size(entry.bytes),
        span(age.as_secs()),
        visible(&entry.what)
    )
}

fn total(entries: &[Entry]) -> String {
    let bytes = entries.iter().map(|entry| entry.bytes).sum();
    let count = entries.len();
    let noun = if count == 1 { "entry" } else { "entries" };
    format!("{count} {noun}, {}", size(bytes))
}

fn directory(cache: &Cache) -> String {
    visible(&cache.directory().display().to_string())
}

fn as_json(cache: &Cache, entries: &[Entry]) -> Value {
    let entry = |entry: &Entry| {
        let used = entry.used.duration_since(UNIX_EPOCH).unwrap_or_default();
        json!({
            "kind": entry.kind.id(),
            "bytes": entry.bytes,
            "used": used.as_secs(),
            "what": entry.what,
        })
    };
    json!({
        "directory": cache.directory().display().to_string(),
        "entries": entries.iter().map(entry).collect::<Vec<_>>(),
    })
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
