//! The view model: everything that one person should see now, ready to print.
//!
//! Every `String` here is finished text in the reader's language: no markup, no placeholder, no code that the view
//! would have to translate. The view decides where a thing stands and nothing else. Enumerations carry an `id()` for
//! attributes and icons. Fields that have nothing to say are `None` or empty and take no room.

mod station;

use payment_status_protocol::party::Party;

pub use station::{Place, Standing, Station, Trail};

/// One screen's content for one person at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Display {
    /// Who reads it.
    pub party: Party,
    /// What the reader should feel allowed to do; the colour of the card.
    pub tone: Tone,
    /// The sign beside the headline; never the only carrier of the meaning.
    pub icon: Icon,
    /// The bold sentence that answers the reader's first question.
    pub headline: String,
    /// The sentences under it, in reading order; may be empty.
    pub explanation: Vec<String>,
    /// The reader's questions with their answers, in the order of importance; empty while nothing is verified.
    pub answers: Vec<Answer>,
    /// Where the money is.
    pub trail: Option<Trail>,
    /// Why it is so; `None` until the words of the reasons are there.
    pub reason: Option<Reason>,
    /// What the reader can do now, most important first; empty until the words of the reasons are there.
    pub steps: Vec<String>,
    /// Who acts next, and by when.
    pub next: Option<Next>,
    /// Two sources that contradict each other, by name, and who settles it.
    pub disagreement: Option<String>,
    /// A final answer that was replaced: what it was, what it is now, and which report changed it.
    pub superseded: Option<String>,
    /// What happened, oldest first.
    pub timeline: Option<Timeline>,
    /// The code to compare with the other screen.
    pub match_code: Option<MatchCode>,
    /// `Version 3`.
    pub version: Option<String>,
    /// How fresh all this is.
    pub freshness: FreshnessLine,
    /// "Check now": on the button that asks at once. While the server is heard there is none, nor before the words are
    /// there, nor where asking cannot help.
    pub check: Option<String>,
    /// What went wrong in asking, beside an answer that still stands. With no answer to show, the trouble is the
    /// headline and this is `None`.
    pub notice: Option<Notice>,
    /// The amount of the transaction, formatted.
    pub amount: Option<String>,
    /// Who is paid, as the merchant named itself.
    pub merchant_name: Option<String>,
    /// The merchant's own number for the order.
    pub order_reference: Option<Line>,
    /// What concerns the reader alone, when the party's document names it: the masked account; for support the settlement.
    pub own: Option<Line>,
    /// Headings of the parts that need one.
    pub headings: Headings,
    /// Which way the language is written.
    pub direction: Direction,
    /// For the live region: changes only when the meaning changes, never with the passing of time.
    pub announcement: String,
}

/// Which way a language is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Left to right.
    LeftToRight,
    /// Right to left.
    RightToLeft,
}

impl Direction {
    /// The value of the `dir` attribute.
    pub const fn id(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

/// What the reader should feel allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Green: done, nothing left to do.
    Done,
    /// Blue: in progress, just wait.
    Progress,
    /// Amber: do not act yet (do not pay again, do not hand over).
    Hold,
    /// Red: a proven failure, always beside "you were not charged" or "your money comes back".
    Failed,
}

impl Tone {
    /// The name for attributes and style sheets.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Progress => "progress",
            Self::Hold => "hold",
            Self::Failed => "failed",
        }
    }
}

/// The sign beside the headline. The view owns the drawing, this owns the meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A tick: paid, or everything is back.
    Check,
    /// A clock: waiting for somebody.
    Clock,
    /// A magnifier: nobody can say yet, it is being found out.
    Search,
    /// A hand: do not act.
    Stop,
    /// A cross: did not happen.
    Cross,
    /// An arrow back: the money is on its way back or is back.
    Return,
    /// Two sheets: paid more than once.
    Duplicate,
    /// A shield: held for a check.
    Shield,
    /// A pair of scales: disputed.
    Scales,
    /// Dots: the first answer has not come yet.
    Connecting,
    /// A broken line: we cannot ask.
    Unreachable,
    /// An exclamation mark: what came cannot be shown as a status.
    Warning,
}

