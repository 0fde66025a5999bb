//! What the names that authors give to elements (class and id) say about them.
//!
//! A name is split into words at anything but letters and at capitals, so that `post-shareBar` is *post share bar*. The
//! words were chosen by what they usually stand for on news pages, blogs, shops and forums.

/// What the names of one element say. Each is a question of its own.
#[expect(clippy::struct_excessive_bools, reason = "names say several things at once")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Names {
    /// It holds something beside the text: navigation, adverts, share buttons, teasers.
    pub(super) noise: bool,
    /// It asks for consent to cookies.
    pub(super) consent: bool,
    /// It is a window that lies over the page.
    pub(super) window: bool,
    /// It holds something beside the text, unless it reads like text.
    pub(super) soft_noise: bool,
    /// It leads into the text: a deck, a standfirst, an excerpt.
    pub(super) lead: bool,
    /// It may hold something beside the text, if it looks like it: author boxes, tags, tools.
    pub(super) doubtful: bool,
    /// It holds what readers wrote below the text.
    pub(super) comments: bool,
    /// It holds the text itself.
    pub(super) body: bool,
    /// It holds the text and what belongs to it.
    pub(super) content: bool,
    pub(super) byline: bool,
    pub(super) date: bool,
    pub(super) caption: bool,
}

/// Beginnings of names that a page builder gives to all kinds of elements.
const BUILT: &[&str] =
    &["elementor-widget", "elementor-cta", "elementor-invisible", "elementor-hidden-mobile", "elementor-hidden-tablet"];

/// Names are looked at no further than this, in bytes.
const LONGEST: usize = 512;

impl Names {
    /// What the names in a `class` or `id` attribute say.
    pub(super) fn of(attribute: &str) -> Self {
        let mut names = Self::default();
        names.add(attribute);
        names
    }

    fn add(&mut self, attribute: &str) {
        let attribute = match attribute.char_indices().nth(LONGEST) {
            Some((end, _)) => &attribute[..end],
            None => attribute,
        };
        let mut joined = String::new();
        for name in attribute.split_ascii_whitespace() {
            self.add_name(name, &mut joined);
        }
    }

    fn add_name(&mut self, name: &str, joined: &mut String) {
        if BUILT.iter().any(|start| name.starts_with(start)) {
            return;
        }
        joined.clear();
        let mut said = Self::default();
        let mut previous = "";
        let mut negated = false;
        for word in words(name) {
            let start = joined.len();
            joined.extend(word.chars().map(|c| c.to_ascii_lowercase()));
            let word = &joined[start..];
            // `has-sidebar` and `no-comments` say what an element lacks or lies beside, not what it is.
            negated |= matches!(word, "has" | "with" | "no" | "without" | "hide" | "show" | "open" | "is" | "not");
            said.add_word(word, previous);
            previous = match word {
                "related" => "related",
                "read" => "read",
                "about" => "about",
                "see" => "see",
                "sign" => "sign",
                "log" => "log",
                "author" => "author",
                "most" => "most",
                "side" => "side",
                "top" => "top",
                "sub" => "sub",
                "more" => "more",
                "next" => "next",
                "breaking" => "breaking",
                "print" => "print",
                _ => "",
            };
        }
        let is_body = matches!(
            joined.as_str(),
            "articlebody"
                | "articletext"
                | "articlecontent"
                | "articlebodycontent"
                | "articlecopy"
                | "storybody"
                | "storytext"
                | "storycontent"
                | "postbody"
                | "postcontent"
                | "posttext"
                | "entrycontent"
                | "entrytext"
                | "entrybody"
                | "newsbody"
                | "newstext"
                | "newscontent"
                | "bodycopy"
                | "bodytext"
                | "bodycontent"
                | "articlemaincontent"
                | "articlecontentbody"
                | "contentbody"
                | "textbody"
                | "blogcontent"
                | "blogpostcontent"
                | "blogbody"
                | "singlecontent"
                | "fulltext"
                | "articlebodytext"
                | "maincopy"
                | "richtext"
                | "postentry"
                | "storybodytext"
                | "articletxt"
                | "econtent"
                | "tdpostcontent"
                | "pfcontent"
                | "thecontent"
        ) || joined.contains("articlebody")
            || joined.contains("entrycontent")
            || joined.contains("postcontent")
            || joined.contains("storybody")
            || joined.contains("articlecontent");
        if negated {
            return;
        }
        self.join(Self {
            noise: said.noise && (!is_body || joined.contains("related")),
            consent: said.consent,
            window: said.window,
            soft_noise: said.soft_noise && !is_body,
            lead: said.lead && !said.noise && !said.comments,
            doubtful: said.doubtful && !is_body,
            comments: said.comments,
            body: is_body && !said.noise && !said.comments && !said.doubtful,
            content: said.content && !said.noise,
            byline: said.byline && !is_body,
            date: said.date,
            caption: said.caption,
        });
    }

