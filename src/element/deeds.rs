//! What the buttons do.

use std::rc::Rc;

use payment_status_display::{Handover, Tools};
use wasm_bindgen::JsValue;
use web_sys::{Element as Node, ShadowRoot};

use crate::browser::listener::Listener;
use crate::browser::reach::{self, asked, call, get, list, object, window};
use crate::browser::task::spawn;
use crate::config::Config;
use crate::element::handover::{self, Refused};
use crate::element::late::{Late, server_time};
use crate::element::locale::Locale;
use crate::element::mount::Element;
use crate::element::{alert, evidence};
use crate::view::Code;

type Deed = fn(&Rc<Element>) -> Option<()>;

const DEEDS: [(&str, Deed); 6] = [
    ("[data-does=copy]", copy),
    ("[data-does=show]", show),
    ("[data-does=print]", print),
    ("[data-does=proof]", proof),
    ("[data-does=alert]", switch_alert),
    ("[data-does=close]", close),
];

/// One listener a button.
pub(super) fn listen(element: &Rc<Element>, root: &ShadowRoot) -> Vec<Listener> {
    let listener = |(button, deed): (&str, Deed)| {
        let button = root.query_selector(button).ok().flatten()?;
        let element = Rc::downgrade(element);
        Some(Listener::new(&button, "click", move || {
            if let Some(element) = element.upgrade() {
                // `None`: what it was about is gone from the screen.
                let _ = deed(&element);
            }
        }))
    };
    DEEDS.into_iter().filter_map(listener).collect()
}

/// Copies the order reference, or says it so that it can be written down.
fn copy(element: &Rc<Element>) -> Option<()> {
    let (tools, _) = element.tools()?;
    let progress = element.progress();
    let order = progress.held.as_ref()?.snapshot.order_reference.to_string();
    let config = element.config()?;
    let element = Rc::downgrade(element);
    spawn(async move {
        let clipboard = get(&get(&window(), "navigator"), "clipboard");
        let done = asked(&clipboard, "writeText", &[order.into()]).await;
        if let Some(element) = element.upgrade().filter(|e| e.is_about(&config)) {
            element.note(match done {
                Some(_) => &tools.copied,
                None => &tools.copy_failed,
            });
        }
    });
    Some(())
}

/// Prints the host page; the card's style for paper does the rest. The story is open meanwhile.
fn print(element: &Rc<Element>) -> Option<()> {
    let story = element.find("details")?;
    let was_open = story.has_attribute("open");
    let _ = story.set_attribute("open", "");
    call(&window(), "print", &[]);
    if !was_open {
        let _ = story.remove_attribute("open");
    }
    Some(())
}

/// Saves what this screen showed as a file.
fn proof(element: &Rc<Element>) -> Option<()> {
    let (_, locale) = element.tools()?;
    let config = element.config()?;
    let progress = element.progress();
    let (held, now) = (progress.held.as_ref()?, server_time(&progress)?);
    let version = held.snapshot.version.to_string();
    let name = [
        "payment-status-",
        config.transaction.as_str(),
        "-v",
        &version,
        ".json",
    ]
    .concat();
    let shown = element.state.borrow().seen.clone();
    let element = Rc::downgrade(element);
    spawn(async move {
        let text = evidence::pack(&config, &locale.tag, shown, now).await;
        let saved = text.and_then(|text| save(&name, &text));
        let element = element.upgrade().filter(|e| e.is_about(&config));
        if let (Some(element), Some(())) = (element, saved) {
            let (words, formats) = (&locale.words, &*locale.formats);
            element.note(&Tools::proof_saved(words, formats, &config.party, &name));
        }
    });
    Some(())
}

/// Hands a text to the browser as a file to keep.
fn save(name: &str, text: &str) -> Option<()> {
    let kind = object(&[("type", "application/json".into())]);
    let file = reach::new("Blob", &[list(&[text.into()]).into(), kind])?;
    let addresses = get(&window(), "URL");
    let address = call(&addresses, "createObjectURL", &[file])?;
    let link: JsValue = web_sys::window()?
        .document()?
        .create_element("a")
        .ok()?
        .into();
    reach::set(&link, "href", address.clone());
    reach::set(&link, "download", name);
    call(&link, "click", &[])?;
    // The browser has taken the bytes with the click.
    call(&addresses, "revokeObjectURL", &[address])?;
    Some(())
}

