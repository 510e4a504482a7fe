//! The codes of everything that a build reports; none is ever reused for something else.

use diagnostics::Code;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: Code = Code::new($text);)*

        /// All codes.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    /// There is no `registry.toml`, or it cannot be read.
    CONFIG_NOT_FOUND = "config-not-found";
    /// `registry.toml` is not TOML.
    CONFIG_NOT_TOML = "config-not-toml";
    /// `registry.toml` lacks a key.
    CONFIG_KEY_MISSING = "config-key-missing";
    /// `registry.toml` has a key that nobody reads.
    CONFIG_KEY_UNKNOWN = "config-key-unknown";
    /// A key of `registry.toml` has a value of the wrong type.
    CONFIG_WRONG_TYPE = "config-wrong-type";
    /// `schema` names a form of the registry format that does not exist.
    CONFIG_SCHEMA_UNKNOWN = "config-schema-unknown";
    /// An address in `registry.toml` is none.
    CONFIG_NOT_AN_ADDRESS = "config-not-an-address";
    /// The picture that `icon` names does not lie beside `registry.toml`.
    REGISTRY_ICON_NOT_FOUND = "registry-icon-not-found";
    /// `default_channel` names a channel that no workspace has.
    DEFAULT_CHANNEL_UNKNOWN = "default-channel-unknown";

    /// There is no workspace to publish.
    NO_WORKSPACES = "no-workspaces";
    /// More workspaces than consumers read from one list.
    TOO_MANY_WORKSPACES = "too-many-workspaces";
    /// A `workspace.json` lies beside `registry.toml` instead of in a folder of its own.
    WORKSPACE_WITHOUT_FOLDER = "workspace-without-folder";
    /// A `workspace.json` is not JSON.
    INVALID_JSON = "invalid-json";
    /// A `workspace.json` describes nothing that a consumer could show.
    UNUSABLE_WORKSPACE = "unusable-workspace";
    /// A property has a value that consumers pass over.
    UNEXPECTED_VALUE = "unexpected-value";
    /// A workspace is larger than consumers accept in a list.
    WORKSPACE_TOO_LARGE = "workspace-too-large";
    /// A key stands twice in the same object.
    DUPLICATE_KEY = "duplicate-key";
    /// A file is not UTF-8.
    NOT_UTF8 = "not-utf8";
    /// A file begins with a byte-order mark.
    BYTE_ORDER_MARK = "byte-order-mark";

    /// `image_src` is missing or empty.
    ICON_NOT_NAMED = "icon-not-named";
    /// The file that `image_src` names does not exist.
    ICON_NOT_FOUND = "icon-not-found";
    /// `image_src` is an address instead of the name of a file.
    ICON_ELSEWHERE = "icon-elsewhere";
    /// `image_src` leads out of the workspace's folder.
    ICON_OUTSIDE_FOLDER = "icon-outside-folder";
    /// The icon is larger than consumers fetch.
    ICON_TOO_LARGE = "icon-too-large";
    /// Two workspaces bring different icons under one name.
    ICON_NAME_TAKEN = "icon-name-taken";

    /// A file or folder cannot be read.
    NOT_READABLE = "not-readable";
    /// A link or special file is left out.
    ENTRY_LEFT_OUT = "entry-left-out";
    /// Folders are nested too deeply, or hold too many files.
    FOLDER_TOO_LARGE = "folder-too-large";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique() {
        let unique: BTreeSet<_> = super::ALL.iter().collect();
        assert_eq!(unique.len(), super::ALL.len());
    }
}
