//! Protocols of text lines over TCP: HTTP, RTSP, SMTP, FTP, SSH.

use crate::{bytes::printable, line::Line};

/// Methods of HTTP (RFC 9110) and WebDAV.
const HTTP_METHODS: &[&str] = &[
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "CONNECT",
    "OPTIONS",
    "TRACE",
    "PATCH",
    "COPY",
    "MOVE",
    "LOCK",
    "UNLOCK",
    "MKCOL",
    "PROPFIND",
    "PROPPATCH",
    "SEARCH",
    "REPORT",
    "NOTIFY",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "POLL",
];

/// Methods of RTSP (RFC 7826).
const RTSP_METHODS: &[&str] = &[
    "DESCRIBE",
    "ANNOUNCE",
    "GET_PARAMETER",
    "OPTIONS",
    "PAUSE",
    "PLAY",
    "RECORD",
    "REDIRECT",
    "SETUP",
    "SET_PARAMETER",
    "TEARDOWN",
];

/// Returns whether a line starts an HTTP response or request.
pub(crate) fn is_http(first_line: &[u8]) -> bool {
    is_response_or_request(first_line, b"HTTP/", HTTP_METHODS)
}

/// Returns whether a line starts an RTSP response or request.
pub(crate) fn is_rtsp(first_line: &[u8]) -> bool {
    is_response_or_request(first_line, b"RTSP/", RTSP_METHODS)
}

fn is_response_or_request(first_line: &[u8], version: &[u8], methods: &[&str]) -> bool {
    let word = first_line
        .split(u8::is_ascii_whitespace)
        .next()
        .unwrap_or_default();
    first_line.starts_with(version) || methods.iter().any(|method| method.as_bytes() == word)
}

/// Prints the first line of the payload, or all lines with `-v`, if `expected` accepts the first line.
pub(crate) fn print(
    line: &mut Line<'_>,
    name: &str,
    length: usize,
    payload: &[u8],
    expected: impl FnOnce(&[u8]) -> bool,
) {
    let is_text = |text: &[u8]| {
        !text.is_empty()
            && text
                .iter()
                .all(|byte| byte.is_ascii_graphic() || b" \t\r".contains(byte))
    };
    let payload = payload.strip_suffix(b"\n").unwrap_or(payload);
    let mut lines = payload.split(|&byte| byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let known = is_text(first) && expected(first);
    if line.options.verbose == 0 || !known {
        line.add(format_args!(": {name}"));
        if known {
            line.text(": ");
            printable(first.trim_ascii_end(), line.out);
        }
        return;
    }
    line.add(format_args!(": {name}, length: {length}"));
    for text in core::iter::once(first)
        .chain(lines)
        .take_while(|text| text.trim_ascii().is_empty() || is_text(text))
    {
        line.text("\n\t");
        printable(text.trim_ascii_end(), line.out);
    }
}

/// Prints the identification line of SSH (RFC 4253 section 4.2). Everything after it is encrypted.
pub(crate) fn ssh(line: &mut Line<'_>, payload: &[u8]) {
    if payload.starts_with(b"SSH-") {
        let first = payload
            .split(|&byte| byte == b'\n')
            .next()
            .unwrap_or_default();
        line.text(": SSH: ");
        printable(first.trim_ascii_end(), line.out);
    }
}
