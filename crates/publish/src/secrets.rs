//! Tells secrets from other texts: by the beginnings that services give to their tokens, and by the names beside them.

use std::ops::Range;

use memchr::memmem;

/// How a service lets its tokens begin, how long one is at least, and what to call it.
const TOKENS: &[(&str, usize, &str)] = &[
    ("ghp_", 36, "a token of GitHub"),
    ("gho_", 36, "a token of GitHub"),
    ("ghu_", 36, "a token of GitHub"),
    ("ghs_", 36, "a token of GitHub"),
    ("ghr_", 36, "a token of GitHub"),
    ("github_pat_", 40, "a token of GitHub"),
    ("glpat-", 26, "a token of GitLab"),
    ("gldt-", 25, "a token of GitLab"),
    ("dckr_pat_", 30, "a token of Docker Hub"),
    ("npm_", 36, "a token of npm"),
    ("pypi-AgE", 50, "a token of PyPI"),
    ("hf_", 34, "a token of Hugging Face"),
    ("xoxb-", 20, "a token of Slack"),
    ("xoxp-", 20, "a token of Slack"),
    ("xoxa-", 20, "a token of Slack"),
    ("xapp-", 20, "a token of Slack"),
    ("sk-ant-", 40, "a key of Anthropic"),
    ("sk-proj-", 40, "a key of OpenAI"),
    ("sk-", 48, "a key of OpenAI"),
    ("sk_live_", 24, "a key of Stripe"),
    ("rk_live_", 24, "a key of Stripe"),
    ("tskey-", 24, "a key of Tailscale"),
    ("AIza", 39, "a key of Google"),
    ("AKIA", 20, "a key of Amazon"),
    ("ASIA", 20, "a key of Amazon"),
];

/// The shortest of all tokens.
const SHORTEST: usize = 20;

/// All tokens in a text, and private keys.
pub(crate) fn tokens(text: &[u8]) -> Vec<(Range<usize>, &'static str)> {
    let mut found: Vec<_> = words(text)
        .filter_map(|range| Some((range.clone(), token(text, &range)?)))
        .collect();
    for end in memmem::find_iter(text, b"PRIVATE KEY-----") {
        let Some(start) = memmem::rfind(&text[..end], b"-----BEGIN ") else {
            continue;
        };
        // `BEGIN RSA PRIVATE KEY`: a word or two stand between.
        if end - start <= 30 {
            found.push((start..text.len().min(end + 16), "a private key"));
        }
    }
    found
}

/// Long runs of the signs that tokens are made of.
fn words(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let mut start = 0;
    std::iter::from_fn(move || {
        while start < text.len() {
            let length = text[start..].iter().position(|byte| !is_part(byte));
            let word = start..length.map_or(text.len(), |length| start + length);
            start = word.end + 1;
            if word.len() >= SHORTEST {
                return Some(word);
            }
        }
        None
    })
}

fn token(text: &[u8], range: &Range<usize>) -> Option<&'static str> {
    let word = &text[range.clone()];
    if word.starts_with(b"eyJ") && text[range.end..].starts_with(b".eyJ") {
        return Some("a signed token");
    }
    let (_, _, name) = TOKENS
        .iter()
        .find(|(start, least, _)| word.starts_with(start.as_bytes()) && word.len() >= *least)?;
    // A word with this beginning and no digit is a word.
    word.iter().any(u8::is_ascii_digit).then_some(name)
}

/// Whether a variable or option of that name holds a secret.
pub(crate) fn is_secret_name(name: &str) -> bool {
    const WORDS: [&str; 10] = [
        "PASSWORD",
        "PASSWD",
        "PASSPHRASE",
        "PASS",
        "PW",
        "PWD",
        "TOKEN",
        "SECRET",
        "APIKEY",
        "AUTHKEY",
    ];
    const KEYS: [&str; 6] = ["API", "ACCESS", "SECRET", "PRIVATE", "AUTH", "ENCRYPTION"];
    let upper = name.to_ascii_uppercase();
    let mut parts: Vec<&str> = upper.split(['_', '-', '.']).collect();
    while parts
        .last()
        .is_some_and(|part| part.is_empty() || part.bytes().all(|byte| byte.is_ascii_digit()))
    {
        parts.pop();
    }
    // `TOKEN_URL` and `PASSWORD_FILE` say where something is.
    match parts[..] {
        // `PWD` alone is the folder that a shell is in.
        [] | ["PWD" | "OLDPWD"] => false,
        [.., kind, "KEY"] => KEYS.contains(&kind),
        [.., last] => {
            WORDS.contains(&last) || last.ends_with("PASSWORD") || last.ends_with("PASSWD")
        }
    }
}

