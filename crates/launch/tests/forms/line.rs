//! What the line has of properties other than `run_config`.

use launch::docker_line;

use crate::{remarks, written};

fn check(members: &str, flags: &str, expected: &[&str]) {
    let written = written(
        &format!(r#"{{"friendly_name": "Tide Table", {members}}}"#),
        docker_line,
    );
    let line = written.text.replace(" \\\n  ", " ");
    let line = line.strip_prefix("docker run --detach").unwrap();
    let (found, _) = line.split_once("harbour/tide-table:1.0@sha256:").unwrap();
    assert_eq!(found.trim(), flags, "{members}");
    assert_eq!(remarks(&written), expected, "{members}");
}

#[test]
fn cores_memory_and_graphics_processors() {
    const INHERIT: &str = "cpu_allocation_method: Inherit follows a setting of the consumer, which is Shares unless changed; Shares are written";
    check(
        r#""cores": 0.5, "cpu_allocation_method": "Quotas""#,
        "--cpus 0.5",
        &[],
    );
    check(
        r#""cores": 2, "cpu_allocation_method": "Shares""#,
        "--cpu-shares 2048",
        &[],
    );
    check(
        r#""cores": 2, "cpu_allocation_method": "Inherit""#,
        "--cpu-shares 2048",
        &[INHERIT],
    );
    check(r#""cores": 2"#, "--cpu-shares 2048", &[INHERIT]);
    check(
        r#""cores": 2, "cpu_allocation_method": "All""#,
        "",
        &["cpu_allocation_method: expected Inherit, Quotas or Shares; the cores are not written"],
    );
    check(
        r#""cores": "2""#,
        "",
        &["cores: expected a number, found a string"],
    );
    check(
        r#""cores": -1"#,
        "",
        &["cores: expected a number of processors"],
    );
    check(r#""memory": 2768"#, "--memory 2768000000", &[]);
    check(r#""memory": 0"#, "", &[]);
    check(
        r#""memory": "2 GB""#,
        "",
        &["memory: expected a number of megabytes"],
    );
    check(r#""gpu_count": 2"#, "--gpus count=2 --runtime nvidia", &[]);
    check(r#""gpu_count": 0"#, "", &[]);
    check(
        r#""gpu_count": 1, "run_config": {"runtime": "other"}"#,
        "--gpus count=1 --runtime other",
        &[],
    );
    check(
        r#""memory": 100, "run_config": {"mem_limit": "1g"}"#,
        "--memory 1073741824",
        &["memory: run_config says otherwise, and comes first"],
    );
}

#[test]
fn folders_of_the_host() {
    const PER_SESSION: &str = "it is filled in for each session, and there is none here";
    check(
        r#""persistent_profile_path": "/profiles/one""#,
        "--volume /profiles/one:/home/kasm-user:rw",
        &[],
    );
    check(
        r#""persistent_profile_path": "/profiles/{username}/""#,
        "",
        &[&format!("persistent_profile_path: {PER_SESSION}")],
    );
    check(
        r#""persistent_profile_path": "s3://bucket/x""#,
        "",
        &[
            "persistent_profile_path: the consumer's own loader inside the image brings profiles from there",
        ],
    );
    check(
        r#""volume_mappings": {"/mnt/a": {"bind": "/a", "mode": "rw", "uid": 1000, "required": true}, "/mnt/{user_id}": {"bind": "/b"}}"#,
        "--volume /mnt/a:/a:rw",
        &[
            "volume_mappings./mnt/a.uid: the owner of a folder is set before containers start; nothing of a container sets it",
            "volume_mappings./mnt/a.required: it tells the consumer what to check before a container starts",
            &format!("volume_mappings./mnt/{{user_id}}: {PER_SESSION}"),
        ],
    );
    check(r#""volume_mappings": []"#, "", &[]);
    check(
        r#""volume_mappings": "/a""#,
        "",
        &["volume_mappings: expected an object, found a string"],
    );
}

#[test]
fn what_is_no_part_of_a_container() {
    check(
        r#""description": "x", "architecture": ["amd64"], "sha": "0", "notes": "y", "enabled": true"#,
        "",
        &[],
    );
    check(
        r#""exec_config": {"first_launch": {"cmd": "a"}, "go": {"cmd": "b"}, "assign": {"cmd": "c"}, "later": {"cmd": "d"}, "none": {}}"#,
        "",
        &[
            "exec_config.first_launch: it is run in the container once after the first start; starting a container has no such step",
            "exec_config.go: it is run in a container that runs already",
            "exec_config.assign: it is run when a session is given to a person",
            "exec_config.later: no consumer knows a command of this name",
        ],
    );
    check(
        r#""require_gpu": true, "launch_config": {"a": 1}, "allow_network_selection": true, "unheard_of": 1"#,
        "",
        &[
            "require_gpu: it chooses the host; containers get graphics processors by gpu_count",
            "launch_config: it is about sessions of a consumer",
            "allow_network_selection: it says which networks people may choose from",
            "unheard_of: it is not known what it asks of a container",
        ],
    );
    check(
        r#""run_config": "--privileged""#,
        "",
        &["run_config: expected an object, found a string"],
    );
}
