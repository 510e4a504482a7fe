//! How the workspaces of a branch became what they are.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{Read as _, Write as _};
use std::process::Stdio;

use model::json::{self, Limits};
use publish::{Change, ChangeKind};

use super::program::{Git, GitError};

/// The most commits that are looked through.
const MOST_COMMITS: usize = 2_000;
/// The most changes that are told.
const MOST_CHANGES: usize = 100;
/// The longest answer with the texts of all changed workspaces.
const LONGEST_ANSWER: u64 = 64 * 1024 * 1024;
/// The file that makes a folder a workspace.
const WORKSPACE_FILE: &str = "workspace.json";

/// The changes of workspaces up to a commit, the newest first.
///
/// Merges tell nothing: what they bring, the commits that they bring tell. A folder that goes while one with the same
/// name to show comes was renamed, which is a change of the new one.
pub(super) fn changes(git: &Git, commit: &str, folder: &str) -> Result<Vec<Change>, GitError> {
    let commits = commits(git, commit, folder)?;
    let folders: HashSet<&str> = commits
        .iter()
        .flat_map(|commit| &commit.files)
        .filter_map(|file| workspace_of_file(&file.path))
        .collect();
    let mut found = Vec::new();
    for (place, commit) in commits.iter().enumerate() {
        let mut touched: BTreeMap<&str, Touch> = BTreeMap::new();
        for file in &commit.files {
            if let Some(folder) = workspace_of_file(&file.path) {
                touched.insert(folder, Touch::of(file));
            } else if let Some(folder) = workspace_around(&file.path, &folders) {
                let blob = last_blob(&commits[place..], folder);
                let touch = Touch {
                    kind: ChangeKind::Changed,
                    blob,
                };
                touched.entry(folder).or_insert(touch);
            }
        }
        // Twice as many, for renaming takes two for one.
        if found.len() > 2 * MOST_CHANGES {
            break;
        }
        found.extend(
            touched
                .into_iter()
                .map(|(folder, touch)| (commit, folder, touch)),
        );
    }
    let blobs = found.iter().filter_map(|(_, _, touch)| touch.blob);
    let names = names(git, blobs)?;
    let mut changes: Vec<Change> = found
        .into_iter()
        .map(|(commit, folder, touch)| Change {
            kind: touch.kind,
            folder: folder.to_owned(),
            name: touch
                .blob
                .and_then(|blob| names.get(blob).cloned())
                .unwrap_or_else(|| name_of(folder).to_owned()),
            at_ms: commit.at_ms,
            commit: commit.id.clone(),
            subject: commit.subject.clone(),
        })
        .collect();
    join_renamed(&mut changes);
    changes.truncate(MOST_CHANGES);
    Ok(changes)
}

/// A commit with the files that it changed.
struct Commit {
    id: String,
    at_ms: i64,
    subject: String,
    files: Vec<File>,
}

struct File {
    path: String,
    /// The contents before and after, unless there was none.
    before: Option<String>,
    after: Option<String>,
}

/// What a commit did to a workspace, and the object of the text that names it.
struct Touch<'a> {
    kind: ChangeKind,
    blob: Option<&'a str>,
}

impl<'a> Touch<'a> {
    fn of(file: &'a File) -> Self {
        Self {
            kind: match (&file.before, &file.after) {
                (None, _) => ChangeKind::Added,
                (_, None) => ChangeKind::Removed,
                _ => ChangeKind::Changed,
            },
            blob: file.after.as_deref().or(file.before.as_deref()),
        }
    }
}

fn commits(git: &Git, commit: &str, folder: &str) -> Result<Vec<Commit>, GitError> {
    let count = format!("--max-count={MOST_COMMITS}");
    let relative = format!("--relative={folder}");
    let pathspec = format!(":(top,literal){folder}");
    let mut arguments = vec![
        "log",
        &count,
        "--no-merges",
        "--no-renames",
        "--no-ext-diff",
        "--no-show-signature",
        "--raw",
        "--abbrev=64",
        "-z",
        "--format=%x01%H%x00%ct%x00%s",
    ];
    if !folder.is_empty() {
        arguments.push(&relative);
    }
    arguments.extend([commit, "--"]);
    if !folder.is_empty() {
        arguments.push(&pathspec);
    }
    let answer = git.answer(&arguments)?;
    let mut words = answer
        .split(|byte| *byte == 0)
        .map(|word| String::from_utf8_lossy(word));
    let mut commits: Vec<Commit> = Vec::new();
    while let Some(word) = words.next() {
        if let Some(id) = word.trim_start_matches('\n').strip_prefix('\u{1}') {
            let (Some(seconds), Some(subject)) = (words.next(), words.next()) else {
                return Err(GitError::NotUnderstood);
            };
            let seconds: i64 = seconds.parse().map_err(|_| GitError::NotUnderstood)?;
            commits.push(Commit {
                id: id.to_owned(),
                at_ms: seconds.saturating_mul(1000),
                subject: subject.trim_end().to_owned(),
                files: Vec::new(),
            });
        } else if let Some(told) = word.trim_start_matches('\n').strip_prefix(':') {
            let (Some(path), Some(commit)) = (words.next(), commits.last_mut()) else {
                return Err(GitError::NotUnderstood);
            };
            let told: Vec<&str> = told.split(' ').collect();
            let [_, _, before, after, _] = told[..] else {
                return Err(GitError::NotUnderstood);
            };
            let object = |id: &str| (!id.bytes().all(|byte| byte == b'0')).then(|| id.to_owned());
            commit.files.push(File {
                path: path.into_owned(),
                before: object(before),
                after: object(after),
            });
        }
    }
    Ok(commits)
}

