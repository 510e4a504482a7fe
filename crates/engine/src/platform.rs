/// The architecture as image indexes spell it, from what a kernel or engine calls it.
pub fn architecture_of(machine: &str) -> &str {
    match machine {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "i386" | "i686" | "x86" => "386",
        "armv6l" | "armv7l" | "armhf" => "arm",
        "powerpc64" | "powerpc64le" => "ppc64le",
        other => other,
    }
}

/// The architecture this program was built for.
pub fn host_architecture() -> &'static str {
    architecture_of(std::env::consts::ARCH)
}
