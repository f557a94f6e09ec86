//! What reading and comparing a catalog, a whole check, and a database for a test take, against PostgreSQL's and Diesel's own programs on
//! the same machine in the same run. `make bench` runs it.
//!
//! Arguments: numbers of tables (100, 1000, 10000 where there is none), and `--write`, which puts the table into docs/performance.md. In the
//! environment: `BENCH_ROUNDS` (5), and `BENCH_FULL=1`, which also runs `diesel print-schema` on 1,000 tables.

// A program for the terminal.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod catalog;
mod generated;
mod machine;
mod measure;
mod page;
mod probe;
mod programs;
mod whole;

use page::Page;
use probe::Probe;
use std::path::Path;

type Failure = Box<dyn std::error::Error>;

/// What to measure.
pub struct Options {
    /// Numbers of tables, ascending.
    sizes: Vec<usize>,
    /// How often.
    rounds: usize,
    /// What takes more than a minute as well.
    full: bool,
    /// Whether the page gets the table.
    write: bool,
}

impl Options {
    fn read(arguments: &[String]) -> Result<Self, Failure> {
        let mut options = Self {
            sizes: Vec::new(),
            rounds: match std::env::var("BENCH_ROUNDS") {
                Ok(rounds) => rounds.parse().map_err(|_| "BENCH_ROUNDS is no number")?,
                Err(_) => 5,
            },
            full: std::env::var_os("BENCH_FULL").is_some_and(|full| full == "1"),
            write: false,
        };
        for argument in arguments {
            match argument.as_str() {
                "--write" => options.write = true,
                size => options.sizes.push(size.parse().map_err(|_| {
                    format!("`{size}` is neither a number of tables nor `--write`")
                })?),
            }
        }
        if options.sizes.is_empty() {
            options.sizes = vec![100, 1_000, 10_000];
        }
        options.sizes.sort_unstable();
        Ok(options)
    }
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [probe::ARGUMENT, root, url] =
        arguments.iter().map(String::as_str).collect::<Vec<_>>()[..]
    {
        let probe = Probe::measure(Path::new(root), url)?;
        println!("{}", serde_json::to_string(&probe)?);
        return Ok(());
    }
    let options = Options::read(&arguments)?;
    let mut page = Page::default();
    let server = catalog::measure(&options, &mut page)?;
    whole::measure(&options, &mut page)?;
    let text = page.text(&machine::describe(&server)?);
    println!("{text}");
    if options.write {
        eprintln!("{} has it", page::write(&text)?.display());
    }
    Ok(())
}
