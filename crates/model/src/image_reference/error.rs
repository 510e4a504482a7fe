use super::ImageReference;
use super::grammar::{MAX_NAME, MAX_TAG};

/// A text that names no image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageReferenceError {
    /// There is no text.
    #[error("an image reference is empty")]
    Empty,
    /// A whole command was pasted; seen in real registries.
    #[error("`{written}` is a command, not an image reference")]
    Command {
        /// The text.
        written: String,
        /// The image that the command names.
        image: String,
    },
    /// It starts like a web address.
    #[error("`{written}` starts with a scheme; an image reference has none")]
    Scheme {
        /// The text.
        written: String,
        /// The text without the scheme.
        image: String,
    },
    /// Spaces or line ends stand in it.
    #[error("white space stands in the image reference `{0}`")]
    WhiteSpace(String),
    /// The host is none.
    #[error("`{0}` is no host of an image registry")]
    Host(String),
    /// The repository has capital letters, which no image registry takes.
    #[error("the repository `{0}` has capital letters")]
    CapitalLetters(String),
    /// The repository has other characters than it may.
    #[error(
        "`{0}` is no repository: each part is lower-case letters and digits, joined by `.`, `_` or `-`"
    )]
    Repository(String),
    /// The name is longer than image registries take.
    #[error("the image's name is longer than {MAX_NAME} characters")]
    TooLong,
    /// The tag is none.
    #[error(
        "`{0}` is no tag: up to {MAX_TAG} letters, digits, `_`, `.` and `-`, not starting with `.` or `-`"
    )]
    Tag(String),
    /// What stands behind `@` is no digest.
    #[error("`{0}` is no digest: `sha256:` and 64 lower-case hexadecimal digits")]
    Digest(String),
}

impl ImageReferenceError {
    /// What to write instead, where that is clear.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Command { image, .. } | Self::Scheme { image, .. } => {
                Some(format!("write `{image}`"))
            }
            Self::CapitalLetters(repository) => {
                Some(format!("write `{}`", repository.to_lowercase()))
            }
            Self::Digest(_) => Some("leave it out to mean the tag".to_owned()),
            Self::WhiteSpace(text) => {
                let joined: String = text.split_whitespace().collect();
                ImageReference::parse(&joined)
                    .is_ok()
                    .then(|| format!("write `{joined}`"))
            }
            _ => None,
        }
    }
}
