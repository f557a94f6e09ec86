//! Whether what a chain makes depends on when it is run.
//!
//! A migration can make partitions for the current month, or name a table by the date. What such a chain made yesterday is not what it makes
//! today, although no file has changed: its states are kept for a day (UTC). Where definitions are made beside random values, no state is kept.
//!
//! The text is not understood, it is searched; where in doubt, the day counts, which costs one replay a day.

use crate::migrate::{Chain, split};
use std::collections::BTreeSet;
use std::fs;

/// What tells the time, as words of SQL.
const TIME: [&str; 18] = [
    "now",
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "timeofday",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "today",
    "tomorrow",
    "yesterday",
    "age",
    "uuidv7",
    "uuid_generate_v7",
    "pg_postmaster_start_time",
    "partman",
];

/// What is another value each time.
const RANDOM: [&str; 12] = [
    "random",
    "random_normal",
    "gen_random_uuid",
    "gen_random_bytes",
    "uuidv4",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "pg_backend_pid",
    "txid_current",
    "pg_current_xact_id",
    "inet_server_port",
];

/// What definitions begin with.
const DEFINITIONS: [&str; 6] = ["create", "alter", "drop", "comment", "grant", "revoke"];

/// What a definition that is written out in a routine's or a block's body begins with. Elsewhere, these words are names as well.
const CHANGES: [&str; 3] = ["create", "alter", "drop"];
const OBJECTS: [&str; 16] = [
    "table",
    "unlogged",
    "foreign",
    "index",
    "unique",
    "view",
    "materialized",
    "type",
    "domain",
    "sequence",
    "schema",
    "function",
    "trigger",
    "policy",
    "role",
    "extension",
];

/// Extensions' functions that make tables by the time, or by the rows' times, which no word of the chain tells.
const MAKES_BY_TIME: [&str; 4] = [
    "partman",
    "create_parent",
    "run_maintenance",
    "create_hypertable",
];

/// What Diesel CLI's first migration defines: it runs text, and none that depends on the time. Without white space, in lower case.
const DIESELS_OWN: &str = "functiondiesel_manage_updated_at(_tblregclass)returnsvoidas$$beginexecuteformat('createtriggerset_updated_at\
    beforeupdateon%sforeachrowexecuteprocedurediesel_set_updated_at()',_tbl);end;$$languageplpgsql";

/// From which state of a chain on its states depend on more than its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dependence {
    /// The first state that depends on the day; one more than there are states where none does.
    pub(super) day: usize,
    /// The first state that depends on chance, likewise.
    pub(super) chance: usize,
    /// The first state after which the session may have settings of its own making (`SET app.tenant = …`), likewise: `pg_settings` does
    /// not list them, so that only the text tells.
    pub(super) session: usize,
}

impl Dependence {
    /// Reads the chain. `None` where a file cannot be read as text.
    pub(super) fn of(chain: &Chain) -> Option<Self> {
        let scripts = chain
            .migrations
            .iter()
            .map(|migration| fs::read_to_string(migration.up_sql()).ok());
        Some(Self::of_scripts(&scripts.collect::<Option<Vec<_>>>()?))
    }

    fn of_scripts(scripts: &[String]) -> Self {
        let units: Vec<Vec<Unit>> = scripts
            .iter()
            .map(|script| {
                let statements = split(script).into_iter().map(|span| &script[span]);
                statements.filter_map(Unit::of).collect()
            })
            .collect();
        let first = |is: fn(&[&Unit]) -> bool| {
            let holds = |count: usize| is(&units[..count].iter().flatten().collect::<Vec<_>>());
            match holds(units.len()) {
                false => units.len() + 1,
                // What holds for a part of a chain holds for more of it.
                true => (0..=units.len())
                    .collect::<Vec<_>>()
                    .partition_point(|count| !holds(*count)),
            }
        };
        Self {
            day: first(by_time),
            chance: first(by_chance),
            session: first(|units| units.iter().any(|unit| unit.sets_its_own)),
        }
    }
}

/// What a statement says that matters here.
struct Unit {
    words: BTreeSet<String>,
    /// The function or procedure that it only defines.
    defines: Option<String>,
    /// Whether that is run by what is not its name.
    is_trigger: bool,
    /// Whether it runs text.
    runs_text: bool,
    /// Whether it is a block or a routine that holds a definition: `IF now() < … THEN CREATE TABLE …` chooses it while it runs.
    chooses: bool,
    /// Whether it, or text in it, defines anything but itself.
    defines_more: bool,
    /// Whether a literal in it is the time of its definition: `'now'::timestamp`.
    has_literal: bool,
    /// Whether it bounds a partition, by values that are worked out then: `FROM (current_date)`.
    is_bound: bool,
    /// Whether it makes a setting that PostgreSQL does not know.
    sets_its_own: bool,
}

