//! Asks what only the network knows of a registry.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use diagnostics::Diagnostic;
use images::ImageError;
use model::ImageReference;
use outbound::{Client, ClientConfig, Reach, Request};
use publish::online::{
    AddressAnswer, AddressQuestion, ImageAnswer, ImageQuestion, judge, questions,
};
use publish::{Config, SourceTree};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use url::Url;

use super::image_sizes::{ImageSizes, Precision, image_registry};

/// So many questions are asked at once.
const AT_ONCE: usize = 8;
/// The longest that an address may take to answer.
const ADDRESS_TIME: Duration = Duration::from_secs(20);
/// The longest that one image registry may make us wait.
const PATIENCE: Duration = Duration::from_mins(5);

/// Asks image registries and web servers about everything that a registry names, and says what is wrong.
pub(super) async fn check_online(
    tree: &dyn SourceTree,
    config: Option<&Config>,
) -> anyhow::Result<Vec<Diagnostic>> {
    let asked = questions(tree, config).context("failed to read the registry")?;
    let sizes = ImageSizes::new(image_registry(Vec::new())?, PATIENCE, Precision::Estimate);
    let images = ask_images(Arc::new(sizes), asked.images).await?;
    let client =
        Client::new(ClientConfig::default()).context("failed to set up the HTTP client")?;
    let addresses = ask_addresses(client, asked.addresses).await?;
    Ok(judge(config, &images, &addresses))
}

/// What is asked of an image registry: equal questions are asked once.
type Key = (ImageReference, Vec<String>, bool);

async fn ask_images(
    sizes: Arc<ImageSizes>,
    asked: Vec<ImageQuestion>,
) -> anyhow::Result<Vec<(ImageQuestion, ImageAnswer)>> {
    let mut equal: BTreeMap<Key, Vec<ImageQuestion>> = BTreeMap::new();
    for question in asked {
        let key = (
            question.image.clone(),
            question.architectures.clone(),
            question.stated_mb.is_some(),
        );
        equal.entry(key).or_default().push(question);
    }
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for (key, questions) in equal {
        let (sizes, turns) = (Arc::clone(&sizes), Arc::clone(&turns));
        running.spawn(async move {
            let _turn = turns.acquire_owned().await;
            let answer = ask_image(&sizes, &key).await;
            (questions, answer)
        });
    }
    let mut answered = Vec::new();
    while let Some(done) = running.join_next().await {
        let (questions, answer) = done?;
        answered.extend(
            questions
                .into_iter()
                .map(|question| (question, answer.clone())),
        );
    }
    Ok(answered)
}

async fn ask_image(sizes: &ImageSizes, (image, architectures, with_size): &Key) -> ImageAnswer {
    let measured = if *with_size {
        sizes.measure(image, architectures).await
    } else {
        sizes.look(image).await
    };
    match measured {
        Ok(measured) => ImageAnswer::Offered {
            architectures: measured.offered,
            bytes: measured.bytes,
        },
        Err(ImageError::NotFound { .. }) => ImageAnswer::NotFound,
        Err(ImageError::WrongArchitecture { .. }) => ImageAnswer::Offered {
            architectures: Vec::new(),
            bytes: None,
        },
        Err(error) => ImageAnswer::Untold(error.to_string()),
    }
}

async fn ask_addresses(
    client: Client,
    asked: Vec<AddressQuestion>,
) -> anyhow::Result<Vec<(AddressQuestion, AddressAnswer)>> {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for question in asked {
        let (client, turns) = (client.clone(), Arc::clone(&turns));
        running.spawn(async move {
            let _turn = turns.acquire_owned().await;
            let answer = ask_address(&client, &question.address).await;
            (question, answer)
        });
    }
    let mut answered = Vec::new();
    while let Some(done) = running.join_next().await {
        answered.push(done?);
    }
    Ok(answered)
}

async fn ask_address(client: &Client, address: &str) -> AddressAnswer {
    let Ok(url) = Url::parse(address) else {
        return AddressAnswer::NotReached("it is no address".to_owned());
    };
    // A GET whose body is not read: some servers refuse HEAD.
    let request = Request::get(url, Reach::Typed).deadline(ADDRESS_TIME);
    match client.open(request).await {
        Ok(answer) if answer.status.is_success() => AddressAnswer::Reached,
        Ok(answer) => AddressAnswer::NotReached(format!("the answer is {}", answer.status)),
        Err(error) => AddressAnswer::NotReached(error.to_string()),
    }
}
