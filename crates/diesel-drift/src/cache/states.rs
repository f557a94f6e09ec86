//! The states of a chain of migrations on a server, kept by content.

use super::clock::Dependence;
use super::session::Rest;
use super::{Cache, Kind};
use crate::digest::sha256;
use crate::introspect::{Live, Wanted};
use crate::migrate::Chain;
use crate::provision::{self, Options, Site};
use crate::text::plural;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// What libpq heeds of the environment, whatever the connection string says, and what can change what a migration makes.
const VARIABLES: [&str; 7] = [
    "PGTZ",
    "PGDATESTYLE",
    "PGCLIENTENCODING",
    "PGGEQO",
    "PGSERVICE",
    "PGSERVICEFILE",
    "PGSYSCONFDIR",
];

/// How [`Wish::Wished`] is noted.
const WISHED: &[u8] = b"wished";

/// Whether a cluster is to be kept that cannot be where it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Making it took long enough.
    Wished,
    /// It was tried, and such a cluster cannot be kept.
    InVain,
}

/// Where the states of a chain are kept, for a server that is certain before it runs.
pub(crate) struct States {
    cache: Cache,
    site: Site,
    /// A key for each state; none for what is not kept.
    keys: Vec<Option<String>>,
    depends: Dependence,
    directory: String,
}

impl States {
    /// `None` where nothing is kept: without a cache, where it is not certain which server it would be, and where the chain cannot be read.
    pub(crate) fn of(chain: &Chain, options: &Options) -> Option<Self> {
        let cache = Cache::open(&options.cache)?;
        let site = provision::site(options, &cache)?;
        let depends = Dependence::of(chain)?;
        let keys = keys(chain, options, &site, depends)?;
        let directory = chain.directory.canonicalize();
        let directory = directory.unwrap_or_else(|_| chain.directory.clone());
        Some(Self {
            cache,
            site,
            keys,
            depends,
            directory: directory.display().to_string(),
        })
    }

    /// Keys of the migrated clusters that a replay may begin from that leads to state `to`, and sees every state from `first` on; the one with most
    /// migrations first, each with the number of them.
    pub(crate) fn clusters(&self, first: usize, to: usize) -> Vec<(String, usize)> {
        let key = |applied, rest| Some((self.cluster(applied, rest)?, applied));
        let whole = (first == to).then(|| key(to, Rest::Whole)).flatten();
        let clean = (1..=first)
            .rev()
            .filter_map(|applied| key(applied, Rest::Clean));
        whole.into_iter().chain(clean).collect()
    }

    /// The clusters that the whole chain may be begun from.
    pub(crate) fn clusters_of_head(&self) -> Vec<(String, usize)> {
        let head = self.keys.len() - 1;
        self.clusters(head, head)
    }

    /// Whether the cluster of the whole chain is kept.
    pub(crate) fn has_head(&self) -> bool {
        let head = self.keys.len() - 1;
        let keys = [Rest::Whole, Rest::Clean].map(|rest| self.cluster(head, rest));
        (keys.iter().flatten()).any(|key| self.cache.has(Kind::Migrated, key))
    }

    /// What is noted about keeping the cluster of the whole chain.
    pub(crate) fn wish(&self) -> Option<Wish> {
        let noted = self.cache.read(Kind::Chain, &self.wish_key()?)?;
        Some(match noted == WISHED {
            true => Wish::Wished,
            false => Wish::InVain,
        })
    }

    /// Notes it for whoever has to migrate such a cluster next.
    pub(crate) fn note_wish(&self, wish: Wish) {
        let Some(key) = self.wish_key() else {
            return;
        };
        let what = self.what(self.keys.len() - 1);
        let note: &[u8] = match wish {
            Wish::Wished => WISHED,
            Wish::InVain => b"in vain",
        };
        self.cache.write(Kind::Chain, &key, &what, note);
    }

    fn wish_key(&self) -> Option<String> {
        let state = self.keys.last()?.as_ref().filter(|_| self.has_clusters())?;
        Some(key_of_form(state, "wish"))
    }

    /// Keeps the cluster in a directory, whose server has ended, after `applied` migrations, and says whether it is kept.
    pub(crate) fn keep_cluster(&self, applied: usize, rest: Rest, data: &Path) -> bool {
        let rest = match rest {
            Rest::Clean if applied >= self.depends.session => Rest::Whole,
            rest => rest,
        };
        self.cluster(applied, rest).is_some_and(|key| {
            let what = self.what(applied);
            self.cache.copy_in(Kind::Migrated, &key, &what, data)
        })
    }

    /// What a migration left in its session is lost with it, so that one that left something has a key of its own.
    fn cluster(&self, applied: usize, rest: Rest) -> Option<String> {
        if !self.has_clusters() {
            return None;
        }
        let state = self.keys.get(applied)?.as_ref()?;
        Some(sha256(format!("{state}\n{rest:?}").as_bytes()))
    }

