//! Text → YAML scalar. How one is written so that every reader takes it for that text is the YAML library's business; which form hides
//! nothing, and stays the same in an editor, is decided here.

use crate::text::is_misleading;
use serde_saphyr::{DoubleQuoted, FlowSeq};

pub(super) type Written = Result<String, serde_saphyr::SerializeError>;

/// Whether a text can be a block scalar, and stays the same where white space at the end of lines or of the file is removed.
pub(super) fn is_plain_block(text: &str) -> bool {
    let content = text.strip_suffix('\n').unwrap_or(text);
    let visible = |c: char| c == '\n' || c == '\t' || !is_escaped(c);
    !content.is_empty()
        && !content.ends_with('\n')
        && content.split('\n').all(|line| line == line.trim_end())
        && content.chars().all(visible)
}

pub(super) fn block(text: &str, indent: &str) -> String {
    let first = text
        .split('\n')
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    // Else the first line's own spaces would be taken for the indentation.
    let indicator = if first.starts_with(' ') { "2" } else { "" };
    let (content, chomping) = match text.strip_suffix('\n') {
        Some(content) => (content, ""),
        None => (text, "-"),
    };
    let mut block = format!("|{indicator}{chomping}");
    for line in content.split('\n') {
        block.push('\n');
        if !line.is_empty() {
            block += indent;
            block += line;
        }
    }
    block
}

/// A double-quoted text with its line ends escaped, broken after each.
pub(super) fn quoted_lines(text: &str, indent: &str) -> Written {
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let line = quoted(line)?;
        let line = line
            .strip_prefix('"')
            .and_then(|line| line.strip_suffix('"'))
            .unwrap_or(&line);
        let leading = if line.starts_with(' ') && !lines.is_empty() {
            "\\"
        } else {
            ""
        };
        lines.push(format!("{leading}{line}"));
    }
    Ok(format!("\"{}\"", lines.join(&format!("\\\n{indent}"))))
}

pub(super) fn key(text: &str) -> Written {
    let scalar = scalar(text)?;
    if scalar == text && text.contains(':') {
        return quoted(text);
    }
    Ok(scalar)
}

/// A text on one line, plain where it would be read as that text and hides nothing.
pub(super) fn scalar(text: &str) -> Written {
    if text.chars().any(is_escaped) {
        return quoted(text);
    }
    let list = serde_saphyr::to_string(&FlowSeq([text]))?;
    let list = list.trim_end_matches('\n');
    let inner = list
        .strip_prefix('[')
        .and_then(|list| list.strip_suffix(']'));
    Ok(inner.unwrap_or(list).to_owned())
}

fn quoted(text: &str) -> Written {
    let quoted = serde_saphyr::to_string(&DoubleQuoted(text))?;
    let escape = |c: char| match c as u32 {
        _ if !is_escaped(c) => c.to_string(),
        code @ ..=0xffff => format!("\\u{code:04X}"),
        code => format!("\\U{code:08X}"),
    };
    Ok(quoted.trim_end_matches('\n').chars().map(escape).collect())
}

/// What a reader would not see, or a YAML file may not hold.
pub(super) fn is_escaped(c: char) -> bool {
    is_misleading(c) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_plain_where_that_hides_nothing() {
        assert_eq!(scalar("now()").unwrap(), "now()");
        assert_eq!(scalar("a: b").unwrap(), "\"a: b\"");
        assert_eq!(scalar("true").unwrap(), "\"true\"");
        assert_eq!(scalar("a\u{202e}b").unwrap(), "\"a\\u202Eb\"");
        assert_eq!(key("a:b").unwrap(), "\"a:b\"");
    }

    #[test]
    fn lines_are_a_block_where_an_editor_cannot_change_them() {
        assert!(is_plain_block("a\n  b\n") && !is_plain_block("a \nb") && !is_plain_block("a\n\n"));
        assert_eq!(block("a\n  b", "  "), "|-\n  a\n    b");
        assert_eq!(block(" a\n", "  "), "|2\n   a");
        assert_eq!(quoted_lines("a \n b", "  ").unwrap(), "\"a \\n\\\n  \\ b\"");
    }
}
