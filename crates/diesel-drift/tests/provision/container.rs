//! A server in a container.

use super::*;

#[cfg(not(feature = "container"))]
#[test]
fn a_build_without_containers_says_so() {
    let error = provision(&container()).unwrap_err().to_string();
    assert!(
        error.contains("built without the feature `container`"),
        "{error}"
    );
}

fn container() -> Options {
    Options {
        provider: Choice::Container,
        ..Options::default()
    }
}

#[cfg(feature = "container")]
mod with_an_engine {
    use super::*;
    use crate::child;
    use crate::process::Process;
    use diesel_drift::provision::kept_containers;
    use std::process::Command;

    /// What the engine's client prints, or what it complains of.
    fn docker(arguments: &[&str]) -> Result<String, String> {
        let output = Command::new("docker")
            .args(arguments)
            .output()
            .map_err(|error| error.to_string())?;
        let [text, complaint] = [output.stdout, output.stderr]
            .map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
        if output.status.success() {
            Ok(text)
        } else {
            Err(format!("docker {arguments:?}: {complaint}"))
        }
    }

    /// A database in a container, or why there is none on this machine.
    fn started(test: &str) -> Option<Database> {
        if docker(&["version"]).is_err() {
            skip(test, "no container engine answers to `docker version`");
            return None;
        }
        if docker(&["image", "ls", "-q", "postgres"]).is_ok_and(|images| images.is_empty())
            && docker(&["pull", "-q", "postgres:18"]).is_err()
        {
            skip(
                test,
                "the engine has no image `postgres` and can pull none; scripts/postgres-image builds one",
            );
            return None;
        }
        // From here on a failure is a failure.
        Some(provision(&container()).unwrap())
    }

    /// A cache of its own, with the containers that are kept for it; they go with it.
    struct Bench(tempfile::TempDir);

    impl Bench {
        fn place(&self) -> Place {
            Place::At(self.0.path().to_owned())
        }

        fn options(&self) -> Options {
            Options {
                reuse: true,
                cache: self.place(),
                ..container()
            }
        }

        fn kept(&self) -> Vec<String> {
            let kept = kept_containers(&self.place());
            kept.into_iter().map(|kept| kept.name).collect()
        }
    }

    impl Drop for Bench {
        fn drop(&mut self) {
            for kept in kept_containers(&self.place()) {
                let _ = kept.remove();
            }
        }
    }

    /// A bench, where a container can be had.
    fn bench(test: &str) -> Option<Bench> {
        started(test)?.close().unwrap();
        Some(Bench(tempfile::tempdir().unwrap()))
    }

    /// What comes after the last `/` of a URL, up to its parameters.
    fn name(url: &str) -> &str {
        let (_, name) = url.rsplit_once('/').unwrap();
        name.split('?').next().unwrap()
    }

    #[test]
    fn a_kept_container_is_found_again_and_only_the_scratch_databases_go() {
        let Some(bench) = bench("a kept container") else {
            return;
        };
        let options = Options {
            roles: vec!["reader".to_owned()],
            ..bench.options()
        };
        let first = provision(&options).unwrap();
        assert_eq!(first.provider(), "container");
        assert!(first.describe().ends_with(", kept)"), "{first:?}");
        assert!(!first.misleading_variables().is_empty());
        let (container, gone) = (behind(first.url()), name(first.url()).to_owned());
        execute(first.url(), "CREATE TABLE t ()");
        assert_eq!(ask(first.url(), "'reader'::regrole"), "reader");
        assert_eq!(bench.kept(), [container.as_str()]);
        let file = kept_containers(&bench.place()).remove(0).passfile;
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
        first.close().unwrap();

        // A run without it neither sweeps nor uses it.
        let other = provision(&container_of_its_own(&bench)).unwrap();
        assert_ne!(behind(other.url()), container);
        other.close().unwrap();

        let second = provision(&options).unwrap();
        assert_eq!(behind(second.url()), container);
        let there = format!("SELECT count(*) FROM pg_database WHERE datname = '{gone}'");
        assert_eq!(ask(second.url(), &there), "0");
        assert_eq!(ask(second.url(), "to_regclass('t') IS NULL"), "true");
        second.close().unwrap();

        for kept in kept_containers(&bench.place()) {
            kept.remove().unwrap();
        }
        assert_eq!(bench.kept(), [""; 0]);
        assert!(!file.exists());
        assert!(!labelled("diesel-drift.kept").contains(&container));
    }

