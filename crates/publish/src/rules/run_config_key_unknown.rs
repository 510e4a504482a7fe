use diagnostics::{Code, Severity};
use model::json::{Object, Value};

use crate::context::Context;
use crate::nearest::nearest;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::words::Words;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("run-config-key-unknown"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

/// What it says.
pub(crate) const WORDS: Words = Words {
    message: "`run_config` of workspace `{name}` has `{key}`, which no container has",
    hint: "name it as docker-py's `containers.run` does, or take it away",
};

const DOCS: &str = r#"## What it does

Looks for keys of `run_config` that starting a container does not know. They are those of
`containers.run` in docker-py, such as `hostname`, `shm_size` and `environment`.

## Why is this bad?

The key does nothing, or no session of the workspace starts.

## Example

```json
{
  "run_config": {"shm-size": "512m"}
}
```

## Use instead

```json
{
  "run_config": {"shm_size": "512m"}
}
```
"#;

/// What `containers.run` of docker-py takes.
pub(crate) const RUN_KEYS: &[&str] = &[
    "auto_remove",
    "blkio_weight",
    "blkio_weight_device",
    "cap_add",
    "cap_drop",
    "cgroup_parent",
    "cgroupns",
    "command",
    "cpu_count",
    "cpu_percent",
    "cpu_period",
    "cpu_quota",
    "cpu_rt_period",
    "cpu_rt_runtime",
    "cpu_shares",
    "cpuset_cpus",
    "cpuset_mems",
    "detach",
    "device_cgroup_rules",
    "device_read_bps",
    "device_read_iops",
    "device_requests",
    "device_write_bps",
    "device_write_iops",
    "devices",
    "dns",
    "dns_opt",
    "dns_search",
    "domainname",
    "entrypoint",
    "environment",
    "extra_hosts",
    "group_add",
    "healthcheck",
    "hostname",
    "init",
    "init_path",
    "ipc_mode",
    "isolation",
    "kernel_memory",
    "labels",
    "links",
    "log_config",
    "lxc_conf",
    "mac_address",
    "mem_limit",
    "mem_reservation",
    "mem_swappiness",
    "memswap_limit",
    "mounts",
    "name",
    "nano_cpus",
    "network",
    "network_disabled",
    "network_mode",
    "networking_config",
    "oom_kill_disable",
    "oom_score_adj",
    "pid_mode",
    "pids_limit",
    "platform",
    "ports",
    "privileged",
    "publish_all_ports",
    "read_only",
    "remove",
    "restart_policy",
    "runtime",
    "security_opt",
    "shm_size",
    "stdin_open",
    "stderr",
    "stdout",
    "stop_signal",
    "storage_opt",
    "stream",
    "sysctls",
    "tmpfs",
    "tty",
    "ulimits",
    "use_config_proxy",
    "user",
    "userns_mode",
    "uts_mode",
    "version",
    "volume_driver",
    "volumes",
    "volumes_from",
    "working_dir",
];

fn check(workspace: &Context<'_>, report: &mut Report) {
    let run_config = workspace.value("run_config").and_then(Value::as_object);
    for member in run_config.map(Object::members).unwrap_or_default() {
        let key = member.key.to_string_lossy();
        if RUN_KEYS.contains(&&*key) {
            continue;
        }
        let diagnostic = workspace
            .found(
                &RULE,
                member.key_span,
                WORDS.fill(&[("name", &shown(workspace.name())), ("key", &shown(&key))]),
            )
            .with_label("not a setting of a container");
        report.add(match nearest(&key, RUN_KEYS.iter().copied()) {
            Some(near) => diagnostic.with_hint(format!("did you mean `{near}`?")),
            None => diagnostic.with_hint(WORDS.hint),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn keys_are_those_of_containers() {
        insta::assert_snapshot!(
            check(r#"{"friendly_name":"A","run_config":{"hostname":"a","shm-size":"1g","first_launch":{}}}"#).of(&RULE),
            @r"
        1:51: `run_config` of workspace `A` has `shm-size`, which no container has
        1:67: `run_config` of workspace `A` has `first_launch`, which no container has
        "
        );
        assert_eq!(
            check(r#"{"friendly_name":"A","run_config":["a"]}"#).of(&RULE),
            ""
        );
        assert!(RUN_KEYS.contains(&"environment"));
    }
}
