//! The command line.

use crate::cache::CacheArgs;
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
    /// Hold the migrations themselves against the rules of Diesel and PostgreSQL: no database is needed
    Chain(ChainArgs),
    /// Hold a deployed database against what this release expects of it
    Verify(VerifyArgs),
    /// Hold any two states of a schema against each other: databases, migrations, manifests, snapshots, schema.rs
    Diff(DiffArgs),
    /// Tell an object's whole history across the migrations: what each did to it, newest first
    Log(LogArgs),
    /// Write down what this release expects of its database, for `verify --manifest`
    Manifest(ManifestArgs),
    /// Print a short hash of a schema, to be compared by eye
    Fingerprint(FingerprintArgs),
    /// Write pages for people: a diagram and tables of every schema, in Markdown
    Docs(DocsArgs),
    /// Write types for a front end: what a row of each table is as JSON, and what it takes
    Types(TypesArgs),
    /// Try every migration up, down and up again, and see that it restores everything
    Roundtrip(RoundtripArgs),
    /// Make every known drift on a scratch database, and see that it is found
    Selftest(SelftestArgs),
    /// Show or clear what is kept between runs: clusters and catalogs
    Cache(CacheArgs),
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

/// Which project.
#[derive(Args)]
pub struct ProjectArgs {
    /// A directory of the project
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub project: PathBuf,
    /// Diesel's configuration file [default: DIESEL_CONFIG_FILE, or the nearest diesel.toml]
    #[arg(long, value_name = "FILE")]
    pub config_file: Option<PathBuf>,
    /// The migrations directory [default: as Diesel CLI finds it]
    #[arg(long, value_name = "DIR")]
    pub migration_dir: Option<PathBuf>,
}

/// Where fresh databases come from.
#[derive(Args)]
pub struct ProvisionArgs {
    /// Where the fresh database comes from [default: auto, or what drift.toml says]
    #[arg(long, value_enum, value_name = "PROVIDER")]
    pub provider: Option<Provider>,
    /// A server where databases may be made; the URL's own database is never touched [default: DIESEL_DRIFT_SERVER]
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// Keep nothing between runs, and use nothing that was kept [default: DIESEL_DRIFT_CACHE]
    #[arg(long)]
    pub no_cache: bool,
}

/// How a report is written.
#[derive(Args)]
pub struct ReportArgs {
    /// How the report is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// Where the report is written [default: `-`, stdout]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The least severity that makes the exit status 1
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    pub fail_on: FailOn,
}

/// Whether findings say which migrations made what they are about.
#[derive(Args)]
pub struct BlameArgs {
    /// Leave out which migrations made what the findings are about: findings cost no replays of the migrations then
    #[arg(long)]
    pub no_blame: bool,
}

/// `diesel-drift check`.
#[derive(Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub project: ProjectArgs,
    /// A file or directory with `table!`, instead of what diesel.toml names; can be given several times
    #[arg(long, value_name = "PATH")]
    pub schema: Vec<PathBuf>,
    #[command(flatten)]
    pub provision: ProvisionArgs,
    /// A database that is already migrated: it is only read, and no migrations are run
    #[arg(long, value_name = "URL", conflicts_with = "provider")]
    pub database_url: Option<String>,
    #[command(flatten)]
    pub blame: BlameArgs,
    #[command(flatten)]
    pub report: ReportArgs,
}

/// `diesel-drift roundtrip`.
#[derive(Args)]
pub struct RoundtripArgs {
    /// Every migration, and then all down to nothing and up again; the default
    #[arg(long, conflicts_with_all = ["last", "from"])]
    pub all: bool,
    /// Only the newest N migrations
    #[arg(long, value_name = "N", conflicts_with = "from")]
    pub last: Option<usize>,
    /// Only this migration and newer ones: a directory, or a version
    #[arg(long, value_name = "VERSION")]
    pub from: Option<String>,
    /// Put no rows into the tables: what of the data survives is not looked at
    #[arg(long)]
    pub no_rows: bool,
    /// How many databases are worked on at once [default: one for each core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<std::num::NonZeroUsize>,
    #[command(flatten)]
    pub project: ProjectArgs,
    #[command(flatten)]
    pub provision: ProvisionArgs,
    #[command(flatten)]
    pub report: ReportArgs,
}

/// `diesel-drift chain`.
#[derive(Args)]
pub struct ChainArgs {
    /// Write migrations.lock instead: what the migrations are now is what was released
    #[arg(long, conflicts_with_all = ["base", "database_url"])]
    pub lock: bool,
    /// Hold the migrations against those of this branch, into which they will be merged: origin/main
    #[arg(long, value_name = "REF")]
    pub base: Option<String>,
    /// Hold the migrations against those that this database says were applied to it; it is only read
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    #[command(flatten)]
    pub project: ProjectArgs,
    #[command(flatten)]
    pub report: ReportArgs,
}

