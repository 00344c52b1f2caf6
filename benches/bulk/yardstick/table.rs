//! The rules and their parts, in the order of the policy, with what stands in each of their lines.
//!
//! A rule whose trigger the caseload never holds, or whose state it never opens, has the same line in
//! every case: `always` says with which status.

use super::lines::Status;

/// What stands in the lines of a rule, whatever the case.
pub(crate) struct Constant {
    pub(crate) name: &'static str,
    pub(crate) part: &'static str,
    pub(crate) owners: &'static str,
    pub(crate) strength: &'static str,
    pub(crate) cites: &'static str,
    pub(crate) always: Option<Status>,
}

macro_rules! rules {
    ($($rule:ident $name:literal, $part:literal, $owners:literal, $strength:literal, $cites:literal
        $(, always $always:ident)?;)*) => {
        /// A rule, or a part of one.
        #[expect(dead_code, reason = "what is the same in every case is never named")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Rule {
            $($rule,)*
        }

        /// The constants of every rule.
        pub(crate) const RULES: &[Constant] = &[
            $(Constant {
                name: $name,
                part: $part,
                owners: $owners,
                strength: $strength,
                cites: $cites,
                always: rules!(@always $($always)?),
            },)*
        ];
    };
    (@always) => { None };
    (@always $always:ident) => { Some(Status::$always) };
}

