//! The client against real sockets: each line of the table of failures, the limits, and TLS.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Instant;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::*;

const KEY: &str = "canary-7c1d-key";
const REQUEST: &str = "/people";
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

/// What a connection gets; the number of the connection comes with it, from 0.
type Talk = dyn Fn(TcpStream, usize) + Send + Sync;

/// A port where each connection gets its talk on a thread of its own.
fn port(talk: impl Fn(TcpStream, usize) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let talk: Arc<Talk> = Arc::new(talk);
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let talk = Arc::clone(&talk);
            std::thread::spawn(move || talk(stream.unwrap(), number));
        }
    });
    port
}

fn http(talk: impl Fn(TcpStream, usize) + Send + Sync + 'static) -> String {
    format!("http://127.0.0.1:{}", port(talk))
}

/// Reads one request: its head, and its body by the length that it says.
fn request(stream: &mut impl Read) -> Option<(String, Vec<u8>)> {
    let mut reader = BufReader::with_capacity(1, stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        reader.read_line(&mut head).ok().filter(|bytes| *bytes > 0)?;
    }
    let head = head.to_ascii_lowercase();
    let length = head
        .split("content-length: ")
        .nth(1)
        .map_or(0, |rest| rest.split("\r\n").next().unwrap().parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}

/// Answers one request with these bytes, then leaves the connection open until it is closed there.
fn says(answer: impl Into<Vec<u8>>) -> impl Fn(TcpStream, usize) + Send + Sync {
    let answer = answer.into();
    move |mut stream, _| {
        if request(&mut stream).is_some() {
            // Who has heard enough closes before the end.
            let _ = stream.write_all(&answer);
            let _ = stream.read(&mut [0]);
        }
    }
}

fn credential() -> Credential {
    Credential { variable: "VOME_API_KEY", file: None, header: "API-KEY", prefix: "" }
}

fn options(file: Option<&str>) -> Options {
    let path = |file| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/tls").join(file);
    Options { ca_file: file.map(path), ..Options::default() }
}

fn client(base: &str, options: &Options, limits: Limits) -> Client {
    let secret = Secret::new(KEY, "a test").unwrap();
    Client::within(base, &credential(), &secret, options, limits).unwrap()
}

fn post(client: &Client, body: &[u8]) -> Result<Reply, Failure> {
    let request = Request { method: Method::Post, path: REQUEST.to_owned() };
    client.send(&request, Some(body.to_vec()))
}

/// What comes of one request there, under the limits that hold for everybody.
fn sent(base: &str) -> Result<Reply, Failure> {
    post(&client(base, &Options::default(), LIMITS), b"{}")
}

/// Fails unless the request is known not to have left.
fn assert_not_sent(told: Result<Reply, Failure>, word: &str) {
    match told {
        Err(Failure::NotSent(why)) if why.contains(word) && !why.contains(KEY) => {}
        other => panic!("not `not sent` with {word:?}: {other:?}"),
    }
}

/// Fails unless the request counts as one that may have landed.
fn assert_unanswered(told: Result<Reply, Failure>, word: &str) {
    match told {
        Err(Failure::Unanswered(why)) if why.contains(word) && !why.contains(KEY) => {}
        other => panic!("not `unanswered` with {word:?}: {other:?}"),
    }
}

/// A closed connection of which the other side has not read everything is reset.
fn reset(stream: TcpStream) {
    drop(stream);
}

mod failures {
    use super::*;

    #[test]
    fn where_nobody_listens_nothing_was_sent() {
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert_not_sent(sent(&format!("http://{closed}")), "refused");
    }

    #[test]
    fn a_name_that_nobody_knows_was_sent_nothing() {
        let limits = Limits { connect: Duration::from_millis(500), ..LIMITS };
        let client = client("https://nowhere.invalid", &options(Some("ca.pem")), limits);
        // Without a network the question itself may take longer than the time for connecting.
        assert_not_sent(post(&client, b"{}"), "");
    }

    #[test]
    fn a_connection_that_does_not_come_about_in_its_time_was_sent_nothing() {
        // It takes connections and never says a word of TLS.
        let silent = port(|stream, _| {
            let _ = (&stream).read_to_end(&mut Vec::new());
        });
        let limits = Limits { connect: Duration::from_millis(100), ..LIMITS };
        let base = format!("https://127.0.0.1:{silent}");
        assert_not_sent(post(&client(&base, &options(Some("ca.pem")), limits), b"{}"), "time");
        // The time for connecting is part of the whole, so that the whole cannot end first.
        let short = Options { timeout: Duration::from_millis(300), ..options(Some("ca.pem")) };
        assert_not_sent(post(&client(&base, &short, LIMITS), b"{}"), "time");
    }

    #[test]
    fn a_reset_while_the_body_is_written_may_have_landed() {
        let base = http(|mut stream, _| {
            stream.read_exact(&mut [0; 64]).unwrap();
            reset(stream);
        });
        let client = client(&base, &Options::default(), LIMITS);
        assert_unanswered(post(&client, &vec![b' '; 8 << 20]), "");
    }

    #[test]
    fn a_request_without_an_answer_may_have_landed() {
        let closed = http(|mut stream, _| {
            request(&mut stream);
        });
        assert_unanswered(sent(&closed), "");
        let base = http(|mut stream, _| {
            stream.read_exact(&mut [0; 20]).unwrap();
            reset(stream);
        });
        assert_unanswered(sent(&base), "");
        for answer in ["SSH-2.0-server\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Le"] {
            let base = http(move |mut stream, _| {
                request(&mut stream);
                stream.write_all(answer.as_bytes()).unwrap();
            });
            assert_unanswered(sent(&base), "");
        }
    }

    #[test]
    fn an_answer_that_breaks_off_may_be_of_a_request_that_landed() {
        let base = http(|mut stream, _| {
            request(&mut stream);
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}").unwrap();
        });
        assert_unanswered(sent(&base), "broke off");
    }

    #[test]
    fn a_request_has_its_time_and_an_answer_its_pauses() {
        let silence = http(says(""));
        let short = Options { timeout: Duration::from_millis(200), ..Options::default() };
        assert_unanswered(post(&client(&silence, &short, LIMITS), b"{}"), "within 200ms");

        let stops = http(says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"));
        let limits = Limits { idle: Duration::from_millis(100), ..LIMITS };
        let client_of = |base: &str, options| client(base, options, limits);
        let told = post(&client_of(&stops, &Options::default()), b"{}");
        assert_unanswered(told, "stopped for 100ms");

        // Bytes that come one by one do not hold a request beyond its time.
        let drips = http(|mut stream, _| {
            request(&mut stream);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n");
            while stream.write_all(b" ").is_ok() {
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        let began = Instant::now();
        let quick = Options { timeout: Duration::from_millis(400), ..Options::default() };
        assert_unanswered(post(&client(&drips, &quick, LIMITS), b"{}"), "within 400ms");
        assert!(began.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn a_kept_connection_that_was_closed_is_left_for_a_new_one() {
        let (closed, told) = mpsc::channel();
        let closed = Mutex::new(closed);
        let base = http(move |mut stream, _| {
            request(&mut stream);
            stream.write_all(ANSWER).unwrap();
            drop(stream);
            let _ = closed.lock().unwrap().send(());
        });
        let client = client(&base, &Options::default(), LIMITS);
        for _ in 0..20 {
            match post(&client, b"{}") {
                Ok(reply) => assert_eq!(reply.status, 200),
                // The end of the connection had not arrived yet: then it must not pass for unsent.
                Err(failure) => assert!(matches!(failure, Failure::Unanswered(_)), "{failure:?}"),
            }
            let _ = told.recv_timeout(Duration::from_secs(5));
        }
    }

    #[test]
    fn a_kept_connection_that_closes_under_a_request_is_not_sent_again() {
        let requests = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&requests);
        let base = http(move |mut stream, _| {
            while request(&mut stream).is_some() {
                if seen.fetch_add(1, Ordering::SeqCst) > 0 {
                    return;
                }
                stream.write_all(ANSWER).unwrap();
            }
        });
        let client = client(&base, &Options::default(), LIMITS);
        assert_eq!(post(&client, b"{}").unwrap().status, 200);
        assert_unanswered(post(&client, b"{}"), "");
        assert_eq!(requests.load(Ordering::SeqCst), 2, "one request was sent twice");
    }
}

mod answers {
    use super::*;

    #[test]
    fn an_answer_has_a_largest_size() {
        let answer = |bytes: usize| {
            let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {bytes}\r\n\r\n");
            answer.extend(std::iter::repeat_n(' ', bytes));
            answer
        };
        let most = LIMITS.answer;
        assert_eq!(sent(&http(says(answer(most)))).unwrap().body.len(), most);
        assert_unanswered(sent(&http(says(answer(most + 1)))), "larger than 16 MiB");
        // The same of one that says no length.
        let endless = http(|mut stream, _| {
            request(&mut stream);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
            while stream.write_all(chunk.as_bytes()).is_ok() {}
        });
        assert_unanswered(sent(&endless), "larger than 16 MiB");
    }

    #[test]
    fn an_answer_has_a_longest_head() {
        let answer = |count: usize, length: usize| {
            let headers = format!("X-Note: {}\r\n", "n".repeat(length)).repeat(count);
            format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: 2\r\n\r\n{{}}")
        };
        assert_eq!(sent(&http(says(answer(MOST_HEADERS - 1, 10)))).unwrap().status, 200);
        assert_unanswered(sent(&http(says(answer(MOST_HEADERS, 10)))), "");
        assert_unanswered(sent(&http(says(answer(1, 1 << 20)))), "");
    }

    #[test]
    fn an_answer_that_is_compressed_unasked_is_not_read() {
        let packed = pack(&vec![b' '; 1 << 20]).unwrap();
        for encoding in ["gzip", "deflate", "br", "x-own"] {
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {}\r\n\r\n",
                packed.len()
            );
            let told = sent(&http(says([head.as_bytes(), &packed].concat())));
            assert_unanswered(told, "compressed");
        }
        let plain = "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(sent(&http(says(plain))).unwrap().body, b"{}");
    }

    #[test]
    fn a_refusal_that_repeats_the_key_repeats_it_no_further() {
        let body = format!(r#"{{"message":"{KEY}: no such key ({KEY})"}}"#);
        let length = body.len();
        let answer = format!("HTTP/1.1 401 No\r\nContent-Length: {length}\r\n\r\n{body}");
        let reply = sent(&http(says(answer))).unwrap();
        let said = String::from_utf8(reply.body).unwrap();
        assert_eq!(said, r#"{"message":"(the key): no such key ((the key))"}"#);
    }

    #[test]
    fn a_redirect_is_an_answer_like_any_other() {
        let followed = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&followed);
        let there = http(move |_, _| {
            count.fetch_add(1, Ordering::SeqCst);
        });
        for status in [301, 302, 303, 307, 308] {
            let answer = format!(
                "HTTP/1.1 {status} Elsewhere\r\nLocation: {there}/\r\nContent-Length: 0\r\n\r\n"
            );
            assert_eq!(sent(&http(says(answer))).unwrap().status, status);
        }
        assert_eq!(followed.load(Ordering::SeqCst), 0, "the key went elsewhere");
    }
}

mod requests {
    use super::*;

    /// What arrives of a request.
    fn arrived(options: &Options, body: &[u8]) -> (String, Vec<u8>) {
        let (tell, told) = mpsc::channel();
        let tell = Mutex::new(tell);
        let base = http(move |mut stream, _| {
            tell.lock().unwrap().send(request(&mut stream).unwrap()).unwrap();
            stream.write_all(ANSWER).unwrap();
        });
        post(&client(&base, options, LIMITS), body).unwrap();
        told.recv().unwrap()
    }

    #[test]
    fn a_body_is_compressed_by_choice_and_always_into_the_same_bytes() {
        let body = br#"{"people":["Ada","Ada","Ada","Ada"]}"#;
        let (head, plain) = arrived(&Options::default(), body);
        assert!(!head.contains("content-encoding"), "{head}");
        assert_eq!(plain, body);
        let gzip = Options { gzip: true, ..Options::default() };
        let (head, packed) = arrived(&gzip, body);
        assert!(head.contains("content-encoding: gzip\r\n"), "{head}");
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, body);
        assert_eq!(arrived(&gzip, body).1, packed);
    }

    #[test]
    fn no_compressed_answer_is_asked_for() {
        let (head, _) = arrived(&Options::default(), b"{}");
        assert!(head.contains("accept-encoding: identity\r\n"), "{head}");
        assert!(head.starts_with("post /people http/1.1\r\n"), "{head}");
    }
}

mod tls {
    use super::*;

    /// An https server with one of the certificates of the fixtures, which speaks these versions.
    fn server(
        certificate: &str,
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> (String, Arc<AtomicUsize>) {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/tls");
        let chain = CertificateDer::from_pem_file(folder.join(certificate)).unwrap();
        let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![chain], key)
            .unwrap();
        let config = Arc::new(config);
        let requests = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&requests);
        let port = port(move |stream, _| {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream);
            if request(&mut stream).is_some() {
                seen.fetch_add(1, Ordering::SeqCst);
                let _ = stream.write_all(ANSWER);
            }
        });
        (format!("https://127.0.0.1:{port}"), requests)
    }

    #[test]
    fn an_authority_of_ones_own_is_believed_where_its_file_is_named() {
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            let (base, _) = server("server.pem", &[version]);
            let client = client(&base, &options(Some("ca.pem")), LIMITS);
            assert_eq!(post(&client, b"{}").unwrap().body, b"{}");
            assert!(client.is_loopback());
        }
    }

    #[test]
    fn nobody_else_is_believed_also_on_this_machine() {
        for (certificate, authority, word) in [
            ("server.pem", "other-ca.pem", "UnknownIssuer"),
            ("wrong-name.pem", "ca.pem", "not valid for name"),
        ] {
            let (base, requests) = server(certificate, rustls::ALL_VERSIONS);
            let client = client(&base, &options(Some(authority)), LIMITS);
            assert_not_sent(post(&client, b"{}"), word);
            assert_eq!(requests.load(Ordering::SeqCst), 0);
        }
        // Without a file: a machine with roots does not know the authority, one without has none to ask.
        let (base, requests) = server("server.pem", rustls::ALL_VERSIONS);
        let secret = Secret::new(KEY, "a test").unwrap();
        match Client::new(&base, &credential(), &secret, &Options::default()) {
            Ok(client) => assert_not_sent(post(&client, b"{}"), "UnknownIssuer"),
            Err(error) => assert!(matches!(error, Error::Unreachable { .. }), "{error}"),
        }
        assert_eq!(requests.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn a_server_without_tls_is_sent_nothing() {
        let port = port(|mut stream, _| {
            let _ = stream.read(&mut [0; 16]);
            let _ = stream.write_all(ANSWER);
        });
        let base = format!("https://127.0.0.1:{port}");
        assert_not_sent(post(&client(&base, &options(Some("ca.pem")), LIMITS), b"{}"), "");
    }

    #[test]
    fn a_server_that_refuses_us_behind_the_handshake_may_have_been_sent_something() {
        // In TLS 1.3 the client is done before it hears that the server wanted a certificate of it.
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/tls");
        let pem = |name: &str| CertificateDer::from_pem_file(folder.join(name)).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = rustls::RootCertStore::empty();
        roots.add(pem("other-ca.pem")).unwrap();
        let asks = rustls::server::WebPkiClientVerifier::builder_with_provider(
            Arc::new(roots),
            Arc::clone(&provider),
        );
        let asks = asks.build().unwrap();
        for (version, sent) in [(&rustls::version::TLS12, false), (&rustls::version::TLS13, true)] {
            let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).unwrap();
            let config = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
                .with_protocol_versions(&[version])
                .unwrap()
                .with_client_cert_verifier(Arc::clone(&asks))
                .with_single_cert(vec![pem("server.pem")], key)
                .unwrap();
            let config = Arc::new(config);
            let port = port(move |stream, _| {
                let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut stream = rustls::StreamOwned::new(connection, stream);
                assert!(stream.read(&mut [0]).is_err(), "a client without a certificate got in");
                // It says why, then waits until it was heard.
                let _ = stream.sock.read_to_end(&mut Vec::new());
            });
            let base = format!("https://127.0.0.1:{port}");
            let told = post(&client(&base, &options(Some("ca.pem")), LIMITS), b"{}");
            if sent { assert_unanswered(told, "") } else { assert_not_sent(told, "") }
        }
    }

    #[test]
    fn versions_before_1_2_are_not_offered() {
        let config = super::super::tls::config(true, options(Some("ca.pem")).ca_file.as_deref());
        // What a server of the first days would need is not in the hello: neither by its version nor by
        // the list of versions.
        let mut connection = rustls::ClientConnection::new(
            Arc::new(config.unwrap()),
            "localhost".try_into().unwrap(),
        )
        .unwrap();
        let mut hello = Vec::new();
        connection.write_tls(&mut hello).unwrap();
        let list = [0x00, 0x2b, 0x00, 0x05, 0x04, 0x03, 0x04, 0x03, 0x03];
        assert!(hello.windows(list.len()).any(|part| part == list), "the versions 1.3 and 1.2");
    }

    #[test]
    fn a_file_of_certificates_that_cannot_be_used_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for (path, why) in [
            (folder.path().join("missing.pem"), "cannot be used"),
            (file("none.pem", "Ada\n"), "no certificate in it"),
            (file("cut.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n"), "cannot be used"),
            (file("broken.pem", broken), "cannot be used"),
        ] {
            let secret = Secret::new(KEY, "a test").unwrap();
            let options = Options { ca_file: Some(path.clone()), ..Options::default() };
            let made = Client::new("https://127.0.0.1:1", &credential(), &secret, &options);
            let error = made.unwrap_err().to_string();
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(error.contains(why) && error.contains(name), "{error}");
        }
    }
}

mod words {
    use super::*;

    #[test]
    fn plain_http_goes_to_this_machine_only() {
        let plain = Address { loopback: true, tls: false };
        for (address, expected) in [
            ("http://127.0.0.1:8080", Some(plain)),
            ("http://localhost", Some(plain)),
            ("http://[::1]:3", Some(plain)),
            ("https://localhost:3", Some(Address { loopback: true, tls: true })),
            ("https://api.example.org", Some(Address { loopback: false, tls: true })),
            ("http://api.example.org", None),
            ("ftp://127.0.0.1", None),
            ("http://127.0.0.1.example.org", None),
            ("https://user:word@api.example.org", None),
            ("api.example.org", None),
        ] {
            assert_eq!(check_address(address).ok(), expected, "{address}");
        }
    }

    #[test]
    fn headers_of_limits_are_kept_and_no_others() {
        let mut headers = HeaderMap::new();
        for name in ["ratelimit-policy", "x-ratelimit-remaining", "x-rate-limit", "set-cookie"] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static("1"));
        }
        let names: Vec<String> = limits(&headers).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["ratelimit-policy", "x-ratelimit-remaining", "x-rate-limit"]);
    }

    #[test]
    fn a_secret_cannot_be_printed() {
        let secret = Secret::new(&format!(" {KEY}\n"), "VOME_API_KEY").unwrap();
        assert!(!format!("{secret:?}").contains(KEY));
        let client = client("http://127.0.0.1:1", &Options::default(), LIMITS);
        assert!(!format!("{client:?}").contains(KEY), "{client:?}");
        for bad in ["", "  ", "two words", "tab\tbed", "ümlaut"] {
            let error = Secret::new(bad, "VOME_API_KEY").unwrap_err();
            assert!(!error.to_string().contains("two"), "the error repeats the key");
        }
    }
}
