//! The stages of `cargo xtask test`: their order, their names, and what each must find on the machine.

use anyhow::{Context, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Fmt,
    Clippy,
    ClippyWasm,
    Native,
    Pages,
    Dist,
    EndToEnd,
    Size,
}

impl Stage {
    /// In the order in which they run.
    pub(crate) const ALL: [Self; 8] = [
        Self::Fmt,
        Self::Clippy,
        Self::ClippyWasm,
        Self::Native,
        Self::Pages,
        Self::Dist,
        Self::EndToEnd,
        Self::Size,
    ];

    pub(crate) fn from_name(name: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|stage| stage.name() == name)
            .with_context(|| {
                let names: Vec<_> = Self::ALL.iter().map(|stage| stage.name()).collect();
                format!("no stage `{name}`; expected one of {}", names.join(", "))
            })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Clippy => "clippy",
            Self::ClippyWasm => "clippy-wasm",
            Self::Native => "native",
            Self::Pages => "pages",
            Self::Dist => "dist",
            Self::EndToEnd => "e2e",
            Self::Size => "size",
        }
    }

    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Fmt => "formatting",
            Self::Clippy => "lints",
            Self::ClippyWasm => "lints of the browser half",
            Self::Native => "native tests and documentation tests",
            Self::Pages => "unit tests of the pages",
            Self::Dist => "the widget and its pages, built as deployed",
            Self::EndToEnd => "the real server in a real browser",
            Self::Size => "download of the first view against its budget",
        }
    }

    /// What must be found or installed before the long stages start: it is no fun to hear it after ten minutes.
    pub(crate) fn needs(self) -> Needs {
        match self {
            Self::Fmt | Self::Clippy | Self::ClippyWasm | Self::Native => Needs::Rust,
            Self::Pages => Needs::Node,
            Self::Dist | Self::Size => Needs::NodePackages,
            Self::EndToEnd => Needs::Browser,
        }
    }
}

/// Each needs all before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Needs {
    Rust,
    Node,
    NodePackages,
    Browser,
}
