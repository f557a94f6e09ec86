//! What a comment says.

use crate::text::visible;
use std::collections::BTreeSet;

/// What a comment accepts, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// Ids, none twice.
    pub(super) rules: Vec<String>,
    pub(super) reason: String,
}

const USAGE: &str =
    "write `-- drift: allow(RULE) reason`, with the id of a rule, or of several: `allow(a, b)`";

/// What is said in a comment, each with its place in it, in bytes; nothing where it is not meant for us. In a block, a line that begins so
/// counts, and its reason goes on to the next such line or to one that is blank.
pub(super) fn said(comment: &str) -> Vec<(usize, Result<Said, String>)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (start, line) in lines(comment) {
        if let Some(said) = ours(line) {
            found.push((start, said.to_owned()));
            goes_on = true;
        } else if let Some((_, said)) = found.last_mut().filter(|_| goes_on && !line.is_empty()) {
            said.push(' ');
            said.push_str(line);
        } else {
            goes_on = false;
        }
    }
    (found.into_iter())
        .map(|(start, said)| (start, parse(&said)))
        .collect()
}

/// The lines of a comment without its marks, each with its place. Of a line with two dashes in a block nothing is left: it is SQL that is out of use.
fn lines(comment: &str) -> Vec<(usize, &str)> {
    if comment.starts_with("--") {
        return vec![(0, comment.trim_start_matches('-').trim())];
    }
    let inner = comment.strip_prefix("/*").unwrap_or_default();
    let inner = inner.strip_suffix("*/").unwrap_or(inner);
    let mut start = 2;
    let line = |line| {
        let text = str::trim(line)
            .trim_start_matches('*')
            .trim_end_matches('*');
        let place = start + (line.len() - line.trim_start().len());
        start += line.len();
        (place, text.trim())
    };
    inner.split_inclusive('\n').map(line).collect()
}

/// What stands behind `drift:`, where that is meant for us: `allow`, or what is written as if it were a word of ours, but not prose.
fn ours(line: &str) -> Option<&str> {
    let (mark, said) = line.split_once(':')?;
    let said = said.trim_start();
    let rest = said.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let word = &said[..said.len() - rest.len()];
    let is_meant = word == "allow" || !word.is_empty() && rest.starts_with('(');
    (mark.trim_end().eq_ignore_ascii_case("drift") && is_meant).then_some(said)
}

fn parse(said: &str) -> Result<Said, String> {
    let inner = (said.strip_prefix("allow")).and_then(|rest| rest.trim_start().strip_prefix('('));
    let parts = inner.and_then(|inner| inner.split_once(')'));
    let (ids, reason) = parts.ok_or(USAGE)?;
    let rules: Vec<String> = ids.split(',').map(|id| id.trim().to_owned()).collect();
    if rules.iter().any(String::is_empty) {
        return Err(USAGE.to_owned());
    }
    let shown = visible(ids);
    let mut distinct = BTreeSet::new();
    if let Some(twice) = rules.iter().find(|id| !distinct.insert(*id)) {
        let twice = visible(twice);
        return Err(format!(
            "`drift: allow({shown})` names `{twice}` twice: remove one"
        ));
    }
    let reason = reason
        .trim()
        .trim_start_matches([':', '-', '–', '—'])
        .trim();
    if reason.is_empty() {
        return Err(format!(
            "`drift: allow({shown})` needs a reason behind it: say why it is meant"
        ));
    }
    if reason.to_ascii_lowercase().contains("drift: allow(") {
        return Err(
            "one comment, one list of rules: write `allow(a, b)`, or each on a line of its own"
                .to_owned(),
        );
    }
    let reason = reason.to_owned();
    Ok(Said { rules, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rules and reason of each; or what is wrong.
    fn read(comment: &str) -> Vec<String> {
        (said(comment).into_iter())
            .map(|(_, said)| match said {
                Ok(Said { rules, reason }) => format!("{}: {reason}", rules.join("+")),
                Err(message) => message,
            })
            .collect()
    }

    #[test]
    fn a_comment_is_read_in_every_form() {
        for (comment, told) in [
            ("-- drift: allow(a) x", "a: x"),
            ("--drift:allow( a ,b ):  x y \r", "a+b: x y"),
            ("--- Drift: allow (a) — x", "a: x"),
            ("/* drift: allow(a): x */", "a: x"),
            ("/** drift: allow(a) x **/", "a: x"),
            (
                "/*\r\n * A log.\r\n * drift: allow(a) goes\r\n * on\r\n *\r\n * and on\r\n */",
                "a: goes on",
            ),
            (
                "/* drift: allow(a) x\n   drift: allow(b) y */",
                "a: x, b: y",
            ),
        ] {
            assert_eq!(read(comment).join(", "), told, "{comment}");
        }
    }

    #[test]
    fn what_is_not_meant_for_us_is_left_alone() {
        for comment in [
            "-- drift: this table drifts",
            "-- drift: allowed are two",
            "-- allow(a) x",
            "-- CREATE TABLE a (); -- drift: allow(a) x",
            "/* CREATE TABLE a ( -- drift: allow(a) x\n   -- drift: allow(a) x\n */",
            "/* /* drift: allow(a) x */ */",
            "/**/",
            "--",
        ] {
            assert_eq!(read(comment), [""; 0], "{comment}");
        }
    }

    #[test]
    fn what_is_missing_or_too_much_is_told() {
        for (comment, told) in [
            ("-- drift: allow(a)", "`drift: allow(a)` needs a reason"),
            ("-- drift: allow(a): ", "`drift: allow(a)` needs a reason"),
            ("-- drift: allow() x", USAGE),
            ("-- drift: allow(a,) x", USAGE),
            ("-- drift: alow(a) x", USAGE),
            ("-- Drift: ignore(a) x", USAGE),
            ("-- drift: allow a x", USAGE),
            (
                "-- drift: allow(a, b, a) x",
                "`drift: allow(a, b, a)` names `a` twice",
            ),
            (
                "-- drift: allow(a) x drift: allow(b) y",
                "one comment, one list of rules",
            ),
        ] {
            let read = read(comment);
            assert!(
                read.len() == 1 && read[0].starts_with(told),
                "{comment}: {read:?}"
            );
        }
    }

    #[test]
    fn each_has_its_place() {
        let comment = "/*\n * drift: allow(a) x\n\n  drift: allow(b) y */";
        let places: Vec<usize> = said(comment).iter().map(|(place, _)| *place).collect();
        assert_eq!(places, [4, 27]);
        assert_eq!(&comment[27..32], "drift");
    }
}