    fn container_of_its_own(bench: &Bench) -> Options {
        Options {
            reuse: false,
            ..bench.options()
        }
    }

    #[test]
    fn two_processes_at_once_start_one_kept_container() {
        let Some(bench) = bench("two processes and a kept container") else {
            return;
        };
        let cache = bench.0.path().to_str().unwrap();
        let start = || child::start("kept container", &[("TEST_CACHE", cache)]);
        let mut both = [start(), start()];
        let [one, other] = both.each_mut().map(|harness| harness.said("url"));
        assert_eq!(behind(&one), behind(&other));
        assert_ne!(name(&one), name(&other));
        assert_eq!(bench.kept(), [behind(&one)]);
        // What a killed process leaves on it is swept, and its container stays.
        both.into_iter().for_each(Process::kill);
        let last = provision(&bench.options()).unwrap();
        assert_eq!(behind(last.url()), behind(&one));
        eventually("what was left is swept", || {
            drop(provision(&bench.options()).unwrap());
            let left = format!(
                "SELECT count(*) FROM pg_database WHERE datname IN ('{}', '{}')",
                name(&one),
                name(&other)
            );
            ask(last.url(), &left) == "0"
        });
    }

    #[test]
    fn a_kept_container_that_cannot_be_used_is_replaced() {
        let Some(bench) = bench("a kept container that is killed") else {
            return;
        };
        let kept = || {
            let database = provision(&bench.options()).unwrap();
            behind(database.url())
        };
        let killed = kept();
        docker(&["kill", &killed]).unwrap();
        let paused = kept();
        assert_ne!(killed, paused);
        assert_eq!(bench.kept(), [paused.as_str()]);
        docker(&["pause", &paused]).unwrap();
        let locked = kept();
        assert_ne!(paused, locked);
        let file = kept_containers(&bench.place()).remove(0).passfile;
        std::fs::remove_file(file).unwrap();
        let last = kept();
        assert_ne!(locked, last);
        assert_eq!(bench.kept(), [last]);
    }

    #[test]
    fn a_container_is_not_kept_without_a_cache() {
        let Some(bench) = bench("a kept container without a cache") else {
            return;
        };
        let options = Options {
            cache: Place::Off,
            ..bench.options()
        };
        let database = provision(&options).unwrap();
        let container = behind(database.url());
        database.close().unwrap();
        assert!(!labelled("diesel-drift.kept").contains(&container));
        assert!(!labelled("diesel-drift.run").contains(&container));
    }

    /// The names of the containers with a label.
    fn labelled(label: &str) -> Vec<String> {
        let listed = docker(&[
            "ps",
            "-a",
            "--filter",
            &format!("label={label}"),
            "--format",
            "{{.Names}}",
        ])
        .unwrap();
        listed.lines().map(str::to_owned).collect()
    }

    /// The container behind a URL, by its published port. The engine counts its IPv6 ports apart, so that another container
    /// may have the same number there.
    fn behind(url: &str) -> String {
        let (_, after) = url.rsplit_once(':').unwrap();
        let (port, _) = after.split_once('/').unwrap();
        let listed = docker(&["ps", "-a", "--format", "{{.Names}} {{.Ports}}"]).unwrap();
        let published = ["127.0.0.1", "0.0.0.0"].map(|host| format!("{host}:{port}->"));
        let mut lines = listed
            .lines()
            .filter(|line| published.iter().any(|text| line.contains(text)));
        let (name, _) = lines.next().unwrap().split_once(' ').unwrap();
        name.to_owned()
    }

