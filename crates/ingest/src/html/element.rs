//! The elements of HTML that the reader tells apart.

/// An element. What is not named here is [`Element::Other`], which is read like a `<span>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    A,
    Abbr,
    Address,
    Article,
    Aside,
    Audio,
    Base,
    Blockquote,
    Body,
    Br,
    Button,
    Canvas,
    Caption,
    Center,
    Col,
    Colgroup,
    Dd,
    Details,
    Dialog,
    Div,
    Dl,
    Dt,
    Embed,
    Fieldset,
    Figcaption,
    Figure,
    Footer,
    Form,
    H1,
    H2,
    H3,
    H4,
    H5,
    H6,
    Head,
    Header,
    Hgroup,
    Hr,
    Html,
    Iframe,
    Img,
    Input,
    Label,
    Legend,
    Li,
    Link,
    Main,
    Map,
    Math,
    Menu,
    Meta,
    Meter,
    Nav,
    Noscript,
    Object,
    Ol,
    Optgroup,
    Option,
    Other,
    P,
    Param,
    Picture,
    Pre,
    Progress,
    Rp,
    Rt,
    Ruby,
    Script,
    Search,
    Section,
    Select,
    Source,
    Span,
    Style,
    Summary,
    Svg,
    Table,
    Tbody,
    Td,
    Template,
    Textarea,
    Tfoot,
    Th,
    Thead,
    Time,
    Title,
    Tr,
    Track,
    Ul,
    Video,
    Wbr,
}

impl Element {
    /// How many there are.
    pub(super) const COUNT: usize = Self::Wbr as usize + 1;

    /// The element with this lower-case name.
    pub(super) fn named(name: &[u8]) -> Self {
        match name {
            b"a" => Self::A,
            b"abbr" | b"acronym" => Self::Abbr,
            b"address" => Self::Address,
            b"article" => Self::Article,
            b"aside" => Self::Aside,
            b"audio" => Self::Audio,
            b"base" => Self::Base,
            b"blockquote" => Self::Blockquote,
            b"body" => Self::Body,
            b"br" => Self::Br,
            b"button" => Self::Button,
            b"canvas" => Self::Canvas,
            b"caption" => Self::Caption,
            b"center" => Self::Center,
            b"col" => Self::Col,
            b"colgroup" => Self::Colgroup,
            b"dd" => Self::Dd,
            b"details" => Self::Details,
            b"dialog" => Self::Dialog,
            b"div" => Self::Div,
            b"dl" => Self::Dl,
            b"dt" => Self::Dt,
            b"embed" => Self::Embed,
            b"fieldset" => Self::Fieldset,
            b"figcaption" => Self::Figcaption,
            b"figure" => Self::Figure,
            b"footer" => Self::Footer,
            b"form" => Self::Form,
            b"h1" => Self::H1,
            b"h2" => Self::H2,
            b"h3" => Self::H3,
            b"h4" => Self::H4,
            b"h5" => Self::H5,
            b"h6" => Self::H6,
            b"head" => Self::Head,
            b"header" => Self::Header,
            b"hgroup" => Self::Hgroup,
            b"hr" => Self::Hr,
            b"html" => Self::Html,
            b"iframe" => Self::Iframe,
            b"img" => Self::Img,
            b"input" => Self::Input,
            b"label" => Self::Label,
            b"legend" => Self::Legend,
            b"li" => Self::Li,
            b"link" => Self::Link,
            b"main" => Self::Main,
            b"map" => Self::Map,
            b"math" => Self::Math,
            b"menu" => Self::Menu,
            b"meta" => Self::Meta,
            b"meter" => Self::Meter,
            b"nav" => Self::Nav,
            b"noscript" => Self::Noscript,
            b"object" => Self::Object,
            b"ol" => Self::Ol,
            b"optgroup" => Self::Optgroup,
            b"option" => Self::Option,
            b"p" => Self::P,
            b"param" => Self::Param,
            b"picture" => Self::Picture,
            b"pre" | b"listing" | b"xmp" | b"plaintext" => Self::Pre,
            b"progress" => Self::Progress,
            b"rp" => Self::Rp,
            b"rt" => Self::Rt,
            b"ruby" => Self::Ruby,
            b"script" => Self::Script,
            b"search" => Self::Search,
            b"section" => Self::Section,
            b"select" => Self::Select,
            b"source" => Self::Source,
            b"span" => Self::Span,
            b"style" => Self::Style,
            b"summary" => Self::Summary,
            b"svg" => Self::Svg,
            b"table" => Self::Table,
            b"tbody" => Self::Tbody,
            b"td" => Self::Td,
            b"template" => Self::Template,
            b"textarea" => Self::Textarea,
            b"tfoot" => Self::Tfoot,
            b"th" => Self::Th,
            b"thead" => Self::Thead,
            b"time" => Self::Time,
            b"title" => Self::Title,
            b"tr" => Self::Tr,
            b"track" => Self::Track,
            b"ul" => Self::Ul,
            b"video" => Self::Video,
            b"wbr" => Self::Wbr,
            _ => Self::Other,
        }
    }

