//! Digests the code that makes a catalog, so that catalogs kept by other code are not taken for its own: nobody has to remember a number.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// What a catalog depends on, besides the database: how it is read, what it is, how migrations are applied and servers are set up.
const SOURCES: [&str; 4] = ["introspect", "catalog", "migrate", "provision"];

fn main() -> io::Result<()> {
    let mut hasher = DefaultHasher::new();
    for directory in SOURCES.map(|name| Path::new("src").join(name)) {
        println!("cargo:rerun-if-changed={}", directory.display());
        digest(&directory, &mut hasher)?;
    }
    println!("cargo:rustc-env=DIESEL_DRIFT_CODE={:016x}", hasher.finish());
    Ok(())
}

fn digest(directory: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    let mut paths: Vec<PathBuf> = fs::read_dir(directory)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            digest(&path, hasher)?;
        } else {
            path.hash(hasher);
            fs::read(&path)?.hash(hasher);
        }
    }
    Ok(())
}
