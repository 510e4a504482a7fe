use std::time::Duration;

use data_encoding::BASE64;
use images::{Credentials, ImageCause, ImageError};
use secrecy::SecretString;
use serde_json::json;

use crate::fake_registry::{
    FakeRegistry, Fault, Lock, OCI_INDEX, OCI_MANIFEST, client, digest_of, noise,
};
use crate::http_server::Reply;

fn ann() -> Credentials {
    Credentials {
        username: "ann".to_owned(),
        password: SecretString::from("secret"),
    }
}

fn basic_of_ann() -> String {
    format!("Basic {}", BASE64.encode(b"ann:secret"))
}

#[tokio::test]
async fn a_tag_leads_to_the_images_of_both_platforms() {
    let fake = FakeRegistry::start().await;
    let (shared, own) = (noise(1, 300), noise(2, 200));
    let amd64 = fake.image(
        "x/y",
        None,
        "linux/amd64",
        &[shared.clone(), own.clone(), shared.clone()],
    );
    let arm64 = fake.image("x/y", None, "linux/arm64", std::slice::from_ref(&shared));
    let windows = fake.image("x/y", None, "windows/amd64", &[]);
    let index = fake.index("x/y", "1", &[&windows, &arm64, &amd64]);

    let resolved = client()
        .resolve(&fake.reference("x/y:1"), None)
        .await
        .unwrap();

    // The fake lies in `Docker-Content-Digest`, which therefore counted for nothing.
    assert_eq!(resolved.digest, index);
    assert_eq!(resolved.media_type, OCI_INDEX);
    let names: Vec<&str> = resolved
        .platforms
        .iter()
        .map(|image| image.architecture.as_str())
        .collect();
    assert_eq!(names, ["amd64", "arm64"]);
    let first = &resolved.platforms[0];
    assert_eq!(
        (&first.manifest, &first.config),
        (&amd64.manifest, &amd64.config)
    );
    let layers: Vec<_> = first
        .layers
        .iter()
        .map(|layer| (layer.digest.clone(), layer.size))
        .collect();
    assert_eq!(
        layers,
        [
            (digest_of(&shared), 300),
            (digest_of(&own), 200),
            (digest_of(&shared), 300)
        ]
    );
    assert_eq!(first.layer_bytes(), 500);
}

#[tokio::test]
async fn an_image_without_an_index_is_for_its_configs_platform() {
    let fake = FakeRegistry::start().await;
    let image = fake.image("x/y", Some("latest"), "linux/arm64", &[noise(1, 10)]);
    fake.image("x/y", Some("other"), "windows/amd64", &[]);

    let resolved = client()
        .resolve(&fake.reference("x/y"), None)
        .await
        .unwrap();
    assert_eq!(resolved.digest, image.manifest);
    assert_eq!(resolved.media_type, OCI_MANIFEST);
    assert_eq!(resolved.platforms.len(), 1);
    assert_eq!(resolved.platforms[0].architecture, "arm64");

    let error = client()
        .resolve(&fake.reference("x/y:other"), None)
        .await
        .unwrap_err();
    assert_eq!(error.cause(), ImageCause::WrongArchitecture);
    assert!(
        error.to_string().contains("only for windows/amd64"),
        "{error}"
    );
}

#[tokio::test]
async fn docker_media_types_and_unlabelled_entries_are_understood() {
    let fake = FakeRegistry::start().await;
    let image = fake.image("x/y", None, "linux/amd64", &[]);
    let size = fake.image("x/y", Some("plain"), "linux/amd64", &[]);
    assert_eq!(image.manifest, size.manifest);
    let length = client()
        .resolve(&fake.reference("x/y:plain"), None)
        .await
        .unwrap()
        .platforms[0]
        .manifest_size;
    let list = "application/vnd.docker.distribution.manifest.list.v2+json";
    let document = json!({
        "schemaVersion": 2,
        "mediaType": list,
        "manifests": [{"mediaType": OCI_MANIFEST, "digest": image.manifest, "size": length}],
    });
    fake.document("x/y", Some("list"), list, &document);

    let resolved = client()
        .resolve(&fake.reference("x/y:list"), None)
        .await
        .unwrap();
    assert_eq!(resolved.media_type, list);
    assert_eq!(resolved.platforms[0].architecture, "amd64");
}

