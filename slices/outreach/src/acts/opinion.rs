//! What people thought of an activity (4B.4-1): the form `satisfaction`, answered by phone without a name behind the activity's code. Nothing of
//! who answers is kept; the page shows shares, never one person's sheet.
use std::collections::BTreeMap;

use access::Cx;
use db::{Result, Tx};
use forms::{Keeping, Kind};
use kernel::{Day, Refusal};

use crate::model::activity::{Activity, Standing};
use crate::store::activity as store;

/// The form.
pub const FORM: &str = "satisfaction";
/// Days after the activity on which it may still be answered.
const DAYS: i32 = 14;

/// The activity behind the code, on its day and a fortnight after.
///
/// # Errors
/// Missing: for a code that was never issued, an activity ahead, called off, or long past.
pub fn open(tx: &mut Tx<'_>, token: &str, today: Day) -> Result<Activity> {
    let a = store::by_token(tx, &super::activity::index(token))?.ok_or(db::Error::Missing)?;
    let open =
        a.standing() != Standing::Cancelled && a.day <= today && today <= a.day.plus_days(DAYS);
    if open { Ok(a) } else { Err(db::Error::Missing) }
}

/// Keeps one anonymous answer.
///
/// # Errors
/// As [`open`]; a refusal `activities.opinion.empty`; what the form refuses.
pub fn say(tx: &mut Tx<'_>, cx: &Cx, token: &str, flat: &BTreeMap<String, String>) -> Result<()> {
    let a = open(tx, token, cx.today())?;
    let form = forms::library::latest(tx, FORM)?;
    let answers = form.read(flat)?;
    if answers.is_empty() {
        return Err(Refusal::new("activities.opinion.empty").into());
    }
    web::answers::keep(
        tx,
        cx,
        Keeping {
            answers,
            subject: "activity",
            subject_id: a.id.as_str(),
            client: None,
            stage: form.last_stage(),
            on: cx.today(),
            of: None,
            form: &form,
        },
    )
    .map(drop)
}

/// One question: how many rated it, and how many of them were pleased or very pleased.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Rated {
    pub question: String,
    pub rated: i64,
    pub pleased: i64,
}

impl Rated {
    /// Of a hundred, rounded.
    pub const fn percent(&self) -> i64 {
        if self.rated == 0 { 0 } else { (self.pleased * 100 + self.rated / 2) / self.rated }
    }
}

/// What all answers of an activity say together.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Opinions {
    /// Sheets.
    pub answers: i64,
    pub rated: i64,
    pub pleased: i64,
    pub questions: Vec<Rated>,
    /// What was written, in no order that tells who wrote it.
    pub comments: Vec<String>,
}

impl Opinions {
    /// Of a hundred ratings, how many were 4 or 5; rounded. `None` without ratings.
    pub fn percent(&self) -> Option<i64> {
        (self.rated > 0).then(|| (self.pleased * 100 + self.rated / 2) / self.rated)
    }
}

/// Adds up the answers of an activity. Whoever asks has found it in sight.
///
/// # Errors
/// The engine's fault.
pub fn of(tx: &mut Tx<'_>, a: &Activity, lang: locale::Lang) -> Result<Opinions> {
    let all = forms::answer::of_subject(tx, "activity", a.id.as_str(), FORM)?;
    let mut out = Opinions::default();
    if all.is_empty() {
        return Ok(out);
    }
    let form = forms::library::latest(tx, FORM)?;
    let mut counts: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for one in &all {
        let said = forms::answer::open(tx, one)?;
        out.answers += 1;
        for field in form.fields().filter(|f| f.kind == Kind::Choice) {
            if let Some(rating @ 1..=5) = said.whole(&field.name) {
                let (rated, pleased) = counts.entry(field.name.clone()).or_default();
                *rated += 1;
                *pleased += i64::from(rating >= 4);
            }
        }
        let comment = said.text("comment");
        if !comment.is_empty() {
            out.comments.push(comment);
        }
    }
    out.comments.sort();
    for field in form.fields() {
        if let Some((rated, pleased)) = counts.get(&field.name).copied() {
            out.rated += rated;
            out.pleased += pleased;
            let question = field.label.say(lang).to_owned();
            out.questions.push(Rated { question, rated, pleased });
        }
    }
    Ok(out)
}
