#![doc = include_str!("../README.md")]

mod agent;
mod browser;
mod client;
mod docker;
mod footprint;
mod gate;
mod http_server;
mod image;
mod image_registry;
mod postgres;
mod process;
mod push;
mod registry;
mod server;
mod site;
mod tidy;
mod wait;

pub use agent::{AgentOptions, TestAgent};
pub use browser::Browser;
pub use client::{Answer, TestClient};
pub use docker::TestDocker;
pub use footprint::Footprint;
pub use gate::{Fetch, GatedRegistry, Hold};
pub use http_server::{Ending, HttpServer, Received, Reply};
pub use image::{Blob, ImagePlan, LayerPlan, TestImage};
pub use image_registry::TestImageRegistry;
pub use postgres::{TestDatabase, TestPostgres};
pub use process::Process;
pub use push::push;
pub use registry::{TestListing, TestRegistry};
pub use server::{ServerOptions, TestServer, run_quayside};
pub use site::{SiteMode, TestSite};
pub use tidy::{Metadata, Package, repository};
pub use wait::{DEADLINE, wait_for, wait_until};
