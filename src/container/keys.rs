// SPDX-License-Identifier: MIT OR Apache-2.0
//! The sixteen key words that both containers share, and the attributes in their bit fields.
//!
//! Key word `k` is word `k + 2` of an XDF directory entry (`xdf.md` section 6) and word `k + 3` of the search
//! metadata of an RSF record (`rsf.md` section 8).

/// Number of key words.
pub const KEY_WORDS: usize = 16;

/// The key words of one record.
pub type Keys = [u32; KEY_WORDS];

/// Removes what an XDF entry has where an RSF record keeps the upper parts of ni and nj.
pub fn without_wide_dimensions(mut keys: Keys) -> Keys {
    keys[10] &= !0xFF;
    keys[13] &= !0xF;
    keys[14] &= !0xF;
    keys
}

/// What of the key words says how a record is packed: data type, widths and dimensions.
pub const PACKING: Keys = [0xFF, !0xFF, u32::MAX, !0xFFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0xF, 0xF, 0];

/// What of the key words says what dates a record has.
pub const DATES: Keys = [!0xFF, 0, 0, 0, !0x3F, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, u32::MAX];

/// Whether two records agree in all that the mask covers.
pub fn agree(one: &Keys, other: &Keys, mask: &Keys) -> bool {
    // Without a branch, the compiler takes several words at a time.
    one.iter().zip(other).zip(mask).fold(0, |differ, ((one, other), mask)| differ | (one ^ other) & mask) == 0
}

/// Bits of a packed element, as stored.
pub fn pack_bits(keys: &Keys) -> u8 {
    keys[0] as u8
}

/// Length of a time step, seconds.
pub fn deet(keys: &Keys) -> u32 {
    keys[0] >> 8
}

/// First dimension: 24 bits in key 1, the upper 8 in key 10.
pub fn ni(keys: &Keys) -> u32 {
    keys[1] >> 8 | keys[10] << 24
}

/// Grid type, one byte as it is.
pub fn grtyp(keys: &Keys) -> u8 {
    keys[1] as u8
}

/// Second dimension: 24 bits in key 2, four more in key 13, the highest four in key 14.
pub fn nj(keys: &Keys) -> u32 {
    keys[2] >> 8 | (keys[13] & 0xF) << 24 | (keys[14] & 0xF) << 28
}

/// Data type with its flags.
pub fn data_type(keys: &Keys) -> u8 {
    keys[2] as u8
}

/// Third dimension.
pub fn nk(keys: &Keys) -> u32 {
    keys[3] >> 12
}

/// Number of time steps.
pub fn npas(keys: &Keys) -> u32 {
    keys[4] >> 6
}

/// Grid parameters ig1 to ig4.
pub fn ig(keys: &Keys) -> [u32; 4] {
    let ig2 = (keys[5] & 0xFF) << 16 | (keys[6] & 0xFF) << 8 | keys[7] & 0xFF;
    [keys[6] >> 8, ig2, keys[7] >> 8, keys[5] >> 8]
}

/// Level and time codes ip1 to ip3.
pub fn ip(keys: &Keys) -> [u32; 3] {
    [keys[12] >> 4, keys[13] >> 4, keys[14] >> 4]
}

/// Bits of an unpacked element as stored; 0 when the writer did not record them.
pub fn stored_data_bits(keys: &Keys) -> u8 {
    keys[11] as u8
}

/// Bits of an unpacked element (`packing.md` 2.1).
pub fn data_bits(keys: &Keys) -> u8 {
    resolved_data_bits(stored_data_bits(keys), pack_bits(keys))
}

/// Bits of an unpacked element, from those that are stored and those of a packed one (`packing.md` 2.1).
pub fn resolved_data_bits(stored: u8, pack_bits: u8) -> u8 {
    match stored {
        0 if pack_bits > 32 => 64,
        0 => 32,
        bits => bits,
    }
}

/// The date word: the stamp of validity in octal disguise (`xdf.md` 8.1).
pub fn date_word(keys: &Keys) -> u32 {
    keys[15]
}

/// A six-bit character.
fn character(code: u32) -> u8 {
    (code & 63) as u8 + b' '
}

/// The six-bit code of a byte: lower case is folded.
pub fn six_bits(byte: u8) -> u32 {
    let folded = if byte & 0x40 != 0 { byte & !0x20 } else { byte };
    u32::from(folded.wrapping_sub(b' ') & 63)
}

