//! What a page states about itself: in its head, in JSON-LD, and in the attributes of its elements.
//!
//! Several vocabularies say the same thing (Open Graph, Dublin Core, schema.org, plain `<meta>` names); the one that is the
//! most careful on real pages is asked first. Broken JSON-LD is passed over.

use docmill_core::Meta;
use serde_json::Value;

use super::article::{Stated, StatedKind};
use super::day::day;
use super::element::Element;
use super::linked::{self, add_names, is_article, is_name, is_thread, name_of, text_of, without_by};
use super::published::published;
use super::tree::{Attribute, NodeId, Tree};
use crate::reference::{resolved, squeezed};

/// Values longer than this say nothing that is worth keeping.
pub(super) const LONGEST_VALUE: usize = 2000;

/// What the head of a page states.
pub(super) struct Head {
    /// Name, property or itemprop in lower case, and the content, in document order.
    named: Vec<(String, String)>,
    /// Objects of JSON-LD that may be about the page, articles first.
    linked: Vec<Value>,
    title: Option<String>,
    language: Option<String>,
    canonical: Option<String>,
    /// The day of publication.
    date: Option<String>,
}

impl Head {
    pub(super) fn of(tree: &Tree<'_>) -> Self {
        let mut head =
            Self { named: Vec::new(), linked: Vec::new(), title: None, language: None, canonical: None, date: None };
        for id in 1..tree.nodes().len() {
            if let Some(element) = tree.element(id) {
                head.take(tree, id, element);
            }
        }
        head.linked.sort_by_key(|object| !is_article(object));
        head.date = published(tree, head.stated_day(), &head.titles(), head.address());
        head
    }

