//! Asking a server what it is, and quoting what it wrote.

use crate::{text, version};
use diesel::dsl::sql;
use diesel::sql_types::Integer;
use diesel::{PgConnection, RunQueryDsl};

/// `server_version_num` of the server behind `connection`; a server that is too old is refused.
pub(super) fn server_version(connection: &mut PgConnection) -> Result<u32, String> {
    let number = diesel::select(sql::<Integer>(
        "pg_catalog.current_setting('server_version_num')::int4",
    ))
    .get_result::<i32>(connection)
    .map(i32::unsigned_abs)
    .map_err(|error| format!("the server did not say its version: {error}"))?;
    version::check(number).map(|()| number)
}

/// How many lines of a server's log are quoted.
const QUOTED: usize = 12;

/// The end of a server's log, as something that can stand after a sentence.
pub(super) fn quote(log: &str) -> String {
    let last = text::last_lines(log, QUOTED);
    if last.is_empty() {
        return "; it wrote no log".to_owned();
    }
    last.iter().fold("; it wrote:".to_owned(), |text, line| {
        text + "\n      " + line
    })
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn the_end_of_a_log_is_quoted() {
        let log: String = (0..20).map(|line| format!("line {line}\n\n")).collect();
        let quoted = quote(&log);
        assert!(
            !quoted.contains("line 7\n")
                && quoted.contains("line 8\n")
                && quoted.ends_with("line 19")
        );
        assert_eq!(quote("\n"), "; it wrote no log");
    }
}