/// Name of the variable, four characters.
pub fn nomvar(keys: &Keys) -> [u8; 4] {
    nomvar_of(keys[11])
}

/// The four characters of the key word that holds the name of the variable.
pub fn nomvar_of(word: u32) -> [u8; 4] {
    [character(word >> 26), character(word >> 20), character(word >> 14), character(word >> 8)]
}

/// Type of field, two characters.
pub fn typvar(keys: &Keys) -> [u8; 2] {
    [character(keys[10] >> 14), character(keys[10] >> 8)]
}

/// Label, twelve characters.
pub fn etiket(keys: &Keys) -> [u8; 12] {
    let [first, second, third] = [keys[8], keys[9], keys[10]];
    [
        first >> 26,
        first >> 20,
        first >> 14,
        first >> 8,
        first >> 2,
        second >> 26,
        second >> 20,
        second >> 14,
        second >> 8,
        second >> 2,
        third >> 26,
        third >> 20,
    ]
    .map(character)
}

/// Packs characters, the first one highest, into the upper bits of a word; missing ones are blanks.
pub fn pack_text(text: &[u8], characters: usize) -> u32 {
    (0..characters)
        .fold(0, |word, index| word | six_bits(text.get(index).copied().unwrap_or(b' ')) << (26 - 6 * index))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entry 0 of the worked example, `xdf.md` section 15.
    const EXAMPLE: Keys = [
        0x00012c20, 0x0000035a, 0x00000205, 0x00001000, 0x00000300, 0x00000701, 0x0003e902, 0x00fde903,
        0x9d141000, 0x00000000, 0x000c0000, 0xd3400020, 0x59186a00, 0x00000010, 0x00000000, 0x1681bad0,
    ];

    #[test]
    fn worked_example_of_the_page() {
        assert_eq!((deet(&EXAMPLE), npas(&EXAMPLE), pack_bits(&EXAMPLE)), (300, 12, 32));
        assert_eq!((ni(&EXAMPLE), nj(&EXAMPLE), nk(&EXAMPLE)), (3, 2, 1));
        assert_eq!((grtyp(&EXAMPLE), data_type(&EXAMPLE), data_bits(&EXAMPLE)), (b'Z', 5, 32));
        assert_eq!(ig(&EXAMPLE), [1001, 66051, 65001, 7]);
        assert_eq!(ip(&EXAMPLE), [93423264, 1, 0]);
        assert_eq!(&nomvar(&EXAMPLE), b"TT  ");
        assert_eq!(&typvar(&EXAMPLE), b"P ");
        assert_eq!(&etiket(&EXAMPLE), b"G100        ");
    }

    #[test]
    fn masks_cover_what_packing_and_dates_depend_on() {
        let packing = |keys: &Keys| {
            (data_type(keys), pack_bits(keys), stored_data_bits(keys), ni(keys), nj(keys), nk(keys))
        };
        let dates = |keys: &Keys| (deet(keys), npas(keys), date_word(keys));
        for word in 0..KEY_WORDS {
            for bit in 0..32 {
                let mut keys = EXAMPLE;
                keys[word] ^= 1 << bit;
                assert_eq!(
                    agree(&keys, &EXAMPLE, &PACKING),
                    packing(&keys) == packing(&EXAMPLE),
                    "{word} {bit}"
                );
                assert_eq!(agree(&keys, &EXAMPLE, &DATES), dates(&keys) == dates(&EXAMPLE), "{word} {bit}");
            }
        }
    }

    #[test]
    fn lower_case_is_folded_when_text_is_packed() {
        assert_eq!(pack_text(b"r1_ex", 5), 0xc91fe5e0);
        assert_eq!(pack_text(b"G100", 5), EXAMPLE[8]);
        assert_eq!(six_bits(b'`'), six_bits(b'@'));
        assert_eq!(six_bits(b'~'), six_bits(b'^'));
    }

    #[test]
    fn wide_dimensions_are_in_the_pads() {
        let mut keys = EXAMPLE;
        keys[10] |= 0x01;
        keys[13] |= 0x2;
        keys[14] |= 0x4;
        assert_eq!(ni(&keys), 1 << 24 | 3);
        assert_eq!(nj(&keys), 4 << 28 | 2 << 24 | 2);
        assert_eq!(ip(&keys), ip(&EXAMPLE));
        assert_eq!(typvar(&keys), typvar(&EXAMPLE));
        let keys = without_wide_dimensions(keys);
        assert_eq!((ni(&keys), nj(&keys)), (3, 2));
    }
}
