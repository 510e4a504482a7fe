use crate::Cause;

/// Texts by which Docker Engine and Podman tell causes, most telling first.
///
/// Neither has codes for them: both hand on what the image registry, the resolver or the kernel
/// said. The order matters, because one message often holds several: "manifest unknown" comes
/// after "not found", and Docker Hub's "denied" mentions a repository that "does not exist".
const TEXTS: &[(&str, Cause)] = &[
    ("no space left on device", Cause::NoSpace),
    ("disk quota exceeded", Cause::NoSpace),
    ("toomanyrequests", Cause::RateLimited),
    ("too many requests", Cause::RateLimited),
    ("rate limit", Cause::RateLimited),
    ("no matching manifest", Cause::WrongArchitecture),
    ("no match for platform", Cause::WrongArchitecture),
    (
        "does not match the specified platform",
        Cause::WrongArchitecture,
    ),
    (
        "no image found in manifest list for architecture",
        Cause::WrongArchitecture,
    ),
    (
        "no image found in image index for architecture",
        Cause::WrongArchitecture,
    ),
    ("image operating system", Cause::WrongArchitecture),
    ("verification failed for digest", Cause::DigestMismatch),
    ("digest did not match", Cause::DigestMismatch),
    ("unexpected commit digest", Cause::DigestMismatch),
    ("digest mismatch", Cause::DigestMismatch),
    ("manifest unknown", Cause::NotFound),
    ("name unknown", Cause::NotFound),
    ("blob unknown", Cause::NotFound),
    ("repository name not known", Cause::NotFound),
    ("manifest invalid", Cause::Other),
    ("denied", Cause::Denied),
    ("unauthorized", Cause::Denied),
    ("no basic auth credentials", Cause::Denied),
    ("authentication required", Cause::Denied),
    ("403 forbidden", Cause::Denied),
    ("401 unauthorized", Cause::Denied),
    ("no such host", Cause::NameNotResolved),
    ("server misbehaving", Cause::NameNotResolved),
    ("name resolution", Cause::NameNotResolved),
    ("name or service not known", Cause::NameNotResolved),
    ("i/o timeout", Cause::TimedOut),
    ("client.timeout exceeded", Cause::TimedOut),
    ("handshake timeout", Cause::TimedOut),
    ("deadline exceeded", Cause::TimedOut),
    ("awaiting headers", Cause::TimedOut),
    ("504 gateway", Cause::TimedOut),
    // The host is there but its service is not, or broke off: most often it is being restarted.
    ("connection refused", Cause::TimedOut),
    ("connection reset", Cause::TimedOut),
    ("no route to host", Cause::TimedOut),
    ("network is unreachable", Cause::TimedOut),
    ("unexpected eof", Cause::TimedOut),
    ("not found", Cause::NotFound),
    ("does not exist", Cause::NotFound),
];

/// The cause that an engine's words on a pull tell.
pub(super) fn cause_of(text: &str) -> Cause {
    let folded = text.to_ascii_lowercase();
    TEXTS
        .iter()
        .find(|(part, _)| folded.contains(part))
        .map_or(Cause::Other, |(_, cause)| *cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_engines_tell_their_cause() {
        let table = [
            (
                "manifest for registry.test/tool@sha256:00 not found: manifest unknown: manifest unknown",
                Cause::NotFound,
            ),
            (
                "name unknown: repository name not known to registry",
                Cause::NotFound,
            ),
            (
                "Error response from daemon: unknown: Not Found",
                Cause::NotFound,
            ),
            (
                "pull access denied for tool, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
                Cause::Denied,
            ),
            (
                "Head \"https://registry.test/v2/tool/manifests/1\": unauthorized: authentication required",
                Cause::Denied,
            ),
            (
                "toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating",
                Cause::RateLimited,
            ),
            (
                "Get \"https://registry.invalid/v2/\": dial tcp: lookup registry.invalid on 127.0.0.53:53: no such host",
                Cause::NameNotResolved,
            ),
            (
                "dial tcp: lookup registry.test: Temporary failure in name resolution",
                Cause::NameNotResolved,
            ),
            (
                "Get \"https://10.0.0.9/v2/\": dial tcp 10.0.0.9:443: i/o timeout",
                Cause::TimedOut,
            ),
            (
                "Get \"https://registry.test/v2/\": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
                Cause::TimedOut,
            ),
            (
                "Get \"http://127.0.0.1:1/v2/\": dial tcp 127.0.0.1:1: connect: connection refused",
                Cause::TimedOut,
            ),
            (
                "no matching manifest for linux/amd64 in the manifest list entries",
                Cause::WrongArchitecture,
            ),
            (
                "image with reference registry.test/tool was found but does not match the specified platform: wanted linux/amd64, actual: linux/arm64",
                Cause::WrongArchitecture,
            ),
            (
                "failed to register layer: Error processing tar file(exit status 1): write /layer: no space left on device",
                Cause::NoSpace,
            ),
            (
                "filesystem layer verification failed for digest sha256:00",
                Cause::DigestMismatch,
            ),
            ("something nobody has seen yet", Cause::Other),
        ];
        for (text, cause) in table {
            assert_eq!(cause_of(text), cause, "{text}");
        }
    }
}
