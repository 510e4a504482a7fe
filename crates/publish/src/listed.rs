use model::json;

use crate::memory::{Packed, packed};
use crate::storefront::Card;
use crate::summary::Summary;

/// All that is needed of a workspace to publish it, beside the pages and the picture that are its own.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    /// The folder that it lies in.
    pub(crate) folder: String,
    /// Its entry in the list, byte for byte.
    pub(crate) listing: Vec<u8>,
    /// The versions that it is made for, as its file says them, each as JSON.
    pub(crate) versions: Vec<String>,
    /// The channels that it is offered in, likewise.
    pub(crate) channels: Vec<String>,
    /// What is compared with other workspaces.
    pub(crate) summary: Summary,
    /// Its icon, if it has one that can be published.
    pub(crate) icon: Option<ListedIcon>,
    /// What the pages of the catalogue show of it, once its own page was made.
    pub(crate) card: Option<Card>,
}

/// The icon of a workspace.
#[derive(Debug)]
pub(crate) struct ListedIcon {
    /// Its path from the workspace's folder, and below `icons/`.
    pub(crate) path: String,
    /// The hash of its name and content.
    pub(crate) content: [u8; 20],
    /// Where its workspace's file names it.
    pub(crate) place: Option<json::Span>,
}

packed!(ListedIcon {
    path,
    content,
    place,
});

/// All but the entry of the list, which lies with the others.
impl Packed for Listed {
    fn pack(&self, to: &mut Vec<u8>) {
        self.folder.pack(to);
        self.versions.pack(to);
        self.channels.pack(to);
        self.summary.pack(to);
        self.icon.pack(to);
        self.card.pack(to);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Some(Self {
            folder: Packed::unpack(from)?,
            listing: Vec::new(),
            versions: Packed::unpack(from)?,
            channels: Packed::unpack(from)?,
            summary: Packed::unpack(from)?,
            icon: Packed::unpack(from)?,
            card: Packed::unpack(from)?,
        })
    }
}
