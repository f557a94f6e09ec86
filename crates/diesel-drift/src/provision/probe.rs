//! Asking a server what it is, and quoting what it wrote.

use diesel::dsl::sql;
use diesel::sql_types::Integer;
use diesel::{PgConnection, RunQueryDsl};

/// `server_version_num` of the server behind `connection`.
pub(super) fn server_version(connection: &mut PgConnection) -> Result<u32, String> {
    diesel::select(sql::<Integer>(
        "current_setting('server_version_num')::int4",
    ))
    .get_result::<i32>(connection)
    .map(i32::unsigned_abs)
    .map_err(|error| format!("the server did not say its version: {error}"))
}

/// `150018` as people write it: `15.18`. Before 10 a version had three parts.
pub(super) fn readable_version(number: u32) -> String {
    match number {
        100_000.. => format!("{}.{}", number / 10_000, number % 10_000),
        _ => format!(
            "{}.{}.{}",
            number / 10_000,
            number / 100 % 100,
            number % 100
        ),
    }
}

/// How many lines of a server's log are quoted.
const QUOTED: usize = 12;

/// The end of a server's log, as something that can stand after a sentence.
pub(super) fn last_lines(log: &str) -> String {
    let lines: Vec<&str> = log.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(QUOTED)..];
    if last.is_empty() {
        return "; it wrote no log".to_owned();
    }
    last.iter().fold("; it wrote:".to_owned(), |text, line| {
        text + "\n      " + line
    })
}

#[cfg(test)]
mod tests {
    use super::{last_lines, readable_version};

    #[test]
    fn versions_read_as_people_write_them() {
        assert_eq!(readable_version(150_018), "15.18");
        assert_eq!(readable_version(180_000), "18.0");
        assert_eq!(readable_version(90_624), "9.6.24");
    }

    #[test]
    fn the_end_of_a_log_is_quoted() {
        let log: String = (0..20).map(|line| format!("line {line}\n\n")).collect();
        let quoted = last_lines(&log);
        assert!(
            !quoted.contains("line 7\n")
                && quoted.contains("line 8\n")
                && quoted.ends_with("line 19")
        );
        assert_eq!(last_lines("\n"), "; it wrote no log");
    }
}
