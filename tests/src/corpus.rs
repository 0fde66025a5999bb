//! Makes a corpus to measure on: news-like documents put together from the sentences of `fixtures/newsroom`.
//!
//! `docmill-corpus FOLDER COUNT` writes COUNT documents of 2 to 10 KB, three in ten as HTML pages with navigation, adverts and a
//! footer, the others as plain text with title, masthead and byline. `docmill-corpus FILE.jsonl COUNT` writes COUNT rows of 2 KB each
//! into one file. The same arguments give the same bytes.

use std::fmt::Write as _;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use docmill_tests::{Draw, fixture};

/// The texts whose sentences are drawn from.
const SOURCES: &[&str] =
    &["harbor.txt", "rail.txt", "court.txt", "budget.txt", "reef.txt", "dates.txt", "interview.txt"];

fn sentences() -> Vec<String> {
    let mut sentences = Vec::new();
    for source in SOURCES {
        let text = std::fs::read_to_string(fixture("newsroom").join(source)).expect("the fixtures are there");
        for paragraph in text.split("\n\n").skip(2).filter(|paragraph| paragraph.len() > 200) {
            sentences.extend(paragraph.replace('\n', " ").split_inclusive(". ").map(|part| part.trim().to_owned()));
        }
    }
    sentences.retain(|sentence| sentence.len() > 40 && sentence.ends_with('.'));
    sentences
}

struct Article {
    title: String,
    day: usize,
    paragraphs: Vec<String>,
}

fn article(draw: &mut Draw, sentences: &[String]) -> Article {
    let words: Vec<_> = draw.of(sentences).split(' ').take(7).map(ToOwned::to_owned).collect();
    let title = words.join(" ").trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let paragraphs = (0..4 + draw.below(14))
        .map(|_| (0..2 + draw.below(4)).map(|_| draw.of(sentences)).collect::<Vec<_>>().join(" "))
        .collect();
    Article { title, day: 1 + draw.below(28), paragraphs }
}

fn plain(article: &Article) -> String {
    let mut text = format!(
        "{}\nPublication: Coastal Monitor Volume: 7 Issue: {} Date: March {}, 2016\n\nBy Mara Ellison\n",
        article.title, article.day, article.day
    );
    for paragraph in &article.paragraphs {
        write!(text, "\n{paragraph}\n").expect("writing to a string does not fail");
    }
    text
}

fn page(article: &Article) -> String {
    let mut body = String::new();
    for paragraph in &article.paragraphs {
        let escaped = paragraph.replace('&', "&amp;").replace('—', "&mdash;").replace('’', "&#8217;");
        writeln!(body, "<p>{escaped}</p>").expect("writing to a string does not fail");
    }
    let links: String = (0..30).fold(String::new(), |mut links, number| {
        write!(links, "<li><a href=\"/s/{number}\">Section {number}</a></li>")
            .expect("writing to a string does not fail");
        links
    });
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} | Coastal Monitor</title>\n\
         <meta property=\"article:published_time\" content=\"2016-03-{day:02}T08:00:00Z\"></head>\n\
         <body><nav><ul>{links}</ul></nav><div class=\"advert\">Buy a boat today</div>\n\
         <article><h1>{title}</h1><p class=\"byline\">By Mara Ellison</p>\n{body}</article>\n\
         <aside class=\"related\"><ul>{links}</ul></aside><footer>All rights reserved. Terms. Privacy.</footer></body></html>\n",
        title = article.title,
        day = article.day,
    )
}

/// Bytes of a text in a row.
const ROW: usize = 2000;

/// Writes rows of JSON with a title and a text.
fn rows(path: &Path, count: usize) -> std::io::Result<()> {
    let (mut draw, sentences) = (Draw::new(7), sentences());
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    for number in 0..count {
        let mut text = String::with_capacity(ROW + 500);
        while text.len() < ROW {
            text.push_str(draw.of(&sentences));
            text.push(' ');
        }
        let row = serde_json::json!({ "title": format!("Report {number}"), "text": text });
        writeln!(file, "{row}")?;
    }
    file.flush()
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let (Some(folder), Some(count)) = (arguments.get(1), arguments.get(2).and_then(|count| count.parse().ok())) else {
        panic!("expected a folder, or a file `.jsonl`, and a count");
    };
    if Path::new(folder).extension().is_some_and(|extension| extension == "jsonl") {
        return rows(Path::new(folder), count).expect("the file can be written");
    }
    let (mut draw, sentences) = (Draw::new(7), sentences());
    for number in 0..count {
        let part = Path::new(folder).join(format!("{:03}", number / 1000));
        std::fs::create_dir_all(&part).expect("the folder can be made");
        let article = article(&mut draw, &sentences);
        let is_page = draw.below(10) < 3;
        let (name, text) = if is_page { ("html", page(&article)) } else { ("txt", plain(&article)) };
        std::fs::write(part.join(format!("doc{number:06}.{name}")), text).expect("the document can be written");
    }
}
