//! Scales asked of a client. A scale screens and never diagnoses; an answer that points to suicide raises the risk at once (DOMAIN §9).
use access::Cx;
use access::care;
use db::{Result, Tx};
use forms::{Answers, Form, FormAnswer, FormKind, Keeping, Kept};
use kernel::{AnswerId, ClientId, Day, Refusal};
use registry::client::RiskGrade;

use super::risk;
use crate::model::{Factor, gravity};
use crate::store;

/// The scales there are, latest versions.
///
/// # Errors
/// The engine's fault.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<std::sync::Arc<Form>>> {
    let scales = forms::Library::of(tx)?.all();
    Ok(scales.into_iter().filter(|f| f.kind == FormKind::Scale).collect())
}

/// A client's answers to a scale, earliest first. Those of a file that was merged into this one are among them; each stays sealed for the
/// file it was given in, so that undoing the merge takes it back there.
///
/// # Errors
/// The engine's fault.
pub fn answers(tx: &mut Tx<'_>, id: &ClientId, form: &str) -> Result<Vec<FormAnswer>> {
    let mut all = forms::answer::of_client(tx, id, form)?;
    for gone in store::merged_into(tx, id)? {
        all.extend(forms::answer::of_client(tx, &gone, form)?);
    }
    all.sort_by(|a, b| (a.on_day, a.at, a.id.as_str()).cmp(&(b.on_day, b.at, b.id.as_str())));
    Ok(all)
}

/// One answer of a client with its form at its own version, and what was answered.
///
/// # Errors
/// Missing when it is none of this client's.
pub fn answer(
    tx: &mut Tx<'_>,
    id: &ClientId,
    answer: &AnswerId,
) -> Result<(FormAnswer, std::sync::Arc<Form>, Answers)> {
    let (kept, form, said) = forms::answer::load(tx, answer)?;
    let files = store::merged_into(tx, id)?;
    let theirs = kept.client.as_ref().is_some_and(|c| c == id || files.contains(c));
    if theirs && form.kind == FormKind::Scale {
        Ok((kept, form, said))
    } else {
        Err(db::Error::Missing)
    }
}

/// Keeps a scale's answers; the risk flow does not wait for anybody.
///
/// # Errors
/// Refusals at the items and at `on`; missing.
pub fn keep(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &ClientId,
    form: &Form,
    answers: Answers,
    on: Day,
) -> Result<Kept> {
    cx.may("clients.write")?;
    let client = care::find_to_write(tx, cx, id)?;
    if on > cx.today() {
        return Err(Refusal::at("on", "clients.since_ahead").into());
    }
    let kept = web::answers::keep(
        tx,
        cx,
        Keeping {
            form,
            answers,
            subject: "client",
            subject_id: client.id.as_str(),
            client: Some(&client.id),
            stage: form.last_stage(),
            on,
            of: None,
        },
    )?;
    if kept.alerts.iter().any(|a| a.key == "suicide_risk") {
        // A thought is orange; thoughts on most days are red.
        let item: i64 = forms::answer::open(tx, &kept.answer)?.text("q9").parse().unwrap_or(1);
        let grade = if item >= 2 { RiskGrade::Critical } else { RiskGrade::High };
        let grade = if gravity(client.grade) > gravity(grade) { client.grade } else { grade };
        risk::set(tx, cx, &client, grade, &[Factor::Suicide], "", None)?;
        risk::alarm(tx, cx, &client)?;
    }
    Ok(kept)
}
