use crate::remark::Remarks;
use crate::yaml::Yaml;

/// What was gathered of a definition, for both forms at once.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// Flags of `docker run`, each with its value if it has one.
    pub(crate) flags: Vec<Vec<String>>,
    /// The entrypoint: its flag takes the first word only, the others stand behind the image.
    pub(crate) entrypoint: Vec<String>,
    /// Words behind the image.
    pub(crate) command: Vec<String>,
    /// The service of the Compose file.
    pub(crate) service: Yaml,
    /// Volumes that the service names.
    pub(crate) volumes: Yaml,
    /// Networks that the service names.
    pub(crate) networks: Yaml,
    pub(crate) docker_remarks: Remarks,
    pub(crate) compose_remarks: Remarks,
}

impl Sheet {
    pub(crate) fn new() -> Self {
        Self {
            flags: Vec::new(),
            entrypoint: Vec::new(),
            command: Vec::new(),
            service: Yaml::Map(Vec::new()),
            volumes: Yaml::Map(Vec::new()),
            networks: Yaml::Map(Vec::new()),
            docker_remarks: Remarks::default(),
            compose_remarks: Remarks::default(),
        }
    }

    pub(crate) fn not_docker(&mut self, property: &str, reason: impl Into<String>) {
        self.docker_remarks.add(property, reason);
    }

    pub(crate) fn not_compose(&mut self, property: &str, reason: impl Into<String>) {
        self.compose_remarks.add(property, reason);
    }

    pub(crate) fn neither(&mut self, property: &str, reason: impl Into<String>) {
        let reason = reason.into();
        self.not_docker(property, reason.clone());
        self.not_compose(property, reason);
    }
}
