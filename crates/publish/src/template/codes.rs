//! What is said about the files of a template-based registry.

use diagnostics::Code;

/// `site/next.config.js` cannot be read.
pub(super) const TEMPLATE_NOT_READABLE: Code = Code::new("template-not-readable");
/// A file is not JavaScript.
pub(super) const TEMPLATE_BROKEN: Code = Code::new("template-broken");
/// A name is computed.
pub(super) const TEMPLATE_NOT_LITERAL: Code = Code::new("template-not-literal");
/// `site/next.config.js` has no names.
pub(super) const TEMPLATE_WITHOUT_NAMES: Code = Code::new("template-without-names");
