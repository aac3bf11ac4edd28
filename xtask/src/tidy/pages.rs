//! Rules about templates and styles: nothing unescaped, nothing that the page's content security policy would refuse.
use crate::tree::Tree;

pub(super) fn templates(tree: &Tree) -> Vec<String> {
    let mut bad = Vec::new();
    for file in tree.ending("html").filter(|f| f.under("templates")) {
        for (number, line) in file.text.lines().enumerate() {
            for fault in faults(line) {
                bad.push(format!("{}:{}: {fault}", file.path, number + 1));
            }
        }
    }
    bad
}

/// What Chromium 86 does not know, and pictures that the content security policy refuses.
const UNSAFE_CSS: [&str; 9] = [
    ":has(",
    "oklch(",
    "oklab(",
    "color-mix(",
    "light-dark(",
    "@container",
    "@layer",
    "@import url(",
    "url(data:",
];

/// Our own layer looks right on the oldest browsers that district computers are known to run.
pub(super) fn styles(tree: &Tree) -> Vec<String> {
    let mut bad = Vec::new();
    for file in tree.ending("css") {
        for (number, line) in file.text.lines().enumerate() {
            for word in UNSAFE_CSS.iter().filter(|word| line.contains(*word)) {
                bad.push(format!(
                    "{}:{}: `{word}` breaks on Chromium 86 or under the policy",
                    file.path,
                    number + 1
                ));
            }
        }
    }
    bad
}

fn faults(line: &str) -> Vec<&'static str> {
    let low = line.to_lowercase();
    let packed: String = low.chars().filter(|c| !c.is_whitespace()).collect();
    let mut found = Vec::new();
    if packed.contains("|safe") || packed.contains("escape=\"none\"") {
        found.push("`|safe` lets text become markup");
    }
    if has_attribute(&low, |name| name == "style") || low.contains("<style") {
        found.push("a style in the page; write a class");
    }
    if has_attribute(&low, |name| {
        name.starts_with("on") || name.starts_with("hx-on") || name.starts_with("data-hx-on")
    }) {
        found.push("code in an attribute; write an island");
    }
    if low.contains("javascript:") || low.contains("js:") && low.contains("hx-") {
        found.push("code in an address or attribute; write an island");
    }
    for script in low.split("<script").skip(1) {
        let (head, body) = script.split_once('>').unwrap_or((script, ""));
        let data = head.contains("application/json");
        let fetched = head.contains("src=") && body.trim_start().starts_with("</script>");
        if !data && !fetched {
            found.push("a script with a body; write an island");
        }
    }
    found
}

/// Is there an attribute (a word, then `=` and a quote) whose name answers the question?
fn has_attribute(line: &str, is: impl Fn(&str) -> bool) -> bool {
    line.match_indices('=').any(|(at, _)| {
        let quoted = line
            .get(at + 1..)
            .is_some_and(|rest| rest.starts_with(['"', '\'']) || rest.starts_with("{{"));
        let name = line
            .get(..at)
            .and_then(|before| {
                before.rsplit(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '}')).next()
            })
            .unwrap_or_default();
        quoted && is(name)
    })
}

#[cfg(test)]
mod tests {
    use super::{faults, styles, templates};
    use crate::tree::Tree;

    #[test]
    fn clean_markup_passes() {
        for line in [
            "<a class=\"btn\" href=\"/x?on=1\">{{ frame.t(\"a.b\") }}</a>",
            "<script src=\"{{ frame.js }}\"></script>",
            "<script type=\"application/json\" id=\"data\">{{ data }}</script>",
            "<div hx-get=\"/jobs/1\" hx-trigger=\"every 2s\"></div>",
            "{% let one = \"x\" %}<option value=\"1\">",
        ] {
            assert!(faults(line).is_empty(), "{line}: {:?}", faults(line));
        }
    }

    #[test]
    fn styles_stay_old_enough() {
        let tree = Tree::of(&[
            ("a.css", "p { color: red; }\np:has(a) { color: oklch(0 0 0); }"),
            ("a.md", ":has("),
        ]);
        assert_eq!(
            styles(&tree),
            [
                "a.css:2: `:has(` breaks on Chromium 86 or under the policy",
                "a.css:2: `oklch(` breaks on Chromium 86 or under the policy"
            ]
        );
    }

    #[test]
    fn what_the_policy_refuses_is_found() {
        for line in [
            "{{ text | safe }}",
            "<p style=\"color:red\">",
            "<style>p{}</style>",
            "<a onclick=\"go()\">",
            "<a hx-on:click='go()'>",
            "<a href=\"javascript:go()\">",
            "<script>go()</script>",
            "<script src=\"/a.js\">go()</script>",
        ] {
            assert!(!faults(line).is_empty(), "{line}");
        }
        let tree = Tree::of(&[
            ("slices/a/templates/x.html", "<p>\n<p style='a'>"),
            ("docs/x.html", "<p style='a'>"),
        ]);
        assert_eq!(
            templates(&tree),
            ["slices/a/templates/x.html:2: a style in the page; write a class"]
        );
    }
}
