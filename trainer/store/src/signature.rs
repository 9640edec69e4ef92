//! Signatures of requests to S3, version 4: an HMAC over the request, with a key that is derived for one day.

use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use crate::Credentials;

pub(crate) struct Request<'a> {
    pub method: &'a str,
    pub host: &'a str,
    /// With `/` at its front, and percent-encoded already.
    pub path: &'a str,
    /// Other headers that are signed, by name in lower case.
    pub headers: &'a [(&'a str, &'a str)],
    /// SHA-256 of the body, hexadecimal.
    pub body: &'a str,
    pub at: OffsetDateTime,
}

/// `20130524T000000Z`
pub(crate) fn timestamp(at: OffsetDateTime) -> String {
    let (date, hour, minute, second) = (day(at), at.hour(), at.minute(), at.second());
    format!("{date}T{hour:02}{minute:02}{second:02}Z")
}

fn day(at: OffsetDateTime) -> String {
    format!("{:04}{:02}{:02}", at.year(), u8::from(at.month()), at.day())
}

/// The value of the header `authorization`.
pub(crate) fn authorization(request: &Request<'_>, region: &str, credentials: &Credentials) -> String {
    let stamp = timestamp(request.at);
    let mut headers =
        vec![("host", request.host), ("x-amz-content-sha256", request.body), ("x-amz-date", stamp.as_str())];
    headers.extend(request.headers);
    headers.sort_unstable();
    let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
    let canonical = format!("{}\n{}\n\n{lines}\n{names}\n{}", request.method, request.path, request.body);
    let scope = format!("{}/{region}/s3/aws4_request", day(request.at));
    let hash = hex::encode(Sha256::digest(canonical));
    let text = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hash}");
    let secret = zeroize::Zeroizing::new(format!("AWS4{}", credentials.secret_key.as_str()));
    let key = [day(request.at).as_str(), region, "s3", "aws4_request"]
        .iter()
        .fold(secret.as_bytes().to_vec(), |key, part| mac(&key, part.as_bytes()));
    let signature = hex::encode(mac(&key, text.as_bytes()));
    format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope},SignedHeaders={names},Signature={signature}",
        credentials.access_key
    )
}

fn mac(key: &[u8], data: &[u8]) -> Vec<u8> {
    // a key of any length is taken
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(data);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of Amazon's documentation of the signature.
    #[test]
    fn signatures_are_those_of_the_documentation() {
        let credentials = Credentials {
            access_key: "AKIAIOSFODNN7EXAMPLE".into(),
            secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned().into(),
            token: None,
        };
        let at = time::macros::datetime!(2013-05-24 00:00 UTC);
        let empty = hex::encode(Sha256::digest(b""));
        let get = Request {
            method: "GET",
            host: "examplebucket.s3.amazonaws.com",
            path: "/test.txt",
            headers: &[("range", "bytes=0-9")],
            body: &empty,
            at,
        };
        let signed = authorization(&get, "us-east-1", &credentials);
        assert!(
            signed.ends_with("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
            "{signed}"
        );
        let body = hex::encode(Sha256::digest(b"Welcome to Amazon S3."));
        let put = Request {
            method: "PUT",
            path: "/test%24file.text",
            headers: &[
                ("date", "Fri, 24 May 2013 00:00:00 GMT"),
                ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ],
            body: &body,
            ..get
        };
        let signed = authorization(&put, "us-east-1", &credentials);
        assert!(
            signed.ends_with("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
            "{signed}"
        );
    }
}
