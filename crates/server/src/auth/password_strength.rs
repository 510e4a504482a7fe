/// Shortest password accepted, characters.
const SHORTEST: usize = 10;

/// The longest password looked at, bytes.
pub(crate) const LONGEST: usize = 1024;

/// The longest text that only repeats itself when it comes again and again, characters.
const SHORT_UNIT: usize = 4;

/// What is tried first, in small letters and without the digits that people put behind it.
const KNOWN: [&str; 16] = [
    "admin",
    "administrator",
    "changeme",
    "correcthorsebatterystaple",
    "default",
    "iloveyou",
    "kasm",
    "letmein",
    "login",
    "password",
    "passw0rd",
    "quayside",
    "root",
    "secret",
    "welcome",
    "workspace",
];

/// Rows of keys and the order of letters and digits: each is also read backwards.
const RUNS: [&str; 5] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
];

/// Why a new password is refused; `name` is its person's user name.
pub(crate) fn check_password(password: &str, name: &str) -> Result<(), &'static str> {
    if password.chars().count() < SHORTEST {
        return Err("The password needs at least 10 characters.");
    }
    if password.len() > LONGEST {
        return Err("The password is longer than 1,024 bytes.");
    }
    let folded = password.to_lowercase();
    let letters: Vec<char> = folded.chars().collect();
    let unit = repeated_unit(&letters);
    let stem = unit.trim_end_matches(|sign: char| !sign.is_alphabetic());
    let name = name.trim().to_lowercase();
    if !name.is_empty() && [folded.as_str(), &unit, stem].contains(&name.as_str()) {
        Err("The password must not be the user name.")
    } else if unit.chars().count() <= SHORT_UNIT {
        Err("The password only repeats itself.")
    } else if is_run(&unit) {
        Err("The password is only a row of letters, digits or keys.")
    } else if [unit.as_str(), stem]
        .iter()
        .any(|text| KNOWN.contains(text))
    {
        Err("The password is among those that are tried first.")
    } else {
        Ok(())
    }
}

/// The shortest text that the password is a repetition of; itself where it is none.
fn repeated_unit(letters: &[char]) -> String {
    let is_unit = |length: &usize| {
        letters
            .iter()
            .enumerate()
            .all(|(at, letter)| *letter == letters[at % length])
    };
    let length = (1..=letters.len()).find(is_unit).unwrap_or(letters.len());
    letters.iter().take(length).collect()
}

/// Whether a text is a part of a run, or whole runs one after the other.
fn is_run(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let steps = letters.windows(2).filter(|pair| follows(pair)).count();
    // A password of runs changes direction or row now and then.
    letters.len() - 1 - steps <= letters.len() / 6
}

/// Whether two letters stand side by side in a run.
fn follows(pair: &[char]) -> bool {
    let forwards: String = pair.iter().collect();
    let backwards: String = pair.iter().rev().collect();
    RUNS.iter()
        .any(|run| run.contains(&forwards) || run.contains(&backwards))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_refused_with_its_reason() {
        for (password, reason) in [
            ("short", "10 characters"),
            (&"x".repeat(1025), "1,024 bytes"),
            ("administrator", "tried first"),
            ("passwordpassword", "tried first"),
            ("Password2026", "tried first"),
            ("quayside12!", "tried first"),
            ("mara.keller", "user name"),
            ("Mara.Keller", "user name"),
            ("mara.kellermara.keller", "user name"),
            ("mara.keller1", "user name"),
            ("aaaaaaaaaa", "repeats"),
            ("éééééééééééé", "repeats"),
            ("abababababab", "repeats"),
            ("0123401234", "row"),
            ("1234567890", "row"),
            ("0987654321", "row"),
            ("abcdefghijkl", "row"),
            ("qwertyuiopasdf", "row"),
        ] {
            let refused = check_password(password, "mara.keller").unwrap_err();
            assert!(refused.contains(reason), "{password}: {refused}");
        }
    }

    #[test]
    fn what_is_not_is_taken() {
        for password in [
            "correct horse battery",
            "a long enough one",
            "tgbzhnujm8",
            "mara.keller sails",
            "hijklmn boats",
            "密码密码保护我的服务器",
        ] {
            assert_eq!(
                check_password(password, "mara.keller"),
                Ok(()),
                "{password}"
            );
        }
        assert_eq!(check_password("a long enough one", ""), Ok(()));
    }
}
