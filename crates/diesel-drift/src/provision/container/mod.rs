//! A server of one's own in a container.

mod engine;
mod image;
mod kept;
mod log;
mod watch;

use super::major::Major;
use super::registry::{Held, Startup};
use super::settings::SETTINGS;
use super::site::NoEngine;
use super::{
    DATABASE, Made, Options, Refusal, SUPERUSER, ServerUrl, Site, Use, own, probe, secret,
};
use crate::cache::Cache;
use image::Wanted;
pub(super) use kept::{kept, remove};
use log::Log;
use std::collections::HashMap;
use std::pin::pin;
use std::time::{Duration, Instant};
use testcontainers::ReuseDirective;
use testcontainers_modules::postgres::Postgres;
use testcontainers_modules::testcontainers::bollard::Docker;
use testcontainers_modules::testcontainers::bollard::models::{HostConfig, PortBinding};
use testcontainers_modules::testcontainers::core::Mount;
use testcontainers_modules::testcontainers::core::logs::LogFrame;
use testcontainers_modules::testcontainers::runners::AsyncRunner;
use testcontainers_modules::testcontainers::{ContainerAsync, ContainerRequest, ImageExt};
use tokio::runtime::{Builder, Runtime};
use watch::Watch;

/// The port of the server in its container.
const PORT: u16 = 5432;

/// Where the container keeps its cluster, in memory.
const MEMORY: &str = "/diesel-drift";

/// How long an engine may take to say what it has.
const ANSWER: Duration = Duration::from_secs(2);

/// How long an engine may take to remove a container.
const REMOVAL: Duration = Duration::from_secs(30);

/// What failed, and what to do.
type Failure = (String, String);

/// Starts a container; `pull` is how long its image may take to arrive if the engine does not have it.
pub(super) fn make(
    options: &Options,
    startup: &Startup,
    pull: Duration,
    major: Major,
    used: Use<'_>,
) -> Result<Made, Refusal> {
    // Without a cache nothing is kept.
    let cache = options.reuse.then(|| Cache::open(&options.cache)).flatten();
    let work = || match &cache {
        Some(cache) => kept::run(cache, options, startup, pull, major),
        None => run(options, startup, pull, major).map(Server::Own),
    };
    let served = on_own_thread(work)
        .unwrap_or_else(|reason| Err((reason, "please report it".to_owned())))
        .map_err(|(reason, advice)| Refusal {
            provider: "container",
            reason,
            advice,
        })?;
    match served {
        Server::Own(made) => Ok(made),
        Server::Kept(server) => server.made(options, startup, used),
    }
}

/// What serves.
enum Server {
    /// A container of this run's.
    Own(Made),
    /// One that is kept.
    Kept(kept::Server),
}

/// The server that a container would run, where that is certain before one does: its image is on the machine, and nobody was on it before.
///
/// # Errors
/// When no engine answers. In doubt, one does.
pub(super) fn site(options: &Options) -> Result<Option<Site>, NoEngine> {
    let asked = on_own_thread(|| {
        let runtime = Builder::new_current_thread().enable_all().build().ok()?;
        Some(runtime.block_on(async {
            let docker = engine::connect().await.map_err(|_| NoEngine)?;
            let found = tokio::time::timeout(ANSWER, site_on(&docker, options)).await;
            Ok(found.ok().flatten())
        }))
    });
    asked.ok().flatten().unwrap_or(Ok(None))
}

async fn site_on(docker: &Docker, options: &Options) -> Option<Site> {
    if options.reuse {
        // Roles of earlier runs may be there.
        return None;
    }
    let wanted = Wanted::new(options.image.as_deref(), options.tag.as_deref());
    let major = Major::attempts(options.major).into_iter().next()?;
    let on_machine = engine::tags(docker, &wanted.name).await;
    let place = format!("{}:{}", wanted.name, wanted.tag(&on_machine, major));
    let id = engine::image_id(docker, &place).await.ok()??;
    // The id is the digest of what the image holds and says. What is added to it is this code's.
    (!id.is_empty()).then(|| Site {
        provider: "container",
        identity: format!("{id}\n{SETTINGS:?}\n{SUPERUSER}\n{DATABASE}"),
        place,
    })
}

/// The caller may be inside an asynchronous runtime, where blocking on another one panics.
fn on_own_thread<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    std::thread::scope(|scope| scope.spawn(work).join())
        .map_err(|_| "the client of the container engine panicked".to_owned())
}

