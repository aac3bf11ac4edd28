//! The rooms of the house as people see them: each is one entry of the side bar, and its doors are the tabs on its pages.
//!
//! A role sees at most eleven rooms, whatever the number of slices; a new capability is a door in a room that is there.

/// A room. The order is that of the side bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Room {
    /// 今日: what a person has to do.
    Today,
    /// 区级总览: the district's view.
    District,
    /// 服务对象: clients and referrals.
    Clients,
    /// 个案: cases and reports of harm.
    Cases,
    /// 小组与活动: groups, activities, deliberation, resident leaders.
    Groups,
    /// 走访与咨询: visits and consultations.
    Visits,
    /// 三张清单: needs, resources and projects lists, the five actors' linkage.
    Lists,
    /// 项目与资金: projects, budgets, vouchers.
    Projects,
    /// 督导与人才: supervision, training, the talent ladder.
    Growth,
    /// 达标与考核: the board, what-if, assessment, the policy itself.
    Standards,
    /// 站点与人员: sites, schools, people, evidence.
    Sites,
    /// 资料与台账: guides, feature cases, ledger, forms, import and export.
    Books,
    /// 系统管理: accounts, audit, webhooks.
    Admin,
}

impl Room {
    /// Locale key of its name.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Today => "web.room.today",
            Self::District => "web.room.district",
            Self::Clients => "web.room.clients",
            Self::Cases => "web.room.cases",
            Self::Groups => "web.room.groups",
            Self::Visits => "web.room.visits",
            Self::Lists => "web.room.lists",
            Self::Projects => "web.room.projects",
            Self::Growth => "web.room.growth",
            Self::Standards => "web.room.standards",
            Self::Sites => "web.room.sites",
            Self::Books => "web.room.books",
            Self::Admin => "web.room.admin",
        }
    }
    /// Its icon.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Today => "home",
            Self::District => "layout-dashboard",
            Self::Clients => "users-group",
            Self::Cases => "folder",
            Self::Groups => "flag",
            Self::Visits => "map-pin",
            Self::Lists => "list-check",
            Self::Projects => "briefcase",
            Self::Growth => "school",
            Self::Standards => "shield-check",
            Self::Sites => "building",
            Self::Books => "notebook",
            Self::Admin => "shield-lock",
        }
    }
    /// Does it stand in the bottom bar of a phone? What people do on the way comes first there.
    pub const fn on_the_way(self) -> bool {
        matches!(self, Self::Today | Self::Clients | Self::Cases | Self::Visits)
    }
}
