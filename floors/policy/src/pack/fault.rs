//! What is wrong with a pack: file, line, field, and a key whose sentence stands in the locale.
use std::fmt;

use serde::Serialize;

/// One fault of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub file: String,
    /// 1 is the first line.
    pub line: usize,
    /// Such as `station.staff.min`; empty for the file itself.
    pub field: String,
    /// Last part of the locale key `policy.fault.…`.
    pub key: &'static str,
    pub args: Vec<(&'static str, String)>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&crate::words::say(
            crate::words::Lang::En,
            &format!("policy.fault.{}", self.key),
            &self.args,
        ))
    }
}

/// All faults found so far; loading goes on after each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    pub(crate) fn add(
        &mut self,
        file: &str,
        line: usize,
        field: &str,
        key: &'static str,
        args: &[(&'static str, &str)],
    ) {
        let args = args.iter().map(|(k, v)| (*k, (*v).to_owned())).collect();
        self.0.push(Fault { file: file.to_owned(), line, field: field.to_owned(), key, args });
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.0 {
            writeln!(f, "{fault}")?;
        }
        Ok(())
    }
}
impl std::error::Error for Faults {}
