//! What if: real acts, rehearsed and undone. The same register acts that pages use run in a transaction that is rolled back, and the
//! verdicts inside it are compared with those outside. Page and API both ask here.
use access::Cx;
use db::{Result, Tx};
use policy::Verdict;
use web::register::{Input, Register, acts as keep};
use web::{Error, Req, Shell};

use crate::flips::{Flip, flips};
use crate::live::{self, Question};

/// One step of a question; all happen today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A record ends.
    End { register: String, id: String },
    /// A record ends here and begins anew at another parent.
    Move { register: String, id: String, to: String },
    /// A record begins.
    Add { register: String, parent: String, input: Input },
}

/// Every register of the house.
pub(crate) fn registers(shell: &Shell) -> Vec<&'static Register> {
    shell.slices.iter().flat_map(|s| (s.registers)()).collect()
}

fn apply(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell, step: Step) -> Result<()> {
    let all = registers(shell);
    let of = |name: &str| all.iter().copied().find(|r| r.name == name).ok_or(db::Error::Missing);
    let today = cx.today().to_string();
    let ended: Input = [("until".to_owned(), today.clone())].into();
    match step {
        Step::End { register, id } => {
            keep::amend(tx, cx, of(&register)?, &id, &ended, None, shell.resolve())?;
        }
        Step::Move { register, id, to } => {
            let r = of(&register)?;
            let record = r.find(tx, &id)?.ok_or(db::Error::Missing)?;
            let mut input = web::register::write(r, &record);
            keep::amend(tx, cx, r, &id, &ended, None, shell.resolve())?;
            input.insert("since".into(), today);
            input.insert("until".into(), String::new());
            input.remove("external_id");
            keep::add(tx, cx, r, &to, &input, shell.resolve())?;
        }
        Step::Add { register, parent, mut input } => {
            let r = of(&register)?;
            if r.field("since").is_some() {
                input.insert("since".into(), today);
            }
            keep::add(tx, cx, r, &parent, &input, shell.resolve())?;
        }
    }
    Ok(())
}

/// What would flip today if these steps were taken. Nothing is saved: the transaction is undone whatever the answer.
///
/// # Errors
/// The refusal a real act would meet.
pub(crate) async fn ask(req: &Req, steps: Vec<Step>) -> std::result::Result<Vec<Flip>, Error> {
    let before = live::snapshot(req, Some(Question::default())).await?;
    let (shell, cx) = (req.shell.clone(), req.cx()?.clone());
    let after = req
        .shell
        .db
        .rehearse_async(move |tx| {
            for step in steps {
                apply(tx, &cx, &shell, step)?;
            }
            live::uncached(tx, cx.today(), &shell)
        })
        .await?;
    // A rule that newly does not apply matters to nobody's decision.
    let matters = |f: &Flip| f.before != Verdict::Absent || f.after != Verdict::NotApplicable;
    Ok(flips(req.cx()?, &before, &after).into_iter().filter(matters).collect())
}
