//! The repository as the rules see it: relative paths and texts, read once.
use std::{fs, io, path::Path};

/// Folders that are made, fetched or not ours.
const SKIPPED: [&str; 6] = ["target", ".git", "node_modules", "dist", "dist.new", "data"];

/// The kinds of files that some rule reads; the rest is known by name only.
const READ: [&str; 8] = ["rs", "toml", "html", "ts", "css", "md", "sql", "txt"];

/// A text file, or the name of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// From the root, with forward slashes.
    pub path: String,
    pub text: String,
}

impl File {
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
    pub(crate) fn ending(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, ending)| ending)
    }
    /// Is this folder one of those above the file?
    pub(crate) fn under(&self, folder: &str) -> bool {
        let mut above: Vec<&str> = self.path.split('/').collect();
        above.pop();
        above.contains(&folder)
    }
    /// The floor, slice or other crate it belongs to: `slices/sites`, `xtask`.
    pub(crate) fn home(&self) -> String {
        let depth = if self.path.starts_with("floors/") || self.path.starts_with("slices/") {
            2
        } else {
            1
        };
        self.path.split('/').take(depth).collect::<Vec<_>>().join("/")
    }
    /// Rust without its unit tests: what follows `#[cfg(test)]` at the foot of a file is free of most rules.
    pub(crate) fn product(&self) -> &str {
        self.text.split("#[cfg(test)]").next().unwrap_or_default()
    }
}

/// All files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    pub files: Vec<File>,
}

impl Tree {
    pub(crate) fn read(root: &Path) -> io::Result<Self> {
        let mut tree = Self::default();
        tree.walk(root, "")?;
        Ok(tree)
    }

    fn walk(&mut self, root: &Path, below: &str) -> io::Result<()> {
        let mut entries: Vec<_> = fs::read_dir(root.join(below))?.collect::<Result<_, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
            if entry.file_type()?.is_dir() {
                if !SKIPPED.contains(&name.as_str()) {
                    self.walk(root, &path)?;
                }
            } else {
                let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
                let text = if READ.contains(&ending) {
                    String::from_utf8_lossy(&fs::read(entry.path())?).into_owned()
                } else {
                    String::new()
                };
                self.files.push(File { path, text });
            }
        }
        Ok(())
    }

    pub(crate) fn ending<'a>(&'a self, ending: &'a str) -> impl Iterator<Item = &'a File> + 'a {
        self.files.iter().filter(move |f| f.ending() == ending)
    }

    /// Is there a file or a folder of this name?
    pub(crate) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.files.iter().any(|f| {
            f.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| File { path: (*path).to_owned(), text: (*text).to_owned() })
            .collect();
        Self { files }
    }
}
