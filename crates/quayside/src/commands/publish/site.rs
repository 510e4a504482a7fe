//! Writing a site: all its versions, what lies beside them, and removing what is stale.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::time::SystemTime;

use anyhow::Context as _;
use publish::{BuildError, Built, Edition, Memory, Sink};

use super::cache_file::CacheFile;
use super::editions::{Prepared, Sources};
use super::site_folder::{Records, SiteFolder, Written};

/// The list of what is published.
const VERSIONS: &str = "versions.txt";

/// Builds everything without writing anything; gives what was done for each version, and the lists.
pub(super) fn rehearse(sources: &Sources) -> anyhow::Result<(Vec<Built>, Lists)> {
    let mut lists = Lists::default();
    let built = sources
        .editions
        .iter()
        .map(|prepared| publish::build(&prepared.edition(), &mut lists))
        .collect::<Result<Vec<Built>, BuildError>>()?;
    Ok((built, lists))
}

/// The lists of a site by their folders; all other files are forgotten.
#[derive(Debug, Default)]
pub(super) struct Lists(pub(super) BTreeMap<String, Vec<u8>>);

impl Sink for Lists {
    fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        if let Some((folder, "list.json")) = path.split_once('/') {
            self.0.insert(folder.to_owned(), bytes.to_vec());
        }
        Ok(())
    }

    fn holds(&mut self, path: &str, _made_from: publish::Fingerprint) -> bool {
        !path.ends_with("list.json")
    }
}

/// Writes the site. Versions that earlier builds wrote stay, unless the sources are the whole site.
pub(super) fn write(sources: &Sources, out: &Path) -> anyhow::Result<(Vec<Built>, Written)> {
    let cache = CacheFile::of(out);
    let parts = cache.as_ref().and_then(CacheFile::read);
    let Kept {
        records,
        mut memories,
    } = parts.and_then(Kept::from_parts).unwrap_or_default();
    let mut site = SiteFolder::open(out, records)?;
    let mut built = match fill(sources, &memories, &mut site) {
        Ok(built) => built,
        Err(error) => {
            // The file that was handed over last is rarely the one that could not be written.
            let told = || format!("failed to write the site `{}`", out.display());
            return Err(match site.failure() {
                Some((path, failure)) => anyhow::Error::new(failure)
                    .context(format!("`{path}` cannot be written"))
                    .context(told()),
                None => anyhow::Error::new(error).context(told()),
            });
        }
    };
    let (written, records) = site
        .finish()
        .with_context(|| format!("failed to write the site `{}`", out.display()))?;
    if sources.is_whole {
        memories.clear();
    }
    for (prepared, built) in sources.editions.iter().zip(&mut built) {
        let memory = std::mem::take(&mut built.memory);
        memories.insert(prepared.folder.clone(), memory);
    }
    if let Some(cache) = cache
        && let Err(error) = cache.write(&Kept { records, memories }.parts())
    {
        tracing::debug!("no cache is kept: {error}");
    }
    Ok((built, written))
}

/// What is kept for the next build of a site.
#[derive(Default)]
struct Kept {
    records: Records,
    /// By the folders of the site, also of those that this build does not write.
    memories: BTreeMap<String, Memory>,
}

impl Kept {
    fn parts(&self) -> Vec<Cow<'_, [u8]>> {
        let mut parts = vec![Cow::Owned(self.records.to_bytes(SystemTime::now()))];
        for (folder, memory) in &self.memories {
            parts.push(folder.as_bytes().into());
            parts.extend(memory.parts().map(Cow::Borrowed));
        }
        parts
    }

    fn from_parts(parts: Vec<Vec<u8>>) -> Option<Self> {
        let mut parts = parts.into_iter();
        let records = Records::from_bytes(&parts.next()?)?;
        let mut memories = BTreeMap::new();
        while let Some(folder) = parts.next() {
            let memory = Memory::from_parts([parts.next()?, parts.next()?]);
            memories.insert(String::from_utf8(folder).ok()?, memory);
        }
        Some(Self { records, memories })
    }
}

fn fill(
    sources: &Sources,
    memories: &BTreeMap<String, Memory>,
    site: &mut SiteFolder,
) -> Result<Vec<Built>, BuildError> {
    let folders: BTreeSet<&str> = sources
        .editions
        .iter()
        .map(|prepared| prepared.folder.as_str())
        .collect();
    let kept: BTreeSet<String> = site
        .folders()
        .into_iter()
        .filter(|folder| !folders.contains(folder.as_str()))
        .filter(|folder| {
            // A branch that does not even say its folder could have any.
            let may_have_failed = sources.failed.iter().any(|failed| {
                let failed = failed.folder.as_ref();
                failed.is_none_or(|failed| failed == folder)
            });
            !sources.is_whole || may_have_failed
        })
        .collect();
    for folder in &kept {
        site.keep_folder(folder);
    }
    let built = sources
        .editions
        .iter()
        .map(|prepared| {
            let memory = memories.get(&prepared.folder);
            let edition = Edition {
                memory,
                ..prepared.edition()
            };
            publish::build(&edition, site)
        })
        .collect::<Result<Vec<Built>, BuildError>>()?;

    let before = site.read(VERSIONS).map_err(|source| BuildError::Write {
        path: VERSIONS.to_owned(),
        source,
    })?;
    let before = String::from_utf8_lossy(before.as_deref().unwrap_or_default()).into_owned();
    let stay: Vec<&str> = before
        .lines()
        .map(str::trim)
        .filter(|name| kept.contains(*name))
        .collect();
    let versions = publish::merge_versions(&stay.join("\n"), folders.iter().copied());
    let highest = publish::highest(versions.lines());
    let of_highest = sources
        .editions
        .iter()
        .find(|prepared| highest == Some(prepared.folder.as_str()));
    match (of_highest, sources.editions.last(), highest) {
        // It is for the build of the highest version to say how the site begins.
        (None, Some(_), Some(_)) if site.keep_file("index.html") => {
            for file in ["favicon.ico", ".nojekyll", "CNAME"] {
                site.keep_file(file);
            }
        }
        (Some(prepared), _, Some(highest)) | (None, Some(prepared), Some(highest)) => {
            let Prepared { config, tree, .. } = prepared;
            let domain = sources.domain.as_deref();
            publish::publish_root(highest, &config.name, tree.as_ref(), domain, site)?;
        }
        _ => {}
    }
    // It names what was handed over up to here.
    let source = site
        .settle()
        .and_then(|()| site.write(VERSIONS, versions.as_bytes()));
    source.map_err(|source| BuildError::Write {
        path: VERSIONS.to_owned(),
        source,
    })?;
    Ok(built)
}
