//! The reference status backend.
//!
//! A report comes in at `routes`, is checked ([`webhook`], [`new_report`], [`card_number`]) and
//! goes to the [`store`], which in one commit keeps it, asks the protocol's rules for the verdict
//! over all reports of the transaction ([`ledger`]) and keeps the document's bytes. The commit wakes
//! whoever waits ([`parking`]); every answer is signed afresh ([`signing`]). Time enters only through
//! [`clock`], as a report.
//!
//! What a raw code means is asked of [`code_tables`]: the operator's [`own_codes`] before the built-in ones.
//! [`server`] starts and stops it all; [`commands`] are the subcommands that need no server.

pub mod app;
pub mod auth;
pub mod card_number;
pub mod clock;
pub mod code_tables;
pub mod commands;
pub mod credentials;
pub mod evidence;
pub mod fields;
pub mod handover_code;
pub mod idempotency;
pub mod ledger;
pub mod metrics;
pub mod new_report;
pub mod new_transaction;
pub mod own_codes;
pub mod pace;
mod page;
pub mod parking;
pub mod payout;
pub mod prefer;
pub mod problem;
pub mod public_url;
pub mod qr;
pub mod request_body;
mod routes;
mod scheme_labels;
pub mod secret;
pub mod server;
pub mod signing;
pub mod store;
pub mod strict_json;
pub mod time;
pub mod webhook;
