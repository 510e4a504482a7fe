use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use serde_json::Value;
use testkit::repository;

/// The smallest and the largest icon, pixels on a side: of noise, these are files of 5 and 60 kB.
const SIDES: (usize, usize) = (72, 244);

/// A registry made up from the workspaces of our example.
pub(super) struct Source {
    pub(super) folder: PathBuf,
    /// Of all its files.
    pub(super) bytes: u64,
}

/// Writes so many workspaces with an icon of their own each; the same at every run.
pub(super) fn write(folder: &Path, count: usize) -> Source {
    let example = repository().join("examples/registry/1.1/workspaces");
    let mut examples: Vec<PathBuf> = fs::read_dir(&example)
        .expect("the example registry is there")
        .filter_map(|entry| Some(entry.ok()?.path().join("workspace.json")))
        .collect();
    examples.sort();
    let examples: Vec<Value> = examples
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).expect("every example has a workspace.json");
            serde_json::from_str(&text).expect("the examples are JSON")
        })
        .collect();
    let mut source = Source {
        folder: folder.to_owned(),
        bytes: 0,
    };
    source.put(
        "registry.toml",
        b"name = \"Bench\"\ndescription = \"Made up.\"\nlist_url = \"https://registry.example/\"\nschema = \"1.1\"\n",
    );
    let mut noise = Noise(1);
    for number in 0..count {
        let mut workspace = examples[number % examples.len()].clone();
        let name = workspace["friendly_name"].as_str().unwrap_or_default();
        let name = format!("{name} {number}");
        workspace["friendly_name"] = Value::from(name.as_str());
        workspace["image_src"] = Value::from(format!("icon-{number}.png"));
        let text = serde_json::to_string_pretty(&workspace).expect("values are JSON");
        source.put(
            &format!("workspaces/{name}/workspace.json"),
            text.as_bytes(),
        );
        let side = SIDES.0 + noise.below(SIDES.1 - SIDES.0);
        let icon = png(side, &mut noise);
        source.put(&format!("workspaces/{name}/icon-{number}.png"), &icon);
    }
    source
}

impl Source {
    fn put(&mut self, path: &str, bytes: &[u8]) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&path)).expect("the folder is ours");
        fs::write(path, bytes).expect("the folder is ours");
        self.bytes += bytes.len() as u64;
    }

    /// Changes the text of one workspace.
    pub(super) fn change(&self, number: usize) {
        let folders = fs::read_dir(self.folder.join("workspaces")).expect("it was written");
        let mut folders: Vec<PathBuf> = folders
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        folders.sort();
        let file = folders[number % folders.len()].join("workspace.json");
        let text = fs::read_to_string(&file).expect("it was written");
        let mut workspace: Value = serde_json::from_str(&text).expect("it was written");
        workspace["notes"] = Value::from(format!("Change {number}."));
        let text = serde_json::to_string_pretty(&workspace).expect("values are JSON");
        fs::write(file, text).expect("the folder is ours");
    }
}

/// A picture of noise, which no compression makes smaller.
fn png(side: usize, noise: &mut Noise) -> Vec<u8> {
    let mut rows = ZlibEncoder::new(Vec::new(), Compression::none());
    for _ in 0..side {
        let row: Vec<u8> = std::iter::once(0)
            .chain((0..side).map(|_| noise.below(256) as u8))
            .collect();
        rows.write_all(&row).expect("memory takes what is written");
    }
    let rows = rows.finish().expect("memory takes what is written");
    let side = (side as u32).to_be_bytes();
    // Eight bits of grey a pixel.
    let header = [&side[..], &side, &[8, 0, 0, 0, 0]].concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", header), (b"IDAT", rows), (b"IEND", Vec::new())] {
        let mut sum = Crc::new();
        sum.update(kind);
        sum.update(&data);
        png.extend_from_slice(&(data.len() as u32).to_be_bytes());
        png.extend_from_slice(kind);
        png.extend_from_slice(&data);
        png.extend_from_slice(&sum.sum().to_be_bytes());
    }
    png
}

/// The same numbers at every run: xorshift.
struct Noise(u64);

impl Noise {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn icons_are_as_large_as_is_told() {
        let mut noise = Noise(1);
        let sizes = [SIDES.0, SIDES.1].map(|side| png(side, &mut noise).len());
        assert!((5_000..5_500).contains(&sizes[0]), "{sizes:?}");
        assert!((59_000..61_000).contains(&sizes[1]), "{sizes:?}");
    }
}
