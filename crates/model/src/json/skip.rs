//! Passing over values without reading them, to find the entries of a long list one by one.

/// The first byte from `position` on that is no JSON white space.
pub(crate) fn skip_whitespace(bytes: &[u8], position: usize) -> usize {
    bytes[position..]
        .iter()
        .position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
        .map_or(bytes.len(), |length| position + length)
}

/// Where the value ends that starts at `start`, judged by quotes and brackets alone; nothing if the text ends in it.
pub(crate) fn end_of_value(bytes: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut position = start;
    while let Some(&byte) = bytes.get(position) {
        match byte {
            b'"' => {
                position = end_of_string(bytes, position)?;
                if depth == 0 {
                    return Some(position);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => {
                // A bracket that closes nothing of this value ends the container around it.
                return Some(position + depth);
            }
            b'}' | b']' => depth -= 1,
            b',' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => return Some(position),
            _ => {}
        }
        position += 1;
    }
    // A document may be a bare word.
    (depth == 0 && position > start).then_some(position)
}

/// Where the string ends that opens at `start`, its quote included.
fn end_of_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut position = start + 1;
    loop {
        let length = bytes
            .get(position..)?
            .iter()
            .position(|&byte| byte == b'"' || byte == b'\\')?;
        position += length;
        if bytes[position] == b'"' {
            return Some(position + 1);
        }
        position += 2;
    }
}
