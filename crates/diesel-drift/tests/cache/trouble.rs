//! Places where nothing can be kept, and entries that are not what was kept.

use super::{Bench, SLOW, ask, names, needed_a_server, skip};
use diesel_drift::cache::Place;
use std::fs;
use std::process::Command;

fn bench() -> Bench {
    Bench::new(&[("1_a", &format!("{SLOW} CREATE TABLE a (x int);"))])
}

#[test]
fn a_corrupt_catalog_is_read_anew() {
    let bench = bench();
    let (cold, _) = bench.check();
    let damages: [fn(&mut Vec<u8>); 4] = [
        |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        },
        |bytes| bytes.truncate(bytes.len() - 1),
        |bytes| bytes.clear(),
        |bytes| *bytes = b"diesel-drift-cache-1 00000000 2\n{}".to_vec(),
    ];
    for damage in damages {
        let [entry] = bench.kept("catalog").try_into().unwrap();
        let mut bytes = fs::read(&entry).unwrap();
        damage(&mut bytes);
        fs::write(&entry, bytes).unwrap();
        let (said, steps) = bench.check();
        assert!(needed_a_server(&steps));
        assert_eq!(said, cold);
        assert!(!needed_a_server(&bench.check().1));
    }
}

/// A file system of its own, unmounted when it is dropped.
struct Small(std::path::PathBuf);

impl Small {
    fn mounted(at: &std::path::Path, size: &str) -> Result<Self, String> {
        fs::create_dir_all(at).map_err(|error| error.to_string())?;
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(at)
            .output()
            .map_err(|error| error.to_string())?;
        match mount.status.success() {
            true => Ok(Self(at.to_owned())),
            false => Err(String::from_utf8_lossy(&mount.stderr).trim().to_owned()),
        }
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_costs_time_and_nothing_else() {
    // Room for locks and little else; and for a part of a cluster.
    for size in ["8k", "20m"] {
        let bench = bench();
        let _small = match Small::mounted(&bench.cache(), size) {
            Ok(small) => small,
            Err(reason) => return skip("a full disk", &reason),
        };
        let cold = bench.cold();
        for _ in 0..2 {
            assert!(bench.live().0 == cold, "{size}");
        }
        let (database, run) = bench.database();
        assert!(run.contains(&"1_a".to_owned()), "{size}");
        assert_eq!(ask(database.url(), "SELECT count(*) FROM a"), "0");
        drop(database);
        assert!(
            names(&bench.cache())
                .iter()
                .all(|name| !name.ends_with(".draft"))
        );
    }
}

#[test]
fn without_a_cache_everything_is_made_anew() {
    let mut bench = bench();
    let file = bench.directory.path().join("file");
    fs::write(&file, "").unwrap();
    for place in [Place::Off, Place::At(file.join("below")), Place::At(file)] {
        bench.options.cache = place;
        for _ in 0..2 {
            assert!(needed_a_server(&bench.check().1));
        }
    }
    assert_eq!(names(&bench.cache()), Vec::<String>::new());
}
