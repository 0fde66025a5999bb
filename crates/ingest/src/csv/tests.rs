use docmill_core::{ByteSpan, Limits};
use proptest::prelude::*;

use super::*;

fn read(reader: &Csv, file: &[u8], limit: u64) -> Vec<Result<Document, String>> {
    let mut documents = Vec::new();
    let cx = Context::new(Limits { document: docmill_core::ByteSize(limit), ..Limits::default() });
    let whole = RawSource::new("in/a.csv", "text/csv", "");
    let mut file = file;
    let mut file = docmill_core::Stream::flowing(Vec::new(), &mut file);
    let split = reader.split(&mut file, &whole, &cx, &mut |part| {
        documents.push(match part {
            Part::Source(source) => reader.read(source, &cx).map_err(|error| error.to_string()),
            Part::Failed { error, .. } => Err(error.to_string()),
            Part::Member(member) => Err(format!("a member: {member:?}")),
        });
        ControlFlow::Continue(())
    });
    if let Err(error) = split {
        documents.push(Err(error.to_string()));
    }
    documents
}

fn texts(reader: &Csv, file: &str) -> Vec<String> {
    let documents = read(reader, file.as_bytes(), 1 << 20);
    documents.into_iter().map(|result| result.map_or_else(|error| error, |doc| doc.text().to_owned())).collect()
}

