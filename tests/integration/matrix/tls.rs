//! TLS in front of the sandbox, for a third of the cases: a real handshake and real records, which end
//! where the connections of the sandbox end, by FIN or by RST.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};

use crate::common::repository;

/// A listener that speaks TLS and hands on to the sandbox what it is told.
pub(super) struct Tls {
    address: SocketAddr,
    over: Arc<AtomicBool>,
}

impl Tls {
    /// Listens in front of `behind`.
    pub(super) fn start(behind: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let over = Arc::new(AtomicBool::new(false));
        let (config, ended) = (config(), Arc::clone(&over));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(client) = stream else { continue };
                let (config, ended) = (Arc::clone(&config), Arc::clone(&ended));
                std::thread::spawn(move || carry(client, behind, config, &ended));
            }
        });
        Self { address, over }
    }

    /// Its address with the path of another one.
    pub(super) fn in_front_of(&self, url: &str) -> String {
        let path = url.splitn(4, '/').nth(3).map_or_else(String::new, |path| format!("/{path}"));
        format!("https://{}{path}", self.address)
    }

    /// The file with the authority that vouches for it.
    pub(super) fn authority() -> PathBuf {
        repository("fixtures/tls/ca.pem")
    }
}

impl Drop for Tls {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees that it is over.
        drop(TcpStream::connect(self.address));
    }
}

fn config() -> Arc<ServerConfig> {
    let certificate = CertificateDer::from_pem_file(repository("fixtures/tls/server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(repository("fixtures/tls/server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    Arc::new(config)
}

/// How a turn of reading ended.
enum Turn {
    Nothing,
    Some,
    End,
}

fn turn(read: std::io::Result<usize>) -> Turn {
    match read {
        Ok(0) => Turn::End,
        Ok(_) => Turn::Some,
        Err(error) if error.kind() == ErrorKind::WouldBlock => Turn::Nothing,
        Err(_) => Turn::End,
    }
}

/// One connection, until either side ends it.
fn carry(mut client: TcpStream, behind: SocketAddr, config: Arc<ServerConfig>, over: &AtomicBool) {
    let Ok(mut inner) = TcpStream::connect(behind) else { return };
    let mut tls = ServerConnection::new(config).unwrap();
    client.set_nonblocking(true).unwrap();
    inner.set_nonblocking(true).unwrap();
    let mut bytes = vec![0; 16 * 1024];
    while !over.load(Ordering::Relaxed) {
        let from_client = turn(tls.read_tls(&mut client));
        let open = tls.process_new_packets().is_ok();
        while let Ok(count @ 1..) = tls.reader().read(&mut bytes) {
            if !write_all(&mut inner, &bytes[..count]) {
                return;
            }
        }
        let read = inner.read(&mut bytes);
        if let Ok(count @ 1..) = read {
            tls.writer().write_all(&bytes[..count]).unwrap();
        }
        let from_inner = turn(read);
        while tls.wants_write() {
            match tls.write_tls(&mut client) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => nap(),
                Err(_) => return,
            }
        }
        match (from_client, from_inner) {
            (Turn::End, _) | (_, Turn::End) => return,
            _ if !open => return,
            (Turn::Nothing, Turn::Nothing) => nap(),
            _ => {}
        }
    }
}

fn write_all(stream: &mut TcpStream, mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        match stream.write(bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => nap(),
            Err(_) => return false,
        }
    }
    true
}

fn nap() {
    std::thread::sleep(Duration::from_micros(500));
}
