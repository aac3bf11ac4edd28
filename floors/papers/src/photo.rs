//! Photos are drawn anew before they are kept: that drops the place, the device and anything hidden in the file.
use std::io::Cursor;

use exif::{In, Tag};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use kernel::Day;

use crate::Fault;

/// Bytes a photo may have: 20 MiB.
pub const MAX_BYTES: usize = 20 << 20;
/// Pixels a photo may have, in millions.
const MAX_MILLIONS: u64 = 60;
/// Longest side that is kept, in pixels.
const MAX_SIDE: u32 = 2400;
/// Memory the decoder may ask for: 256 MiB.
const MAX_ALLOC: u64 = 256 << 20;
/// Of 100; text on a photographed sheet stays legible.
const JPEG_QUALITY: u8 = 85;

/// A photo that is safe to keep and to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    /// `image/jpeg`, or `image/png` for pictures that came as png or have transparent parts.
    pub mime: &'static str,
    pub bytes: Vec<u8>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// The day the camera says it was taken. Evidence is dated by it; nothing else of the camera's words is kept.
    pub taken: Option<Day>,
}

/// Decodes, turns upright, shrinks to 2,400 pixels a side and encodes anew.
///
/// # Errors
/// [`Fault::TooLarge`], [`Fault::TooManyPixels`], [`Fault::NotAPhoto`].
pub fn clean(bytes: &[u8]) -> Result<Photo, Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(Fault::TooLarge { mib: (MAX_BYTES >> 20) as u64 });
    }
    let format = image::guess_format(bytes).map_err(|_| Fault::NotAPhoto)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(Fault::NotAPhoto);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Fault::NotAPhoto)?;
    let (w, h) = decoder.dimensions();
    if u64::from(w) * u64::from(h) > MAX_MILLIONS * 1_000_000 {
        return Err(Fault::TooManyPixels { millions: MAX_MILLIONS });
    }
    let upright = decoder.orientation().map_err(|_| Fault::NotAPhoto)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Fault::NotAPhoto)?;
    if picture.width().max(picture.height()) > MAX_SIDE {
        picture = picture.resize(MAX_SIDE, MAX_SIDE, image::imageops::FilterType::Triangle);
    }
    picture.apply_orientation(upright);
    let (mime, drawn) = draw(&picture, format)?;
    Ok(Photo {
        mime,
        bytes: drawn,
        width: picture.width(),
        height: picture.height(),
        taken: taken(bytes),
    })
}

/// Only jpeg packs photographs well here, so a webp photograph becomes one.
fn draw(picture: &DynamicImage, came_as: ImageFormat) -> Result<(&'static str, Vec<u8>), Fault> {
    let mut out = Cursor::new(Vec::new());
    let as_png = came_as == ImageFormat::Png
        || (came_as == ImageFormat::WebP && picture.color().has_alpha());
    let drawn = if as_png {
        // Eight bits a channel, so that every browser shows it alike.
        let plain = if picture.color().has_alpha() {
            DynamicImage::from(picture.to_rgba8())
        } else {
            DynamicImage::from(picture.to_rgb8())
        };
        plain.write_to(&mut out, ImageFormat::Png)
    } else {
        picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY))
    };
    drawn.map_err(|_| Fault::NotAPhoto)?;
    Ok((if as_png { "image/png" } else { "image/jpeg" }, out.into_inner()))
}

/// `DateTimeOriginal`, which reads `2026:11:23 14:05:00`.
fn taken(bytes: &[u8]) -> Option<Day> {
    let exif = exif::Reader::new().read_from_container(&mut Cursor::new(bytes)).ok()?;
    let field = exif.get_field(Tag::DateTimeOriginal, In::PRIMARY)?;
    let exif::Value::Ascii(texts) = &field.value else { return None };
    let text = std::str::from_utf8(texts.first()?).ok()?;
    text.split(' ').next()?.replace(':', "-").parse().ok()
}
