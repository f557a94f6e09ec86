//! A front end: the real compiler and the real Zod, at the versions of `tests/front/package-lock.json`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
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
        let lock = fs::read_to_string(format!("{FILES}/package-lock.json")).unwrap();
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("front");
        fs::create_dir_all(&directory).unwrap();
        // Held until the end of this function: two processes would install over each other.
        let guard = File::create(directory.join("guard")).unwrap();
        guard.lock().unwrap();
        let installed = directory.join("installed");
        if fs::read_to_string(&installed).is_ok_and(|installed| installed == lock) {
            return run(Command::new("node").arg("--version")).map(|_| Self { directory });
        }
        for name in ["package.json", "package-lock.json"] {
            fs::copy(format!("{FILES}/{name}"), directory.join(name)).unwrap();
        }
        run(Command::new("npm")
            .args([
                "ci",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--loglevel=error",
            ])
            .current_dir(&directory))?;
        fs::write(installed, lock).unwrap();
        Ok(Self { directory })
    }

    fn package(&self, name: &str) -> PathBuf {
        self.directory.join("node_modules").join(name)
    }
}

fn run(command: &mut Command) -> Result<Output, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        Err(error) => Err(format!("{program}: {error}")),
        Ok(output) if output.status.success() => Ok(output),
        Ok(output) => {
            let text = [output.stdout, output.stderr].concat();
            let text = String::from_utf8_lossy(&text);
            Err(format!(
                "{program} failed: {}",
                text.trim().replace('\n', "; ")
            ))
        }
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
