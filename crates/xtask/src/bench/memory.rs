use std::fs;
use std::time::Duration;

/// The unit in which Linux tells processor time: a hundredth of a second.
const TICK: Duration = Duration::from_millis(10);

/// Memory of a process, bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// What it has in memory now.
    pub(crate) resident: u64,
    /// The most that it ever had.
    pub(crate) peak: u64,
}

impl Memory {
    /// Reads `/proc` for a process that runs.
    pub(crate) fn of(process: u32) -> Self {
        let path = format!("/proc/{process}/status");
        let status = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let field = |name: &str| {
            let value = status.lines().find_map(|line| line.strip_prefix(name));
            let number = value.and_then(|value| value.split_whitespace().next());
            let kilobytes = number.and_then(|number| number.parse::<u64>().ok());
            kilobytes.unwrap_or_else(|| panic!("{path} tells no {name}")) * 1_024
        };
        Self {
            resident: field("VmRSS:"),
            peak: field("VmHWM:"),
        }
    }
}

/// Processor time that a process used so far.
pub(crate) fn processor_time(process: u32) -> Duration {
    let path = format!("/proc/{process}/stat");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    // The name in parentheses may hold spaces.
    let (_, fields) = text.rsplit_once(") ").unwrap_or_default();
    let ticks = fields
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u32>().ok())
        .sum::<u32>();
    TICK * ticks
}
