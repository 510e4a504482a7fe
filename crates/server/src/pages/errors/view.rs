use std::borrow::{Borrow, Cow};

use api::Problem;
use askama::Template;

use crate::pages::context::{Frame, PageContext, Place, Theme, sign_in_address};

/// A page that stands for an answer that could not be given.
#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage<'a> {
    frame: Frame<'a>,
    title: &'a str,
    detail: Cow<'a, str>,
    hint: Option<Cow<'a, str>>,
    request: Option<&'a str>,
    /// A link beside the one to the start, with its words.
    back: Option<(&'static str, Cow<'a, str>)>,
    /// Whether that link is the one to follow.
    leads_back: bool,
}

/// The same for who is signed in: the navigation stays.
#[derive(Template)]
#[template(path = "error-inside.html")]
pub(crate) struct ErrorInside<'a> {
    frame: Frame<'a>,
    error: ErrorPage<'a>,
}

impl<'a> ErrorInside<'a> {
    pub(crate) fn new(error: ErrorPage<'a>) -> Self {
        Self {
            frame: error.frame,
            error,
        }
    }
}

impl<'a> ErrorPage<'a> {
    fn new(page: &'a PageContext<'a>, title: &'a str, detail: impl Into<Cow<'a, str>>) -> Self {
        Self {
            frame: Frame::new(page, Place::Elsewhere),
            title,
            detail: detail.into(),
            hint: None,
            request: None,
            back: None,
            leads_back: false,
        }
    }

    /// There is nothing at this address.
    pub(crate) fn not_found(page: &'a PageContext<'a>) -> Self {
        Self {
            hint: Some("It may have been removed, or the link is not whole.".into()),
            ..Self::new(page, "Not found", "There is nothing at this address.")
        }
    }

    /// The server failed; `request` finds the reason in its log.
    pub(crate) fn server_error(page: &'a PageContext<'a>, request: &'a str) -> Self {
        Self {
            hint: Some("Try again. If it stays, whoever runs this server finds the reason in its log under the number below.".into()),
            request: Some(request),
            ..Self::new(page, "Something failed", "The server could not answer.")
        }
    }

    /// Asked too often.
    pub(crate) fn too_many_requests(
        page: &'a PageContext<'a>,
        detail: &'a str,
        retry_after_seconds: u64,
    ) -> Self {
        Self {
            hint: Some(format!("Try again in {}.", wait(retry_after_seconds)).into()),
            back: Some(("Try again", page.here.into())),
            ..Self::new(page, "Too many requests", detail)
        }
    }

    /// A registry was read less than a minute ago; it is read again by itself.
    pub(crate) fn not_yet(page: &'a PageContext<'a>, seconds: u64, back: &'a str) -> Self {
        Self {
            hint: Some(format!("It is read again by itself in {}.", wait(seconds)).into()),
            back: Some(("Back", back.into())),
            ..Self::new(page, "Not yet", "It was read less than a minute ago.")
        }
    }

    /// Nobody is signed in any more; signing in leads back to where one was.
    pub(crate) fn signed_out(page: &'a PageContext<'a>, was: &str) -> Self {
        Self {
            hint: Some("Sign in again; nothing was changed.".into()),
            back: Some(("Sign in again", sign_in_address(was).into())),
            leads_back: true,
            ..Self::new(page, "Signed out", "You are signed out.")
        }
    }

    /// Any other refusal.
    pub(crate) fn problem(page: &'a PageContext<'a>, problem: &'a Problem) -> Self {
        Self {
            hint: problem.hint.as_deref().map(Cow::Borrowed),
            request: problem.request_id.as_deref(),
            ..Self::new(page, &problem.title, &*problem.detail)
        }
    }
}

/// A waiting time in words, never shorter than it is.
pub(crate) fn wait(seconds: impl Borrow<u64>) -> String {
    match *seconds.borrow() {
        seconds @ ..=90 => ui::plural(seconds.max(1), "second"),
        seconds => ui::plural(seconds.div_ceil(60), "minute"),
    }
}

#[cfg(test)]
mod tests {
    use super::wait;

    #[test]
    fn waiting_is_never_told_shorter() {
        assert_eq!(wait(0), "1 second");
        assert_eq!(wait(90), "90 seconds");
        assert_eq!(wait(91), "2 minutes");
        assert_eq!(wait(900), "15 minutes");
    }
}