    fn take(&mut self, tree: &Tree<'_>, id: NodeId, element: Element) {
        let attribute = |name| tree.attribute(id, name).map(str::trim).filter(|value| !value.is_empty());
        match element {
            Element::Html => self.language = attribute(Attribute::Lang).map(str::to_owned),
            Element::Meta => {
                let name = attribute(Attribute::Property)
                    .or_else(|| attribute(Attribute::Name))
                    .or_else(|| attribute(Attribute::Itemprop));
                if let (Some(name), Some(content)) = (name, attribute(Attribute::Content))
                    && content.len() <= LONGEST_VALUE
                {
                    self.named.push((name.to_ascii_lowercase(), resolved(content)));
                }
            }
            Element::Link if attribute(Attribute::Rel).is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                self.canonical = self.canonical.take().or_else(|| attribute(Attribute::Href).map(resolved));
            }
            Element::Title if self.title.is_none() => {
                let in_drawing = tree.ancestors(id).take(3).any(|id| tree.element(id) == Some(Element::Svg));
                self.title = Some(raw_text(tree, id)).filter(|_| !in_drawing).map(resolved);
            }
            Element::Script
                if attribute(Attribute::Type).is_some_and(|kind| kind.eq_ignore_ascii_case("application/ld+json")) =>
            {
                self.linked.extend(linked::objects(raw_text(tree, id)));
            }
            _ => {}
        }
    }

    fn named(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            self.named.iter().find(|(found, value)| found == name && !value.is_empty()).map(|(_, value)| value.as_str())
        })
    }

    fn linked(&self, key: &str) -> Option<String> {
        self.linked.iter().find_map(|object| text_of(object.get(key)?))
    }

    /// The titles that the page states, best first.
    pub(super) fn titles(&self) -> Vec<String> {
        let mut titles: Vec<String> = Vec::new();
        let stated = [
            self.named(&["og:title"]).map(str::to_owned),
            self.linked.iter().filter(|object| is_article(object)).find_map(|object| text_of(object.get("headline")?)),
            self.named(&["twitter:title", "dc.title", "dcterms.title", "title"]).map(str::to_owned),
            self.title.clone(),
        ];
        for title in stated.into_iter().flatten() {
            if !title.is_empty() && !titles.contains(&title) {
                titles.push(title);
            }
        }
        titles
    }

    /// What tells where the text of the page is.
    pub(super) fn stated(&self) -> Stated {
        let kind = if self.linked.iter().any(is_thread) {
            StatedKind::Thread
        } else if self.linked.iter().any(is_article)
            || self.named(&["og:type"]).is_some_and(|kind| kind.eq_ignore_ascii_case("article"))
            || self.named(&["article:published_time"]).is_some()
        {
            StatedKind::Article
        } else {
            StatedKind::Open
        };
        Stated { titles: self.titles(), kind }
    }

    /// The metadata of a page whose title, as its text shows it, is `shown`.
    pub(super) fn meta(&self, shown: Option<&str>) -> Meta {
        let mut meta = Meta::default();
        let publication = self
            .named(&["og:site_name", "application-name", "dc.publisher", "dcterms.publisher"])
            .map(str::to_owned)
            .or_else(|| {
                self.linked
                    .iter()
                    .filter(|object| is_article(object))
                    .find_map(|object| name_of(object.get("publisher")?))
            });
        let title = self
            .titles()
            .into_iter()
            .next()
            .map(|title| without_site(&title, publication.as_deref(), shown))
            .or_else(|| shown.map(str::to_owned));
        let mut set = |key: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                meta.set(key, value);
            }
        };
        set("title", title);
        set("date", self.date.clone());
        set("publication", publication);
        set(
            "description",
            self.named(&["og:description", "description", "twitter:description", "dc.description"]).map(str::to_owned),
        );
        set("language", self.language.clone().or_else(|| self.linked("inLanguage")).map(|tag| tag.replace('_', "-")));
        set("url", self.address().map(str::to_owned));
        set("subject", self.named(&["article:section", "dc.subject", "dcterms.subject"]).map(str::to_owned));
        let keywords = self.keywords();
        if !keywords.is_empty() {
            meta.set("keywords", keywords);
        }
        let authors = self.authors();
        if !authors.is_empty() {
            meta.set("authors", authors);
        }
        meta
    }

    /// The day of publication that the head or JSON-LD states.
    fn stated_day(&self) -> Option<String> {
        const NAMES: [&str; 23] = [
            "article:published_time",
            "og:article:published_time",
            "og:published_time",
            "datepublished",
            "article:published",
            "date",
            "pubdate",
            "publishdate",
            "publish-date",
            "publish_date",
            "publication_date",
            "dc.date",
            "dc.date.issued",
            "dcterms.date",
            "dcterms.created",
            "dcterms.issued",
            "sailthru.date",
            "parsely-pub-date",
            "article.published",
            "cxenseparse:recs:publishtime",
            "dc.date.created",
            "citation_publication_date",
            "datecreated",
        ];
        let from_meta = || NAMES.iter().find_map(|name| day(self.named(&[name])?));
        let from_linked = || {
            ["datePublished", "dateCreated", "uploadDate"]
                .iter()
                .find_map(|key| self.linked.iter().find_map(|object| day(&text_of(object.get(*key)?)?)))
        };
        self.named(&["article:published_time"]).and_then(day).or_else(from_linked).or_else(from_meta)
    }

    /// The address that the page gives itself.
    fn address(&self) -> Option<&str> {
        self.canonical.as_deref().or_else(|| self.named(&["og:url"]))
    }

    fn authors(&self) -> Vec<String> {
        const NAMES: [&str; 7] =
            ["author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl"];
        let mut authors = Vec::new();
        for object in self.linked.iter().filter(|object| is_article(object)) {
            if let Some(stated) = object.get("author") {
                add_names(stated, &mut authors);
            }
        }
        for name in NAMES {
            if !authors.is_empty() {
                break;
            }
            let stated = self.named.iter().filter(|(found, _)| found == name).map(|(_, value)| value.as_str());
            authors.extend(stated.filter(|value| is_name(value)).map(|value| without_by(value).to_owned()));
        }
        let mut known: Vec<String> = Vec::new();
        authors.retain(|author| {
            let new = !known.contains(author);
            if new {
                known.push(author.clone());
            }
            new
        });
        authors
    }

    fn keywords(&self) -> Vec<String> {
        let mut keywords: Vec<String> = Vec::new();
        let mut add = |keyword: &str| {
            let keyword = keyword.trim();
            if !keyword.is_empty() && !keywords.iter().any(|known| known == keyword) {
                keywords.push(keyword.to_owned());
            }
        };
        for (name, value) in &self.named {
            match name.as_str() {
                "keywords" | "news_keywords" => value.split([',', ';']).for_each(&mut add),
                "article:tag" => add(value),
                _ => {}
            }
        }
        keywords
    }
}

