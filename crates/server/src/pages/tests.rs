//! Every page, rendered from invented and from hostile data.

use api::{
    AgentContact, FieldError, HealthState, ListingsQuery, Outcome, PlacementState, Problem, Step,
    StepReport, WorkspaceState,
};
use askama::Template;
use ui::EditForm;
use url::Url;

use super::agents::view::{AgentsFragment, AgentsPage};
use super::context::PageContext;
use super::edit::view::{EditPage, FindingsFragment};
use super::errors::view::{ErrorInside, ErrorPage};
use super::help::view::WarningsHelp;
use super::listing::view::{ListingPage, ReviewPage};
use super::password::view::FirstPassword;
use super::registries::view::{
    AddForm, AddRegistry, RegistriesPage, RegistryDetail, RemoveRegistry,
};
use super::registry::view::{
    ListingsFragment, RegistriesFragment, RegistryData, RegistryPage, SpaceFragment, TileFragment,
};
use super::samples;
use super::sign_in::view::{SignIn, SignInFailure, SignInLink};
use super::workspaces::definition::DefinitionPage;
use super::workspaces::view::{
    Forget, Uninstall, WorkspaceFragment, WorkspacesPage, WorkspacesQuery,
};

/// A text that every field of a stranger's JSON may hold.
const HOSTILE: &str =
    r#""><img src=x onerror=alert(1)><script>alert(2)</script>'style="x"</textarea></title>"#;

fn problem(text: &str) -> Problem {
    Problem {
        kind: "about:blank".to_owned(),
        title: "Unprocessable".to_owned(),
        status: 422,
        code: "registry-unreadable".to_owned(),
        detail: text.to_owned(),
        hint: Some(text.to_owned()),
        step: Some(Step::List),
        registry: None,
        errors: Vec::new(),
        request_id: Some("r-1".to_owned()),
    }
}

fn reports(text: &str) -> Vec<StepReport> {
    let report = |step, outcome, detail: &str, hint: Option<&str>| StepReport {
        step,
        outcome,
        detail: detail.to_owned(),
        hint: hint.map(str::to_owned),
        duration_ms: 38,
    };
    vec![
        report(Step::Address, Outcome::Passed, text, None),
        report(Step::Connection, Outcome::Passed, text, None),
        report(
            Step::Versions,
            Outcome::Warned,
            "There is no versions.txt",
            None,
        ),
        report(
            Step::List,
            Outcome::Failed,
            "1.1/list.json is not JSON",
            Some(text),
        ),
    ]
}

