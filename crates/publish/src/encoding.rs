//! What a text was saved as that is not UTF-8.

/// What to do about a text in another encoding.
pub(crate) const SAVE_AS_UTF8: &str = "save it as UTF-8: editors offer that beside the name under \u{201c}Save as\u{201d}, or as the file's encoding";

/// The same where the encoding is known to be UTF-16.
pub(crate) const SAVE_UTF16_AS_UTF8: &str = "save it as UTF-8: editors offer that beside the name under \u{201c}Save as\u{201d}, or as the file's encoding; or run `iconv -f UTF-16 -t UTF-8`";

/// Whether a text is UTF-16, by its mark or by its first two signs: no file of ours begins with others than ASCII's.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    match bytes {
        // The same with two zeros more would be UTF-32.
        [0xff, 0xfe, 0, 0, ..] => false,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
        [0, first, 0, second, ..] | [first, 0, second, 0, ..] => *first != 0 && *second != 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_notepad_s_unicode_is_recognised() {
        let text = "{\"a\"";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(is_utf16(&little) && is_utf16(&big));
        assert!(is_utf16(&[&[0xff, 0xfe], &*little].concat()));
        assert!(is_utf16(&[&[0xfe, 0xff], &*big].concat()));
        for other in [
            text.as_bytes(),
            b"",
            b"\xff\xfe\0\0{\0\0\0",
            b"\0\0\0\0",
            b"caf\xe9",
        ] {
            assert!(!is_utf16(other), "{other:?}");
        }
    }
}
