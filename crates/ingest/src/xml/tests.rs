//! What the reader of XML makes of documents and records.

use docmill_core::{BlockKind, ByteSize, ByteSpan, Limits};
use proptest::prelude::*;

use super::*;

fn read(reader: &Xml, file: &[u8], limit: u64) -> Vec<Result<Document, String>> {
    let mut documents = Vec::new();
    let cx = Context::new(Limits { document: ByteSize(limit), depth: 20, ..Limits::default() });
    let whole = RawSource::new("in/a.xml", "application/xml", "");
    let mut bytes = file;
    let mut bytes = Stream::flowing(Vec::new(), &mut bytes);
    let split = reader.split(&mut bytes, &whole, &cx, &mut |part| {
        documents.push(match part {
            Part::Source(source) => reader.read(source, &cx).map_err(|error| error.to_string()),
            Part::Failed { error, .. } => Err(error.to_string()),
            Part::Member(member) => Err(format!("a member: {member:?}")),
        });
        ControlFlow::Continue(())
    });
    documents.extend(split.err().map(|error| Err(error.to_string())));
    documents
}

fn one(file: &str) -> Document {
    let mut documents = read(&Xml::default(), file.as_bytes(), 1 << 20);
    assert_eq!(documents.len(), 1);
    documents.remove(0).expect("it is read")
}

fn texts(reader: &Xml, file: &str) -> Vec<String> {
    let documents = read(reader, file.as_bytes(), 1 << 20);
    documents.into_iter().map(|result| result.map_or_else(|error| error, |doc| doc.text().to_owned())).collect()
}

/// A block a line: its kind, level and text.
fn blocks(doc: &Document) -> String {
    let line = |block: &docmill_core::Block| {
        let level = block.level.map_or(String::new(), |level| level.to_string());
        format!("{:?}{level}: {}", block.kind, block.span.of(doc.text()).unwrap_or_default())
    };
    doc.blocks().iter().map(line).collect::<Vec<_>>().join("\n")
}

fn meta(doc: &Document) -> String {
    doc.meta.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ")
}

const ARTICLE: &str = r#"<?xml version="1.0"?>
<!DOCTYPE article PUBLIC "-//X//JATS//EN" "x.dtd">
<article xml:lang="en"><front><journal-meta><journal-title-group><journal-title>Tide Letters</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="doi">10.1/x</article-id><title-group><article-title>On <italic>Tides</italic></article-title></title-group>
<contrib-group><contrib><name><surname>Moe</surname><given-names>Ana</given-names></name><xref>1</xref></contrib></contrib-group>
<pub-date><day>6</day><month>3</month><year>2018</year></pub-date><volume>7</volume>
<abstract><p>It rises.</p></abstract><kwd-group><kwd>sea</kwd><kwd>moon</kwd></kwd-group></article-meta></front>
<body><sec><title>Ebb &amp; flow</title><p>Water falls<xref>2</xref>, then
rises.</p><list><list-item><p>One</p></list-item><list-item><p>Two</p></list-item></list>
<sec><title>Depth</title><table-wrap><label>Table 1.</label><caption><p>Depths.</p></caption><table><tr><th>Place</th><th>m</th></tr><tr><td>Pier</td><td>4&#8211;5</td></tr></table></table-wrap></sec></sec></body>
<back><ref-list><title>References</title><ref><element-citation><name><surname>Poe</surname><given-names>B</given-names></name><year>1999</year><article-title>Waves</article-title></element-citation></ref></ref-list></back></article>"#;

#[test]
fn an_article_of_a_journal_has_its_blocks_and_facts() {
    let doc = one(ARTICLE);
    assert_eq!(
        blocks(&doc),
        "Title: On Tides\nByline: Moe Ana\nParagraph: It rises.\nHeading1: Ebb & flow\nParagraph: Water falls2, then rises.\n\
         ListItem1: One\nListItem1: Two\nHeading2: Depth\nCaption: Table 1.\nCaption: Depths.\nTable: Place\tm\nPier\t4–5\n\
         Heading1: References\nParagraph: Poe B 1999 Waves"
    );
    assert_eq!(
        meta(&doc),
        r#"authors=["Ana Moe"] date="2018-03-06" doi="10.1/x" keywords=["sea","moon"] language="en" publication="Tide Letters" title="On Tides" volume="7""#
    );
    let table = doc.blocks().iter().find(|block| block.kind == BlockKind::Table).expect("it is there");
    let cells: Vec<_> = table.cells.iter().map(|cell| (cell.row, cell.column, cell.header)).collect();
    assert_eq!(cells, [(0, 0, true), (0, 1, true), (1, 0, false), (1, 1, false)]);
    let flow = doc.text().find("flow").expect("it is there");
    let place = doc.locate(ByteSpan::new(flow, flow + 4));
    assert_eq!((&ARTICLE[place.span.start..place.span.end], place.line, place.column), ("flow", 8, 29));
}

