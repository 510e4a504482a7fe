use std::path::Path;

/// The file system that an image store lies on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// Bytes free for us.
    pub free_bytes: u64,
    /// Bytes in all.
    pub total_bytes: u64,
    /// The same text for two folders on one file system of one running host.
    pub filesystem: String,
}

/// Measures the disk that a folder lies on; none where the folder cannot be seen.
pub fn disk_of(folder: &Path) -> Option<Disk> {
    let measured = rustix::fs::statvfs(folder).ok()?;
    let device = rustix::fs::stat(folder).ok()?.st_dev;
    Some(Disk {
        free_bytes: measured.f_bavail.checked_mul(measured.f_frsize)?,
        total_bytes: measured.f_blocks.checked_mul(measured.f_frsize)?,
        filesystem: format!("{}:{device:x}", host_identity()),
    })
}

/// Tells running hosts apart: device numbers alone repeat from host to host.
///
/// The kernel's boot identifier is the same in every container of a host, which a host name is not.
fn host_identity() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").map_or_else(
        |_| {
            rustix::system::uname()
                .nodename()
                .to_string_lossy()
                .into_owned()
        },
        |text| text.trim().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_one_file_system_tell_the_same_one() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        std::fs::create_dir(&inner).unwrap();
        let outer = disk_of(folder.path()).unwrap();
        assert_eq!(outer.filesystem, disk_of(&inner).unwrap().filesystem);
        assert!(outer.total_bytes >= outer.free_bytes);
        assert!(outer.total_bytes > 0);
    }

    #[test]
    fn a_folder_that_is_not_there_has_no_disk() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(disk_of(&folder.path().join("missing")), None);
    }
}
