//! What only the network can say of a registry: whether its images exist, how large they are, and whether addresses
//! lead anywhere. Who asks is elsewhere; here are the questions, and what the answers mean.

use diagnostics::{Diagnostic, Span};
use model::ImageReference;

use crate::authoring::{Document, SizeEntry, megabytes, of_document};
use crate::config::locate;
use crate::discover::{WORKSPACE_FILE, workspace_folders};
use crate::path::join;
use crate::report::{Report, span};
use crate::rules::{
    address_not_reached, architecture_not_offered, channel_not_found, image_not_answered,
    image_not_found, size_far_off,
};
use crate::{BuildError, Config, SourceTree};

/// How far a stated size may be from the real one, in percent of that.
const TOLERANCE: u64 = 20;

/// Everything to ask about a registry.
#[derive(Debug, Default)]
pub struct Questions {
    /// The images, in the order of the list.
    pub images: Vec<ImageQuestion>,
    /// The addresses.
    pub addresses: Vec<AddressQuestion>,
}

/// An image under one of its tags.
#[derive(Debug, Clone)]
pub struct ImageQuestion {
    /// The image to ask for.
    pub image: ImageReference,
    /// The architectures that it has to be made for.
    pub architectures: Vec<String>,
    /// The size that is stated for it, in megabytes.
    pub stated_mb: Option<u64>,
    file: String,
    place: Span,
    size_place: Option<Span>,
    is_channel: bool,
}

/// An address that people are sent to.
#[derive(Debug, Clone)]
pub struct AddressQuestion {
    /// The address.
    pub address: String,
    key: &'static str,
    file: String,
    place: Option<Span>,
}

/// What an image registry says.
#[derive(Debug, Clone)]
pub enum ImageAnswer {
    /// It has the image.
    Offered {
        /// The architectures that it is made for.
        architectures: Vec<String>,
        /// What it unpacks to, of the largest architecture that was asked for.
        bytes: Option<u64>,
    },
    /// It does not have it.
    NotFound,
    /// It does not say, for this reason.
    Untold(String),
}

/// What an address leads to.
#[derive(Debug, Clone)]
pub enum AddressAnswer {
    /// Something.
    Reached,
    /// Nothing, for this reason.
    NotReached(String),
}

/// What there is to ask about a registry; files that cannot be read are passed over here.
pub fn questions(tree: &dyn SourceTree, config: Option<&Config>) -> Result<Questions, BuildError> {
    let mut questions = Questions::default();
    if let Some(config) = config {
        for (key, address) in [
            ("list_url", &config.list_url),
            ("contact_url", &config.contact_url),
            ("icon", &config.icon),
        ] {
            let (file, place) = locate(tree, key);
            questions.add_address(key, address, file, place);
        }
    }
    for folder in workspace_folders(tree, &mut Report::default())? {
        let Ok(document) = Document::read(tree, join(&folder, WORKSPACE_FILE)) else {
            continue;
        };
        for entry in of_document(&document) {
            questions.add_entry(&entry);
        }
        let icon = document.value.get("image_src");
        if let Some((icon, text)) = icon.and_then(|icon| Some((icon, icon.as_str()?))) {
            questions.add_address("image_src", text, &document.file, Some(span(icon.span)));
        }
    }
    Ok(questions)
}

/// What the answers mean, with the severities that the registry wants, in the order of the files.
pub fn judge(
    config: Option<&Config>,
    images: &[(ImageQuestion, ImageAnswer)],
    addresses: &[(AddressQuestion, AddressAnswer)],
) -> Vec<Diagnostic> {
    let severities = config.map(|config| config.severities.clone());
    let mut report = Report::new(severities.unwrap_or_default());
    for (question, answer) in addresses {
        if let AddressAnswer::NotReached(why) = answer {
            report.add(question.not_reached(why));
        }
    }
    for (question, answer) in images {
        match answer {
            ImageAnswer::NotFound => report.add(question.not_found()),
            ImageAnswer::Untold(why) => report.add(question.not_answered(why)),
            ImageAnswer::Offered {
                architectures,
                bytes,
            } => {
                for missing in &question.architectures {
                    if !architectures.contains(missing) {
                        report.add(question.not_offered(missing, architectures));
                    }
                }
                let sizes = question.stated_mb.zip(bytes.map(megabytes));
                if let Some((stated, real)) = sizes.filter(|(stated, real)| is_far(*stated, *real))
                {
                    report.add(question.far_off(stated, real));
                }
            }
        }
    }
    report.finish()
}

