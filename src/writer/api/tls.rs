//! Whom the client believes to be the target: certificates are always verified, against what this machine
//! trusts and an authority of one's own beside it. Nothing turns that off.

use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;

use crate::error::{Error, Result};

/// TLS 1.2 or newer. Where only plain http is spoken, on this machine, nobody is trusted, so that a machine
/// without a store of roots can use the sandbox.
pub(super) fn config(spoken: bool, ca_file: Option<&Path>) -> Result<ClientConfig> {
    // The provider is handed over, not installed: a process default belongs to the program
    // that uses this library.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?;
    if !spoken {
        let none = rustls::RootCertStore::empty();
        return Ok(builder.with_root_certificates(none).with_no_client_auth());
    }
    let verifier = match ca_file {
        None => Verifier::new(provider).map_err(|error| failed(&error))?,
        Some(file) => Verifier::new_with_extra_roots(read(file)?, provider)
            .map_err(|error| unusable(file, &error.to_string()))?,
    };
    // The call is named for verifiers that verify less; this one is the platform's.
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    Ok(builder.with_no_client_auth())
}

fn failed(error: &rustls::Error) -> Error {
    Error::Unreachable { title: "the API", url: "https".to_owned(), why: error.to_string() }
}

/// The certificates of a PEM file, at least one.
fn read(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let found: Vec<_> = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .map_err(|error| unusable(file, &error.to_string()))?;
    if found.is_empty() {
        return Err(unusable(file, "there is no certificate in it"));
    }
    Ok(found)
}

fn unusable(file: &Path, why: &str) -> Error {
    Error::usage(
        format!("the certificates in {file:?} cannot be used: {why}"),
        "ca_file names the certificate of the authority as PEM, which begins with -----BEGIN \
         CERTIFICATE-----",
    )
}