/// Every page and fragment, by name; `text` stands wherever a stranger's text may.
fn pages(context: &PageContext<'_>, text: &str) -> Vec<(&'static str, String)> {
    let mut registries = samples::registries();
    registries[1].name = text.to_owned();
    registries[2].health.detail = Some(text.to_owned());
    registries[2].set_aside[0].reason = text.to_owned();
    let mut listings = samples::listings();
    listings[1].friendly_name = text.to_owned();
    listings[1].description = Some(text.to_owned());
    listings[1].categories = vec![text.to_owned()];
    listings[1].findings[2].property = text.to_owned();
    listings[1].findings[2].value = text.to_owned();
    listings[1].findings[2].id = text.to_owned();
    let flagged = listings[1].clone();
    let paged = samples::paged(listings);
    let space = samples::space();
    let query = ListingsQuery {
        search: Some(text.to_owned()),
        category: Some(text.to_owned()),
        ..ListingsQuery::default()
    };
    let data = RegistryData {
        registries: &registries,
        listings: &paged,
        query: &query,
        space: &space,
        first_party_gone: Some(text),
        loading: false,
    };
    let mut detail = samples::detail(flagged.clone());
    detail.json =
        samples::raw(&serde_json::json!({ text: text, "run_config": { text: 1 } }).to_string());
    let mut workspaces = samples::workspaces();
    workspaces[1].friendly_name = text.to_owned();
    workspaces[1].image = text.to_owned();
    workspaces[1].placements[2].detail = Some(text.to_owned());
    let mut agents = samples::agents();
    let address = Url::parse("http://127.0.0.1:8080/").unwrap();
    agents[1].name = text.to_owned();
    agents[1].images[0].references[0] = text.to_owned();
    let kept = [samples::kept(text)];
    agents[1].kept = kept.to_vec();
    let filters = WorkspacesQuery {
        search: String::new(),
        ..WorkspacesQuery::default()
    };
    let add = AddForm {
        url: text.to_owned(),
        username: text.to_owned(),
        ..AddForm::default()
    };
    let form = EditForm {
        run_config: text.to_owned(),
        ..EditForm::of_listing(&detail)
    };
    let installed_form = EditForm::of_workspace(&workspaces[1]);
    let errors = [FieldError {
        pointer: "/run_config".to_owned(),
        code: "json".to_owned(),
        detail: format!("Line 2, column 3: {text}"),
        hint: None,
    }];
    let problem = problem(text);
    let reports = reports(text);
    let too_many = SignInFailure::TooMany {
        retry_after_seconds: 61,
    };
    let registry = Some(&registries[1]);
    let forms = samples::forms(text);
    let views: Vec<(&'static str, Result<String, askama::Error>)> = vec![
        ("registry", RegistryPage::new(context, &data).render()),
        ("listings-fragment", ListingsFragment::new(&data).render()),
        (
            "tile-fragment",
            TileFragment::new(&flagged, Some("mailto:a@b"), &space).render(),
        ),
        (
            "registries-fragment",
            RegistriesFragment::new(context, &registries, &query).render(),
        ),
        ("space-fragment", SpaceFragment::new(&space).render()),
        (
            "registries",
            RegistriesPage::new(context, &registries, "").render(),
        ),
        (
            "add-registry",
            AddRegistry::new(context, &add, &reports, Some(&problem), Some(text)).render(),
        ),
        (
            "registry-detail",
            RegistryDetail::new(context, &registries[2], &paged.items).render(),
        ),
        (
            "remove-registry",
            RemoveRegistry::new(context, &registries[1], &workspaces).render(),
        ),
        (
            "listing",
            ListingPage::new(context, &detail, registry, &space).render(),
        ),
        (
            "review",
            ReviewPage::new(context, &detail, registry).render(),
        ),
        (
            "edit",
            EditPage::for_listing(context, &detail, registry, &form, &errors, false).render(),
        ),
        (
            "edit-workspace",
            EditPage::for_workspace(context, &workspaces[1], registry, &installed_form, &[])
                .render(),
        ),
        (
            "findings-fragment",
            FindingsFragment::new(&flagged.findings, &errors).render(),
        ),
        (
            "workspaces",
            WorkspacesPage::new(context, &workspaces, &kept, &filters).render(),
        ),
        (
            "workspace-fragment",
            WorkspaceFragment::new(context, &workspaces[1]).render(),
        ),
        (
            "definition",
            DefinitionPage::new(context, &workspaces[1], &forms).render(),
        ),
        (
            "uninstall",
            Uninstall::new(context, &workspaces[1]).render(),
        ),
        ("forget", Forget::new(context, &workspaces[1]).render()),
        (
            "agents",
            AgentsPage::new(context, &agents, &address).render(),
        ),
        (
            "agents-fragment",
            AgentsFragment::new(context, &agents).render(),
        ),
        ("help-warnings", WarningsHelp::new(context).render()),
        (
            "sign-in",
            SignIn::new(context, text, text, text, Some(too_many)).render(),
        ),
        (
            "sign-in-link",
            SignInLink::new(context, text, true).render(),
        ),
        (
            "password",
            FirstPassword::new(context, text, Some(text)).render(),
        ),
        ("not-found", ErrorPage::not_found(context).render()),
        (
            "server-error",
            ErrorPage::server_error(context, text).render(),
        ),
        (
            "too-many-requests",
            ErrorPage::too_many_requests(context, "This was asked too often.", 61).render(),
        ),
        ("problem", ErrorPage::problem(context, &problem).render()),
        (
            "problem-inside",
            ErrorInside::new(ErrorPage::problem(context, &problem)).render(),
        ),
    ];
    let rendered = |(name, view): (&'static str, Result<String, askama::Error>)| {
        (name, view.expect("views render"))
    };
    views.into_iter().map(rendered).collect()
}

