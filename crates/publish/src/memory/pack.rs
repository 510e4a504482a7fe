//! Values as bytes and back, in no more form than that takes: whoever reads them wrote them.

use diagnostics::{Diagnostic, Edit, Fix, Severity, Span};
use model::json;

use crate::Rule;

/// What can be written as bytes and read back.
pub(crate) trait Packed: Sized {
    /// Adds the bytes at the end.
    fn pack(&self, to: &mut Vec<u8>);

    /// Takes the bytes from the beginning; nothing if they are not such.
    fn unpack(from: &mut &[u8]) -> Option<Self>;
}

/// Packs a struct field by field.
macro_rules! packed {
    ($type:ty { $($field:ident),+ $(,)? }) => {
        impl $crate::memory::Packed for $type {
            fn pack(&self, to: &mut Vec<u8>) {
                $($crate::memory::Packed::pack(&self.$field, to);)+
            }

            fn unpack(from: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: $crate::memory::Packed::unpack(from)?),+ })
            }
        }
    };
}
pub(crate) use packed;

impl Packed for u64 {
    fn pack(&self, to: &mut Vec<u8>) {
        // Seven bits a byte: most numbers are small.
        let mut rest = *self;
        while rest >= 0x80 {
            to.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        to.push(rest as u8);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let mut value = 0;
        for shift in (0..Self::BITS).step_by(7) {
            let (byte, rest) = from.split_first()?;
            *from = rest;
            value |= Self::from(byte & 0x7f) << shift;
            if *byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
}

impl Packed for usize {
    fn pack(&self, to: &mut Vec<u8>) {
        (*self as u64).pack(to);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        u64::unpack(from)?.try_into().ok()
    }
}

impl Packed for bool {
    fn pack(&self, to: &mut Vec<u8>) {
        to.push(u8::from(*self));
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        match u64::unpack(from)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Packed for [u8; 20] {
    fn pack(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(self);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let (bytes, rest) = from.split_first_chunk()?;
        *from = rest;
        Some(*bytes)
    }
}

impl Packed for String {
    fn pack(&self, to: &mut Vec<u8>) {
        self.len().pack(to);
        to.extend_from_slice(self.as_bytes());
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Self::from_utf8(take(from)?.to_vec()).ok()
    }
}

/// Bytes of a known length, from the beginning.
pub(super) fn take<'b>(from: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = usize::unpack(from)?;
    let (bytes, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(bytes)
}

impl<T: Packed> Packed for Option<T> {
    fn pack(&self, to: &mut Vec<u8>) {
        self.is_some().pack(to);
        if let Some(value) = self {
            value.pack(to);
        }
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        if bool::unpack(from)? {
            T::unpack(from).map(Some)
        } else {
            Some(None)
        }
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn pack(&self, to: &mut Vec<u8>) {
        self.len().pack(to);
        for value in self {
            value.pack(to);
        }
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let count = usize::unpack(from)?;
        // Each takes a byte at least, so that a wrong count reserves no more than there is.
        if count > from.len() {
            return None;
        }
        (0..count).map(|_| T::unpack(from)).collect()
    }
}

impl<A: Packed, B: Packed> Packed for (A, B) {
    fn pack(&self, to: &mut Vec<u8>) {
        self.0.pack(to);
        self.1.pack(to);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Some((A::unpack(from)?, B::unpack(from)?))
    }
}

packed!(json::Span { start, end });
packed!(Span { start, end });
packed!(Edit { span, text });
packed!(Fix { title, edits });

impl Packed for Diagnostic {
    fn pack(&self, to: &mut Vec<u8>) {
        let severity = match self.severity {
            Severity::Note => 0_u64,
            Severity::Warning => 1,
            Severity::Error => 2,
        };
        severity.pack(to);
        self.code.as_str().to_owned().pack(to);
        self.message.pack(to);
        self.label.pack(to);
        self.hint.pack(to);
        self.file.pack(to);
        self.span.pack(to);
        self.secret.pack(to);
        self.fix.pack(to);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let severity = match u64::unpack(from)? {
            0 => Severity::Note,
            1 => Severity::Warning,
            2 => Severity::Error,
            _ => return None,
        };
        let code = Rule::find(&String::unpack(from)?)?.code;
        Some(Self {
            severity,
            message: String::unpack(from)?,
            label: Packed::unpack(from)?,
            hint: Packed::unpack(from)?,
            file: Packed::unpack(from)?,
            span: Packed::unpack(from)?,
            secret: Packed::unpack(from)?,
            fix: Packed::unpack(from)?,
            ..Self::new(code, severity, "")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;

    fn check<T: Packed + PartialEq + std::fmt::Debug>(value: &T) {
        let mut bytes = Vec::new();
        value.pack(&mut bytes);
        let mut rest = bytes.as_slice();
        assert_eq!(T::unpack(&mut rest).as_ref(), Some(value));
        assert_eq!(rest, b"");
        for end in 0..bytes.len() {
            assert_eq!(T::unpack(&mut &bytes[..end]), None, "cut off after {end}");
        }
    }

    #[test]
    fn values_come_back_as_they_were() {
        for number in [0, 1, 127, 128, 300, u64::MAX] {
            check(&number);
        }
        check(&vec![Some("fox".to_owned()), None]);
        let span = Span { start: 3, end: 700 };
        let fix = Fix {
            title: "write `a`".to_owned(),
            edits: vec![Edit {
                span,
                text: "a".to_owned(),
            }],
        };
        for rule in RULES {
            let found = rule.found("müde").in_file("workspaces/a/workspace.json");
            check(&found);
            check(
                &found
                    .at(span)
                    .with_label("l")
                    .with_hint("h")
                    .with_fix(fix.clone())
                    .keeping_secret(),
            );
        }
    }

    #[test]
    fn a_wrong_count_reserves_nothing() {
        let mut bytes = Vec::new();
        usize::MAX.pack(&mut bytes);
        assert_eq!(Vec::<u64>::unpack(&mut bytes.as_slice()), None);
        assert_eq!(String::unpack(&mut bytes.as_slice()), None);
    }
}
