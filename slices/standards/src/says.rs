//! A clause's restatement as items: the pack writes `- **4A.1-1、4A.1-2** sentence`; a page wants the item ids and the sentence apart.

/// One sentence of a restatement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// `4A.1-1、4A.1-2`; empty for a plain paragraph.
    pub(crate) ids: String,
    pub(crate) text: String,
}

impl Item {
    /// Does this item say what the clause item `id` says?
    pub(crate) fn is(&self, id: &str) -> bool {
        self.ids.split(['、', ',']).any(|i| i.trim() == id)
    }
}

/// Splits a restatement into its items.
pub(crate) fn items(says: &str) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::new();
    for line in says.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let bulleted = line.strip_prefix("- **").and_then(|rest| rest.split_once("**"));
        match bulleted {
            Some((ids, text)) => {
                out.push(Item { ids: ids.trim().to_owned(), text: text.trim().to_owned() })
            }
            None => {
                let text = line.trim_start_matches("- ").replace("**", "");
                out.push(Item { ids: String::new(), text });
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_keep_their_clause_ids() {
        let all = items("一段话。\n\n- **4A.1-1、4A.1-2** 街道统筹。\n- **4A.1-3** 可设专项站。");
        assert_eq!(all.len(), 3);
        assert!(all[1].is("4A.1-2") && !all[1].is("4A.1") && all[0].ids.is_empty());
        assert_eq!(all[2].text, "可设专项站。");
    }
}