    /// Adds what other names of the same element say.
    pub(super) fn join(&mut self, other: Self) {
        self.noise |= other.noise;
        self.consent |= other.consent;
        self.window |= other.window;
        self.soft_noise |= other.soft_noise;
        self.lead |= other.lead;
        self.doubtful |= other.doubtful;
        self.comments |= other.comments;
        self.body |= other.body;
        self.content |= other.content;
        self.byline |= other.byline;
        self.date |= other.date;
        self.caption |= other.caption;
    }

    fn add_word(&mut self, word: &str, previous: &str) {
        match word {
            "cookie" | "cookies" | "cookiebar" | "consent" | "gdpr" | "onetrust" | "ccpa" => self.consent = true,
            "teaser" => {
                self.soft_noise = true;
                self.lead = true;
            }
            "modal" | "popup" | "lightbox" => {
                self.soft_noise = true;
                self.window = true;
            }
            "dfp" | "gpt" | "promo" | "promotion" | "banner" | "subscription" | "subscriptions" | "social"
            | "follow" | "teasers" | "trending" | "popular" | "nav" | "navbar" | "navi" | "navigation" | "menu"
            | "submenu" | "rail" | "footer" | "colophon" | "overlay" | "toolbar" | "tooltip" | "skip" | "skiplink"
            | "offscreen" | "masthead" | "topbar" | "jp" | "feedback" | "poll" | "survey" | "donate" | "donation"
            | "cta" | "callout" | "legal" | "disclaimer" | "copyright" | "weather" | "stock" | "screenreader"
            | "hidden" | "invisible" | "ft" | "toc" | "ratings" | "rating" | "loading" | "spinner" => {
                self.soft_noise = true;
            }
            "ad" | "ads" | "adbox" | "adslot" | "adunit" | "adv" | "advert" | "adverts" | "advertisement"
            | "advertising" | "advertorial" | "adsense" | "anzeige" | "werbung" | "publicidad" | "sponsor"
            | "sponsored" | "sponsors" | "outbrain" | "taboola" | "promos" | "promoted" | "newsletter"
            | "newsletters" | "subscribe" | "signup" | "signin" | "login" | "paywall" | "share" | "shares"
            | "sharing" | "sharebar" | "sharer" | "addthis" | "addtoany" | "sharedaddy" | "socials" | "socialmedia"
            | "related" | "recommended" | "recommendation" | "recommendations" | "recirc" | "mostread"
            | "mostpopular" | "breadcrumb" | "breadcrumbs" | "crumbs" | "pagination" | "pager" | "paging"
            | "sidebar" | "rightrail" | "leftrail" | "yarpp" | "noprint" | "printonly" | "imprint" | "ticker"
            | "lead-gen" | "leadgen" | "boxhead" | "readmore" | "morestories" | "upnext" | "nextpost" | "prevpost"
            | "postnav" | "nextstory" | "nextread" | "authorbox" | "authorbio" => {
                self.noise = true;
            }
            "comment" | "comments" | "commentlist" | "disqus" | "respond" | "replies" | "cmt" | "kommentare"
            | "commentaires" | "comentarios" | "livefyre" | "discussion" => self.comments = true,
            "author" | "authors" | "byline" | "by" | "autor" | "auteur" | "writer" => {
                self.byline = true;
                self.doubtful |= previous == "about";
            }
            "lead" | "lede" | "intro" | "excerpt" | "standfirst" | "deck" | "dek" | "subtitle" | "subheadline"
            | "subhead" | "summary" | "abstract" | "bajada" | "chapo" | "chapeau" | "vorspann" | "einleitung"
            | "anriss" | "entradilla" | "sommario" | "copete" | "ingress" | "manchet" | "preamble" => self.lead = true,
            "date" | "dateline" | "pubdate" | "published" | "timestamp" | "datetime" | "datum" | "posted" => {
                self.date = true;
            }
            "caption" | "captions" | "cap" | "figcaption" | "credit" | "credits" | "bildunterschrift" => {
                self.caption = true;
            }
            "bio" | "biography" | "profile" | "tag" | "tags" | "taglist" | "tagcloud" | "keywords" | "category"
            | "categories" | "topics" | "meta" | "metadata" | "postmeta" | "info" | "infobox" | "tools" | "tool"
            | "actions" | "buttons" | "button" | "btn" | "box" | "widget" | "widgets" | "aside" | "links"
            | "linklist" | "more" | "carousel" | "slider" | "slideshow" | "gallery" | "thumbs" | "thumbnails"
            | "video" | "player" | "embed" | "next" | "prev" | "previous" | "bottom" | "extra" | "extras"
            | "kicker" | "eyebrow" | "label" | "labels" | "print" | "email" | "search" | "archive" | "archives"
            | "latest" | "headlines" | "card" | "cards" | "contact" | "correction" | "note" | "notice" | "alert"
            | "source" | "sources" | "tease" | "inline" | "list" | "siblings" | "series" | "trust" | "reading"
            | "minutes" | "views" | "ranking" => {
                self.doubtful = true;
                self.noise |= (previous == "author" && word == "bio")
                    || (previous == "read" && word == "more")
                    || (previous == "see" && word == "also");
            }
            "news" | "posts" | "stories" | "articles" | "header"
                if matches!(previous, "more" | "next" | "breaking" | "print") =>
            {
                self.noise = true;
            }
            "up" | "in" => self.noise |= matches!(previous, "sign" | "log"),
            "bar" => self.noise |= previous == "side",
            "content" | "article" | "story" | "post" | "entry" | "main" | "maincol" | "body" | "text" | "hentry" => {
                self.content = true;
            }
            _ => self.noise |= word.starts_with("related"),
        }
    }
}