fn retry(reason: String) -> Failure {
    (
        reason,
        "try again; if it stays, please report it".to_owned(),
    )
}

/// An engine that has the image.
struct Ready {
    runtime: Runtime,
    docker: Docker,
    name: String,
    tag: String,
    /// The image's.
    id: String,
}

impl Ready {
    /// The image, for people and for the engine.
    fn descriptor(&self) -> String {
        format!("{}:{}", self.name, self.tag)
    }
}

fn ready(
    options: &Options,
    startup: &Startup,
    pull: Duration,
    major: Major,
) -> Result<Ready, Failure> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| retry(format!("no asynchronous runtime: {error}")))?;
    let docker = runtime.block_on(engine::connect()).map_err(|reason| {
        let advice = "start Docker or Podman, let this user reach its socket, or set DOCKER_HOST";
        (reason, advice.to_owned())
    })?;
    runtime.block_on(engine::sweep(&docker));
    let wanted = Wanted::new(options.image.as_deref(), options.tag.as_deref());
    let on_machine = runtime.block_on(engine::tags(&docker, &wanted.name));
    let tag = wanted.tag(&on_machine, major);
    let descriptor = format!("{}:{tag}", wanted.name);
    let id = runtime.block_on(obtain(&docker, &wanted.name, &tag, startup, pull)).map_err(|reason| {
        let advice = format!(
            "run `docker pull {descriptor}`, load or build it (scripts/postgres-image makes one from the machine's own packages), or name another one"
        );
        (reason, advice)
    })?;
    Ok(Ready {
        runtime,
        docker,
        name: wanted.name,
        tag,
        id,
    })
}

fn run(
    options: &Options,
    startup: &Startup,
    pull: Duration,
    major: Major,
) -> Result<Made, Failure> {
    let ready = ready(options, startup, pull, major)?;
    let password = secret::random_hex(16).map_err(retry)?;
    let run = secret::random_hex(8).map_err(retry)?;
    let Serving {
        container,
        url,
        libpq,
        server_version,
    } = serve(&ready, startup, &password, false, engine::labels(&run)).inspect_err(|_| {
        // A start that was given up half-way left its container.
        let label = format!("{}={run}", engine::RUN);
        (ready.runtime).block_on(engine::remove_labelled(&ready.docker, &label));
    })?;
    Ok(Made {
        url,
        libpq,
        provider: "container",
        server_version,
        place: ready.descriptor(),
        kept: None,
        server: None,
        passfile: None,
        held: Box::new(Running {
            watch: Watch::over(container.id()),
            runtime: ready.runtime,
            container,
        }),
    })
}

/// A container whose server takes connections.
struct Serving {
    container: ContainerAsync<Postgres>,
    /// For every driver.
    url: String,
    /// For the harness's own connections.
    libpq: ServerUrl,
    /// `server_version_num`.
    server_version: u32,
}

/// Starts a container, or finds the `kept` one with these labels, and waits until it serves.
fn serve<const N: usize>(
    ready: &Ready,
    startup: &Startup,
    password: &str,
    kept: bool,
    labels: [(&str, String); N],
) -> Result<Serving, Failure> {
    let log = Log::default();
    let request = request(ready, password, &log, startup).with_labels(labels);
    let request = match kept {
        true => request.with_reuse(ReuseDirective::Always),
        false => request,
    };
    let started = ready.runtime.block_on(async {
        let started = until(startup, "starting the container", request.start()).await;
        let container = started?.map_err(|error| error.to_string())?;
        let address = address(&container).await?;
        Ok((container, address))
    });
    let served = started.and_then(|(container, address)| {
        let url = format!("postgres://{SUPERUSER}:{password}@{address}/{DATABASE}?sslmode=prefer");
        let libpq = own::libpq_url(&url)?;
        let server_version = wait_for_server(&libpq, startup)?;
        Ok(Serving {
            container,
            url,
            libpq,
            server_version,
        })
    });
    served.map_err(|reason: String| {
        let reason = format!(
            "a container of {} does not serve: {reason}{}",
            ready.descriptor(),
            log.quoted()
        );
        (
            reason.replace(password, "***"),
            "check the image (it has to behave like the official one), or name another one"
                .to_owned(),
        )
    })
}

