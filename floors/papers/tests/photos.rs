//! Photos lose what the camera wrote into them and keep the day.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test that fails, fails the test"
)]
use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use papers::Fault;
use papers::photo::clean;

/// Left half red, right half blue.
fn picture(width: u32, height: u32) -> DynamicImage {
    let paint = |x, _| if x < width / 2 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) };
    DynamicImage::from(RgbImage::from_fn(width, height, paint))
}
fn encode(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// EXIF by hand, little-endian: orientation 6 (turn right), the day taken, and a place.
fn exif() -> Vec<u8> {
    let mut t = b"Exif\0\0II\x2A\0\x08\0\0\0".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [
            tag.to_le_bytes().to_vec(),
            kind.to_le_bytes().to_vec(),
            count.to_le_bytes().to_vec(),
            value.to_le_bytes().to_vec(),
        ]
        .concat()
    };
    // IFD0 at 8 has 3 entries and ends at 50; the EXIF IFD ends at 68, its text at 88; the GPS IFD ends at 118.
    t.extend([3, 0]);
    t.extend(entry(0x0112, 3, 1, 6));
    t.extend(entry(0x8769, 4, 1, 50));
    t.extend(entry(0x8825, 4, 1, 88));
    t.extend([0; 4]);
    t.extend([1, 0]);
    t.extend(entry(0x9003, 2, 20, 68));
    t.extend([0; 4]);
    t.extend(b"2026:11:23 14:05:00\0");
    t.extend([2, 0]);
    t.extend(entry(1, 2, 2, u32::from_le_bytes(*b"N\0\0\0")));
    t.extend(entry(2, 5, 3, 118));
    t.extend([0; 4]);
    for n in [30_u32, 1, 14, 1, 987_654, 100] {
        t.extend(n.to_le_bytes());
    }
    t
}

fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let exif = exif();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

#[test]
fn the_place_goes_the_day_stays_and_the_picture_stands_upright() {
    let bytes = with_exif(&encode(&picture(60, 40), ImageFormat::Jpeg));
    let before = exif::Reader::new().read_from_container(&mut Cursor::new(&bytes)).unwrap();
    assert!(
        before.get_field(exif::Tag::GPSLatitude, exif::In::PRIMARY).is_some(),
        "the sample carries a place"
    );
    let photo = clean(&bytes).unwrap();
    assert_eq!((photo.mime, photo.width, photo.height), ("image/jpeg", 40, 60));
    assert_eq!(photo.taken.map(|d| d.to_string()).as_deref(), Some("2026-11-23"));
    assert!(
        exif::Reader::new().read_from_container(&mut Cursor::new(&photo.bytes)).is_err(),
        "no EXIF is left"
    );
    assert!(!photo.bytes.windows(4).any(|w| w == b"Exif"));
    let drawn = image::load_from_memory(&photo.bytes).unwrap().to_rgb8();
    assert!(
        drawn.get_pixel(20, 5)[0] > 150 && drawn.get_pixel(20, 55)[2] > 150,
        "what was left is now above"
    );
}

#[test]
fn large_photos_shrink_and_each_kind_comes_out_as_it_should() {
    let photo = clean(&encode(&picture(3000, 1000), ImageFormat::Jpeg)).unwrap();
    assert_eq!((photo.width, photo.height, photo.taken), (2400, 800, None));
    assert_eq!(clean(&encode(&picture(20, 10), ImageFormat::Png)).unwrap().mime, "image/png");
    assert_eq!(clean(&encode(&picture(20, 10), ImageFormat::WebP)).unwrap().mime, "image/jpeg");
    let glass = DynamicImage::from(RgbaImage::from_pixel(4, 4, Rgba([1, 2, 3, 0])));
    let photo = clean(&encode(&glass, ImageFormat::WebP)).unwrap();
    assert_eq!(photo.mime, "image/png");
    assert_eq!(image::load_from_memory(&photo.bytes).unwrap().to_rgba8().get_pixel(0, 0)[3], 0);
}

#[test]
fn what_is_no_photo_or_too_large_is_refused() {
    for bad in [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice(),
        b"",
        b"GIF89a\x01\0\x01\0",
        b"\xFF\xD8\xFF\xE0 and no more",
        b"%PDF-1.7",
    ] {
        assert_eq!(clean(bad), Err(Fault::NotAPhoto));
    }
    assert_eq!(clean(&vec![0xFF; (20 << 20) + 1]), Err(Fault::TooLarge { mib: 20 }));
    // A png header that claims 60,000 by 60,000 pixels.
    let mut png = encode(&picture(2, 2), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    let crc = crc(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(clean(&png), Err(Fault::TooManyPixels { millions: 60 }));
}

/// The check sum of a png chunk.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, b| {
        (0..8).fold(
            sum ^ u32::from(*b),
            |s, _| if s & 1 == 1 { 0xEDB8_8320 ^ (s >> 1) } else { s >> 1 },
        )
    })
}
