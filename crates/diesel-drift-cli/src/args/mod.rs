//! The command line: what there is to do, and with what.

mod shared;
mod values;

pub use shared::{BlameArgs, ProjectArgs, ProvisionArgs, ReportArgs, SourceArgs, WrittenArgs};
pub use values::{Color, Format, Int8, Language, WorstLine};

use crate::cache::CacheArgs;
use clap::{Args, Parser, Subcommand};
use diesel_drift::rules::baseline::Date;
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
    /// Hold the migrated schema to rules: is it any good?
    Lint(LintArgs),
    /// Draw up a scorecard: is it done? A line for each thing, with the evidence beside it
    Scorecard(ScorecardArgs),
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

/// `diesel-drift lint`.
#[derive(Args)]
pub struct LintArgs {
    /// Only this rule, whether it is on or not; can be given several times
    #[arg(long, value_name = "RULE")]
    pub rule: Vec<String>,
    /// What is known to be broken and accepted for now: only what is not in this file fails
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write what is broken into this file instead; entries that it has stay as they are, those that are mended go
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "rule"], requires_all = ["owner", "reason", "until"])]
    pub write_baseline: Option<PathBuf>,
    /// With --write-baseline: who is to see to what is new in it
    #[arg(long, value_name = "WHO", requires = "write_baseline")]
    pub owner: Option<String>,
    /// With --write-baseline: why that is not mended today
    #[arg(long, value_name = "WHY", requires = "write_baseline")]
    pub reason: Option<String>,
    /// With --write-baseline: the last day on which that is accepted, as 2027-01-31
    #[arg(long, value_name = "DATE", requires = "write_baseline")]
    pub until: Option<Date>,
    #[command(flatten)]
    pub project: ProjectArgs,
    #[command(flatten)]
    pub provision: ProvisionArgs,
    /// A database that is already migrated: it is only read, and no migrations are run
    #[arg(long, value_name = "URL", conflicts_with = "provider")]
    pub database_url: Option<String>,
    #[command(flatten)]
    pub report: ReportArgs,
}

/// `diesel-drift scorecard`.
#[derive(Args)]
pub struct ScorecardArgs {
    /// Try only the newest migration up, down and up again
    #[arg(long)]
    pub quick: bool,
    /// The least bad line that makes the exit status 1
    #[arg(long, value_enum, default_value_t, value_name = "STATUS")]
    pub fail_on: WorstLine,
    /// How the scorecard is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// Where the scorecard is written [default: `-`, stdout]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub project: ProjectArgs,
    #[command(flatten)]
    pub provision: ProvisionArgs,
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
