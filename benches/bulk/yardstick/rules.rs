//! The rules of Blackburn with Darwen, in the order of the policy.

use super::after::{Occasion, bring_forward, first_act, judged, with_next};
use super::before::{Shape, Undone, Window};
use super::case::{Case, Kind as Event, List, Setting};
use super::days::{Day, Days};
use super::lines::{Middle, OUTSTANDING, Sheet, Status, WAITING};
use super::reviews::{Reviews, Turn, turns};
use super::states::{AtHome, Truth};
use super::table::Rule;

/// What is used again for every case.
#[derive(Default)]
pub(crate) struct Rules {
    turns: List<Turn>,
    at_home: AtHome,
    significant: List<Occasion>,
    lesser: List<Occasion>,
}

/// One case being worked on.
pub(super) struct Run<'a> {
    pub(super) case: &'a Case,
    pub(super) days: &'a Days,
    pub(super) as_of: Day,
    pub(super) reviews: Reviews<'a>,
    pub(super) turns: &'a [Turn],
    pub(super) undone: List<Undone>,
    pub(super) sheet: &'a mut Sheet,
}

impl Rules {
    /// Works out every deadline of a case.
    pub(crate) fn work(&mut self, case: &Case, days: &Days, as_of: Day, sheet: &mut Sheet) {
        sheet.clear();
        self.at_home.find(case);
        turns(case, as_of, &mut self.turns);
        let overdue = overdue_decisions(case, as_of);
        self.occasions(case, &overdue);
        for occasions in [&self.significant, &self.lesser] {
            bring_forward(&mut self.turns, occasions, case.ceased());
        }
        let reviews = Reviews { case, days, at_home: &self.at_home, as_of };
        for turn in self.turns.iter_mut() {
            turn.basis = reviews.basis(turn);
        }
        let turns = &self.turns;
        let mut run = Run { case, days, as_of, reviews, turns, undone: List::default(), sheet };
        for turn in turns.iter() {
            let undone = run.undone(turn);
            // There is a place for each turn.
            run.undone.push(undone);
        }
        run.aims();
        run.series();
        run.trigger(
            Rule::SignificantEventJudgement,
            Rule::SignificantEventReview,
            &self.significant,
        );
        run.trigger(Rule::LesserEventJudgement, Rule::LesserEventReview, &self.lesser);
        run.informing(&overdue);
        run.convening();
        run.inviting();
        run.social_worker();
        run.reviewing_officer();
        run.permanence();
        run.record();
        run.challenge();
    }

    /// The occasions on which the triggers went off, with what was judged of them.
    fn occasions(&mut self, case: &Case, overdue: &[Day]) {
        const SIGNIFICANT: [Event; 5] = [
            Event::WorkerChanged,
            Event::Concern,
            Event::Complaint,
            Event::WentMissing,
            Event::PanelDecision,
        ];
        self.significant.clear();
        self.lesser.clear();
        let events = SIGNIFICANT.iter().flat_map(|&event| case.of(event));
        for &day in events.chain(overdue).filter(|&&day| case.can_start(day)) {
            // The reader has seen that there are not too many.
            self.significant.push((day, None));
        }
        let lesser = case.of(Event::PlacementChanged).iter();
        for &day in lesser.filter(|&&day| case.can_start(day)) {
            self.lesser.push((day, None));
        }
        judged(&mut self.significant, &case.judgements);
        judged(&mut self.lesser, &case.judgements);
    }
}

/// The days after the last days of decisions that nobody has carried out.
fn overdue_decisions(case: &Case, as_of: Day) -> List<Day> {
    let mut days = List::default();
    for (_, complete_by) in case.decisions.iter().filter(|(_, by)| *by < as_of) {
        days.push(complete_by + 1);
    }
    days.sort_unstable();
    days
}

