//! Stands between the input and a server, notes what is asked, and breaks connections as it is told.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What becomes of a connection.
pub(crate) enum Rule {
    /// The connection breaks after so many bytes of answers, and before that this happens.
    Cut(usize, Box<dyn FnOnce() + Send>),
    /// The first request is answered with this, and the connection is closed.
    Answer(&'static str),
}

/// Rules for the first connections; those that come after them are left alone.
pub(crate) struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<String>>,
}

impl Proxy {
    pub(crate) fn before(server: SocketAddr, rules: impl IntoIterator<Item = Rule>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(String::new()));
        let notes = Arc::clone(&asked);
        let mut rules: VecDeque<Rule> = rules.into_iter().collect();
        // It ends with the process: nobody connects any more once the test is over.
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (client, rule, notes) = (client.unwrap(), rules.pop_front(), Arc::clone(&notes));
                std::thread::spawn(move || connection(client, server, rule, &notes));
            }
        });
        Self { address, asked }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests so far, as they came, in lower case.
    pub(crate) fn asked(&self) -> String {
        self.asked.lock().unwrap().to_lowercase()
    }
}

fn connection(mut client: TcpStream, server: SocketAddr, rule: Option<Rule>, notes: &Arc<Mutex<String>>) {
    let note = |bytes: &[u8], notes: &Mutex<String>| notes.lock().unwrap().push_str(&String::from_utf8_lossy(bytes));
    let (mut left, mut before) = (usize::MAX, None);
    match rule {
        Some(Rule::Answer(answer)) => {
            note(super::script::head(&mut client).as_bytes(), notes);
            let _ = client.write_all(answer.as_bytes());
            return;
        }
        Some(Rule::Cut(bytes, happens)) => (left, before) = (bytes, Some(happens)),
        None => {}
    }
    let mut upstream = TcpStream::connect(server).unwrap();
    let (mut from, mut to, notes) = (client.try_clone().unwrap(), upstream.try_clone().unwrap(), Arc::clone(notes));
    std::thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(read) = from.read(&mut buffer) {
            note(&buffer[..read], &notes);
            if read == 0 || to.write_all(&buffer[..read]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
    let mut buffer = [0; 8192];
    while let Ok(read) = upstream.read(&mut buffer) {
        let passed = read.min(left);
        left -= passed;
        if left == 0
            && let Some(happens) = before.take()
        {
            happens();
        }
        if read == 0 || client.write_all(&buffer[..passed]).is_err() || left == 0 {
            break;
        }
    }
    let _ = (client.shutdown(Shutdown::Both), upstream.shutdown(Shutdown::Both));
}
