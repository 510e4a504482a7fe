/// An address that a page may link to; nothing for those that would run or embed something.
///
/// What reaches a page was checked when it was read; this keeps a mistake there from becoming a script here.
pub fn followable(address: &str) -> Option<&str> {
    ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| {
            address
                .get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        })
        .then_some(address)
}

#[cfg(test)]
mod tests {
    use super::followable;

    #[test]
    fn only_pages_and_mail_are_linked() {
        for good in [
            "https://example.org/",
            "HTTP://example.org",
            "mailto:a@example.org",
        ] {
            assert_eq!(followable(good), Some(good));
        }
        for bad in [
            "javascript:alert(1)",
            " javascript:x",
            "data:text/html,x",
            "//example.org",
            "",
            "é",
        ] {
            assert_eq!(followable(bad), None);
        }
    }
}
