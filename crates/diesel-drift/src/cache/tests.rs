use super::{Cache, Kind, Place};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// A key: as long as a digest.
fn key(digit: &str) -> String {
    digit.repeat(64)
}

/// A name with one digit for a key.
fn shorter(name: &str) -> String {
    let digits = ["a", "b", "c", "d", "e", "f"];
    digits.iter().fold(name.to_owned(), |name, digit| {
        name.replace(&key(digit), digit)
    })
}

fn cache(directory: &Path) -> Cache {
    Cache::open(&Place::At(directory.to_owned())).unwrap()
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| shorter(&name))
        .collect();
    names.sort();
    names
}

/// A tree with a file, an empty directory and an empty file.
fn tree() -> tempfile::TempDir {
    let tree = tempfile::tempdir().unwrap();
    fs::create_dir_all(tree.path().join("a/empty")).unwrap();
    fs::write(tree.path().join("a/file"), "content").unwrap();
    fs::write(tree.path().join("nothing"), "").unwrap();
    tree
}

#[test]
fn what_is_written_is_read_by_kind_and_key() {
    let directory = tempfile::tempdir().unwrap();
    let cache = cache(directory.path());
    assert_eq!(cache.read(Kind::Catalog, &key("e")), None);
    cache.write(Kind::Catalog, &key("e"), "what for", b"one");
    cache.write(Kind::Catalog, &key("e"), "what for", b"two");
    assert_eq!(cache.read(Kind::Catalog, &key("e")), Some(b"two".to_vec()));
    assert_eq!(cache.read(Kind::Catalog, &key("f")), None);
    let [entry] = &cache.entries()[..] else {
        panic!("one entry")
    };
    assert_eq!((entry.kind, &*entry.what), (Kind::Catalog, "what for"));
    assert_eq!(names(directory.path()), ["catalog-e", "lock"], "no draft");
}

#[test]
fn what_is_not_whole_is_absent_and_removed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(format!("catalog-{}", key("e")));
    let cache = cache(directory.path());
    for break_it in [
        |bytes: &mut Vec<u8>| bytes[40] ^= 1,
        |bytes: &mut Vec<u8>| bytes.truncate(45),
        |bytes: &mut Vec<u8>| *bytes = b"of another format\n".to_vec(),
        |bytes: &mut Vec<u8>| bytes.clear(),
    ] {
        cache.write(Kind::Catalog, &key("e"), "", &[7; 100]);
        let mut bytes = fs::read(&path).unwrap();
        break_it(&mut bytes);
        fs::write(&path, bytes).unwrap();
        assert_eq!(cache.read(Kind::Catalog, &key("e")), None);
        assert!(!path.exists());
    }
}

#[test]
fn a_tree_comes_out_as_it_went_in() {
    let directory = tempfile::tempdir().unwrap();
    let (tree, out) = (tree(), tempfile::tempdir().unwrap());
    let cache = cache(directory.path());
    assert!(cache.copy_in(Kind::Migrated, &key("e"), "a tree", tree.path()));
    // As by a process that was as fast.
    assert!(cache.copy_in(Kind::Migrated, &key("e"), "a tree", tree.path()));
    let target = out.path().join("t");
    cache
        .copy_out(Kind::Migrated, &key("e"), &target, None)
        .unwrap();
    assert_eq!(fs::read(target.join("a/file")).unwrap(), b"content");
    assert!(target.join("a/empty").is_dir() && target.join("nothing").is_file());
    assert_eq!(cache.entries()[0].bytes, 7);
    assert_eq!(names(directory.path()), ["lock", "migrated-e"]);
}

#[test]
fn a_tree_that_is_not_whole_is_absent_and_removed() {
    let directory = tempfile::tempdir().unwrap();
    let (tree, out) = (tree(), tempfile::tempdir().unwrap());
    let cache = cache(directory.path());
    let entry = directory.path().join(format!("migrated-{}", key("e")));
    let damages: [fn(&Path); 6] = [
        |entry| fs::write(entry.join("data/a/file"), "Content").unwrap(),
        |entry| fs::write(entry.join("data/a/file"), "").unwrap(),
        |entry| fs::remove_file(entry.join("data/nothing")).unwrap(),
        |entry| fs::remove_dir(entry.join("data/a/empty")).unwrap(),
        |entry| fs::write(entry.join("data/more"), "").unwrap(),
        |entry| fs::write(entry.join("entry"), "format 1, 3 files, 7 bytes\n").unwrap(),
    ];
    for (index, damage) in damages.iter().enumerate() {
        assert!(cache.copy_in(Kind::Migrated, &key("e"), "", tree.path()));
        damage(&entry);
        let target = out.path().join(index.to_string());
        let copied = cache.copy_out(Kind::Migrated, &key("e"), &target, None);
        assert!(copied.is_err() && !entry.exists(), "damage {index}");
    }
}

