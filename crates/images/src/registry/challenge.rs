use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

/// What an image registry wants to see before it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// A token from a token server.
    Bearer {
        realm: String,
        service: Option<String>,
        scope: Option<String>,
    },
    /// A user name and a password.
    Basic,
}

impl Challenge {
    /// The challenge to answer: a token where one is offered, else a password.
    pub(crate) fn read(headers: &HeaderMap) -> Option<Self> {
        let offered: Vec<(String, Vec<(String, String)>)> = headers
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(split)
            .collect();
        let bearer = offered
            .iter()
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .find_map(|(_, parameters)| {
                let get = |name: &str| {
                    parameters
                        .iter()
                        .find(|(key, _)| key.eq_ignore_ascii_case(name))
                        .map(|(_, value)| value.clone())
                };
                Some(Self::Bearer {
                    realm: get("realm")?,
                    service: get("service"),
                    scope: get("scope"),
                })
            });
        bearer.or_else(|| {
            offered
                .iter()
                .any(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
                .then_some(Self::Basic)
        })
    }
}

/// Splits a header value into its challenges; what does not parse ends the reading.
fn split(value: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut challenges: Vec<(String, Vec<(String, String)>)> = Vec::new();
    let mut rest = value.trim_start_matches([' ', ',', '\t']);
    while !rest.is_empty() {
        let end = rest.find([' ', ',', '=', '\t']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word.is_empty() {
            break;
        }
        if let Some(after) = after.strip_prefix('=') {
            let Some((value, after)) = parameter_value(after) else {
                break;
            };
            let Some((_, parameters)) = challenges.last_mut() else {
                break;
            };
            parameters.push((word.to_owned(), value));
            rest = after;
        } else {
            challenges.push((word.to_owned(), Vec::new()));
            rest = after;
        }
        rest = rest.trim_start_matches([' ', ',', '\t']);
    }
    challenges
}

fn parameter_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', ',', '\t']).unwrap_or(text.len());
        return Some((text[..end].to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((position, character)) = characters.next() {
        match character {
            '"' => return Some((value, &quoted[position + 1..])),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&'static str]) -> Option<Challenge> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(WWW_AUTHENTICATE, http::HeaderValue::from_static(value));
        }
        Challenge::read(&headers)
    }

    #[test]
    fn real_challenges_are_read() {
        assert_eq!(
            read(&[
                r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull""#
            ]),
            Some(Challenge::Bearer {
                realm: "https://auth.docker.io/token".to_owned(),
                service: Some("registry.docker.io".to_owned()),
                scope: Some("repository:a/b:pull".to_owned()),
            })
        );
        assert_eq!(read(&[r#"Basic realm="x, y""#]), Some(Challenge::Basic));
        assert_eq!(read(&["Basic"]), Some(Challenge::Basic));
        let both = Some(Challenge::Bearer {
            realm: "r".to_owned(),
            service: None,
            scope: None,
        });
        assert_eq!(read(&["Basic realm=\"b\", Bearer realm=r"]), both);
        assert_eq!(read(&["Basic realm=\"b\"", "bearer Realm=\"r\""]), both);
    }

    #[test]
    fn broken_challenges_are_none() {
        for broken in [
            "",
            "Bearer",
            "Bearer realm=\"x",
            "=x",
            "realm=x",
            "Negotiate",
            "Bearer \"\\",
        ] {
            assert_eq!(read(&[broken]), None, "{broken}");
        }
    }
}
