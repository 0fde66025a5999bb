//! What is known of words: the lists of names and of telling words that they are in, and their clusters.
//!
//! A name of several words is in the table under the hash of its words, and so are its beginnings, marked as such. A cluster is
//! a path in a tree in which words that stand in the same places are near each other (Brown and others, 1992); its lowest bits are
//! the first branches. Words are kept as hashes: what is asked is whether a word is in a list, never which words a list has.

use std::collections::BTreeMap;

use crate::bytes::{Reader, Writer};
use crate::hash;
use crate::model::ModelError;
use crate::table::Table;
use crate::words;

/// What a lexicon file begins with.
const HEAD: &[u8] = b"docmill-lexicon 1\n";

/// The bit of those words with which a longer name begins.
const BEGINS: u32 = 1 << 31;

/// The longest name, in words.
const LONGEST: usize = 6;

/// A list of names or of telling words. The numbers are part of the features of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum List {
    /// One of the commonest given names.
    CommonGivenName,
    /// Another given name.
    GivenName,
    /// One of the thousand commonest surnames.
    CommonSurname,
    /// One of the next nine thousand.
    Surname,
    /// A rarer one.
    RareSurname,
    /// A city of a million inhabitants or more.
    LargeCity,
    /// A city of 100,000 inhabitants or more.
    City,
    /// A town of 15,000 inhabitants or more.
    Town,
    /// A country.
    Country,
    /// A state, county, sea, river and the like.
    Region,
    /// An organisation.
    Organization,
    /// `Mr`: a person follows. This and the variants below are the lists of telling words of `tag.entities`.
    Title,
    /// `Bank`: what it ends is an organisation.
    OrganizationHead,
    /// `Ltd`.
    CompanyForm,
    /// `Bay`: what it ends is a place.
    PlaceHead,
    /// `Port`: what it begins is a place.
    PlaceStart,
    /// `French`: a capital that names nothing.
    Adjective,
    /// `Monday`.
    Calendar,
    /// Acronyms of things, not of organisations.
    CommonAcronym,
    /// `mayor`: before or after a person.
    Role,
    /// `said`: after whoever said it.
    Speech,
    /// `company`: in apposition to an organisation.
    OrganizationNoun,
    /// `town`: in apposition to a place.
    PlaceNoun,
    /// `in`: before a place.
    Locative,
    /// `from`: before a place, or anything else.
    Directive,
    /// `North`: before a place's name.
    Direction,
    /// `von`: inside a name.
    Particle,
    /// `King`: places are named after them with their title.
    Royal,
    /// `National`: begins the name of a body.
    BeginsBody,
    /// `Jr`: after a person.
    NameSuffix,
    /// `Chapter`: a capital by custom.
    Label,
}

/// The lists of telling words, by their names in the file of `tag.entities`.
const CUES: &[(&str, List)] = &[
    ("title", List::Title),
    ("organization_head", List::OrganizationHead),
    ("company_form", List::CompanyForm),
    ("place_head", List::PlaceHead),
    ("place_start", List::PlaceStart),
    ("adjective", List::Adjective),
    ("calendar", List::Calendar),
    ("common_acronym", List::CommonAcronym),
    ("role", List::Role),
    ("speech", List::Speech),
    ("organization_noun", List::OrganizationNoun),
    ("place_noun", List::PlaceNoun),
    ("locative", List::Locative),
    ("directive", List::Directive),
    ("direction", List::Direction),
    ("particle", List::Particle),
    ("royal", List::Royal),
    ("begins_body", List::BeginsBody),
    ("name_suffix", List::NameSuffix),
    ("label", List::Label),
];

impl List {
    /// The list of telling words with this name, such as `organization_head`; `None` where the models know none.
    pub fn of_cues(name: &str) -> Option<Self> {
        CUES.iter().find(|(listed, _)| *listed == name).map(|(_, list)| *list)
    }
}

/// Lists and clusters.
#[derive(Debug)]
pub struct Lexicon {
    lists: Table,
    clusters: Table,
}

impl Lexicon {
    /// The lexicon in these bytes.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut reader = Reader::open(bytes, HEAD)?;
        let lists = read_table(&mut reader)?;
        let clusters = read_table(&mut reader)?;
        reader.end()?;
        Ok(Self { lists, clusters })
    }

    /// The lists that a word is in as a name of its own, as a set of bits; takes the word's folded hash.
    pub(crate) fn lists(&self, folded: u64) -> u32 {
        self.lists.get(hash::key(name_key(0, folded))) & !BEGINS
    }

    /// The cluster of a word, 0 where it has none.
    pub(crate) fn cluster(&self, exact: u64, folded: u64) -> u32 {
        match self.clusters.get(hash::key(exact)) {
            0 => self.clusters.get(hash::key(folded)),
            cluster => cluster,
        }
    }

    /// The names of two words or more that begin with the first of these words, given as folded hashes: how many
    /// words, and the lists.
    pub(crate) fn names(&self, folded: &[u64]) -> impl Iterator<Item = (usize, u32)> {
        let mut key = 0;
        let mut begins = true;
        folded.iter().take(LONGEST).enumerate().map_while(move |(place, word)| {
            if !begins {
                return None;
            }
            key = name_key(key, *word);
            let found = self.lists.get(hash::key(key));
            begins = found & BEGINS != 0;
            Some((place + 1, if place == 0 { 0 } else { found & !BEGINS }))
        })
    }
}