#[tokio::test]
async fn content_that_differs_from_its_digest_is_refused() {
    let fake = FakeRegistry::start().await;
    let image = fake.image("x/y", Some("1"), "linux/amd64", &[]);
    let forged = || Reply::new(200, r#"{"schemaVersion":2,"manifests":[]}"#);
    fake.fault(image.manifest.as_str(), Fault::Instead(Box::new(forged)));
    let pinned = fake.reference(&format!("x/y@{}", image.manifest));
    let error = client().resolve(&pinned, None).await.unwrap_err();
    assert_eq!(error.cause(), ImageCause::DigestMismatch);

    for fault in [Fault::Corrupt, Fault::Longer(true), Fault::Longer(false)] {
        fake.fault(image.config.as_str(), fault);
        let error = client()
            .resolve(&fake.reference("x/y:1"), None)
            .await
            .unwrap_err();
        assert_eq!(error.cause(), ImageCause::DigestMismatch, "{error}");
    }
}

#[tokio::test]
async fn a_manifest_of_more_than_4_mib_is_refused() {
    let fake = FakeRegistry::start().await;
    fake.fault(
        "1",
        Fault::Instead(Box::new(|| {
            Reply::new(200, vec![b' '; 4 * 1024 * 1024 + 1])
        })),
    );
    let error = client()
        .resolve(&fake.reference("x/y:1"), None)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("larger than"), "{error}");
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let fake = FakeRegistry::start().await;
    let client = client();
    let resolve = async |tag: &str, reply: fn() -> Reply| {
        fake.fault(tag, Fault::Instead(Box::new(reply)));
        client
            .resolve(&fake.reference(&format!("x/y:{tag}")), None)
            .await
            .unwrap_err()
    };
    let error = resolve("a", || Reply::new(404, "")).await;
    assert_eq!(error.cause(), ImageCause::NotFound);
    assert!(error.to_string().contains("x/y:a"), "{error}");
    let reply = || {
        Reply::new(
            403,
            r#"{"errors":[{"code":"DENIED","message":"not \u001byours"}]}"#,
        )
    };
    let error = resolve("b", reply).await;
    assert_eq!(error.cause(), ImageCause::Denied);
    assert!(error.to_string().ends_with(": not yours"), "{error}");
    let error = resolve("c", || Reply::new(429, "").header("retry-after", "7")).await;
    assert_eq!(error.cause(), ImageCause::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    let error = resolve("d", || Reply::new(503, "").header("retry-after", "8")).await;
    assert_eq!(error.cause(), ImageCause::Other);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(8)));
    let error = resolve("e", || Reply::new(200, "<html>")).await;
    assert!(matches!(error, ImageError::Unusable { .. }), "{error}");
}

