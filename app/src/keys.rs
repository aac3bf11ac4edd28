//! The key file beside the data: the keys that wrap every person's data key. Whoever has the database without it has nothing that was sealed.
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use db::Vault;

/// A key by its version.
pub type Keys = Vec<(i64, [u8; 32])>;

/// Where it lies. Back it up apart from the database.
pub fn path(data: &Path) -> PathBuf {
    data.join("vault.keys")
}

/// The vault of a data folder; the first start makes its key file.
///
/// # Errors
/// A file that cannot be read or written, or holds no keys.
pub fn vault(data: &Path, seed: impl Fn() -> Outcome<[u8; 32]>) -> Outcome<Vault> {
    let file = path(data);
    let keys = if file.exists() {
        read(&file)?
    } else {
        let keys = vec![(1, seed()?)];
        std::fs::create_dir_all(data)?;
        keep(&file, &keys)?;
        keys
    };
    Ok(Vault::new(keys, seed()?))
}

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The keys of a file: a version and 64 hexadecimal digits a line.
///
/// # Errors
/// As [`vault`].
pub fn read(file: &Path) -> Outcome<Keys> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let wrong = |n: usize| format!("{}: line {} is no key", file.display(), n + 1);
    let mut keys = Keys::new();
    for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let (version, digits) = line.trim().split_once(' ').ok_or_else(|| wrong(n))?;
        let version = version.parse().map_err(|_| wrong(n))?;
        let mut key = [0; 32];
        if digits.len() != 64 {
            return Err(wrong(n).into());
        }
        for (at, byte) in key.iter_mut().enumerate() {
            let pair = digits.get(2 * at..2 * at + 2).ok_or_else(|| wrong(n))?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong(n))?;
        }
        keys.push((version, key));
    }
    if keys.is_empty() { Err(format!("{}: no key", file.display()).into()) } else { Ok(keys) }
}

/// Writes a key file that only its owner reads, whole or not at all.
///
/// # Errors
/// As [`vault`].
pub fn keep(file: &Path, keys: &Keys) -> Outcome<()> {
    let mut text = String::new();
    for (version, key) in keys {
        write!(text, "{version} ")?;
        for byte in key {
            write!(text, "{byte:02x}")?;
        }
        text.push('\n');
    }
    let fresh = file.with_extension("new");
    let _ = std::fs::remove_file(&fresh);
    let mut out =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()?;
    std::fs::rename(&fresh, file)?;
    if let Some(folder) = file.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_made_once_kept_private_and_refused_when_torn() {
        use std::os::unix::fs::PermissionsExt as _;
        let data = std::env::temp_dir().join(format!("wushe-keys-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&data);
        vault(&data, || Ok([1; 32])).unwrap();
        vault(&data, || Ok([2; 32])).unwrap();
        assert_eq!(read(&path(&data)).unwrap(), [(1, [1; 32])]);
        let mode = std::fs::metadata(path(&data)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
        std::fs::write(path(&data), "1 abc").unwrap();
        assert!(vault(&data, || Ok([2; 32])).is_err());
        std::fs::remove_dir_all(&data).unwrap();
    }
}
