//! Rules over the repository itself: layers, licences, dependencies, files.

mod files;
mod layers;
mod licences;
