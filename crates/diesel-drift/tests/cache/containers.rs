//! Catalogs of servers in containers.

use super::{Bench, needed_a_server, skip};
use diesel_drift::provision::{Choice, provision};

/// A project whose databases are in containers, where an engine has an image.
fn bench(what: &str) -> Option<Bench> {
    let mut bench = Bench::new(&[("1_users", "CREATE TABLE users (id int PRIMARY KEY);")]);
    bench.options.provider = Choice::Container;
    match provision(&bench.options) {
        Ok(_) => Some(bench),
        Err(error) => {
            skip(what, &error.to_string());
            None
        }
    }
}

#[test]
fn an_unchanged_chain_needs_no_container() {
    let Some(bench) = bench("catalogs of containers") else {
        return;
    };
    let (cold, steps) = bench.check();
    assert!(needed_a_server(&steps) && cold.contains("users"), "{cold}");
    let (warm, steps) = bench.check();
    assert!(!needed_a_server(&steps));
    assert_eq!(warm, cold);
    assert_eq!(bench.live().0, bench.cold());
    assert_eq!(bench.kept("migrated").len() + bench.kept("chain").len(), 0);
}

/// What is kept elsewhere is another server's.
#[test]
fn another_provider_or_a_kept_container_is_another_server() {
    let Some(mut bench) = bench("catalogs of kept containers") else {
        return;
    };
    bench.check();
    bench.options.provider = Choice::Local;
    assert!(needed_a_server(&bench.check().1));
    bench.options.provider = Choice::Container;
    assert!(!needed_a_server(&bench.check().1));
    bench.options.reuse = true;
    for _ in 0..2 {
        assert!(needed_a_server(&bench.check().1));
    }
    for kept in diesel_drift::provision::kept_containers(&bench.options.cache) {
        kept.remove().unwrap();
    }
}
