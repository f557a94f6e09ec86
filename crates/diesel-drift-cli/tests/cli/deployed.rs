//! A deployed database to run the command on.

use super::project::{Project, Run};
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use diesel_drift::migrate::{Chain, apply};
use diesel_drift::provision::{Choice, Database, Options, provision};
use serde_json::Value;

/// A database, removed when it is dropped.
pub struct Deployed {
    database: Database,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    answer: String,
}

impl Deployed {
    /// An empty one.
    pub fn empty() -> Self {
        Self {
            database: provision(&Options::from_env()).unwrap(),
        }
    }

    /// One on a server of the machine's own binaries, whose files can be read.
    pub fn local() -> Self {
        let options = Options {
            provider: Choice::Local,
            ..Options::default()
        };
        Self {
            database: provision(&options).unwrap(),
        }
    }

    /// One to which the project's migrations were applied.
    pub fn of(project: &Project) -> Self {
        let deployed = Self::empty();
        deployed.migrate(project);
        deployed
    }

    pub fn migrate(&self, project: &Project) {
        let chain = Chain::read(&project.path().join("migrations")).unwrap();
        apply(&mut self.connect(), &chain, &mut |_, _, _| {}).unwrap();
    }

    pub fn url(&self) -> &str {
        self.database.url()
    }

    /// The URL of another role.
    pub fn url_as(&self, role: &str, password: &str) -> String {
        let mut url = url::Url::parse(self.url()).unwrap();
        url.set_username(role).unwrap();
        url.set_password(Some(password)).unwrap();
        url.into()
    }

    pub fn connect(&self) -> PgConnection {
        PgConnection::establish(self.url()).unwrap()
    }

    pub fn execute(&self, sql: &str) {
        self.connect().batch_execute(sql).unwrap();
    }

    /// The answer to a query for one text.
    pub fn ask(&self, query: &str) -> String {
        ask(&mut self.connect(), query)
    }

    /// `verify`, in the project.
    pub fn verify(&self, project: &Project, arguments: &[&str]) -> Run {
        let own = ["verify", "--database-url", self.url()];
        project.run(&[&own, arguments].concat())
    }

    /// `verify`, and its JSON report.
    pub fn verified(&self, project: &Project, arguments: &[&str]) -> Value {
        let run = self.verify(project, &[&["--format", "json"], arguments].concat());
        serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"))
    }
}

/// The answer to a query for one text.
pub fn ask(connection: &mut PgConnection, query: &str) -> String {
    diesel::sql_query(format!("SELECT ({query})::text AS answer"))
        .get_result::<Answer>(connection)
        .unwrap()
        .answer
}

/// `kind subject`, and who stands alone, of each finding of a JSON report.
pub fn findings(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let (kind, path) = (text(&finding["kind"]), text(&finding["subject"]["path"]));
            let alone = text(&finding["attribution"]["alone"]);
            format!("{kind} {path} {alone}").trim_end().to_owned()
        })
        .collect()
}