/// The words of a name: runs of letters, parted where a capital follows a small letter.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphabetic()).flat_map(|part| {
        let bytes = part.as_bytes();
        let mut start = 0;
        std::iter::from_fn(move || {
            if start >= part.len() {
                return None;
            }
            let end = (start + 1..part.len())
                .find(|&at| bytes[at].is_ascii_uppercase() && bytes[at - 1].is_ascii_lowercase())
                .unwrap_or(part.len());
            let word = &part[start..end];
            start = end;
            Some(word)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parted_at_signs_and_capitals() {
        assert_eq!(words("post-shareBar_2x").collect::<Vec<_>>(), ["post", "share", "Bar", "x"]);
        assert_eq!(words("").count(), 0);
    }

    #[test]
    fn names_of_what_lies_beside_the_text_are_noise() {
        for name in ["share-bar", "relatedPosts", "Cookie_Banner", "ad_top", "newsletter", "author-bio", "read-more"] {
            assert!(Names::of(name).noise || Names::of(name).soft_noise || Names::of(name).consent, "{name}");
        }
        for name in ["shadow", "gradient", "header", "story", "has-sidebar", "entry-content", "adagio"] {
            assert!(!Names::of(name).noise && !Names::of(name).soft_noise, "{name}");
        }
        assert_eq!(Names::of("elementor-widget elementor-cta--skin-classic"), Names::default());
    }

    #[test]
    fn names_of_the_text_itself_are_known() {
        assert!(Names::of("x article-body").body);
        assert!(Names::of("c-articleBody--wide").body);
        assert!(!Names::of("related-article-content").body);
        assert!(Names::of("post").content && !Names::of("post").body);
    }

    #[test]
    fn names_of_leads_and_of_other_stories_are_told_apart() {
        for name in ["article-intro", "ts-intro", "article__deck", "entry-excerpt"] {
            assert!(Names::of(name).lead && !Names::of(name).noise, "{name}");
        }
        for name in
            ["more-news", "next-posts", "breaking-news", "print-header", "authorbox", "relatedPosts", "relatedposts-2"]
        {
            assert!(Names::of(name).noise, "{name}");
        }
        assert!(!Names::of("news").noise && !Names::of("more").noise);
    }
}