impl Unit {
    /// None for what does not matter.
    fn of(statement: &str) -> Option<Self> {
        let text = statement.to_lowercase();
        let dense: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if dense.trim_end_matches(';').ends_with(DIESELS_OWN) {
            return None;
        }
        let list: Vec<&str> = text
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| !word.is_empty())
            .collect();
        let pair = |a: &str, b: &[&str]| {
            (list.windows(2)).any(|pair| pair[0] == a && b.contains(&pair[1]))
        };
        let head = &list[..list.len().min(4)];
        let is_routine = head.first() == Some(&"create")
            && head
                .iter()
                .any(|word| ["function", "procedure"].contains(word));
        let words: BTreeSet<String> = list.iter().map(|word| (*word).to_owned()).collect();
        // `EXECUTE FUNCTION` of a trigger and `GRANT EXECUTE ON` run no text.
        let runs_text = list.windows(2).any(|pair| {
            pair[0] == "execute" && !["function", "procedure", "on"].contains(&pair[1])
        }) || has(&words, &MAKES_BY_TIME);
        let chooses = (is_routine || head.first() == Some(&"do"))
            && (list.windows(2).skip(1))
                .any(|pair| CHANGES.contains(&pair[0]) && OBJECTS.contains(&pair[1]));
        Some(Self {
            defines: is_routine.then(|| name_of_routine(&text)),
            is_trigger: pair("returns", &["trigger", "event_trigger"]),
            runs_text,
            chooses,
            defines_more: list.iter().skip(1).any(|word| DEFINITIONS.contains(word)),
            has_literal: has_literal(&dense),
            // A comment may stand between the words.
            is_bound: ["partition", "for", "values"]
                .iter()
                .all(|word| words.contains(*word)),
            sets_its_own: sets_its_own(&text, &dense),
            words,
        })
    }

    fn mentions(&self, names: &BTreeSet<&str>) -> bool {
        names.iter().any(|name| self.words.contains(*name))
    }
}

/// The word before the first parenthesis.
fn name_of_routine(text: &str) -> String {
    let before = text.split('(').next().unwrap_or_default();
    before
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .rfind(|word| !word.is_empty())
        .unwrap_or_default()
        .to_owned()
}

fn has(words: &BTreeSet<String>, any_of: &[&str]) -> bool {
    any_of.iter().any(|word| words.contains(*word))
}

fn has_literal(dense: &str) -> bool {
    let words = ["now", "today", "tomorrow", "yesterday"];
    (words.iter())
        .any(|word| dense.contains(&format!("'{word}")) || dense.contains(&format!("${word}$")))
}

/// Whether a setting is made whose name has two parts, or one whose name is not to be told.
fn sets_its_own(text: &str, dense: &str) -> bool {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == ';')
        .filter(|word| !word.is_empty() && *word != "session")
        .collect();
    let named = words.windows(2).any(|pair| {
        let name = pair[1].split('=').next().unwrap_or_default();
        pair[0] == "set" && name.contains('.')
    });
    named
        || (dense.split("set_config(").skip(1))
            .any(|argument| !argument.starts_with("'search_path'"))
}

/// The routines that do something, themselves or through another that does.
fn routines<'a>(units: &[&'a Unit], does: impl Fn(&Unit) -> bool) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    loop {
        let more: BTreeSet<&str> = units
            .iter()
            .filter(|unit| does(unit) || unit.mentions(&found))
            .filter_map(|unit| unit.defines.as_deref())
            .collect();
        if more == found {
            return found;
        }
        found = more;
    }
}

/// The routines whose value, where an expression calls them, depends on one of `words`. Those of triggers cannot be called.
fn valued<'a>(units: &[&'a Unit], words: &[&str]) -> BTreeSet<&'a str> {
    let callable: Vec<&Unit> = (units.iter().copied())
        .filter(|unit| !unit.is_trigger)
        .collect();
    routines(&callable, |unit| has(&unit.words, words))
}

