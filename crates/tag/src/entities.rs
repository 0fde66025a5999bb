//! People, organisations and places, by name lists and by what stands around a name.
//!
//! Runs of capitalized words are cut into candidates ([`candidate`]); the words of each and their surroundings vote for a
//! kind; the votes of all mentions of one name are added up, so that `Lindqvist Marine, a family-owned company` decides for
//! every `Lindqvist Marine` of the text ([`names`], [`kinds`]). Later mentions by surname or acronym take the full name as their
//! value. In headlines, where a capital says nothing, only names count that the text or the lists know ([`headline`]). In English text a
//! trained model finds names too, in headlines and signatures as in sentences; [`model`] joins the two, and its scores are made to say
//! how often a name is right ([`calibration`]). Accounts are people in any language ([`account`]).

mod account;
mod calibration;
mod candidate;
mod context;
mod cues;
mod enumeration;
mod headline;
mod kinds;
mod lexicon;
mod model;
mod names;
mod run;

use docmill_analysis::{Sentence, analysis, is_english};
use docmill_core::{
    Annotation, BlockKind, BuildContext, ByteSpan, Component, Context, Document, Field, OptionError, Role, RoleKind,
    Stage, StageError,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Map;

use account::accounts;
use names::Names;

use crate::support::warn_of_names;
use crate::taken::Taken;

/// Annotates people, organisations and places, and other names where they are asked for.
///
/// Names are found by lists of given names, surnames, countries, regions, cities and organisations, and by what stands in
/// and around them: titles (`Dr. Amina Farouk`), roles (`the mayor, Petra Lund`), legal forms (`Crane & Daughters Ltd.`), what
/// heads an organisation (`Ministry of Ports`, `Baltic Development Bank`), place words (`Port Calder`, `Merrin Coast`) and
/// prepositions (`in Saltmere`). A name that is introduced in full is known by its surname or acronym afterwards. What other stages
/// found to be a link, a date or an amount holds no names; the outlets of citations are organisations.
///
/// In English text, and where the language is not known, a trained model reads each sentence, headline, masthead and signature: it finds
/// names that no list has and no word beside them gives away, in news, encyclopedias, e-mail and posts. `misc` is what else has a name,
/// such as works, events, peoples and products; it is less often right, so it is given only where it is asked for, and only in English.
/// Accounts (`@harborwatch`) are people in any language.
///
/// The value is `{"name": …}`: the full name. The score is how likely the name and its kind are right; in English it is measured against
/// text that people annotated.
///
/// ```yaml
/// - tag.entities: { kinds: [person, organization], min_score: 0.6 }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Entities {
    /// The kinds to annotate.
    pub kinds: Vec<EntityKind>,
    /// Names with a lower score are left out, 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_score: f64,
}

/// A kind of name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// Somebody.
    Person,
    /// A company, office, party, newspaper and the like.
    Organization,
    /// A country, town, river, street and the like.
    Place,
    /// A work, event, people, product and the like; in English text only.
    Misc,
}

impl EntityKind {
    const ALL: [Self; 4] = [Self::Person, Self::Organization, Self::Place, Self::Misc];

    const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organization => "organization",
            Self::Place => "place",
            Self::Misc => "misc",
        }
    }
}

impl Default for Entities {
    fn default() -> Self {
        let kinds = vec![EntityKind::Person, EntityKind::Organization, EntityKind::Place];
        Self { kinds, min_score: 0.0 }
    }
}

impl Component for Entities {
    const NAME: &'static str = "tag.entities";
    const KIND: RoleKind = RoleKind::Stage;
    const VERSION: u32 = 3;
    const RECOMMENDED: bool = true;

    fn gives(&self) -> Vec<Field> {
        EntityKind::ALL
            .into_iter()
            .filter(|kind| self.kinds.contains(kind))
            .map(|kind| Field::annotations(kind.name()))
            .collect()
    }

    fn build(self, _cx: &BuildContext) -> Result<Role, Vec<OptionError>> {
        if self.kinds.is_empty() {
            return Err(vec![OptionError::new("/kinds", "expected at least one of person, organization, place, misc")]);
        }
        Ok(Role::stage(self))
    }
}

