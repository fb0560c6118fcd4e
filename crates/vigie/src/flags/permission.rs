//! Flags that authorize sending, shared by the commands that send.

use std::path::PathBuf;

use vigie_report::Message;

use super::{Flag, Takes};
use crate::error::Error;

/// The authorization of sending, as the command line gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionFlags {
    /// `--scope`: scope files to use instead of the user's own.
    pub files: Vec<PathBuf>,
    /// `--authorized`: who authorized it.
    pub authorized: Option<String>,
}

/// Options that contain [`PermissionFlags`].
pub trait HasPermission {
    /// The permission flags.
    fn permission(&mut self) -> &mut PermissionFlags;
}

/// Returns the rows of the permission flags.
pub const fn flags<O: HasPermission>() -> [Flag<O>; 2] {
    [
        Flag::value(
            "scope",
            Takes::Many("FILE"),
            "scope.toml",
            |o: &mut O, value| {
                o.permission().files.push(value.path());
                Ok(())
            },
        )
        .rare()
        .help("scope-help-file"),
        Flag::value(
            "authorized",
            Takes::One("WHO"),
            "the owner",
            |o: &mut O, value| {
                let who = value.string()?;
                if who.trim().is_empty() {
                    let message = Message::new("scope-who-empty");
                    return Err(Error::usage(message).hint(Message::new("scope-who-empty-hint")));
                }
                o.permission().authorized = Some(who);
                Ok(())
            },
        )
        .rare()
        .help("scope-help-authorized"),
    ]
}
