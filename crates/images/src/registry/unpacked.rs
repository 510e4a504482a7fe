//! How large layers are once they are unpacked.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;
use model::{Digest, ImageReference};
use sha2::{Digest as _, Sha256};

use super::{ImageRegistry, LayerDescriptor, Repository, too_long};
use crate::ImageError;
use crate::document::Descriptor;

/// No layer is that large: what unpacks to more is made to keep us busy.
const MOST_UNPACKED: u64 = 1_000_000_000_000;
/// A gzip stream states its size in 32 bits. Beyond so many bytes as transferred, that may be less than the whole.
const LONGEST_STATED: u64 = 1 << 30;
/// The bytes at the end of a gzip stream that state its size.
const STATEMENT: u64 = 4;

/// The most that gzip adds around what it packed, bytes.
const FRAME: u64 = 64;

impl ImageRegistry {
    /// Counts the bytes of a layer's archive, unpacked, as it streams by; nothing is kept.
    ///
    /// A transfer that breaks off goes on where it broke. `progress` is told the bytes transferred so far. Fails if the
    /// bytes are not those of the digest.
    pub async fn count_unpacked(
        &self,
        reference: &ImageReference,
        layer: &LayerDescriptor,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<u64, ImageError> {
        let repository = Repository::new(self, reference, self.credentials())?;
        let descriptor = layer.descriptor();
        let mut count = Count::default();
        let mut fruitless = 0;
        let mut pause = self.options.pause;
        while count.transferred < layer.size || !count.was_opened {
            let before = count.transferred;
            let Err(error) = stream(&repository, &descriptor, &mut count, progress).await else {
                continue;
            };
            let range_refused = matches!(error, ImageError::Status { status: 416, .. });
            if range_refused && count.transferred > 0 {
                count = Count::default();
            } else if !error.is_passing() {
                return Err(error);
            }
            if count.transferred > before {
                fruitless = 0;
                pause = self.options.pause;
                continue;
            }
            fruitless += 1;
            if fruitless >= self.options.attempts {
                return Err(ImageError::Broken {
                    digest: layer.digest.clone(),
                    attempts: fruitless,
                    source: Box::new(error),
                });
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        count.finish(&repository, layer)
    }

    /// The size of a layer's archive, unpacked, where the layer says so at its end: that costs one small request.
    ///
    /// Nothing where it does not, or may not say all: for zstd, for very large layers, and for image registries that
    /// send no parts. A layer made of several gzip streams that state less than was transferred is told apart.
    pub async fn stated_unpacked(
        &self,
        reference: &ImageReference,
        layer: &LayerDescriptor,
    ) -> Result<Option<u64>, ImageError> {
        let packing = layer.media_type.rsplit(['.', '+']).next();
        if packing == Some("tar") {
            return Ok(Some(layer.size));
        }
        let is_gzip = packing == Some("gzip");
        if !is_gzip || !(STATEMENT..LONGEST_STATED).contains(&layer.size) {
            return Ok(None);
        }
        let repository = Repository::new(self, reference, self.credentials())?;
        let from = layer.size - STATEMENT;
        let mut open = repository.open_blob(&layer.descriptor(), from).await?;
        if open.offset != from {
            return Ok(None);
        }
        let mut end = Vec::new();
        while let Some(chunk) = open.streaming.chunk().await? {
            end.extend_from_slice(&chunk);
            if end.len() as u64 > STATEMENT {
                return Err(too_long("layer", &layer.digest, layer.size));
            }
        }
        let stated = <[u8; 4]>::try_from(end)
            .ok()
            .map(u32::from_le_bytes)
            .map(u64::from);
        // Packing makes nothing much larger than it is: at worst, done in haste, each byte takes nine bits.
        let most = |stated: u64| stated + stated / 8 + FRAME;
        Ok(stated.filter(|stated| most(*stated) >= layer.size))
    }
}

impl LayerDescriptor {
    fn descriptor(&self) -> Descriptor {
        Descriptor {
            media_type: self.media_type.clone(),
            digest: self.digest.clone(),
            size: self.size,
            platform: None,
        }
    }
}

/// What is known of a layer so far.
#[derive(Default)]
struct Count {
    transferred: u64,
    was_opened: bool,
    hash: Sha256,
    archive: Archive,
}

/// One request's worth of a layer.
async fn stream(
    repository: &Repository<'_>,
    layer: &Descriptor,
    count: &mut Count,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Result<(), ImageError> {
    let mut open = repository.open_blob(layer, count.transferred).await?;
    if open.offset < count.transferred {
        *count = Count::default();
    }
    count.was_opened = true;
    while let Some(chunk) = open.streaming.chunk().await? {
        count.transferred += chunk.len() as u64;
        if count.transferred > layer.size {
            return Err(too_long("layer", &layer.digest, layer.size));
        }
        count.hash.update(&chunk);
        count
            .archive
            .write_all(&chunk)
            .map_err(|error| repository.unusable("layer", error.to_string()))?;
        progress(count.transferred);
    }
    if count.transferred < layer.size {
        let host = repository.host().to_owned();
        let reason = "it ended before the layer was whole".to_owned();
        return Err(outbound::FetchError::BrokenTransfer { host, reason }.into());
    }
    Ok(())
}

impl Count {
    fn finish(
        self,
        repository: &Repository<'_>,
        layer: &LayerDescriptor,
    ) -> Result<u64, ImageError> {
        let found = Digest::from_sha256(&self.hash.finalize().into());
        if found != layer.digest {
            return Err(ImageError::DigestMismatch {
                what: "layer",
                digest: layer.digest.clone(),
                detail: format!("its digest is `{found}`"),
            });
        }
        self.archive
            .finish()
            .map_err(|error| repository.unusable("layer", error.to_string()))
    }
}

/// Counts what is written to it, unpacked. Told by its first bytes: media types are often wrong.
#[derive(Default)]
enum Archive {
    #[default]
    Empty,
    /// Too little to tell what it is.
    Beginning(Vec<u8>),
    Plain(Counter),
    Gzip(Box<MultiGzDecoder<Counter>>),
    Zstd(Box<zstd::stream::write::Decoder<'static, Counter>>),
}

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

#[derive(Default)]
struct Counter(u64);

impl Archive {
    fn finish(self) -> io::Result<u64> {
        match self {
            Self::Empty => Ok(0),
            Self::Beginning(bytes) => Ok(bytes.len() as u64),
            Self::Plain(counter) => Ok(counter.0),
            Self::Gzip(decoder) => decoder.finish().map(|counter| counter.0),
            Self::Zstd(mut decoder) => {
                decoder.flush()?;
                Ok(decoder.into_inner().0)
            }
        }
    }

    fn of(beginning: &[u8]) -> io::Result<Self> {
        Ok(if beginning.starts_with(GZIP) {
            Self::Gzip(Box::new(MultiGzDecoder::new(Counter(0))))
        } else if beginning.starts_with(ZSTD) {
            Self::Zstd(Box::new(zstd::stream::write::Decoder::new(Counter(0))?))
        } else {
            Self::Plain(Counter(0))
        })
    }
}

impl Write for Archive {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Empty => *self = Self::Beginning(bytes.to_vec()),
            Self::Beginning(beginning) => {
                beginning.extend_from_slice(bytes);
            }
            Self::Plain(counter) => return counter.write(bytes),
            Self::Gzip(decoder) => return decoder.write(bytes),
            Self::Zstd(decoder) => return decoder.write(bytes),
        }
        if let Self::Beginning(beginning) = self
            && beginning.len() >= ZSTD.len()
        {
            let beginning = std::mem::take(beginning);
            *self = Self::of(&beginning)?;
            self.write_all(&beginning)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        if self.0 > MOST_UNPACKED {
            return Err(io::Error::other("it unpacks to more than a terabyte"));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
