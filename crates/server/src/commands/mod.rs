//! The subcommands that need no server: what a support engineer types, and what tests drive.

pub mod decide;
pub mod explain;
pub mod keys;
pub mod lines;
pub mod verify;
