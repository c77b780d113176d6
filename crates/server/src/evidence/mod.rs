//! Evidence packs: what a screen has shown, with the server's signatures, checked by somebody who was not there.
//!
//! ```text
//! bytes ─ pack ─► Pack ─ proof, with trusted keys ─► Proven (what was shown, when) ─ stored ─► and the store agrees
//! ```
//!
//! Nothing in the file is believed but what the server has signed. The form is `docs/protocol.md#evidence`.

mod keys;
mod pack;
mod proof;
mod refusal;
mod stored;

pub use keys::{KeysError, TrustedKey, TrustedKeys};
pub use pack::{FORMAT, MAX_BYTES, Pack, Shown};
pub use proof::{Expected, Proven, ProvenAnswer, prove};
pub use refusal::{Refusal, RefusalCode};
pub use stored::{Standing, compare};
