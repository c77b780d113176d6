//! One kind of renderable element for the whole card.
//!
//! Leptos makes a type of its own for every shape of markup, with code to build and update each.
//! For the forty elements of this card that costs 20 KB (brotli) of the 80 KB that a first view may
//! cost; one type that Leptos renders costs 3 (docs/adr/0005-one-reaction.md). It also never goes
//! through `innerHTML`, which the Trusted Types of a strict page forbid.

use leptos::tachys::renderer::Rndr;
use leptos::tachys::renderer::types::{Element, Node, Text};
use leptos::tachys::view::{Mountable, Render};

/// What never changes at one place in the tree.
pub(crate) type Fixed = &'static [(&'static str, &'static str)];

/// An element as it should be: tag, attributes, then text or children.
///
/// At one place in the tree the tag, the fixed attributes and the names of the others stay the same from one
/// rendering to the next; values, texts and the number of children may change.
pub(crate) struct El {
    tag: &'static str,
    fixed: Fixed,
    changing: Vec<(&'static str, String)>,
    text: Option<String>,
    children: Vec<Self>,
    left_alone: bool,
}

/// An element with children.
pub(crate) fn el(tag: &'static str, fixed: Fixed, children: Vec<El>) -> El {
    El {
        tag,
        fixed,
        changing: Vec::new(),
        text: None,
        children,
        left_alone: false,
    }
}

/// An element with nothing but text.
pub(crate) fn text(tag: &'static str, fixed: Fixed, text: &str) -> El {
    El {
        text: Some(text.to_owned()),
        ..el(tag, fixed, Vec::new())
    }
}

/// A label, and beside it a value that reads in its own direction: an order number, a masked account.
pub(crate) fn labelled(tag: &'static str, fixed: Fixed, label: &str, value: &str) -> El {
    El {
        children: vec![text("bdi", &[], value)],
        // A value alone must not be read as one word with what stands before it.
        ..text(
            tag,
            fixed,
            &[label, if label.is_empty() { "" } else { " " }].concat(),
        )
    }
}

impl El {
    /// With an attribute that may change.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.changing.push((name, value.to_owned()));
        self
    }

    /// What is on the page already stays as it is: this rendering does not know it.
    pub(crate) fn left_alone(mut self) -> Self {
        self.left_alone = true;
        self
    }

    /// Hidden while `absent`.
    pub(crate) fn hidden_while(self, absent: bool) -> Self {
        self.with("hidden", if absent { "hidden" } else { "" })
    }
}

/// An element on the page, with what was last written to it.
pub(crate) struct ElState {
    element: Element,
    changing: Vec<(&'static str, String)>,
    text: Option<(Text, String)>,
    children: Vec<Self>,
}

/// Writes an attribute. `hidden` is there or not, whatever its value; every other one may be empty.
fn write(element: &Element, name: &str, value: &str) {
    if name == "hidden" && value.is_empty() {
        Rndr::remove_attribute(element, name);
    } else {
        Rndr::set_attribute(element, name, value);
    }
}

impl ElState {
    /// Puts the element at the end of a shadow root, which is a node but no element.
    pub(crate) fn append_to(&mut self, root: &Node) {
        // Fails only for a node that may have no children.
        let _ = root.append_child(&self.element);
    }

    /// Writes the text of an element that has one, if it differs.
    pub(crate) fn say(&mut self, new: String) {
        if let Some((node, old)) = &mut self.text
            && *old != new
        {
            Rndr::set_text(node, &new);
            *old = new;
        }
    }

    /// The first child of the last one.
    pub(crate) fn first_of_last(&mut self) -> Option<&mut Self> {
        self.children.last_mut()?.children.first_mut()
    }
}

impl Render for El {
    type State = ElState;

    fn build(self) -> ElState {
        let namespace = matches!(self.tag, "svg" | "path").then_some("http://www.w3.org/2000/svg");
        let element = Rndr::create_element(self.tag, namespace);
        for (name, value) in self.fixed {
            Rndr::set_attribute(&element, name, value);
        }
        for (name, value) in &self.changing {
            write(&element, name, value);
        }
        let text = self.text.map(|text| {
            let node = Rndr::create_text_node(&text);
            Rndr::insert_node(&element, &node, None);
            (node, text)
        });
        let mut children: Vec<ElState> = self.children.into_iter().map(Render::build).collect();
        for child in &mut children {
            child.mount(&element, None);
        }
        ElState {
            element,
            changing: self.changing,
            text,
            children,
        }
    }

    fn rebuild(self, state: &mut ElState) {
        if self.left_alone {
            return;
        }
        for (old, new) in state.changing.iter_mut().zip(self.changing) {
            if old.1 != new.1 {
                write(&state.element, new.0, &new.1);
                *old = new;
            }
        }
        if let Some(new) = self.text {
            state.say(new);
        }
        let kept = self.children.len();
        for (index, child) in self.children.into_iter().enumerate() {
            match state.children.get_mut(index) {
                Some(old) => child.rebuild(old),
                None => {
                    let mut new = child.build();
                    new.mount(&state.element, None);
                    state.children.push(new);
                }
            }
        }
        for mut gone in state.children.drain(kept.min(state.children.len())..) {
            gone.unmount();
        }
    }
}

impl Mountable for ElState {
    fn unmount(&mut self) {
        self.element.remove();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        Rndr::insert_node(parent, &self.element, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let parent = Rndr::get_parent(&self.element);
        if let Some(parent) = parent
            .as_ref()
            .and_then(wasm_bindgen::JsCast::dyn_ref::<Element>)
        {
            child.mount(parent, Some(&self.element));
        }
        parent.is_some()
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.element.clone()]
    }
}