    /// How many migrations are as they were when the directory was replayed last, where some were changed or removed: it is these that are
    /// being worked on, so that the state before them is worth keeping.
    pub(crate) fn unchanged(&self) -> Option<usize> {
        let last = self.cache.read(Kind::Chain, &self.chain())?;
        let last = String::from_utf8(last).ok()?;
        let pairs = self.keys.iter().zip(last.lines());
        let same = pairs.take_while(|(key, line)| key.as_deref().unwrap_or_default() == *line);
        let unchanged = same.count().checked_sub(1)?;
        let is_of_use = self.has_clusters()
            && unchanged > 0
            && unchanged + 1 < last.lines().count()
            && unchanged < self.depends.session;
        is_of_use.then_some(unchanged)
    }

    /// Notes the states down that the chain leads through.
    pub(crate) fn note(&self) {
        if !self.has_clusters() {
            return;
        }
        let lines: Vec<&str> = (self.keys.iter())
            .map(|key| key.as_deref().unwrap_or_default())
            .collect();
        let what = self.what(self.keys.len() - 1);
        (self.cache).write(
            Kind::Chain,
            &self.chain(),
            &what,
            lines.join("\n").as_bytes(),
        );
    }

    fn chain(&self) -> String {
        sha256(format!("{}\n{}", self.directory, self.site.place).as_bytes())
    }

    /// Whether what `provider` made is of these states: the chain and the server are still what they were. Only then is it kept.
    pub(crate) fn hold(&self, provider: &str, chain: &Chain, options: &Options) -> bool {
        provider == self.site.provider && self.are_current(chain, options)
    }

    /// Whether the chain and the server are still what they were.
    pub(crate) fn are_current(&self, chain: &Chain, options: &Options) -> bool {
        provision::site(options, &self.cache).is_some_and(|site| {
            keys(chain, options, &site, self.depends).as_ref() == Some(&self.keys)
        })
    }

    /// The server.
    pub(crate) fn site(&self) -> &Site {
        &self.site
    }

    /// Whether its clusters are the harness's own, to be copied.
    fn has_clusters(&self) -> bool {
        self.site.provider == "local"
    }

    /// The catalog after `applied` migrations, where it is kept.
    pub(crate) fn catalog(&self, applied: usize, wanted: &Wanted) -> Option<Live> {
        let json = self
            .cache
            .read(Kind::Catalog, &self.key(applied, wanted)?)?;
        serde_json::from_slice(&json).ok()
    }

    /// Keeps the catalog after `applied` migrations.
    pub(crate) fn keep_catalog(&self, applied: usize, wanted: &Wanted, live: &Live) {
        if let (Some(key), Ok(json)) = (self.key(applied, wanted), serde_json::to_vec(live)) {
            let what = self.what(applied);
            self.cache.write(Kind::Catalog, &key, &what, &json);
        }
    }

    /// What was kept in a `form` of the longest beginning of the chain.
    pub(crate) fn beginning(&self, form: &str) -> Option<Vec<u8>> {
        let kept = (self.keys.iter().rev().flatten())
            .map(|state| self.cache.read(Kind::Catalog, &key_of_form(state, form)));
        kept.flatten().next()
    }

    /// Keeps something in a `form` of the chain's first `applied` migrations.
    pub(crate) fn keep_beginning(&self, applied: usize, form: &str, content: &[u8]) {
        if let Some(state) = self.keys.get(applied).and_then(Option::as_ref) {
            let what = self.what(applied);
            (self.cache).write(Kind::Catalog, &key_of_form(state, form), &what, content);
        }
    }

    /// The last state that is kept.
    pub(crate) fn last(&self) -> Option<usize> {
        self.keys.iter().rposition(Option::is_some)
    }

    fn what(&self, applied: usize) -> String {
        format!("{} of {}", plural(applied, "migration"), self.directory)
    }

    fn key(&self, applied: usize, wanted: &Wanted) -> Option<String> {
        let state = self.keys.get(applied)?.as_ref()?;
        Some(sha256(format!("{state}\n{wanted:?}").as_bytes()))
    }
}

fn key_of_form(state: &str, form: &str) -> String {
    sha256(format!("{state}\n{form}").as_bytes())
}

/// A key for each state of the chain on a server.
fn keys(
    chain: &Chain,
    options: &Options,
    site: &Site,
    depends: Dependence,
) -> Option<Vec<Option<String>>> {
    let day = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs() / (24 * 60 * 60);
    let variables = VARIABLES.map(std::env::var_os);
    let common = format!(
        "{}\n{}\n{}\n{:?}\n{variables:?}",
        env!("CARGO_PKG_VERSION"),
        env!("DIESEL_DRIFT_CODE"),
        site.identity,
        options.roles,
    );
    let key = |(applied, state): (usize, String)| {
        let day = (applied >= depends.day).then_some(day);
        let key = || sha256(format!("{common}\n{day:?}\n{state}").as_bytes());
        (applied < depends.chance).then(key)
    };
    let states = chain.state_keys().ok()?;
    Some(states.into_iter().enumerate().map(key).collect())
}