#[test]
fn elements_of_any_vocabulary_are_paragraphs_unless_they_stand_beside_text() {
    let doc = one(
        "<x:box xmlns:x='u'><x:name>Ana  Moe</x:name><note>See <x:hot>the</x:hot> pier&#x21;<![CDATA[ & <go>]]></note><n/></x:box>",
    );
    assert_eq!(blocks(&doc), "Paragraph: Ana Moe\nFooter: See the pier! & <go>");
}

#[test]
fn books_are_read_too() {
    let docbook = "<book><info><title>Knots</title></info><chapter><title>Bends</title><para>A <emphasis>bend</emphasis> joins.</para><programlisting>a\n  b</programlisting></chapter></book>";
    assert_eq!(blocks(&one(docbook)), "Title: Knots\nHeading1: Bends\nParagraph: A bend joins.\nCode: a\n  b");
    let tei = "<TEI><teiHeader><fileDesc><titleStmt><title>Log</title></titleStmt></fileDesc></teiHeader><text><body><div><head>Day 1</head><p>Calm<lb/>sea.</p></div></body></text></TEI>";
    let doc = one(tei);
    assert_eq!(
        (blocks(&doc).as_str(), doc.meta.text("title")),
        ("Heading1: Day 1\nParagraph: Calm\nsea.", Some("Log"))
    );
}

