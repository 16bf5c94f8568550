//! Where a facility stands on its way from the plan to its use, and what stands in the way.

use polars::prelude::*;

use crate::words::Words;

use super::{Chain, DueFrom, Figures};

/// Where a facility stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Misused: let, sold, or used for something else.
    Misused,
    /// In use.
    InUse,
    /// Received, and not in use.
    Idle,
    /// Received, and not passed on to the community.
    NotPassedOn,
    /// Handed over, and its title not registered.
    Untitled,
    /// Handed over in another place or on another floor.
    Elsewhere,
    /// Less was handed over than was built.
    PartHandedOver,
    /// Accepted, and not handed over.
    NotHandedOver,
    /// Built, and not accepted.
    NotAccepted,
    /// Built smaller than planned.
    BuiltSmall,
    /// Not built, delayed or suspended.
    NotBuilt,
    /// Planned smaller than is due.
    PlannedBelow,
    /// Due, and not planned.
    NotPlanned,
    /// Nothing is due of its developer.
    NoDuty,
    /// The receiver refused it.
    Refused,
    /// Its title is contested.
    Contested,
    /// The developer is gone.
    DeveloperExtinct,
}

impl State {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            State::Misused => "misused",
            State::InUse => "in_use",
            State::Idle => "idle",
            State::NotPassedOn => "not_passed_on",
            State::Untitled => "untitled",
            State::Elsewhere => "elsewhere",
            State::PartHandedOver => "part_handed_over",
            State::NotHandedOver => "not_handed_over",
            State::NotAccepted => "not_accepted",
            State::BuiltSmall => "built_small",
            State::NotBuilt => "not_built",
            State::PlannedBelow => "planned_below",
            State::NotPlanned => "not_planned",
            State::NoDuty => "no_duty",
            State::Refused => "refused",
            State::Contested => "contested",
            State::DeveloperExtinct => "developer_extinct",
        }
    }

    /// Its name.
    pub fn words(self) -> Words {
        match self {
            State::Misused => Words::new("挪作他用", "misused"),
            State::InUse => Words::new("正常使用", "in use"),
            State::Idle => Words::new("闲置未用", "idle"),
            State::NotPassedOn => Words::new("已接收未交社区使用", "received, not passed on"),
            State::Untitled => Words::new("已移交未办产权", "handed over, untitled"),
            State::Elsewhere => Words::new("位置变更", "in another place or floor"),
            State::PartHandedOver => Words::new("移交面积不足", "handed over in part"),
            State::NotHandedOver => Words::new("建成未移交", "built, not handed over"),
            State::NotAccepted => Words::new("建成未验收", "built, not accepted"),
            State::BuiltSmall => Words::new("缩建", "built smaller than planned"),
            State::NotBuilt => Words::new("应建未建", "not built"),
            State::PlannedBelow => Words::new("规划面积不足", "planned below what is due"),
            State::NotPlanned => Words::new("应配未规划", "not planned"),
            State::NoDuty => Words::new("无应配义务", "nothing due"),
            State::Refused => Words::new("接收单位拒收", "refused by the receiver"),
            State::Contested => Words::new("产权有争议", "title contested"),
            State::DeveloperExtinct => Words::new("建设单位灭失", "developer extinct"),
        }
    }

    /// All that surely hold of a facility: where it stands first, what is amiss on the way, then
    /// what stands beside it.
    pub(super) fn all(
        facilities: &DataFrame,
        row: usize,
        chain: &Chain,
        figures: &Figures,
        extinct: bool,
    ) -> PolarsResult<Vec<State>> {
        let text = |name: &str| -> PolarsResult<Option<&str>> {
            Ok(facilities.column(name)?.str()?.get(row))
        };
        let (built_is, handed_is) = (text("build_state")?, text("handover_state")?);
        let (title, uses) = (text("title_state")?, text("use_state")?);
        let as_approved = facilities.column("as_approved")?.bool()?.get(row);
        let settled = text("settlement")?;
        let nothing = |step: usize| chain.due.low > 0.0 && chain.steps[step].high == 0.0;
        let less = |class: usize| chain.classes[class].low > 0.0;
        let [built, accepted] = figures.built;
        let is_built = built.low > 0.0 || accepted.low > 0.0 || figures.handed_over.low > 0.0;
        let not_built = ["not_built", "delayed", "suspended"];
        let passes_on = figures.reach.steps() > 2;
        let handed = figures.handed_over.low > 0.0;
        let elsewhere = as_approved == Some(false)
            || matches!(settled, Some("elsewhere" | "neighbouring_project"));
        // What stays with the owners is theirs to let.
        let misused = |state: &str| {
            let let_out = state == "let_out" && passes_on;
            let_out || state.starts_with("misused") || ["sold", "demolished"].contains(&state)
        };
        let is_idle = |state: &str| ["idle", "never_opened", "fitting_out"].contains(&state);
        let candidates = [
            (State::Misused, uses.is_some_and(misused)),
            (State::InUse, uses == Some("in_use")),
            (State::Idle, uses.is_some_and(is_idle)),
            (State::NotPassedOn, uses == Some("not_passed_on")),
            (State::Untitled, handed && matches!(title, Some("untitled" | "pending"))),
            (State::Elsewhere, elsewhere),
            (State::PartHandedOver, passes_on && handed && less(2)),
            (
                State::NotHandedOver,
                passes_on
                    && is_built
                    && !handed
                    && (nothing(2) || handed_is == Some("not_handed_over")),
            ),
            (
                State::NotAccepted,
                built_is == Some("built") && accepted.low == 0.0 && !handed && is_built,
            ),
            (State::BuiltSmall, is_built && less(1)),
            (
                State::NotBuilt,
                built_is.is_some_and(|state| not_built.contains(&state))
                    || (!nothing(0) && nothing(1)),
            ),
            (State::PlannedBelow, !nothing(0) && less(0)),
            (State::NotPlanned, nothing(0) || built_is == Some("not_planned")),
            (State::NoDuty, chain.from == DueFrom::NoDuty || chain.due.high == 0.0),
            (State::Refused, handed_is == Some("refused")),
            (State::Contested, title == Some("contested")),
            (State::DeveloperExtinct, extinct),
        ];
        Ok(candidates.into_iter().filter(|(_, holds)| *holds).map(|(state, _)| state).collect())
    }
}
