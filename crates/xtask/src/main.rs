#![doc = include_str!("../README.md")]

mod bench;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use bench::{BENCHES, Bench, Options, Report};

const USAGE: &str = "usage: cargo xtask bench [NAME…] [--corpus DIR] [--json] [--smoke]";

/// What the command line asks for.
struct Wanted {
    benches: Vec<&'static Bench>,
    options: Options,
    json: bool,
}

#[tokio::main]
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is run by a person or a script"
)]
async fn main() -> ExitCode {
    let wanted = match read_arguments().and_then(prepare) {
        Ok(wanted) => wanted,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let mut report = Report::default();
    for bench in &wanted.benches {
        eprintln!("measuring {}: {}", bench.name, bench.about);
        report.add(bench.name, bench.run(&wanted.options).await);
    }
    if wanted.json {
        println!("{}", report.json());
    } else {
        print!("{}", report.table());
    }
    if report.is_over() {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn read_arguments() -> Result<Wanted, String> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() != Some("bench") {
        return Err(USAGE.to_owned());
    }
    let mut wanted = Wanted {
        benches: Vec::new(),
        options: Options {
            program: PathBuf::new(),
            corpus: None,
            smoke: false,
        },
        json: false,
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--smoke" => wanted.options.smoke = true,
            "--json" => wanted.json = true,
            "--corpus" => wanted.options.corpus = Some(arguments.next().ok_or(USAGE)?.into()),
            name => {
                let bench = BENCHES.iter().find(|bench| bench.name == name);
                wanted.benches.push(bench.ok_or_else(|| {
                    let names: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
                    format!(
                        "there is no bench `{name}`, but: {}\n{USAGE}",
                        names.join(", ")
                    )
                })?);
            }
        }
    }
    if wanted.benches.is_empty() {
        wanted.benches = BENCHES.iter().collect();
    }
    Ok(wanted)
}

/// Finds the program to measure, which lies beside this one; a release build of it is made first.
fn prepare(mut wanted: Wanted) -> Result<Wanted, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    wanted.options.program = own.with_file_name("quayside");
    if !cfg!(debug_assertions) {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args(["build", "--quiet", "--release", "--package", "quayside"])
            .current_dir(testkit::repository())
            .status();
        if !built.is_ok_and(|status| status.success()) {
            return Err("the program to measure cannot be built".to_owned());
        }
    } else if !wanted.options.smoke {
        return Err("a debug build is only good for --smoke: run `cargo xtask bench`".to_owned());
    }
    if !wanted.options.program.is_file() {
        return Err(format!(
            "{} is missing: build the whole workspace first",
            wanted.options.program.display()
        ));
    }
    Ok(wanted)
}
