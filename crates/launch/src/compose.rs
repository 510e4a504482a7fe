use crate::workspace::gather;
use crate::yaml::Yaml;
use crate::{Workspace, Written};

/// A Compose file with one service: the workspace.
pub fn compose_file(workspace: &Workspace<'_>) -> Written {
    let sheet = gather(workspace);
    let mut service = Yaml::map([("image", Yaml::text(workspace.pinned_image()))]);
    if let (Yaml::Map(members), Yaml::Map(more)) = (&mut service, sheet.service) {
        members.extend(more);
    }
    let mut services = Yaml::Map(Vec::new());
    services.set_key(&service_name(workspace.name), service);
    let mut file = Yaml::map([("services", services)]);
    for (key, value) in [("volumes", sheet.volumes), ("networks", sheet.networks)] {
        if !value.is_empty() {
            file.set_key(key, value);
        }
    }
    Written {
        text: file.write(),
        remarks: sheet.compose_remarks.into_vec(),
    }
}

/// A name that every Compose accepts for a service.
fn service_name(name: &str) -> String {
    const LONGEST: usize = 50;
    let mut service = String::new();
    for sign in name.chars().flat_map(char::to_lowercase) {
        if sign.is_ascii_alphanumeric() {
            service.push(sign);
        } else if !service.is_empty() && !service.ends_with('-') {
            service.push('-');
        }
        if service.len() >= LONGEST {
            break;
        }
    }
    let service = service.trim_end_matches('-');
    if service.is_empty() {
        "workspace".to_owned()
    } else {
        service.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_names_of_services() {
        for (name, expected) in [
            ("Tide Table", "tide-table"),
            ("(Café) 2.0!", "caf-2-0"),
            ("海", "workspace"),
            ("", "workspace"),
        ] {
            assert_eq!(service_name(name), expected);
        }
    }
}
