#![doc = include_str!("../README.md")]

mod blkio;
mod command;
mod compose;
mod container;
mod devices;
mod docker;
mod environment;
mod gpus;
mod health;
mod kasm;
mod limits;
mod mounts;
mod network;
mod options;
mod remark;
mod setting;
mod shape;
mod sheet;
mod shell;
mod table;
mod volumes;
mod workspace;
mod yaml;

use model::json::Value;
use model::{Digest, ImageReference};

pub use compose::compose_file;
pub use docker::docker_line;
pub use kasm::kasm_image;
pub use remark::Remark;
pub use table::{RunConfigKey, run_config_keys};
pub use workspace::DESCRIPTIVE;

/// An installed workspace, edits applied.
#[derive(Debug, Clone, Copy)]
pub struct Workspace<'a> {
    /// The name to show.
    pub name: &'a str,
    /// The image in use.
    pub image: &'a ImageReference,
    /// What the image is pinned to, once that is known.
    pub digest: Option<&'a Digest>,
    /// The whole definition, as JSON of the registry format.
    pub definition: &'a Value,
}

/// A definition in one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The form itself, to copy.
    pub text: String,
    /// What it does not express, in the order of the definition.
    pub remarks: Vec<Remark>,
}

impl Written {
    /// The form with what it does not express before it, as comments of a shell and of YAML.
    pub fn with_comments(&self) -> String {
        let comments = self
            .remarks
            .iter()
            .map(|remark| format!("# Not expressed: {}\n", remark.comment()));
        comments.chain([self.text.clone()]).collect()
    }
}

impl Workspace<'_> {
    /// The image with its tag and, once it is known, its digest.
    pub fn pinned_image(&self) -> String {
        let name = self.image.familiar_name();
        let tag = match (self.image.tag(), self.digest) {
            (Some(tag), _) => format!(":{tag}"),
            (None, Some(_)) => String::new(),
            (None, None) => ":latest".to_owned(),
        };
        let digest = self.digest.or(self.image.digest());
        let digest = digest.map_or(String::new(), |digest| format!("@{digest}"));
        format!("{name}{tag}{digest}")
    }
}