    #[test]
    fn a_container_serves_and_goes_with_its_guard() {
        let Some(database) = started("container") else {
            return;
        };
        let url = database.url().to_owned();
        assert_eq!(database.provider(), "container");
        assert_eq!(
            ask(&url, "current_setting('server_version_num')"),
            database.server_version().to_string()
        );
        assert_eq!(
            ask(
                &url,
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            ),
            "0"
        );
        assert_eq!(ask(&url, "current_setting('fsync')"), "off");
        execute(&url, "CREATE TABLE t (id int PRIMARY KEY)");
        let name = behind(&url);
        assert!(labelled("diesel-drift.run").contains(&name), "{name}");
        // Inside a container the engine's loopback interface is another one.
        if std::env::var("DOCKER_HOST").is_err() && !Path::new("/.dockerenv").exists() {
            let ports = docker(&["port", &name]).unwrap();
            assert!(
                ports.contains("127.0.0.1:") && !ports.contains("0.0.0.0:"),
                "{ports}"
            );
        }
        let password = url
            .split_once("postgres:")
            .and_then(|(_, after)| after.split_once("postgres:"));
        let password = password
            .and_then(|(_, after)| after.split_once('@'))
            .unwrap()
            .0;
        assert!(!format!("{database:?}").contains(password));
        database.close().unwrap();
        assert!(!labelled("diesel-drift.run").contains(&name));
    }

    /// A test of an asynchronous project holds the guard inside its own runtime.
    #[test]
    fn a_container_can_be_had_inside_a_runtime() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            if let Some(database) = started("container in a runtime") {
                database.close().unwrap();
            }
        });
    }

    #[test]
    fn the_next_run_sweeps_what_a_killed_harness_left_and_nothing_else() {
        let Some(first) = started("sweeping containers") else {
            return;
        };
        let image = first.describe();
        let image = image.split_once('(').unwrap().1.trim_end_matches(')');
        let foreign = format!("foreign-{}", std::process::id());
        docker(&[
            "create",
            "--name",
            &foreign,
            "--label",
            "diesel-drift.run=not-ours",
            image,
        ])
        .unwrap();
        // Without a client at hand there is no watcher.
        let mut harness = child::start("container", &[("PATH", "/nonexistent")]);
        let dead = behind(&harness.said("url"));
        harness.kill();
        provision(&container()).unwrap().close().unwrap();
        let left = labelled("diesel-drift.run");
        docker(&["rm", "-f", "-v", &foreign]).unwrap();
        assert!(!left.contains(&dead), "{dead} is left");
        assert!(left.contains(&foreign), "it is not ours");
        assert!(left.contains(&behind(first.url())), "its harness lives");
    }

    #[test]
    fn a_killed_harness_leaves_no_container() {
        let Some(_) = started("a killed harness with a container") else {
            return;
        };
        let mut harness = child::start("container", &[]);
        let dead = behind(&harness.said("url"));
        assert!(labelled("diesel-drift.run").contains(&dead));
        harness.kill();
        eventually("the container is removed", || {
            !labelled("diesel-drift.run").contains(&dead)
        });
    }

    #[test]
    fn an_image_that_cannot_be_had_is_a_refusal() {
        let Some(_) = started("an image that cannot be had") else {
            return;
        };
        let options = Options {
            image: Some("127.0.0.1:1/nothing/here:1".to_owned()),
            startup_timeout: Duration::from_secs(20),
            ..container()
        };
        let error = provision(&options).unwrap_err().to_string();
        assert!(
            error.contains("image 127.0.0.1:1/nothing/here:1 is not on the machine"),
            "{error}"
        );
        assert!(
            error.contains("docker pull 127.0.0.1:1/nothing/here:1"),
            "{error}"
        );
    }

    /// What the container wrote before it gave up is quoted, and the container is not left.
    #[test]
    fn a_container_that_does_not_serve_is_quoted() {
        let Some(database) = started("a container that does not serve") else {
            return;
        };
        let described = database.describe();
        let image = described.split_once('(').unwrap().1.trim_end_matches(')');
        let broken = format!("diesel-drift-test-broken:{}", std::process::id());
        let made = docker(&["create", "--entrypoint", "/bin/sh", image]).unwrap();
        docker(&[
            "commit",
            "-c",
            "ENTRYPOINT [\"/bin/sh\", \"-c\", \"echo out of tea >&2; exit 3\"]",
            &made,
            &broken,
        ])
        .unwrap();
        docker(&["rm", "-f", "-v", &made]).unwrap();
        let options = Options {
            image: Some(broken.clone()),
            ..container()
        };
        let error = provision(&options).unwrap_err().to_string();
        let left = docker(&["ps", "-aq", "--filter", &format!("ancestor={broken}")]).unwrap();
        docker(&["rmi", "-f", &broken]).unwrap();
        assert!(
            error.contains("does not serve") && error.contains("out of tea"),
            "{error}"
        );
        assert_eq!(left, "");
    }
}
