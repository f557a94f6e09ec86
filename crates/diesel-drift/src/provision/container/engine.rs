//! The container engine: whether it answers, what it has, and which containers of ours nobody owns any more.

use crate::provision::process;
use std::collections::HashMap;
use std::time::{Duration, SystemTime};
use testcontainers_modules::testcontainers::bollard::Docker;
use testcontainers_modules::testcontainers::bollard::errors::Error;
use testcontainers_modules::testcontainers::bollard::models::{
    ContainerSummary, ContainerSummaryStateEnum as State,
};
use testcontainers_modules::testcontainers::bollard::query_parameters::{
    ListContainersOptionsBuilder, ListImagesOptionsBuilder, RemoveContainerOptionsBuilder,
};
use testcontainers_modules::testcontainers::core::client::docker_client_instance;

/// How long an engine may take to answer.
const ANSWER: Duration = Duration::from_secs(2);

/// A container of another machine that shares the engine is left alone for so long.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// Marks a container as ours; its value is random.
pub(super) const RUN: &str = "diesel-drift.run";
/// The machine that the owner runs on.
const MACHINE: &str = "diesel-drift.machine";
/// The owner's process number and start.
const OWNER: &str = "diesel-drift.owner";

/// Marks a container that is kept; its value is what it was made from.
pub(super) const KEPT: &str = "diesel-drift.kept";
/// The cache that a kept container's password is in.
pub(super) const CACHE: &str = "diesel-drift.cache";

/// The labels of a container that this process owns.
pub(super) fn labels(run: &str) -> [(&'static str, String); 3] {
    let pid = std::process::id();
    let started = process::started(pid).unwrap_or_default();
    [
        (RUN, run.to_owned()),
        (MACHINE, process::machine()),
        (OWNER, format!("{pid} {started}")),
    ]
}

/// Where the engine is looked for.
pub(super) fn address() -> String {
    std::env::var("DOCKER_HOST").unwrap_or_else(|_| "unix:///var/run/docker.sock".to_owned())
}

/// Whether ports that the engine publishes on its loopback interface are on ours.
pub(super) fn shares_loopback() -> bool {
    address().starts_with("unix:") && !std::path::Path::new("/.dockerenv").exists()
}

/// An engine that has just answered.
pub(super) async fn connect() -> Result<Docker, String> {
    let answer = async {
        let docker = docker_client_instance()
            .await
            .map_err(|error| error.to_string())?;
        docker.ping().await.map_err(|error| error.to_string())?;
        Ok(docker)
    };
    let no_answer = || Err(format!("it did not answer within {ANSWER:?}"));
    tokio::time::timeout(ANSWER, answer)
        .await
        .unwrap_or_else(|_| no_answer())
        .map_err(|error: String| format!("no container engine answers at {}: {error}", address()))
}

/// The tags that the engine has of the image `name`, as `name:tag`.
pub(super) async fn tags(docker: &Docker, name: &str) -> Vec<String> {
    let filters = HashMap::from([("reference", vec![name])]);
    let options = ListImagesOptionsBuilder::new().filters(&filters).build();
    let images = docker.list_images(Some(options)).await.unwrap_or_default();
    images
        .into_iter()
        .flat_map(|image| image.repo_tags)
        .collect()
}

/// The id of the image, if the engine has it.
pub(super) async fn image_id(docker: &Docker, descriptor: &str) -> Result<Option<String>, String> {
    match docker.inspect_image(descriptor).await {
        Ok(image) => Ok(Some(image.id.unwrap_or_default())),
        Err(Error::DockerResponseServerError {
            status_code: 404, ..
        }) => Ok(None),
        Err(error) => Err(format!(
            "the engine does not say whether it has {descriptor}: {error}"
        )),
    }
}

/// Removes the containers with a label.
pub(super) async fn remove_labelled(docker: &Docker, label: &str) {
    for container in ours(docker, label).await {
        remove(docker, &container).await;
    }
}

/// Removes the containers whose owner is gone. Failures are the next run's.
pub(super) async fn sweep(docker: &Docker) {
    for container in ours(docker, RUN).await {
        if is_orphan(&container) {
            remove(docker, &container).await;
        }
    }
}

/// The containers with a label, running or not.
pub(super) async fn ours(docker: &Docker, label: &str) -> Vec<ContainerSummary> {
    let filters = HashMap::from([("label", vec![label])]);
    let options = ListContainersOptionsBuilder::new()
        .all(true)
        .filters(&filters)
        .build();
    docker
        .list_containers(Some(options))
        .await
        .unwrap_or_default()
}

async fn remove(docker: &Docker, container: &ContainerSummary) {
    if let Some(id) = &container.id {
        let _ = remove_named(docker, id).await;
    }
}

/// Removes the container with this name or id; one that is gone is as good.
pub(super) async fn remove_named(docker: &Docker, name: &str) -> Result<(), String> {
    let options = RemoveContainerOptionsBuilder::new()
        .force(true)
        .v(true)
        .build();
    match docker.remove_container(name, Some(options)).await {
        Ok(())
        | Err(Error::DockerResponseServerError {
            status_code: 404, ..
        }) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn is_orphan(container: &ContainerSummary) -> bool {
    let label = |name: &str| {
        container
            .labels
            .as_ref()
            .and_then(|labels| labels.get(name))
    };
    let (Some(machine), Some(owner)) = (label(MACHINE), label(OWNER)) else {
        return false;
    };
    if matches!(container.state, Some(State::EXITED | State::DEAD)) {
        return true;
    }
    if *machine != process::machine() {
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let created = Duration::from_secs(container.created.unwrap_or(i64::MAX).unsigned_abs());
        return now.saturating_sub(created) > PATIENCE;
    }
    let Some((pid, started)) = owner.split_once(' ') else {
        return false;
    };
    pid.parse()
        .is_ok_and(|pid| process::started(pid).as_deref() != Some(started))
}

#[cfg(test)]
mod tests {
    use super::{State, is_orphan, labels};
    use testcontainers_modules::testcontainers::bollard::models::ContainerSummary;

    fn container(
        change: impl Fn(&mut std::collections::HashMap<String, String>),
    ) -> ContainerSummary {
        let mut labels = labels("run")
            .map(|(key, value)| (key.to_owned(), value))
            .into_iter()
            .collect();
        change(&mut labels);
        ContainerSummary {
            labels: Some(labels),
            state: Some(State::RUNNING),
            created: Some(i64::MAX),
            ..ContainerSummary::default()
        }
    }

    #[test]
    fn only_what_nobody_owns_is_an_orphan() {
        assert!(!is_orphan(&container(|_| {})), "this process lives");
        let exited = ContainerSummary {
            state: Some(State::EXITED),
            ..container(|_| {})
        };
        assert!(is_orphan(&exited));
        let dead = container(|labels| {
            drop(labels.insert(super::OWNER.into(), format!("{} 0", std::process::id())))
        });
        assert!(is_orphan(&dead), "another process with the same number");
        let elsewhere = |created| ContainerSummary {
            created: Some(created),
            ..container(|labels| drop(labels.insert(super::MACHINE.into(), "elsewhere".into())))
        };
        assert!(!is_orphan(&elsewhere(i64::MAX)));
        assert!(is_orphan(&elsewhere(0)));
        let foreign = container(|labels| labels.retain(|key, _| key == super::RUN));
        assert!(!is_orphan(&foreign));
    }
}
