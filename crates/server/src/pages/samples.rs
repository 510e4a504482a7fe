//! Invented data for tests of the views.

use api::{
    Agent, AgentContact, AgentImage, AgentSpace, Cause, Compatibility, Disk, EngineKind, Facet,
    Facets, Finding, HealthState, InstalledBrief, KeptImage, KeptReason, LayerProgress,
    ListingDetail, ListingSummary, Paged, Placement, PlacementState, Registry, RegistryHealth,
    RegistryRef, SetAside, Space, Step, Unfit, Workspace, WorkspaceState,
};
use model::{AgentId, ListingId, PlacementId, RegistryId, WorkspaceId};
use serde_json::value::RawValue;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use super::context::{PageContext, Theme};
use crate::services::forms::Forms;

pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-24 09:41:00 UTC);

pub(crate) const fn context() -> PageContext<'static> {
    PageContext {
        person: "Mara Keller",
        csrf: "token",
        theme: Theme::System,
        now: NOW,
        here: "/",
        last_event: Some(17),
    }
}

const fn id(number: u128) -> Uuid {
    Uuid::from_u128((0x0193_0000_0000_7000_8000 << 48) | number)
}

pub(crate) const fn listing_id(number: u128) -> ListingId {
    ListingId::from_uuid(id(number))
}

pub(crate) const fn workspace_id(number: u128) -> WorkspaceId {
    WorkspaceId::from_uuid(id(number))
}

const fn registry_id(number: u128) -> RegistryId {
    RegistryId::from_uuid(id(number))
}

const fn agent_id(number: u128) -> AgentId {
    AgentId::from_uuid(id(number))
}

fn icon(name: &str) -> String {
    format!("/icons/{name}.svg")
}

fn registry(number: u128, name: &str, count: u64) -> Registry {
    let icons = ["wave", "globe", "prism", "desk", "mail", "pen", "orbit"];
    Registry {
        id: registry_id(number),
        url: format!("https://{}.example/", name.to_lowercase().replace(' ', "-")),
        site_url: Some("https://registry.example/".to_owned()),
        contact_url: Some("mailto:hello@example.org".to_owned()),
        name: name.to_owned(),
        place: None,
        description: Some("Tools for drawing, sound and film.".to_owned()),
        icon: icon("registry-atelier"),
        first_party: false,
        automatic_updates: number.is_multiple_of(2),
        schema: Some("1.1".to_owned()),
        folder: Some("1.1".to_owned()),
        channels: vec!["stable".to_owned(), "weekly".to_owned()],
        default_channel: Some("stable".to_owned()),
        listing_count: count,
        set_aside: Vec::new(),
        preview_icons: icons
            .iter()
            .take(count as usize)
            .map(|name| icon(name))
            .collect(),
        health: RegistryHealth {
            state: HealthState::Ok,
            step: None,
            detail: None,
            hint: None,
        },
        version: 1,
        username: None,
        copied_at: Some(datetime!(2026-11-24 07:20:00 UTC)),
        attempted_at: Some(datetime!(2026-11-24 07:20:00 UTC)),
        added_at: datetime!(2026-03-03 10:00:00 UTC),
    }
}

pub(crate) fn registries() -> Vec<Registry> {
    vec![
        Registry {
            first_party: true,
            icon: icon("registry-harbour"),
            copied_at: Some(datetime!(2026-11-24 09:29:00 UTC)),
            ..registry(1, "Harbour", 15)
        },
        registry(2, "Open Atelier", 13),
        Registry {
            icon: icon("registry-fieldlab"),
            health: RegistryHealth {
                state: HealthState::Failing,
                step: Some(Step::Tls),
                detail: Some(
                    "The certificate of fieldlab.example ended on 21 November.".to_owned(),
                ),
                hint: Some("Tell its publisher; nothing is lost here.".to_owned()),
            },
            username: Some("mara".to_owned()),
            copied_at: Some(datetime!(2026-11-21 09:00:00 UTC)),
            set_aside: vec![SetAside {
                position: Some(7),
                name: Some("Mesh Scanner".to_owned()),
                place: "/workspaces/7/friendly_name (line 1, column 512)".to_owned(),
                reason: "`friendly_name` is a number".to_owned(),
            }],
            ..registry(3, "Fieldlab", 8)
        },
        Registry {
            icon: icon("registry-house"),
            site_url: None,
            contact_url: None,
            health: RegistryHealth {
                state: HealthState::Loading,
                step: None,
                detail: None,
                hint: None,
            },
            copied_at: None,
            attempted_at: None,
            ..registry(4, "house", 0)
        },
    ]
}

