// SPDX-License-Identifier: MIT OR Apache-2.0
//! The element types that an array can have.

/// Type of the elements of an array (`FstDtype` in C). Complex types are named by their total bits;
/// `Char` is one byte of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Dtype {
    /// Unsigned, 8 bits.
    U8 = 1,
    /// Signed, 8 bits.
    I8 = 2,
    /// Unsigned, 16 bits.
    U16 = 3,
    /// Signed, 16 bits.
    I16 = 4,
    /// Unsigned, 32 bits.
    U32 = 5,
    /// Signed, 32 bits.
    I32 = 6,
    /// Unsigned, 64 bits.
    U64 = 7,
    /// Signed, 64 bits.
    I64 = 8,
    /// IEEE real, 32 bits.
    F32 = 9,
    /// IEEE real, 64 bits.
    F64 = 10,
    /// Complex: two 32-bit reals.
    C64 = 11,
    /// Complex: two 64-bit reals.
    C128 = 12,
    /// One byte of text.
    Char = 13,
}

impl Dtype {
    /// All element types, in the order of their numbers.
    pub const ALL: [Dtype; 13] = [
        Dtype::U8,
        Dtype::I8,
        Dtype::U16,
        Dtype::I16,
        Dtype::U32,
        Dtype::I32,
        Dtype::U64,
        Dtype::I64,
        Dtype::F32,
        Dtype::F64,
        Dtype::C64,
        Dtype::C128,
        Dtype::Char,
    ];

    /// The type with that number, if there is one.
    pub fn from_code(code: i32) -> Option<Dtype> {
        let index = usize::try_from(code.checked_sub(1)?).ok()?;
        Dtype::ALL.get(index).copied()
    }

    /// Bytes of one element.
    pub const fn itemsize(self) -> usize {
        match self {
            Dtype::U8 | Dtype::I8 | Dtype::Char => 1,
            Dtype::U16 | Dtype::I16 => 2,
            Dtype::U32 | Dtype::I32 | Dtype::F32 => 4,
            Dtype::U64 | Dtype::I64 | Dtype::F64 | Dtype::C64 => 8,
            Dtype::C128 => 16,
        }
    }

    /// Alignment that an array of this type needs, in bytes.
    pub const fn alignment(self) -> usize {
        match self {
            Dtype::C64 => 4,
            Dtype::C128 => 8,
            other => other.itemsize(),
        }
    }

    /// Whether an element is a pair of numbers.
    pub const fn is_complex(self) -> bool {
        matches!(self, Dtype::C64 | Dtype::C128)
    }

    /// The name used in messages and in the golden files.
    pub const fn name(self) -> &'static str {
        match self {
            Dtype::U8 => "U8",
            Dtype::I8 => "I8",
            Dtype::U16 => "U16",
            Dtype::I16 => "I16",
            Dtype::U32 => "U32",
            Dtype::I32 => "I32",
            Dtype::U64 => "U64",
            Dtype::I64 => "I64",
            Dtype::F32 => "F32",
            Dtype::F64 => "F64",
            Dtype::C64 => "C64",
            Dtype::C128 => "C128",
            Dtype::Char => "CHAR",
        }
    }

    /// Whether every value of this type is a value of `target`: the conversions that a view offers.
    pub const fn widens_to(self, target: Dtype) -> bool {
        use Dtype::*;
        match self {
            U8 => matches!(target, U8 | U16 | I16 | U32 | I32 | U64 | I64 | F32 | F64),
            I8 => matches!(target, I8 | I16 | I32 | I64 | F32 | F64),
            U16 => matches!(target, U16 | U32 | I32 | U64 | I64 | F32 | F64),
            I16 => matches!(target, I16 | I32 | I64 | F32 | F64),
            U32 => matches!(target, U32 | U64 | I64 | F64),
            I32 => matches!(target, I32 | I64 | F64),
            U64 => matches!(target, U64),
            I64 => matches!(target, I64),
            F32 => matches!(target, F32 | F64),
            F64 => matches!(target, F64),
            C64 => matches!(target, C64 | C128),
            C128 => matches!(target, C128),
            Char => matches!(target, Char),
        }
    }
}

impl std::fmt::Display for Dtype {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_positions() {
        for (index, dtype) in Dtype::ALL.into_iter().enumerate() {
            assert_eq!(dtype as usize, index + 1);
            assert_eq!(Dtype::from_code(dtype as i32), Some(dtype));
            assert!(dtype.widens_to(dtype));
        }
        assert_eq!(Dtype::from_code(0), None);
        assert_eq!(Dtype::from_code(14), None);
        assert_eq!(Dtype::from_code(i32::MIN), None);
    }

    #[test]
    fn widening_never_loses_a_value() {
        assert!(Dtype::U16.widens_to(Dtype::F32));
        assert!(!Dtype::U32.widens_to(Dtype::F32));
        assert!(!Dtype::I16.widens_to(Dtype::U32));
        assert!(!Dtype::F64.widens_to(Dtype::F32));
        assert!(!Dtype::Char.widens_to(Dtype::U8));
    }
}
