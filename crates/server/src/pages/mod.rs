pub(crate) mod agents;
pub(crate) mod assets;
pub(crate) mod context;
pub(crate) mod edit;
pub(crate) mod errors;
pub(crate) mod help;
pub(crate) mod listing;
pub(crate) mod password;
pub(crate) mod registries;
pub(crate) mod registry;
pub(crate) mod request;
pub(crate) mod routes;
pub(crate) mod sign_in;
pub(crate) mod workspaces;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
