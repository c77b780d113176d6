//! One file a resource; a handler is its contract in `docs/protocol.md`.

pub(crate) mod detail;
pub(crate) mod handover;
pub(crate) mod handover_page;
pub(crate) mod list;
pub(crate) mod operations;
pub(crate) mod pages;
pub(crate) mod party;
pub(crate) mod reports;
mod signed;
pub(crate) mod status;
pub(crate) mod status_page;
pub(crate) mod tokens;
pub(crate) mod transactions;
