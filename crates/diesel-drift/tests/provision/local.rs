//! The machine's own binaries.

use super::child::start;
use super::*;
use std::fs;

#[test]
fn a_database_is_empty_and_goes_with_its_guard() {
    let database = provision(&local()).unwrap();
    let url = database.url();
    assert_eq!(
        ask(
            url,
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ),
        "0"
    );
    assert_eq!(
        ask(
            url,
            "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
        ),
        "UTF8"
    );
    assert_eq!(ask(url, "current_setting('TimeZone')"), "UTC");
    assert_eq!(
        ask(url, "current_setting('server_version_num')"),
        database.server_version().to_string()
    );
    execute(url, "CREATE TABLE t (id int PRIMARY KEY)");
    execute(url, "CREATE PUBLICATION p FOR TABLE t");
    assert_eq!(database.provider(), "local");
    assert!(
        database.describe().starts_with("local PostgreSQL "),
        "{}",
        database.describe()
    );
    let traces = traces(url);
    database.close().unwrap();
    assert_gone(&traces);
}

#[test]
fn a_wanted_major_is_had_or_the_nearest() {
    let installed = base().server_version() / 10_000;
    for wanted in [installed, 99] {
        let options = Options {
            major: Some(wanted),
            ..local()
        };
        let found = provision(&options).unwrap().server_version() / 10_000;
        assert!(
            found == wanted || wanted == 99 && found >= installed,
            "{found}"
        );
    }
}

#[test]
fn nobody_enters_without_the_password() {
    let database = provision(&local()).unwrap();
    let (_, after) = database.url().split_once("postgres:").unwrap();
    let (_, after) = after.split_once("postgres:").unwrap();
    let (password, place) = after.split_once('@').unwrap();
    assert_eq!(password.len(), 32);
    assert!(!format!("{database:?}{}", database.describe()).contains(password));
    for wrong in ["postgres".to_owned(), "postgres:wrong".to_owned()] {
        assert!(PgConnection::establish(&format!("postgres://{wrong}@{place}")).is_err());
    }
}

#[test]
fn a_panic_leaves_nothing() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let panicked = std::panic::catch_unwind(move || {
        let database = provision(&local()).unwrap();
        sender.send(traces(database.url())).unwrap();
        panic!("on purpose");
    });
    assert!(panicked.is_err());
    assert_gone(&receiver.recv().unwrap());
}

#[test]
fn a_killed_harness_leaves_nothing() {
    let mut harness = start("local", &[]);
    let traces = traces(&harness.said("url"));
    assert!(is_running(traces.1));
    harness.kill();
    eventually("the directory is removed", || !traces.0.exists());
    assert_gone(&traces);
}

#[test]
fn an_exit_without_drop_leaves_nothing() {
    let mut harness = start("exit", &[]);
    let traces = traces(&harness.said("url"));
    assert!(harness.finish().0);
    eventually("the directory is removed", || !traces.0.exists());
    assert_gone(&traces);
}

/// The parent of a process, where the system has `/proc`.
fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after) = stat.rsplit_once(')')?;
    after.split_whitespace().nth(1)?.parse().ok()
}

/// Harness and supervisor both killed: what they leave is the next run's.
#[test]
fn the_next_run_sweeps_what_lost_its_supervisor() {
    let mut harness = start("local", &[]);
    let traces = traces(&harness.said("url"));
    let Some(supervisor) = parent(traces.1) else {
        return skip(
            "sweeping a local server",
            "this system has no /proc to find its supervisor in",
        );
    };
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let processes = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let watchers: Vec<u32> = processes
        .filter(|pid| *pid != traces.1 && parent(*pid) == Some(supervisor))
        .collect();
    assert_eq!(watchers.len(), 1);
    for pid in [watchers[0], supervisor] {
        let killed = std::process::Command::new("sh")
            .args(["-c", &format!("kill -KILL {pid}")])
            .status();
        assert!(killed.unwrap().success());
    }
    harness.kill();
    assert!(traces.0.exists() && is_running(traces.1));
    provision(&local()).unwrap().close().unwrap();
    // Another test's run may have been first, and at it still.
    eventually("the stray server is swept", || {
        !traces.0.exists() && !is_running(traces.1)
    });
}

#[test]
fn directories_that_only_look_like_ours_are_left() {
    let foreign = tempfile::Builder::new()
        .prefix("diesel-drift-")
        .tempdir_in("/tmp")
        .unwrap();
    let unmarked = Path::new("/tmp/diesel-drift-0123456789ab");
    fs::create_dir_all(unmarked).unwrap();
    fs::write(unmarked.join("mine"), "mine").unwrap();
    fs::write(foreign.path().join("diesel-drift.lock"), "").unwrap();
    provision(&local()).unwrap().close().unwrap();
    assert!(foreign.path().join("diesel-drift.lock").exists());
    assert!(unmarked.join("mine").exists());
    fs::remove_dir_all(unmarked).unwrap();
}

#[test]
fn two_processes_share_a_cold_cache() {
    let cache = tempfile::tempdir().unwrap();
    let cache = cache.path().to_str().unwrap();
    let mut both = [(); 2].map(|()| start("local", &[("TEST_CACHE", cache)]));
    for harness in &mut both {
        assert_eq!(ask(&harness.said("url"), "1"), "1");
    }
    assert_eq!(entries(Path::new(cache)).len(), 1, "one cluster, no draft");
    for harness in both {
        assert!(harness.finish().0);
    }
}