#[test]
fn records_of_feeds_are_documents_without_being_asked_for() {
    let rss = "<?xml version='1.0'?>\n<rss><channel><title>All</title>\n<item><title>Caf&#233;</title><link>http://a/b</link><pubDate>Tue, 06 Mar 2018 07:55:00 GMT</pubDate>\n<description>&lt;p&gt;One &amp;amp; two&lt;/p&gt;&lt;p&gt;Three&lt;/p&gt;</description><category>x</category><category>y</category></item><item><description>Plain</description></item></channel></rss>";
    let documents = read(&Xml::default(), rss.as_bytes(), 1 << 20);
    let first = documents[0].as_ref().expect("it is read");
    assert_eq!((first.text(), first.source().uri.as_str()), ("One & two\n\nThree", "in/a.xml#record=1"));
    assert_eq!(
        meta(first),
        r#"category=["x","y"] date="2018-03-06" link="http://a/b" pubdate="Tue, 06 Mar 2018 07:55:00 GMT" title="Café""#
    );
    let place = first.locate(ByteSpan::new(first.text().find("Three").expect("it is there"), first.text().len()));
    assert_eq!((&rss[place.span.start..place.span.end], place.line, place.row), ("Three", 4, Some(1)));
    assert_eq!(documents[1].as_ref().map(Document::text).ok(), Some("Plain"));
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>T</title><link href='u'/><author><name>Bo</name></author><content>Words</content></entry><entry/></feed>";
    let documents = read(&Xml::default(), atom.as_bytes(), 1 << 20);
    assert_eq!(meta(documents[0].as_ref().expect("it is read")), r#"author_name="Bo" link_href="u" title="T""#);
    assert_eq!(documents[1].as_ref().err().map(String::as_str), Some("it is empty"));
}

#[test]
fn records_and_their_parts_are_those_asked_for() {
    let file = "<cat><it sku='1'><name>Lamp</name><d><long>Bright.</long></d></it><x><it sku='no'/></x><it sku='2'><name>Rope</name><price c='EUR'>3</price></it></cat>";
    let reader = Xml {
        records: "cat/it".to_owned(),
        text: Columns::Several(vec!["d/long".to_owned(), "name".to_owned()]),
        title: "name".to_owned(),
        meta: Some(vec!["@sku".to_owned(), "price/@c".to_owned()]),
        ..Xml::default()
    };
    assert_eq!(texts(&reader, file), ["Lamp\n\nBright.", "Rope"]);
    let documents = read(&reader, file.as_bytes(), 1 << 20);
    assert_eq!(meta(documents[1].as_ref().expect("it is read")), r#"price_c="EUR" sku="2" title="Rope""#);
    let all = Xml { records: "cat/it".to_owned(), ..Xml::default() };
    assert_eq!(texts(&all, file), ["Lamp\n\nBright.", "Rope\n\n3"]);
    let none = Xml { records: "cat/q".to_owned(), ..Xml::default() };
    assert_eq!(texts(&none, file), ["not XML with the records asked for: there is no element at cat/q"]);
    let text = Xml { text: Columns::One("z".to_owned()), ..Xml::default() };
    assert_eq!(
        texts(&text, "<a><b>x</b></a>"),
        ["not XML with the text asked for: there is nothing at z; in `a` there are: b"]
    );
}

#[test]
fn nothing_that_a_document_declares_is_expanded() {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"boom\"><!ENTITY c \"&b;&b;&b;\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>One &c; &x; &lt; & two</a>";
    let doc = one(bomb);
    assert_eq!(doc.text(), "One &c; &x; < & two");
    assert_eq!(doc.warnings(), ["references that are not expanded stay as they stand: &c;, &x;"]);
}

#[test]
fn what_is_broken_says_where_and_the_records_before_it_are_read() {
    let check =
        |file: &str, error: &str| assert_eq!(texts(&Xml::default(), file).pop().as_deref(), Some(error), "{file}");
    check(
        "<a>\n <b>x</c></a>",
        "not XML: line 2, column 6: ill-formed document: expected `</b>`, but `</c>` was found",
    );
    check("<a><b>x", "not XML: line 1, column 8: the file ends in the middle of `b`");
    check("", "it is empty");
    check("<?xml version='1.0'?>", "not XML: line 1, column 1: no element");
    let reader = Xml { records: "r/e".to_owned(), ..Xml::default() };
    assert_eq!(
        texts(&reader, "<r><e>one</e>\n<e>two</f></r>"),
        ["one", "not XML: line 2, column 11: ill-formed document: expected `</e>`, but `</f>` was found"]
    );
    let long = format!("<r><e><x>a</x><x>{}</x></e><e>two</e></r>", "a ".repeat(450));
    let documents = read(&reader, long.as_bytes(), 908);
    assert_eq!(
        documents[0].as_ref().err().map(String::as_str),
        Some("record 1 with 922 bytes is over limits.document = 908 bytes")
    );
    assert_eq!(documents[1].as_ref().map(Document::text).ok(), Some("two"));
    let longer = format!("<r><e>one</e><e>{}</e></r>", "a ".repeat(100_000));
    let documents = read(&reader, longer.as_bytes(), 1000);
    assert_eq!(documents[0].as_ref().map(Document::text).ok(), Some("one"));
    assert_eq!(
        documents[1].as_ref().err().map(String::as_str),
        Some("an element or text that ends after line 1 is over limits.document = 1000 bytes")
    );
}

#[test]
fn deep_elements_are_read_as_if_they_were_not_there() {
    let deep = format!("{}deep{}", "<a>".repeat(50_000), "</a>".repeat(50_000));
    assert_eq!(one(&deep).text(), "deep");
    let reader = Xml { records: "r/e".to_owned(), ..Xml::default() };
    let error = texts(&reader, &format!("<r>{deep}</r>")).pop();
    assert_eq!(error.as_deref(), Some("not XML: line 1, column 30004: more than 10000 levels of elements"));
}

#[test]
fn other_encodings_are_read() {
    let latin =
        b"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><feed><entry><content>Gem\xFCse</content></entry></feed>";
    let documents = read(&Xml::default(), latin, 1 << 20);
    let doc = documents[0].as_ref().expect("it is read");
    assert_eq!((doc.text(), doc.source().encoding.as_str()), ("Gemüse", "windows-1252"));
}

#[test]
fn a_file_cut_off_anywhere_is_read_or_refused() {
    for end in (0..ARTICLE.len()).filter(|end| ARTICLE.is_char_boundary(*end)) {
        let results = read(&Xml::default(), &ARTICLE.as_bytes()[..end], 1 << 20);
        assert!(results.last().is_some_and(Result::is_err), "{}", &ARTICLE[..end]);
    }
    let reader = Xml { records: "article/body/sec".to_owned(), ..Xml::default() };
    for end in 0..ARTICLE.len() {
        let results = read(&reader, &ARTICLE.as_bytes()[..end], 1 << 20);
        assert!(results.last().is_some_and(Result::is_err), "{end}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        file in prop::collection::vec(prop::sample::select(b"<</>a=\"'&;#x![CDATA[-? \n\xC3\xA9\xFF".to_vec()), 0..60),
        records in prop::sample::select(vec!["", "a", "a/a"]),
    ) {
        for doc in read(&Xml { records: records.to_owned(), ..Xml::default() }, &file, 40).into_iter().flatten() {
            prop_assert!(doc.blocks().iter().all(|block| block.span.of(doc.text()).is_some()));
        }
    }

    #[test]
    fn an_article_with_flipped_bytes_is_read_or_refused(
        flips in prop::collection::vec((0..ARTICLE.len(), any::<u8>()), 1..6),
    ) {
        let mut file = ARTICLE.as_bytes().to_vec();
        for (at, byte) in flips {
            file[at] = byte;
        }
        for doc in read(&Xml::default(), &file, 1 << 20).into_iter().flatten() {
            prop_assert!(doc.blocks().iter().all(|block| block.span.of(doc.text()).is_some()));
        }
    }
}
