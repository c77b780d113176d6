//! The server over HTTP: one file a subject, one sentence a test, status *and* body.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bodies;
mod card_numbers;
mod clock;
mod creating;
mod creating_once;
mod evidence;
mod handover;
mod history;
mod keys;
mod operations;
mod own_codes;
mod pages;
mod parking;
mod parties;
mod reporting;
mod scenarios;
mod signatures;
mod status;
mod status_page;
mod store_failure;
mod support;
mod support_desk;
mod tokens;