/// The tags of a page, as the browser would read them: quoted values may hold any sign.
fn tags(html: &str) -> Vec<&str> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start..];
        let mut quote = None;
        let end = tag.find(|sign| match (quote, sign) {
            (None, '"' | '\'') => {
                quote = Some(sign);
                false
            }
            (Some(open), sign) if open == sign => {
                quote = None;
                false
            }
            (None, '>') => true,
            _ => false,
        });
        let end = end.unwrap_or_else(|| panic!("a tag that does not end: {tag:.80}"));
        tags.push(&tag[..=end]);
        rest = &tag[end + 1..];
    }
    tags
}

/// Names and values of a tag's attributes.
fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut attributes = Vec::new();
    let inner = tag
        .trim_start_matches('<')
        .trim_end_matches('>')
        .trim_end_matches('/');
    let mut rest = inner
        .split_once(char::is_whitespace)
        .map_or("", |(_, rest)| rest)
        .trim_start();
    while !rest.is_empty() {
        let end = rest
            .find(|sign: char| sign == '=' || sign.is_whitespace())
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix("=\"") {
            Some(quoted) => quoted.split_once('"').expect("quotes close"),
            None => ("", after),
        };
        attributes.push((name, value));
        rest = after.trim_start();
    }
    attributes
}

