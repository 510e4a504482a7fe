#![doc = include_str!("../README.md")]

mod address;
mod credentials;
pub mod git;
pub mod icons;
mod published;
mod reader;
mod tree;

pub use address::{AddressError, RegistryAddress};
pub use credentials::Credentials;
pub use published::{PublishedError, PublishedVersion, read_published};
pub use reader::{
    FailureCause, Outcome, ReadFailure, ReadOutcome, ReadRequest, RegistryCopy, RegistryReader,
    Step, StepReport, Validators,
};
pub use tree::{FolderTree, file_stamp, is_settled};