#[test]
fn a_broken_cache_entry_is_made_anew() {
    let cache = tempfile::tempdir().unwrap();
    let options = Options {
        cache: Place::At(cache.path().to_owned()),
        ..local()
    };
    provision(&options).unwrap().close().unwrap();
    let [entry] = entries(cache.path()).try_into().unwrap();
    let version = entry.join("data/PG_VERSION");
    // Half-built.
    fs::remove_file(&version).unwrap();
    provision(&options).unwrap().close().unwrap();
    assert!(version.exists());
    // Whole, and no server starts from it.
    let control = entry.join("data/global/pg_control");
    let length = fs::metadata(&control).unwrap().len();
    fs::write(&control, vec![0; usize::try_from(length).unwrap()]).unwrap();
    provision(&options).unwrap().close().unwrap();
    assert!(fs::read(&control).unwrap().iter().any(|byte| *byte != 0) || !control.exists());
    provision(&options).unwrap().close().unwrap();
    assert!(fs::read(&control).unwrap().iter().any(|byte| *byte != 0));
}

/// A file that the server's user can write to, whoever that is.
fn told() -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::set_permissions(
        file.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o666),
    )
    .unwrap();
    file
}

fn entries(cache: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(cache)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_dir()).collect()
}

#[test]
fn without_a_cache_every_run_initialises() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let options = Options {
        // A file: no directory can be made there.
        cache: Place::At(file.path().join("cache")),
        ..local()
    };
    let database = provision(&options).unwrap();
    assert_eq!(ask(database.url(), "1"), "1");
}

fn refusal(bin: &Path, timeout: Duration) -> String {
    let cache = tempfile::tempdir().unwrap();
    let options = Options {
        pg_bin: Some(bin.to_owned()),
        cache: Place::At(cache.path().to_owned()),
        startup_timeout: timeout,
        ..local()
    };
    provision(&options).unwrap_err().to_string()
}

#[test]
fn a_broken_initdb_is_quoted() {
    let bin = installation_with(
        "initdb",
        "echo 'initdb: error: the disk is on fire' >&2; exit 7",
    );
    let message = refusal(bin.path(), Duration::from_secs(60));
    assert!(
        message.contains(&format!("{}/initdb failed", bin.path().display())),
        "{message}"
    );
    assert!(
        message.contains("the disk is on fire") && message.contains("DIESEL_DRIFT_PG_BIN"),
        "{message}"
    );
}

#[test]
fn a_server_that_stops_is_quoted() {
    let script = "case \"$*\" in *' -k '*) echo 'FATAL:  out of tea' >&2; exit 1;; esac; REAL";
    let bin = installation_with("postgres", script);
    let message = refusal(bin.path(), Duration::from_secs(60));
    assert!(
        message.contains("stopped while starting") && message.contains("out of tea"),
        "{message}"
    );
}

#[test]
fn a_server_that_hangs_meets_the_deadline() {
    let told = told();
    let script = format!(
        "case \"$*\" in *' -k '*) echo $$ >{}; echo 'LOG:  thinking' >&2; exec sleep 1000;; esac; REAL",
        told.path().display()
    );
    let bin = installation_with("postgres", &script);
    let message = refusal(bin.path(), Duration::from_secs(5));
    let pid = fs::read_to_string(told.path()).unwrap();
    assert!(
        !is_running(pid.trim().parse().unwrap()),
        "the server is left"
    );
    assert!(
        message.contains("start-up deadline of 5s") && message.contains("thinking"),
        "{message}"
    );
}

#[test]
fn a_start_can_be_interrupted() {
    // The server tells its number and its directory, and never becomes ready.
    let told = told();
    let script = format!(
        "case \"$*\" in *' -k '*) echo $$ $2 >{}; exec sleep 1000;; esac; REAL",
        told.path().display()
    );
    let bin = installation_with("postgres", &script);
    let harness = start("interrupted", &[("TEST_BIN", bin.path().to_str().unwrap())]);
    let read = || fs::read_to_string(told.path()).unwrap();
    eventually("the server hangs", || read().ends_with('\n'));
    let text = read();
    let (pid, data) = text.trim().split_once(' ').unwrap();
    assert!(is_running(pid.parse().unwrap()));
    assert!(harness.finish().0);
    assert_gone(&(
        Path::new(data).parent().unwrap().to_owned(),
        pid.parse().unwrap(),
    ));
}

#[test]
fn a_taken_port_is_not_the_end() {
    // The first start says what PostgreSQL says when somebody was faster.
    let flag = told();
    let once = flag.path().display();
    let script = format!(
        "case \"$*\" in *' -k '*) if [ ! -s {once} ]; then echo done >{once}; \
         echo 'LOG:  could not bind IPv4 address \"127.0.0.1\": Address already in use' >&2; exit 1; fi;; esac; REAL"
    );
    let bin = installation_with("postgres", &script);
    let cache = tempfile::tempdir().unwrap();
    let options = Options {
        pg_bin: Some(bin.path().to_owned()),
        cache: Place::At(cache.path().to_owned()),
        ..local()
    };
    let database = provision(&options).unwrap();
    assert_eq!(ask(database.url(), "1"), "1");
    assert_eq!(fs::read_to_string(flag.path()).unwrap(), "done\n");
}

#[test]
fn no_binaries_is_a_refusal_that_says_what_to_install() {
    let empty = tempfile::tempdir().unwrap();
    let message = refusal(empty.path(), Duration::from_secs(60));
    assert!(
        message.contains("`initdb` is not there") && message.contains("apt-get install postgresql"),
        "{message}"
    );
}