/// Shows a code to scan, or takes it away again.
fn show(element: &Rc<Element>) -> Option<()> {
    let (_, locale) = element.tools()?;
    let config = element.config()?;
    let is_shown = element.change(|late| {
        late.code_until = None;
        late.wanted.code.take().is_some()
    })?;
    if is_shown {
        return Some(());
    }
    let element = Rc::downgrade(element);
    spawn(async move {
        let made = handover::ask(&config).await;
        let Some(element) = element.upgrade().filter(|e| e.is_about(&config)) else {
            return;
        };
        let (words, formats) = (&locale.words, &*locale.formats);
        match made {
            Ok(made) => {
                let said = Handover::new(words, formats, &config.party, made.until);
                element.note(&said.text);
                element.change(|late| {
                    late.wanted.note = String::new();
                    late.code_until = Some(made.until);
                    late.wanted.code = Some(Code {
                        words: said,
                        size: made.size,
                        path: made.path,
                    });
                });
                // On a phone it comes below what is on the screen, and is about to be held out to somebody.
                if let Some(place) = element.find("[part=handover]") {
                    let middle = object(&[("block", "center".into())]);
                    call(&place, "scrollIntoView", &[middle]);
                }
            }
            Err(Refused::NotOffered) => {
                element.change(|late| late.wanted.hands_over = false);
                element.note(&Handover::failed(words, formats, &config.party));
            }
            Err(Refused::Failed) => {
                element.note(&Handover::failed(words, formats, &config.party));
            }
        }
    });
    Some(())
}

fn switch_alert(element: &Rc<Element>) -> Option<()> {
    element.change(|late| {
        late.wanted.alerts = !late.wanted.alerts;
        alert::remember(late.wanted.alerts);
        if late.wanted.alerts {
            late.alert.ready();
        }
    })
}

/// The card stays: what "Close" means is the host page's to decide.
fn close(element: &Rc<Element>) -> Option<()> {
    let config = element.config()?;
    let detail = object(&[
        ("format", 1.into()),
        ("transaction", config.transaction.as_str().into()),
    ]);
    let kind = object(&[
        ("bubbles", true.into()),
        ("composed", true.into()),
        ("detail", detail),
    ]);
    let event = reach::new("CustomEvent", &["payment-status-dismiss".into(), kind])?;
    call(&element.host, "dispatchEvent", &[event])?;
    Some(())
}

impl Element {
    /// The words on the buttons, while there are buttons.
    fn tools(&self) -> Option<(Tools, Rc<Locale>)> {
        let state = self.state.borrow();
        let tools = state.late.as_ref()?.wanted.tools.clone()?;
        Some((tools, Rc::clone(state.locale.as_ref()?)))
    }

    fn config(&self) -> Option<Config> {
        self.state.borrow().config.clone()?.ok()
    }

    /// Still the same payment and reader; a token may have been renewed meanwhile.
    fn is_about(&self, config: &Config) -> bool {
        let now = self.config();
        now.is_some_and(|now| now.src == config.src && now.party == config.party)
    }

    fn find(&self, selector: &str) -> Option<Node> {
        self.host.shadow_root()?.query_selector(selector).ok()?
    }

    /// Changes what is shown behind the card.
    fn change<T>(&self, by: impl FnOnce(&mut Late) -> T) -> Option<T> {
        let mut state = self.state.borrow_mut();
        let late = state.late.as_mut()?;
        let answer = by(late);
        late.show();
        Some(answer)
    }

    /// Writes under the buttons what the last one did, and says it.
    fn note(&self, text: &str) {
        if self
            .change(|late| text.clone_into(&mut late.wanted.note))
            .is_some()
        {
            self.say(text);
        }
    }
}