/// Whether a stated size is further from the real one than people can do with.
fn is_far(stated: u64, real: u64) -> bool {
    stated.abs_diff(real).saturating_mul(100) > real.saturating_mul(TOLERANCE)
}

impl Questions {
    fn add_entry(&mut self, entry: &SizeEntry) {
        // What is no reference is found without asking anybody.
        let Ok(image) = ImageReference::parse(entry.image.trim()) else {
            return;
        };
        let own_tag = image.tag_or_latest().to_owned();
        let question = ImageQuestion {
            image: image.clone(),
            architectures: entry.architectures.clone(),
            stated_mb: entry.stated_mb,
            file: entry.file.clone(),
            place: span(entry.image_span),
            size_place: entry.size_span.map(span),
            is_channel: false,
        };
        for (tag, place) in &entry.tags {
            if let Some(tagged) = image.with_tag(tag).ok().filter(|_| *tag != own_tag) {
                self.images.push(ImageQuestion {
                    image: tagged,
                    stated_mb: None,
                    place: span(*place),
                    is_channel: true,
                    ..question.clone()
                });
            }
        }
        self.images.push(question);
    }

    fn add_address(&mut self, key: &'static str, address: &str, file: &str, place: Option<Span>) {
        if address.starts_with("https://") || address.starts_with("http://") {
            self.addresses.push(AddressQuestion {
                address: address.to_owned(),
                key,
                file: file.to_owned(),
                place,
            });
        }
    }
}

impl ImageQuestion {
    fn not_found(&self) -> Diagnostic {
        let image = &self.image;
        if self.is_channel {
            channel_not_found::RULE
                .found(format!(
                    "{} does not have `{image}`, which a channel names",
                    image.host()
                ))
                .with_label("there is no such tag")
                .with_hint("take the tag away, or push the image under it")
        } else {
            image_not_found::RULE
                .found(format!(
                    "{} does not have the image `{image}`",
                    image.host()
                ))
                .with_label("no such image or tag")
        }
        .in_file(&*self.file)
        .at(self.place)
    }

    fn not_offered(&self, architecture: &str, offered: &[String]) -> Diagnostic {
        let offered = if offered.is_empty() {
            "none that is known here".to_owned()
        } else {
            format!("`{}`", offered.join("`, `"))
        };
        architecture_not_offered::RULE
            .found(format!("`{}` is not made for `{architecture}`", self.image))
            .with_label(format!("is made for {offered}"))
            .with_hint(format!(
                "take `{architecture}` out of `architecture`, or push the image for it"
            ))
            .in_file(&*self.file)
            .at(self.place)
    }

    fn far_off(&self, stated: u64, real: u64) -> Diagnostic {
        size_far_off::RULE
            .found(format!(
                "`{}` unpacks to {real} MB, and {stated} MB are stated",
                self.image
            ))
            .with_label(format!("more than {TOLERANCE} % off"))
            .with_hint(format!("write {real}, or run `quayside publish sizes`"))
            .in_file(&*self.file)
            .at(self.size_place.unwrap_or(self.place))
    }

    fn not_answered(&self, why: &str) -> Diagnostic {
        image_not_answered::RULE
            .found(format!(
                "nobody could say whether `{}` exists: {why}",
                self.image
            ))
            .in_file(&*self.file)
            .at(self.place)
    }
}

impl AddressQuestion {
    fn not_reached(&self, why: &str) -> Diagnostic {
        let diagnostic = address_not_reached::RULE
            .found(format!("`{}` leads nowhere: {why}", self.key))
            .with_label("was opened just now")
            .in_file(&*self.file);
        match self.place {
            Some(place) => diagnostic.at(place),
            None => diagnostic,
        }
    }
}
