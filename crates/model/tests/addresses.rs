//! Pasted addresses, and the folders that are looked into.

use model::list::{AddressError, root_of, versions_to_try};

#[test]
fn pasted_addresses_are_put_in_order() {
    for (pasted, root, start) in [
        ("https://acme.example/", "https://acme.example/", None),
        ("https://acme.example", "https://acme.example/", None),
        (
            "  https://acme.example/registry \n",
            "https://acme.example/registry/",
            None,
        ),
        (
            "acme.example/registry",
            "https://acme.example/registry/",
            None,
        ),
        ("//acme.example/r", "https://acme.example/r/", None),
        (
            "HTTPS://Acme.Example/Registry",
            "https://acme.example/Registry/",
            None,
        ),
        ("http://10.0.0.7:8080", "http://10.0.0.7:8080/", None),
        ("acme.example:8443/r", "https://acme.example:8443/r/", None),
        ("localhost:8080", "http://localhost:8080/", None),
        ("127.0.0.1:8080/1.1/", "http://127.0.0.1:8080/", Some("1.1")),
        ("[::1]:8080", "http://[::1]:8080/", None),
        (
            "https://acme.example/r/1.0/",
            "https://acme.example/r/",
            Some("1.0"),
        ),
        (
            "https://acme.example/r/1.0",
            "https://acme.example/r/",
            Some("1.0"),
        ),
        (
            "https://acme.example/r/1.1/list.json",
            "https://acme.example/r/",
            Some("1.1"),
        ),
        (
            "https://acme.example/r/1.1/index.html",
            "https://acme.example/r/",
            Some("1.1"),
        ),
        (
            "https://acme.example/r/2.0/versions.json",
            "https://acme.example/r/",
            Some("2.0"),
        ),
        (
            "https://acme.example/r/list.json",
            "https://acme.example/r/",
            Some(""),
        ),
        (
            "https://acme.example/r/dev/list.json",
            "https://acme.example/r/dev/",
            Some(""),
        ),
        (
            "https://acme.example/versions.txt",
            "https://acme.example/",
            None,
        ),
        (
            "https://acme.example//r//1.1//",
            "https://acme.example/r/",
            Some("1.1"),
        ),
        (
            "https://acme.example/r/?utm=1#top",
            "https://acme.example/r/",
            None,
        ),
        ("<https://acme.example/r/>", "https://acme.example/r/", None),
    ] {
        let address = root_of(pasted).unwrap();
        assert_eq!(
            (address.root.as_str(), address.start.as_deref()),
            (root, start),
            "{pasted}"
        );
    }
}

#[test]
fn other_texts_are_no_address() {
    for (pasted, error) in [
        ("", AddressError::Empty),
        (" \u{feff}\n", AddressError::Empty),
        ("ftp://acme.example/", AddressError::Scheme),
        ("file:///etc/passwd", AddressError::Scheme),
        ("javascript:alert(1)", AddressError::Scheme),
        ("mailto:a@acme.example", AddressError::Credentials),
        ("https://", AddressError::NoHost),
        ("https:///1.0/", AddressError::NoHost),
        ("https://:8080/", AddressError::NoHost),
        ("acme example", AddressError::WhiteSpace),
        (
            "https://a.example/ https://b.example/",
            AddressError::WhiteSpace,
        ),
        (
            "https://user:secret@acme.example/",
            AddressError::Credentials,
        ),
    ] {
        assert_eq!(root_of(pasted), Err(error), "{pasted}");
        assert!(!error.hint().is_empty());
    }
}

#[test]
fn understood_folders_come_first_newest_first() {
    let order = |text: &str| versions_to_try(text).join(" ");
    assert_eq!(order(""), "1.1 1.0");
    assert_eq!(order("1.0\n1.1\n"), "1.1 1.0");
    assert_eq!(order("1.0\n"), "1.0 1.1");
    assert_eq!(
        order("main\r\n1.0\r\nfeature_dependency_update\r\n"),
        "1.0 1.1 main feature_dependency_update"
    );
    assert_eq!(order("dev"), "1.1 1.0 dev");
    // Forms that we do not know are tried like any other folder.
    assert_eq!(order("1.0\n1.1\n1.2\n2.0\n"), "1.1 1.0 1.2 2.0");
    assert_eq!(order("\u{feff}1.0\n\n 1.0 \n1.0"), "1.0 1.1");
}

#[test]
fn a_hostile_versions_file_leads_nowhere() {
    let order = |text: &str| versions_to_try(text).join(" ");
    assert_eq!(
        order("..\n.\n../x\na/b\na\\b\nhttp://x\n%2e%2e\nx?y\nx#y\nok\n"),
        "1.1 1.0 ok"
    );
    assert_eq!(order("<!doctype html>\n<title>404</title>\n"), "1.1 1.0");
    let many: Vec<String> = (0..5000).map(|number| format!("branch{number}")).collect();
    assert_eq!(versions_to_try(&many.join("\n")).len(), 22);
    assert_eq!(versions_to_try(&"x".repeat(10_000_000)).len(), 2);
    assert_eq!(versions_to_try(&"é".repeat(40_000)).len(), 2);
}