fn name_key(before: u64, word: u64) -> u64 {
    hash::joined(before, word)
}

/// Keys by their distances, each with the place of its value in a list of all distinct values.
fn read_table(reader: &mut Reader<'_>) -> Result<Table, ModelError> {
    let mut values = Vec::new();
    for _ in 0..reader.count("how many values there are", 1)? {
        values.push(reader.number("a value")?);
    }
    let count = reader.count("how many words there are", 2)?;
    let mut table = Table::of(count);
    let mut key = 0u32;
    for _ in 0..count {
        key = key.wrapping_add(reader.number("the key of a word")?);
        let place = reader.number("the place of a value")? as usize;
        *table.entry(key) = *values.get(place).ok_or_else(|| reader.broken("the place of a value"))?;
    }
    Ok(table)
}

/// A lexicon before it is written.
#[derive(Debug, Default)]
pub struct Entries {
    lists: BTreeMap<u32, u32>,
    clusters: BTreeMap<u32, u32>,
}

impl Entries {
    /// Puts a name into a list. Names of more than six words are left out.
    pub fn list(&mut self, name: &str, list: List) {
        let mut parts = Vec::new();
        words(name, &mut parts);
        if parts.is_empty() || parts.len() > LONGEST {
            return;
        }
        let count = parts.len();
        let mut key = 0;
        for (place, part) in parts.into_iter().enumerate() {
            key = name_key(key, hash::folded(&name[part]));
            *self.lists.entry(hash::key(key)).or_default() |=
                if place + 1 == count { 1 << list as u32 } else { BEGINS };
        }
    }

    /// Sets the cluster of a word as it is written, less than 2³².
    pub fn cluster(&mut self, word: &str, cluster: u32) {
        self.clusters.insert(hash::key(hash::text(word)), cluster);
    }

    /// The file of the lexicon.
    pub fn write(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        write_table(&mut writer, &self.lists);
        write_table(&mut writer, &self.clusters);
        writer.close(HEAD)
    }
}

/// Frequent values come first, since small places take one byte.
fn write_table(writer: &mut Writer, table: &BTreeMap<u32, u32>) {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for value in table.values() {
        *counts.entry(*value).or_default() += 1;
    }
    let mut values: Vec<(u32, usize)> = counts.into_iter().collect();
    values.sort_by_key(|(value, count)| (std::cmp::Reverse(*count), *value));
    let places: BTreeMap<u32, usize> = values.iter().enumerate().map(|(place, (value, _))| (*value, place)).collect();
    writer.count(values.len());
    for (value, _) in values {
        writer.number(value);
    }
    writer.count(table.len());
    let mut before = 0;
    for (key, value) in table {
        writer.number(key - before);
        before = *key;
        writer.count(places[value]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_names_are_known_by_their_lists() {
        let mut entries = Entries::default();
        entries.list("Port Calder", List::Town);
        entries.list("Port Calder Harbor", List::Organization);
        entries.list("Calder", List::Surname);
        entries.list("Calder", List::RareSurname);
        entries.cluster("Calder", 678);
        let lexicon = Lexicon::read(&entries.write()).unwrap();
        let folded = |word: &str| hash::folded(word);
        assert_eq!(lexicon.lists(folded("CALDER")), 1 << List::Surname as u32 | 1 << List::RareSurname as u32);
        assert_eq!(lexicon.lists(folded("Port")), 0);
        let names: Vec<_> = lexicon.names(&["port", "calder", "harbor", "wall"].map(folded)).collect();
        assert_eq!(names, [(1, 0), (2, 1 << List::Town as u32), (3, 1 << List::Organization as u32)]);
        assert_eq!(lexicon.cluster(hash::text("Calder"), folded("Calder")), 678);
        assert_eq!(lexicon.cluster(hash::text("calder"), folded("calder")), 0);
    }

    #[test]
    fn a_damaged_lexicon_says_so() {
        let mut entries = Entries::default();
        entries.list("Calder", List::Surname);
        let mut file = entries.write();
        *file.last_mut().unwrap() ^= 1;
        assert!(matches!(Lexicon::read(&file), Err(ModelError::Checksum { .. })));
    }
}
