//! Arguments that several commands take.

use super::values::{FailOn, Format, Provider};
use clap::Args;
use std::path::PathBuf;

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
