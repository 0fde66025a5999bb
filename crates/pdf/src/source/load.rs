//! How much there is to interpret on a page, told before it is interpreted: a file of a kilobyte may have a form that draws another
//! twice, which draws another twice, and so on for a thousand years.
//!
//! Each form is looked through once. What the page comes to is then a matter of sums and products.

use std::collections::hash_map::Entry;

use hayro_interpret::CacheKey;
use hayro_interpret::hayro_syntax::content::UntypedIter;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, Stream, dict_or_stream};
use hayro_interpret::hayro_syntax::page::{Page, Resources};
use rustc_hash::FxHashMap;

/// How deep the library goes into forms of forms.
const DEEPEST: usize = 50;

/// What the forms of a file come to, each looked through once.
#[derive(Default)]
pub(super) struct Loads<'a> {
    known: FxHashMap<u128, Load>,
    /// By form and by how much deeper it goes.
    sums: FxHashMap<(u128, usize), u64>,
    /// Forms that are still to be looked through, with the resources of what draws them.
    open: Vec<(u128, Stream<'a>, Resources<'a>)>,
}

/// What a content stream has to be interpreted.
#[derive(Default, Clone)]
struct Load {
    /// Its bytes, and those of what is unpacked each time that it is used: masks, shadings.
    bytes: u64,
    /// The forms that it draws, and how often.
    forms: Vec<(u128, u64)>,
}

impl<'a> Loads<'a> {
    /// The bytes of content that the library has to go through for a page, each as often as it is drawn. `u64::MAX` is as much or more.
    pub(super) fn of(&mut self, page: &Page<'a>) -> u64 {
        let resources = page.resources();
        let mut load = self.look(page.page_stream().unwrap_or_default(), resources);
        for note in page.raw().get::<Array<'a>>(b"Annots").iter().flat_map(Array::iter::<Dict<'a>>) {
            let shown = note.get::<Dict<'a>>(b"AP").and_then(|shown| shown.get::<Object<'a>>(b"N"));
            // Of several states one is drawn: the sum is on the safe side.
            let states: Vec<Stream<'a>> = match shown {
                Some(Object::Stream(stream)) => vec![stream],
                Some(Object::Dict(states)) => states.keys().filter_map(|state| states.get(state)).collect(),
                _ => Vec::new(),
            };
            for stream in states {
                load.forms.push((self.form(stream, resources), 1));
            }
        }
        while let Some((key, stream, outer)) = self.open.pop() {
            let own = stream.dict().get::<Dict<'a>>(b"Resources").map(Resources::new);
            let load = stream.decoded_data().map(|data| self.look(&data, own.as_ref().unwrap_or(&outer)));
            let mut load = load.unwrap_or_default();
            if stream.dict().get::<[f32; 4]>(b"BBox").is_none() {
                // It is unpacked and not drawn.
                load.forms.clear();
            }
            self.known.insert(key, load);
        }
        self.sum(&load, DEEPEST)
    }

    fn sum(&mut self, load: &Load, deeper: usize) -> u64 {
        let Some(left) = deeper.checked_sub(1) else { return load.bytes };
        let mut sum = load.bytes;
        for (form, times) in &load.forms {
            let known = self.sums.get(&(*form, left)).copied();
            let each = known.unwrap_or_else(|| {
                let below = self.known.get(form).cloned().unwrap_or_default();
                let each = self.sum(&below, left);
                self.sums.insert((*form, left), each);
                each
            });
            sum = sum.saturating_add(each.saturating_mul(*times));
        }
        sum
    }

    /// The key of a form, which is looked through later unless it was.
    fn form(&mut self, stream: Stream<'a>, outer: &Resources<'a>) -> u128 {
        let key = stream.cache_key();
        if let Entry::Vacant(unknown) = self.known.entry(key) {
            unknown.insert(Load::default());
            self.open.push((key, stream, outer.clone()));
        }
        key
    }

    fn look(&mut self, content: &[u8], resources: &Resources<'a>) -> Load {
        let mut load = Load { bytes: content.len() as u64, forms: Vec::new() };
        if is_plain(resources) {
            return load;
        }
        let mut uses: FxHashMap<(Use, Vec<u8>), u64> = FxHashMap::default();
        let mut steps = UntypedIter::new(content);
        while let Some(step) = steps.next() {
            let Some(kind) = Use::of(step.operator) else { continue };
            if let Some(Object::Name(name)) = step.operands().last() {
                *uses.entry((kind, name.as_ref().to_vec())).or_default() += 1;
            }
        }
        for ((kind, name), times) in uses {
            let name = Name::new_unescaped(&name);
            let unpacked = match kind {
                Use::Form => {
                    if let Some(stream) = resources.get_x_object(&name).filter(is_form) {
                        load.forms.push((self.form(stream, resources), times));
                    }
                    0
                }
                Use::State => resources.get_ext_g_state(&name).map_or(0, |state| mask(&state)),
                Use::Pattern => resources.get_pattern(&name).map_or(0, |pattern| shading_of(&pattern)),
                Use::Shading => resources.get_shading(&name).map_or(0, |shading| unpacked(&shading)),
            };
            load.bytes = load.bytes.saturating_add(times.saturating_mul(unpacked));
        }
        load
    }
}

/// Whether there is nothing that could be used again and again.
fn is_plain(resources: &Resources<'_>) -> bool {
    resources.x_objects.is_empty()
        && resources.ext_g_states.is_empty()
        && resources.patterns.is_empty()
        && resources.shadings.is_empty()
}

/// What an operator uses of the resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Use {
    Form,
    State,
    Pattern,
    Shading,
}

impl Use {
    fn of(operator: &[u8]) -> Option<Self> {
        match operator {
            b"Do" => Some(Self::Form),
            b"gs" => Some(Self::State),
            b"scn" | b"SCN" => Some(Self::Pattern),
            b"sh" => Some(Self::Shading),
            _ => None,
        }
    }
}

fn is_form(stream: &Stream<'_>) -> bool {
    stream.dict().get::<Name<'_>>(b"Subtype").is_some_and(|kind| kind.as_str() == "Form")
}

fn mask(state: &Dict<'_>) -> u64 {
    let group = state.get::<Dict<'_>>(b"SMask").and_then(|mask| mask.get::<Stream<'_>>(b"G"));
    group.map_or(0, |group| length(&group))
}

fn shading_of(pattern: &Object<'_>) -> u64 {
    let Object::Dict(pattern) = pattern else { return 0 };
    pattern.get::<Object<'_>>(b"Shading").map_or(0, |shading| unpacked(&shading))
}

/// The bytes of a shading and of its functions.
fn unpacked(shading: &Object<'_>) -> u64 {
    let Some((dict, stream)) = dict_or_stream(shading) else { return 0 };
    let functions: Vec<Stream<'_>> = match dict.get::<Object<'_>>(b"Function") {
        Some(Object::Stream(function)) => vec![function],
        Some(Object::Array(functions)) => functions.iter::<Stream<'_>>().collect(),
        _ => Vec::new(),
    };
    stream.into_iter().chain(&functions).map(length).sum()
}

fn length(stream: &Stream<'_>) -> u64 {
    stream.decoded_data().map_or(0, |data| data.len() as u64)
}
