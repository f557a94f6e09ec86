//! The form of an entry: one line with its format, checksum and length, one that says what it is for, and its content.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Another form is another number.
const FORMAT: &str = "diesel-drift-cache-2";

/// How much of an entry is read to list it.
const LISTED: u64 = 64 << 10;

/// What is listed of an entry.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// What it is for.
    pub(super) what: String,
    /// The beginning of its content.
    pub(super) content: Vec<u8>,
}

/// An entry's bytes. What it is for is kept in one line.
pub(super) fn encode(what: &str, content: &[u8]) -> Vec<u8> {
    let what = what.replace(['\n', '\r'], " ");
    let mut body = format!("{what}\n").into_bytes();
    body.extend_from_slice(content);
    let first = format!("{FORMAT} {:08x} {}\n", crc32fast::hash(&body), body.len());
    let mut bytes = first.into_bytes();
    bytes.append(&mut body);
    bytes
}

/// What an entry is for and its content; none where it is not as it was written.
pub(super) fn decode(mut bytes: Vec<u8>) -> Option<(String, Vec<u8>)> {
    let first = bytes.iter().position(|byte| *byte == b'\n')?;
    let mut words = std::str::from_utf8(&bytes[..first]).ok()?.split(' ');
    let body = &bytes[first + 1..];
    let sound = words.next() == Some(FORMAT)
        && words.next() == Some(&format!("{:08x}", crc32fast::hash(body)))
        && words.next() == Some(&body.len().to_string());
    if !sound {
        return None;
    }
    let second = body.iter().position(|byte| *byte == b'\n')?;
    let what = String::from_utf8(body[..second].to_vec()).ok()?;
    let content = bytes.split_off(first + second + 2);
    Some((what, content))
}

/// The head of the entry in a file, unverified: for a list.
pub(super) fn head(path: &Path) -> Option<Head> {
    let mut file = BufReader::new(File::open(path).ok()?.take(LISTED));
    let mut line = String::new();
    file.read_line(&mut line).ok()?;
    let mut what = String::new();
    if !line.starts_with(FORMAT) || file.read_line(&mut what).is_err() {
        return None;
    }
    let mut content = Vec::new();
    file.read_to_end(&mut content).ok()?;
    Some(Head {
        what: what.trim_end().to_owned(),
        content,
    })
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn what_was_written_is_read() {
        for content in [&b""[..], b"\n", b"a\nb", &[0, 255, 10]] {
            let read = decode(encode("a\nb", content)).unwrap();
            assert_eq!(read, ("a b".to_owned(), content.to_vec()));
        }
    }

    #[test]
    fn what_was_not_written_so_is_not_read() {
        let whole = encode("what", b"some content");
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            assert_eq!(decode(flipped), None, "byte {at}");
            assert_eq!(decode(whole[..at].to_vec()), None, "cut at {at}");
        }
        let mut longer = whole;
        longer.push(b'\n');
        assert_eq!(decode(longer), None);
    }
}
