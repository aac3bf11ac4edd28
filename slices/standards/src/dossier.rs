//! The inspection dossier (迎检台账): for a site or a whole place on any day, what every clause asks, what is there, which records and files
//! show it, what is missing. Numbered in the document's order; gaps come first in the index.
//!
//! Reading order: [`Dossier`] is the model, `collect` fills it from explanations, `sheets` and `paper` print it, `bundle` zips it with its files.
//! Nothing of what is said about clients enters: records about services appear by number and day alone.
mod bundle;
mod collect;
mod paper;
mod sheets;

use ::policy::Verdict;
use web::judged::Proof;

pub(crate) use bundle::{Taken, zip};
pub(crate) use collect::{Asked, collect};

/// One clause asked of one unit.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// 1-based, in the document's order.
    pub(crate) no: usize,
    pub(crate) chapter: String,
    /// Such as `4A.3-5`.
    pub(crate) clause: String,
    pub(crate) rule: String,
    pub(crate) title: String,
    pub(crate) quote: String,
    pub(crate) unit: String,
    pub(crate) unit_name: String,
    pub(crate) verdict: Verdict,
    pub(crate) value: String,
    pub(crate) bound: String,
    /// What is missing and what would mend it; empty when nothing is to mend.
    pub(crate) gap: String,
    /// The reading used where the text allows several.
    pub(crate) reading: String,
    pub(crate) records: Vec<Record>,
    /// Files that prove the unit itself rather than one record.
    pub(crate) files: Vec<usize>,
}

impl Item {
    /// `0007`
    pub(crate) fn mark(&self) -> String {
        format!("{:04}", self.no)
    }
    pub(crate) const fn is_gap(&self) -> bool {
        crate::live::gravity(self.verdict) <= 3
    }
}

/// A record behind a verdict.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// `0007-02`
    pub(crate) mark: String,
    /// What people call such records.
    pub(crate) table: String,
    pub(crate) label: String,
    pub(crate) kind: String,
    pub(crate) when: String,
    pub(crate) amount: String,
    /// Why it was not counted; empty when it was.
    pub(crate) reason: String,
    /// The record's number in the system.
    pub(crate) number: String,
    /// Its page, for whoever may open it.
    pub(crate) href: String,
    pub(crate) files: Vec<usize>,
}

/// A file of the dossier.
#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    /// Its name in the bundle.
    pub(crate) name: String,
    pub(crate) proof: Proof,
    /// Marks of the items and records it stands behind.
    pub(crate) marks: Vec<String>,
}

/// A clause of the document without a verdict: why there is none.
#[derive(Clone, Debug)]
pub(crate) struct Silent {
    pub(crate) chapter: String,
    pub(crate) clause: String,
    pub(crate) text: String,
}

/// A dossier.
#[derive(Clone, Debug)]
pub(crate) struct Dossier {
    pub(crate) place: String,
    /// Whether it covers one site alone; papers then show every record.
    pub(crate) one_site: bool,
    pub(crate) as_of: kernel::Day,
    pub(crate) items: Vec<Item>,
    pub(crate) silent: Vec<Silent>,
    pub(crate) attachments: Vec<Attachment>,
    /// How it was made, as lines.
    pub(crate) receipt: Vec<String>,
}

impl Dossier {
    /// Items with something to mend, the gravest first.
    pub(crate) fn gaps(&self) -> Vec<&Item> {
        let mut gaps: Vec<&Item> = self.items.iter().filter(|i| i.is_gap()).collect();
        gaps.sort_by_key(|i| (crate::live::gravity(i.verdict), i.no));
        gaps
    }
    /// Verdicts counted: met, to mend, all that are asked.
    pub(crate) fn sums(&self) -> (usize, usize, usize) {
        let asked = self
            .items
            .iter()
            .filter(|i| !matches!(i.verdict, Verdict::NotApplicable | Verdict::Absent));
        let (mut good, mut all) = (0, 0);
        for i in asked {
            all += 1;
            good += usize::from(i.verdict.good() || i.verdict == Verdict::Waived);
        }
        (good, self.items.iter().filter(|i| i.is_gap()).count(), all)
    }
    /// Names of the attachments at these places.
    pub(crate) fn names(&self, files: &[usize]) -> String {
        let names = files.iter().filter_map(|n| self.attachments.get(*n)).map(|a| a.name.as_str());
        names.collect::<Vec<_>>().join("\n")
    }
}
