use time::OffsetDateTime;

/// What every page is made with, beside its own data.
#[derive(Debug, Clone)]
pub(crate) struct PageContext<'a> {
    /// Name of the person who is signed in; empty when nobody is.
    pub(crate) person: &'a str,
    /// Token that every form sends back.
    pub(crate) csrf: &'a str,
    /// The person's theme.
    pub(crate) theme: Theme,
    /// Ages are told for this time.
    pub(crate) now: OffsetDateTime,
    /// Path and query of this request, for forms that come back to it.
    pub(crate) here: &'a str,
    /// Number of the newest event when the page's data was read.
    pub(crate) last_event: Option<u64>,
}

/// Light or dark, or as the system wishes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system wishes.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Reads the cookie `theme`, or the field of that name.
    pub(crate) fn from_cookie(value: Option<&str>) -> Self {
        match value {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// Its name in the cookie.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme that the button changes to.
    pub(crate) const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// Pages that the navigation names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Registries and their listings.
    Registry,
    /// What is installed.
    Workspaces,
    /// Hosts.
    Agents,
    /// None of them.
    Elsewhere,
}

/// The context and the place in the navigation: what the frame's template reads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub(crate) page: &'a PageContext<'a>,
    pub(crate) place: Place,
}

impl<'a> Frame<'a> {
    /// A page at `place`.
    pub(crate) const fn new(page: &'a PageContext<'a>, place: Place) -> Self {
        Self { page, place }
    }

    pub(crate) fn csrf(&self) -> &'a str {
        self.page.csrf
    }

    pub(crate) fn here(&self) -> &'a str {
        self.page.here
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        self.page.now
    }

    pub(crate) fn is_at(&self, place: Place) -> bool {
        self.place == place
    }

    /// Up to two letters that stand for the person.
    pub(crate) fn initials(&self) -> String {
        self.page
            .person
            .split_whitespace()
            .filter_map(|word| word.chars().next())
            .take(2)
            .flat_map(char::to_uppercase)
            .collect()
    }
}

/// Where a form leads back to: its hidden field `back` if that is a path of this server, else the start page.
pub(crate) fn return_address(back: &str) -> &str {
    // A second slash or a backslash would make browsers leave for another host.
    let is_local = back.starts_with('/')
        && !back.starts_with("//")
        && !back.contains('\\')
        && !back.contains(|sign: char| sign.is_control());
    if is_local { back } else { "/" }
}

/// The sign-in page that leads to a path of this server afterwards.
pub(crate) fn sign_in_address(next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("/sign-in?next={next}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_back_to_this_server_only() {
        assert_eq!(return_address("/?search=a&page=2"), "/?search=a&page=2");
        for elsewhere in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\r\nSet-Cookie: a=b",
            "\t//evil.example",
        ] {
            assert_eq!(return_address(elsewhere), "/");
        }
    }

    #[test]
    fn the_theme_button_goes_round() {
        let theme = Theme::from_cookie(Some("dark"));
        assert_eq!(theme.next().next().next(), theme);
        assert_eq!(Theme::from_cookie(Some("<script>")), Theme::System);
    }
}
