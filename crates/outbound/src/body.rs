use std::io::{self, Write};

use bytes::Bytes;
use flate2::write::GzDecoder;

/// How far the bytes on the wire may exceed the limit for what they decode to: headers of
/// the compressed form, and blocks that hold nothing.
const WIRE_SLACK: u64 = 64 * 1024;

/// Takes in a body piece by piece, decoded, and stops at the limit.
pub(crate) struct BodyReader {
    sink: Decoder,
    limit: u64,
    wire_bytes: u64,
}

enum Decoder {
    Plain(Limited),
    Gzip(Box<GzDecoder<Limited>>),
}

/// Why a body cannot be taken in.
pub(crate) enum BodyError {
    /// It is longer than the limit.
    TooLarge,
    /// The compressed form is damaged or incomplete.
    Damaged(io::Error),
}

impl BodyReader {
    pub(crate) fn new(gzip: bool, limit: u64) -> Self {
        let limited = Limited {
            bytes: Vec::new(),
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            exceeded: false,
        };
        Self {
            sink: if gzip {
                Decoder::Gzip(Box::new(GzDecoder::new(limited)))
            } else {
                Decoder::Plain(limited)
            },
            limit,
            wire_bytes: 0,
        }
    }

    /// Makes room at once for a body whose length is known to be within the limit.
    pub(crate) fn reserve(&mut self, length: u64) {
        if let Decoder::Plain(limited) = &mut self.sink
            && length <= self.limit
        {
            // A length is only a claim: 1 MiB ahead of the bytes themselves at most.
            limited.bytes.reserve(length.min(1024 * 1024) as usize);
        }
    }

    pub(crate) fn push(&mut self, chunk: &[u8]) -> Result<(), BodyError> {
        self.wire_bytes = self.wire_bytes.saturating_add(chunk.len() as u64);
        if self.wire_bytes > self.limit.saturating_add(WIRE_SLACK) {
            return Err(BodyError::TooLarge);
        }
        match &mut self.sink {
            Decoder::Plain(limited) => limited.write_all(chunk).map_err(|_| BodyError::TooLarge),
            Decoder::Gzip(decoder) => decoder.write_all(chunk).map_err(|error| {
                if decoder.get_ref().exceeded {
                    BodyError::TooLarge
                } else {
                    BodyError::Damaged(error)
                }
            }),
        }
    }

    /// The whole body and the bytes it took on the wire.
    pub(crate) fn finish(self) -> Result<(Bytes, u64), BodyError> {
        let limited = match self.sink {
            Decoder::Plain(limited) => limited,
            // An empty body needs no compressed form around it.
            Decoder::Gzip(_) if self.wire_bytes == 0 => return Ok((Bytes::new(), 0)),
            Decoder::Gzip(mut decoder) => {
                let finished = decoder.try_finish();
                if decoder.get_ref().exceeded {
                    return Err(BodyError::TooLarge);
                }
                finished
                    .and_then(|()| decoder.finish())
                    .map_err(BodyError::Damaged)?
            }
        };
        Ok((Bytes::from(limited.bytes), self.wire_bytes))
    }
}

/// A buffer that refuses what goes beyond its limit.
struct Limited {
    bytes: Vec<u8>,
    limit: usize,
    exceeded: bool,
}

impl Write for Limited {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if self.bytes.len().saturating_add(buffer.len()) > self.limit {
            self.exceeded = true;
            return Err(io::Error::other("the body is larger than allowed"));
        }
        self.bytes.extend_from_slice(buffer);
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn compressed_pieces_come_out_whole() {
        let text = b"a registry ".repeat(5000);
        let mut reader = BodyReader::new(true, 1024 * 1024);
        for piece in gzip(&text).chunks(7) {
            assert!(reader.push(piece).is_ok());
        }
        let Ok((bytes, wire)) = reader.finish() else {
            panic!("the body is whole");
        };
        assert_eq!(bytes, text);
        assert!(wire < 1000);
    }

    #[test]
    fn a_bomb_is_stopped_at_the_limit() {
        let bomb = gzip(&vec![0; 50 * 1024 * 1024]);
        let mut reader = BodyReader::new(true, 1024 * 1024);
        let stopped = bomb
            .chunks(16 * 1024)
            .find_map(|piece| reader.push(piece).err());
        assert!(matches!(stopped, Some(BodyError::TooLarge)));
        let Decoder::Gzip(decoder) = reader.sink else {
            panic!("it is compressed");
        };
        assert!(decoder.get_ref().bytes.len() <= 1024 * 1024);
    }

    #[test]
    fn a_cut_or_wrong_compressed_body_is_damaged() {
        let whole = gzip(b"some text that is long enough to be cut");
        let mut reader = BodyReader::new(true, 1024);
        assert!(reader.push(&whole[..whole.len() - 12]).is_ok());
        assert!(matches!(reader.finish(), Err(BodyError::Damaged(_))));

        let mut reader = BodyReader::new(true, 1024);
        let pushed = reader.push(b"<!doctype html> not compressed at all");
        assert!(pushed.is_err() || reader.finish().is_err());
    }

    #[test]
    fn plain_bodies_are_limited_too() {
        let mut reader = BodyReader::new(false, 10);
        assert!(reader.push(b"0123456789").is_ok());
        assert!(matches!(reader.push(b"x"), Err(BodyError::TooLarge)));
    }
}
