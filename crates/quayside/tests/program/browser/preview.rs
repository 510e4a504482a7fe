//! A preview in a browser: the page follows the folder by itself.

use testkit::{Browser, wait_until};
use thirtyfour::prelude::*;

use super::Pages;
use crate::publish_preview::{Preview, desk};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_follows_what_is_saved() {
    let desk = desk();
    let preview = Preview::start(&desk).await;
    let browser = Browser::start(1200, 900).await;
    let pages = Pages {
        browser: &browser,
        origin: format!("http://{}", preview.host),
    };
    pages.open("/").await;
    pages.find("//h3[normalize-space()='Anchor']").await;
    desk.workspace("registry/workspaces/anchor", "Kedge");
    pages.find("//h3[normalize-space()='Kedge']").await;

    let panel = "//details[@class='quayside-preview']";
    desk.write(
        "registry/workspaces/buoy/workspace.json",
        "{\"friendly_name\": \"<b>Buoy\"",
    );
    let text = pages
        .find(&format!("{panel}//pre"))
        .await
        .text()
        .await
        .unwrap();
    assert!(text.contains("workspaces/buoy/workspace.json:1:"), "{text}");
    assert_eq!(pages.count(".quayside-preview b").await, 0);
    desk.write("registry/registry.toml", "name = ");
    pages
        .find(&format!("{panel}//pre[contains(., 'registry.toml:1:')]"))
        .await;
    pages.find("//h3[normalize-space()='Kedge']").await;

    desk.write(
        "registry/registry.toml",
        "name = \"Haven\"\nlist_url = \"https://registry.example/\"\nschema = \"1.1\"\n[severity]\nicon-too-small = \"allow\"\n",
    );
    std::fs::remove_dir_all(desk.path("registry/workspaces/buoy")).unwrap();
    wait_until("the panel's end", async || {
        let panels = browser
            .driver()
            .find_all(By::XPath(format!("{panel}[@data-worst='error']")))
            .await;
        panels.is_ok_and(|panels| panels.is_empty())
            && browser
                .driver()
                .title()
                .await
                .is_ok_and(|title| title.contains("Haven"))
    })
    .await;
    pages.assert_quiet().await;
}
