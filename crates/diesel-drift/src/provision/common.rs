//! A server that tests have in common, and on which each has a database of its own: the copy of a template.

use super::beside::{Beside, EMPTY, Home};
use super::conninfo::{Conninfo, ServerUrl};
use super::keep::Keep;
use super::registry::{self, Lease, Startup};
use super::server::{self, Scratch};
use super::template::{self, Found};
use super::{DATABASE, Database, Options, ProvisionError, SUPERUSER, Use, bring_up, roles};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// A server that is used by whoever wants the same content. It lasts at least as long as this value.
pub(crate) struct Common {
    home: Home,
    public: Conninfo,
    provider: &'static str,
    server_version: u32,
    place: String,
    /// Run directory and port of a server on this machine that goes when nobody uses it.
    server: Option<(PathBuf, u16)>,
    /// The password file of a container that is kept.
    passfile: Option<PathBuf>,
    options: Options,
    content: String,
    /// Whether some of the content's migrations are applied to [`DATABASE`] already.
    has_begun: bool,
    /// The template's name, once the server was asked.
    template: OnceLock<String>,
    _lease: Lease,
}

/// What became of the wish for a database.
pub(crate) enum Copied {
    /// A copy of the template.
    Copy(Database),
    /// What the migrations make is not copied in every attribute; it has to be made again.
    Unlike,
}

impl Common {
    /// The server for `content`; a local one is joined, or started if nobody has, from the first migrated cluster that is kept under one of
    /// the keys of `kept`.
    ///
    /// # Errors
    /// When the chosen provider (or every provider) refuses.
    pub(crate) fn bring_up(
        options: &Options,
        content: &str,
        kept: &dyn Fn() -> Vec<String>,
    ) -> Result<Self, ProvisionError> {
        let ticket = registry::begin()?;
        let startup = Startup::new(&ticket, options.startup_timeout);
        let made = bring_up(options, &startup, Use::Shared { content, kept })?;
        let unreadable = |reason: &str| ProvisionError::Beside(reason.to_owned());
        let home = Home::at(&made.libpq).map_err(unreadable)?;
        let public = Conninfo::parse(&ServerUrl::from(made.url.as_str())).map_err(unreadable)?;
        // Who starts a local server makes them before others find it.
        let with_roles = match made.provider {
            "local" => Ok(()),
            _ => roles::make(&made, &options.roles),
        };
        let common = Self {
            home,
            public,
            provider: made.provider,
            server_version: made.server_version,
            place: made.place,
            server: made.server,
            passfile: made.passfile,
            options: options.clone(),
            content: content.to_owned(),
            has_begun: made.kept.is_some(),
            template: OnceLock::new(),
            _lease: ticket.finish(made.held),
        };
        with_roles.map_err(ProvisionError::Refused)?;
        Ok(common)
    }

    /// Whether it was started with some of the content's migrations applied.
    pub(crate) fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// Whether the server would outlive this process if this value did, and should not: a container does that is not kept.
    pub(crate) fn has_to_be_dropped(&self) -> bool {
        self.provider == "container" && self.passfile.is_none()
    }

    /// A database of its own that holds the content, in every attribute as if it had been migrated.
    ///
    /// Where there is no template, `fill` applies what is not yet applied to a draft and tells what it holds, as text, and `read` tells what a copy of it does.
    ///
    /// # Errors
    /// `fill`'s and `read`'s, and when the server refuses.
    pub(crate) fn copy<E: From<ProvisionError>>(
        self: &Arc<Self>,
        project: &str,
        fill: &mut dyn FnMut(&ServerUrl) -> Result<String, E>,
        read: &dyn Fn(&ServerUrl) -> Result<String, E>,
    ) -> Result<Copied, E> {
        let ticket = registry::begin()?;
        let startup = Startup::new(&ticket, self.options.startup_timeout);
        let mut session = self.home.session()?;
        server::sweep(session.connection());
        let name = match self.template.get() {
            Some(name) => name,
            None => {
                let name = template::name(session.connection(), &self.content)?;
                self.template.get_or_init(|| name)
            }
        };
        loop {
            match template::find(session.connection(), name)? {
                Some(Found::Whole) => match template::copy(&mut session, name) {
                    Ok(copy) => return Ok(Copied::Copy(self.hand_over(ticket, session, copy))),
                    // Another process may have removed it just now.
                    Err(error) if template::find(session.connection(), name)?.is_some() => {
                        return Err(error.into());
                    }
                    Err(_) => {}
                },
                Some(Found::Unlike) => return Ok(Copied::Unlike),
                None => {}
            }
            let built = template::alone(&mut session, name, &startup, |session| {
                // Another process may have been first.
                match template::find(session.connection(), name)? {
                    Some(_) => Ok(None),
                    None => build(session, name, self.has_begun, project, fill, read),
                }
            })?;
            if let Some(copy) = built {
                return Ok(Copied::Copy(self.hand_over(ticket, session, copy)));
            }
        }
    }