rules! {
    CheckReadinessToMove "check-readiness-to-move", "whole", "iro", "should", "1", always Waiting;
    CheckRemandNeeds "check-remand-needs", "whole", "iro", "should", "1", always Waiting;
    ConsiderPlans "consider-plans", "whole", "iro social-worker", "should", "1";
    ConsiderPathwayPlan "consider-pathway-plan", "whole", "iro social-worker", "should", "1";
    CheckPlacementPlan "check-placement-plan", "whole", "iro social-worker", "should", "1";
    CheckOtherPlans "check-other-plans", "whole", "iro social-worker", "should", "1", always Waiting;
    CheckBasisOfPlans "check-basis-of-plans", "whole", "iro", "should", "1";
    LookedAfterReview "looked-after-review", "whole", "iro", "should normally", "2.1; 2.2; 8; 11";
    SignificantEventJudgement "significant-event", "judgement", "iro", "must", "2.3";
    SignificantEventReview "significant-event", "review", "iro", "must", "2.3";
    LesserEventJudgement "lesser-event", "judgement", "iro", "must", "2.3";
    LesserEventReview "lesser-event", "review", "iro", "must", "2.3";
    ConsultOnExtraReview "consult-on-extra-review", "whole", "iro", "should", "2.3";
    ConsultSocialWorker "consult-social-worker", "whole", "iro", "must", "2.3";
    InformIro "inform-iro", "whole", "social-worker", "must", "2.3; 6";
    InformIroOfUndoneDecision "inform-iro-of-undone-decision", "whole", "social-worker", "must", "2.3";
    ChairReview "chair-review", "whole", "iro", "must", "3; 8";
    NotifyUnit "notify-unit", "whole", "social-worker", "must", "4.1";
    AllocateIro "allocate-iro", "whole", "safeguarding-unit", "must", "4.1";
    InitiateHealthAssessment "initiate-health-assessment", "whole", "safeguarding-unit", "must", "4.1";
    ArrangeFirstReview "arrange-first-review", "whole", "review-admin", "must", "4.1";
    AgreeVenue "agree-venue", "whole", "review-admin", "must", "4.1";
    SetNextReview "set-next-review", "whole", "iro", "must", "4.2";
    AgreeNewDate "agree-new-date", "whole", "social-worker", "should", "4.2";
    TellNewDate "tell-new-date", "whole", "review-admin", "must", "4.2";
    DecideOnAbsence "decide-on-absence", "whole", "iro", "may", "4.2", always Waiting;
    NotifyOfCeasing "notify-of-ceasing", "whole", "social-worker", "must", "4.2";
    PassOnCeasing "pass-on-ceasing", "whole", "review-admin", "must", "4.2", always Waiting;
    HoldCeaseReview "hold-cease-review", "whole", "iro", "must", "4.2", always Waiting;
    VisitChild "visit-child", "whole", "iro", "should", "5";
    DiscussReviewWithChild "discuss-review-with-child", "whole", "iro", "should", "5";
    SeeChild "see-child", "whole", "iro", "must", "5";
    ArrangeContact "arrange-contact", "whole", "iro", "must", "5";
    SendBooklets "send-booklets", "whole", "review-admin", "must", "5";
    EncourageChildToChair "encourage-child-to-chair", "whole", "iro", "should", "5; 8";
    WeighAttendance "weigh-attendance", "whole", "iro social-worker", "should", "5";
    DecideInvitees "decide-invitees", "whole", "social-worker iro", "must", "5";
    SendInvitations "send-invitations", "whole", "review-admin", "should", "5";
    InviteSupervisingSocialWorker "invite-supervising-social-worker", "whole", "review-admin", "should normally", "5";
    InviteLinkWorker "invite-link-worker", "whole", "review-admin", "should normally", "5";
    InvitePersonalAdvisor "invite-personal-advisor", "whole", "review-admin", "should normally", "5";
    InviteAdvocate "invite-advocate", "whole", "review-admin", "should normally", "5";
    InviteInterpreter "invite-interpreter", "whole", "review-admin", "should normally", "5", always Waiting;
    AskChildAboutOthers "ask-child-about-others", "whole", "social-worker iro", "should", "5", always Waiting;
    TellOfSeparateMeeting "tell-of-separate-meeting", "whole", "iro", "should", "5";
    SpeakToAbsentChild "speak-to-absent-child", "whole", "iro", "must", "5", always Waiting;
    InformOfComplaints "inform-of-complaints", "whole", "iro", "must", "5", always Outstanding;
    InformOfAdvocacy "inform-of-advocacy", "whole", "iro", "should", "5; 8", always Outstanding;
    RecordChildsChoice "record-childs-choice", "whole", "iro social-worker", "must", "5", always Waiting;
    AgreeDelegate "agree-delegate", "whole", "iro", "may", "5", always Waiting;
    ConsultOnCarerExclusion "consult-on-carer-exclusion", "whole", "social-worker", "should", "5", always Waiting;
    ExplainCarerExclusion "explain-carer-exclusion", "whole", "social-worker", "should", "5", always Waiting;
    DiscussPurpose "discuss-purpose", "whole", "social-worker", "must", "6";
    TellOfChildChairing "tell-of-child-chairing", "whole", "social-worker", "should", "6", always Waiting;
    SupportPreparation "support-preparation", "whole", "social-worker", "should", "6";
    ReportDoubtedDecisions "report-doubted-decisions", "whole", "social-worker", "must", "6", always Waiting;
    ReportCourtCase "report-court-case", "whole", "social-worker", "should", "6";
    UpdateRecords "update-records", "whole", "social-worker", "must", "6";
    SendDocuments "send-documents", "whole", "social-worker", "must", "6";
    BringCopies "bring-copies", "whole", "social-worker", "should", "6";
    BringPlans "bring-plans", "whole", "social-worker", "should", "6";
    BringConsultationDocuments "bring-consultation-documents", "whole", "social-worker", "should", "6";
    BringReports "bring-reports", "whole", "social-worker", "should", "6", always Waiting;
    UpdateCarePlan "update-care-plan", "whole", "social-worker", "must", "6";
    ArrangePlanUpdate "arrange-plan-update", "whole", "social-worker", "should", "6", always Waiting;
    ArrangePathwayPlan "arrange-pathway-plan", "whole", "social-worker", "should", "6", always Waiting;
    AlignEhcpReview "align-ehcp-review", "whole", "social-worker", "should", "6", always Waiting;
    UpdatePlacementPlan "update-placement-plan", "whole", "social-worker", "should", "6";
    ReflectPlansInCarePlan "reflect-plans-in-care-plan", "whole", "social-worker", "should", "6", always Waiting;
    TellAbsentChild "tell-absent-child", "whole", "iro social-worker", "must", "6", always Waiting;
    TellAbsentParents "tell-absent-parents", "whole", "iro social-worker", "must", "6", always Waiting;
    ConsiderSupport "consider-support", "whole", "social-worker iro", "should", "7";
    ArrangeSupport "arrange-support", "whole", "social-worker", "should", "7", always Waiting;
    ArrangeInterpreter "arrange-interpreter", "whole", "social-worker", "should", "7", always Waiting;
    ReportLegalAdviser "report-legal-adviser", "whole", "social-worker", "should", "7", always Waiting;
    ConsiderAuthorityLawyer "consider-authority-lawyer", "whole", "social-worker", "should", "7", always Waiting;
    ConsultChildOnPlan "consult-child-on-plan", "whole", "iro", "should", "8";
    ConsultChildOnChange "consult-child-on-change", "whole", "iro", "should", "8", always Waiting;
    MeetChildBeforeFirst "meet-child-before-first", "whole", "iro", "should", "8";
    ArrangeToMeetChild "arrange-to-meet-child", "whole", "iro", "should", "8";
    HearParentsAndCarer "hear-parents-and-carer", "whole", "iro", "must", "8";
    CompleteSeries "complete-series", "whole", "iro", "should", "8", always Waiting;
    ExplainPurpose "explain-purpose", "whole", "iro", "must", "8";
    ConsultAbsentProfessional "consult-absent-professional", "whole", "iro", "should", "8", always Waiting;
    ExplainViewNotFollowed "explain-view-not-followed", "whole", "iro social-worker", "must", "8", always Waiting;
    MinuteDifference "minute-difference", "whole", "iro", "should", "8", always Waiting;
    ExplainSupporterRole "explain-supporter-role", "whole", "iro", "must", "8", always Waiting;
    AgreeAgendaWithChild "agree-agenda-with-child", "whole", "iro", "must", "8";
    AgreeAgendaAtStart "agree-agenda-at-start", "whole", "iro", "must", "8";
    DecideActions "decide-actions", "whole", "iro", "must", "8";
    SubmitToPanel "submit-to-panel", "whole", "social-worker", "must", "8", always Waiting;
    CompleteAdjournedReview "complete-adjourned-review", "whole", "iro", "must", "8", always Waiting;
    WeighDelay "weigh-delay", "whole", "iro", "should", "8", always Waiting;
    SeekWishesOnDelay "seek-wishes-on-delay", "whole", "iro", "should", "8", always Waiting;
    SetOutDecisions "set-out-decisions", "whole", "iro", "must", "1; 8";
    ConsiderMatters "consider-matters", "whole", "iro", "should", "8";
    ConsiderVisits "consider-visits", "whole", "iro", "should", "8", always Waiting;
    CompleteOutcomes "complete-outcomes", "whole", "iro", "must", "8";
    ConsiderPoorPractice "consider-poor-practice", "whole", "iro", "must", "8", always Waiting;
    CheckPermanencePlan "check-permanence-plan", "whole", "iro", "must", "9";
    FocusOnPermanence "focus-on-permanence", "whole", "iro", "must", "9";
    ArrangePlanningMeeting "arrange-planning-meeting", "whole", "social-worker", "should", "9", always Waiting;
    ReviewPermanenceProgress "review-permanence-progress", "whole", "iro", "should", "9";
    WatchForDrift "watch-for-drift", "whole", "iro", "should", "9";
    ConsiderReturn "consider-return", "whole", "iro", "should", "9", always Waiting;
    IssueProceedings "issue-proceedings", "whole", "local-authority", "should", "9", always Waiting;
    ConsiderMeeting "consider-meeting", "whole", "social-worker", "should", "10", always Waiting;
    ConsultOnMeeting "consult-on-meeting", "whole", "social-worker", "should", "10", always Waiting;
    HoldYearlyMeeting "hold-yearly-meeting", "whole", "iro", "should", "10", always Waiting;
    HoldNextYearlyMeeting "hold-next-yearly-meeting", "whole", "iro", "should", "10", always Waiting;
    RecordFactors "record-factors", "whole", "social-worker", "must", "10", always Waiting;
    ConsultWithoutMeeting "consult-without-meeting", "whole", "iro", "must", "10", always Waiting;
    KeepSinglePlan "keep-single-plan", "whole", "iro", "should", "11";
    ReviewProtectionPlan "review-protection-plan", "whole", "iro", "must", "11";
    CirculateDecisions "circulate-decisions", "whole", "iro", "must", "12";
    AnswerDecisions "answer-decisions", "whole", "area-team-manager", "should", "12; 13";
    FinaliseOutcomes "finalise-outcomes", "whole", "iro", "must", "12";
    CompleteRecord "complete-record", "whole", "iro", "must", "12";
    DecideOnParentsRecord "decide-on-parents-record", "whole", "social-worker iro", "should", "12", always Waiting;
    DistributeRecord "distribute-record", "whole", "review-admin", "must", "12";
    CarryOutDecision "carry-out-decision", "whole", "local-authority", "should", "1; 13";
    TryInformallyFirst "try-informally-first", "whole", "iro", "should", "13", always Waiting;
    ActivateDisputeProcess "activate-dispute-process", "whole", "iro", "may", "13", always Waiting;
    ReportGoodPractice "report-good-practice", "whole", "iro", "should", "14; 15", always Waiting;
    AnswerPositiveFeedback "answer-positive-feedback", "whole", "area-team-manager", "must", "15", always Waiting;
    SavePositiveFeedback "save-positive-feedback", "whole", "iro", "must", "15", always Waiting;
    RaisePoorPractice "raise-poor-practice", "whole", "iro", "should", "14", always Waiting;
    RaiseChallenge "raise-challenge", "whole", "iro", "must", "15";
    SeekInformalResolution "seek-informal-resolution", "whole", "iro", "must", "15";
    ResolveInformallyInTime "resolve-informally-in-time", "whole", "iro", "should", "15", always Waiting;
    ConsiderEscalation "consider-escalation", "whole", "iro", "should", "15", always Waiting;
    ConsiderEscalationWhenOverdue "consider-escalation-when-overdue", "whole", "iro", "should", "15", always Waiting;
    ContinueDespiteObstacles "continue-despite-obstacles", "whole", "iro", "should", "15", always Waiting;
    TellServiceManager "tell-service-manager", "whole", "iro", "must", "15", always Waiting;
    AgreeStrategy "agree-strategy", "whole", "service-manager", "must", "15", always Waiting;
    RecordChallenge "record-challenge", "whole", "iro", "must", "15";
    HoldResolutionMeeting "hold-resolution-meeting", "whole", "iro", "may", "15";
    ChallengeAnswer1 "challenge", "answer 1", "social-worker area-team-manager", "must", "15 Stage One";
    ChallengeAnswer2 "challenge", "answer 2", "area-team-manager", "must", "15 Stage Two";
    ChallengeAnswer3 "challenge", "answer 3", "service-lead", "must", "15 Stage Three";
    ChallengeAnswer4 "challenge", "answer 4", "head-of-service", "must", "15 Stage Four";
    ChallengeCap "challenge", "cap", "iro", "must", "15";
}
