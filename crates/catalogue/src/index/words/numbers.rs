//! Numbers in a variable number of bytes: seven bits a byte, the lowest first, the high bit on
//! all bytes but the last.

pub(super) fn number_bytes(number: u32) -> usize {
    (38 - (number | 1).leading_zeros() as usize) / 7
}

pub(super) fn push_number(bytes: &mut Vec<u8>, number: u32) {
    let start = bytes.len();
    bytes.resize(start + number_bytes(number), 0);
    write_number(&mut bytes[start..], number);
}

pub(super) fn write_number(bytes: &mut [u8], mut number: u32) -> usize {
    let mut at = 0;
    while number >= 0x80 {
        bytes[at] = number as u8 | 0x80;
        number >>= 7;
        at += 1;
    }
    bytes[at] = number as u8;
    at + 1
}

pub(super) fn take_byte(bytes: &mut &[u8]) -> Option<u8> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(*first)
}

pub(super) fn take_number(bytes: &mut &[u8]) -> u32 {
    // Most differences are small, and a search reads very many.
    if let [first @ ..0x80, rest @ ..] = *bytes {
        *bytes = rest;
        return u32::from(*first);
    }
    let mut number = 0;
    let mut shift = 0;
    while let Some(byte) = take_byte(bytes) {
        number |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
        shift += 7;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for number in [
            0,
            1,
            127,
            128,
            16_383,
            16_384,
            2_097_151,
            2_097_152,
            u32::MAX,
        ] {
            let mut bytes = Vec::new();
            push_number(&mut bytes, number);
            assert_eq!(bytes.len(), number_bytes(number));
            let mut rest = bytes.as_slice();
            assert_eq!(take_number(&mut rest), number);
            assert!(rest.is_empty());
        }
    }
}