#[test]
fn what_was_used_longest_ago_goes_first() {
    let directory = tempfile::tempdir().unwrap();
    let write = |digit: &str, age: u64| {
        let cache = Cache::within(directory.path().to_owned(), 3_500).unwrap();
        cache.write(Kind::Catalog, &key(digit), "", &[0; 1_000]);
        let file = fs::File::options()
            .write(true)
            .open(directory.path().join(format!("catalog-{}", key(digit))))
            .unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(age))
            .unwrap();
    };
    for (digit, age) in [("a", 400), ("b", 300), ("c", 200)] {
        write(digit, age);
    }
    // Used, so that it is not the oldest any more.
    assert!(
        cache(directory.path())
            .read(Kind::Catalog, &key("a"))
            .is_some()
    );
    write("d", 0);
    assert_eq!(
        names(directory.path()),
        ["catalog-a", "catalog-c", "catalog-d", "lock"]
    );
}

#[test]
fn drafts_are_swept_once_nobody_is_at_work() {
    let directory = tempfile::tempdir().unwrap();
    let draft = directory
        .path()
        .join(format!("migrated-{}.0123.draft", key("e")));
    fs::create_dir_all(draft.join("data")).unwrap();
    fs::write(directory.path().join("notes.draft"), "somebody else's").unwrap();
    let builder = cache(directory.path());
    let at_work = builder.shared().unwrap();
    cache(directory.path()).write(Kind::Catalog, &key("e"), "", b"");
    assert!(draft.exists(), "it may be the builder's");
    drop(at_work);
    cache(directory.path()).write(Kind::Catalog, &key("e"), "", b"");
    assert_eq!(
        names(directory.path()),
        ["catalog-e", "lock", "notes.draft"]
    );
}

#[test]
fn clearing_says_what_it_removed_and_leaves_what_is_not_ours() {
    let directory = tempfile::tempdir().unwrap();
    let cache = cache(directory.path());
    fs::write(directory.path().join("mine"), "").unwrap();
    cache.write(Kind::Catalog, &key("e"), "what for", b"content");
    assert!(cache.copy_in(Kind::Cluster, &key("e"), "", tree().path()));
    drop(cache.builder(Kind::Cluster, &key("e"), Duration::ZERO));
    let cleared = cache.clear();
    let mut kinds: Vec<Kind> = cleared.removed.iter().map(|entry| entry.kind).collect();
    kinds.sort();
    assert_eq!(kinds, [Kind::Cluster, Kind::Catalog]);
    assert_eq!(cleared.left, Vec::<String>::new());
    assert_eq!(names(directory.path()), ["lock", "mine"]);
    assert_eq!(cache.clear(), super::Cleared::default());
}

#[test]
fn without_a_directory_there_is_no_cache() {
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(Cache::open(&Place::At(file.path().join("cache"))).is_none());
    assert!(Cache::open(&Place::Off).is_none());
}

#[test]
fn a_directory_that_others_may_write_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let place = Place::At(directory.path().to_owned());
    let mode = |mode| {
        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(directory.path(), mode).unwrap();
    };
    for refused in [0o775, 0o757, 0o1777] {
        mode(refused);
        let refusal = place.refusal().unwrap();
        assert!(
            Cache::open(&place).is_none() && refusal.contains("others can write to it"),
            "{refusal}"
        );
    }
    assert_eq!(names(directory.path()), Vec::<String>::new());
    for taken in [0o700, 0o755] {
        mode(taken);
        assert!(Cache::open(&place).is_some() && place.refusal().is_none());
    }
    // Only root can give something away.
    if std::os::unix::fs::chown(directory.path(), Some(1), None).is_ok() {
        let refusal = place.refusal().unwrap();
        assert!(
            Cache::open(&place).is_none() && refusal.contains("another user (1,"),
            "{refusal}"
        );
    }
}

#[test]
fn looking_does_not_make_a_directory() {
    let directory = tempfile::tempdir().unwrap();
    let place = Place::At(directory.path().join("cache"));
    let cache = Cache::existing(&place).unwrap();
    assert_eq!(
        (cache.entries(), cache.clear()),
        (Vec::new(), super::Cleared::default())
    );
    assert!(!directory.path().join("cache").exists());
    Cache::open(&place)
        .unwrap()
        .write(Kind::Catalog, &key("e"), "", b"");
    assert_eq!(Cache::existing(&place).unwrap().entries().len(), 1);
}

/// Among many processes somebody is always at work.
#[test]
fn who_has_too_much_waits_for_a_moment() {
    let directory = tempfile::tempdir().unwrap();
    let small = || Cache::within(directory.path().to_owned(), 1_500).unwrap();
    small().write(Kind::Catalog, &key("a"), "", &[0; 1_000]);
    let other = small();
    let at_work = other.shared().unwrap();
    let release = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        drop(at_work);
    });
    small().write(Kind::Catalog, &key("b"), "", &[0; 1_000]);
    release.join().unwrap();
    assert_eq!(names(directory.path()).len(), 2, "one, and the lock");
}
