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
    use crate::child::Harness;
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
        let harness = Harness::start("container", &[("PATH", "/nonexistent")]);
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
        let harness = Harness::start("container", &[]);
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
