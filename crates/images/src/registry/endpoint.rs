use url::Url;

use crate::ImageError;

/// Where Docker Hub serves the images that carry its name.
const DOCKER_HUB: &str = "registry-1.docker.io";

/// Hosts besides the image registry's own that may be shown its credentials.
const TOKEN_HOSTS: [(&str, &str); 2] = [
    (DOCKER_HUB, "auth.docker.io"),
    ("registry.gitlab.com", "gitlab.com"),
];

/// The server behind the host of an image reference.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    base: Url,
    /// As an image reference writes it; for messages and caches.
    pub(crate) host: String,
    /// Whether plain http is right for it.
    plain: bool,
}

impl Endpoint {
    /// Loopback hosts and those on the list are asked over http, all others over https.
    pub(crate) fn of(host: &str, insecure_hosts: &[String]) -> Result<Self, ImageError> {
        let server = match host {
            "docker.io" | "index.docker.io" => DOCKER_HUB,
            other => other,
        };
        let unusable = |_| ImageError::Unusable {
            host: host.to_owned(),
            what: "address",
            detail: "it is no host name".to_owned(),
        };
        let mut base = Url::parse(&format!("https://{server}/")).map_err(unusable)?;
        let plain = insecure_hosts.iter().any(|insecure| insecure == host) || is_loopback(&base);
        if plain {
            base = Url::parse(&format!("http://{server}/")).map_err(unusable)?;
        }
        Ok(Self {
            base,
            host: host.to_owned(),
            plain,
        })
    }

    pub(crate) fn manifest(&self, repository: &str, reference: &str) -> Url {
        self.url(&format!("/v2/{repository}/manifests/{reference}"))
    }

    pub(crate) fn blob(&self, repository: &str, digest: &str) -> Url {
        self.url(&format!("/v2/{repository}/blobs/{digest}"))
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }

    /// Whether a token server may be asked at all: over https, unless the image registry is spoken
    /// to over http itself and the token server sits on the same kind of host.
    pub(crate) fn may_ask(&self, realm: &Url) -> bool {
        match realm.scheme() {
            "https" => true,
            "http" => {
                self.plain && (is_loopback(realm) || realm.host_str() == self.base.host_str())
            }
            _ => false,
        }
    }

    /// Whether a token server may see the credentials for this image registry.
    pub(crate) fn may_show_credentials(&self, realm: &Url) -> bool {
        let (Some(own), Some(asked)) = (self.base.host_str(), realm.host_str()) else {
            return false;
        };
        own == asked || TOKEN_HOSTS.contains(&(own, asked))
    }
}

fn is_loopback(url: &Url) -> bool {
    url.host()
        .is_some_and(|host| outbound::is_loopback_host(&host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(host: &str) -> Endpoint {
        Endpoint::of(host, &["registry.lan:5000".to_owned()]).unwrap()
    }

    #[test]
    fn only_this_machine_and_listed_hosts_are_asked_over_http() {
        for (host, expected) in [
            (
                "docker.io",
                "https://registry-1.docker.io/v2/library/alpine/manifests/3",
            ),
            ("ghcr.io", "https://ghcr.io/v2/library/alpine/manifests/3"),
            (
                "localhost:5000",
                "http://localhost:5000/v2/library/alpine/manifests/3",
            ),
            (
                "127.0.0.1:5000",
                "http://127.0.0.1:5000/v2/library/alpine/manifests/3",
            ),
            (
                "[::1]:5000",
                "http://[::1]:5000/v2/library/alpine/manifests/3",
            ),
            (
                "localhost.example",
                "https://localhost.example/v2/library/alpine/manifests/3",
            ),
            (
                "192.168.0.2:5000",
                "https://192.168.0.2:5000/v2/library/alpine/manifests/3",
            ),
            (
                "registry.lan:5000",
                "http://registry.lan:5000/v2/library/alpine/manifests/3",
            ),
            (
                "registry.lan:5001",
                "https://registry.lan:5001/v2/library/alpine/manifests/3",
            ),
        ] {
            assert_eq!(
                endpoint(host).manifest("library/alpine", "3").as_str(),
                expected
            );
        }
    }

    #[test]
    fn credentials_are_shown_to_own_token_servers_only() {
        let realm = |text: &str| Url::parse(text).unwrap();
        let hub = endpoint("docker.io");
        assert!(hub.may_show_credentials(&realm("https://auth.docker.io/token")));
        assert!(!hub.may_show_credentials(&realm("https://auth.docker.io.example/token")));
        let ghcr = endpoint("ghcr.io");
        assert!(ghcr.may_show_credentials(&realm("https://ghcr.io/token")));
        assert!(!ghcr.may_show_credentials(&realm("https://auth.docker.io/token")));
        assert!(!ghcr.may_ask(&realm("http://ghcr.io/token")));
        assert!(!ghcr.may_ask(&realm("http://127.0.0.1/token")));
        assert!(!ghcr.may_ask(&realm("file:///etc/passwd")));
        let local = endpoint("127.0.0.1:5000");
        assert!(local.may_ask(&realm("http://127.0.0.1:5001/token")));
        assert!(!local.may_ask(&realm("http://token.example/token")));
    }
}
