//! Lengths in delta encoding: their number is declared, and the decoder asks for that much memory.

/// Checks the lengths at the start of a page of texts, `two` of them for texts with shared starts;
/// none when they are more than `most`, or damaged.
pub fn lengths_fit(bytes: &[u8], two: bool, most: usize) -> Option<()> {
    let rest = after_block(bytes, most)?;
    if two {
        after_block(rest, most)?;
    }
    Some(())
}

/// What follows a block of at most `most` numbers.
fn after_block(bytes: &[u8], most: usize) -> Option<&[u8]> {
    let mut bytes = bytes;
    let block = usize::try_from(varint(&mut bytes)?).ok()?;
    let parts = usize::try_from(varint(&mut bytes)?).ok()?;
    let count = usize::try_from(varint(&mut bytes)?).ok()?;
    varint(&mut bytes)?;
    if parts == 0 || block == 0 || block % parts != 0 || count > most {
        return None;
    }
    let per_part = block / parts;
    let mut left = count.saturating_sub(1);
    while left > 0 {
        varint(&mut bytes)?;
        let (widths, rest) = bytes.split_at_checked(parts)?;
        bytes = rest;
        for &width in widths {
            if left == 0 {
                break;
            }
            // The last part may be cut off in old files: the decoder pads it.
            let length = per_part.checked_mul(usize::from(width))?.div_ceil(8);
            bytes = bytes.get(length..).or((left <= per_part).then_some(&[]))?;
            left = left.saturating_sub(per_part);
        }
    }
    Some(bytes)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7F) << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lengths 3, 4, 5 in one block of 128 with 4 parts: all steps are 1.
    const LENGTHS: [u8; 10] = [0x80, 0x01, 4, 3, 6, 2, 0, 0, 0, 0];

    #[test]
    fn a_number_that_the_page_cannot_hold_is_refused() {
        assert_eq!(lengths_fit(&LENGTHS, false, 3), Some(()));
        assert_eq!(lengths_fit(&LENGTHS, false, 2), None);
        assert_eq!(lengths_fit(&LENGTHS, true, 3), None);
        assert_eq!(lengths_fit(&LENGTHS.repeat(2), true, 3), Some(()));
        let huge = [0x80, 0x01, 4, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 6];
        assert_eq!(lengths_fit(&huge, false, 1_000_000), None);
    }
}