#[test]
fn no_page_carries_script_or_style() {
    for text in ["Blender", HOSTILE] {
        for (page, html) in pages(&samples::context(), text) {
            assert!(
                !html.contains("<style") && !html.contains("<img src=x"),
                "{page}"
            );
            for tag in tags(&html) {
                if tag.starts_with("<script") {
                    assert!(
                        tag.starts_with("<script type=\"module\" src=\"/assets/"),
                        "{page}: {tag}"
                    );
                }
                for (name, value) in attributes(tag) {
                    let name = name.to_ascii_lowercase();
                    assert!(name != "style" && !name.starts_with("on"), "{page}: {tag}");
                    if matches!(name.as_str(), "href" | "src" | "action" | "formaction") {
                        let value = value.trim().to_ascii_lowercase();
                        assert!(
                            !value.starts_with("javascript:") && !value.starts_with("data:"),
                            "{page}: {tag}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    for (page, html) in pages(&samples::context(), "Blender") {
        for tag in tags(&html) {
            for (name, value) in attributes(tag) {
                let loads = name == "src" || (tag.starts_with("<link") && name == "href");
                assert!(
                    !loads || (value.starts_with('/') && !value.starts_with("//")),
                    "{page}: {tag}"
                );
            }
        }
    }
}

#[test]
fn every_change_carries_the_token() {
    for (page, html) in pages(&samples::context(), "Blender") {
        let mut inside = None;
        for tag in tags(&html) {
            if tag.starts_with("<form") {
                inside = tag.contains("method=\"post\"").then_some(tag);
            } else if tag.contains("name=\"csrf\" value=\"token\"") {
                inside = None;
            } else if tag == "</form>" {
                assert_eq!(inside, None, "{page}");
            }
        }
        if html.contains("form=\"act\"") && html.starts_with("<!doctype html>") {
            assert!(html.contains("<form id=\"act\" method=\"post\""), "{page}");
        }
    }
}

#[test]
fn controls_have_names_and_ids_are_unique() {
    for (page, html) in pages(&samples::context(), "Blender") {
        let tags = tags(&html);
        let all: Vec<(&str, Vec<(&str, &str)>)> =
            tags.iter().map(|tag| (*tag, attributes(tag))).collect();
        let mut ids: Vec<&str> = all
            .iter()
            .flat_map(|(_, attributes)| {
                attributes
                    .iter()
                    .filter(|(name, _)| *name == "id")
                    .map(|(_, value)| *value)
            })
            .collect();
        let labels: Vec<&str> = all
            .iter()
            .filter(|(tag, _)| tag.starts_with("<label"))
            .flat_map(|(_, attributes)| {
                attributes
                    .iter()
                    .filter(|(name, _)| *name == "for")
                    .map(|(_, value)| *value)
            })
            .collect();
        for (tag, attributes) in &all {
            let value = |wanted: &str| {
                attributes
                    .iter()
                    .find(|(name, _)| *name == wanted)
                    .map(|(_, value)| *value)
            };
            let is_field = tag.starts_with("<input")
                || tag.starts_with("<select")
                || tag.starts_with("<textarea");
            let is_named = matches!(value("type"), Some("hidden" | "checkbox"))
                || value("aria-hidden").is_some()
                || value("id").is_some_and(|id| labels.contains(&id));
            assert!(!is_field || is_named, "{page}: {tag}");
            for reference in ["popovertarget", "aria-controls"] {
                if let Some(id) = value(reference) {
                    assert!(ids.contains(&id), "{page}: {tag}");
                }
            }
        }
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "{page}");
    }
}

#[test]
fn warnings_come_before_the_buttons() {
    let pages = pages(&samples::context(), "Blender");
    let listing = &pages
        .iter()
        .find(|(name, _)| *name == "listing")
        .expect("there is one")
        .1;
    let warning = listing.find("Flagged for review");
    assert!(warning.is_some() && warning < listing.find(">Install…<"));
    assert!(listing.contains("/help/warnings#user_error"));
}

#[test]
fn what_was_typed_is_kept() {
    let typed = "{\n  \"user\": 1000\n  \"a\": <1>\n}";
    let pages = pages(&samples::context(), typed);
    let edit = &pages
        .iter()
        .find(|(name, _)| *name == "edit")
        .expect("there is one")
        .1;
    assert!(
        edit.contains("&#34;user&#34;: 1000\n  &#34;a&#34;: &#60;1&#62;\n}</textarea>"),
        "{edit}"
    );
    assert!(edit.contains("<li data-error>2</li>"));
}

#[test]
fn what_waits_for_an_agent_that_is_gone_can_be_forgotten() {
    let context = samples::context();
    let mut workspace = samples::workspace(3, "Calibre", WorkspaceState::Removing);
    let html = |workspace: &_| {
        WorkspaceFragment::new(&context, workspace)
            .render()
            .unwrap()
    };
    assert!(!html(&workspace).contains("/forget"));
    workspace.placements[0].state = PlacementState::Removing;
    workspace.placements[0].contact = AgentContact::Offline;
    let told = html(&workspace);
    assert!(told.contains("/forget\"") && told.contains("Its agent is offline"));
    workspace.state = WorkspaceState::Pulling;
    assert!(!html(&workspace).contains("/forget"));
}

#[test]
fn agents_do_not_wait_for_what_has_failed() {
    let context = samples::context();
    let mut workspace = samples::workspace(3, "Calibre", WorkspaceState::Failed);
    workspace.digest = None;
    workspace.placements[0].state = PlacementState::Waiting;
    let html = WorkspaceFragment::new(&context, &workspace)
        .render()
        .unwrap();
    assert!(
        html.contains("Not started") && !html.contains("Waiting"),
        "{html}"
    );
}

#[test]
fn what_cannot_be_read_is_not_called_harmless() {
    let error = |pointer: &str| {
        [FieldError {
            pointer: pointer.to_owned(),
            code: "not-json".to_owned(),
            detail: "no JSON".to_owned(),
            hint: None,
        }]
    };
    let html = |errors: &[FieldError]| FindingsFragment::new(&[], errors).render().unwrap();
    assert!(html(&[]).contains("No property of it raises a warning"));
    assert!(html(&error("/friendly_name")).contains("No property of it raises a warning"));
    let broken = html(&error("/run_config"));
    assert!(
        broken.contains("cannot be judged") && !broken.contains("No property"),
        "{broken}"
    );
}

#[test]
fn adding_an_agent_says_what_the_other_host_needs() {
    let context = samples::context();
    let html = |address: &str| {
        let address = Url::parse(address).unwrap();
        AgentsPage::new(&context, &[], &address).render().unwrap()
    };
    let here = html("http://127.0.0.1:8080/");
    assert!(here.contains("No other host reaches"), "{here}");
    for words in [
        "--listen",
        "--public-url",
        "--insecure-http",
        "--server https://SERVER/ ",
    ] {
        assert!(here.contains(words), "{words}: {here}");
    }
    let open = html("http://harbour.lan:8080/");
    assert!(
        open.contains("--server http://harbour.lan:8080/ --insecure-http --token-file"),
        "{open}"
    );
    let guarded = html("https://quayside.example/");
    assert!(
        guarded.contains("--server https://quayside.example/ --token-file"),
        "{guarded}"
    );
    for words in ["--insecure-http", "No other host"] {
        assert!(!guarded.contains(words), "{guarded}");
    }
}

#[test]
fn keeping_is_offered_only_for_what_time_may_heal() {
    let context = samples::context();
    let form = AddForm::default();
    let html = |step| {
        let problem = Problem {
            step,
            ..problem("refused")
        };
        AddRegistry::new(&context, &form, &[], Some(&problem), None)
            .render()
            .unwrap()
    };
    let offer = r#"id="keep">"#;
    assert!(html(Some(Step::Tls)).contains(offer));
    for never in [html(Some(Step::Address)), html(None)] {
        assert!(never.contains(r#"id="keep" hidden>"#), "{never}");
    }
}

#[test]
fn images_that_stayed_are_told_with_the_reason() {
    let context = samples::context();
    let workspaces = samples::workspaces();
    let query = WorkspacesQuery::default();
    let page = |kept: &[api::KeptImage]| {
        WorkspacesPage::new(&context, &workspaces, kept, &query)
            .render()
            .unwrap()
    };
    let told = page(&[samples::kept("container `web` uses the image")]);
    assert!(told.contains("on quay-01: container <code>web</code> uses the image."));
    assert!(!page(&[]).contains("Images that stayed"));
}

#[test]
fn an_empty_registry_page_says_what_to_do() {
    let context = samples::context();
    let nothing = samples::paged(Vec::new());
    let space = samples::space();
    let query = ListingsQuery::default();
    let empty = |registries: &[api::Registry], query: &ListingsQuery| {
        let data = RegistryData {
            registries,
            listings: &nothing,
            query,
            space: &space,
            first_party_gone: None,
            loading: false,
        };
        RegistryPage::new(&context, &data).render().unwrap()
    };
    let state = |state| {
        let mut registry = samples::registries().remove(0);
        registry.health.state = state;
        [registry]
    };
    for (registries, words) in [
        (&[][..], "There is no registry."),
        (&state(HealthState::Loading), "Registries are being read"),
        (
            &state(HealthState::Failing),
            "No registry could be read so far",
        ),
        (&state(HealthState::Empty), "no workspace that fits here"),
    ] {
        assert!(empty(registries, &query).contains(words), "{words}");
    }
    let filtered = ListingsQuery {
        risk: Some("flagged".to_owned()),
        ..ListingsQuery::default()
    };
    assert!(empty(&[], &filtered).contains("Clear them"));
}
