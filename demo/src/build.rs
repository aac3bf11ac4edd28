//! The builder's hands: every record goes through the same register acts that pages and imports use.
use access::Cx;
use db::{Result, Tx};
use kernel::{RegionId, SiteId};
use registry::region::Region;
use web::register::Input;

use crate::names;

/// 街道公共服务办公室负责人, who heads a station run by an operator (4A.3-8).
pub(crate) const OFFICE: &str = "street_public_service_office_chief";

/// What the builder remembers between records.
#[derive(Default)]
pub(crate) struct Builder {
    people: usize,
    posts: usize,
    held: usize,
    /// A head who will also take a post at another station.
    pub(crate) head_elsewhere: Option<String>,
    pub(crate) first_studio: bool,
    /// People with a name of their own, for whom accounts are opened.
    pub(crate) named: Vec<(String, String)>,
    operators: Vec<(String, String)>,
}

impl Builder {
    /// Adds a record to a register; answers its id.
    pub(crate) fn keep(
        &mut self,
        tx: &mut Tx<'_>,
        cx: &Cx,
        register: &str,
        parent: &str,
        fields: &[(&str, &str)],
    ) -> Result<String> {
        let register = sites::registers::register(register)
            .ok_or_else(|| db::Error::Broken(format!("no register {register}")))?;
        let input: Input = fields
            .iter()
            .filter(|(_, v)| !v.is_empty())
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        Ok(web::register::acts::add(tx, cx, register, parent, &input, sites::acts::resolve)?.id)
    }
    /// Adds the next fictional person, whose file a region keeps.
    pub(crate) fn person(&mut self, tx: &mut Tx<'_>, cx: &Cx, home: &Region) -> Result<String> {
        let name = names::name(self.people);
        self.called(tx, cx, &name, home)
    }
    /// Adds a person of this name.
    pub(crate) fn called(
        &mut self,
        tx: &mut Tx<'_>,
        cx: &Cx,
        name: &str,
        home: &Region,
    ) -> Result<String> {
        let n = self.people;
        self.people += 1;
        let key = format!("P{:04}", n + 1);
        let fields = [
            ("external_id", key.as_str()),
            ("name", name),
            ("id_number", &names::id_number(n)),
            ("phone", &names::phone(n)),
            ("home", home.id.as_str()),
        ];
        let id = self.keep(tx, cx, "people", "", &fields)?;
        self.named.push((name.to_owned(), id.clone()));
        Ok(id)
    }
    /// Gives a person a post at a site.
    #[expect(clippy::too_many_arguments, reason = "a post is made of exactly these")]
    pub(crate) fn post(
        &mut self,
        tx: &mut Tx<'_>,
        cx: &Cx,
        site: &SiteId,
        person: &str,
        role: &str,
        employment: &str,
        affiliation: &str,
        grade: &str,
        since: &str,
    ) -> Result<String> {
        self.posts += 1;
        let key = format!("G{:04}", self.posts);
        let fields = [
            ("external_id", key.as_str()),
            ("person", person),
            ("role", role),
            ("employment", employment),
            ("affiliation", affiliation),
            ("grade", grade),
            ("since", since),
        ];
        self.keep(tx, cx, "posts", site.as_str(), &fields)
    }
    /// Notes what a person holds.
    #[expect(clippy::too_many_arguments, reason = "a qualification is made of exactly these")]
    pub(crate) fn hold(
        &mut self,
        tx: &mut Tx<'_>,
        cx: &Cx,
        person: &str,
        kind: &str,
        level: &str,
        since: &str,
        until: &str,
    ) -> Result<String> {
        self.held += 1;
        let key = format!("Q{:04}", self.held);
        let number = format!("虚构{:06}", self.held);
        let fields = [
            ("external_id", key.as_str()),
            ("kind", kind),
            ("level", level),
            ("number", &number),
            ("since", since),
            ("until", until),
        ];
        self.keep(tx, cx, "qualifications", person, &fields)
    }
    /// The operating agency of this name.
    pub(crate) fn operator(
        &mut self,
        tx: &mut Tx<'_>,
        cx: &Cx,
        name: &str,
        region: &RegionId,
    ) -> Result<String> {
        if let Some((_, id)) = self.operators.iter().find(|(n, _)| n == name) {
            return Ok(id.clone());
        }
        let id = self.keep(
            tx,
            cx,
            "orgs",
            "",
            &[
                ("kind", "operator"),
                ("name", name),
                ("region", region.as_str()),
                ("since", "2018-05-01"),
            ],
        )?;
        self.operators.push((name.to_owned(), id.clone()));
        Ok(id)
    }
}