#[tokio::test]
async fn one_token_serves_all_requests_to_a_repository() {
    let fake = FakeRegistry::start().await;
    let image = fake.image("x/y", None, "linux/amd64", &[]);
    fake.index("x/y", "1", &[&image]);
    let realm = fake.url("/token");
    fake.state.lock().unwrap().lock = Lock::Bearer {
        realm,
        token: "t1".to_owned(),
    };
    fake.fault(
        "token",
        Fault::Instead(Box::new(|| {
            Reply::new(200, r#"{"token":"t1","expires_in":300}"#)
        })),
    );

    let client = client();
    let reference = fake.reference("x/y:1");
    client.resolve(&reference, Some(&ann())).await.unwrap();
    client.resolve(&reference, Some(&ann())).await.unwrap();

    let asked = fake.requests("/token");
    assert_eq!(asked.len(), 1);
    // The challenge asked for another repository, and to push.
    assert_eq!(
        asked[0].query,
        "service=fake&scope=repository%3Ax%2Fy%3Apull"
    );
    assert_eq!(asked[0].authorization, Some(basic_of_ann()));

    // Another account starts anew, and a token that is no longer good is replaced once.
    fake.fault(
        "token",
        Fault::Instead(Box::new(|| Reply::new(200, r#"{"access_token":"t1"}"#))),
    );
    client.resolve(&reference, None).await.unwrap();
    assert_eq!(fake.requests("/token")[1].authorization, None);
    let realm = fake.url("/token");
    fake.state.lock().unwrap().lock = Lock::Bearer {
        realm,
        token: "t2".to_owned(),
    };
    for _ in 0..2 {
        fake.fault(
            "token",
            Fault::Instead(Box::new(|| {
                Reply::new(200, r#"{"token":"t2","expires_in":300}"#)
            })),
        );
    }
    client.resolve(&reference, Some(&ann())).await.unwrap();
    assert_eq!(fake.requests("/token").len(), 3);
}

#[tokio::test]
async fn tokens_that_do_not_help_end_in_a_refusal() {
    let fake = FakeRegistry::start().await;
    let reference = fake.reference("x/y:1");
    let realm = fake.url("/token");
    fake.state.lock().unwrap().lock = Lock::Bearer {
        realm,
        token: "good".to_owned(),
    };
    fake.fault(
        "token",
        Fault::Instead(Box::new(|| Reply::new(200, r#"{"token":"bad"}"#))),
    );
    let error = client().resolve(&reference, None).await.unwrap_err();
    assert_eq!(error.cause(), ImageCause::Denied);
    fake.fault("token", Fault::Instead(Box::new(|| Reply::new(401, ""))));
    let error = client()
        .resolve(&reference, Some(&ann()))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("password is wrong"), "{error}");
    fake.fault(
        "token",
        Fault::Instead(Box::new(|| Reply::new(200, r#"{"token":"a\r\nb"}"#))),
    );
    let error = client().resolve(&reference, None).await.unwrap_err();
    assert!(matches!(error, ImageError::Unusable { .. }), "{error}");
}

#[tokio::test]
async fn a_token_server_elsewhere_is_not_asked_over_http_and_never_shown_the_password() {
    let fake = FakeRegistry::start().await;
    let lock = |realm: String| Lock::Bearer {
        realm,
        token: "t".to_owned(),
    };
    fake.state.lock().unwrap().lock = lock("http://token.example/token".to_owned());
    let error = client()
        .resolve(&fake.reference("x/y:1"), Some(&ann()))
        .await
        .unwrap_err();
    assert_eq!(error.cause(), ImageCause::RefusedByPolicy);

    // Another name for this machine is another host.
    let elsewhere = fake.url("/token").replace("127.0.0.1", "localhost");
    fake.state.lock().unwrap().lock = lock(elsewhere);
    fake.image("x/y", Some("1"), "linux/amd64", &[]);
    fake.fault(
        "token",
        Fault::Instead(Box::new(|| Reply::new(200, r#"{"token":"t"}"#))),
    );
    client()
        .resolve(&fake.reference("x/y:1"), Some(&ann()))
        .await
        .unwrap();
    assert_eq!(fake.requests("/token")[0].authorization, None);
}

#[tokio::test]
async fn a_password_is_shown_where_it_is_asked_for() {
    let fake = FakeRegistry::start().await;
    fake.image("x/y", Some("1"), "linux/amd64", &[]);
    fake.state.lock().unwrap().lock = Lock::Basic {
        authorization: basic_of_ann(),
    };
    let reference = fake.reference("x/y:1");
    let error = client().resolve(&reference, None).await.unwrap_err();
    assert_eq!(error.cause(), ImageCause::Denied);
    assert!(error.to_string().contains("wants a user name"), "{error}");
    client()
        .with_credentials(Some(ann()))
        .resolve(&reference, None)
        .await
        .unwrap();
}
