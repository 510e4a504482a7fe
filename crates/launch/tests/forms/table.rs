//! One case and more for each key of `run_config`: what the line has, what the service has, what neither has.

use launch::{compose_file, docker_line, run_config_keys};

use crate::{remarks, written};

/// The flags between `docker run --detach` and the image, and what stands behind it.
pub(crate) fn flags(run_config: &str) -> String {
    let line = written(&definition(run_config), docker_line).text;
    let joined = line.replace(" \\\n  ", " ");
    let words = joined
        .trim_end()
        .strip_prefix("docker run --detach")
        .unwrap();
    let (flags, command) = words.split_once("harbour/tide-table:1.0@sha256:").unwrap();
    let command = command.trim_start_matches("ab").trim();
    let bar = if command.is_empty() { "" } else { " | " };
    format!("{}{bar}{command}", flags.trim())
        .trim_start()
        .to_owned()
}

/// The lines of the service below its image, and what stands beside the services.
pub(crate) fn service(run_config: &str) -> String {
    let file = written(&definition(run_config), compose_file).text;
    let (head, rest) = file.split_once("abab\"\n").unwrap();
    assert!(
        head.starts_with("services:\n  tide-table:\n    image: \"harbour/tide-table:1.0@sha256:ab"),
        "{head}"
    );
    let (service, beside) = match rest.find("\nvolumes:").or(rest.find("\nnetworks:")) {
        Some(end) => rest.split_at(end),
        None => (rest.trim_end(), ""),
    };
    let lines: Vec<&str> = service
        .lines()
        .map(|line| line.strip_prefix("    ").unwrap_or(line))
        .collect();
    format!("{}{}", lines.join("\n"), beside.trim_end())
}

