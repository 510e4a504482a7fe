use model::json::Value;

use crate::setting::Setting;
use crate::{
    blkio, command, container, devices, environment, gpus, health, limits, mounts, network,
    options, shape, volumes,
};

/// What a key of `run_config` becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunConfigKey {
    /// The key, which is a keyword of docker-py's `containers.run`.
    pub key: &'static str,
    /// The field of the Engine API's request that creates a container.
    pub field: &'static str,
    /// The flag of `docker run`, or why there is none.
    pub docker: Result<&'static str, &'static str>,
    /// The key of a service in the Compose Specification, or why there is none.
    pub compose: Result<&'static str, &'static str>,
}

/// Every key of `run_config` and what becomes of it.
pub fn run_config_keys() -> impl Iterator<Item = RunConfigKey> {
    ROWS.iter().map(|row| RunConfigKey {
        key: row.key,
        field: row.field,
        docker: row.docker.told(),
        compose: row.compose.told(),
    })
}

pub(crate) struct Row {
    pub(crate) key: &'static str,
    field: &'static str,
    pub(crate) docker: To,
    pub(crate) compose: To,
    pub(crate) read: fn(&mut Setting<'_>, &Value),
}

/// What a form has for a key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum To {
    /// A flag, or a path of keys.
    As(&'static str),
    /// Nothing, for this reason.
    Not(&'static str),
}

use To::{As, Not};

impl To {
    const fn told(self) -> Result<&'static str, &'static str> {
        match self {
            As(name) => Ok(name),
            Not(reason) => Err(reason),
        }
    }
}

pub(crate) fn find(key: &str) -> Option<&'static Row> {
    let place = ROWS.binary_search_by_key(&key, |row| row.key).ok()?;
    ROWS.get(place)
}

const WINDOWS: To = Not("only hosts with Windows have it");
const NO_KEY: To = Not("the Compose Specification has no key for it");
const CALLER: To = Not(
    "it tells the program that starts containers what to do, and changes nothing of the container",
);
const GONE: To = Not("no engine of today knows it");
const NO_ENDPOINTS: To = Not("names and addresses inside a network are not written in this form");

const fn row(
    key: &'static str,
    field: &'static str,
    docker: To,
    compose: To,
    read: fn(&mut Setting<'_>, &Value),
) -> Row {
    Row {
        key,
        field,
        docker,
        compose,
        read,
    }
}

/// Sorted by key.
#[rustfmt::skip]
static ROWS: &[Row] = &[
    row("auto_remove", "HostConfig.AutoRemove", As("--rm"), NO_KEY, shape::bool),
    row("blkio_weight", "HostConfig.BlkioWeight", As("--blkio-weight"), As("blkio_config.weight"), shape::integer),
    row("blkio_weight_device", "HostConfig.BlkioWeightDevice", As("--blkio-weight-device"), As("blkio_config.weight_device"), blkio::weights),
    row("cap_add", "HostConfig.CapAdd", As("--cap-add"), As("cap_add"), shape::texts_or_one),
    row("cap_drop", "HostConfig.CapDrop", As("--cap-drop"), As("cap_drop"), shape::texts_or_one),
    row("cgroup_parent", "HostConfig.CgroupParent", As("--cgroup-parent"), As("cgroup_parent"), shape::text),
    row("cgroupns", "HostConfig.CgroupnsMode", As("--cgroupns"), As("cgroup"), shape::text),
    row("command", "Cmd", As("words behind the image"), As("command"), command::command),
    row("cpu_count", "HostConfig.CpuCount", WINDOWS, WINDOWS, shape::integer),
    row("cpu_percent", "HostConfig.CpuPercent", WINDOWS, WINDOWS, shape::integer),
    row("cpu_period", "HostConfig.CpuPeriod", As("--cpu-period"), As("cpu_period"), shape::integer),
    row("cpu_quota", "HostConfig.CpuQuota", As("--cpu-quota"), As("cpu_quota"), shape::integer),
    row("cpu_rt_period", "HostConfig.CpuRealtimePeriod", As("--cpu-rt-period"), As("cpu_rt_period"), shape::integer),
    row("cpu_rt_runtime", "HostConfig.CpuRealtimeRuntime", As("--cpu-rt-runtime"), As("cpu_rt_runtime"), shape::integer),
    row("cpu_shares", "HostConfig.CpuShares", As("--cpu-shares"), As("cpu_shares"), shape::integer),
    row("cpuset_cpus", "HostConfig.CpusetCpus", As("--cpuset-cpus"), As("cpuset"), shape::text),
    row("cpuset_mems", "HostConfig.CpusetMems", As("--cpuset-mems"), NO_KEY, shape::text),
    row("detach", "none", CALLER, CALLER, shape::bool),
    row("device_cgroup_rules", "HostConfig.DeviceCgroupRules", As("--device-cgroup-rule"), As("device_cgroup_rules"), shape::texts),
    row("device_read_bps", "HostConfig.BlkioDeviceReadBps", As("--device-read-bps"), As("blkio_config.device_read_bps"), blkio::rates),
    row("device_read_iops", "HostConfig.BlkioDeviceReadIOps", As("--device-read-iops"), As("blkio_config.device_read_iops"), blkio::rates),
    row("device_requests", "HostConfig.DeviceRequests", As("--gpus"), As("deploy.resources.reservations.devices"), gpus::requests),
    row("device_write_bps", "HostConfig.BlkioDeviceWriteBps", As("--device-write-bps"), As("blkio_config.device_write_bps"), blkio::rates),
    row("device_write_iops", "HostConfig.BlkioDeviceWriteIOps", As("--device-write-iops"), As("blkio_config.device_write_iops"), blkio::rates),
    row("devices", "HostConfig.Devices", As("--device"), As("devices"), devices::devices),
    row("dns", "HostConfig.Dns", As("--dns"), As("dns"), shape::texts),
    row("dns_opt", "HostConfig.DnsOptions", As("--dns-option"), As("dns_opt"), shape::texts),
    row("dns_search", "HostConfig.DnsSearch", As("--dns-search"), As("dns_search"), shape::texts),
    row("domainname", "Domainname", As("--domainname"), As("domainname"), shape::text),
    row("entrypoint", "Entrypoint", As("--entrypoint"), As("entrypoint"), command::entrypoint),
    row("environment", "Env", As("--env"), As("environment"), environment::environment),
    row("extra_hosts", "HostConfig.ExtraHosts", As("--add-host"), As("extra_hosts"), network::extra_hosts),
    row("group_add", "HostConfig.GroupAdd", As("--group-add"), As("group_add"), shape::names),
    row("healthcheck", "Healthcheck", As("--health-cmd"), As("healthcheck"), health::healthcheck),
    row("hostname", "Hostname", As("--hostname"), As("hostname"), shape::text),
    row("init", "HostConfig.Init", As("--init"), As("init"), shape::bool),
    row("init_path", "HostConfig.InitPath", GONE, GONE, shape::text),
    row("ipc_mode", "HostConfig.IpcMode", As("--ipc"), As("ipc"), shape::text),
    row("isolation", "HostConfig.Isolation", WINDOWS, WINDOWS, shape::text),
    row("kernel_memory", "HostConfig.KernelMemory", GONE, GONE, shape::bytes),
    row("labels", "Labels", As("--label"), As("labels"), options::labels),
    row("links", "HostConfig.Links", As("--link"), As("external_links"), network::links),
    row("log_config", "HostConfig.LogConfig", As("--log-driver"), As("logging"), options::log_config),
    row("lxc_conf", "HostConfig.LxcConf", GONE, GONE, shape::text),
    row("mac_address", "MacAddress", As("--mac-address"), As("mac_address"), shape::text),
    row("mem_limit", "HostConfig.Memory", As("--memory"), As("mem_limit"), shape::bytes),
    row("mem_reservation", "HostConfig.MemoryReservation", As("--memory-reservation"), As("mem_reservation"), shape::bytes),
    row("mem_swappiness", "HostConfig.MemorySwappiness", As("--memory-swappiness"), As("mem_swappiness"), shape::integer),
    row("memswap_limit", "HostConfig.MemorySwap", As("--memory-swap"), As("memswap_limit"), shape::bytes),
    row("mounts", "HostConfig.Mounts", As("--mount"), As("volumes"), mounts::mounts),
    row("name", "name, beside the request", As("--name"), As("container_name"), shape::text),
    row("nano_cpus", "HostConfig.NanoCpus", As("--cpus"), As("cpus"), limits::nano_cpus),
    row("network", "HostConfig.NetworkMode", As("--network"), As("networks"), network::network),
    row("network_disabled", "NetworkDisabled", Not("docker run has no flag for it; network none comes near it"), Not("the Compose Specification has no key for it; network_mode none comes near it"), shape::bool),
    row("network_mode", "HostConfig.NetworkMode", As("--network"), As("networks"), network::network),
    row("networking_config", "NetworkingConfig", NO_ENDPOINTS, NO_ENDPOINTS, shape::text),
    row("oom_kill_disable", "HostConfig.OomKillDisable", As("--oom-kill-disable"), As("oom_kill_disable"), shape::bool),
    row("oom_score_adj", "HostConfig.OomScoreAdj", As("--oom-score-adj"), As("oom_score_adj"), shape::integer),
    row("pid_mode", "HostConfig.PidMode", As("--pid"), As("pid"), shape::text),
    row("pids_limit", "HostConfig.PidsLimit", As("--pids-limit"), As("pids_limit"), shape::integer),
    row("platform", "platform, beside the request", As("--platform"), As("platform"), shape::text),
    row("ports", "HostConfig.PortBindings", As("--publish"), As("ports"), network::ports),
    row("privileged", "HostConfig.Privileged", As("--privileged"), As("privileged"), shape::bool),
    row("publish_all_ports", "HostConfig.PublishAllPorts", As("--publish-all"), NO_KEY, shape::bool),
    row("read_only", "HostConfig.ReadonlyRootfs", As("--read-only"), As("read_only"), shape::bool),
    row("remove", "HostConfig.AutoRemove", As("--rm"), NO_KEY, shape::bool),
    row("restart_policy", "HostConfig.RestartPolicy", As("--restart"), As("restart"), limits::restart_policy),
    row("runtime", "HostConfig.Runtime", As("--runtime"), As("runtime"), shape::text),
    row("security_opt", "HostConfig.SecurityOpt", As("--security-opt"), As("security_opt"), container::security_options),
    row("shm_size", "HostConfig.ShmSize", As("--shm-size"), As("shm_size"), shape::bytes),
    row("stderr", "none", CALLER, CALLER, shape::bool),
    row("stdin_open", "OpenStdin", As("--interactive"), As("stdin_open"), shape::bool),
    row("stdout", "none", CALLER, CALLER, shape::bool),
    row("stop_signal", "StopSignal", As("--stop-signal"), As("stop_signal"), shape::text),
    row("storage_opt", "HostConfig.StorageOpt", As("--storage-opt"), As("storage_opt"), options::storage),
    row("stream", "none", CALLER, CALLER, shape::bool),
    row("sysctls", "HostConfig.Sysctls", As("--sysctl"), As("sysctls"), options::sysctls),
    row("tmpfs", "HostConfig.Tmpfs", As("--tmpfs"), As("tmpfs"), mounts::tmpfs),
    row("tty", "Tty", As("--tty"), As("tty"), shape::bool),
    row("ulimits", "HostConfig.Ulimits", As("--ulimit"), As("ulimits"), limits::ulimits),
    row("use_config_proxy", "Env", CALLER, CALLER, shape::bool),
    row("user", "User", As("--user"), As("user"), container::user),
    row("userns_mode", "HostConfig.UsernsMode", As("--userns"), As("userns_mode"), shape::text),
    row("uts_mode", "HostConfig.UTSMode", As("--uts"), As("uts"), shape::text),
    row("version", "none", CALLER, CALLER, shape::text),
    row("volume_driver", "HostConfig.VolumeDriver", As("--volume-driver"), NO_KEY, shape::text),
    row("volumes", "HostConfig.Binds", As("--volume"), As("volumes"), volumes::volumes),
    row("volumes_from", "HostConfig.VolumesFrom", As("--volumes-from"), As("volumes_from"), volumes::volumes_from),
    row("working_dir", "WorkingDir", As("--workdir"), As("working_dir"), shape::text),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_known_once() {
        assert!(ROWS.is_sorted_by(|one, two| one.key < two.key));
        assert_eq!(find("tty").map(|row| row.field), Some("Tty"));
        assert!(find("ttys").is_none());
    }
}
