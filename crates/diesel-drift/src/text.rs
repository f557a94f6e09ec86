//! Quoting what somebody else wrote.

/// The last lines of a text, at most `count`; blank ones are left out.
pub(crate) fn last_lines(text: &str, count: usize) -> Vec<&str> {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(count)..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::last_lines;

    #[test]
    fn the_end_is_kept_without_blank_lines() {
        assert_eq!(last_lines("a\n\n b\r\nc\n \n", 2), [" b", "c"]);
        assert_eq!(last_lines("a", 2), ["a"]);
        assert!(last_lines("\n", 2).is_empty());
    }
}
