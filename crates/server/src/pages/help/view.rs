use askama::Template;

use crate::pages::context::{Frame, PageContext, Place, Theme};

/// What the identifiers of findings mean.
#[derive(Template)]
#[template(path = "help-warnings.html")]
pub(crate) struct WarningsHelp<'a> {
    frame: Frame<'a>,
}

impl<'a> WarningsHelp<'a> {
    pub(crate) const fn new(page: &'a PageContext<'a>) -> Self {
        Self {
            frame: Frame::new(page, Place::Registry),
        }
    }
}
