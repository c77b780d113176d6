//! Lists whose rows are made anew only when they differ.

use leptos::prelude::*;

/// Renders `items` by `row`; nothing at all while there are none.
pub(crate) fn rows<T>(items: Memo<Vec<T>>, row: fn(T) -> AnyView) -> impl Fn() -> Vec<AnyView> + Clone + Send
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    move || items.get().into_iter().map(row).collect()
}
