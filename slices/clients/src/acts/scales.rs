//! Scales asked of a client. A scale screens and never diagnoses; an answer that points to suicide raises the risk at once (DOMAIN §9).
use access::Cx;
use access::care;
use db::{Result, Tx};
use forms::{Answers, Form, FormKind, Keeping, Kept};
use kernel::{ClientId, Day, Refusal};
use registry::client::RiskGrade;

use super::risk;
use crate::model::{Factor, gravity};

/// The scales there are, latest versions.
///
/// # Errors
/// The engine's fault.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<std::sync::Arc<Form>>> {
    let scales = forms::Library::of(tx)?.all();
    Ok(scales.into_iter().filter(|f| f.kind == FormKind::Scale).collect())
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
