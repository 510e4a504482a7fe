const KEY: &[u8] = b"\"modified\":";

/// Whether two `list.json` say the same but for the time they were built at.
///
/// A build of an unchanged tree need not write its list again; then two builds of the same input give the same site.
pub fn differs_only_in_modified(previous: &[u8], next: &[u8]) -> bool {
    match (split(previous), split(next)) {
        (Some(previous), Some(next)) => previous == next,
        _ => false,
    }
}

/// What stands before and after the time. The first `"modified":` is the list's own: before it there are only texts, in
/// which a quote would be escaped, and a number.
fn split(list: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = list.windows(KEY.len()).position(|window| window == KEY)? + KEY.len();
    let digits = list[start..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit() || **byte == b'-')
        .count();
    Some((&list[..start], &list[start + digits..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_time_may_differ() {
        let list = |name: &str, modified: i64| {
            format!(r#"{{"name":"{name}","modified":{modified},"workspaces":[]}}"#).into_bytes()
        };
        assert!(differs_only_in_modified(&list("a", 1), &list("a", 1_700)));
        assert!(!differs_only_in_modified(&list("a", 1), &list("b", 1)));
        assert!(!differs_only_in_modified(
            &list(r#"\"modified\":1"#, 1),
            &list(r#"\"modified\":2"#, 1)
        ));
        assert!(!differs_only_in_modified(b"", b""));
        assert!(!differs_only_in_modified(
            b"{\"modified\":1}",
            b"{\"modified\":1"
        ));
    }
}
