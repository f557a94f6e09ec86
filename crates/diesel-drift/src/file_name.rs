//! Names as file names: what every file system can hold, and what no two names share.

use percent_encoding::percent_encode_byte;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Longest name without its extension, in bytes. File systems hold 255, and `.snap.new` has to fit as well.
pub(crate) const LONGEST: usize = 200;

/// Names that Windows cannot make, and the directory that cargo-insta does not look into.
pub(crate) const RESERVED: [&str; 25] = [
    "aux", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con",
    "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul", "prn",
    "target",
];

/// A name as a whole file name without its extension, or as a directory's; `taken` are names that others have already.
pub(crate) fn stem(name: &str, taken: &[&str]) -> String {
    let encoded = encode(name, "");
    let reserved = RESERVED.contains(&encoded.as_str()) || taken.contains(&encoded.as_str());
    shortened(match encoded.chars().next().filter(|_| reserved) {
        Some(first) => format!("%{:02X}{}", u32::from(first), &encoded[1..]),
        None => encoded,
    })
}

/// Small letters, digits, `_` and `-` stand for themselves, `+` for a space, and everything else is percent-encoded, so that names
/// that differ in case only differ where case does not count. What is in `also` stands for itself too.
pub(crate) fn encode(text: &str, also: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' => encoded.push(char::from(byte)),
            b' ' => encoded.push('+'),
            byte if also.as_bytes().contains(&byte) => encoded.push(char::from(byte)),
            byte => encoded.push_str(percent_encode_byte(byte)),
        }
    }
    encoded
}

/// What is too long is cut, and gets a digest of the whole after a `~`, which no whole name contains.
pub(crate) fn shortened(name: String) -> String {
    const DIGEST: usize = 16;
    if name.len() <= LONGEST {
        return name;
    }
    let mut digest = String::new();
    for byte in &Sha256::digest(&name)[..DIGEST / 2] {
        // Writing to a string cannot fail.
        let _ = write!(digest, "{byte:02x}");
    }
    // All of it is ASCII.
    format!("{}~{digest}", &name[..LONGEST - DIGEST - 1])
}