fn definition(run_config: &str) -> String {
    format!(r#"{{"friendly_name": "Tide Table", "run_config": {run_config}}}"#)
}

/// What both forms have for a property of this value, with nothing left to say.
fn check(property: &str, flags: &str, service: &str) {
    let run_config = format!("{{{property}}}");
    let whole = definition(&run_config);
    assert_eq!(self::flags(&run_config), flags, "{property}");
    assert_eq!(self::service(&run_config), service, "{property}");
    assert_eq!(
        remarks(&written(&whole, docker_line)),
        Vec::<String>::new(),
        "{property}"
    );
    assert_eq!(
        remarks(&written(&whole, compose_file)),
        Vec::<String>::new(),
        "{property}"
    );
}

/// What the remarks on the line and on the file are.
fn check_remarks(property: &str, docker: &[&str], compose: &[&str]) {
    let whole = definition(&format!("{{{property}}}"));
    assert_eq!(remarks(&written(&whole, docker_line)), docker, "{property}");
    assert_eq!(
        remarks(&written(&whole, compose_file)),
        compose,
        "{property}"
    );
}

#[test]
fn properties_of_one_value() {
    for (property, flags, service) in [
        (
            r#""blkio_weight": 300"#,
            "--blkio-weight 300",
            "blkio_config:\n  weight: 300",
        ),
        (
            r#""cgroup_parent": "/a""#,
            "--cgroup-parent /a",
            "cgroup_parent: \"/a\"",
        ),
        (
            r#""cgroupns": "host""#,
            "--cgroupns host",
            "cgroup: \"host\"",
        ),
        (
            r#""cpu_period": 5000"#,
            "--cpu-period 5000",
            "cpu_period: 5000",
        ),
        (
            r#""cpu_quota": 2500"#,
            "--cpu-quota 2500",
            "cpu_quota: 2500",
        ),
        (
            r#""cpu_rt_period": 5000"#,
            "--cpu-rt-period 5000",
            "cpu_rt_period: 5000",
        ),
        (
            r#""cpu_rt_runtime": 2500"#,
            "--cpu-rt-runtime 2500",
            "cpu_rt_runtime: 2500",
        ),
        (
            r#""cpu_shares": 512"#,
            "--cpu-shares 512",
            "cpu_shares: 512",
        ),
        (
            r#""cpuset_cpus": "0-2""#,
            "--cpuset-cpus 0-2",
            "cpuset: \"0-2\"",
        ),
        (
            r#""domainname": "a.org""#,
            "--domainname a.org",
            "domainname: \"a.org\"",
        ),
        (
            r#""hostname": "kasm""#,
            "--hostname kasm",
            "hostname: \"kasm\"",
        ),
        (r#""init": true"#, "--init", "init: true"),
        (r#""init": false"#, "--init=false", "init: false"),
        (r#""ipc_mode": "host""#, "--ipc host", "ipc: \"host\""),
        (
            r#""mac_address": "02:42:ac:11:00:02""#,
            "--mac-address 02:42:ac:11:00:02",
            "mac_address: \"02:42:ac:11:00:02\"",
        ),
        (
            r#""mem_limit": "512m""#,
            "--memory 536870912",
            "mem_limit: 536870912",
        ),
        (
            r#""mem_limit": 512000000"#,
            "--memory 512000000",
            "mem_limit: 512000000",
        ),
        (
            r#""mem_reservation": "1g""#,
            "--memory-reservation 1073741824",
            "mem_reservation: 1073741824",
        ),
        (
            r#""mem_swappiness": 0"#,
            "--memory-swappiness 0",
            "mem_swappiness: 0",
        ),
        (
            r#""memswap_limit": -1"#,
            "--memory-swap -1",
            "memswap_limit: -1",
        ),
        (
            r#""name": "tide""#,
            "--name tide",
            "container_name: \"tide\"",
        ),
        (r#""nano_cpus": 1500000000"#, "--cpus 1.5", "cpus: 1.5"),
        (r#""nano_cpus": 2000000000"#, "--cpus 2", "cpus: 2"),
        (
            r#""nano_cpus": 1"#,
            "--cpus 0.000000001",
            "cpus: 0.000000001",
        ),
        (
            r#""oom_kill_disable": true"#,
            "--oom-kill-disable",
            "oom_kill_disable: true",
        ),
        (
            r#""oom_score_adj": -100"#,
            "--oom-score-adj -100",
            "oom_score_adj: -100",
        ),
        (r#""pid_mode": "host""#, "--pid host", "pid: \"host\""),
        (
            r#""pids_limit": 100"#,
            "--pids-limit 100",
            "pids_limit: 100",
        ),
        (
            r#""platform": "linux/amd64""#,
            "--platform linux/amd64",
            "platform: \"linux/amd64\"",
        ),
        (r#""privileged": true"#, "--privileged", "privileged: true"),
        (r#""read_only": true"#, "--read-only", "read_only: true"),
        (
            r#""runtime": "sysbox-runc""#,
            "--runtime sysbox-runc",
            "runtime: \"sysbox-runc\"",
        ),
        (
            r#""shm_size": "512m""#,
            "--shm-size 536870912",
            "shm_size: 536870912",
        ),
        (r#""stdin_open": true"#, "--interactive", "stdin_open: true"),
        (
            r#""stop_signal": "SIGINT""#,
            "--stop-signal SIGINT",
            "stop_signal: \"SIGINT\"",
        ),
        (r#""tty": true"#, "--tty", "tty: true"),
        (r#""user": 0"#, "--user 0", "user: \"0\""),
        (
            r#""user": "1000:1000""#,
            "--user 1000:1000",
            "user: \"1000:1000\"",
        ),
        (
            r#""userns_mode": "host""#,
            "--userns host",
            "userns_mode: \"host\"",
        ),
        (r#""uts_mode": "host""#, "--uts host", "uts: \"host\""),
        (
            r#""working_dir": "/home""#,
            "--workdir /home",
            "working_dir: \"/home\"",
        ),
    ] {
        check(property, flags, service);
    }
}

#[test]
fn properties_of_several_values() {
    for (property, flags, service) in [
        (
            r#""cap_add": ["SYS_ADMIN", "NET_RAW", "SYS_ADMIN"]"#,
            "--cap-add SYS_ADMIN --cap-add NET_RAW --cap-add SYS_ADMIN",
            "cap_add:\n  - \"SYS_ADMIN\"\n  - \"NET_RAW\"",
        ),
        (
            r#""cap_drop": "ALL""#,
            "--cap-drop ALL",
            "cap_drop:\n  - \"ALL\"",
        ),
        (
            r#""device_cgroup_rules": ["c 1:2 r"]"#,
            "--device-cgroup-rule 'c 1:2 r'",
            "device_cgroup_rules:\n  - \"c 1:2 r\"",
        ),
        (
            r#""dns": ["1.1.1.1"]"#,
            "--dns 1.1.1.1",
            "dns:\n  - \"1.1.1.1\"",
        ),
        (
            r#""dns_opt": ["ndots:2"]"#,
            "--dns-option ndots:2",
            "dns_opt:\n  - \"ndots:2\"",
        ),
        (
            r#""dns_search": ["a.org"]"#,
            "--dns-search a.org",
            "dns_search:\n  - \"a.org\"",
        ),
        (
            r#""group_add": [44, "video"]"#,
            "--group-add 44 --group-add video",
            "group_add:\n  - \"44\"\n  - \"video\"",
        ),
        (
            r#""security_opt": ["seccomp=unconfined"]"#,
            "--security-opt seccomp=unconfined",
            "security_opt:\n  - \"seccomp=unconfined\"",
        ),
        (
            r#""tmpfs": ["/a", "/b:size=1m"]"#,
            "--tmpfs /a --tmpfs /b:size=1m",
            "tmpfs:\n  - \"/a\"\n  - \"/b:size=1m\"",
        ),
        (
            r#""tmpfs": {"/a": "", "/b": "size=1m"}"#,
            "--tmpfs /a --tmpfs /b:size=1m",
            "tmpfs:\n  - \"/a\"\n  - \"/b:size=1m\"",
        ),
        (
            r#""volumes_from": ["data:ro"]"#,
            "--volumes-from data:ro",
            "volumes_from:\n  - \"container:data:ro\"",
        ),
        (
            r#""volumes_from": "a,b""#,
            "--volumes-from a --volumes-from b",
            "volumes_from:\n  - \"container:a\"\n  - \"container:b\"",
        ),
        (
            r#""links": {"db": "database", "cache": null}"#,
            "--link db:database --link cache",
            "external_links:\n  - \"db:database\"\n  - \"cache\"",
        ),
        (
            r#""links": [["db", "database"]]"#,
            "--link db:database",
            "external_links:\n  - \"db:database\"",
        ),
        (
            r#""extra_hosts": {"a": "10.0.0.1", "b": "host-gateway"}"#,
            "--add-host a:10.0.0.1 --add-host b:host-gateway",
            "extra_hosts:\n  - \"a:10.0.0.1\"\n  - \"b:host-gateway\"",
        ),
        (
            r#""extra_hosts": ["a:::1"]"#,
            "--add-host a:::1",
            "extra_hosts:\n  - \"a:::1\"",
        ),
        (
            r#""labels": {"a": "b c"}"#,
            "--label 'a=b c'",
            "labels:\n  - \"a=b c\"",
        ),
        (r#""labels": ["a"]"#, "--label a=", "labels:\n  - \"a=\""),
        (
            r#""sysctls": {"net.core.somaxconn": 1024}"#,
            "--sysctl net.core.somaxconn=1024",
            "sysctls:\n  - \"net.core.somaxconn=1024\"",
        ),
        (
            r#""storage_opt": {"size": "10G"}"#,
            "--storage-opt size=10G",
            "storage_opt:\n  size: \"10G\"",
        ),
        (
            r#""environment": {"A": "b", "N": 1, "T": true, "F": 0.5}"#,
            "--env A=b --env N=1 --env T=True --env F=0.5",
            "environment:\n  - \"A=b\"\n  - \"N=1\"\n  - \"T=True\"\n  - \"F=0.5\"",
        ),
        (
            r#""environment": ["A=b=c"]"#,
            "--env A=b=c",
            "environment:\n  - \"A=b=c\"",
        ),
        (
            r#""blkio_weight_device": [{"Path": "/dev/a", "Weight": 2}]"#,
            "--blkio-weight-device /dev/a:2",
            "blkio_config:\n  weight_device:\n    - path: \"/dev/a\"\n      weight: 2",
        ),
        (
            r#""device_read_bps": [{"Path": "/dev/a", "Rate": 2}]"#,
            "--device-read-bps /dev/a:2",
            "blkio_config:\n  device_read_bps:\n    - path: \"/dev/a\"\n      rate: 2",
        ),
        (
            r#""device_read_iops": [{"Path": "/dev/a", "Rate": 2}]"#,
            "--device-read-iops /dev/a:2",
            "blkio_config:\n  device_read_iops:\n    - path: \"/dev/a\"\n      rate: 2",
        ),
        (
            r#""device_write_bps": [{"Path": "/dev/a", "Rate": 2}]"#,
            "--device-write-bps /dev/a:2",
            "blkio_config:\n  device_write_bps:\n    - path: \"/dev/a\"\n      rate: 2",
        ),
        (
            r#""device_write_iops": [{"Path": "/dev/a", "Rate": 2}]"#,
            "--device-write-iops /dev/a:2",
            "blkio_config:\n  device_write_iops:\n    - path: \"/dev/a\"\n      rate: 2",
        ),
        (
            r#""devices": ["/dev/a", "/dev/b:/dev/c", "/dev/d:/dev/e:r"]"#,
            "--device /dev/a:/dev/a:rwm --device /dev/b:/dev/c:rwm --device /dev/d:/dev/e:r",
            "devices:\n  - \"/dev/a:/dev/a:rwm\"\n  - \"/dev/b:/dev/c:rwm\"\n  - \"/dev/d:/dev/e:r\"",
        ),
        (
            r#""devices": [{"PathOnHost": "/dev/a"}]"#,
            "--device /dev/a:/dev/a:rwm",
            "devices:\n  - \"/dev/a:/dev/a:rwm\"",
        ),
        (
            r#""ulimits": [{"name": "nofile", "soft": 1, "hard": -1}, {"Name": "core", "Soft": 0}]"#,
            "--ulimit nofile=1:-1 --ulimit core=0:0",
            "ulimits:\n  nofile:\n    soft: 1\n    hard: -1\n  core:\n    soft: 0\n    hard: 0",
        ),
        (
            r#""restart_policy": {"Name": "on-failure", "MaximumRetryCount": 5}"#,
            "--restart on-failure:5",
            "restart: \"on-failure:5\"",
        ),
        (
            r#""restart_policy": {"Name": "always"}"#,
            "--restart always",
            "restart: \"always\"",
        ),
        (
            r#""log_config": {"type": "syslog", "config": {"tag": "a"}}"#,
            "--log-driver syslog --log-opt tag=a",
            "logging:\n  driver: \"syslog\"\n  options:\n    tag: \"a\"",
        ),
        (
            r#""healthcheck": {"test": "a b", "interval": 1500000000, "retries": 3}"#,
            "--health-cmd 'a b' --health-interval 1500ms --health-retries 3",
            "healthcheck:\n  test:\n    - \"CMD-SHELL\"\n    - \"a b\"\n  interval: \"1500ms\"\n  retries: 3",
        ),
        (
            r#""healthcheck": {"Test": ["NONE"], "Interval": 1}"#,
            "--no-healthcheck",
            "healthcheck:\n  disable: true",
        ),
        (
            r#""ports": {"80/tcp": 8080, "81": null, "82/udp": ["1-2"], "83/tcp": {"HostIp": "::1", "HostPort": 4}}"#,
            "--publish 8080:80/tcp --publish 81/tcp --publish 1-2:82/udp --publish '[::1]:4:83/tcp'",
            "ports:\n  - \"8080:80/tcp\"\n  - \"81/tcp\"\n  - \"1-2:82/udp\"\n  - \"[::1]:4:83/tcp\"",
        ),
        (
            r#""device_requests": [{"count": -1, "capabilities": [["gpu"]]}]"#,
            "--gpus count=all",
            "deploy:\n  resources:\n    reservations:\n      devices:\n        - count: \"all\"\n          capabilities:\n            - \"gpu\"",
        ),
        (
            r#""device_requests": [{"driver": "nvidia", "device_ids": ["0", "1"], "capabilities": [["gpu", "utility"]], "options": {"a": "b"}}]"#,
            "--gpus 'driver=nvidia,\"device=0,1\",capabilities=utility,options=a=b'",
            "deploy:\n  resources:\n    reservations:\n      devices:\n        - driver: \"nvidia\"\n          device_ids:\n            - \"0\"\n            - \"1\"\n          capabilities:\n            - \"gpu\"\n            - \"utility\"\n          options:\n            a: \"b\"",
        ),
        (
            r#""network": "none""#,
            "--network none",
            "network_mode: \"none\"",
        ),
        (
            r#""network_mode": "container:web""#,
            "--network container:web",
            "network_mode: \"container:web\"",
        ),
        (
            r#""network_mode": "harbour.1""#,
            "--network harbour.1",
            "networks:\n  - \"harbour.1\"\nnetworks:\n  \"harbour.1\":\n    name: \"harbour.1\"\n    external: true",
        ),
        (
            r#""volumes": {"/a b": {"bind": "/c", "mode": "ro"}, "data": {"bind": "/d"}, "/e": {"bind": "/f", "ro": true, "propagation": "rslave"}}"#,
            "--volume '/a b:/c:ro' --volume data:/d:rw --volume /e:/f:ro,rslave",
            "volumes:\n  - \"/a b:/c:ro\"\n  - \"data:/d:rw\"\n  - \"/e:/f:ro,rslave\"\nvolumes:\n  data:\n    name: \"data\"",
        ),
        (
            r#""volumes": ["/a:/b", "/c"]"#,
            "--volume /a:/b --volume /c",
            "volumes:\n  - \"/a:/b\"\n  - \"/c\"",
        ),
        (
            r#""mounts": [{"Type": "bind", "Source": "/a,b", "Target": "/c\"", "ReadOnly": true, "BindOptions": {"Propagation": "rslave"}}]"#,
            "--mount 'type=bind,\"source=/a,b\",\"target=/c\"\"\",readonly,bind-propagation=rslave'",
            "volumes:\n  - type: \"bind\"\n    source: \"/a,b\"\n    target: \"/c\\\"\"\n    read_only: true\n    bind:\n      propagation: \"rslave\"",
        ),
        (
            r#""mounts": [{"type": "tmpfs", "target": "/a", "tmpfsoptions": {"sizebytes": 9, "mode": 1023}}]"#,
            "--mount type=tmpfs,target=/a,tmpfs-size=9,tmpfs-mode=1777",
            "volumes:\n  - type: \"tmpfs\"\n    target: \"/a\"\n    tmpfs:\n      size: 9\n      mode: 1023",
        ),
        (
            r#""command": "echo 'a b' c""#,
            "| echo 'a b' c",
            "command:\n  - \"echo\"\n  - \"a b\"\n  - \"c\"",
        ),
        (
            r#""entrypoint": "/start --a", "command": ["b", 1]"#,
            "--entrypoint /start | --a b 1",
            "entrypoint:\n  - \"/start\"\n  - \"--a\"\ncommand:\n  - \"b\"\n  - \"1\"",
        ),
    ] {
        check(property, flags, service);
    }
}

#[test]
fn nothing_is_asked_by_empty_values() {
    for property in [
        r#""hostname": null"#,
        r#""hostname": """#,
        r#""environment": {}"#,
        r#""cap_add": []"#,
        r#""unheard_of": null"#,
        r#""command": []"#,
    ] {
        check(property, "", "");
    }
}

#[test]
fn what_one_form_lacks_is_named_there() {
    const NO_KEY: &str = "the Compose Specification has no key for it";
    for (property, name) in [
        (r#""auto_remove": true"#, "auto_remove"),
        (r#""remove": true"#, "remove"),
        (r#""cpuset_mems": "0""#, "cpuset_mems"),
        (r#""publish_all_ports": true"#, "publish_all_ports"),
        (r#""volume_driver": "local""#, "volume_driver"),
    ] {
        check_remarks(property, &[], &[&format!("run_config.{name}: {NO_KEY}")]);
    }
    for (property, reason) in [
        (
            r#""entrypoint": []"#,
            "run_config.entrypoint: docker run cannot take away an entrypoint and keep the command of the image",
        ),
        (
            r#""healthcheck": {"test": ["CMD", "a"]}"#,
            "run_config.healthcheck.test: docker run runs a health check in a shell only",
        ),
        (
            r#""device_requests": [{"count": 1, "capabilities": [["tpu"]]}]"#,
            "run_config.device_requests.0: docker run asks for devices with the capability gpu only",
        ),
    ] {
        check_remarks(property, &[reason], &[]);
    }
}

#[test]
fn what_neither_form_has_is_named_with_the_reason() {
    for (property, remark) in [
        (
            r#""unheard_of": 1"#,
            "unheard_of: containers have no such setting, and sessions of this workspace would not start",
        ),
        (
            r#""image": "a""#,
            "image: the image stands elsewhere, and cannot be given twice",
        ),
        (
            r#""hostname": 5"#,
            "hostname: expected a string, found a number",
        ),
        (
            r#""privileged": "true""#,
            "privileged: expected a truth value, found a string",
        ),
        (
            r#""cap_add": [1]"#,
            "cap_add.0: expected a string, found a number",
        ),
        (
            r#""cpu_shares": 1.5"#,
            "cpu_shares: expected a whole number",
        ),
        (
            r#""shm_size": "much""#,
            "shm_size: expected a number of bytes, such as 512m or 2g",
        ),
        (
            r#""command": "it's""#,
            "command: it cannot be taken apart into words: a quote in it is never closed",
        ),
        (
            r#""environment": {"A": null}"#,
            "environment.A: a variable without a value would be taken from the shell that starts the container",
        ),
        (
            r#""environment": ["A"]"#,
            "environment.0: a variable without a value would be taken from the shell that starts the container",
        ),
        (
            r#""environment": {"A": []}"#,
            "environment.A: expected a text, found an array",
        ),
        (
            r#""environment": {"": "a"}"#,
            "environment.: a variable needs a name",
        ),
        (
            r#""volumes": {"/a": "/b"}"#,
            "volumes./a: expected an object with bind and mode",
        ),
        (
            r#""volumes": {"a/b": {"bind": "/c"}}"#,
            "volumes.a/b: it is neither an absolute path nor the name of a volume",
        ),
        (
            r#""volumes": {"/a": {"bind": "b"}}"#,
            "volumes./a: a path inside the container begins with a slash",
        ),
        (
            r#""volumes": ["/a:/b:ro:z"]"#,
            "volumes.0: expected host:container:mode",
        ),
        (
            r#""ports": {"http": 80}"#,
            "ports.http: expected a port and its protocol, such as 8080/tcp",
        ),
        (
            r#""ports": {"80/tcp": "any"}"#,
            "ports.80/tcp: expected a port of the host",
        ),
        (
            r#""ports": [80]"#,
            "ports: expected an object, found an array",
        ),
        (
            r#""security_opt": ["seccomp={}"]"#,
            "security_opt.0: docker reads a seccomp profile from a file of its own host, which is not here",
        ),
        (
            r#""network": "none", "network_mode": "host""#,
            "network_mode: network and network_mode exclude each other",
        ),
        (r#""network": "-x""#, "network: no network has such a name"),
        (
            r#""restart_policy": {"Name": "often"}"#,
            "restart_policy: the engine knows no, always, unless-stopped and on-failure",
        ),
        (
            r#""ulimits": [{"name": "no file"}]"#,
            "ulimits.0: there is no limit of this name",
        ),
        (
            r#""mounts": [{"Type": "npipe", "Target": "/a"}]"#,
            "mounts.0: only mounts of the types bind, volume and tmpfs can be written",
        ),
        (
            r#""extra_hosts": {"a": "b"}"#,
            "extra_hosts.a: expected an address of the Internet Protocol, or host-gateway",
        ),
        (
            r#""labels": {"a=b": "c"}"#,
            "labels.a=b: a name is expected here, without an equals sign",
        ),
        (
            r#""sysctls": [1]"#,
            "sysctls: expected an object, found an array",
        ),
        (
            r#""device_requests": [{"capabilities": [["gpu"], ["tpu"]]}]"#,
            "device_requests.0: only one set of capabilities can be written",
        ),
        (
            r#""cpu_count": 1"#,
            "cpu_count: only hosts with Windows have it",
        ),
        (
            r#""kernel_memory": 1"#,
            "kernel_memory: no engine of today knows it",
        ),
        (
            r#""detach": true"#,
            "detach: it tells the program that starts containers what to do, and changes nothing of the container",
        ),
        (
            r#""networking_config": {"a": {}}"#,
            "networking_config: names and addresses inside a network are not written in this form",
        ),
    ] {
        let remark = format!("run_config.{remark}");
        check_remarks(property, &[&remark], &[&remark]);
    }
}

#[test]
fn every_key_has_a_place_or_a_reason() {
    let told = |place: Result<&str, &str>| {
        place.map_or_else(|reason| format!("({reason})"), str::to_owned)
    };
    let rows: Vec<String> = run_config_keys()
        .map(|key| {
            let (docker, compose) = (told(key.docker), told(key.compose));
            format!("{} | {} | {docker} | {compose}", key.key, key.field)
        })
        .collect();
    insta::assert_snapshot!("run_config_keys", rows.join("\n"));
}
