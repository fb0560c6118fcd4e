//! SQL Server's browser (MC-SQLR): its instances and their versions.
//!
//! CLNT_UCAST_EX, one byte. Replies do not return a token.

use super::kit::{Detail, Reader, Request};
use super::{Answer, Payload};

pub(super) static MSSQL: Payload = Payload::new(
    "mssql-browser",
    "ms-sql-m",
    &[1434],
    Request::fixed(b"\x03"),
    recognise,
);

fn recognise(_token: u64, reply: &[u8]) -> Option<Answer> {
    let mut reader = Reader::new(reply);
    reader.expect(&[5])?;
    let len = usize::from(reader.le16()?);
    let text = reader.take(len)?;
    // "ServerName;X;InstanceName;Y;...": names and values by turns, ";;" after each instance.
    if !text.starts_with(b"ServerName;") {
        return None;
    }
    let mut detail = Detail::NONE.product("Microsoft SQL Server");
    let mut words = text.split(|&byte| byte == b';');
    let mut first = true;
    while let Some(name) = words.next() {
        if name.is_empty() {
            continue;
        }
        let value = words.next().unwrap_or_default();
        detail = match name {
            b"ServerName" if first => detail.labelled("server", value),
            b"InstanceName" => detail.labelled("instance", value),
            b"tcp" => detail.labelled("tcp", value),
            b"Version" if first => {
                first = false;
                detail.version(value)
            }
            _ => detail,
        };
    }
    Some(Answer::confirmed(detail))
}
