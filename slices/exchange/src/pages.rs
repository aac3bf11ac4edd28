//! What a person sees.
mod check;
mod exports;
mod imports;
mod regions;

pub(crate) use exports::file_of;
pub(crate) use imports::template_of;
pub(crate) use regions::follow;

use axum::response::Response;
use web::{Gate, Req};

/// The pages.
pub(crate) fn gate() -> Gate {
    Gate::pages()
        .get("/imports", "import.run", imports::list)
        .post("/imports", "import.run", imports::create)
        .get("/imports/new", "import.run", imports::new)
        .get("/imports/templates/{file}", "import.run", imports::template)
        .get("/imports/batches/{id}", "import.run", imports::batch)
        .post("/imports/batches/{id}/undo", "import.run", imports::undo)
        .get("/imports/{id}", "import.run", check::show)
        .get("/imports/{id}/progress", "import.run", check::progress)
        .post("/imports/{id}/columns", "import.run", check::columns)
        .post("/imports/{id}/commitment", "import.run", check::commit)
        .post("/imports/{id}/removal", "import.run", check::remove)
        .get("/exports", "export.run", exports::list)
        .get("/exports/{file}", "export.run", exports::take)
        .get("/regions", "sites.read", regions::tree)
        .get("/regions/load", "regions.write", regions::new)
        .post("/regions/load", "regions.write", regions::load)
}

/// Tabs of the three pages this slice has.
pub(crate) fn tabs(req: &Req, here: &str) -> Vec<(String, String, usize, bool)> {
    [("/exports", "export.run"), ("/imports", "import.run"), ("/regions", "sites.read")]
        .into_iter()
        .filter(|(_, capability)| req.can(capability))
        .map(|(href, _)| {
            let key = format!("exchange.tab.{}", href.trim_start_matches('/'));
            (href.to_owned(), req.t(&key), 0, href == here)
        })
        .collect()
}

/// A file to keep.
pub(crate) fn download(bytes: Vec<u8>, name: &str, format: &str) -> Response {
    let mime = match format {
        "csv" => "text/csv; charset=utf-8",
        _ => papers::file::FileKind::Xlsx.mime(),
    };
    web::download::file(mime, name, bytes)
}

/// `people.xlsx` as its name and format.
pub(crate) fn split(file: &str) -> Option<(&str, &'static str)> {
    file.strip_suffix(".xlsx")
        .map(|name| (name, "xlsx"))
        .or_else(|| file.strip_suffix(".csv").map(|name| (name, "csv")))
}

/// A moment as pages write it.
pub(crate) fn moment(at: kernel::Instant) -> String {
    // Asia/Shanghai has been eight hours ahead all year round since 1992.
    let minutes = (at.0 / 60_000 + 8 * 60).rem_euclid(24 * 60);
    format!("{} {:02}:{:02}", at.day(), minutes / 60, minutes % 60)
}
