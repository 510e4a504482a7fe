/// A change of a registry's workspaces, as the history of its sources tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What became of the workspace.
    pub kind: ChangeKind,
    /// The folder of the workspace, from the root of the sources.
    pub folder: String,
    /// Its name at that time; that of its folder where it is not known.
    pub name: String,
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// The commit that did it.
    pub commit: String,
    /// The first line of what the commit says of itself.
    pub subject: String,
}

/// What became of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It came.
    Added,
    /// Something in its folder changed.
    Changed,
    /// It went.
    Removed,
}

impl ChangeKind {
    /// The word for it, with a capital.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Changed => "Changed",
            Self::Removed => "Removed",
        }
    }
}
