//! Binds an official text to a pack. The text itself is no part of this house: a deployment hands it in.
//!
//! The text is split by the hierarchy of its headings in their order, so that the second 四 is another clause than the first. Every
//! quote must occur in its clause exactly once (or as its `nth` says); sentences that no quote touches are listed.
use serde::Serialize;

use crate::explain::Say;
use crate::pack::{Nth, Pack, Quote};

/// A stretch of the official text under one clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// The clause's id.
    pub clause: String,
    /// The text under its heading, the heading's own line included.
    pub text: String,
}

/// A quote that could not be found as it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuoteFault {
    /// Rule, note or vocabulary.
    pub id: String,
    pub clause: String,
    pub words: String,
    /// `policy.text.not_found`, `policy.text.often` or `policy.text.no_clause`.
    pub because: Say,
}

/// What binding a text to a pack gave.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TextReport {
    pub passages: Vec<Passage>,
    pub faults: Vec<QuoteFault>,
    /// How many quotes stand where they should.
    pub bound: usize,
    /// (clause, sentence) that no rule, note or vocabulary quotes.
    pub uncovered: Vec<(String, String)>,
}

/// Splits the text by the pack's headings and checks every quote.
pub fn check_text(pack: &Pack, official: &str) -> TextReport {
    let passages = split(pack, official);
    let mut report = TextReport { passages, ..TextReport::default() };
    let mut marks: Vec<(usize, usize, usize)> = Vec::new();
    for (id, clause, quote) in quotes(pack) {
        let clause_id = pack.clauses.get(clause).map_or("", |c| c.id.as_str());
        let fault = |key: &str, n: usize| QuoteFault {
            id: id.to_owned(),
            clause: clause_id.to_owned(),
            words: quote.words.clone(),
            because: Say { key: format!("policy.text.{key}"), args: vec![("n", n.to_string())] },
        };
        let Some(at) = report.passages.iter().position(|p| p.clause == clause_id) else {
            report.faults.push(fault("no_clause", 0));
            continue;
        };
        let text = report.passages.get(at).map_or("", |p| p.text.as_str());
        let hits: Vec<usize> = text.match_indices(&quote.words).map(|(i, _)| i).collect();
        let wanted = match quote.nth {
            Nth::Once if hits.len() == 1 => hits,
            Nth::All if !hits.is_empty() => hits,
            Nth::At(n) if hits.len() >= n as usize => {
                hits.into_iter().skip(n as usize - 1).take(1).collect()
            }
            _ if hits.is_empty() => {
                report.faults.push(fault("not_found", 0));
                continue;
            }
            _ => {
                report.faults.push(fault("often", hits.len()));
                continue;
            }
        };
        report.bound += 1;
        marks.extend(wanted.into_iter().map(|i| (at, i, i + quote.words.len())));
    }
    for (at, p) in report.passages.iter().enumerate() {
        for (from, to) in sentences(&p.text) {
            let touched = marks.iter().any(|(m, a, b)| *m == at && *a < to && from < *b);
            let sentence = p.text.get(from..to).unwrap_or("").trim();
            let heading = pack.clauses.iter().any(|c| squeeze(&c.heading) == squeeze(sentence));
            if !touched && !heading && sentence.chars().count() > 1 {
                report.uncovered.push((p.clause.clone(), sentence.to_owned()));
            }
        }
    }
    report
}

/// Everything that quotes, with its clause: rules, points of targets, notes, vocabularies.
fn quotes(pack: &Pack) -> Vec<(&str, usize, &Quote)> {
    let mut out = Vec::new();
    for r in &pack.rules {
        let points = r.points.iter().filter_map(|p| p.quote.as_ref());
        out.extend(r.quote.iter().chain(points).map(|q| (r.id.as_str(), r.clause, q)));
    }
    out.extend(
        pack.notes.iter().filter_map(|n| Some((n.id.as_str(), n.clause, n.quote.as_ref()?))),
    );
    out.extend(
        pack.defines.iter().filter_map(|d| Some((d.id.as_str(), d.clause, d.quote.as_ref()?))),
    );
    out
}

fn squeeze(s: &str) -> String {
    s.chars().filter(|c| !c.is_whitespace() && !matches!(c, '。' | '.' | '：' | ':')).collect()
}

/// Cuts the text where the pack's headings stand, each looked for after the one before.
fn split(pack: &Pack, official: &str) -> Vec<Passage> {
    let mut cuts: Vec<(usize, &str)> = Vec::new();
    let mut from = 0;
    for c in &pack.clauses {
        let words = c.heading.trim_end_matches(['。', '.', '：']);
        let found = official.get(from..).and_then(|rest| line_start(rest, words)).map(|i| from + i);
        if let Some(at) = found {
            cuts.push((at, &c.id));
            from = at + words.len();
        } else if cuts.is_empty() {
            // What stands before the first heading found, title and preamble, belongs to the first clause.
            cuts.push((0, &c.id));
        }
    }
    let ends = cuts.iter().skip(1).map(|c| c.0).chain([official.len()]);
    cuts.iter()
        .zip(ends)
        .map(|((at, id), end)| Passage {
            clause: (*id).to_owned(),
            text: official.get(*at..end).unwrap_or("").to_owned(),
        })
        .collect()
}

/// Where a line of the text begins with these words.
fn line_start(text: &str, words: &str) -> Option<usize> {
    text.match_indices(words).map(|(i, _)| i).find(|i| {
        let before = text.get(..*i).unwrap_or("");
        before.trim_end_matches([' ', '\u{3000}', '\t']).is_empty()
            || before.trim_end_matches([' ', '\u{3000}', '\t']).ends_with('\n')
    })
}

/// Byte ranges of the sentences.
fn sentences(text: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut from = 0;
    for (i, c) in text.char_indices() {
        if matches!(c, '。' | '；' | '！' | '？' | '\n') {
            let to = i + c.len_utf8();
            out.push((from, to));
            from = to;
        }
    }
    if from < text.len() {
        out.push((from, text.len()));
    }
    out
}
