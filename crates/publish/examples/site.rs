#![allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::print_stdout
)]
use publish::*;
use std::io::{self, Read};
use std::path::PathBuf;
struct Folder(PathBuf);
impl SourceTree for Folder {
    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        std::fs::read_dir(self.0.join(folder))?
            .map(|entry| {
                let entry = entry?;
                let metadata = entry.metadata()?;
                let kind = if metadata.is_dir() {
                    EntryKind::Folder
                } else {
                    EntryKind::File {
                        size: metadata.len(),
                    }
                };
                Ok(Entry::new(
                    entry.file_name().to_string_lossy().into_owned(),
                    kind,
                ))
            })
            .collect()
    }
    fn open<'tree>(&'tree self, path: &str) -> io::Result<Box<dyn Read + 'tree>> {
        Ok(Box::new(std::fs::File::open(self.0.join(path))?))
    }
}
struct Out(PathBuf);
impl Sink for Out {
    fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let target = self.0.join(path);
        std::fs::create_dir_all(target.parent().unwrap())?;
        std::fs::write(target, bytes)
    }
}
fn main() {
    let mut args = std::env::args_os().skip(1);
    let tree = Folder(args.next().unwrap().into());
    let mut out = Out(args.next().unwrap().into());
    let (config, found) = Config::read(&tree);
    let start = std::time::Instant::now();
    let built = build(
        &tree,
        &config.expect("a config"),
        1_764_000_000_000,
        &[],
        &mut out,
    )
    .unwrap();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status
        .lines()
        .find(|l| l.starts_with("VmHWM"))
        .unwrap_or("");
    eprintln!(
        "{} workspaces, {} left out, {} files, {:?}, {peak}; {} found",
        built.workspaces,
        built.left_out,
        built.files.len(),
        start.elapsed(),
        found.len() + built.diagnostics.len()
    );
    for d in found.iter().chain(&built.diagnostics).take(5) {
        eprintln!("{}: {}", d.code, d.message);
    }
}