/// `diesel-drift selftest`.
#[derive(Args)]
pub struct SelftestArgs {
    /// Only the cases whose names begin so: `index:` [default: all]
    #[arg(value_name = "CASE")]
    pub cases: Vec<String>,
    #[command(flatten)]
    pub provision: ProvisionArgs,
    /// How the result is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// Where the result is written [default: `-`, stdout]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `diesel-drift verify`.
#[derive(Args)]
pub struct VerifyArgs {
    /// The deployed database; it is only read. A role that can only connect is enough
    #[arg(long, value_name = "URL")]
    pub database_url: String,
    /// Where the expected state comes from: `migrations` (replayed on a scratch database as far as they were applied; the default),
    /// `snapshots [DIR]` (the reviewed ones), or `manifest FILE`
    #[arg(long, num_args = 1..=2, value_names = ["SOURCE", "PATH"])]
    pub expect: Vec<String>,
    /// A release manifest, made by `diesel-drift manifest`: neither project nor scratch database is needed
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// A report to keep: JSON, whatever the format of what is printed
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    #[command(flatten)]
    pub project: ProjectArgs,
    #[command(flatten)]
    pub provision: ProvisionArgs,
    #[command(flatten)]
    pub blame: BlameArgs,
    #[command(flatten)]
    pub written: ReportArgs,
}

/// `diesel-drift diff`.
#[derive(Args)]
pub struct DiffArgs {
    /// What is expected: a postgres:// URL, a directory of migrations or of snapshots, a release manifest, or a schema.rs
    pub from: String,
    /// What is held against it: likewise
    pub to: String,
    /// Only what is in this schema; can be given several times
    #[arg(long, value_name = "NAME")]
    pub schema: Vec<String>,
    #[command(flatten)]
    pub provision: ProvisionArgs,
    #[command(flatten)]
    pub blame: BlameArgs,
    #[command(flatten)]
    pub report: ReportArgs,
}

/// `diesel-drift log`.
#[derive(Args)]
pub struct LogArgs {
    /// The object, as findings name it: `posts`, `public.posts.title`, `slugify(text)`, `mood`; also one that is no longer there
    #[arg(value_name = "OBJECT")]
    pub object: String,
    /// What it is, where a name can mean several things: `table`, `function`, `index` …
    #[arg(long, value_name = "CLASS")]
    pub class: Option<String>,
    /// How the history is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// Where the history is written [default: `-`, stdout]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub project: ProjectArgs,
    #[command(flatten)]
    pub provision: ProvisionArgs,
}

/// `diesel-drift manifest`.
#[derive(Args)]
pub struct ManifestArgs {
    /// Where the manifest is written [default: `-`, stdout]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub project: ProjectArgs,
    #[command(flatten)]
    pub provision: ProvisionArgs,
}

/// A schema to be read: that of a fresh database with the project's migrations, or of one that there is.
#[derive(Args)]
pub struct SourceArgs {
    /// A database that is only read, instead of a fresh one with the project's migrations
    #[arg(long, value_name = "URL", conflicts_with_all = ["provider"])]
    pub database_url: Option<String>,
    #[command(flatten)]
    pub project: ProjectArgs,
    #[command(flatten)]
    pub provision: ProvisionArgs,
}

/// `diesel-drift docs`.
#[derive(Args)]
pub struct DocsArgs {
    /// Where the pages are written; `-` prints the one of --schema [default: `[docs] directory` of drift.toml, or docs/models]
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Write nothing: show how the files differ from what they should be, and exit with 1 where they do
    #[arg(long)]
    pub check: bool,
    /// Only the page of this schema, and not the index; can be given several times
    #[arg(long, value_name = "NAME")]
    pub schema: Vec<String>,
    #[command(flatten)]
    pub source: SourceArgs,
}

/// `diesel-drift fingerprint`.
#[derive(Args)]
pub struct FingerprintArgs {
    #[command(flatten)]
    pub source: SourceArgs,
}

/// `diesel-drift types`.
#[derive(Args)]
pub struct TypesArgs {
    /// The language
    #[arg(long, value_enum)]
    pub lang: Language,
    /// Write Zod schemas too, for Zod 3 and 4
    #[arg(long)]
    pub zod: bool,
    /// Only what is in this schema, and what that is made of; can be given several times [default: all of the project's]
    #[arg(long, value_name = "NAME")]
    pub schema: Vec<String>,
    /// What int8 is, which JSON writes as a number: what JSON.parse makes of it, or, where your client reads it otherwise, a string or a bigint
    #[arg(long, value_enum, default_value_t, value_name = "TYPE")]
    pub int8: Int8,
    #[command(flatten)]
    pub written: WrittenArgs,
    #[command(flatten)]
    pub source: SourceArgs,
}

/// Where generated text goes.
#[derive(Args)]
pub struct WrittenArgs {
    /// Where it is written [default: `-`, stdout]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write nothing: exit 1 and show the difference where FILE is not what would be written
    #[arg(long, requires = "output")]
    pub check: bool,
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

/// `--lang`.
#[derive(Clone, Copy, ValueEnum)]
pub enum Language {
    /// TypeScript
    Typescript,
}

/// `--int8`.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Int8 {
    /// A number: exact up to 2^53
    #[default]
    Number,
    /// A string of digits, where a query casts it to text
    String,
    /// A bigint, where a parser makes one
    Bigint,
}

impl From<Int8> for diesel_drift::types::Int8 {
    fn from(int8: Int8) -> Self {
        match int8 {
            Int8::Number => Self::Number,
            Int8::String => Self::String,
            Int8::Bigint => Self::BigInt,
        }
    }
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
