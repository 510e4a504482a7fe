use std::fmt;

use model::ImageReference;

const MAX_REPOSITORY: usize = 400;
const MAX_TAG: usize = 128;

/// The name under which an image is kept: a repository, and a tag unless it lost it to a newer image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoredName {
    repository: String,
    tag: Option<String>,
}

/// A text that cannot name an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name of a stored image is `repository` or `repository:tag`")]
pub struct StoredNameError;

impl StoredName {
    /// Reads `repository`, `repository:tag`, or either with a digest behind, which is passed over.
    pub fn parse(text: &str) -> Result<Self, StoredNameError> {
        let name = text.split_once('@').map_or(text, |(name, _)| name);
        let (repository, tag) = match name.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
            _ => (name, None),
        };
        let well_formed = repository.len() <= MAX_REPOSITORY
            && repository
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-/:[]".contains(&byte))
            && repository
                .split('/')
                .all(|part| !matches!(part, "" | "." | ".."));
        if !well_formed || !tag.is_none_or(is_tag) {
            return Err(StoredNameError);
        }
        Ok(Self {
            repository: repository.to_owned(),
            tag: tag.map(str::to_owned),
        })
    }

    /// The repository, with the image registry's host where the image was pulled.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }
}

impl From<&ImageReference> for StoredName {
    /// `alpine` is kept as `docker.io/library/alpine:latest`; what has a digest and no tag stays without one.
    fn from(reference: &ImageReference) -> Self {
        let tag = match (reference.tag(), reference.digest()) {
            (None, Some(_)) => None,
            _ => Some(reference.tag_or_latest().to_owned()),
        };
        Self {
            repository: reference.name(),
            tag,
        }
    }
}

impl fmt::Display for StoredName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.repository)?;
        match &self.tag {
            Some(tag) => write!(formatter, ":{tag}"),
            None => Ok(()),
        }
    }
}

fn is_tag(tag: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    tag.len() <= MAX_TAG
        && tag.bytes().next().is_some_and(word)
        && tag
            .bytes()
            .all(|byte| word(byte) || byte == b'.' || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_at_the_tag() {
        let parts = |text: &str| {
            let name = StoredName::parse(text).unwrap();
            (name.repository().to_owned(), name.tag().map(str::to_owned))
        };
        let tag = |tag: &str| Some(tag.to_owned());
        assert_eq!(parts("ghcr.io/x/y:1"), ("ghcr.io/x/y".to_owned(), tag("1")));
        assert_eq!(
            parts("127.0.0.1:5000/x"),
            ("127.0.0.1:5000/x".to_owned(), None)
        );
        assert_eq!(
            parts("[::1]:5000/x:2"),
            ("[::1]:5000/x".to_owned(), tag("2"))
        );
        assert_eq!(parts("x/y:1@sha256:00"), ("x/y".to_owned(), tag("1")));
        assert_eq!(StoredName::parse("x/y:1").unwrap().to_string(), "x/y:1");
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for text in [
            "", ":1", "/x", "x//y", "../x", "x/..", "x y", "x:", "x:-1", "x\n", "ü",
        ] {
            assert_eq!(StoredName::parse(text), Err(StoredNameError), "{text}");
        }
    }
}
