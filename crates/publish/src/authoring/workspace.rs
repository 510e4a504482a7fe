use std::collections::BTreeMap;
use std::fmt::Write as _;

use model::json::{Value, stringify_pretty};
use model::version::CompatibilityVersion;
use model::{ImageReference, SchemaForm};

use super::Changes;
use super::changes::Outcome;
use crate::rules::categories_too_many::MOST as MOST_CATEGORIES;
use crate::rules::{architecture_unknown, icon_not_a_picture};
use crate::{Picture, SourceTree};

/// A workspace that is written for the first time.
#[derive(Debug, Clone)]
pub struct NewWorkspace {
    /// The name to show.
    pub friendly_name: String,
    /// What it is, in a sentence.
    pub description: String,
    /// The image.
    pub image: ImageReference,
    /// The name of its icon in its folder.
    pub image_src: String,
    /// The architectures that the image is made for.
    pub architectures: Vec<String>,
    /// The versions that it is offered for.
    pub versions: Vec<CompatibilityVersion>,
    /// Its size in decimal megabytes; 0 until it is measured.
    pub size_mb: u64,
    /// Its categories.
    pub categories: Vec<String>,
    /// Notes for who installs it; may be empty.
    pub notes: String,
}

impl NewWorkspace {
    /// The name of the folder that it gets: that of the workspace, without what folders cannot be called.
    pub fn folder(&self) -> String {
        folder_name(&self.friendly_name)
    }

    /// Its `workspace.json`.
    pub fn json(&self, form: SchemaForm) -> String {
        let texts =
            |items: &[String]| Value::array(items.iter().map(|item| Value::string(&**item)));
        let image = Value::string(self.image.as_written());
        let versions: Vec<String> = self.versions.iter().map(ToString::to_string).collect();
        let mut members = vec![("friendly_name", Value::string(&*self.friendly_name))];
        if form == SchemaForm::V1_0 {
            members.push(("name", image.clone()));
        }
        members.push(("description", Value::string(&*self.description)));
        members.push((
            "docker_registry",
            Value::string(credentials_address(self.image.host())),
        ));
        members.push(("image_src", Value::string(&*self.image_src)));
        members.push(("architecture", texts(&self.architectures)));
        if form == SchemaForm::V1_0 {
            members.push(("compatibility", texts(&versions)));
            members.push(("uncompressed_size_mb", Value::number(self.size_mb)));
        } else {
            let entries = versions.iter().map(|version| {
                Value::object([
                    ("version", Value::string(&**version)),
                    ("image", image.clone()),
                    ("uncompressed_size_mb", Value::number(self.size_mb)),
                ])
            });
            members.push(("compatibility", Value::array(entries)));
        }
        if !self.categories.is_empty() {
            members.push(("categories", texts(&self.categories)));
        }
        if !self.notes.is_empty() {
            members.push(("notes", Value::string(&*self.notes)));
        }
        stringify_pretty(&Value::object(members)) + "\n"
    }
}

/// Why a workspace cannot be begun as it was asked for.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NewWorkspaceError {
    /// Consumers know no such architecture.
    #[error("`{name}` is no architecture that consumers know: {instead}")]
    Architecture {
        /// What was asked for.
        name: String,
        /// What to write instead.
        instead: String,
    },
    /// It would be in more categories than the registry format's manual allows.
    #[error(
        "{count} categories are too many: keep the {MOST_CATEGORIES} that say best what it is for"
    )]
    Categories {
        /// How many it would have.
        count: usize,
    },
    /// The icon is of no kind that browsers show.
    #[error(
        "the icon is no picture: {what}; save the picture itself: a PNG, SVG, JPEG, WebP or GIF"
    )]
    Icon {
        /// What the file is instead.
        what: &'static str,
    },
}

impl NewWorkspace {
    /// Looks at what an author chose as [`check`](crate::check) would, before anything is written.
    pub fn check(&self, icon: &[u8]) -> Result<(), NewWorkspaceError> {
        for name in &self.architectures {
            if let Some(instead) = architecture_unknown::instead_of(name) {
                let name = name.clone();
                return Err(NewWorkspaceError::Architecture { name, instead });
            }
        }
        let count = self.categories.len();
        if count > MOST_CATEGORIES {
            return Err(NewWorkspaceError::Categories { count });
        }
        if Picture::of(icon).format.is_none() {
            let what = icon_not_a_picture::what(icon);
            return Err(NewWorkspaceError::Icon { what });
        }
        Ok(())
    }
}

/// The newest version that any workspace of a registry is offered for, and the categories that they have, the most
/// frequent first: what a new workspace is begun with.
pub fn habits(tree: &dyn SourceTree) -> (Option<CompatibilityVersion>, Vec<String>) {
    let mut newest: Option<CompatibilityVersion> = None;
    let mut categories: BTreeMap<String, usize> = BTreeMap::new();
    let read = Changes::of(tree, |document| {
        let definition = &document.definition;
        let versions = definition.compatibility.iter();
        newest = versions
            .filter_map(|entry| entry.version.parse().ok())
            .chain(newest)
            .max();
        for category in &definition.categories {
            *categories.entry(category.clone()).or_default() += 1;
        }
        Outcome::Unchanged
    });
    if read.is_err() {
        return (None, Vec::new());
    }
    let mut categories: Vec<(String, usize)> = categories.into_iter().collect();
    categories.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    (
        newest,
        categories.into_iter().map(|(name, _)| name).collect(),
    )
}

/// An icon for a workspace that has none yet, under a name of its own: the first letter of its name on a tile.
pub fn placeholder_icon(name: &str) -> (String, String) {
    let file = folder_name(name).to_lowercase().replace(' ', "-") + ".svg";
    let letter = name
        .chars()
        .find(|sign| sign.is_alphanumeric())
        .unwrap_or('?');
    let mut shown = String::new();
    for sign in letter.to_uppercase() {
        // A number keeps every letter a letter to the reader of the file.
        let _ = write!(shown, "&#{};", u32::from(sign));
    }
    let picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 96\" width=\"96\" height=\"96\">\n  \
         <rect width=\"96\" height=\"96\" rx=\"21\" fill=\"#123a5a\"/>\n  \
         <text x=\"48\" y=\"66\" font-family=\"sans-serif\" font-size=\"52\" font-weight=\"700\" \
         text-anchor=\"middle\" fill=\"#f4b860\">{shown}</text>\n</svg>\n"
    );
    (file, picture)
}

/// What `docker_registry` names for the credentials of an image's host.
fn credentials_address(host: &str) -> String {
    match host {
        "docker.io" | "index.docker.io" => "https://index.docker.io/v1/".to_owned(),
        host => format!("https://{host}/"),
    }
}

fn folder_name(name: &str) -> String {
    const LONGEST: usize = 60;
    let kept: String = name
        .chars()
        .map(|sign| {
            let fits = sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_' | '.' | '+');
            if fits { sign } else { '-' }
        })
        .take(LONGEST)
        .collect();
    let kept = kept.trim().trim_matches('.').trim();
    if kept.is_empty() {
        "workspace".to_owned()
    } else {
        kept.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gets_a_name_that_every_system_takes() {
        for (name, expected) in [
            ("Visual Studio Code", "Visual Studio Code"),
            ("../up", "-up"),
            ("a/b:c", "a-b-c"),
            ("...", "workspace"),
            ("Übung 2.0", "Übung 2.0"),
            ("", "workspace"),
        ] {
            assert_eq!(folder_name(name), expected, "{name}");
        }
    }
}
