//! What a person sees: the list of sites, a site by tabs, people, bodies, the form of a record, the evidence queue, the sign proof.
mod evidence;
mod list;
mod opening;
mod people;
mod record;
mod sign;
mod site;
mod timeline;

pub(crate) use evidence::receive;

use web::Gate;

pub(crate) fn gate() -> Gate {
    Gate::pages()
        .get("/sites", "sites.read", list::list)
        .get("/sites/new", "sites.open", opening::blank)
        .post("/sites/new", "sites.open", opening::open)
        .get("/sites/name", "sites.open", opening::name)
        .get("/sites/{id}", "sites.read", site::overview)
        .get("/sites/{id}/{tab}", "sites.read", site::tab)
        .get("/sites/{id}/sign", "sites.read", sign::sign)
        .get("/sites/{id}/rename", "sites.open", opening::renaming)
        .post("/sites/{id}/rename", "sites.open", opening::rename)
        .post("/sites/{id}/closing", "sites.open", opening::close)
        .post("/sites/{id}/{register}/none", "sites.write_own", site::none)
        .get("/records/{register}/new", "sites.read", record::blank)
        .post("/records/{register}/new", "sites.read", record::add)
        .get("/records/{register}/{id}", "sites.read", record::show)
        .post("/records/{register}/{id}", "sites.read", record::amend)
        .post("/records/{register}/{id}/removal", "sites.read", record::remove)
        .get("/records/{register}/{id}/evidence", "evidence.add", evidence::blank)
        .post("/records/{register}/{id}/evidence", "evidence.add", evidence::add)
        .get("/evidence", "evidence.review", evidence::queue)
        .post("/evidence/{id}/review", "evidence.review", evidence::review)
        .get("/evidence/{id}/file", "sites.read", evidence::file)
        .get("/people", "people.read", people::list)
        .get("/people/{id}", "people.read", people::show)
        .post("/people/{id}/numbers", "people.unmask", people::numbers)
        .get("/orgs", "orgs.read", people::orgs)
}