/// Text is run, and somewhere the time is told: it may have come together.
fn by_time(units: &[&Unit]) -> bool {
    let tellers = valued(units, &TIME);
    let asks = |unit: &Unit| has(&unit.words, &TIME) || unit.mentions(&tellers);
    let is_fixed = |unit: &&Unit| unit.has_literal || unit.is_bound && asks(unit);
    if units.iter().any(is_fixed) {
        return true;
    }
    let runs_text = |unit: &Unit| unit.runs_text || unit.chooses && asks(unit);
    let runners = routines(units, runs_text);
    let runs = |unit: &&Unit| match &unit.defines {
        None => runs_text(unit) || unit.mentions(&runners),
        Some(name) => unit.is_trigger && runners.contains(&**name),
    };
    let tells =
        |unit: &&Unit| has(&unit.words, &TIME) || unit.runs_text && has(&unit.words, &RANDOM);
    units.iter().any(runs) && units.iter().any(tells)
}

/// Text that defines is run beside a value of chance, or bounds a partition by it. Elsewhere, such values are rows' and defaults'.
fn by_chance(units: &[&Unit]) -> bool {
    let runners = routines(units, |unit| unit.runs_text);
    let randoms = valued(units, &RANDOM);
    let is_random = |unit: &&&Unit| has(&unit.words, &RANDOM) || unit.mentions(&randoms);
    units.iter().filter(is_random).any(|unit| {
        unit.is_bound
            || unit.runs_text && unit.defines_more
            || unit.defines.is_none() && unit.mentions(&runners)
    })
}

#[cfg(test)]
mod tests {
    use super::Dependence;