impl Stage for Entities {
    fn apply(&self, doc: &mut Document, _cx: &Context) -> Result<(), StageError> {
        warn_of_names(doc, Self::NAME);
        for entity in entities(doc) {
            if self.kinds.contains(&entity.kind) && entity.score >= self.min_score {
                let value = Map::from_iter([("name".to_owned(), entity.name.into())]);
                let annotation = Annotation::new(entity.kind.name(), entity.span).with_value(value);
                doc.annotate(annotation.with_score(entity.score));
            }
        }
        Ok(())
    }
}

/// A mention of a name whose kind is known.
struct Entity {
    span: ByteSpan,
    kind: EntityKind,
    name: String,
    score: f64,
}

fn entities(doc: &Document) -> Vec<Entity> {
    let analysis = analysis(doc);
    let mut names = Names::new(doc, &analysis);
    let (headlines, sentences): (Vec<_>, Vec<_>) = analysis
        .sentences()
        .iter()
        .filter(|sentence| has_names(sentence.kind))
        .partition(|sentence| names.is_headline(sentence));
    for sentence in &sentences {
        names.gather(sentence);
    }
    names.enter_put_off();
    names.settle();
    for sentence in &headlines {
        names.recognize(sentence);
    }
    let lines = analysis.sentences().iter().filter(|sentence| has_lines_of_words(sentence, doc.text()));
    let read: Vec<&Sentence> = sentences.into_iter().chain(headlines).chain(lines).collect();
    let accounts = accounts(&names, &read);
    let others = if is_english(doc.language()) { model::joined(names, &read) } else { names.entities() };
    let taken = Taken::of(accounts.iter().map(|account| account.span));
    let mut entities = accounts;
    entities.extend(others.into_iter().filter(|entity| !taken.touches(entity.span)));
    entities.sort_by_key(|entity| entity.span);
    entities
}

/// Whether a part that is no prose is of words all the same: a masthead, or lines that nothing shows to be code, such as the greetings,
/// signatures and lists of people in a chain of messages.
fn has_lines_of_words(sentence: &Sentence, text: &str) -> bool {
    match sentence.kind {
        BlockKind::Masthead => true,
        BlockKind::Code => !sentence.span.of(text).unwrap_or_default().contains(SIGNS_OF_CODE),
        _ => false,
    }
}

/// What is in lines of programs and logs, and seldom between words.
const SIGNS_OF_CODE: [char; 13] = ['{', '}', '=', ';', '<', '>', '[', ']', '_', '|', '\\', '`', '$'];