/// The days on which a child began to have something of which the officer was not told. Where it is told
/// on the very day of an event, it is not known whether it was told of that.
fn untold(case: &Case) -> List<Day> {
    const EVENTS: [Event; 6] = [
        Event::WorkerChanged,
        Event::Concern,
        Event::Complaint,
        Event::PlacementChanged,
        Event::WentMissing,
        Event::PanelDecision,
    ];
    let mut events: List<Day> = List::default();
    for &day in EVENTS.iter().flat_map(|&event| case.of(event)) {
        events.push(day);
    }
    events.sort_unstable();
    let mut starts = List::default();
    let mut since: Option<Day> = None;
    for &day in events.iter() {
        // Told on a day between, or on the day of the last event: what follows begins anew.
        let told =
            |since: Day| case.of(Event::Informed).iter().any(|told| (since..day).contains(told));
        if since.is_none_or(told) {
            starts.push(day);
        }
        since = Some(day);
    }
    starts
}

impl Run<'_> {
    /// Section 1: what reviews are for.
    fn aims(&mut self) {
        let case = self.case;
        self.each(Rule::ConsiderPlans, Shape::At);
        self.each_while(Rule::ConsiderPathwayPlan, Shape::At, |day| case.eligible(day));
        self.each(Rule::CheckPlacementPlan, Shape::At);
        self.each(Rule::CheckBasisOfPlans, Shape::At);
    }

    /// Section 2: how often.
    fn series(&mut self) {
        for turn in self.turns {
            let (due, later) = self.reviews.due_today(turn);
            let mut middle = self.dated(due, turn.held, turn.ended);
            let other = later.map(|later| self.dated(later, turn.held, turn.ended));
            if other.is_some_and(|other| other.status != middle.status) {
                middle = Middle { status: Status::Undetermined, days: 0, ..middle };
            }
            let middle = self.sheet.middle(middle);
            self.sheet.line(Rule::LookedAfterReview, turn.ordinal, middle);
        }
    }

    fn informing(&mut self, overdue: &[Day]) {
        let case = self.case;
        let significant = case.judgements.iter().filter(|judged| judged.significant);
        self.before_each(Rule::ConsultOnExtraReview, significant.map(|judged| judged.day));
        let judgements = case.judgements.iter().map(|judged| judged.day);
        self.before_each(Rule::ConsultSocialWorker, judgements);
        let ended = case.ceased().filter(|&ceased| ceased < self.as_of);
        let informed = case.of(Event::Informed);
        for (rule, days) in
            [(Rule::InformIro, &*untold(case)), (Rule::InformIroOfUndoneDecision, overdue)]
        {
            let mut starts: List<Day> = List::default();
            for &day in days.iter().filter(|&&day| case.can_start(day)) {
                starts.push(day);
            }
            self.owed_after(rule, &starts, informed, ended);
        }
    }

    /// Sections 3 and 4: chairing and convening.
    fn convening(&mut self) {
        let case = self.case;
        self.each(Rule::ChairReview, Shape::At);
        self.owed_after(Rule::NotifyUnit, &[case.begin], case.of(Event::Unit), None);
        let unit = case.of(Event::Unit);
        self.owed_after(Rule::AllocateIro, unit, case.of(Event::Allocated), None);
        self.owed_after(Rule::InitiateHealthAssessment, unit, case.of(Event::Assessment), None);
        if let [first, ..] = self.turns {
            self.unlimited(Rule::ArrangeFirstReview, first, case.plans.iter().map(|plan| plan.0));
        }
        self.each_of(Rule::AgreeVenue, Shape::Unlimited, |ordinal| ordinal == 1);
        self.set_next_review();
        let rearranged = case.of(Event::Rearranged);
        let mut after = Day::MIN;
        for (ordinal, &day) in (1..).zip(rearranged) {
            let agreed = case.of(Event::DateAgreed).iter().copied().find(|&agreed| after < agreed);
            let middle = self.before_event(day, None, agreed.filter(|&agreed| agreed <= day));
            self.sheet.line(Rule::AgreeNewDate, ordinal, middle);
            after = day;
        }
        if rearranged.is_empty() {
            self.sheet.line(Rule::AgreeNewDate, 1, WAITING);
        }
        self.owed_after(Rule::TellNewDate, rearranged, case.of(Event::Told), None);
        let ceased = if case.ceased().is_some() { OUTSTANDING } else { WAITING };
        self.sheet.line(Rule::NotifyOfCeasing, 1, ceased);
    }

    /// At the end of each review that is held while the child is looked after.
    fn set_next_review(&mut self) {
        let case = self.case;
        let lines = self.sheet.lines.len();
        let ended = case.ceased().filter(|&ceased| ceased < self.as_of);
        let held = case.reviews.iter().take_while(|(held, _)| case.can_start(*held));
        let mut held = held.map(|(held, _)| *held).peekable();
        let mut ordinal = 0;
        while let Some(day) = held.next() {
            ordinal += 1;
            let next = held.peek().copied();
            let plan = case.plans.iter().map(|(made, _)| *made).find(|&made| day <= made);
            let plan = plan.filter(|&made| next.is_none_or(|next| made < next));
            let middle = self.dated(day, plan, ended);
            let middle = self.sheet.middle(middle);
            self.sheet.line(Rule::SetNextReview, ordinal, middle);
        }
        self.waiting_if_none(Rule::SetNextReview, lines);
    }

    /// Section 5: invitations and the child's participation.
    fn inviting(&mut self) {
        let case = self.case;
        for turn in self.turns {
            self.any_of(
                Rule::VisitChild,
                turn,
                &[case.of(Event::Visited)],
                Window::Between(10, 20),
            );
        }
        self.each(Rule::DiscussReviewWithChild, Shape::Unlimited);
        let meetings = [case.of(Event::Seen), case.of(Event::Visited)];
        for turn in self.turns {
            self.any_of(Rule::SeeChild, turn, &meetings, Window::Before);
        }
        self.each(Rule::ArrangeContact, Shape::Unlimited);
        let invitations = case.of(Event::Invitations);
        for (ordinal, &day) in (1..).zip(invitations) {
            let done = Some(day).filter(|day| case.of(Event::Booklets).contains(day));
            let middle = self.before_event(day, Some(day), done);
            self.sheet.line(Rule::SendBooklets, ordinal, middle);
        }
        if invitations.is_empty() {
            self.sheet.line(Rule::SendBooklets, 1, WAITING);
        }
        self.each(Rule::EncourageChildToChair, Shape::Unlimited);
        for turn in self.turns {
            let weighed = case.of(Event::AttendanceWeighed).iter().copied();
            self.unlimited(Rule::WeighAttendance, turn, weighed);
        }
        self.before_each(Rule::DecideInvitees, invitations.iter().copied());
        for turn in self.turns {
            self.any_of(Rule::SendInvitations, turn, &[invitations], Window::Working(10));
        }
        let placed = |setting: Setting| move |day: Day| case.placed_in(setting, day);
        let rule = Rule::InviteSupervisingSocialWorker;
        self.each_while(rule, Shape::Unlimited, placed(Setting::Foster));
        self.each_while(Rule::InviteLinkWorker, Shape::Unlimited, placed(Setting::Residential));
        let sixteen = self.days.birthday(case.born, 16);
        let of_age = |day: Day| Truth::from(sixteen <= day);
        self.each_while(Rule::InvitePersonalAdvisor, Shape::Unlimited, of_age);
        self.each_while(Rule::InviteAdvocate, Shape::Unlimited, |day| case.has_advocate(day));
        self.each(Rule::TellOfSeparateMeeting, Shape::Unlimited);
    }

    /// Sections 6 and 7: the social worker, supporters and interpreters.
    fn social_worker(&mut self) {
        let case = self.case;
        let discussed = [case.of(Event::PurposeDiscussed), case.of(Event::Consulted)];
        for turn in self.turns {
            let window = if turn.ordinal == 1 { Window::Before } else { Window::Working(20) };
            self.all_of(Rule::DiscussPurpose, turn, &discussed, window);
        }
        self.each(Rule::SupportPreparation, Shape::Unlimited);
        self.each_while(Rule::ReportCourtCase, Shape::Unlimited, |day| case.court_case(day));
        self.each(Rule::UpdateRecords, Shape::Before);
        for turn in self.turns {
            let window = Window::Working(if turn.ordinal == 1 { 3 } else { 5 });
            self.any_of(Rule::SendDocuments, turn, &[case.of(Event::Documents)], window);
        }
        self.each(Rule::BringCopies, Shape::At);
        self.each(Rule::BringPlans, Shape::At);
        let rule = Rule::BringConsultationDocuments;
        self.each_while(rule, Shape::At, |day| case.documents_in(day));
        let lines = self.sheet.lines.len();
        for (ordinal, (held, changed)) in (1..).zip(case.reviews.iter()) {
            if *changed {
                let due = self.days.after(*held, 10);
                let middle = self.dated_in_working_days(due, None, None);
                let middle = self.sheet.middle(middle);
                self.sheet.line(Rule::UpdateCarePlan, ordinal, middle);
            }
        }
        self.waiting_if_none(Rule::UpdateCarePlan, lines);
        let lines = self.sheet.lines.len();
        for ordinal in 1..=case.reviews.len() {
            self.sheet.line(Rule::UpdatePlacementPlan, ordinal, OUTSTANDING);
        }
        self.waiting_if_none(Rule::UpdatePlacementPlan, lines);
        self.each(Rule::ConsiderSupport, Shape::Before);
    }

    /// Section 8: the reviewing officer.
    fn reviewing_officer(&mut self) {
        let case = self.case;
        self.each(Rule::ConsultChildOnPlan, Shape::At);
        let meetings = [case.of(Event::Seen), case.of(Event::Visited)];
        let lines = self.sheet.lines.len();
        for turn in self.turns.iter().take(1) {
            self.any_of(Rule::MeetChildBeforeFirst, turn, &meetings, Window::Before);
        }
        self.waiting_if_none(Rule::MeetChildBeforeFirst, lines);
        let lines = self.sheet.lines.len();
        for turn in self.turns.iter().skip(1) {
            self.any_of(Rule::ArrangeToMeetChild, turn, &meetings, Window::Before);
        }
        self.waiting_if_none(Rule::ArrangeToMeetChild, lines);
        self.each(Rule::HearParentsAndCarer, Shape::At);
        self.each(Rule::ExplainPurpose, Shape::At);
        self.each(Rule::AgreeAgendaWithChild, Shape::Before);
        self.each(Rule::AgreeAgendaAtStart, Shape::At);
        self.each(Rule::DecideActions, Shape::At);
        self.each(Rule::SetOutDecisions, Shape::At);
        self.each(Rule::ConsiderMatters, Shape::At);
        self.after_reviews(Rule::CompleteOutcomes, Event::OutcomesCompleted, 5);
    }

    /// Sections 9 to 11: permanence, and children on a child protection plan.
    fn permanence(&mut self) {
        let case = self.case;
        self.each(Rule::CheckPermanencePlan, Shape::At);
        self.each_of(Rule::FocusOnPermanence, Shape::At, |ordinal| ordinal == 2);
        self.each_of(Rule::ReviewPermanenceProgress, Shape::At, |ordinal| ordinal > 2);
        self.each_while(Rule::WatchForDrift, Shape::At, |day| case.accommodated(day));
        self.each_while(Rule::KeepSinglePlan, Shape::At, |day| case.on_protection_plan(day));
        self.each_while(Rule::ReviewProtectionPlan, Shape::At, |day| case.on_protection_plan(day));
    }

    /// Sections 12 and 13: the record and the decisions.
    fn record(&mut self) {
        let case = self.case;
        self.after_reviews(Rule::CirculateDecisions, Event::Circulated, 5);
        let receipts = receipts(case);
        for (ordinal, (from, next)) in (1..).zip(with_next(&receipts)) {
            let done = first_act(case.of(Event::Agreed), from, next);
            let mut middle = self.dated_in_working_days(self.days.after(from, 5), done, None);
            if middle.status == Status::Overdue {
                // Silence agrees.
                middle = Middle { status: Status::Lapsed, days: 0, working: None, ..middle };
            }
            let middle = self.sheet.middle(middle);
            self.sheet.line(Rule::AnswerDecisions, ordinal, middle);
        }
        if receipts.is_empty() {
            self.sheet.line(Rule::AnswerDecisions, 1, WAITING);
        }
        for (ordinal, (from, next)) in (1..).zip(with_next(&receipts)) {
            let opens = self.days.after(from, 5) + 1;
            let done = first_act(case.of(Event::Finalised), opens, next);
            let (status, _) = self.standing(Some(opens), None);
            let status = if done.is_some() { Status::Met } else { status };
            let middle = Middle { opens: Some(opens), done, ..Middle::bare(status) };
            let middle = self.sheet.middle(middle);
            self.sheet.line(Rule::FinaliseOutcomes, ordinal, middle);
        }
        if receipts.is_empty() {
            self.sheet.line(Rule::FinaliseOutcomes, 1, WAITING);
        }
        self.after_reviews(Rule::CompleteRecord, Event::RecordCompleted, 20);
        self.after_reviews(Rule::DistributeRecord, Event::Distributed, 25);
        for (ordinal, (_, complete_by)) in (1..).zip(case.decisions.iter()) {
            let middle = self.dated(*complete_by, None, None);
            let middle = self.sheet.middle(middle);
            self.sheet.line(Rule::CarryOutDecision, ordinal, middle);
        }
        if case.decisions.is_empty() {
            self.sheet.line(Rule::CarryOutDecision, 1, WAITING);
        }
    }

    /// Section 15: challenge and escalation.
    fn challenge(&mut self) {
        let case = self.case;
        let raised = &case.challenge.raised;
        let failures = case.of(Event::Failure);
        self.owed_after(Rule::RaiseChallenge, failures, raised, None);
        let informal = raised.get(..1).unwrap_or_default();
        self.owed_after(Rule::SeekInformalResolution, failures, informal, None);
        let recorded = case.of(Event::ChallengeRecorded);
        for (ordinal, (from, next)) in (1..).zip(with_next(raised)) {
            let done = first_act(recorded, from, next);
            let middle = match done {
                Some(_) => self.sheet.middle(Middle { done, ..Middle::bare(Status::Met) }),
                None => OUTSTANDING,
            };
            self.sheet.named(Rule::RecordChallenge, ordinal, middle);
        }
        for ordinal in 1..=raised.len() {
            self.sheet.named(Rule::HoldResolutionMeeting, ordinal, OUTSTANDING);
        }
        if raised.is_empty() {
            self.sheet.line(Rule::RecordChallenge, 1, WAITING);
            self.sheet.line(Rule::HoldResolutionMeeting, 1, WAITING);
        }
        self.ladder();
    }
}

/// The days on which the manager had the outcomes: when they were received, or else circulated. What was
/// received first on or after a circulation, and before the next, belongs to it.
fn receipts(case: &Case) -> List<Day> {
    let received = case.of(Event::Received);
    let mut days = List::default();
    for &day in received {
        days.push(day);
    }
    for (circulated, next) in with_next(case.of(Event::Circulated)) {
        if first_act(received, circulated, next).is_none() {
            days.push(circulated);
        }
    }
    days.sort_unstable();
    days
}
