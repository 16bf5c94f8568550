//! What the binary formats share.

/// A number in four bytes: a whole one or the upper half of another, whole or in hundredths.
pub fn short_number(bits: u32) -> f64 {
    let value = if bits & 2 != 0 {
        f64::from(bits.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(bits & !3) << 32)
    };
    if bits & 1 != 0 { value / 100.0 } else { value }
}

/// The name of an error, by the number that all binary formats use.
pub fn error_named(number: u8) -> &'static str {
    match number {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_are_whole_or_halves_and_may_be_hundredths() {
        assert_eq!(short_number((7u32 << 2) | 2), 7.0);
        assert_eq!(short_number((-7i32 << 2).cast_unsigned() | 2), -7.0);
        assert_eq!(short_number((28_198u32 << 2) | 3), 281.98);
        let half = (1.5f64.to_bits() >> 32) as u32;
        assert_eq!(short_number(half), 1.5);
        assert_eq!(short_number(half | 1), 0.015);
    }
}
