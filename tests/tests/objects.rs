//! Sources in object stores and on the web, from the address to the records, against an S3 server on this machine.
//!
//! `cargo test -p docmill-tests --features objects --test objects`

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

#[path = "../../crates/objects/tests/objects/server.rs"]
mod server;

use std::io::{Cursor, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use docmill_tests::{Ran, RunFolder, binary, files_below, fixture, root};

use server::{KEY, SECRET, Server};

/// Over the documents in `in/` of the bucket, under the name that those of the folder have.
const PIPELINE: &str = "version: 1
input: [{ url: s3://press/in/, name: in }]
stages: [ingest, normalize, tag, summarize]
output: [{ jsonl: out/documents.jsonl }]
";

/// docmill with the credentials of the server.
fn docmill(server: &Server) -> Command {
    let mut command = Command::new(binary());
    command.current_dir(root()).env_remove("DOCMILL_LOG").env("DOCMILL_CACHE", "off").env("NO_COLOR", "1");
    let endpoint = format!("http://{}", server.address());
    command.env("AWS_ENDPOINT_URL", endpoint).env("AWS_ACCESS_KEY_ID", KEY).env("AWS_SECRET_ACCESS_KEY", SECRET);
    command
}

/// Runs over addresses or paths.
fn run(server: &Server, out: &RunFolder, arguments: &[&str]) -> Ran {
    Ran::of(docmill(server).args(["run", "--quiet", "-o"]).arg(out.path()).args(arguments))
}

/// A pipeline file in a folder of its own.
fn pipeline(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pipeline.yaml");
    std::fs::write(&file, text).unwrap();
    let name = file.to_str().unwrap().to_owned();
    (folder, name)
}

/// Puts all files below a folder into the bucket, below `in/`.
fn fill(server: &Server, folder: &Path) {
    for file in files_below(folder) {
        let key = format!("in/{}", file.strip_prefix(folder).unwrap().to_str().unwrap());
        server.put("press", &key, std::fs::read(file).unwrap());
    }
}

#[test]
fn the_same_bytes_come_out_as_from_a_folder_whatever_the_number_of_workers() {
    let server = Server::with(&["press"]);
    for folder in ["newsroom", "formats"] {
        fill(&server, &fixture(folder));
    }
    let (_folder, file) = pipeline(PIPELINE);
    let local = server.bucket("press").join("in");
    let mut outs = Vec::new();
    for arguments in [
        vec!["-p", &file, local.to_str().unwrap()],
        vec!["-p", &file, "--workers", "1"],
        vec!["-p", &file, "--workers", "2"],
    ] {
        let out = RunFolder::new();
        let ran = run(&server, &out, &arguments);
        assert!(ran.code == 0 || ran.code == 3, "{}", ran.stderr);
        assert!(out.lines("documents.jsonl").len() > 30);
        outs.push(out.files());
    }
    assert!(outs[0] == outs[1], "from the bucket other bytes come than from the folder");
    assert!(outs[1] == outs[2], "two workers write other bytes than one");
}

#[test]
fn what_is_in_an_archive_of_a_bucket_is_read() {
    let server = Server::with(&["press"]);
    for name in ["yard.zip", "ferry.warc.gz"] {
        server.put("press", name, std::fs::read(fixture("formats").join(name)).unwrap());
    }
    let out = RunFolder::new();
    let ran = run(&server, &out, &["s3://press/"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let records = out.lines("documents.jsonl");
    let uris: Vec<&str> = records.iter().map(|record| record["source"]["uri"].as_str().unwrap()).collect();
    assert!(uris.contains(&"s3://press/yard.zip!/older.zip!/deep/note.txt"), "{uris:?}");
    assert!(uris.iter().any(|uri| uri.starts_with("s3://press/ferry.warc.gz!/")), "{uris:?}");
}

#[test]
fn objects_that_have_not_changed_are_not_worked_on_again() {
    let server = Server::with(&["press"]);
    for name in ["a.txt", "b.txt", "c.txt"] {
        server.put("press", name, format!("Ships Return\n\nThe {name} came in before dawn on May 4, 2019.\n"));
    }
    let (out, cache) = (RunFolder::new(), tempfile::tempdir().unwrap());
    let ran = || {
        let ran = run(&server, &out, &["s3://press/", "--cache", cache.path().to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        out.json("manifest.json")["cache"]["worked"].as_u64()
    };
    assert_eq!(ran(), Some(3));
    assert_eq!(ran(), Some(0));
    server.put("press", "b.txt", "Ships Leave\n\nThey went before dusk.\n");
    assert_eq!(ran(), Some(1));
}

#[test]
fn an_object_that_cannot_be_read_is_in_quarantine_and_the_others_are_not() {
    let server = Server::with(&["press"]);
    server.put("press", "a.txt", "Ships Return\n\nThey came in before dawn.\n");
    server.put("press", "b\nc.txt", "Ships Leave\n\nThey went before dusk.\n");
    let out = RunFolder::new();
    assert_eq!(run(&server, &out, &["s3://press/"]).code, 3);
    let quarantine = out.lines("quarantine.jsonl");
    assert_eq!(quarantine.len(), 1);
    assert_eq!(quarantine[0]["uri"], "s3://press/b%0Ac.txt");
    assert!(quarantine[0].to_string().contains("copy it to another key"), "{}", quarantine[0]);
    assert_eq!(out.lines("documents.jsonl").len(), 1);
}

#[test]
fn a_listing_that_fails_ends_the_run_with_the_answer_of_the_store() {
    let server = Server::with(&["press"]);
    let out = RunFolder::new();
    let ran = run(&server, &out, &["s3://pres/"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("cannot list the input"), "{}", ran.stderr);
    assert!(ran.stderr.contains("s3://pres/: the store answers 404 Not Found (NoSuchBucket"), "{}", ran.stderr);
    assert!(!out.path().join("documents.jsonl").exists());
}

#[test]
fn secrets_are_in_no_log_and_no_file() {
    let server = Server::with(&["press"]);
    server.put("press", "a.txt", "Ships Return\n\nThey came in before dawn.\n");
    let (_folder, file) = pipeline(
        "version: 1\ninput:\n  - url: s3://press/\n    endpoint: ${env:PRESS}\n    options: { access_key_id: '${env:PRESS_KEY}', \
         secret_access_key: '${env:PRESS_SECRET}', session_token: q9w8e7r6t5z4u3i2o1 }\nstages: [ingest]\n",
    );
    let out = RunFolder::new();
    let logging = || {
        let mut command = Command::new(binary());
        command.env("DOCMILL_CACHE", "off").env("DOCMILL_LOG", "trace");
        command.env("PRESS", format!("http://{}", server.address())).env("PRESS_KEY", KEY).env("PRESS_SECRET", SECRET);
        command
    };
    let ran = Ran::of(logging().args(["run", "-p", &file, "-o"]).arg(out.path()));
    let expanded = Ran::of(logging().args(["check", "--expand", &file]));
    assert_eq!((ran.code, expanded.code), (0, 0), "{}{}", ran.stderr, expanded.stderr);
    let mut shown = format!("{}{}{}{}", ran.stdout, ran.stderr, expanded.stdout, expanded.stderr);
    assert!(shown.contains("docmill_engine"), "it logs");
    for file in files_below(&out.path()) {
        shown.push_str(&String::from_utf8_lossy(&std::fs::read(file).unwrap()));
    }
    assert!(!shown.contains(SECRET) && !shown.contains("q9w8e7r6t5z4u3i2o1"), "a secret is shown");
}

#[test]
fn a_file_of_the_web_is_read_by_its_address() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/notes/harbor.md?page=2", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let (mut client, body) = (client.unwrap(), "# Ships Return\n\nThey came in before dawn.\n");
            let _ = client.read(&mut [0; 4096]);
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            client.write_all((head + body).as_bytes()).unwrap();
        }
    });
    let server = Server::with(&[]);
    let out = RunFolder::new();
    let ran = run(&server, &out, &[&url]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let records = out.lines("documents.jsonl");
    assert_eq!(records[0]["source"]["uri"], url.as_str());
    assert_eq!(records[0]["source"]["media_type"], "text/markdown");
    assert_eq!(records[0]["title"], "Ships Return");
}

/// Counts who connects, and answers nobody.
struct Trap {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Trap {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, connections) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&connections);
        std::thread::spawn(move || {
            for _ in listener.incoming() {
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { address, connections }
    }
}

#[test]
fn no_address_in_a_document_is_fetched() {
    let trap = Trap::new();
    let url = format!("http://{}/trap", trap.address);
    let server = Server::with(&["press"]);
    let html = format!(
        "<html><head><base href=\"{url}/\"><link rel=stylesheet href=\"{url}.css\"><meta http-equiv=refresh content=\"0;url={url}\">\
         <script src=\"{url}.js\"></script></head><body><h1>Ships</h1><p>They came in before dawn, <a href=\"{url}\">as told</a>.</p>\
         <img src=\"{url}.png\"><iframe src=\"{url}.html\"></iframe></body></html>"
    );
    let xml = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE a SYSTEM \"{url}.dtd\" [<!ENTITY x SYSTEM \"{url}.xml\"><!ENTITY % y SYSTEM \"{url}.ent\"> %y;]>\
         <?xml-stylesheet href=\"{url}.xsl\"?><a xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include href=\"{url}\"/>\
         <p>They came in before dawn. &x;</p></a>"
    );
    let chapter = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE html [<!ENTITY x SYSTEM \"{url}.xml\">]><html xmlns=\"http://www.w3.org/1999/xhtml\"><body>\
         <p>They came in before dawn. &x;</p><img src=\"{url}.png\"/></body></html>"
    );
    let package = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE package SYSTEM \"{url}.dtd\"><package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\">\
         <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>Ships</dc:title></metadata><manifest>\
         <item id=\"a\" href=\"a.xhtml\" media-type=\"application/xhtml+xml\"/>\
         <item id=\"b\" href=\"{url}\" media-type=\"application/xhtml+xml\"/></manifest>\
         <spine><itemref idref=\"a\"/><itemref idref=\"b\"/></spine></package>"
    );
    let container = "<?xml version=\"1.0\"?><container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\
         <rootfiles><rootfile full-path=\"book.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>";
    let mut book = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", container),
        ("book.opf", package.as_str()),
        ("a.xhtml", chapter.as_str()),
    ] {
        book.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        book.write_all(text.as_bytes()).unwrap();
    }
    server.put("press", "a.html", &html);
    server.put(
        "press",
        "b.md",
        format!("# Ships\n\n![picture]({url}.png) [came]({url}) in before dawn. <img src=\"{url}\">\n"),
    );
    server.put("press", "c.xml", &xml);
    server.put("press", "d.epub", book.finish().unwrap().into_inner());
    server.put("press", "e.jsonl", format!("{{\"text\": \"They came in. {url}\", \"url\": \"{url}\"}}\n"));
    server.put("press", "f.txt", format!("Ships\n\nThey came in before dawn: {url} and s3://press/a.html.\n"));
    let out = RunFolder::new();
    let ran = run(&server, &out, &["s3://press/"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.stderr, out.text("quarantine.jsonl"));
    assert_eq!(out.lines("documents.jsonl").len(), 6);
    assert_eq!(trap.connections.load(Ordering::SeqCst), 0);
    // The trap is one: who connects is counted.
    std::net::TcpStream::connect(trap.address).unwrap();
    docmill_tests::wait_for("connection", || trap.connections.load(Ordering::SeqCst) == 1);
}

#[test]
#[ignore = "needs a store with an empty bucket: tests/objects/garage.sh starts one"]
fn another_store_gives_the_same_bytes_as_a_folder() {
    use object_store::ObjectStoreExt as _;

    let url = std::env::var("DOCMILL_TEST_STORE").expect("DOCMILL_TEST_STORE is the address of an empty bucket");
    let folder = tempfile::tempdir().unwrap();
    let local = folder.path().join("in");
    for name in ["newsroom", "formats"] {
        for file in files_below(&fixture(name)) {
            let to = local.join(name).join(file.strip_prefix(fixture(name)).unwrap());
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(file, to).unwrap();
        }
    }
    // More than a page of a listing, and names that are written otherwise in requests.
    for number in 0..1_100 {
        let file = local.join(format!("notes/{}/{number} & ä+%.txt", number % 7));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, format!("Ships Return\n\nShip {number} came in before dawn.\n")).unwrap();
    }
    // It chooses the cryptography of connections, those of the client here too.
    drop(docmill_cli::registry());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let address = url::Url::parse(&url).unwrap();
        let (store, _) = object_store::parse_url_opts(&address, std::env::vars()).unwrap();
        for file in files_below(&local) {
            let key = format!("in/{}", file.strip_prefix(&local).unwrap().to_str().unwrap());
            let key = object_store::path::Path::parse(key).unwrap();
            store.put(&key, std::fs::read(file).unwrap().into()).await.unwrap();
        }
    });
    let text = PIPELINE.replace("s3://press", url.trim_end_matches('/'));
    let (_folder, file) = pipeline(&text);
    let cache = tempfile::tempdir().unwrap();
    let ran = |out: &RunFolder, more: &[&str]| {
        let mut command = Command::new(binary());
        command.args(["run", "--quiet", "-p", &file, "-o"]).arg(out.path()).args(more).current_dir(root());
        let ran = Ran::of(&mut command);
        assert!(ran.code == 0 || ran.code == 3, "{}", ran.stderr);
        out.files()
    };
    let expected = ran(&RunFolder::new(), &[local.to_str().unwrap(), "--no-cache"]);
    let out = RunFolder::new();
    for _ in 0..2 {
        assert!(
            ran(&out, &["--cache", cache.path().to_str().unwrap()]) == expected,
            "other bytes than from the folder"
        );
    }
    // What failed is tried again, and nothing else. An archive that is itself in quarantine, for what follows a broken file in it, is no
    // document that is worked on.
    let manifest = out.json("manifest.json");
    let [worked, quarantined] =
        ["/cache/worked", "/counts/quarantined"].map(|count| manifest.pointer(count).unwrap().as_u64().unwrap());
    assert!((1..=quarantined).contains(&worked), "{worked} of {quarantined}");
}