    /// Whether it holds nothing and has no end tag.
    pub(super) const fn is_void(self) -> bool {
        matches!(
            self,
            Self::Base
                | Self::Br
                | Self::Col
                | Self::Embed
                | Self::Hr
                | Self::Img
                | Self::Input
                | Self::Link
                | Self::Meta
                | Self::Param
                | Self::Source
                | Self::Track
                | Self::Wbr
        )
    }

    /// Whether all up to its end tag is one text.
    pub(super) const fn is_raw(self) -> bool {
        matches!(self, Self::Script | Self::Style | Self::Textarea | Self::Title | Self::Iframe | Self::Noscript)
    }

    /// Whether `/>` closes it: elements of other vocabularies. On those of HTML it means nothing.
    pub(super) const fn may_close_itself(self) -> bool {
        matches!(self, Self::Other | Self::Svg | Self::Math)
    }

    /// Whether it stands for itself in the text: what is before, in and after it are different blocks.
    pub(super) const fn is_block(self) -> bool {
        matches!(
            self,
            Self::Address
                | Self::Article
                | Self::Aside
                | Self::Blockquote
                | Self::Body
                | Self::Caption
                | Self::Center
                | Self::Dd
                | Self::Details
                | Self::Dialog
                | Self::Div
                | Self::Dl
                | Self::Dt
                | Self::Fieldset
                | Self::Figcaption
                | Self::Figure
                | Self::Footer
                | Self::Form
                | Self::H1
                | Self::H2
                | Self::H3
                | Self::H4
                | Self::H5
                | Self::H6
                | Self::Head
                | Self::Header
                | Self::Hgroup
                | Self::Hr
                | Self::Html
                | Self::Legend
                | Self::Li
                | Self::Main
                | Self::Menu
                | Self::Nav
                | Self::Ol
                | Self::P
                | Self::Pre
                | Self::Search
                | Self::Section
                | Self::Summary
                | Self::Table
                | Self::Tbody
                | Self::Td
                | Self::Tfoot
                | Self::Th
                | Self::Thead
                | Self::Tr
                | Self::Ul
        )
    }

    /// Whether a paragraph that is open ends where it begins.
    pub(super) const fn ends_paragraph(self) -> bool {
        self.is_block()
            && !self.closes_over_scopes()
            && !matches!(self, Self::Body | Self::Html | Self::Head | Self::Legend)
            || matches!(self, Self::Table)
    }

    /// Whether end tags in it reach no further.
    pub(super) const fn is_scope(self) -> bool {
        matches!(
            self,
            Self::Table
                | Self::Td
                | Self::Th
                | Self::Caption
                | Self::Object
                | Self::Button
                | Self::Template
                | Self::Noscript
        )
    }

    /// Whether its end tag reaches over scopes: tables, their parts, and the scopes themselves.
    pub(super) const fn closes_over_scopes(self) -> bool {
        matches!(
            self,
            Self::Caption
                | Self::Table
                | Self::Tbody
                | Self::Td
                | Self::Tfoot
                | Self::Th
                | Self::Thead
                | Self::Tr
                | Self::Object
                | Self::Button
                | Self::Template
                | Self::Noscript
        )
    }

    /// Whether nothing in it is text of the page.
    pub(super) const fn is_never_text(self) -> bool {
        matches!(
            self,
            Self::Audio
                | Self::Button
                | Self::Canvas
                | Self::Dialog
                | Self::Embed
                | Self::Head
                | Self::Iframe
                | Self::Input
                | Self::Map
                | Self::Meter
                | Self::Noscript
                | Self::Object
                | Self::Optgroup
                | Self::Option
                | Self::Progress
                | Self::Rp
                | Self::Rt
                | Self::Script
                | Self::Select
                | Self::Style
                | Self::Svg
                | Self::Template
                | Self::Textarea
                | Self::Title
                | Self::Video
        )
    }

    /// The level of a heading, from 1.
    pub(super) const fn heading(self) -> Option<u8> {
        Some(match self {
            Self::H1 => 1,
            Self::H2 => 2,
            Self::H3 => 3,
            Self::H4 => 4,
            Self::H5 => 5,
            Self::H6 => 6,
            _ => return None,
        })
    }
}
