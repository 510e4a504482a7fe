use api::{
    AgentSpace, Cause, Finding, InstalledBrief, ListingSummary, RegistryRef, Space, Unfit,
    WorkspaceState,
};
use time::macros::datetime;

use super::{Tile, TileState, agent_fits, install_obstacle};

const ID: &str = "01930000-0000-7000-8000-000000000001";

fn listing() -> ListingSummary {
    ListingSummary {
        id: ID.parse().unwrap(),
        registry: RegistryRef {
            place: None,
            id: ID.parse().unwrap(),
            name: "Atelier".to_owned(),
        },
        friendly_name: "Blender".to_owned(),
        description: None,
        notes: None,
        icon: "/icons/b".to_owned(),
        architectures: vec!["amd64".to_owned()],
        categories: Vec::new(),
        image: None,
        version: None,
        channel: None,
        uncompressed_size_mb: Some(2_000),
        findings: Vec::new(),
        warned: false,
        is_new: false,
        is_changed: false,
        withdrawn: false,
        unfit: None,
        installed: None,
        first_seen_at: datetime!(2026-03-03 10:00:00 UTC),
        changed_at: datetime!(2026-03-03 10:00:00 UTC),
    }
}

fn installed(state: WorkspaceState) -> ListingSummary {
    ListingSummary {
        installed: Some(InstalledBrief {
            id: ID.parse().unwrap(),
            state,
            percent: Some(62),
            cause: Some(Cause::NoSpace),
            detail: None,
        }),
        ..listing()
    }
}

fn space(agents: &[(&str, &str, Option<i64>)]) -> Space {
    let agent = |(name, architecture, left): &(&str, &str, Option<i64>)| AgentSpace {
        agent: ID.parse().unwrap(),
        name: (*name).to_owned(),
        architecture: (*architecture).to_owned(),
        free_bytes: left.map(i64::unsigned_abs),
        needed_bytes: 0,
        after_bytes: *left,
    };
    Space {
        needed_bytes: 0,
        agent_count: 1,
        free_bytes: None,
        agents: agents.iter().map(agent).collect(),
        tightest: None,
    }
}

fn html(listing: &ListingSummary) -> String {
    let space = space(&[("quay", "amd64", Some(9_000_000_000))]);
    Tile::new(listing, None, &space).to_string()
}

#[test]
fn the_foot_tells_what_is_installed() {
    let state = |state| TileState::of(&installed(state)).word();
    assert_eq!(TileState::of(&listing()).word(), "normal");
    assert_eq!(state(WorkspaceState::Ready), "installed");
    assert_eq!(state(WorkspaceState::Pulling), "installing");
    assert_eq!(state(WorkspaceState::Waiting), "installing");
    assert_eq!(state(WorkspaceState::Removing), "installing");
    assert_eq!(state(WorkspaceState::Failed), "failed");
    assert_eq!(state(WorkspaceState::NoAgentFits), "failed");
    assert!(
        html(&installed(WorkspaceState::Pulling)).contains(r#"<progress max="100" value="62""#)
    );
    let failed = html(&installed(WorkspaceState::Failed));
    assert!(failed.contains("The disk of the image store is full.") && failed.contains(">Retry<"));
}

#[test]
fn each_agent_is_told_what_stays_free() {
    let space = space(&[
        ("a", "amd64", Some(9_000_000_000)),
        ("b", "amd64", Some(500_000_000)),
        ("c", "arm64", Some(9_000_000_000)),
        ("d", "amd64", None),
    ]);
    let fits = agent_fits(&listing(), &space);
    let lines: Vec<(bool, &str, &str)> = fits
        .iter()
        .map(|fit| (fit.fits, fit.need.as_str(), fit.after.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            (true, "needs 2 GB", "7 GB free after"),
            (false, "needs 2 GB", "1.5 GB short"),
            (false, "no image for arm64", ""),
            (true, "needs 2 GB", "free space unknown"),
        ]
    );
}

#[test]
fn install_is_off_with_the_reason() {
    let here = space(&[("a", "amd64", None)]);
    assert_eq!(install_obstacle(&listing(), &here), None);
    let elsewhere = space(&[("a", "arm64", None)]);
    assert!(install_obstacle(&listing(), &elsewhere).is_some());
    assert!(install_obstacle(&listing(), &space(&[])).is_some());
    let unfit = ListingSummary {
        unfit: Some(Unfit::Architecture),
        ..listing()
    };
    assert!(install_obstacle(&unfit, &here).is_some());
    let shown = html(&unfit);
    assert!(shown.contains(r#"aria-disabled="true""#) && !shown.contains("/install"));
}

#[test]
fn a_flagged_tile_installs_only_after_a_review() {
    let flagged = ListingSummary {
        findings: vec![Finding {
            id: "privilege".to_owned(),
            section: "run_config".to_owned(),
            section_label: "Docker Run Config Override (JSON)".to_owned(),
            property: "privileged".to_owned(),
            value: "true".to_owned(),
        }],
        warned: true,
        ..listing()
    };
    let shown = html(&flagged);
    assert!(shown.contains("data-warned") && shown.contains("/help/warnings#privilege"));
    assert!(shown.contains("/review\"") && !shown.contains("/install\""));
    assert!(html(&listing()).contains("/install\""));
}

#[test]
fn a_strangers_text_stays_text() {
    let hostile = ListingSummary {
        friendly_name: r#""><script>alert(1)</script>"#.to_owned(),
        description: Some("<img src=x onerror=alert(1)>".to_owned()),
        ..listing()
    };
    let shown = html(&hostile);
    assert!(!shown.contains("<script") && !shown.contains("<img src=x"));
    assert!(shown.contains("&#60;script&#62;"));
}

#[test]
fn a_contact_that_would_run_is_no_link() {
    let space = space(&[("a", "amd64", None)]);
    let flagged = ListingSummary {
        warned: true,
        ..listing()
    };
    let shown = Tile::new(&flagged, Some("javascript:alert(1)"), &space).to_string();
    assert!(!shown.contains("javascript:"));
}

#[test]
fn a_publishers_text_is_text_and_ours_has_literals() {
    let listing = ListingSummary {
        description: Some("run `make` & <b>go</b>".to_owned()),
        notes: Some("needs `git`".to_owned()),
        unfit: Some(Unfit::Image {
            detail: "The image `a b` cannot be used.".to_owned(),
        }),
        ..listing()
    };
    let html = Tile::new(&listing, None, &space(&[("here", "amd64", None)])).to_string();
    assert!(html.contains("run `make` &#38; &#60;b&#62;go"), "{html}");
    assert!(html.contains("needs `git`"), "{html}");
    assert!(html.contains("The image <code>a b</code> cannot"), "{html}");
}
