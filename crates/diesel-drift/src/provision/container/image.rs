//! Which image is meant.

use crate::provision::major::Major;
use crate::version::OLDEST;
use std::cmp::Reverse;

/// The image where none is configured.
const DEFAULT: &str = "postgres";

/// The tag that is pulled where none is configured and the machine has no tag of the image.
const DEFAULT_TAG: &str = "18";

/// An image's name and, if configured, its tag or digest.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) tag: Option<String>,
}

impl Wanted {
    /// `image` may hold a tag (`registry:5000/postgres:17`) or a digest (`postgres@sha256:…`); `tag` goes before it.
    pub(super) fn new(image: Option<&str>, tag: Option<&str>) -> Self {
        let image = image.unwrap_or(DEFAULT);
        // A colon before the last slash belongs to the registry's port.
        let name_start = image.rfind('/').map_or(0, |slash| slash + 1);
        let (name, own_tag) = match image[name_start..].split_once(':') {
            Some((last, own_tag)) => (format!("{}{last}", &image[..name_start]), Some(own_tag)),
            None => (image.to_owned(), None),
        };
        Wanted {
            name,
            tag: tag.or(own_tag).map(str::to_owned),
        }
    }

    /// The tag to use: the configured one; else of those on the machine, which are given as `name:tag`, the newest one of the
    /// major that fits `wanted` best; else the one to pull.
    pub(super) fn tag(&self, on_machine: &[String], wanted: Major) -> String {
        let mut tags: Vec<&str> = on_machine
            .iter()
            .filter_map(|image| image.strip_prefix(&self.name)?.strip_prefix(':'))
            .filter(|tag| major(tag).is_some_and(|major| major >= OLDEST))
            .collect();
        tags.sort_by_key(|tag| Reverse((version(tag), Reverse(tag.len()))));
        let pulled = || match wanted {
            Major::Exactly(major) => major.to_string(),
            _ if self.name == DEFAULT => DEFAULT_TAG.to_owned(),
            _ => "latest".to_owned(),
        };
        let here = || wanted.choose(tags, |tag| major(tag)).map(str::to_owned);
        self.tag.clone().or_else(here).unwrap_or_else(pulled)
    }
}

/// The major version that a tag begins with.
fn major(tag: &str) -> Option<u32> {
    version(tag).first().copied()
}

/// The numbers at the beginning of a tag: `17.2-alpine3.20` → 17, 2; `pg16` → 16.
fn version(tag: &str) -> Vec<u32> {
    let digits = tag.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(digits.len());
    digits[..end]
        .split('.')
        .filter_map(|part| part.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Major, Wanted};

    #[test]
    fn names_and_tags_are_told_apart() {
        for (image, name, tag) in [
            ("postgres", "postgres", None),
            ("postgres:17", "postgres", Some("17")),
            ("host:5000/a/pg", "host:5000/a/pg", None),
            ("host:5000/a/pg:1", "host:5000/a/pg", Some("1")),
            ("postgres@sha256:ab", "postgres@sha256", Some("ab")),
        ] {
            let wanted = Wanted::new(Some(image), None);
            assert_eq!((wanted.name.as_str(), wanted.tag.as_deref()), (name, tag));
        }
        assert_eq!(
            Wanted::new(Some("a:1"), Some("2")).tag.as_deref(),
            Some("2")
        );
    }

    #[test]
    fn the_newest_tag_on_the_machine_serves() {
        let on_machine = [
            "postgres:12.22",
            "postgres:15",
            "postgres:17.2-alpine",
            "postgres:17.2",
            "other:99",
            "postgres:latest",
        ]
        .map(str::to_owned);
        let tag = |image: Option<&str>, on_machine: &[String], major| {
            Wanted::new(image, None).tag(on_machine, major)
        };
        assert_eq!(tag(None, &on_machine, Major::Any), "17.2");
        assert_eq!(
            tag(Some("postgres:15"), &on_machine, Major::Exactly(17)),
            "15"
        );
        assert_eq!(tag(None, &on_machine[..1], Major::Any), "18");
        assert_eq!(tag(Some("mine"), &on_machine, Major::Any), "latest");
        // The wanted major, else what can be pulled, else what is nearest.
        assert_eq!(tag(None, &on_machine, Major::Exactly(15)), "15");
        assert_eq!(tag(None, &on_machine, Major::Exactly(16)), "16");
        assert_eq!(tag(None, &on_machine, Major::Nearest(16)), "17.2");
        assert_eq!(tag(None, &on_machine, Major::Nearest(14)), "15");
        assert_eq!(tag(None, &on_machine[..1], Major::Nearest(14)), "18");
    }
}
