//! Starts work that nobody waits for.

use std::pin::Pin;

/// Runs `future` beside everything else. Boxed first: the browser's executor is then compiled once, not once for each
/// kind of work.
pub(crate) fn spawn(future: impl Future<Output = ()> + 'static) {
    let boxed: Pin<Box<dyn Future<Output = ()>>> = Box::pin(future);
    wasm_bindgen_futures::spawn_local(boxed);
}
