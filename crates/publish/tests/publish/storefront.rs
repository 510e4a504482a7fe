//! The storefront, as crawlers and browsers without script read it.

use std::collections::BTreeSet;

use crate::trees::{Folder, Memory, Site, publish};

const CONFIG: &str =
    "name = \"Kiosk\"\nlist_url = \"https://kiosk.example/r/\"\nschema = \"1.1\"\n";

fn registry(workspaces: &[(&str, &str)]) -> Site {
    let mut tree = Memory::default().with("registry.toml", CONFIG);
    for (folder, json) in workspaces {
        tree = tree.with(&format!("workspaces/{folder}/workspace.json"), *json);
    }
    publish(&tree).0
}

fn pages(site: &Site) -> impl Iterator<Item = &String> {
    site.files.keys().filter(|path| path.ends_with("html"))
}

/// What all addresses of a page lead to, relative to the site's root; other origins are left out.
fn addresses(site: &Site, page: &str) -> BTreeSet<String> {
    let text = site.text(page);
    let mut found = BTreeSet::new();
    for attribute in [" href=\"", " src=\""] {
        for part in text.split(attribute).skip(1) {
            let end = part.find(['"', '#', '?']).expect("a quote");
            let address = &part[..end];
            assert!(!address.starts_with('/'), "{page}: {address}");
            if address.is_empty() || address.starts_with("https://") || address == "data:," {
                continue;
            }
            let mut place: Vec<&str> = page.split('/').collect();
            place.pop();
            for name in address.split('/') {
                match name {
                    ".." => assert!(place.pop().is_some(), "{page}: {address}"),
                    name => place.push(name),
                }
            }
            found.insert(place.join("/").replace("%20", " "));
        }
    }
    found
}

#[test]
fn every_address_is_relative_and_leads_somewhere() {
    for form in ["1.0", "1.1"] {
        let (site, _) = publish(&Folder::open(&format!("../../examples/registry/{form}")));
        let mut count = 0;
        for page in pages(&site) {
            let policy =
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'";
            assert!(site.text(page).contains(policy), "{page}");
            for address in addresses(&site, page) {
                assert!(site.files.contains_key(&address), "{page}: {address}");
            }
            count += 1;
        }
        assert!(count > 20, "{count}");
    }
}

#[test]
fn the_catalogue_is_in_the_page() {
    let (site, _) = publish(&Folder::open("../../examples/registry/1.1"));
    let text = site.text("1.1/index.html");
    assert!(text.contains(
        "<a class=\"tile-open\" href=\"workspace/chart-plotter.html\">Chart Plotter</a>"
    ));
    assert!(text.contains("Lay a course over the bay"));
    assert!(text.contains("<option>1.18.x</option>"));
    assert!(text.contains("<option value=\"Navigation\">Navigation (3)</option>"));
    // Without script a site of files cannot search, but it leads to the page that the browser can search.
    assert!(text.contains("action=\"all.html\""));
    assert!(text.contains("<noscript><p") && text.contains("the browser’s own search (Ctrl+F"));
    assert!(
        site.text("1.1/all.html")
            .contains("Find one with the browser’s own search")
    );
    let page = site.text("1.1/workspace/sonar.html");
    assert!(page.contains("Runs in privileged mode"));
    assert!(page.contains("href=\"../warnings.html#privilege\""));
    assert!(page.contains(
        "<meta property=\"og:image\" content=\"https://harbour.example/1.1/icons/sonar.svg\">"
    ));
}

#[test]
fn hostile_texts_stay_texts() {
    let evil = r#"</script><script>alert(1)</script>\"><img src=x onerror=alert(1)>"#;
    let json = format!(
        r#"{{"friendly_name":"{evil}","description":"{evil}","notes":"{evil}","image_src":"{evil}.png","name":"{evil}",
        "architecture":["{evil}"],"categories":["{evil}"],"docker_registry":"{evil}","run_config":{{"{evil}":"{evil}"}},
        "compatibility":[{{"version":"{evil}","image":"{evil}","available_tags":["{evil}"]}},{{"version":"1.17.x","available_tags":["{evil}"]}}]}}"#
    );
    let site = registry(&[("evil", &json)]);
    for page in pages(&site) {
        let text = site.text(page);
        let scripts = text.matches("<script").count();
        let own = text.matches("<script src=\"storefront/").count()
            + text.matches("<script src=\"../storefront/").count();
        assert_eq!(scripts, own, "{page}");
        assert!(!text.contains("<img src=x"), "{page}");
        for inline in [" style=", " onclick=", "javascript:", "<style"] {
            assert!(!text.contains(inline), "{page}: {inline}");
        }
    }
}

#[test]
fn a_listing_without_versions_or_in_another_script_has_a_page() {
    let site = registry(&[
        ("bare", r#"{"friendly_name":"Bare","image_src":"x.png"}"#),
        (
            "日本",
            r#"{"friendly_name":"端末","compatibility":[{"version":"1.20.x","image":"x/y:1"}]}"#,
        ),
        (
            "old",
            r#"{"friendly_name":"Old","compatibility":[{"version":"1.9.x","image":"x/y:1"}]}"#,
        ),
    ]);
    let text = site.text("1.1/index.html");
    let newest = text.find("<option>1.20.x</option>").unwrap();
    assert!(newest < text.find("<option>1.9.x</option>").unwrap());
    assert!(text.contains("href=\"workspace/bare.html\">Bare<"));
    let page = site
        .files
        .keys()
        .find(|path| path.starts_with("1.1/workspace/workspace-"));
    assert!(site.text(page.unwrap()).contains("<h1>端末</h1>"));
    assert!(!site.files.keys().any(|path| !path.is_ascii()));
}

#[test]
fn workspaces_of_one_name_have_a_page_each() {
    let json = r#"{"friendly_name":"Fox"}"#;
    let site = registry(&[("Fox", json), ("fox", json), ("other", json)]);
    let pages: BTreeSet<_> = site
        .files
        .keys()
        .filter(|path| path.starts_with("1.1/workspace/"))
        .collect();
    assert_eq!(pages.len(), 3);
    // Where the template had one form for all of them, that of the first is found.
    let old = site.text("1.1/new/Rm94/index.html");
    assert!(
        old.contains("content=\"0; url=../../new/index.html?from=fox\""),
        "{old}"
    );
}

#[test]
fn a_large_catalogue_goes_on_over_pages() {
    let workspaces: Vec<(String, String)> = (0..401)
        .map(|number| {
            (
                format!("w{number:04}"),
                format!(r#"{{"friendly_name":"W {number:04}"}}"#),
            )
        })
        .collect();
    let workspaces: Vec<_> = workspaces
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let site = registry(&workspaces);
    let tiles = |page: &str| {
        site.text(page)
            .matches("class=\"tile-open\" href=\"workspace")
            .count()
    };
    assert_eq!(tiles("1.1/index.html"), 200);
    assert_eq!(tiles("1.1/page-2.html"), 200);
    assert_eq!(tiles("1.1/page-3.html"), 1);
    assert!(
        site.text("1.1/index.html")
            .contains("<a class=\"button\" href=\"page-2.html\" rel=\"next\">Show more</a>")
    );
    assert_eq!(
        site.text("1.1/all.html")
            .matches("<li><a href=\"workspace/")
            .count(),
        401
    );
}

#[test]
fn an_empty_registry_says_so() {
    assert!(
        registry(&[])
            .text("1.1/index.html")
            .contains("This registry has no workspaces yet.")
    );
}
