//! Splits a literate Markdown file into headings, restatements and TOML blocks.
//!
//! Under a heading `## 二、总体目标 {#2}` stand paragraphs that restate the clause. A paragraph that begins with `EN: `, or has more
//! Latin letters than Chinese characters, is the English restatement; the others are the Chinese one. A fenced block opened by three
//! backticks and `toml` holds rules. Comments `<!-- … -->` are dropped.

/// A piece of a file in its order.
pub(crate) enum Piece {
    Heading {
        line: usize,
        level: usize,
        text: String,
        id: Option<String>,
    },
    Paragraph {
        english: bool,
        text: String,
    },
    Toml {
        line: usize,
        text: String,
    },
    /// A fence that never closes.
    Open {
        line: usize,
    },
}

/// The front matter between `+++` lines, with the line it begins on, and the rest with its first line.
pub(crate) fn front(text: &str) -> (Option<(usize, &str)>, usize, &str) {
    let Some(rest) = text.strip_prefix("+++\n") else { return (None, 1, text) };
    match rest.split_once("\n+++") {
        Some((front, body)) => (Some((2, front)), front.matches('\n').count() + 3, body),
        None => (None, 1, text),
    }
}

/// Splits the body that begins on line `first`.
pub(crate) fn pieces(body: &str, first: usize) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut para: Vec<&str> = Vec::new();
    let mut lines = body.lines().enumerate();
    while let Some((i, line)) = lines.next() {
        let at = first + i;
        if let Some(lang) = line.trim_end().strip_prefix("```") {
            close(&mut para, &mut out);
            let mut text = String::new();
            let mut closed = false;
            for (_, inner) in lines.by_ref() {
                if inner.trim_end() == "```" {
                    closed = true;
                    break;
                }
                text.push_str(inner);
                text.push('\n');
            }
            if !closed {
                out.push(Piece::Open { line: at });
            } else if lang == "toml" {
                out.push(Piece::Toml { line: at + 1, text });
            }
        } else if line.starts_with('#') {
            close(&mut para, &mut out);
            let level = line.bytes().take_while(|b| *b == b'#').count();
            let title = line.trim_start_matches('#').trim();
            let (text, id) = match title.rsplit_once("{#") {
                Some((t, id)) if id.ends_with('}') => {
                    (t.trim(), Some(id.trim_end_matches('}').to_owned()))
                }
                _ => (title, None),
            };
            out.push(Piece::Heading { line: at, level, text: text.to_owned(), id });
        } else if line.trim().is_empty() || line.trim_start().starts_with("<!--") {
            close(&mut para, &mut out);
        } else {
            para.push(line);
        }
    }
    close(&mut para, &mut out);
    out
}

fn close(para: &mut Vec<&str>, out: &mut Vec<Piece>) {
    if para.is_empty() {
        return;
    }
    let text = para.join("\n");
    para.clear();
    let (marked, text) = match text.strip_prefix("EN: ") {
        Some(t) => (true, t.to_owned()),
        None => (false, text),
    };
    let han = text.chars().filter(|c| is_han(*c)).count();
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    out.push(Piece::Paragraph { english: marked || latin > han, text });
}

/// Is it a Chinese character (not punctuation)?
pub(crate) const fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '〇' | '\u{20000}'..='\u{2ebef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_paragraphs_and_blocks_keep_their_lines() {
        let text = "+++\na = 1\n+++\n\n## 一 {#1}\n\n用 LOGO 说清楚。\n\nOn **1-1**, said plainly.\n\nEN: 中文多的英文段\n\n```toml\nx = 1\n```\n```toml\n";
        let (front, first, body) = front(text);
        assert_eq!(front, Some((2, "a = 1")));
        let p = pieces(body, first);
        assert!(
            matches!(&p[0], Piece::Heading { line: 5, level: 2, id: Some(id), .. } if id == "1")
        );
        assert!(matches!(&p[1], Piece::Paragraph { english: false, .. }));
        assert!(matches!(&p[2], Piece::Paragraph { english: true, .. }));
        assert!(
            matches!(&p[3], Piece::Paragraph { english: true, text } if text == "中文多的英文段")
        );
        assert!(matches!(&p[4], Piece::Toml { line: 14, text } if text == "x = 1\n"));
        assert!(matches!(&p[5], Piece::Open { line: 16 }));
    }
}
