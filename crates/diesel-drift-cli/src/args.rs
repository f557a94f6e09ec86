//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use diesel_drift::Severity;
use diesel_drift::provision::Choice;
use std::path::PathBuf;

/// Schema drift detection for Diesel projects on PostgreSQL.
///
/// Exit status: 0 no drift, 1 drift, 2 the check could not be made.
#[derive(Parser)]
#[command(name = "diesel-drift", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Say less: no progress, and nothing at all where the check passes
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more: notes and what is suppressed
    #[arg(short, long, global = true)]
    verbose: bool,
    /// Colours
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
}

/// How much to say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// `-q`.
    Quiet,
    /// Neither.
    Normal,
    /// `-v`.
    Verbose,
}

impl Cli {
    /// How much to say.
    pub fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        }
    }
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Hold schema.rs against a fresh, migrated database
    Check(CheckArgs),
    /// List the kinds of drift
    Kinds(KindsArgs),
    /// Explain a kind of drift
    Explain(ExplainArgs),
    /// Print a shell's completions
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// `diesel-drift check`.
#[derive(Args)]
pub struct CheckArgs {
    /// A directory of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub project: PathBuf,
    /// Diesel's configuration file [default: DIESEL_CONFIG_FILE, or the nearest diesel.toml]
    #[arg(long, value_name = "FILE")]
    pub config_file: Option<PathBuf>,
    /// A file or directory with `table!`, instead of what diesel.toml names; can be given several times
    #[arg(long, value_name = "PATH")]
    pub schema: Vec<PathBuf>,
    /// The migrations directory [default: as Diesel CLI finds it]
    #[arg(long, value_name = "DIR")]
    pub migration_dir: Option<PathBuf>,
    /// Where the fresh database comes from [default: auto, or what drift.toml says]
    #[arg(
        long,
        value_enum,
        value_name = "PROVIDER",
        conflicts_with = "database_url"
    )]
    pub provider: Option<Provider>,
    /// A server where databases may be made; the URL's own database is never touched [default: DIESEL_DRIFT_SERVER]
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// A database that is already migrated: it is only read, and no migrations are run
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// How the report is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// Where the report is written [default: stdout]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The least severity that makes the exit status 1
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    pub fail_on: FailOn,
}

/// `diesel-drift kinds`.
#[derive(Args)]
pub struct KindsArgs {
    /// How the list is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

/// `diesel-drift explain`.
#[derive(Args)]
pub struct ExplainArgs {
    /// The kind, as reports print it
    pub kind: String,
}

/// A report's form.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For machines; see docs/report.schema.json.
    Json,
}

/// `--provider`.
#[derive(Clone, Copy, ValueEnum)]
pub enum Provider {
    /// A server if one is configured, else a container, else local binaries
    Auto,
    /// The server that --server names
    Server,
    /// A container
    Container,
    /// PostgreSQL's binaries on this machine
    Local,
}

impl From<Provider> for Choice {
    fn from(provider: Provider) -> Self {
        match provider {
            Provider::Auto => Self::Auto,
            Provider::Server => Self::Server,
            Provider::Container => Self::Container,
            Provider::Local => Self::Local,
        }
    }
}

/// `--fail-on`.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum FailOn {
    /// Errors only
    Error,
    /// Errors and warnings
    #[default]
    Warning,
    /// Anything
    Note,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Note => Self::Note,
        }
    }
}

/// `--color`.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Makes `anstream` do as asked.
    pub fn apply(self) {
        match self {
            Self::Auto => {}
            Self::Always => anstream::ColorChoice::Always.write_global(),
            Self::Never => anstream::ColorChoice::Never.write_global(),
        }
    }
}
