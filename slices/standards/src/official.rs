//! The official text beside a clause, when a deployment bound one: its paragraph, cut into plain and marked stretches.
use policy::Pack;

/// A stretch of the official paragraph; `marked` when a rule quotes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) text: String,
    pub(crate) marked: bool,
}

/// The paragraphs of a clause: from the line that begins with its printed heading to the next clause's heading.
pub(crate) fn paragraphs(pack: &Pack, clause: usize, text: &str) -> Vec<Vec<Stretch>> {
    let heads: Vec<String> = pack.clauses.iter().map(|c| plain(&c.heading)).collect();
    let Some(mine) = heads.get(clause).filter(|h| !h.is_empty()) else { return Vec::new() };
    // Headings repeat (each chapter has its own （一）), so walk the text in the pack's order.
    let mut at = 0;
    let mut begin = None;
    let lines: Vec<&str> = text.lines().collect();
    for (n, line) in lines.iter().enumerate() {
        let here = plain(line);
        if begin.is_some() {
            break;
        }
        if let Some(head) = heads.get(at)
            && here.starts_with(head.as_str())
        {
            if at == clause {
                begin = Some(n);
            }
            at += 1;
        }
    }
    let Some(begin) = begin else { return Vec::new() };
    let next = heads.get(clause + 1);
    let quotes: Vec<&str> = pack
        .rules
        .iter()
        .filter(|r| r.clause == clause)
        .filter_map(|r| r.quote.as_ref())
        .map(|q| q.words.as_str())
        .collect();
    lines
        .iter()
        .skip(begin)
        .enumerate()
        .take_while(|(n, line)| {
            *n == 0 || next.is_none_or(|h| !plain(line).starts_with(h.as_str()))
        })
        .map(|(n, line)| if n == 0 { strip(line, mine) } else { (*line).to_owned() })
        .filter(|line| !line.trim().is_empty())
        .map(|line| mark(&line, &quotes))
        .collect()
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn strip(line: &str, head: &str) -> String {
    let skip = head.chars().count();
    let mut seen = 0;
    line.chars()
        .skip_while(|c| {
            let go = seen < skip;
            if !c.is_whitespace() {
                seen += 1;
            }
            go
        })
        .collect()
}

fn mark(line: &str, quotes: &[&str]) -> Vec<Stretch> {
    let mut cuts: Vec<(usize, usize)> = quotes
        .iter()
        .flat_map(|q| line.match_indices(q).map(|(at, q)| (at, at + q.len())))
        .collect();
    cuts.sort_unstable();
    let mut out = Vec::new();
    let mut at = 0;
    for (from, to) in cuts {
        let from = from.max(at);
        if to <= from {
            continue;
        }
        if let Some(text) = line.get(at..from).filter(|t| !t.is_empty()) {
            out.push(Stretch { text: text.to_owned(), marked: false });
        }
        if let Some(text) = line.get(from..to) {
            out.push(Stretch { text: text.to_owned(), marked: true });
        }
        at = to;
    }
    if let Some(text) = line.get(at..).filter(|t| !t.is_empty()) {
        out.push(Stretch { text: text.to_owned(), marked: false });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_words_are_marked_even_when_they_overlap() {
        let cut = mark("站应配备人员3至5人，其中一人", &["配备人员3至5人", "3至5人，其中"]);
        let marked: String = cut.iter().filter(|s| s.marked).map(|s| s.text.as_str()).collect();
        assert_eq!(marked, "配备人员3至5人，其中");
        assert_eq!(
            cut.iter().map(|s| s.text.as_str()).collect::<String>(),
            "站应配备人员3至5人，其中一人"
        );
    }
}