/// The text of an element whose content is one raw text.
fn raw_text<'a>(tree: &Tree<'a>, id: NodeId) -> &'a str {
    tree.subtree(id).nth(1).map(|id| tree.text(id)).unwrap_or_default()
}

/// A title without the name of its site, which many put before or after it.
fn without_site(title: &str, site: Option<&str>, shown: Option<&str>) -> String {
    if let Some(shown) = shown
        && title.len() > shown.len()
        && (title.starts_with(shown) || title.ends_with(shown))
    {
        return shown.to_owned();
    }
    for separator in [" | ", " – ", " — ", " - ", " :: ", " » ", " · "] {
        if let Some((lead, last)) = title.rsplit_once(separator) {
            if site.is_some_and(|site| last.eq_ignore_ascii_case(site)) {
                return lead.trim().to_owned();
            }
            // Without a stated site the shorter end is taken for its name if it is short.
            if site.is_none() && last.split_whitespace().count() <= 4 && lead.len() > last.len() {
                return lead.trim().to_owned();
            }
        }
        if let Some((first, rest)) = title.split_once(separator)
            && site.is_some_and(|site| first.eq_ignore_ascii_case(site))
        {
            return rest.trim().to_owned();
        }
    }
    squeezed(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(source: &str) -> Meta {
        Head::of(&Tree::parse(source, 64)).meta(None)
    }

    #[test]
    fn a_title_is_kept_without_the_name_of_its_site() {
        let source = "<title>The wall is built | The Courier</title>";
        assert_eq!(meta(source).text("title"), Some("The wall is built"));
        let source = "<title>Courier - The wall is built</title><meta property='og:site_name' content=Courier>";
        assert_eq!(meta(source).text("title"), Some("The wall is built"));
        let source = "<title>Rise - and fall</title><meta property='og:title' content='Fish &amp; chips'>";
        assert_eq!(meta(source).text("title"), Some("Fish & chips"));
    }

    #[test]
    fn json_ld_tells_headline_authors_and_date_and_a_broken_one_the_date_alone() {
        let source = r#"<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "X"},
            {"@type": ["NewsArticle"], "headline": "Wall", "datePublished": "2019-11-22T07:30:00Z",
             "author": [{"@type": "Person", "name": "Leonie Hartwell"}, {"name": "By Ann Pell"}]}]}</script>"#;
        let found = meta(source);
        assert_eq!(found.text("title"), Some("Wall"));
        assert_eq!(found.text("date"), Some("2019-11-22"));
        assert_eq!(found.get("authors"), Some(&serde_json::json!(["Leonie Hartwell", "Ann Pell"])));
        let broken = meta(&source.replace("}]}", ""));
        assert_eq!((broken.text("date"), broken.text("title")), (Some("2019-11-22"), None));
    }

    #[test]
    fn language_address_and_keywords_are_kept() {
        let found = meta(
            "<html lang=en_GB><link rel=canonical href='https://x.example/a?b=1&amp;c=2'><meta name=keywords content='sea, port,sea'>",
        );
        assert_eq!(found.text("language"), Some("en-GB"));
        assert_eq!(found.text("url"), Some("https://x.example/a?b=1&c=2"));
        assert_eq!(found.get("keywords"), Some(&serde_json::json!(["sea", "port"])));
    }
}
