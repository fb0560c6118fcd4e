//! LZW as Go's compress/lzw writes it (and GIF): least significant bit first, literals of eight bits, codes of 9
//! to 12 bits.

use alloc::vec::Vec;

const CLEAR: usize = 256;
const END: usize = 257;

/// Decompresses `packed`. Returns `None` if it is not valid LZW or longer than `max` bytes.
pub(in crate::payload) fn unpack(packed: &[u8], max: usize) -> Option<Vec<u8>> {
    let mut bits = Bits { packed, at: 0 };
    let mut out = Vec::new();
    // Start and length in `out` of the text of each code: the text of the previous code and the byte that follows it.
    let mut table: Vec<(usize, usize)> = Vec::new();
    let mut width = 9;
    let mut last: Option<(usize, usize)> = None;
    loop {
        let code = bits.next(width)?;
        let start = out.len();
        match code {
            CLEAR => {
                table.clear();
                width = 9;
                last = None;
                continue;
            }
            END => return Some(out),
            literal @ 0..CLEAR => out.push(literal as u8),
            known => {
                let (from, len) = match table.get(known - END - 1) {
                    Some(&text) => text,
                    // The code that this step defines.
                    None if known - END - 1 == table.len() => {
                        last.map(|(at, len)| (at, len + 1))?
                    }
                    None => return None,
                };
                for i in from..from + len {
                    out.push(*out.get(i)?);
                }
            }
        }
        if out.len() > max {
            return None;
        }
        if let Some((at, len)) = last
            && table.len() + END + 1 < 4096
        {
            table.push((at, len + 1));
        }
        last = Some((start, out.len() - start));
        // The writer is one code ahead of the table.
        if table.len() + END + 2 > 1 << width && width < 12 {
            width += 1;
        }
    }
}

/// Reads numbers of a few bits each, least significant bit first.
struct Bits<'a> {
    packed: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn next(&mut self, width: usize) -> Option<usize> {
        let mut number = 0;
        for bit in 0..width {
            let at = self.at + bit;
            let byte = *self.packed.get(at / 8)?;
            number |= usize::from(byte >> (at % 8) & 1) << bit;
        }
        self.at += width;
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packs with literals only, as a writer may do.
    fn literals(codes: &[usize]) -> Vec<u8> {
        let mut packed = Vec::new();
        let mut at = 0;
        for &code in codes {
            for bit in 0..9 {
                if at % 8 == 0 {
                    packed.push(0);
                }
                packed[at / 8] |= ((code >> bit & 1) as u8) << (at % 8);
                at += 1;
            }
        }
        packed
    }

    #[test]
    fn codes_expand_to_earlier_text() {
        // "ab", then 258 = "ab", 260 = "aba" (defined by itself), the end.
        let packed = literals(&[CLEAR, 97, 98, 258, 260, END]);
        assert_eq!(unpack(&packed, 100).as_deref(), Some(&b"abababa"[..]));
        assert_eq!(unpack(&packed, 3), None);
        assert_eq!(unpack(&packed[..3], 100), None);
        assert_eq!(unpack(&literals(&[CLEAR, 300]), 100), None);
    }
}
