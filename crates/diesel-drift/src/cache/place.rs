//! Where the cache is.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Where the cache is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// `diesel-drift` in the user's cache directory (`XDG_CACHE_HOME`, else `~/.cache`, or `~/Library/Caches` on macOS). Root, where that is
    /// somebody else's, takes `/var/cache/diesel-drift`.
    #[default]
    User,
    /// This directory. It is made where it is not there, and it has to be the harness's alone.
    At(PathBuf),
    /// Nowhere: everything is made anew.
    Off,
}

impl Place {
    /// What `DIESEL_DRIFT_CACHE` says: a directory, or `off`; where it is not set, the user's.
    #[must_use]
    pub fn from_env() -> Self {
        Self::named(std::env::var_os("DIESEL_DRIFT_CACHE"))
    }

    fn named(text: Option<OsString>) -> Self {
        match text.filter(|text| !text.is_empty()) {
            None => Self::User,
            Some(text) if text == "off" => Self::Off,
            Some(text) => {
                let path = PathBuf::from(text);
                Self::At(std::path::absolute(&path).unwrap_or(path))
            }
        }
    }

    /// Why the cache is not used although there is a directory for it: whoever else can write to it can change what a check says.
    #[must_use]
    pub fn refusal(&self) -> Option<String> {
        distrusted(&self.directory()?)
    }

    /// The directory; none where the cache is off or there is no place for it.
    pub(super) fn directory(&self) -> Option<PathBuf> {
        match self {
            Self::User => users(),
            Self::At(directory) => Some(directory.clone()),
            Self::Off => None,
        }
    }
}

/// The rule of libpq for its password file, and of ssh for its keys. What is not there yet will be this user's alone.
pub(super) fn distrusted(directory: &Path) -> Option<String> {
    let data = fs::metadata(directory).ok()?;
    let (user, mode) = (rustix::process::geteuid().as_raw(), data.mode() & 0o777);
    let why = match data.uid() == user {
        false => format!(
            "it belongs to another user ({}, and this is {user})",
            data.uid()
        ),
        true if mode & 0o022 != 0 => format!("others can write to it (its mode is {mode:04o})"),
        true => return None,
    };
    Some(format!(
        "the cache in {} is not used, because {why}: who can write to it can change what a check says; make it this user's alone \
         (chown, chmod go-w), or name another one with DIESEL_DRIFT_CACHE",
        directory.display()
    ))
}

/// `None` where there is no such directory.
fn users() -> Option<PathBuf> {
    let variable = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let home = || std::env::home_dir().filter(|home| home.is_absolute());
    let user = variable("XDG_CACHE_HOME").or_else(|| match cfg!(target_os = "macos") {
        true => home().map(|home| home.join("Library/Caches")),
        false => home().map(|home| home.join(".cache")),
    })?;
    let owner = user
        .ancestors()
        .find_map(|path| fs::metadata(path).ok())?
        .uid();
    match rustix::process::geteuid().as_raw() {
        // Root would leave files in somebody's home.
        0 if owner != 0 => Some(PathBuf::from("/var/cache/diesel-drift")),
        _ => Some(user.join("diesel-drift")),
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_name_is_a_directory_or_off() {
        let named = |text: &str| Place::named(Some(text.into()));
        assert_eq!(Place::named(None), Place::User);
        assert_eq!(named(""), Place::User);
        assert_eq!(named("off"), Place::Off);
        assert_eq!(Place::Off.directory(), None);
        assert_eq!(named("/a/b"), Place::At("/a/b".into()));
        let Place::At(relative) = named("b") else {
            panic!("a directory")
        };
        assert!(relative.is_absolute() && relative.ends_with("b"));
    }
}
