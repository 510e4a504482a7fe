use askama::Template;

use crate::pages::context::{Frame, PageContext, Place, Theme};

/// Sign in with user name and password.
#[derive(Template)]
#[template(path = "sign-in.html")]
pub(crate) struct SignIn<'a> {
    frame: Frame<'a>,
    host: &'a str,
    name: &'a str,
    next: &'a str,
    failure: Option<SignInFailure>,
}

/// Why signing in failed; the same for unknown names and wrong passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignInFailure {
    /// Name and password do not go together.
    Wrong,
    /// Too many failures for this name or address.
    TooMany {
        /// When to try again.
        retry_after_seconds: u64,
    },
}

impl<'a> SignIn<'a> {
    /// The form, with the name as it was typed; `next` is the address to go to afterwards.
    pub(crate) const fn new(
        page: &'a PageContext<'a>,
        host: &'a str,
        name: &'a str,
        next: &'a str,
        failure: Option<SignInFailure>,
    ) -> Self {
        Self {
            frame: Frame::new(page, Place::Elsewhere),
            host,
            name,
            next,
            failure,
        }
    }
}

/// Sign in with a one-time link, whose secret sits in the address's fragment.
#[derive(Template)]
#[template(path = "sign-in-link.html")]
pub(crate) struct SignInLink<'a> {
    frame: Frame<'a>,
    host: &'a str,
    failed: bool,
}

impl<'a> SignInLink<'a> {
    /// The form; `failed` after a secret that is no good (any more).
    pub(crate) const fn new(page: &'a PageContext<'a>, host: &'a str, failed: bool) -> Self {
        Self {
            frame: Frame::new(page, Place::Elsewhere),
            host,
            failed,
        }
    }
}
