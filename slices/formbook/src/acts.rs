//! Verbs: publish a bureau's own form; find one by its name.
use access::Cx;
use db::{Result, Tx};
use forms::{FormDefinition, Library};
use web::Found;

use crate::model::refusals;

/// Puts a definition into use as the next of the bureau's own versions. Answers kept before keep theirs.
///
/// # Errors
/// `access.denied`; every fault of the definition at `line:place`.
pub(crate) fn publish(tx: &mut Tx<'_>, cx: &Cx, source: &str) -> Result<FormDefinition> {
    cx.may("forms.write")?;
    let form = forms::library::load_own(source).map_err(refusals)?;
    forms::answer::publish(tx, &web::answers::hand(cx), &form, source)
}

/// Forms whose name holds these words.
pub(crate) fn search(tx: &mut Tx<'_>, cx: &Cx, words: &str) -> Result<Vec<Found>> {
    if !cx.actor.can("forms.read") {
        return Ok(Vec::new());
    }
    let low = words.to_lowercase();
    let hit =
        |f: &forms::Form| f.title.zh.contains(words) || f.title.en.to_lowercase().contains(&low);
    Ok(Library::of(tx)?
        .all()
        .into_iter()
        .filter(|f| hit(f))
        .take(5)
        .map(|f| Found {
            kind: "formbook.title",
            label: f.title.zh.clone(),
            detail: f.title.en.clone(),
            href: format!("/forms/{}", f.id),
            icon: "clipboard",
        })
        .collect())
}
