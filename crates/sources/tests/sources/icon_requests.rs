//! Where icons are asked for, and with what.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};
use sources::{
    Credentials,
    icons::{FetchedIcon, IconBase, IconError, IconReader},
};
use url::Url;

use crate::{
    server::{Reply, Server},
    site::{client, site},
};

fn base(root: &str, folder: &str) -> IconBase {
    let root: Url = root.parse().unwrap();
    IconBase {
        address: root.clone(),
        root,
        folder: folder.to_owned(),
        from_public: false,
        credentials: None,
    }
}

fn png() -> Reply {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(4, 4)
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    Reply::ok(bytes.into_inner())
}

#[test]
fn an_icon_is_a_file_below_the_folder() {
    let base = base("https://a.example/r/", "1.1");
    for (image_src, expected) in [
        ("a.png", "https://a.example/r/1.1/icons/a.png"),
        (" a b.png ", "https://a.example/r/1.1/icons/a%20b.png"),
        ("sub/a.png", "https://a.example/r/1.1/icons/sub/a.png"),
        ("50%.png", "https://a.example/r/1.1/icons/50%25.png"),
        ("a?b#c.png", "https://a.example/r/1.1/icons/a%3Fb%23c.png"),
        (
            "Größe.png",
            "https://a.example/r/1.1/icons/Gr%C3%B6%C3%9Fe.png",
        ),
        ("a\\b.png", "https://a.example/r/1.1/icons/a%5Cb.png"),
        ("https://a.example/x.png", "https://a.example/x.png"),
    ] {
        assert_eq!(base.icon_url(image_src).unwrap().as_str(), expected);
    }
    for image_src in [
        "",
        "   ",
        ".",
        "../index.html",
        "a/../../b.png",
        "/etc/passwd",
        "a//b.png",
        "blob:https://a.example/1234",
        "data:image/png;base64,AAAA",
        "https://b.example/x.png",
        "http://a.example/x.png",
        "javascript:alert(1)",
        "a\nb.png",
    ] {
        let result = base.icon_url(image_src);
        assert!(
            matches!(result, Err(IconError::NotAFile(_))),
            "{image_src}: {result:?}"
        );
    }
}

#[test]
fn a_logo_is_looked_for_where_sites_put_it() {
    let base = base("https://a.example/r/", "1.1");
    for (icon, expected) in [
        (
            "/img/logo.svg",
            &[
                "https://a.example/r/1.1/img/logo.svg",
                "https://a.example/img/logo.svg",
            ][..],
        ),
        ("logo.jpg", &["https://a.example/r/1.1/logo.jpg"]),
        ("https://b.example/l.png", &["https://b.example/l.png"]),
    ] {
        let urls = base.logo_urls(icon).unwrap();
        let urls: Vec<&str> = urls.iter().map(Url::as_str).collect();
        assert_eq!(urls, expected);
    }
    for icon in [
        "",
        "../x.png",
        "data:image/png,x",
        "blob:x",
        "//b.example/x",
    ] {
        let urls = base.logo_urls(icon);
        let outside =
            urls.is_ok_and(|urls| urls.iter().any(|url| url.host_str() != Some("a.example")));
        assert!(!outside, "{icon}");
    }
}

