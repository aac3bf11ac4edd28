//! A picture in a report.
use std::io::Cursor;

use image::ImageReader;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Longest side of a picture in a Word file, in pixels: 15 cm at 180 to the inch.
const WORD_SIDE: u32 = 1_100;

/// A photo or scan with its caption. It is told from others by the digest of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Picture {
    pub caption: String,
    /// SHA-256 of the bytes, hexadecimal, and the extension.
    pub name: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

impl Picture {
    /// A picture of JPEG or PNG bytes; nothing when they are neither.
    pub fn new(caption: String, bytes: Vec<u8>) -> Option<Self> {
        let extension = match image::guess_format(&bytes).ok()? {
            image::ImageFormat::Jpeg => "jpg",
            image::ImageFormat::Png => "png",
            _ => return None,
        };
        let reader = ImageReader::new(Cursor::new(&bytes)).with_guessed_format().ok()?;
        let (width, height) = reader.into_dimensions().ok()?;
        let hex: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        Some(Self { caption, name: format!("{hex}.{extension}"), width, height, bytes })
    }
    /// As Word takes it: PNG of a modest size, with its sides.
    pub(super) fn for_word(&self) -> Option<(Vec<u8>, u32, u32)> {
        let mut picture = image::load_from_memory(&self.bytes).ok()?;
        if picture.width().max(picture.height()) > WORD_SIDE {
            picture = picture.thumbnail(WORD_SIDE, WORD_SIDE);
        }
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, image::ImageFormat::Png).ok()?;
        Some((out.into_inner(), picture.width(), picture.height()))
    }
}