impl Icon {
    /// The name for attributes and symbols.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Clock => "clock",
            Self::Search => "search",
            Self::Stop => "stop",
            Self::Cross => "cross",
            Self::Return => "return",
            Self::Duplicate => "duplicate",
            Self::Shield => "shield",
            Self::Scales => "scales",
            Self::Connecting => "connecting",
            Self::Unreachable => "unreachable",
            Self::Warning => "warning",
        }
    }
}

/// One question of the reader, answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Which question.
    pub question: Question,
    /// "Was I charged?"
    pub label: String,
    /// "Yes, 128.00 CNY."
    pub text: String,
    /// The colour of this answer alone.
    pub tone: Tone,
}

/// The questions that people have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Was the payer charged?
    Charged,
    /// May it be paid again?
    PayAgain,
    /// May the goods be handed over?
    Release,
    /// Does the merchant get the money on the bank account?
    Payout,
}

impl Question {
    /// The name for attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Charged => "charged",
            Self::PayAgain => "pay-again",
            Self::Release => "release",
            Self::Payout => "payout",
        }
    }
}

/// Why it is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// One plain sentence.
    pub text: String,
    /// The canonical code as the server sent it; also a code that this build has no words for.
    pub code: String,
}

/// Who acts next, and by when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// "The shop's payment provider."
    pub text: String,
    /// "Expected by 18:00 (the UPI rule of five days).", or since when it is overdue and whom to ask.
    pub by: Option<String>,
    /// The server signed its answer after that time: only its clock decides that a deadline has passed.
    pub is_overdue: bool,
}

/// What happened, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// "What happened: 3 reports".
    pub heading: String,
    /// One line a report.
    pub entries: Vec<Entry>,
}

/// One report, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When the source says that it happened, formatted; `None` if it did not say.
    pub time: Option<String>,
    /// Who said it.
    pub source: String,
    /// What was said; the name of the attempt is part of it when there is more than one.
    pub text: String,
    /// "says, not proven": present exactly when the report proves nothing.
    pub claim: Option<String>,
    /// How this report alone sounds: an outcome that is not known is never green and never red.
    pub tone: Tone,
}

/// The code that is equal on two screens that show the same answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchCode {
    /// "Code".
    pub label: String,
    /// `7K3-M9Q`.
    pub code: String,
    /// What to do with it.
    pub hint: String,
}

/// How fresh the answer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreshnessLine {
    /// For the live dot and for attributes.
    pub kind: FreshnessKind,
    /// "checked 3 s ago".
    pub text: String,
}

/// How we hear the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreshnessKind {
    /// Nothing verified yet.
    Connecting,
    /// The answer is current.
    Live,
    /// The server has not been heard for longer than it should be.
    Stale,
    /// This device is offline.
    Offline,
    /// The server is asked on demand only, or very seldom.
    Paused,
}

impl FreshnessKind {
    /// The name for attributes and locale files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Stale => "stale",
            Self::Offline => "offline",
            Self::Paused => "paused",
        }
    }
}

/// What went wrong in asking, beside an answer that still stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What went wrong.
    pub title: String,
    /// What it means and what the reader can do.
    pub text: String,
}

/// A labelled value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// "Order".
    pub label: String,
    /// `A-1042`.
    pub text: String,
}

/// Headings of the card's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headings {
    /// The card itself, for assistive technology: "Payment status".
    pub card: String,
    /// Over the trail: "Where the money is".
    pub trail: String,
    /// Over the reason: "Why".
    pub reason: String,
    /// Over the next actor: "Who acts next".
    pub next: String,
    /// Over the steps: "What to do now".
    pub steps: String,
    /// On the switch that opens the details.
    pub details: String,
}
