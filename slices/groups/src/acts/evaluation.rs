//! What is answered about a group: scales of its members before and after, satisfaction, the evaluation report. Kept by the floor of forms.
use std::collections::BTreeMap;
use std::sync::Arc;

use access::Cx;
use db::{Result, Tx};
use forms::{Form, Keeping, Kept, answer};
use kernel::GroupId;

use crate::look;
use crate::model::figures::Figures;
use crate::model::{Group, Member};
use crate::store;

/// What a form is about.
#[derive(Clone, Debug)]
pub enum About {
    Report,
    Satisfaction,
    /// The group's scale, answered by a member before (`pre`) or after (`post`).
    Scale {
        member: String,
        stage: String,
    },
}

/// What is asked, of which group and member, with which form.
#[derive(Debug)]
pub struct Asked {
    pub group: Group,
    pub member: Option<Member>,
    pub form: Arc<Form>,
    /// The member as the viewer calls them; empty when the whole group is meant.
    pub label: String,
    /// What the answers are kept under: `group`, `group_pre`, `group_post`.
    pub subject: &'static str,
    pub subject_id: String,
}

/// Before or after: the subject under which a member's scale is kept.
///
/// # Errors
/// [`db::Error::Missing`] for anything else.
pub fn subject(stage: &str) -> Result<&'static str> {
    match stage {
        "pre" => Ok("group_pre"),
        "post" => Ok("group_post"),
        _ => Err(db::Error::Missing),
    }
}

/// What a form of this group asks. A member's scale is for whoever may read what is kept about that member.
///
/// # Errors
/// Denied; missing.
pub fn asked(tx: &mut Tx<'_>, cx: &Cx, id: &GroupId, about: &About) -> Result<Asked> {
    let (group, look) = look::find(tx, cx, id)?;
    look.writes()?;
    let whole = |name: &str, tx: &mut Tx<'_>, group: Group| {
        Ok(Asked {
            form: forms::library::latest(tx, name)?,
            member: None,
            label: String::new(),
            subject: "group",
            subject_id: group.id.0.clone(),
            group,
        })
    };
    match about {
        About::Report => whole("group_report", tx, group),
        About::Satisfaction => whole("satisfaction", tx, group),
        About::Scale { member, stage } => {
            let member = store::member(tx, id, member)?.ok_or(db::Error::Missing)?;
            let seen = look::member(tx, cx, look, &member)?;
            if !seen.notes {
                return Err(db::Error::Missing);
            }
            let scale = group.scale.clone().ok_or(db::Error::Missing)?;
            Ok(Asked {
                form: forms::library::latest(tx, &scale)?,
                label: seen.label,
                subject: subject(stage)?,
                subject_id: member.id.0.clone(),
                member: Some(member),
                group,
            })
        }
    }
}

/// What the system knows of the report already: its figures are not typed.
///
/// # Errors
/// The engine's fault.
pub fn figures(tx: &mut Tx<'_>, id: &GroupId) -> Result<BTreeMap<String, String>> {
    let (records, members) = (store::records(tx, id)?, store::members(tx, id)?);
    let f = Figures::of(&records, &members, &store::presences(tx, id)?);
    Ok([
        ("held", f.held().to_string()),
        ("persons", f.persons.to_string()),
        ("person_times", f.person_times().to_string()),
        ("rate", f.rate().unwrap_or_default()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into())
}

/// Keeps answers. A second report corrects the first; of a member's scale at a stage the last one counts.
///
/// # Errors
/// As [`asked`] and [`forms::answer::keep`].
pub fn answer(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &GroupId,
    about: &About,
    flat: &BTreeMap<String, String>,
) -> Result<Kept> {
    let a = asked(tx, cx, id, about)?;
    let mut flat = flat.clone();
    let mut of = None;
    if matches!(about, About::Report) {
        flat.extend(figures(tx, id)?);
        of = answer::of_subject(tx, a.subject, &a.subject_id, &a.form.id)?.pop().map(|f| f.id);
    }
    let answers = a.form.read(&flat)?;
    let on = answers.day("date").unwrap_or_else(|| cx.today());
    let client = a.member.as_ref().and_then(|m| m.client.clone());
    web::answers::keep(
        tx,
        cx,
        Keeping {
            answers,
            subject: a.subject,
            subject_id: &a.subject_id,
            client: client.as_ref(),
            stage: a.form.last_stage(),
            on,
            of: of.as_ref(),
            form: &a.form,
        },
    )
}
