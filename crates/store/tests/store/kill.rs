//! What was acknowledged survives a kill of the process.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use store::Store;

use crate::support::{NOW, header, listing, new_listing, new_registry, registry};

/// Names the database for the process that is to be killed.
const VICTIM: &str = "QUAYSIDE_STORE_VICTIM";

#[tokio::test]
async fn acknowledged_registries_survive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("test.sqlite").display());
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::victim", "--nocapture"])
        .env(VICTIM, &url)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(victim.stdout.take().unwrap());
    let acknowledged = output
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("acknowledged ")?.parse::<u128>().ok())
        .take(20)
        .last()
        .unwrap();
    victim.kill().unwrap();
    victim.wait().unwrap();

    let store = Store::open(&url).await.unwrap();
    for number in 1..=acknowledged {
        let row = store.registries().find(registry(number)).await.unwrap();
        let row = row.unwrap_or_else(|| panic!("registry {number} is lost"));
        assert_eq!(row.listing_count, 150);
        let last = store
            .listings()
            .find(listing(number * 1_000 + 150))
            .await
            .unwrap();
        assert!(last.is_some(), "a listing of registry {number} is lost");
    }
    // What was cut off is there in whole or not at all.
    for row in store.registries().list().await.unwrap() {
        let listings = store.listings().identities(row.id).await.unwrap();
        assert_eq!(listings.len(), 150);
    }
    store.close().await.unwrap();
}

/// Writes until it is killed; does nothing where nobody asks it to.
#[tokio::test]
async fn victim() {
    let Ok(url) = std::env::var(VICTIM) else {
        return;
    };
    let store = Store::open(&url).await.unwrap();
    for number in 1.. {
        let listings = (1..=150_u8)
            .map(|each| {
                let id = number * 1_000 + u128::from(each);
                new_listing(id, "Chromium", each.into())
            })
            .collect();
        store
            .registries()
            .insert_with_listings(new_registry(number), header("One"), listings, NOW)
            .await
            .unwrap();
        let mut output = std::io::stdout();
        writeln!(output, "\nacknowledged {number}").unwrap();
        output.flush().unwrap();
    }
}