pub(crate) fn finding(id: &str, section: &str, property: &str, value: &str) -> Finding {
    Finding {
        id: id.to_owned(),
        section: section.to_owned(),
        section_label: "Docker Run Config Override (JSON)".to_owned(),
        property: property.to_owned(),
        value: value.to_owned(),
    }
}

pub(crate) fn findings() -> Vec<Finding> {
    vec![
        finding("user_error", "run_config", "user", "\"root\""),
        finding("privilege", "run_config", "privileged", "true"),
        finding(
            "flag_property",
            "run_config",
            "security_opt",
            "[\"seccomp=unconfined\"]",
        ),
    ]
}

pub(crate) fn listing(number: u128, name: &str, icon_name: &str) -> ListingSummary {
    ListingSummary {
        id: listing_id(number),
        registry: RegistryRef {
            place: None,
            id: registry_id(2),
            name: "Open Atelier".to_owned(),
        },
        friendly_name: name.to_owned(),
        description: Some(
            "Model, animate and render in three dimensions. Uses a GPU when the agent has one."
                .to_owned(),
        ),
        notes: None,
        icon: icon(icon_name),
        architectures: vec!["amd64".to_owned(), "arm64".to_owned()],
        categories: vec!["Multimedia".to_owned()],
        image: Some("images.example.org/atelier/tool:1.18.0".to_owned()),
        version: Some("1.18.x".to_owned()),
        channel: Some("stable".to_owned()),
        uncompressed_size_mb: Some(2_400),
        findings: Vec::new(),
        warned: false,
        is_new: false,
        is_changed: false,
        withdrawn: false,
        unfit: None,
        installed: None,
        first_seen_at: datetime!(2026-03-03 10:00:00 UTC),
        changed_at: datetime!(2026-11-18 10:00:00 UTC),
    }
}

fn installed(number: u128, state: WorkspaceState) -> InstalledBrief {
    InstalledBrief {
        id: workspace_id(number),
        state,
        percent: (state == WorkspaceState::Pulling).then_some(62),
        cause: (state == WorkspaceState::Failed).then_some(Cause::NotFound),
        detail: (state == WorkspaceState::Failed).then(|| "Tag 1.18.0 not found".to_owned()),
    }
}

pub(crate) fn flagged() -> ListingSummary {
    ListingSummary {
        findings: findings(),
        warned: true,
        is_changed: true,
        notes: Some("Needs libseccomp 2.5 or newer on the agent.".to_owned()),
        ..listing(2, "Blender", "prism")
    }
}

pub(crate) fn listings() -> Vec<ListingSummary> {
    vec![
        listing(1, "Ardour", "wave"),
        flagged(),
        ListingSummary {
            installed: Some(installed(3, WorkspaceState::Ready)),
            ..listing(3, "Calibre", "sheet")
        },
        ListingSummary {
            is_new: true,
            ..listing(
                4,
                "Chromium with a name that is far too long for a tile",
                "globe",
            )
        },
        ListingSummary {
            installed: Some(installed(5, WorkspaceState::Pulling)),
            ..listing(5, "Darktable", "aperture")
        },
        ListingSummary {
            installed: Some(installed(6, WorkspaceState::Failed)),
            ..listing(6, "FreeCAD", "cube")
        },
        ListingSummary {
            unfit: Some(Unfit::Architecture),
            architectures: vec!["riscv64".to_owned()],
            ..listing(7, "Krita", "pen")
        },
        ListingSummary {
            installed: Some(installed(8, WorkspaceState::Waiting)),
            uncompressed_size_mb: None,
            ..listing(8, "Desk", "desk")
        },
        ListingSummary {
            installed: Some(installed(9, WorkspaceState::Removing)),
            ..listing(9, "Mail", "mail")
        },
        ListingSummary {
            withdrawn: true,
            ..listing(10, "Terminal", "terminal")
        },
        ListingSummary {
            installed: Some(installed(11, WorkspaceState::NoAgentFits)),
            ..listing(11, "Orbit", "orbit")
        },
        ListingSummary {
            architectures: vec!["arm64".to_owned()],
            uncompressed_size_mb: Some(640),
            ..listing(12, "Lens", "lens")
        },
    ]
}

fn facet(value: &str, label: &str, count: u64) -> Facet {
    Facet {
        value: value.to_owned(),
        label: label.to_owned(),
        count,
    }
}

