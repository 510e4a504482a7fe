#![doc = include_str!("../README.md")]

mod document;
mod error;
mod layout;
mod registry;
pub mod serve;

pub use error::{ImageCause, ImageError, LayoutError};
pub use layout::{
    LayerProgress, Layout, LayoutReader, LocalImage, LocalLayer, OnProgress, PulledImage,
    StoredImage, StoredName, StoredNameError,
};
pub use registry::{Credentials, ImageRegistry, LayerDescriptor, Options, PlatformImage, Resolved};
