use askama::Template;

use crate::pages::context::{Frame, PageContext, Place, Theme};

/// Choose the first password, or skip it.
#[derive(Template)]
#[template(path = "password.html")]
pub(crate) struct FirstPassword<'a> {
    frame: Frame<'a>,
    host: &'a str,
    failure: Option<&'a str>,
}

impl<'a> FirstPassword<'a> {
    /// The form, and why the last try was refused.
    pub(crate) const fn new(
        page: &'a PageContext<'a>,
        host: &'a str,
        failure: Option<&'a str>,
    ) -> Self {
        Self {
            frame: Frame::new(page, Place::Elsewhere),
            host,
            failure,
        }
    }
}