#[tokio::test]
async fn icons_are_fetched_and_judged_by_their_bytes() {
    let server = site([
        ("/1.1/icons/a%20b.png", png()),
        (
            "/1.1/icons/page.png",
            Reply::ok("<html>404</html>").header("Content-Type", "image/png"),
        ),
        ("/1.1/icons/endless.png", Reply::ok(vec![0; 4096]).endless()),
        ("/1.1/icons/down.png", Reply::new(500, "")),
        (
            "/img/logo.svg",
            Reply::ok("<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0h9'/></svg>"),
        ),
    ])
    .await;
    let reader = IconReader::new(client());
    let base = base(server.url("/").as_str(), "1.1");
    assert_eq!(
        media_type(reader.fetch(&base, "a b.png", None).await.unwrap()),
        "image/png"
    );
    let logo = reader.fetch_logo(&base, "/img/logo.svg", None).await;
    assert_eq!(media_type(logo.unwrap()), "image/svg+xml");

    let error = reader.fetch(&base, "page.png", None).await.unwrap_err();
    assert!(matches!(error, IconError::HtmlPage));
    let error = reader.fetch(&base, "endless.png", None).await.unwrap_err();
    assert!(matches!(error, IconError::TooLarge { limit: 2_097_152 }));
    let error = reader.fetch(&base, "down.png", None).await.unwrap_err();
    assert!(matches!(error, IconError::Status { status: 500, .. }));
    let error = reader.fetch(&base, "missing.png", None).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "the registry has no file at {}",
            server.url("/1.1/icons/missing.png")
        )
    );
}

fn media_type(fetched: FetchedIcon) -> &'static str {
    match fetched {
        FetchedIcon::Found { icon, .. } => icon.media_type,
        FetchedIcon::Unchanged => "unchanged",
    }
}

#[tokio::test]
async fn an_icon_that_is_known_is_asked_for_by_its_tag() {
    let server = Server::start(|asked| match asked.header("if-none-match") {
        Some("\"1\"") => Reply::new(304, ""),
        _ => png().header("ETag", "\"1\""),
    })
    .await;
    let reader = IconReader::new(client());
    let base = base(server.url("/").as_str(), "");
    let first = reader.fetch(&base, "a.png", None).await.unwrap();
    let FetchedIcon::Found { etag, .. } = first else {
        panic!("{first:?}");
    };
    assert_eq!(etag.as_deref(), Some("\"1\""));
    let again = reader.fetch(&base, "a.png", etag.as_deref()).await;
    assert_eq!(again.unwrap(), FetchedIcon::Unchanged);
    let logo = reader.fetch_logo(&base, "/a.png", etag.as_deref()).await;
    assert_eq!(logo.unwrap(), FetchedIcon::Unchanged);
    let other = reader.fetch(&base, "a.png", Some("\"0\"")).await.unwrap();
    assert_eq!(media_type(other), "image/png");
    // What cannot be a header is not sent.
    assert!(reader.fetch(&base, "a.png", Some("\n")).await.is_ok());
}

#[tokio::test]
async fn a_public_registry_cannot_name_an_inside_address() {
    let server = Server::start(|_| png()).await;
    let reader = IconReader::new(client());
    let mut base = base(server.url("/").as_str(), "");
    let logo = server.url("/logo.png");
    assert!(reader.fetch_logo(&base, logo.as_str(), None).await.is_ok());
    base.from_public = true;
    let error = reader
        .fetch_logo(&base, logo.as_str(), None)
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        IconError::Fetch(outbound::FetchError::Address { .. })
    ));
    assert!(reader.fetch(&base, "a.png", None).await.is_err());
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn credentials_go_to_the_registry_itself_only() {
    let own = Server::start(|_| png()).await;
    let other = Server::start(|_| png()).await;
    let reader = IconReader::new(client());
    let mut base = base(own.url("/").as_str(), "");
    base.credentials = Some(Credentials {
        username: "ann".to_owned(),
        password: "secret".into(),
    });
    reader.fetch(&base, "a.png", None).await.unwrap();
    reader
        .fetch_logo(&base, other.url("/logo.png").as_str(), None)
        .await
        .unwrap();
    // The list was redirected to another origin: its icons lie there.
    base.root = other.url("/moved/");
    reader.fetch(&base, "b.png", None).await.unwrap();
    assert!(own.asked()[0].header("authorization").is_some());
    assert_eq!(other.asked().len(), 2);
    assert!(
        other
            .asked()
            .iter()
            .all(|asked| asked.header("authorization").is_none())
    );
}
