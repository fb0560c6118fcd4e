//! The page's only style sheet, and the policy that allows nothing else.
//!
//! Colours are variables with a light and a dark value. Colour is never the only sign.

/// SHA-256 of [`SHEET`] in base64; a test compares them.
const HASH: &str = "UBkAhmTQzZsqrqPC7Ty2LVvgY+Bfnriyhs5ADp9DfL0=";

/// The content security policy (CSP level 3): nothing is loaded, run, sent or framed; one style sheet, by its hash.
pub(super) fn policy() -> String {
    format!("default-src 'none'; style-src 'sha256-{HASH}'; base-uri 'none'; form-action 'none'")
}

/// The style sheet.
pub(super) const SHEET: &str = include_str!("page.css");

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    fn base64(bytes: &[u8]) -> String {
        const LETTERS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for chunk in bytes.chunks(3) {
            let mut three = [0u8; 4];
            three[1..=chunk.len()].copy_from_slice(chunk);
            let bits = u32::from_be_bytes(three);
            for i in 0..4 {
                let letter = LETTERS[(bits >> (18 - 6 * i)) as usize & 63];
                text.push(if i > chunk.len() {
                    '='
                } else {
                    char::from(letter)
                });
            }
        }
        text
    }

    #[test]
    fn the_policy_names_the_style_sheet() {
        assert_eq!(base64(&Sha256::digest(SHEET)), HASH);
        // The text of a style element ends at the first `<`.
        assert!(!SHEET.contains('<'));
    }
}
