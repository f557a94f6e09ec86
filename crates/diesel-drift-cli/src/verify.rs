//! `diesel-drift verify`, `manifest` and `fingerprint`: what a release manager runs.

use crate::args::{FingerprintArgs, ManifestArgs, Verbosity, VerifyArgs};
use crate::output::{CliError, write_to};
use crate::progress::Progress;
use crate::{CLEAN, interrupt};
use diesel_drift::manifest::{self, Manifest};
use diesel_drift::report::write_json;
use diesel_drift::{Expect, Fingerprint, Report, snapshot, verify, visible};
use std::path::Path;

/// Verifies, writes the reports, and returns the exit code.
pub fn run(args: &VerifyArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    interrupt::install()?;
    let report = match expected(args)? {
        Source::Migrations => against_migrations(args, verbosity),
        Source::Snapshots(directory) => against_snapshots(args, directory, verbosity),
        Source::Manifest(file) => against_manifest(args, file, verbosity),
    }?;
    if let Some(file) = &args.report {
        write_to(Some(file), |out| write_json(&report, out))?;
    }
    args.written.write(&report, verbosity)
}

/// Where the expected state comes from.
enum Source<'a> {
    Migrations,
    Snapshots(Option<&'a Path>),
    Manifest(&'a Path),
}

fn expected(args: &VerifyArgs) -> Result<Source<'_>, CliError> {
    let words: Vec<&str> = args.expect.iter().map(String::as_str).collect();
    match (&words[..], &args.manifest) {
        ([] | ["migrations"], None) => Ok(Source::Migrations),
        (["snapshots"], None) => Ok(Source::Snapshots(None)),
        (["snapshots", directory], None) => Ok(Source::Snapshots(Some(Path::new(*directory)))),
        ([] | ["manifest"], Some(file)) => Ok(Source::Manifest(file)),
        (["manifest", file], None) => Ok(Source::Manifest(Path::new(*file))),
        (["manifest"], None) => Err(CliError::Usage(
            "--expect manifest needs the FILE that `diesel-drift manifest` writes".to_owned(),
        )),
        _ => Err(CliError::Usage(
            "--expect takes `migrations`, `snapshots [DIR]` or `manifest FILE`, and --manifest FILE stands for the last".to_owned(),
        )),
    }
}

fn hold(args: &VerifyArgs, expect: Expect<'_>, verbosity: Verbosity) -> Result<Report, CliError> {
    let deployed = args.database_url.as_str().into();
    Progress::over(verbosity, |progress| {
        let mut report = verify(expect, &deployed, progress)?;
        (args.blame).tell(&mut report, &args.written, verbosity, progress);
        Ok(report)
    })
}

fn against_manifest(
    args: &VerifyArgs,
    file: &Path,
    verbosity: Verbosity,
) -> Result<Report, CliError> {
    let manifest = Manifest::read(file).map_err(diesel_drift::Error::from)?;
    hold(args, Expect::Manifest(&manifest), verbosity)
}

fn against_migrations(args: &VerifyArgs, verbosity: Verbosity) -> Result<Report, CliError> {
    let project = &args.project.discover(&[])?;
    let options = &args.provision.apply(project.provision_options());
    hold(args, Expect::Migrations { project, options }, verbosity)
}

fn against_snapshots(
    args: &VerifyArgs,
    directory: Option<&Path>,
    verbosity: Verbosity,
) -> Result<Report, CliError> {
    let project = &args.project.discover(&[])?;
    let own = snapshot::directory(&project.root, &project.root);
    let directory = directory.unwrap_or(&own);
    hold(args, Expect::Snapshots { project, directory }, verbosity)
}

/// Writes the release manifest.
pub fn manifest(args: &ManifestArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    interrupt::install()?;
    let project = args.project.discover(&[])?;
    let options = args.provision.apply(project.provision_options());
    let make = |progress: &mut dyn FnMut(diesel_drift::Step<'_>)| {
        manifest::make(&project, &options, progress)
    };
    let (manifest, notices) = Progress::over(verbosity, make)?;
    for notice in notices {
        anstream::eprintln!("notice: {}", visible(&notice));
    }
    write_to(args.output.as_deref(), |out| manifest.write(out))?;
    Ok(CLEAN)
}

/// Prints a fingerprint.
pub fn fingerprint(args: &FingerprintArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    interrupt::install()?;
    let (live, scope) = args.source.read(verbosity)?;
    let fingerprint = Fingerprint::of(&live, &scope).map_err(diesel_drift::Error::from)?;
    write_to(None, |out| writeln!(out, "{fingerprint}"))?;
    Ok(CLEAN)
}
