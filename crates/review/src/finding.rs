use std::fmt;

/// One property of a listing that deserves a look before it is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of look.
    pub id: FindingId,
    /// The part of the configuration it stands in.
    pub section: Section,
    /// The property's name.
    pub property: String,
    /// The property's value as JSON text, cut at 200 characters.
    pub value: String,
}

/// The kinds of findings; their names are part of the registry format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingId {
    /// A user other than 1000 is set.
    UserError,
    /// The container runs in privileged mode.
    Privilege,
    /// A property that is not known to be harmless is set.
    FlagProperty,
}

/// The parts of a listing that can change what a container may do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Options that are merged into the call that starts the container.
    RunConfig,
    /// Commands run in the container: `first_launch`, `go`, `assign`, or the empty name for the whole.
    ExecConfig(String),
    /// Folders of the host that are mounted into the container.
    VolumeMappings,
}

impl FindingId {
    /// All kinds, in the order of the help page.
    pub const ALL: [Self; 3] = [Self::UserError, Self::Privilege, Self::FlagProperty];

    /// The name in registries, pages and addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserError => "user_error",
            Self::Privilege => "privilege",
            Self::FlagProperty => "flag_property",
        }
    }

    /// What it means for the host and what to look at, in a sentence or two.
    pub const fn description(self) -> &'static str {
        match self {
            Self::UserError => {
                "Something runs as a user other than 1000, mostly as root. Some workspaces need that; they can do more \
                 inside their container, and more to the host if they get out of it."
            }
            Self::Privilege => {
                "The container runs in privileged mode: it is root on every device of the host, and little keeps it \
                 from the rest."
            }
            Self::FlagProperty => {
                "A property is set that is not known to be harmless. Look up what it does, and whether this workspace \
                 has a reason to want it."
            }
        }
    }
}

impl fmt::Display for FindingId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Section {
    /// Where it stands in the listing's JSON: `run_config`, `exec_config.go`.
    pub fn path(&self) -> String {
        match self {
            Self::RunConfig => "run_config".to_owned(),
            Self::ExecConfig(command) if command.is_empty() => "exec_config".to_owned(),
            Self::ExecConfig(command) => format!("exec_config.{command}"),
            Self::VolumeMappings => "volume_mappings".to_owned(),
        }
    }

    /// The name of the field on the edit page.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::RunConfig => "Docker Run Config Override (JSON)",
            Self::ExecConfig(_) => "Docker Exec Config (JSON)",
            Self::VolumeMappings => "Volume Mappings (JSON)",
        }
    }
}