const fn has_names(kind: BlockKind) -> bool {
    match kind {
        BlockKind::Code | BlockKind::Masthead | BlockKind::PageBreak => false,
        BlockKind::Title
        | BlockKind::Heading
        | BlockKind::Paragraph
        | BlockKind::ListItem
        | BlockKind::Table
        | BlockKind::Caption
        | BlockKind::Quote
        | BlockKind::Byline
        | BlockKind::Dateline
        | BlockKind::Header
        | BlockKind::Footer => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use docmill_core::Block;
    use proptest::prelude::*;

    fn tagged(language: &str, text: &str) -> Vec<(String, String, String)> {
        let mut doc = Document::from_text("test.txt", text);
        doc.set_language(language);
        Entities::default().apply(&mut doc, &Context::default()).unwrap();
        doc.annotations()
            .iter()
            .map(|found| {
                let name = found.value["name"].as_str().unwrap().to_owned();
                (found.kind.to_string(), found.span.of(doc.text()).unwrap().to_owned(), name)
            })
            .collect()
    }

    /// The entities of a document as `kind: text`.
    fn found_in(doc: &mut Document, stage: &Entities) -> Vec<String> {
        let before = doc.annotations().len();
        stage.apply(doc, &Context::default()).unwrap();
        let found =
            doc.annotations().iter().filter(|found| EntityKind::ALL.iter().any(|kind| kind.name() == &*found.kind));
        let shown: Vec<String> =
            found.map(|found| format!("{}: {}", found.kind, found.span.of(doc.text()).unwrap())).collect();
        assert_eq!(shown.len() + before, doc.annotations().len());
        shown
    }

    /// Checks the entities of a text as `kind: text`, or `kind: text = name` where they differ.
    fn check_in(language: &str, text: &str, expected: &[&str]) {
        let found: Vec<String> = tagged(language, text)
            .into_iter()
            .map(
                |(kind, text, name)| {
                    if text == name { format!("{kind}: {text}") } else { format!("{kind}: {text} = {name}") }
                },
            )
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    fn check(text: &str, expected: &[&str]) {
        check_in("en", text, expected);
    }

    #[test]
    fn a_title_or_a_given_name_makes_a_person() {
        check("A question for Mr. Quillbarrow was left.", &["person: Quillbarrow"]);
        check("It was found by Dr. Amina Farouk.", &["person: Amina Farouk"]);
        check("The view of Minister of Ports Helena Strand changed.", &["person: Helena Strand"]);
        check("He met J. P. Okafor there.", &["person: J. P. Okafor"]);
    }

    #[test]
    fn a_surname_refers_to_the_full_name() {
        check(
            "Oskar Lindqvist hired four ships. Later Lindqvist’s first dredger arrived.",
            &["person: Oskar Lindqvist", "person: Lindqvist = Oskar Lindqvist"],
        );
    }

    #[test]
    fn what_heads_or_ends_a_name_makes_an_organization() {
        check("A fine for Crane & Daughters Ltd. was small.", &["organization: Crane & Daughters Ltd."]);
        check("They wrote to the Ministry of Trade and Industry.", &["organization: Ministry of Trade and Industry"]);
        check("Now the Aldermark Fishers’ Union objects.", &["organization: Aldermark Fishers’ Union"]);
        check("It is sold by Bianchi S.p.A. of late.", &["organization: Bianchi S.p.A."]);
    }

    #[test]
    fn an_acronym_stands_for_the_name_that_introduced_it() {
        check(
            "The Bureau of Harbor Affairs (BHA) agreed. Engineers of the BHA measured.",
            &[
                "organization: Bureau of Harbor Affairs",
                "organization: BHA = Bureau of Harbor Affairs",
                "organization: BHA = Bureau of Harbor Affairs",
            ],
        );
    }

    #[test]
    fn an_apposition_decides_for_every_mention() {
        check(
            "The digging went to Lindqvist Marine, a family-owned company. Later Lindqvist Marine replied.",
            &["organization: Lindqvist Marine", "organization: Lindqvist Marine"],
        );
    }

    #[test]
    fn places_are_known_by_lists_place_words_and_prepositions() {
        check("It drifted to Gdansk and Hamburg.", &["place: Gdansk", "place: Hamburg"]);
        check("They live along the Merrin Coast near Port Calder.", &["place: Merrin Coast", "place: Port Calder"]);
        check("She was born in Saltmere.", &["place: Saltmere"]);
        check("The U.S. and the UK agreed.", &["place: U.S. = United States", "place: UK = United Kingdom"]);
    }

    #[test]
    fn a_capital_at_the_start_of_a_sentence_is_no_name() {
        check("Dredging was slow. Investors waited. Reading is nice. May is warm.", &[]);
    }

    #[test]
    fn a_headline_holds_only_names_that_are_known() {
        let text = "New Hope For Ada Verling As Winter Ends\n\nThe plan of Ada Verling was new.";
        check(text, &["person: Ada Verling", "person: Ada Verling"]);
    }

    #[test]
    fn names_that_no_list_has_are_found_in_english_text() {
        check("At noon Thandeka phoned the harbor office.", &["person: Thandeka"]);
        check("Thanks to @harborwatch for this.", &["person: @harborwatch"]);
    }

    #[test]
    fn other_names_are_given_where_they_are_asked_for() {
        let mut doc = Document::from_text("test.txt", "She won the Nobel Prize that year.");
        Entities::default().apply(&mut doc, &Context::default()).unwrap();
        assert_eq!(doc.annotations_of("misc").count(), 0);
        Entities { kinds: vec![EntityKind::Misc], min_score: 0.0 }.apply(&mut doc, &Context::default()).unwrap();
        let found: Vec<_> = doc.annotations_of("misc").filter_map(|found| found.span.of(doc.text())).collect();
        assert_eq!(found, ["Nobel Prize"]);
    }

    #[test]
    fn a_headline_of_names_is_read_as_a_sentence_is() {
        let mut doc = Document::from_text("test.txt", "Mayor Petra Lund Resigns Over Ferry Deal\n\nShe left at noon.");
        doc.set_blocks(vec![Block::new(BlockKind::Title, 0..40), Block::new(BlockKind::Paragraph, 42..59)]);
        assert_eq!(found_in(&mut doc, &Entities::default()), ["person: Petra Lund"]);
    }

    #[test]
    fn names_stand_in_signatures_and_mastheads_too_but_not_in_code() {
        let text =
            "Thanks,\nThandeka Moyo\n\nFrom: Amina Farouk\n\nlet name = \"Amina Farouk\";\n\nThe papers were signed.";
        let mut doc = Document::from_text("test.txt", text);
        doc.set_blocks(vec![
            Block::new(BlockKind::Code, 0..21),
            Block::new(BlockKind::Masthead, 23..41),
            Block::new(BlockKind::Code, 43..69),
            Block::new(BlockKind::Paragraph, 71..94),
        ]);
        assert_eq!(found_in(&mut doc, &Entities::default()), ["person: Thandeka Moyo", "person: Amina Farouk"]);
    }

    #[test]
    fn a_name_may_hold_a_year_and_is_no_place_then() {
        let mut doc = Document::from_text("test.txt", "He voted in the 1997 Canadian Federal Election again.");
        doc.annotate(Annotation::new("date", ByteSpan::new(16, 20)));
        let all = Entities { kinds: EntityKind::ALL.to_vec(), min_score: 0.0 };
        assert_eq!(found_in(&mut doc, &all), ["misc: 1997 Canadian Federal Election"]);
    }

    #[test]
    fn where_a_book_was_published_is_no_outlet() {
        let mut doc = Document::from_text("test.txt", "A poem of hers (Melbourne, Australia, 2004) is known.");
        let outlet = Map::from_iter([("outlet".to_owned(), "Melbourne, Australia".into())]);
        doc.annotate(Annotation::new("citation", ByteSpan::new(16, 42)).with_value(outlet));
        assert_eq!(found_in(&mut doc, &Entities::default()), ["place: Melbourne", "place: Australia"]);
    }

    #[test]
    fn capitals_alone_make_no_organization_of_a_place() {
        check("They moved to L.A. in May.", &["place: L.A."]);
    }

    #[test]
    fn a_mark_alone_is_nobody() {
        check("See @ the door, and @ _ too.", &[]);
    }

    #[test]
    fn an_account_is_somebody_in_any_language() {
        check_in(
            "es",
            "La alcaldesa felicitó a @puertocalder y a Camille Durand.",
            &["person: @puertocalder", "person: Camille Durand"],
        );
    }

    #[test]
    fn german_nouns_are_no_names() {
        check_in(
            "de",
            "Die Bürgermeisterin Anke Dornfeld sprach in Hamburg über den Hafen.",
            &["person: Anke Dornfeld", "place: Hamburg"],
        );
    }

    #[test]
    fn names_are_found_in_french_and_spanish() {
        check_in("fr", "Le ministre a rencontré Camille Durand à Lyon.", &["person: Camille Durand", "place: Lyon"]);
        check_in(
            "es",
            "El Ministerio de Sanidad respondió en Madrid.",
            &["organization: Ministerio de Sanidad", "place: Madrid"],
        );
    }

    #[test]
    fn a_title_or_first_name_wins_over_a_head_that_is_a_surname() {
        check("It was Councillor Edwin Marsh who spoke.", &["person: Edwin Marsh"]);
        check("It was said by Alderman Robert Hill there.", &["person: Robert Hill"]);
        check("It is by Ines Calloway, Chief Engineer.", &["person: Ines Calloway"]);
        check("They ran along King Street.", &["place: King Street"]);
        check("We heard Secretary of State John Kerry there.", &["person: John Kerry"]);
        check("It is taught at Queen Mary University of London.", &["organization: Queen Mary University of London"]);
    }

    #[test]
    fn a_place_before_a_comma_is_no_part_of_what_follows() {
        check("In Saltmere, the jazz committee pays.", &["place: Saltmere"]);
        check("It asked YPF, the state oil company, twice.", &["organization: YPF"]);
    }

    #[test]
    fn what_belongs_to_a_country_is_named_without_it() {
        let expected = ["place: Peru", "organization: Ministry of Transport"];
        check("It went to Peru’s Ministry of Transport.", &expected);
    }

    #[test]
    fn names_in_a_row_are_of_one_kind() {
        check(
            "Shares of Gazprom, Nordvik and Rosneft fell.",
            &["organization: Gazprom", "organization: Nordvik", "organization: Rosneft"],
        );
        check("The road from Belmar to Oslo.", &["place: Belmar", "place: Oslo"]);
    }

    #[test]
    fn two_fields_of_one_office_are_one_name() {
        check(
            "It is the National Security and Defense Council.",
            &["organization: National Security and Defense Council"],
        );
        check(
            "See the Ministry of Transport and Communications.",
            &["organization: Ministry of Transport and Communications"],
        );
    }

    #[test]
    fn arabic_articles_and_capitals_are_part_of_names() {
        check("He met Khalid al-Falih there.", &["person: Khalid al-Falih"]);
        check("HAMBURG, May 5 - It rained.", &["place: HAMBURG = Hamburg"]);
    }

    #[test]
    fn a_sentence_full_of_names_is_no_headline() {
        check(
            "He wrote to Governor Greg Abbott, Senator Ted Cruz, John Cornyn and Scott Pruitt.",
            &["person: Greg Abbott", "person: Ted Cruz", "person: John Cornyn", "person: Scott Pruitt"],
        );
    }

    #[test]
    fn what_is_something_else_holds_no_names() {
        let mut doc = Document::from_text("test.txt", "They paid US$12m to www.Oslo.example in Hamburg.");
        doc.annotate(Annotation::new("money", ByteSpan::new(10, 16)));
        doc.annotate(Annotation::new("url", ByteSpan::new(20, 36)));
        Entities::default().apply(&mut doc, &Context::default()).unwrap();
        let found: Vec<_> = doc.annotations_of("place").filter_map(|found| found.span.of(doc.text())).collect();
        assert_eq!(found, ["Hamburg"]);
    }

    #[test]
    fn the_outlet_of_a_citation_is_an_organization() {
        let mut doc = Document::from_text("test.txt", "So it was (The Times of Alder, May 5).");
        let value = serde_json::json!({ "outlet": "The Times of Alder", "date": "--05-05" });
        doc.annotate(Annotation::new("citation", ByteSpan::new(11, 36)).with_value(value));
        Entities::default().apply(&mut doc, &Context::default()).unwrap();
        let found: Vec<_> = doc.annotations_of("organization").filter_map(|found| found.span.of(doc.text())).collect();
        assert_eq!(found, ["The Times of Alder"]);
    }

    #[test]
    fn a_name_ends_with_its_line_in_a_byline() {
        let mut doc = Document::from_text("test.txt", "Ada Verling\nPublished in Hamburg");
        doc.set_blocks(vec![docmill_core::Block::new(BlockKind::Byline, ByteSpan::new(0, 32))]);
        Entities::default().apply(&mut doc, &Context::default()).unwrap();
        let found: Vec<_> = doc.annotations().iter().filter_map(|found| found.span.of(doc.text())).collect();
        assert_eq!(found, ["Ada Verling", "Hamburg"]);
    }

    #[test]
    fn kinds_that_are_not_asked_for_are_left_out() {
        let mut doc = Document::from_text("test.txt", "Helena Strand went to Hamburg.");
        Entities { kinds: vec![EntityKind::Place], min_score: 0.0 }.apply(&mut doc, &Context::default()).unwrap();
        assert_eq!(doc.annotations().iter().map(|found| &*found.kind).collect::<Vec<_>>(), ["place"]);
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_spans(text in "([A-Z][a-z’']{0,3}|[a-z]{1,3}|of|and|&|\\.|\\(|é|\u{2003}| |\n|Dr|Bank|Port|\\PC){0,60}") {
            let mut doc = Document::from_text("test.txt", &text);
            Entities::default().apply(&mut doc, &Context::default()).unwrap();
            let mut end = 0;
            for found in doc.annotations() {
                let words = found.span.of(doc.text()).unwrap();
                prop_assert_eq!(words, words.trim());
                prop_assert!(found.span.start >= end && !words.is_empty());
                end = found.span.end;
            }
        }
    }
}