/// Pulls the image if the engine does not have it, and returns its id.
async fn obtain(
    docker: &Docker,
    name: &str,
    tag: &str,
    startup: &Startup,
    limit: Duration,
) -> Result<String, String> {
    let descriptor = format!("{name}:{tag}");
    if let Some(id) = engine::image_id(docker, &descriptor).await? {
        return Ok(id);
    }
    let pull = Postgres::default()
        .with_name(name)
        .with_tag(tag)
        .pull_image();
    let pull = tokio::time::timeout(limit, pull);
    match until(startup, &format!("pulling the image {descriptor}"), pull).await? {
        Ok(Ok(_)) => Ok(engine::image_id(docker, &descriptor)
            .await?
            .unwrap_or_default()),
        Ok(Err(error)) => Err(format!(
            "the image {descriptor} is not on the machine and cannot be pulled: {error}"
        )),
        Err(_) => Err(format!(
            "the image {descriptor} is not on the machine and did not arrive within {limit:?}"
        )),
    }
}

fn request(
    Ready { name, tag, .. }: &Ready,
    password: &str,
    log: &Log,
    startup: &Startup,
) -> ContainerRequest<Postgres> {
    let settings = SETTINGS
        .iter()
        .flat_map(|(name, value)| ["-c".to_owned(), format!("{name}={value}")]);
    let log = log.clone();
    let request = Postgres::default()
        .with_user(SUPERUSER)
        .with_db_name(DATABASE)
        .with_password(password)
        .with_name(name)
        .with_tag(tag)
        .with_env_var("POSTGRES_INITDB_ARGS", "--no-sync")
        .with_env_var("PGDATA", format!("{MEMORY}/data"))
        .with_mount(Mount::tmpfs_mount(MEMORY))
        .with_cmd(settings)
        .with_startup_timeout(startup.left())
        .with_log_consumer(move |frame: &LogFrame| log.take(frame));
    if engine::shares_loopback() {
        request.with_host_config_modifier(publish_on_loopback)
    } else {
        request
    }
}

/// testcontainers publishes on every interface of the host.
fn publish_on_loopback(config: &mut HostConfig) {
    let binding = PortBinding {
        host_ip: Some("127.0.0.1".to_owned()),
        host_port: Some("0".to_owned()),
    };
    config.publish_all_ports = Some(false);
    config.port_bindings = Some(HashMap::from([(
        format!("{PORT}/tcp"),
        Some(vec![binding]),
    )]));
}

/// Host and port of the server, seen from here.
async fn address(container: &ContainerAsync<Postgres>) -> Result<String, String> {
    let host = container
        .get_host()
        .await
        .map_err(|error| error.to_string())?
        .to_string();
    let port = container
        .get_host_port_ipv4(PORT)
        .await
        .map_err(|error| error.to_string())?;
    // The port is published for IPv4 only, and `localhost` may be IPv6.
    let host = if host == "localhost" {
        "127.0.0.1"
    } else {
        &host
    };
    Ok(format!("{host}:{port}"))
}

/// The log says when the server is ready; the published port may take a moment more.
fn wait_for_server(url: &ServerUrl, startup: &Startup) -> Result<u32, String> {
    loop {
        match url.connect() {
            Ok(mut connection) => return probe::server_version(&mut connection),
            Err(error) => startup
                .check("connecting to the container")
                .map_err(|reason| format!("{reason}: {error}{}", own::blame()))?,
        }
        startup.tick();
    }
}

/// Waits for `work`, and gives it up at the deadline or when the harness is interrupted.
async fn until<T>(
    startup: &Startup,
    doing: &str,
    work: impl Future<Output = T>,
) -> Result<T, String> {
    let mut work = pin!(work);
    loop {
        if let Ok(done) = tokio::time::timeout(Duration::from_millis(50), &mut work).await {
            return Ok(done);
        }
        startup.check(doing)?;
    }
}

/// A container, and the runtime that its client lives on.
struct Running {
    runtime: Runtime,
    container: ContainerAsync<Postgres>,
    watch: Watch,
}

impl Held for Running {
    fn release(self: Box<Self>) -> Result<(), String> {
        on_own_thread(move || {
            let Running {
                runtime,
                container,
                watch: _watch,
            } = *self;
            let id = container.id().to_owned();
            let started = Instant::now();
            let removal =
                runtime.block_on(async { tokio::time::timeout(REMOVAL, container.rm()).await });
            match removal {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(format!("container {id}: {error}")),
                Err(_) => Err(format!(
                    "container {id} was not removed within {:?}",
                    started.elapsed()
                )),
            }
        })
        .and_then(|outcome| outcome)
    }
}
