//! Copying a directory of directories and files, and telling whether a copy holds what the original did.

use crate::digest::sha256;
use crate::provision::Account;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Files are read in pieces of this size.
const PIECE: usize = 1 << 20;

/// What a tree holds.
#[derive(Default)]
pub(super) struct Inventory {
    /// Each file with its length and checksum, and each directory.
    lines: Vec<String>,
    bytes: u64,
}

impl Inventory {
    /// In one line: equal for equal trees, and for no others.
    pub(super) fn describe(mut self) -> String {
        self.lines.sort();
        let digest = sha256(self.lines.join("\n").as_bytes());
        format!("{} bytes, {digest}\n", self.bytes)
    }
}

/// How many bytes the tree holds that was described so.
pub(super) fn bytes(description: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(description);
    let number = text.split(' ').next();
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Copies a tree, for `account` if there is one. The standard library's copy shares blocks where the file system can; what is counted is
/// what has arrived.
pub(super) fn copy(from: &Path, to: &Path, account: Option<&Account>) -> io::Result<Inventory> {
    let mut copied = Inventory::default();
    let mut piece = vec![0; PIECE];
    copy_below(from, to, Path::new(""), account, &mut piece, &mut copied)?;
    Ok(copied)
}

fn copy_below(
    from: &Path,
    to: &Path,
    below: &Path,
    account: Option<&Account>,
    piece: &mut [u8],
    copied: &mut Inventory,
) -> io::Result<()> {
    let target = to.join(below);
    DirBuilder::new().mode(0o700).create(&target)?;
    copied.lines.push(format!("{}/", below.display()));
    for entry in fs::read_dir(from.join(below))? {
        let entry = entry?;
        let name: PathBuf = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_below(from, to, &name, account, piece, copied)?;
            continue;
        }
        let target = to.join(&name);
        fs::copy(entry.path(), &target)?;
        let (length, checksum) = sum(&target, piece)?;
        copied.bytes += length;
        copied
            .lines
            .push(format!("{} {length} {checksum:08x}", name.display()));
        account.map_or(Ok(()), |account| account.own(&target))?;
    }
    account.map_or(Ok(()), |account| account.own(&target))
}

/// The length and the checksum of a file.
fn sum(path: &Path, piece: &mut [u8]) -> io::Result<(u64, u32)> {
    let mut file = File::open(path)?;
    let mut hasher = crc32fast::Hasher::new();
    let mut length = 0;
    loop {
        match file.read(piece)? {
            0 => return Ok((length, hasher.finalize())),
            read => {
                hasher.update(&piece[..read]);
                length += read as u64;
            }
        }
    }
}
