//! The region tree: province, city, district, street, community or village. Surrogate keys; codes and names are dated attributes.
//!
//! A name is never a key: in Shangcheng 兴隆社区 exists twice. `path` is the chain of ids from the root, `/a/b/c/`,
//! so that everything under a region is one prefix.
use db::{Result, Tx, record, words};
use kernel::{Day, RegionId};

pub use crate::store::region::{
    all, by_code, children, find, insert, name_of, root, search, under, update,
};

words! {
    /// A level of the tree.
    pub enum RegionKind {
        Province = "province",
        City = "city",
        District = "district",
        Street = "street",
        /// 社区, with a residents' committee.
        Community = "community",
        /// 村, with a villagers' committee.
        Village = "village",
    }
}

record! {
    /// A node of the region tree.
    pub struct Region in "region" {
        id: RegionId,
        kind: RegionKind,
        /// The statistical or administrative code in use now; earlier ones are in `region_code`.
        code: String,
        name: String,
        parent: Option<RegionId>,
        /// `/province/city/district/street/community/` in ids.
        path: String,
        since: Day,
        until: Option<Day>,
    }
}

record! {
    /// A code a region bore for a time.
    pub struct RegionCode in "region_code" {
        id: kernel::RecordId,
        region: RegionId,
        code: String,
        since: Day,
        until: Option<Day>,
    }
}

record! {
    /// Another name people use for a region: an old name, the spelling on the sign.
    pub struct RegionAlias in "region_alias" {
        id: kernel::RecordId,
        region: RegionId,
        name: String,
    }
}

impl Region {
    /// The name as it stands for XX in an official site name: 凯旋街道 → 凯旋, 兴隆社区 → 兴隆, 三村村 → 三村.
    pub fn short_name(&self) -> &str {
        let suffix = match self.kind {
            RegionKind::Street => "街道",
            RegionKind::Community => "社区",
            RegionKind::Village => "村",
            _ => return &self.name,
        };
        self.name.strip_suffix(suffix).filter(|s| !s.is_empty()).unwrap_or(&self.name)
    }
    /// Is it where people live together under one committee?
    pub const fn is_neighbourhood(&self) -> bool {
        matches!(self.kind, RegionKind::Community | RegionKind::Village)
    }
}

/// The nearest ancestor of a kind, or the region itself when it is of that kind.
///
/// # Errors
/// The engine's fault.
pub fn ancestor(tx: &mut Tx<'_>, region: &Region, kind: RegionKind) -> Result<Option<Region>> {
    if region.kind == kind {
        return Ok(Some(region.clone()));
    }
    for id in region.path.split('/').filter(|p| !p.is_empty()).rev().skip(1) {
        if let Some(up) = find(tx, &RegionId::from(id))?
            && up.kind == kind
        {
            return Ok(Some(up));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(kind: RegionKind, name: &str) -> Region {
        Region {
            id: "r".into(),
            kind,
            code: String::new(),
            name: name.into(),
            parent: None,
            path: "/r/".into(),
            since: Day(0),
            until: None,
        }
    }

    #[test]
    fn xx_is_the_name_without_its_level() {
        assert_eq!(region(RegionKind::Street, "闸弄口街道").short_name(), "闸弄口");
        assert_eq!(region(RegionKind::Community, "闸弄口社区").short_name(), "闸弄口");
        assert_eq!(region(RegionKind::Village, "三村村").short_name(), "三村");
        assert_eq!(region(RegionKind::Community, "社区").short_name(), "社区");
    }
}
