//! Databases in any state that the chain leads through.

use crate::check::connect;
use crate::compare::{Scope, State};
use crate::error::Error;
use crate::introspect::{Live, Wanted, introspect};
use crate::migrate::{Direction, Steps};
use crate::provision::{self, Beside, Copies, Database, EMPTY, ServerUrl};
use diesel::PgConnection;

/// Where the databases of a round trip are.
pub(super) enum Land {
    /// On one server, beside its scratch database: copied where they can be.
    Shared(Copies),
    /// Each on a server of its own, because the chain makes what belongs to a whole server.
    Apart(provision::Options),
}

/// Makes databases in states that only go forward; one for each worker.
pub(super) enum Ground<'a> {
    Shared {
        steps: &'a Steps<'a>,
        copies: &'a Copies,
        session: Box<Beside>,
        /// What copies are made of: it was only ever migrated upwards.
        model: Option<Model>,
    },
    Apart {
        steps: &'a Steps<'a>,
        options: &'a provision::Options,
    },
}

/// A database to which the first migrations of the chain were applied, and nothing else was done.
pub(super) struct Model {
    name: String,
    state: usize,
}

/// A database in a state of the chain.
pub(super) struct Site {
    /// For the migrations: what one sets for its session stays set, as with Diesel.
    pub(super) runner: PgConnection,
    /// For everything else.
    pub(super) reader: PgConnection,
    held: Held,
}

enum Held {
    /// A database beside others, by its name.
    Copy(String),
    Own(Box<Database>),
}

impl Land {
    pub(super) fn ground<'a>(&'a self, steps: &'a Steps<'a>) -> Result<Ground<'a>, Error> {
        Ok(match self {
            Self::Shared(copies) => Ground::Shared {
                steps,
                copies,
                session: Box::new(copies.session()?),
                model: None,
            },
            Self::Apart(options) => Ground::Apart { steps, options },
        })
    }
}

impl Ground<'_> {
    /// A new database after the first `state` migrations; not fewer than of any before.
    pub(super) fn at(&mut self, state: usize) -> Result<Site, Error> {
        match self {
            Self::Apart { steps, options } => {
                let database = provision::provision(options)?;
                apply(steps, database.libpq(), 0..state)?;
                Site::open(&database.libpq().clone(), Held::Own(Box::new(database)))
            }
            Self::Shared {
                steps,
                copies,
                session,
                model,
            } => {
                let from = match model {
                    Some(model) => model,
                    None => {
                        let name = copies.make(session, EMPTY)?;
                        model.insert(Model { name, state: 0 })
                    }
                };
                let url = session.url(&from.name);
                apply(steps, &url, from.state..state)?;
                from.state = from.state.max(state);
                let name = copies.make(session, &from.name)?;
                Site::open(&session.url(&name), Held::Copy(name))
            }
        }
    }

    /// Removes a database that is not needed any more.
    pub(super) fn remove(&mut self, site: Site) -> Result<(), Error> {
        let Site {
            runner,
            reader,
            held,
        } = site;
        drop((runner, reader));
        match (held, self) {
            (Held::Own(database), _) => Ok(database.close()?),
            (
                Held::Copy(name),
                Self::Shared {
                    copies, session, ..
                },
            ) => Ok(copies.remove(session, &name)?),
            // What was not made here goes with its server.
            (Held::Copy(_), Self::Apart { .. }) => Ok(()),
        }
    }
}

/// Applies some migrations one after the other, in a session of their own.
fn apply(steps: &Steps<'_>, url: &ServerUrl, numbers: std::ops::Range<usize>) -> Result<(), Error> {
    let mut connection = connect(url)?;
    Steps::prepare(&mut connection)?;
    for number in numbers {
        steps.run(&mut connection, number, Direction::Up)?;
    }
    Ok(())
}

impl Site {
    fn open(url: &ServerUrl, held: Held) -> Result<Self, Error> {
        Ok(Self {
            runner: connect(url)?,
            reader: connect(url)?,
            held,
        })
    }

    /// What it holds.
    pub(super) fn read(&mut self) -> Result<Live, Error> {
        Ok(introspect(&mut self.reader, &Wanted::default())?)
    }
}

/// What of a database counts for a round trip: all that a migration can make.
pub(super) fn state(live: &Live, scope: &Scope) -> Result<State, Error> {
    let state = State::of(live)?.portable();
    Ok(State {
        objects: scope.kept(&state.objects).into_owned(),
        ..state
    })
}
