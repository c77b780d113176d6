//! Keeps one transaction's state current: asks, proves, applies. Shared by every element on the
//! page that shows the same transaction with the same token.
//!
//! `progress` (what we know), `plan` (what to do next) and `schedule` (the pace) are pure; `ask` shows the first answer
//! and then is the loop that carries the plan out, `believe` makes of an answer what may be shown, `tabs` lets one tab
//! ask for all, `registry` shares on one page.

pub mod plan;
pub mod progress;
pub mod schedule;

#[cfg(target_arch = "wasm32")]
mod ask;
#[cfg(target_arch = "wasm32")]
mod believe;
#[cfg(target_arch = "wasm32")]
mod registry;
#[cfg(target_arch = "wasm32")]
mod tabs;

#[cfg(target_arch = "wasm32")]
pub(crate) use ask::Watch;
#[cfg(target_arch = "wasm32")]
pub(crate) use believe::Target;
#[cfg(target_arch = "wasm32")]
pub(crate) use registry::watch;
