//! What is read from a live database.
mod support;
use diesel_drift::introspect::{Wanted, introspect};
use support::TestDatabase;

#[test]
fn smoke() {
    let database = TestDatabase::new();
    let mut c = database.connect();
    support::create_roles(&mut c);
    use diesel::connection::SimpleConnection;
    c.batch_execute(include_str!("data/drift_base.sql"))
        .unwrap();
    let wanted = Wanted {
        relations: ["pg_class".into()].into(),
        types: ["citext".into(), "int4".into()].into(),
    };
    let live = introspect(&mut c, &wanted).unwrap();
    println!("{}", serde_json::to_string_pretty(&live.catalog).unwrap());
    println!("{:?}", live.search_path);
}