/// Whether a value stands for a secret that somebody else puts in, or is known to everybody.
pub(crate) fn is_placeholder(value: &str) -> bool {
    const KNOWN: [&str; 16] = [
        "admin",
        "change",
        "default",
        "demo",
        "dummy",
        "example",
        "false",
        "insert",
        "kasm",
        "none",
        "null",
        "pass",
        "placeholder",
        "secret",
        "test",
        "true",
    ];
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    value.len() < 4
        || value.contains(['$', '{', '<', '*', '%'])
        || value.starts_with('/')
        || lower.contains("://")
        || lower.starts_with("your")
        || lower.starts_with("my")
        || lower.bytes().all(|byte| byte == b'x' || byte == b'.')
        || KNOWN.iter().any(|known| lower.starts_with(known))
}

/// The secrets in a command, by the names of its options and variables and by addresses with a password.
pub(crate) fn in_command(command: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut expected = false;
    for word in shell_words(command) {
        let text = &command[word.clone()];
        if std::mem::take(&mut expected) && !text.starts_with('-') && !is_placeholder(text) {
            found.push(word);
            continue;
        }
        let option = text.trim_start_matches('-');
        if let Some((name, value)) = option.split_once('=') {
            if is_secret_name(name) && !is_placeholder(value) {
                found.push(word.end - value.len()..word.end);
                continue;
            }
        } else if text.starts_with("--") {
            expected = is_secret_name(option);
        }
        found.extend(
            password_in_address(text).map(|range| word.start + range.start..word.start + range.end),
        );
    }
    found
}

/// Words as they stand between spaces, quotes and the signs that part commands.
fn shell_words(command: &str) -> impl Iterator<Item = Range<usize>> {
    let is_between = |byte: u8| {
        byte.is_ascii_whitespace()
            || matches!(byte, b'\'' | b'"' | b'`' | b';' | b'&' | b'|' | b'(' | b')')
    };
    let bytes = command.as_bytes();
    let mut place = 0;
    std::iter::from_fn(move || {
        while place < bytes.len() && is_between(bytes[place]) {
            place += 1;
        }
        let start = place;
        while place < bytes.len() && !is_between(bytes[place]) {
            place += 1;
        }
        (start < place).then_some(start..place)
    })
}

/// The password of an address such as `https://ann:password@host/`.
fn password_in_address(text: &str) -> Option<Range<usize>> {
    let start = text.find("://")? + 3;
    let rest = &text[start..];
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let (user, _) = authority.rsplit_once('@')?;
    let (name, password) = user.split_once(':')?;
    let from = start + name.len() + 1;
    (!is_placeholder(password)).then_some(from..from + password.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_begin_as_their_services_want() {
        let letters = "a1".repeat(30);
        for (text, expected) in [
            (format!("\"ghp_{letters}\""), Some("a token of GitHub")),
            (format!("A=sk-ant-{letters} b"), Some("a key of Anthropic")),
            ("AKIAIOSFODNN7EXAMPLE".to_owned(), Some("a key of Amazon")),
            (
                format!("eyJ{letters}.eyJ{letters}.x"),
                Some("a signed token"),
            ),
            (
                "-----BEGIN OPENSSH PRIVATE KEY-----\\nabc".to_owned(),
                Some("a private key"),
            ),
            (format!("xghp_{letters}"), None),
            ("ghp_short1".to_owned(), None),
            ("hf_".to_owned() + &"a".repeat(40), None),
            (letters, None),
            ("PRIVATE KEY-----".to_owned(), None),
        ] {
            let found = tokens(text.as_bytes());
            assert_eq!(found.first().map(|(_, name)| *name), expected, "{text}");
        }
    }

    #[test]
    fn names_tell_secrets() {
        for name in [
            "PASSWORD",
            "VNC_PW",
            "db_password",
            "GITHUB_TOKEN",
            "AWS_SECRET_ACCESS_KEY",
            "API_KEY",
            "api-key",
            "TOKEN_2",
            "MYSQLPASSWORD",
            "TS_AUTHKEY",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "PWD",
            "TOKEN_URL",
            "PASSWORD_FILE",
            "KEY",
            "KEYBOARD",
            "SSH_PUBLIC_KEY",
            "PASSAGE",
            "COMPASS",
            "MONKEY",
            "",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn what_everybody_knows_is_no_secret() {
        for value in [
            "",
            "abc",
            "changeme",
            "password",
            "${TOKEN}",
            "<token>",
            "****",
            "xxxx",
            "/run/secrets/a",
            "your-token-here",
            "https://a.example/",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in ["hunter2!", "Tr0ub4dor&3"] {
            assert!(!is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn commands_are_searched() {
        for (command, expected) in [
            ("login --user ann --password hunter2", &["hunter2"][..]),
            ("A_TOKEN=hunter2 sh -c 'B_TOKEN=$A_TOKEN run'", &["hunter2"]),
            ("git clone https://ann:hunter2@a.example/b", &["hunter2"]),
            ("git clone https://ann@a.example/b:c", &[]),
            ("a --password --force", &[]),
            ("a --token=hunter2;b", &["hunter2"]),
            ("é", &[]),
            ("", &[]),
        ] {
            let found: Vec<&str> = in_command(command)
                .into_iter()
                .map(|range| &command[range])
                .collect();
            assert_eq!(found, expected, "{command}");
        }
    }
}
