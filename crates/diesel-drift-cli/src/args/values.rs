//! What can stand behind an option, by name.

use clap::ValueEnum;
use diesel_drift::Severity;
use diesel_drift::provision::Choice;
use diesel_drift::scorecard::Status;

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

/// `--fail-on` of a scorecard.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum WorstLine {
    /// What is missing or wrong
    #[default]
    Red,
    /// That, and what is weak or was not tried
    Yellow,
}

impl From<WorstLine> for Status {
    fn from(worst: WorstLine) -> Self {
        match worst {
            WorstLine::Red => Self::Red,
            WorstLine::Yellow => Self::Yellow,
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
