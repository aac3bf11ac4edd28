//! Files as answers: one way in which bytes leave the house, whoever made them.
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use papers::{Sheet, Workbook};

use crate::{Error, Req, encode};

/// Bytes as an answer that nobody may keep in between. Pictures were drawn anew when they came, so a browser may show them; anything else is
/// only handed over, under its name.
pub fn file(mime: &str, name: &str, bytes: impl Into<Body>) -> Response {
    let how = if mime.starts_with("image/") { "inline" } else { "attachment" };
    // A slash is a sign of addresses, not of names.
    let name = encode(name).replace('/', "%2F");
    let mut response = bytes.into().into_response();
    let fixed: [(HeaderName, String); 4] = [
        (header::CONTENT_TYPE, mime.to_owned()),
        (header::CONTENT_DISPOSITION, format!("{how}; filename*=UTF-8''{name}")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
        (header::CACHE_CONTROL, "private, no-store".into()),
    ];
    for (name, value) in fixed {
        if let Ok(v) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, v);
        }
    }
    response
}

/// One sheet as a workbook of the day, named without its ending. A demonstration says so on every page.
///
/// # Errors
/// The workbook's fault.
pub async fn workbook(req: &Req, name: &str, sheet: Sheet) -> Result<Response, Error> {
    let watermark = req.shell.settings.demo.then(|| req.t("web.demo"));
    let book =
        Workbook { sheets: vec![sheet], guide: Vec::new(), watermark, made_on: req.now.day() };
    let bytes = tokio::task::spawn_blocking(move || book.xlsx())
        .await
        .map_err(|e| Error::Broken(e.to_string()))?
        .map_err(|e| Error::Broken(e.key().into()))?;
    Ok(file(papers::file::FileKind::Xlsx.mime(), &format!("{name}.xlsx"), bytes))
}

#[cfg(test)]
mod tests {
    use super::{file, header};

    #[test]
    fn what_was_not_drawn_here_is_never_shown_in_place() {
        let how = |mime| {
            let answer = file(mime, "走访/十月.html", Vec::new());
            answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned()
        };
        assert!(
            how("text/html").starts_with("attachment;") && how("image/png").starts_with("inline;")
        );
        assert!(how("text/html").contains("%2F") && !how("text/html").contains('/'));
    }
}