    const SETUP: &str = "CREATE OR REPLACE FUNCTION diesel_manage_updated_at (_tbl regclass)
            RETURNS VOID AS $$
        BEGIN
            EXECUTE format('CREATE TRIGGER set_updated_at BEFORE UPDATE ON %s
                            FOR EACH ROW EXECUTE PROCEDURE diesel_set_updated_at()', _tbl);
        END;
        $$ LANGUAGE plpgsql;
        CREATE OR REPLACE FUNCTION diesel_set_updated_at() RETURNS trigger AS $$
        BEGIN NEW.updated_at := current_timestamp; RETURN NEW; END;
        $$ LANGUAGE plpgsql;";

    const BY_MONTH: &str = "CREATE FUNCTION app.add_month(month date) RETURNS void AS $$
        BEGIN EXECUTE format('CREATE TABLE log_%s PARTITION OF log', to_char(month, 'YYYYMM')); END $$ LANGUAGE plpgsql;";

    fn of(scripts: &[&str]) -> (usize, usize) {
        let scripts: Vec<String> = scripts.iter().map(|text| (*text).to_owned()).collect();
        let Dependence { day, chance, .. } = Dependence::of_scripts(&scripts);
        (day, chance)
    }

    #[test]
    fn what_is_usual_depends_on_nothing() {
        for usual in [
            SETUP,
            "CREATE TABLE t (id uuid DEFAULT gen_random_uuid(), at timestamptz DEFAULT now())",
            "UPDATE t SET at = now(); GRANT EXECUTE ON FUNCTION f TO r",
            "CREATE TRIGGER r BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION stamp(); SELECT now()",
            BY_MONTH,
            "DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN a int', 't'); END $$",
            "DO $$ BEGIN IF EXISTS (SELECT FROM t) THEN CREATE TABLE u (); END IF; END $$; SELECT now()",
            "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN UPDATE c SET comment = 1, at = now(); RETURN NEW; END $$ LANGUAGE plpgsql",
            "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN NEW.at = now(); RETURN NEW; END $$ LANGUAGE plpgsql;
             DO $$ BEGIN IF EXISTS (SELECT FROM t) THEN CREATE TRIGGER f BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f(); END IF; END $$",
            "CREATE FUNCTION this_month() RETURNS date AS $$ SELECT now()::date $$ LANGUAGE sql; CREATE TABLE t (at date DEFAULT this_month())",
            "CREATE TABLE p PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2026-02-01'); SELECT now()",
        ] {
            assert_eq!(of(&[usual]), (2, 2), "{usual}");
        }
        let used = "SELECT diesel_manage_updated_at('t'); INSERT INTO t VALUES (now())";
        assert_eq!(of(&[SETUP, used]), (3, 3));
    }

    #[test]
    fn definitions_by_the_time_depend_on_the_day() {
        for by_time in [
            "DO $$ BEGIN EXECUTE format('CREATE TABLE log_%s ()', current_date); END $$",
            "DO $$ BEGIN EXECUTE 'CREATE TABLE log_' || to_char(now(), 'YYYYMM') || '()'; END $$",
            "CREATE TABLE p PARTITION OF t FOR VALUES FROM (current_date) TO ('2100-01-01')",
            "CREATE TABLE p PARTITION OF t FOR -- since then\n VALUES FROM (now()) TO (MAXVALUE)",
            "CREATE FUNCTION this_month() RETURNS date AS $$ SELECT date_trunc('month', now()) $$ LANGUAGE sql;
             CREATE FUNCTION first_day() RETURNS date AS $$ SELECT app.this_month() $$ LANGUAGE sql;
             CREATE TABLE p PARTITION OF t FOR VALUES FROM (app.first_day()) TO (MAXVALUE)",
            "CREATE FUNCTION is_early() RETURNS bool AS $$ SELECT now() < '2030-01-01' $$ LANGUAGE sql;
             DO $$ BEGIN IF is_early() THEN CREATE TABLE early (); END IF; END $$",
            "CREATE TABLE t (at timestamp DEFAULT $$now$$::timestamp)",
            "CREATE TABLE t (at timestamp DEFAULT 'now')",
            "ALTER TABLE t ADD CHECK (at < ' Today '::date)",
            "SELECT partman.create_parent('public.log', 'at', 'native', 'monthly')",
            "SELECT create_hypertable('log', 'at'); INSERT INTO log VALUES (now())",
            "DO $$ BEGIN IF now() < '2030-01-01' THEN CREATE TABLE early (); END IF; END $$",
            "CREATE TABLE months (m date); INSERT INTO months VALUES (now());
             DO $$ DECLARE d date; BEGIN FOR d IN SELECT m FROM months LOOP EXECUTE format('CREATE TABLE m_%s ()', d); END LOOP; END $$",
        ] {
            assert_eq!(of(&["SELECT 1", by_time, "SELECT 2"]), (2, 4), "{by_time}");
        }
    }

    #[test]
    fn what_runs_text_is_followed_through_functions() {
        let through = "CREATE FUNCTION this_month() RETURNS void LANGUAGE sql AS $$ SELECT app.add_month(now()::date) $$";
        assert_eq!(of(&[BY_MONTH, through]), (3, 3), "nobody calls it");
        assert_eq!(of(&[BY_MONTH, through, "SELECT this_month()"]), (3, 4));
        assert_eq!(of(&[BY_MONTH, "SELECT add_month(now()::date)"]), (2, 3));
        let trigger = "CREATE FUNCTION route() RETURNS trigger AS $$ BEGIN PERFORM add_month(NEW.at); RETURN NEW; END $$ LANGUAGE plpgsql";
        assert_eq!(of(&[BY_MONTH, trigger]), (3, 3));
        assert_eq!(
            of(&[
                BY_MONTH,
                trigger,
                "CREATE TABLE log (at date DEFAULT now())"
            ]),
            (3, 4)
        );
    }

    #[test]
    fn definitions_by_chance_are_told() {
        let by_chance =
            "DO $$ BEGIN EXECUTE 'CREATE TABLE t_' || (random() * 9)::int || ' ()'; END $$";
        assert_eq!(of(&["SELECT 1", by_chance]), (2, 2));
        let of_rows = "DO $$ BEGIN EXECUTE 'INSERT INTO t VALUES (gen_random_uuid())'; END $$";
        assert_eq!(of(&["SELECT 1", of_rows]), (2, 3));
        for bound in [
            "CREATE TABLE p PARTITION OF t FOR VALUES IN (random())",
            "CREATE FUNCTION any_one() RETURNS float AS $$ SELECT random() $$ LANGUAGE sql;
             CREATE TABLE p PARTITION OF t FOR VALUES IN (any_one())",
        ] {
            assert_eq!(of(&["SELECT 1", bound]).1, 2, "{bound}");
        }
        let function = "CREATE FUNCTION named(n text) RETURNS void AS $$ BEGIN EXECUTE n; END $$ LANGUAGE plpgsql";
        assert_eq!(
            of(&[function, "SELECT named(gen_random_uuid()::text)"]),
            (3, 2)
        );
    }

    #[test]
    fn settings_that_postgresql_does_not_know_are_told() {
        let session = |script: &str| Dependence::of_scripts(&[script.to_owned()]).session == 1;
        for own in [
            "SET app.tenant = 'a'",
            "SET SESSION app.tenant='a'",
            "SELECT 1;\nset \"app\".tenant to 'a'",
            "SELECT set_config('app.tenant', 'a', false)",
            "DO $$ BEGIN PERFORM set_config(name, '', false) FROM names; END $$",
        ] {
            assert!(session(own), "{own}");
        }
        for other in [
            "SET search_path = a.b",
            "SELECT pg_catalog.set_config('search_path', '', false)",
            "UPDATE t SET a = t.b",
            "ALTER TABLE t ALTER a SET DEFAULT nextval('s.q')",
        ] {
            assert!(!session(other), "{other}");
        }
    }
}
