//! Which kind of file these bytes are. The name and the browser's word are not asked.
use std::io::Cursor;

/// The kinds of file that are kept. SVG and HTML never are: a browser would run them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    Pdf,
    Docx,
    Xlsx,
    Jpg,
    Png,
    Webp,
}

impl FileKind {
    /// Its media type.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Jpg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }
    /// Its extension, without a dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Jpg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }
    /// A picture, which is cleaned before it is kept?
    pub const fn is_photo(self) -> bool {
        matches!(self, Self::Jpg | Self::Png | Self::Webp)
    }
}

/// The kind of these bytes, if it is one that is kept. Documents with macros are not.
pub fn kind(bytes: &[u8]) -> Option<FileKind> {
    if bytes.starts_with(b"PK\x03\x04") {
        return office(bytes);
    }
    match infer::get(bytes)?.mime_type() {
        "application/pdf" => Some(FileKind::Pdf),
        "image/jpeg" => Some(FileKind::Jpg),
        "image/png" => Some(FileKind::Png),
        "image/webp" => Some(FileKind::Webp),
        _ => None,
    }
}

/// Office documents are zips; their parts tell which. Only the directory is read, nothing is unpacked.
fn office(bytes: &[u8]) -> Option<FileKind> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let names: Vec<_> = archive.file_names().collect::<Result<_, _>>().ok()?;
    let has = |name: &str| names.iter().any(|n| n == name);
    let macros = names.iter().any(|n| n.ends_with("vbaProject.bin"));
    if macros || !has("[Content_Types].xml") {
        return None;
    }
    match (has("word/document.xml"), has("xl/workbook.xml")) {
        (true, false) => Some(FileKind::Docx),
        (false, true) => Some(FileKind::Xlsx),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zip_out;

    #[test]
    fn the_bytes_say_what_it_is() {
        assert_eq!(kind(b"%PDF-1.7\n"), Some(FileKind::Pdf));
        assert_eq!(kind(b"\xFF\xD8\xFF\xE0\0\x10JFIF"), Some(FileKind::Jpg));
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n"), Some(FileKind::Png));
        assert_eq!(kind(b"RIFF\0\0\0\0WEBPVP8 "), Some(FileKind::Webp));
        for bad in
            [b"<svg xmlns=''/>".as_slice(), b"<html>", b"MZ\x90\0", b"GIF89a", b"", b"PK\x03\x04"]
        {
            assert_eq!(kind(bad), None);
        }
        let types = ("[Content_Types].xml", b"<Types/>".as_slice());
        assert_eq!(
            kind(&zip_out(&[types, ("word/document.xml", b"<w/>")]).unwrap()),
            Some(FileKind::Docx)
        );
        assert_eq!(
            kind(&zip_out(&[types, ("xl/workbook.xml", b"<w/>")]).unwrap()),
            Some(FileKind::Xlsx)
        );
        assert_eq!(
            kind(&zip_out(&[types, ("xl/workbook.xml", b""), ("xl/vbaProject.bin", b"")]).unwrap()),
            None
        );
        assert_eq!(kind(&zip_out(&[("a.txt", b"a")]).unwrap()), None);
    }
}
