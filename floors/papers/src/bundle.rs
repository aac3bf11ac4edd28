//! Several files as one zip. The same entries give the same bytes: no time of day is written.
use std::collections::BTreeSet;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::Fault;

/// Zips named entries. Names use `/` between folders.
///
/// # Errors
/// [`Fault::FileName`] for a name that is empty, absolute, climbs out of its folder, cannot stand on Windows, or occurs twice.
pub fn zip_out(entries: &[(&str, &[u8])]) -> Result<Vec<u8>, Fault> {
    let mut seen = BTreeSet::new();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        if !safe(name) || !seen.insert(name.to_lowercase()) {
            return Err(Fault::FileName { name: (*name).to_owned() });
        }
        // Pictures and PDF are packed already.
        let packed =
            [".jpg", ".png", ".webp", ".pdf", ".xlsx", ".docx"].iter().any(|e| name.ends_with(e));
        let method = if packed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method);
        zip.start_file(*name, options).map_err(|e| not_written(&e))?;
        zip.write_all(bytes).map_err(|e| not_written(&e))?;
    }
    zip.finish().map(Cursor::into_inner).map_err(|e| not_written(&e))
}

fn safe(name: &str) -> bool {
    let forbidden = |c: char| c.is_control() || "\\:*?\"<>|".contains(c);
    !name.chars().any(forbidden)
        && name.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

fn not_written(e: &dyn std::fmt::Display) -> Fault {
    Fault::NotWritable { why: e.to_string() }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_goes_in_comes_out_and_nothing_climbs_out() {
        let bytes = zip_out(&[("佐证/制度.txt", b"abc"), ("a.pdf", b"%PDF-1.7")]).unwrap();
        assert_eq!(bytes, zip_out(&[("佐证/制度.txt", b"abc"), ("a.pdf", b"%PDF-1.7")]).unwrap());
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        zip.by_name("佐证/制度.txt").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), zip.len()), ("abc", 2));
        for bad in ["", "/etc/passwd", "../a", "a/../b", "a//b", "C:\\a", "a\0b"] {
            assert_eq!(
                zip_out(&[(bad, b"")]),
                Err(Fault::FileName { name: bad.to_owned() }),
                "{bad:?}"
            );
        }
        assert!(zip_out(&[("a.txt", b""), ("A.txt", b"")]).is_err());
    }
}
