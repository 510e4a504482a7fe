/// The script of all pages.
pub(super) fn storefront() -> String {
    slim(include_str!("../../assets/storefront.js"))
}

/// The script of the form for new workspaces.
pub(super) fn new() -> String {
    slim(include_str!("../../assets/new.js"))
}

/// A script without the lines that only explain, and without indentation.
fn slim(script: &str) -> String {
    let mut slim = String::with_capacity(script.len());
    for line in script.lines().map(str::trim_start) {
        if !line.is_empty() && !line.starts_with("//") {
            slim.push_str(line);
            slim.push('\n');
        }
    }
    slim
}