    fn hand_over(
        self: &Arc<Self>,
        ticket: registry::Ticket,
        session: Beside,
        name: String,
    ) -> Database {
        let libpq = session.url(&name);
        let url = self.public.url_of(&name, &[]);
        let (connection, conninfo) = session.into_parts();
        let keep = match self.has_to_be_dropped() {
            // It goes with its container.
            true => None,
            false => Keep::from_env(
                self.psql(&name),
                self.server.as_ref().map(|(directory, _)| directory.clone()),
            ),
        };
        Database {
            url,
            libpq,
            provider: self.provider,
            server_version: self.server_version,
            place: self.place.clone(),
            kept: None,
            lease: ticket.finish(Box::new(Scratch {
                name,
                connection,
                conninfo,
                keep,
                server: Some(Arc::clone(self)),
            })),
        }
    }

    /// How a person connects to a database, without a password.
    fn psql(&self, name: &str) -> String {
        match &self.server {
            // Whoever may enter the socket's directory needs none.
            Some((directory, port)) => format!(
                "psql --host={} --port={port} --username={SUPERUSER} {name}",
                directory.display()
            ),
            None => {
                let passfile =
                    (self.passfile.as_ref()).map(|file| format!("PGPASSFILE={} ", file.display()));
                format!(
                    "{}psql '{}'",
                    passfile.unwrap_or_default(),
                    self.public.without_password().url_of(name, &[])
                )
            }
        }
    }
}

/// Makes the template, and returns a copy of it; `None` where a copy is not what it should be. The draft is empty, or what the cluster
/// was started with.
fn build<E: From<ProvisionError>>(
    session: &mut Beside,
    name: &str,
    has_begun: bool,
    project: &str,
    fill: &mut dyn FnMut(&ServerUrl) -> Result<String, E>,
    read: &dyn Fn(&ServerUrl) -> Result<String, E>,
) -> Result<Option<String>, E> {
    let draft = match has_begun {
        true => template::copy_begun(session)?,
        false => session.create(EMPTY)?,
    };
    let mut copied = None;
    let mut made = || {
        if has_begun {
            let begun = read(&session.url(DATABASE))?.replace(DATABASE, "");
            if begun != read(&session.url(&draft))?.replace(&draft, "") {
                template::publish(session.connection(), &draft, name, project, false)?;
                return Ok(false);
            }
        }
        let filled = fill(&session.url(&draft))?;
        let copy = template::copy(session, &draft)?;
        copied = Some(copy.clone());
        // Where the draft's name stands in the copy, the copy is not what the migrations would have made of it.
        let read = read(&session.url(&copy))?;
        let alike = read.replace(&copy, "") == filled.replace(&draft, "");
        template::publish(session.connection(), &draft, name, project, alike)?;
        Ok::<_, E>(alike)
    };
    let made = made();
    if made.is_err() {
        // What is left is swept.
        let _ = session.remove(&draft);
    }
    let copy = copied.filter(|copy| {
        let is_good = matches!(made, Ok(true));
        if !is_good {
            let _ = session.remove(copy);
        }
        is_good
    });
    template::bound(session.connection(), name);
    made.map(|_| copy)
}