pub(crate) fn paged(items: Vec<ListingSummary>) -> Paged<ListingSummary> {
    Paged {
        items,
        total: 140,
        page: 1,
        per_page: 60,
        facets: Some(Facets {
            category: vec![
                facet("Browser", "Browser", 4),
                facet("Multimedia", "Multimedia", 11),
            ],
            registry: Vec::new(),
            architecture: vec![facet("amd64", "amd64", 30), facet("arm64", "arm64", 20)],
            risk: vec![
                facet("flagged", "Flagged", 3),
                facet("unflagged", "Not flagged", 33),
            ],
            unfit: vec![facet("architecture", "for another architecture", 2)],
        }),
    }
}

pub(crate) fn space() -> Space {
    let agent = |number, name: &str, free: Option<u64>, needed: u64| AgentSpace {
        agent: agent_id(number),
        name: name.to_owned(),
        architecture: if number == 3 { "arm64" } else { "amd64" }.to_owned(),
        free_bytes: free,
        needed_bytes: needed,
        after_bytes: free.map(|free| free.cast_signed() - needed.cast_signed()),
    };
    Space {
        needed_bytes: 12_400_000_000,
        agent_count: 2,
        free_bytes: Some(310_000_000_000),
        agents: vec![
            agent(1, "quay-01", Some(248_000_000_000), 12_400_000_000),
            agent(2, "quay-02", Some(13_400_000_000), 12_400_000_000),
            agent(3, "lab-03", None, 0),
        ],
        tightest: Some(agent_id(2)),
    }
}

pub(crate) const JSON: &str = r#"{"friendly_name":"Blender","name":"images.example.org/atelier/tool","description":"Model, animate and render in three dimensions.","architecture":["amd64"],"categories":["Multimedia"],"run_config":{"user":"root","privileged":true,"security_opt":["seccomp=unconfined"],"hostname":"blender"},"exec_config":{"go":{"cmd":"bash -c '/opt/start.sh'"}},"cores":2}"#;

pub(crate) fn raw(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.to_owned()).expect("test input is JSON")
}

pub(crate) fn detail(summary: ListingSummary) -> ListingDetail {
    let entry = |version: &str, size| Compatibility {
        version: version.to_owned(),
        image: Some(format!("images.example.org/atelier/tool:{version}")),
        uncompressed_size_mb: Some(size),
        available_tags: vec!["stable".to_owned(), "weekly".to_owned()],
    };
    ListingDetail {
        summary,
        sha: Some("3f786850e387550fdab836ed7e6dc881de23001b".to_owned()),
        docker_registry: Some("https://images.example.org".to_owned()),
        compatibility: vec![entry("1.18.x", 2_400), entry("1.17.x", 2_300)],
        cores: Some("2".to_owned()),
        memory_mb: Some(4_096),
        json: raw(JSON),
    }
}

fn placement(number: u128, agent: &str, state: PlacementState) -> Placement {
    Placement {
        id: PlacementId::from_uuid(id(number)),
        agent: agent_id(number),
        agent_name: agent.to_owned(),
        contact: AgentContact::Online,
        state,
        attempt: 1,
        bytes_done: 0,
        bytes_total: 0,
        layers: Vec::new(),
        cause: None,
        detail: None,
        updated_at: datetime!(2026-11-24 09:39:12 UTC),
    }
}

pub(crate) fn workspace(number: u128, name: &str, state: WorkspaceState) -> Workspace {
    Workspace {
        id: workspace_id(number),
        listing: Some(listing_id(number)),
        registry: Some(registry_id(2)),
        registry_name: "Open Atelier".to_owned(),
        registry_place: None,
        friendly_name: name.to_owned(),
        description: Some("Keep, convert and read books.".to_owned()),
        icon: icon("sheet"),
        categories: vec!["Multimedia".to_owned()],
        image: "images.example.org/atelier/tool:1.18.0".to_owned(),
        digest: "sha256:9f2c000000000000000000000000000000000000000000000000000000000041"
            .parse()
            .ok(),
        cores: Some("2".to_owned()),
        memory_mb: Some(4_096),
        uncompressed_size_mb: Some(2_400),
        run_config: Some("{\"hostname\":\"books\"}".to_owned()),
        exec_config: None,
        findings: findings(),
        state,
        detail: None,
        cause: None,
        ready: 2,
        chosen: 2,
        bytes_done: 0,
        bytes_total: 0,
        percent: None,
        size_on_disk: Some(2_300_000_000),
        placements: vec![
            placement(1, "quay-01", PlacementState::Ready),
            placement(2, "quay-02", PlacementState::Ready),
        ],
        changes: raw("{}"),
        version: 3,
        installed_at: datetime!(2026-11-20 09:00:00 UTC),
    }
}

