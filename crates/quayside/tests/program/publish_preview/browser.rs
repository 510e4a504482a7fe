//! A preview in a browser: the page follows the folder by itself.

use testkit::{Browser, wait_for, wait_until};
use thirtyfour::prelude::*;

use super::{Preview, desk};

/// The text of the first element that can be seen, once there is one.
async fn find(browser: &Browser, xpath: &str) -> String {
    wait_for(&format!("something at {xpath}"), async || {
        let found = browser.driver().find(By::XPath(xpath)).await.ok()?;
        let is_shown = found.is_displayed().await.unwrap_or(false);
        if is_shown {
            found.text().await.ok()
        } else {
            None
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_follows_what_is_saved() {
    let desk = desk();
    let preview = Preview::start(&desk).await;
    let browser = Browser::start(1200, 900).await;
    let address = format!("http://{}/", preview.host);
    browser.driver().goto(&address).await.unwrap();
    find(&browser, "//h3[normalize-space()='Anchor']").await;
    desk.workspace("registry/workspaces/anchor", "Kedge");
    find(&browser, "//h3[normalize-space()='Kedge']").await;

    let panel = "//details[@class='quayside-preview']";
    desk.write(
        "registry/workspaces/buoy/workspace.json",
        "{\"friendly_name\": \"<b>Buoy\"",
    );
    let told = format!("{panel}//pre[contains(., 'workspaces/buoy/workspace.json:1:')]");
    find(&browser, &told).await;
    let bold = By::Css(".quayside-preview b");
    assert!(browser.driver().find_all(bold).await.unwrap().is_empty());
    desk.write("registry/registry.toml", "name = ");
    let broken = format!("{panel}//pre[contains(., 'registry.toml:1:')]");
    find(&browser, &broken).await;
    find(&browser, "//h3[normalize-space()='Kedge']").await;

    desk.write(
        "registry/registry.toml",
        "name = \"Haven\"\nlist_url = \"https://registry.example/\"\nschema = \"1.1\"\n",
    );
    std::fs::remove_dir_all(desk.path("registry/workspaces/buoy")).unwrap();
    wait_until("the panel's end", async || {
        let errors = By::XPath(format!("{panel}[@data-worst='error']"));
        let panels = browser.driver().find_all(errors).await;
        let title = browser.driver().title().await;
        panels.is_ok_and(|panels| panels.is_empty())
            && title.is_ok_and(|title| title.contains("Haven"))
    })
    .await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
}
