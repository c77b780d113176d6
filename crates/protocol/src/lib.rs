//! What every backend and every widget must agree on: reports, the rules that turn a set of
//! reports into a verdict, and the documents on the wire. Pure: no clock, no I/O, no browser.
//!
//! Read in this order: [`report`] (what comes in), [`authority`] (who may say
//! what), [`join`] and [`attempt`] (one try to pay),
//! [`decide`] (the transaction), [`verdict`] (what follows), [`snapshot`] (the signed document),
//! [`check`] (what a reader refuses to show). [`reason`] and [`code`] hold the catalogue.
//! The rules in prose are in `docs/protocol.md`, section 7.

mod open_enum;

pub mod attempt;
pub mod authority;
mod began;
pub mod check;
pub mod code;
mod contradiction;
pub mod deadline;
pub mod decide;
pub mod id;
pub mod join;
pub mod match_code;
pub mod money;
pub mod party;
pub mod read;
pub mod reason;
pub mod report;
mod returns;
pub mod snapshot;
pub mod time;
pub mod verdict;
pub mod why;
