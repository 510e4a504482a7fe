use http::Uri;

/// What an address below `/v2/` asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// Whether the protocol is spoken here.
    Version,
    /// The tags of a repository.
    Tags { name: &'a str, page: Page },
    /// A manifest or an index, by tag or digest.
    Manifest { name: &'a str, reference: &'a str },
    /// A blob.
    Blob { name: &'a str, digest: &'a str },
}

/// Which part of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) count: Option<usize>,
    pub(super) last: Option<String>,
}

impl<'a> Route<'a> {
    pub(super) fn of(uri: &'a Uri) -> Option<Self> {
        let rest = uri.path().strip_prefix("/v2")?;
        if matches!(rest, "" | "/") {
            return Some(Self::Version);
        }
        let rest = rest.strip_prefix('/')?;
        if let Some(name) = rest.strip_suffix("/tags/list") {
            return Some(Self::Tags {
                name,
                page: Page::of(uri.query()),
            });
        }
        let (rest, last) = rest.rsplit_once('/')?;
        let (name, kind) = rest.rsplit_once('/')?;
        match kind {
            "manifests" => Some(Self::Manifest {
                name,
                reference: last,
            }),
            "blobs" => Some(Self::Blob { name, digest: last }),
            _ => None,
        }
    }
}

impl Page {
    fn of(query: Option<&str>) -> Self {
        let mut page = Self::default();
        for (key, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match &*key {
                "n" => page.count = value.parse().ok(),
                "last" => page.last = Some(value.into_owned()),
                _ => {}
            }
        }
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_split_from_their_end() {
        let uri = |text: &str| text.parse::<Uri>().unwrap();
        let name = "ghcr.io/x/manifests/y";
        assert_eq!(
            Route::of(&uri("/v2/ghcr.io/x/manifests/y/manifests/1")),
            Some(Route::Manifest {
                name,
                reference: "1"
            })
        );
        assert_eq!(
            Route::of(&uri("/v2/x/tags/list?n=2&last=a%2Db")),
            Some(Route::Tags {
                name: "x",
                page: Page {
                    count: Some(2),
                    last: Some("a-b".to_owned())
                }
            })
        );
        assert_eq!(Route::of(&uri("/v2/")), Some(Route::Version));
        for other in [
            "/",
            "/v20",
            "/v2/x",
            "/v2/_catalog",
            "/v2/manifests/1",
            "/v2/x/uploads/1",
            "/v1/x/blobs/1",
        ] {
            assert_eq!(Route::of(&uri(other)), None, "{other}");
        }
    }
}
