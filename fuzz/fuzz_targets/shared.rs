// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the targets share.

use fstview::codec::element::Elements;
use fstview::codec::{Access, Layout, Packing};
use fstview::file::{File, OpenOptions};
use fstview::view::ViewOptions;

/// Lists and views every record of an image.
pub fn exercise_image(image: &[u8]) {
    let options = OpenOptions { max_array_bytes: 1 << 24, threads: 1, ..OpenOptions::default() };
    // SAFETY: the image outlives the file, which is gone at the end of this function.
    let Ok(file) = (unsafe { File::open_memory(image.as_ptr(), image.len(), options) }) else { return };
    let mut budget = 1u64 << 26;
    for record in 0..file.record_count() {
        let _ = file.record(record).expect("a listed record has attributes");
        let _ = file.metadata(record);
        if let Ok(view) = file.view(record, &ViewOptions::default()) {
            budget = budget.saturating_sub(view.bytes());
        }
        if budget == 0 {
            return;
        }
    }
}

/// Decodes a payload in all the ways there are.
pub fn exercise_payload(packing: &Packing, payload: &[u8]) {
    let Ok(layout) = packing.layout() else { return };
    let head = &payload[..payload.len().min(Layout::HEAD_BYTES)];
    let Ok(decoder) = layout.decoder(head, payload.len() as u64) else { return };
    let count = decoder.decodable();
    if count > 1 << 22 {
        return;
    }
    let span = decoder.span(0, count);
    let bytes = &payload[span.start as usize..span.end as usize];
    let whole = decode(layout.dtype, count as usize, |out| decoder.decode(bytes, 0, out).is_ok());
    if let (Some(whole), Access::Elements) = (whole, decoder.access()) {
        let (first, part) = (count / 3, (count - count / 3).div_ceil(2));
        let span = decoder.span(first, part);
        let bytes = &payload[span.start as usize..span.end as usize];
        let part_image = decode(layout.dtype, part as usize, |out| decoder.decode(bytes, first, out).is_ok());
        let item = layout.dtype.itemsize();
        let expected = &whole[first as usize * item..(first + part) as usize * item];
        assert_eq!(part_image.as_deref(), Some(expected), "a run differs from the whole");
    }
}

/// Runs `work` on a zeroed array of that type; its bytes, if the work succeeds.
fn decode(
    dtype: fstview::Dtype,
    count: usize,
    work: impl FnOnce(Elements<'_>) -> bool,
) -> Option<Vec<u8>> {
    use fstview::Dtype::*;
    macro_rules! run {
        ($variant:ident, $zero:expr, $bytes:expr) => {{
            let mut array = vec![$zero; count];
            work(Elements::$variant(&mut array)).then(|| array.iter().flat_map($bytes).collect())
        }};
    }
    match dtype {
        U8 => run!(U8, 0u8, |v| v.to_ne_bytes()),
        Char => run!(Char, 0u8, |v| v.to_ne_bytes()),
        I8 => run!(I8, 0i8, |v| v.to_ne_bytes()),
        U16 => run!(U16, 0u16, |v| v.to_ne_bytes()),
        I16 => run!(I16, 0i16, |v| v.to_ne_bytes()),
        U32 => run!(U32, 0u32, |v| v.to_ne_bytes()),
        I32 => run!(I32, 0i32, |v| v.to_ne_bytes()),
        U64 => run!(U64, 0u64, |v| v.to_ne_bytes()),
        I64 => run!(I64, 0i64, |v| v.to_ne_bytes()),
        F32 => run!(F32, 0f32, |v| v.to_ne_bytes()),
        F64 => run!(F64, 0f64, |v| v.to_ne_bytes()),
        C64 => run!(C64, [0f32; 2], |v: &[f32; 2]| v.map(f32::to_ne_bytes).concat()),
        C128 => run!(C128, [0f64; 2], |v: &[f64; 2]| v.map(f64::to_ne_bytes).concat()),
    }
}

/// A packing from the first bytes of the input, and the rest of it.
pub fn packing(data: &[u8], data_type: impl Fn(u8) -> u8) -> Option<(Packing, &[u8])> {
    use fstview::codec::{ByteOrder, Container};
    let (head, payload) = data.split_first_chunk::<8>()?;
    let [kind, pack_bits, data_bits, how, ni, nj, nk, wide] = *head;
    let extent = |small: u8, shift: u8| u64::from(small) << ((wide >> shift) & 3);
    Some((
        Packing {
            container: if how & 1 == 0 { Container::Xdf } else { Container::Rsf },
            order: if how & 2 == 0 { ByteOrder::Big } else { ByteOrder::Little },
            data_type: data_type(kind),
            pack_bits,
            data_bits,
            shape: [extent(ni, 0), extent(nj, 2), u64::from(nk)],
        },
        payload,
    ))
}
