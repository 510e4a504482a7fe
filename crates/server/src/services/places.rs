//! Registries of one name, told apart by where they lie.

use std::collections::HashMap;

use model::RegistryId;
use url::Url;

/// A registry as people see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'a> {
    pub(crate) id: RegistryId,
    pub(crate) name: &'a str,
    pub(crate) url: &'a str,
}

/// For each registry whose name another one has, too, the shortest text that tells it from those: its host, else that
/// with the path, else its address.
pub(crate) fn places(registries: &[Named<'_>]) -> HashMap<RegistryId, String> {
    let mut namesakes: HashMap<String, Vec<Named<'_>>> = HashMap::new();
    for registry in registries {
        let name = registry.name.trim().to_lowercase();
        namesakes.entry(name).or_default().push(*registry);
    }
    namesakes
        .into_values()
        .filter(|group| group.len() > 1)
        .flat_map(|group| {
            let addresses: Vec<[String; 3]> =
                group.iter().map(|registry| forms(registry.url)).collect();
            let mut counts: HashMap<&str, usize> = HashMap::new();
            for form in addresses.iter().flat_map(|forms| {
                // A registry at the root of its host has the same text twice.
                let mut own: Vec<&str> = forms.iter().map(String::as_str).collect();
                own.dedup();
                own
            }) {
                *counts.entry(form).or_default() += 1;
            }
            let told = addresses.iter().map(|[host, path, whole]| {
                let is_unique = |form: &&String| counts.get(form.as_str()) == Some(&1);
                let found = [host, path].into_iter().find(is_unique);
                found.unwrap_or(whole).clone()
            });
            group
                .iter()
                .map(|registry| registry.id)
                .zip(told)
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Host, host and path, the whole address.
fn forms(url: &str) -> [String; 3] {
    let Ok(parsed) = Url::parse(url) else {
        return [url.to_owned(), url.to_owned(), url.to_owned()];
    };
    let name = parsed.host_str().unwrap_or_default();
    let host = match parsed.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    };
    let path = format!("{host}{}", parsed.path().trim_end_matches('/'));
    [host, path, url.to_owned()]
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// What is told of each; nothing where its name is its own.
    fn told(registries: &[(&str, &str)]) -> Vec<String> {
        let id = |number: usize| RegistryId::from_uuid(Uuid::from_u128(number as u128));
        let named: Vec<Named<'_>> = registries
            .iter()
            .enumerate()
            .map(|(number, (name, url))| Named {
                id: id(number),
                name,
                url,
            })
            .collect();
        let mut places = places(&named);
        (0..named.len())
            .map(|number| places.remove(&id(number)).unwrap_or_default())
            .collect()
    }

    #[test]
    fn only_namesakes_say_where_they_lie_and_no_two_the_same() {
        assert_eq!(
            told(&[
                ("Harbour", "https://a.example/"),
                ("harbour ", "https://b.example:8443/one/"),
                ("Harbour", "https://b.example:8443/two/"),
                ("Mill", "https://a.example/mill/"),
            ]),
            ["a.example", "b.example:8443/one", "b.example:8443/two", ""]
        );
        assert_eq!(
            told(&[
                ("Harbour", "https://a.example/x/"),
                ("Harbour", "http://a.example/x/"),
                ("Harbour", "https://a.example/"),
            ]),
            [
                "https://a.example/x/",
                "http://a.example/x/",
                "https://a.example/",
            ]
        );
    }
}
