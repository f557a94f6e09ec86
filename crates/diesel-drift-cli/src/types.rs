//! `diesel-drift types`.

use crate::args::{Language, TypesArgs, Verbosity};
use crate::interrupt;
use crate::output::CliError;
use diesel_drift::types::{Model, TypesOptions, typescript};

/// Writes the types, or holds the file against them, and returns the exit code.
pub fn run(args: &TypesArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    interrupt::install()?;
    let (live, scope) = args.source.read(verbosity)?;
    let options = TypesOptions {
        schemas: args.schema.clone(),
        int8: args.int8.into(),
        zod: args.zod,
    };
    let model =
        Model::new(&live.catalog, &scope, &options.schemas).map_err(diesel_drift::Error::from)?;
    let text = match args.lang {
        Language::Typescript => typescript(&model, &options),
    };
    args.written.write(&text, verbosity)
}
