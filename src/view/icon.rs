//! The sign beside the headline: one path each, drawn in the colour of the tone.

use payment_status_display::display::Icon;

use crate::view::el::{El, Fixed, el};

pub(crate) fn view(icon: Icon) -> El {
    let fixed: Fixed = &[
        ("part", "icon"),
        ("class", "icon"),
        ("viewBox", "0 0 24 24"),
        ("aria-hidden", "true"),
    ];
    el(
        "svg",
        fixed,
        vec![el("path", &[], Vec::new()).with("d", path(icon))],
    )
    .with("data-icon", icon.id())
}

/// Strokes on a 24 × 24 grid.
fn path(icon: Icon) -> &'static str {
    match icon {
        Icon::Check => "M5 12.5l4.5 4.5L19 7.5",
        Icon::Clock => "M12 4a8 8 0 100 16 8 8 0 000-16zM12 8v4.5l3 2",
        Icon::Search => "M10.5 4.5a6 6 0 100 12 6 6 0 000-12zM15 15l5 5",
        Icon::Stop => {
            "M8 12V6.5a1.5 1.5 0 013 0V11M11 11V5a1.5 1.5 0 013 0v6M14 11V6.500a1.500 1.500 0 013 0V14a6 6 0 01-6 6c-3 0-4.500-2-6.500-6a1.500 1.500 0 012.500-1.500L8 14"
        }
        Icon::Cross => "M7 7l10 10M17 7L7 17",
        Icon::Return => "M9 6L4.500 10.500 9 15M5 10.500h9a5 5 0 010 10h-3",
        Icon::Duplicate => "M8 8h11v11H8zM5 16V5h11",
        Icon::Shield => {
            "M12 4l7 2.500v5c0 4-3 7-7 8.500-4-1.500-7-4.500-7-8.500v-5zM9 12l2.200 2.200L15 10.500"
        }
        Icon::Scales => "M12 4v16M8 20h8M5 8h14M5 8l-2.500 6h5zM19 8l-2.500 6h5z",
        Icon::Connecting => "M5.500 12h.01M12 12h.01M18.500 12h.01",
        Icon::Unreachable => "M4 9.500a12 12 0 0116 0M7.500 13a7 7 0 019 0M12 17h.01M5 20L19 4",
        Icon::Warning => "M12 4.500l8.500 15h-17zM12 10v4.500M12 17h.01",
    }
}
