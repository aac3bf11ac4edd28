//! The state machine of a case (MZ/T 094) and its gates: what must be on file before a case may go on.
use db::words;

words! {
    /// Where a case stands.
    pub enum Stage {
        /// 接案
        Intake = "intake",
        /// 不接案
        Declined = "declined",
        /// 已转出
        ReferredOut = "referred_out",
        /// 一次性咨询
        OneOffClosed = "one_off_closed",
        /// 预估
        Assessment = "assessment",
        /// 计划
        Planning = "planning",
        /// 介入
        Intervention = "intervention",
        /// 评估
        Evaluation = "evaluation",
        /// 结案, waiting for approval
        Closure = "closure",
        /// 跟进
        FollowUp = "follow_up",
        /// 中止
        Suspended = "suspended",
        /// 重新开案; the case stands at assessment the moment after
        Reopened = "reopened",
        /// 归档
        Archived = "archived",
    }
}

words! {
    /// Why a case was closed (结案类型).
    pub enum ClosureReason {
        Met = "met",
        Partly = "partly",
        ClientEnded = "client_ended",
        Lost = "lost",
        Moved = "moved",
        Died = "died",
        Referred = "referred",
        OutOfScope = "out_of_scope",
        AgencyEnded = "agency_ended",
    }
}

impl Stage {
    /// The six steps and the follow-up, as the stepper shows them.
    pub const STEPS: [Self; 7] = [
        Self::Intake,
        Self::Assessment,
        Self::Planning,
        Self::Intervention,
        Self::Evaluation,
        Self::Closure,
        Self::FollowUp,
    ];
    /// Is work on it going on?
    pub const fn open(self) -> bool {
        matches!(
            self,
            Self::Intake
                | Self::Assessment
                | Self::Planning
                | Self::Intervention
                | Self::Evaluation
                | Self::Closure
                | Self::Suspended
                | Self::Reopened
        )
    }
    /// Was it closed after an approval, so that the file is frozen?
    pub const fn frozen(self) -> bool {
        matches!(self, Self::FollowUp | Self::Archived | Self::ReferredOut)
    }
    /// May a case go from this stage to that by its worker's or approver's act?
    pub const fn leads_to(self, to: Self) -> bool {
        use Stage::*;
        match self {
            Intake => matches!(to, Declined | ReferredOut | OneOffClosed | Assessment | Suspended),
            Assessment => matches!(to, Planning | ReferredOut | Suspended | Closure),
            Planning => matches!(to, Intervention | ReferredOut | Suspended | Closure),
            Intervention => {
                matches!(to, Planning | Evaluation | Reopened | ReferredOut | Suspended | Closure)
            }
            Evaluation => matches!(to, Intervention | Closure | ReferredOut | Suspended),
            Closure => matches!(to, Evaluation | FollowUp | ReferredOut | Archived),
            FollowUp => matches!(to, Archived | Reopened),
            Suspended => matches!(
                to,
                Intake | Assessment | Planning | Intervention | Evaluation | ReferredOut | Closure
            ),
            Reopened => matches!(to, Assessment),
            Archived | ReferredOut => matches!(to, Reopened),
            Declined | OneOffClosed => false,
        }
    }
    /// The step of the stepper it belongs to.
    pub const fn step(self) -> usize {
        match self {
            Self::Intake | Self::Declined | Self::OneOffClosed => 0,
            Self::Assessment | Self::Reopened => 1,
            Self::Planning => 2,
            Self::Intervention | Self::Suspended => 3,
            Self::Evaluation => 4,
            Self::Closure | Self::ReferredOut => 5,
            Self::FollowUp | Self::Archived => 6,
        }
    }
    /// The next step forward that the worker takes.
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Assessment => Some(Self::Planning),
            Self::Planning => Some(Self::Intervention),
            Self::Intervention => Some(Self::Evaluation),
            Self::Evaluation => Some(Self::Closure),
            _ => None,
        }
    }
    /// The forms people fill in at this stage, the ones the gate asks for first.
    pub const fn forms(self) -> &'static [&'static str] {
        match self {
            Self::Intake => &["intake", "consent", "crisis_plan"],
            Self::Assessment | Self::Reopened => {
                &["assessment", "consent", "crisis_plan", "case_conference", "closure"]
            }
            Self::Planning => {
                &["service_plan", "consent", "crisis_plan", "case_conference", "closure"]
            }
            Self::Intervention => {
                &["service_plan", "evaluation", "crisis_plan", "case_conference", "closure"]
            }
            Self::Evaluation => &["evaluation", "closure", "case_conference"],
            Self::Closure => &["closure", "evaluation"],
            Self::FollowUp => &["follow_up"],
            Self::Suspended => &["crisis_plan", "closure"],
            _ => &[],
        }
    }
    /// What the next stage asks for when a case comes from this one. Closing out of turn asks for the closure report alone.
    pub const fn needs(self, to: Self) -> &'static [Document] {
        match (self, to) {
            (Self::Intake, Self::Assessment) => &[Document::Intake],
            (Self::Assessment, Self::Planning) => &[Document::Assessment, Document::Consent],
            (Self::Planning, Self::Intervention) => &[Document::Plan, Document::Agreement],
            (Self::Intervention, Self::Evaluation) => &[Document::Note],
            (Self::Evaluation, Self::Closure) => &[Document::Evaluation, Document::Closure],
            (_, Self::Closure) => &[Document::Closure],
            _ => &[],
        }
    }
}

words! {
    /// What a gate asks for.
    pub enum Document {
        /// 接案登记表, decided
        Intake = "intake",
        /// 预估表
        Assessment = "assessment",
        /// 知情同意书, the service agreed to
        Consent = "consent",
        /// 服务计划书
        Plan = "service_plan",
        /// The client's agreement to the plan
        Agreement = "agreement",
        /// 过程记录
        Note = "contact_note",
        /// 成效评估表, before closing
        Evaluation = "evaluation",
        /// 结案报告
        Closure = "closure",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_road_has_no_short_cut() {
        assert!(Stage::Intake.leads_to(Stage::Assessment));
        assert!(!Stage::Intake.leads_to(Stage::Intervention));
        assert!(Stage::Intervention.leads_to(Stage::Planning), "a plan may be revised");
        assert!(!Stage::Declined.leads_to(Stage::Assessment));
        assert!(Stage::FollowUp.leads_to(Stage::Reopened));
        assert!(!Stage::Evaluation.leads_to(Stage::FollowUp), "closing goes by approval");
        for stage in Stage::ALL.iter().filter(|s| s.open()) {
            let out = *stage == Stage::Reopened || stage.leads_to(Stage::ReferredOut);
            assert!(out, "{stage} may be referred out");
        }
    }
}