/// The folder of a workspace whose own file this is; hidden folders hold none.
fn workspace_of_file(path: &str) -> Option<&str> {
    let folder = path.strip_suffix(WORKSPACE_FILE)?.strip_suffix('/')?;
    let is_foreign =
        |part: &str| part.starts_with('.') || matches!(part, "node_modules" | "bower_components");
    (!folder.split('/').any(is_foreign)).then_some(folder)
}

/// The workspace whose folder a file lies in.
fn workspace_around<'f>(path: &str, folders: &HashSet<&'f str>) -> Option<&'f str> {
    let mut ends = path.rmatch_indices('/').map(|(end, _)| end);
    ends.find_map(|end| folders.get(&path[..end]).copied())
}

/// What the workspace's own file held: the commits come newest first.
fn last_blob<'c>(commits: &'c [Commit], folder: &str) -> Option<&'c str> {
    let mut files = commits.iter().flat_map(|commit| &commit.files);
    let file = files.find(|file| workspace_of_file(&file.path) == Some(folder))?;
    file.after.as_deref().or(file.before.as_deref())
}

/// The names that texts of workspaces say, by their objects.
fn names<'b>(
    git: &Git,
    blobs: impl Iterator<Item = &'b str>,
) -> Result<HashMap<String, String>, GitError> {
    let asked: HashSet<&str> = blobs.collect();
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let mut running = git.start(&["cat-file", "--batch"], Stdio::piped())?;
    let (Some(output), Some(mut input)) = running.pipes() else {
        return Err(GitError::NotUnderstood);
    };
    let lines: String = asked.iter().flat_map(|blob| [blob, "\n"]).collect();
    // The questions are few enough for any pipe to hold them while nobody reads.
    input.write_all(lines.as_bytes()).map_err(GitError::Run)?;
    drop(input);
    let mut answer = Vec::new();
    output
        .take(LONGEST_ANSWER)
        .read_to_end(&mut answer)
        .map_err(GitError::Run)?;
    let mut names = HashMap::new();
    let mut rest = answer.as_slice();
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let header = String::from_utf8_lossy(&rest[..end]).into_owned();
        rest = &rest[end + 1..];
        let words: Vec<&str> = header.split(' ').collect();
        let &[id, "blob", length] = &words[..] else {
            continue;
        };
        let length: usize = length.parse().map_err(|_| GitError::NotUnderstood)?;
        let Some((text, after)) = rest.split_at_checked(length) else {
            break;
        };
        rest = after.get(1..).unwrap_or_default();
        if let Some(name) = name_in(text) {
            names.insert(id.to_owned(), name);
        }
    }
    Ok(names)
}

fn name_in(text: &[u8]) -> Option<String> {
    let value = json::parse(text, &Limits::default()).value?;
    let name = value.get("friendly_name")?.as_string()?;
    Some(name.to_string_lossy().into_owned())
}

fn name_of(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or(folder)
}

/// In the place of a workspace that goes and the same that comes in one commit: one that changed.
fn join_renamed(changes: &mut Vec<Change>) {
    let gone: HashSet<(String, String)> = changes
        .iter()
        .filter(|change| change.kind == ChangeKind::Removed)
        .map(|change| (change.commit.clone(), change.name.clone()))
        .collect();
    let mut renamed = HashSet::new();
    for change in changes.iter_mut() {
        let key = (change.commit.clone(), change.name.clone());
        if change.kind == ChangeKind::Added && gone.contains(&key) && renamed.insert(key) {
            change.kind = ChangeKind::Changed;
        }
    }
    changes.retain(|change| {
        let key = (change.commit.clone(), change.name.clone());
        change.kind != ChangeKind::Removed || !renamed.remove(&key)
    });
}
