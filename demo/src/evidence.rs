//! Photos of signs and displays, taken by the people of one station and its studio, some judged by others, some waiting.
//!
//! The pictures are drawn here: two colours and a frame, so that nothing in them shows a real place.
use std::io::Cursor;

use access::{Actor, Cx};
use db::{Result, Tx};
use image::{ImageFormat, Rgb, RgbImage};
use kernel::{Day, FileId};
use sites::acts::evidence::{self, NewEvidence};
use web::Shell;

/// A drawn picture as PNG.
pub(crate) fn picture(n: u32) -> std::result::Result<Vec<u8>, String> {
    let shade = |k: u32| u8::try_from((n * 53 + k * 71) % 140 + 80).unwrap_or(128);
    let drawn = RgbImage::from_fn(480, 320, |x, y| {
        let framed = !(24..456).contains(&x) || !(24..296).contains(&y);
        let board = (90..390).contains(&x) && (90..230).contains(&y);
        if framed {
            Rgb([16, 35, 61])
        } else if board {
            Rgb([250, 250, 246])
        } else {
            Rgb([shade(1), shade(2), shade(3)])
        }
    });
    let mut out = Cursor::new(Vec::new());
    drawn.write_to(&mut out, ImageFormat::Png).map_err(|e| e.to_string())?;
    Ok(out.into_inner())
}

/// Somebody of the demonstration, as they act after signing in.
fn person(tx: &mut Tx<'_>, cx: &Cx, login: &str) -> Result<Cx> {
    let account = access::account_by_login(tx, login)?.ok_or(db::Error::Missing)?;
    let grant = access::live_grants(tx, &account.id, cx.today())?
        .into_iter()
        .next()
        .ok_or(db::Error::Missing)?;
    let actor = Actor::load(tx, &account, &grant, true, cx.today())?.ok_or(db::Error::Missing)?;
    Ok(Cx { actor, ..cx.clone() })
}

/// Uploads and reviews: the head photographs her station, the bureau judges; the studio worker photographs her studio, the head judges.
///
/// # Errors
/// The disk's or the engine's fault, or a refusal that shows that demo and acts disagree.
pub(crate) fn build(shell: &Shell, cx: &Cx) -> Result<()> {
    let photos: Vec<evidence::Clean> = (0..8)
        .map(|n| {
            let png = picture(n).map_err(db::Error::Broken)?;
            Ok(evidence::clean(&format!("照片{}.png", n + 1), &png)?)
        })
        .collect::<Result<_>>()?;
    let files: Vec<FileId> = photos.iter().map(|_| cx.id()).collect();
    for (photo, id) in photos.iter().zip(&files) {
        evidence::keep(&shell.settings.data_dir, id, &photo.bytes)
            .map_err(|e| db::Error::Broken(e.to_string()))?;
    }
    let cx = cx.clone();
    shell.db.write(move |tx| {
        let (bureau, head, studio) =
            (person(tx, &cx, "shen")?, person(tx, &cx, "lin")?, person(tx, &cx, "kong")?);
        let taken = |n: i32| -> Day { cx.today().plus_days(-n * 11 - 2) };
        let mut pairs = photos.iter().zip(files);
        for (who, judge, code, most) in [(&head, &bureau, "Z02", 5), (&studio, &head, "", 3)] {
            let facilities = sites::registers::register("facilities").ok_or(db::Error::Missing)?;
            let mut records = facilities.under(tx, who)?;
            if !code.is_empty() {
                let site = sites::acts::resolve(tx, who, web::register::Kind::Site, code)?
                    .unwrap_or_default();
                records.retain(|r| web::register::text(r, "site") == site);
            }
            for (n, record) in (0..).zip(records.into_iter().take(most)) {
                let Some((photo, file)) = pairs.next() else { break };
                let new = NewEvidence {
                    subject: "facility".into(),
                    record: web::register::text(&record, "id").into(),
                    note: None,
                    taken: Some(taken(n)),
                };
                let kept = evidence::add(tx, who, new, file, photo)?;
                match n {
                    0 | 1 => evidence::review(tx, judge, kept.id.as_str(), true, "").map(drop)?,
                    2 => evidence::review(
                        tx,
                        judge,
                        kept.id.as_str(),
                        false,
                        "看不清标牌上的字，请补拍近景。",
                    )
                    .map(drop)?,
                    _ => {}
                }
            }
        }
        Ok(())
    })
}
