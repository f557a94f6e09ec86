//! A front end: the real compiler and the real Zod, at the versions of `tests/front/package-lock.json`.

#[path = "../../../../diesel-drift/tests/npm/mod.rs"]
mod npm;

use npm::run;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/front");

/// A compiler: its package, under its name here.
#[derive(Clone, Copy, Debug)]
pub enum Compiler {
    /// `typescript`.
    Newest,
    /// `typescript-5`.
    Five,
}

/// A Zod: its package, under its name here.
#[derive(Clone, Copy, Debug)]
pub enum Zod {
    /// `zod`.
    Newest,
    /// `zod-3`.
    Three,
}

/// What is installed: a directory with `node_modules`.
pub struct Tools {
    directory: PathBuf,
}

impl Tools {
    /// Installs what is missing, once for all test processes; or says why not.
    #[allow(clippy::print_stderr, reason = "a test that cannot run says why")]
    pub fn get() -> Option<Self> {
        match Self::install() {
            Ok(tools) => Some(tools),
            Err(why) => {
                eprintln!("skipped: the generated types are not compiled: {why}");
                None
            }
        }
    }

    fn install() -> Result<Self, String> {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("front");
        npm::install(Path::new(FILES), directory).map(|directory| Self { directory })
    }

    fn package(&self, name: &str) -> PathBuf {
        self.directory.join("node_modules").join(name)
    }
}

/// A directory with generated types in it, removed when it is dropped.
pub struct Front<'a> {
    tools: &'a Tools,
    directory: TempDir,
}

impl<'a> Front<'a> {
    /// `types.ts` with that text, beside `zod`.
    pub fn new(tools: &'a Tools, zod: Zod, types: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let front = Self { tools, directory };
        let package = match zod {
            Zod::Newest => "zod",
            Zod::Three => "zod-3",
        };
        let modules = front.path().join("node_modules");
        fs::create_dir(&modules).unwrap();
        std::os::unix::fs::symlink(tools.package(package), modules.join("zod")).unwrap();
        front.write("package.json", "{ \"type\": \"module\" }");
        front.write("types.ts", types);
        front.copy("tsconfig.json");
        front
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    /// A file of `tests/front`.
    pub fn copy(&self, name: &str) {
        fs::copy(format!("{FILES}/{name}"), self.path().join(name)).unwrap();
    }

    /// Compiles what is there, as strictly as can be, and says what the compiler says against it.
    pub fn compile(&self, compiler: Compiler) -> Result<(), String> {
        let package = match compiler {
            Compiler::Newest => "typescript",
            Compiler::Five => "typescript-5",
        };
        let tsc = self.tools.package(package).join("bin/tsc");
        run(Command::new("node").arg(tsc).current_dir(self.path())).map(drop)
    }

    /// Holds values against the compiled schemas, and says which are not taken as they should be.
    pub fn parse(&self, cases: &Cases) -> Result<(), String> {
        self.copy("run.mjs");
        self.write("cases.json", &format!("[{}]", cases.cases.join(",")));
        let output = run(Command::new("node").arg("run.mjs").current_dir(self.path()))?;
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(said, format!("{} cases\n", cases.cases.len()));
        Ok(())
    }
}

/// Values and the schemas that they are held against. JSON texts, so that numbers stay as PostgreSQL writes them.
#[derive(Default)]
pub struct Cases {
    cases: Vec<String>,
}

impl Cases {
    pub fn accept(&mut self, schema: &str, value: &str) {
        self.add(schema, value, true);
    }

    pub fn refuse(&mut self, schema: &str, value: &str) {
        self.add(schema, value, false);
    }

    fn add(&mut self, schema: &str, value: &str, accepted: bool) {
        self.cases.push(format!(
            "{{\"schema\": \"{schema}\", \"accepted\": {accepted}, \"value\": {value}}}"
        ));
    }
}