#[test]
fn each_row_is_a_document_with_the_other_cells_as_metadata() {
    let file =
        "id,opened,subject,body\n7,2023-05-02 08:14,Hub,\"It says \"\"no\"\",\nand \"\"\"\" stops.\"\n\n8,,Lamp,Dark\n";
    let documents = read(&Csv::default(), file.as_bytes(), 1 << 20);
    let first = documents[0].as_ref().expect("it is read");
    assert_eq!(first.text(), "It says \"no\",\nand \"\" stops.");
    let meta = first.meta.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ");
    assert_eq!(meta, r#"date="2023-05-02" id="7" opened="2023-05-02 08:14" subject="Hub" title="Hub""#);
    let stops = first.text().find("stops").expect("it is there");
    let place = first.locate(ByteSpan::new(stops, stops + 5));
    assert_eq!(&file[place.span.start..place.span.end], "stops");
    assert_eq!((place.line, place.column, place.row, place.field.as_deref()), (3, 10, Some(2), Some("body")));
    let second = documents[1].as_ref().expect("it is read");
    assert_eq!((second.text(), second.source().uri.as_str()), ("Dark", "in/a.csv#row=4"));
    assert_eq!(second.locate(ByteSpan::new(0, 4)).line, 5);
}

#[test]
fn rows_that_do_not_fit_the_table_fail_alone() {
    let file = "id,body\n1,a,b\n2\n3,fine\n4,\"open\nto the end\n";
    assert_eq!(
        texts(&Csv::default(), file),
        [
            "not a row of the table: row 2, line 2: there are 3 cells, and the table has 2 columns",
            "not a row of the table: row 3, line 3: there are 1 cells, and the table has 2 columns",
            "fine",
            "not a row of the table: row 5, line 5: the quote of cell 2 never ends",
        ]
    );
}

#[test]
fn the_delimiter_is_found_from_the_first_rows() {
    for file in ["a;text\n1;x, y\n2;z", "a\ttext\n1\tx, y\n2\tz", "a|text\n1|x, y\n2|z", "a,text\n1,\"x, y\"\n2,z"] {
        assert_eq!(texts(&Csv::default(), file), ["x, y", "z"], "{file}");
    }
    assert_eq!(texts(&Csv { delimiter: ";".to_owned(), ..Csv::default() }, "a,b;text\n1,2;x"), ["x"]);
}

#[test]
fn the_text_is_the_columns_asked_for_or_the_longest() {
    let file = "id,subject,note\n1,Hub,It is dark here\n2,Lamp,It is not";
    assert_eq!(texts(&Csv::default(), file), ["It is dark here", "It is not"]);
    let several = Csv { text: Columns::Several(vec!["note".to_owned(), "subject".to_owned()]), ..Csv::default() };
    assert_eq!(texts(&several, file)[0], "Hub\n\nIt is dark here");
    let unknown = Csv { text: Columns::One("body".to_owned()), ..Csv::default() };
    assert_eq!(
        texts(&unknown, file),
        ["not a table with the columns asked for: there is no column \"body\" among: id, subject, note"]
    );
    assert_eq!(texts(&Csv { header: false, ..Csv::default() }, "1,long text\n2,short"), ["long text", "short"]);
}

#[test]
fn columns_with_one_name_or_none_keep_all_their_cells() {
    let documents = read(&Csv::default(), b"text,Tag,tag,,tag_2\nwords,a,b,c,d\n", 1 << 20);
    let doc = documents[0].as_ref().expect("it is read");
    let meta = doc.meta.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ");
    assert_eq!(meta, r#"column_4="c" tag="a" tag_2="b" tag_2_2="d""#);
    let named = Csv { text: Columns::One("tag".to_owned()), ..Csv::default() };
    assert_eq!(texts(&named, "tag,tag\nfirst,second\n"), ["first"]);
}

#[test]
fn a_name_that_promises_tabs_is_believed_where_there_are_some() {
    let table = |head: &str, media_type: &str| {
        let table = Csv::default().table(head, media_type, String::new()).expect("it is a table");
        (table.delimiter, table.layout.names.len())
    };
    let head = "a, b, c\ttext\n1, 2, 3\tx\n1, 2, 3\ty\n";
    assert_eq!(table(head, TAB_SEPARATED), (b'\t', 2));
    assert_eq!(table(head, "text/csv"), (b',', 3));
    assert_eq!(table("a,b\n1,2\n", TAB_SEPARATED), (b',', 2));
}

#[test]
fn other_encodings_and_rows_over_the_limit_are_told() {
    let documents = read(&Csv::default(), b"id,text\n1,Gem\xFCse f\xFCr B\xE4cker\n", 1 << 20);
    let doc = documents[0].as_ref().expect("it is read");
    assert_eq!((doc.text(), doc.source().encoding.as_str()), ("Gemüse für Bäcker", "windows-1252"));
    let long = format!("id,text\n1,{}\n2,short\n", "a".repeat(100_000));
    let documents = read(&Csv::default(), long.as_bytes(), 1000);
    let error = documents[0].as_ref().expect_err("it is too long");
    assert_eq!(error, "row 2 (line 2) with 100003 bytes is over limits.document = 1000 bytes");
    assert_eq!(documents[1].as_ref().map(Document::text).ok(), Some("short"));
    assert_eq!(documents.len(), 2);
}

proptest! {
    #[test]
    fn cells_are_those_of_the_csv_crate(cells in prop::collection::vec("[a-z\", \n;é]{0,8}", 1..5)) {
        let mut written = ::csv::WriterBuilder::new().from_writer(Vec::new());
        written.write_record(&cells).expect("it is written");
        let bytes = written.into_inner().expect("it is flushed");
        let mut scanner = RowScanner::new(bytes.as_slice(), b',', usize::MAX);
        let row = scanner.next_row().expect("it is read").expect("there is a row");
        let text = String::from_utf8(row.bytes).expect("it is UTF-8");
        let values: Vec<String> = fields(&text, b',').into_iter().map(|cell| cell.value(&text)).collect();
        prop_assert_eq!(values, cells);
        prop_assert!(scanner.next_row().expect("it is read").is_none());
    }

    #[test]
    fn any_bytes_are_read_or_refused(file in prop::collection::vec(prop::sample::select(b"ab,;\"\n\r\t \xC3\xA9\xFF".to_vec()), 0..80)) {
        for doc in read(&Csv::default(), &file, 40).into_iter().flatten() {
            prop_assert!(doc.blocks().iter().all(|block| block.span.of(doc.text()).is_some()));
        }
    }
}
