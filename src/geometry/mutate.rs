//! Damaged copies of a file, for tests: bytes changed, cut out, doubled, and the end cut off.

/// So many damaged copies, the same in every run.
pub(crate) fn mutations(bytes: &[u8], copies: usize) -> impl Iterator<Item = Vec<u8>> + '_ {
    let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ bytes.len() as u64);
    (0..copies).map(move |_| {
        let mut copy = bytes.to_vec();
        for _ in 0..=random.below(3) {
            damage(&mut copy, &mut random);
        }
        copy
    })
}

fn damage(copy: &mut Vec<u8>, random: &mut Random) {
    if copy.is_empty() {
        return copy.push(random.below(256) as u8);
    }
    let at = random.below(copy.len());
    let end = (at + 1 + random.below(16)).min(copy.len());
    match random.below(7) {
        0 => copy.truncate(at),
        1 => drop(copy.drain(at..end)),
        2 => copy[at] ^= 1 << random.below(8),
        3 => copy[at..end].fill(random.below(256) as u8),
        4 => {
            let piece = copy[at..end].to_vec();
            copy.splice(at..at, piece);
        }
        5 => {
            copy[at] = *b"\0\"\\{}[],:<>&/;()9eE-.\xFF\xD6\x81".get(random.below(24)).unwrap_or(&0)
        }
        _ => {
            let piece = copy[at..end].to_vec();
            let to = random.below(copy.len());
            copy.splice(to..to, piece);
        }
    }
}

/// Xorshift: enough for tests, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}