/// A definition in every form, with `text` wherever a stranger's text may stand.
pub(crate) fn forms(text: &str) -> Forms {
    let written = || launch::Written {
        text: format!("docker run {text}"),
        remarks: Vec::new(),
    };
    let remarks = vec![api::Remark {
        property: format!("run_config.{text}"),
        reason: "containers have no such setting".to_owned(),
    }];
    Forms {
        definition: api::WorkspaceDefinition {
            workspace: workspace_id(1),
            image: "images.example.org/atelier/tool:1.18.0".to_owned(),
            digest: None,
            version: None,
            channel: None,
            base: raw("{}"),
            changes: raw("{}"),
            definition: raw(&serde_json::json!({ "friendly_name": text }).to_string()),
            not_expressed: api::NotExpressed {
                docker: remarks.clone(),
                compose: remarks,
                kasm: Vec::new(),
            },
        },
        docker: written(),
        compose: written(),
        kasm: written(),
    }
}

pub(crate) fn workspaces() -> Vec<Workspace> {
    let layer = |id: &str, done, total| LayerProgress {
        id: id.to_owned(),
        done,
        total,
    };
    vec![
        workspace(3, "Calibre", WorkspaceState::Ready),
        Workspace {
            icon: icon("aperture"),
            ready: 1,
            chosen: 3,
            percent: Some(62),
            size_on_disk: None,
            placements: vec![
                placement(1, "quay-01", PlacementState::Ready),
                Placement {
                    bytes_done: 1_200_000_000,
                    bytes_total: 1_900_000_000,
                    layers: vec![
                        layer("sha256:8f1e22aa", 612_000_000, 612_000_000),
                        layer("sha256:c09ab4bb", 418_000_000, 588_000_000),
                        layer("sha256:41d7f0cc", 0, 0),
                    ],
                    ..placement(2, "quay-02", PlacementState::Pulling)
                },
                Placement {
                    cause: Some(Cause::Denied),
                    detail: Some("401 Unauthorized from images.example.org".to_owned()),
                    ..placement(3, "lab-03", PlacementState::Failed)
                },
            ],
            ..workspace(5, "Darktable", WorkspaceState::Pulling)
        },
        Workspace {
            icon: icon("cube"),
            detail: Some("Tag 1.18.0 not found".to_owned()),
            cause: Some(Cause::NotFound),
            digest: None,
            ready: 0,
            size_on_disk: None,
            listing: None,
            placements: Vec::new(),
            ..workspace(6, "FreeCAD", WorkspaceState::Failed)
        },
        Workspace {
            icon: icon("mail"),
            ..workspace(9, "Mail", WorkspaceState::Removing)
        },
    ]
}

pub(crate) fn agents() -> Vec<Agent> {
    let agent = |number, name: &str, contact| Agent {
        id: agent_id(number),
        name: name.to_owned(),
        embedded: number == 1,
        hostname: format!("{name}.example.net"),
        architecture: "amd64".to_owned(),
        engine: EngineKind::Docker,
        engine_version: "28.1.1".to_owned(),
        disk: Some(Disk {
            free_bytes: 248_000_000_000,
            total_bytes: 500_000_000_000,
            filesystem: "a".to_owned(),
        }),
        contact,
        last_contact_at: Some(datetime!(2026-11-24 09:40:58 UTC)),
        images: vec![AgentImage {
            references: vec!["images.example.org/atelier/tool:1.18.0".to_owned()],
            digests: Vec::new(),
            size_bytes: 2_300_000_000,
        }],
        kept: Vec::new(),
        placements: 7,
    };
    vec![
        agent(1, "quay-01", AgentContact::Online),
        Agent {
            disk: Some(Disk {
                free_bytes: 20_000_000_000,
                total_bytes: 240_000_000_000,
                filesystem: "b".to_owned(),
            }),
            ..agent(2, "quay-02", AgentContact::Late)
        },
        Agent {
            disk: None,
            engine: EngineKind::Store,
            engine_version: "0.1.0".to_owned(),
            images: Vec::new(),
            last_contact_at: None,
            ..agent(3, "lab-03", AgentContact::Offline)
        },
    ]
}

/// An image that stayed, with `detail` as the reason.
pub(crate) fn kept(detail: &str) -> KeptImage {
    KeptImage {
        agent: agent_id(1),
        agent_name: "quay-01".to_owned(),
        workspace_name: "Calibre".to_owned(),
        image: "images.example.org/atelier/tool:1.18.0".to_owned(),
        reason: KeptReason::Container,
        detail: detail.to_owned(),
        kept_at: NOW,
    }
}
