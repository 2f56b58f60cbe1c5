// SPDX-License-Identifier: MIT OR Apache-2.0
//! Elements of a view for safe Rust: copied out, a piece at a time.

use crate::codec::element::Elements;
use crate::error::{Error, Result};

use super::{Holder, View, memory};

impl View {
    /// Copies as many elements as `target` holds, from element `first` on in Fortran order, into `target`, in the byte
    /// order of this machine.
    ///
    /// Errors: [`Error::TypeMismatch`] when `target` is of another type than the view, [`Error::OutOfRange`] when the
    /// view has fewer elements, and truncated when the file of a mapped view has become shorter than it was when it
    /// was opened.
    pub fn copy_to(&self, first: u64, mut target: Elements<'_>) -> Result<()> {
        if target.dtype() != self.dtype {
            return Err(Error::TypeMismatch(format!(
                "elements {} of a view cannot be copied to elements {}",
                self.dtype,
                target.dtype()
            )));
        }
        let count = target.len() as u64;
        if first.checked_add(count).is_none_or(|end| end > self.elements()) {
            return Err(Error::OutOfRange(format!(
                "{count} elements from element {first} on of a view that has {}",
                self.elements()
            )));
        }
        let itemsize = self.dtype.itemsize() as u64;
        memory::as_bytes(&mut target, |bytes| {
            let mut at = 0;
            for (offset, elements) in self.runs(first, count) {
                let len = (elements * itemsize) as usize;
                let to = &mut bytes[at..at + len];
                match &self.holder {
                    // Read from the file and not through its mapping: it may have been cut since.
                    Some(Holder::Source { source, offset: start }) => source
                        .read_at(to, start + offset)
                        .map_err(|error| error.into_error(source.path(), None))?,
                    // SAFETY: the run lies inside what the view spans, which `holder` keeps alive; `to` is the caller's
                    // alone, and every pattern of bytes is an element.
                    _ => unsafe {
                        std::ptr::copy_nonoverlapping(self.data.add(offset as usize), to.as_mut_ptr(), len);
                    },
                }
                at += len;
            }
            if self.big_endian != cfg!(target_endian = "big") {
                // A complex number is two numbers.
                let word = if self.dtype.is_complex() { itemsize / 2 } else { itemsize } as usize;
                bytes.chunks_exact_mut(word).for_each(<[u8]>::reverse);
            }
            Ok(())
        })
    }

    /// The runs of neighbouring bytes that make up `count` elements from element `first` on: byte offset and elements.
    fn runs(&self, first: u64, count: u64) -> impl Iterator<Item = (u64, u64)> {
        let [ni, nj, _] = self.shape;
        let itemsize = self.strides[0];
        let whole = self.strides[1] == ni * itemsize && self.strides[2] == ni * nj * itemsize;
        let end = first + count;
        let mut next = first;
        std::iter::from_fn(move || {
            if next == end {
                return None;
            }
            let (i, j, k) = (next % ni, next / ni % nj, next / (ni * nj));
            let elements = if whole { end - next } else { (ni - i).min(end - next) };
            next += elements;
            Some((i * itemsize + j * self.strides[1] + k * self.strides[2], elements))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::dtype::Dtype;
    use crate::file::{File, OpenOptions};
    use crate::source::Access;
    use crate::view::ViewOptions;

    fn model() -> File {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/model.rsf");
        File::open(&path, OpenOptions { access: Access::Map, ..OpenOptions::default() }).unwrap()
    }

    fn copied(view: &View, first: u64, count: usize) -> Vec<f32> {
        let mut values = vec![0.0; count];
        view.copy_to(first, Elements::F32(&mut values)).unwrap();
        values
    }

    #[test]
    fn pieces_are_the_elements_of_the_whole_and_of_a_slab() {
        let file = model();
        let record = (0..file.record_count())
            .find(|record| {
                file.natural(*record).is_ok_and(|natural| natural.dtype == Dtype::F32)
                    && file.record(*record).unwrap().attributes.shape == [120, 80, 1]
            })
            .unwrap();
        let view = file.view(record, &ViewOptions::default()).unwrap();
        let whole = copied(&view, 0, 120 * 80);
        assert_eq!(copied(&view, 1000, 333), whole[1000..1333]);
        let slab = ViewOptions { slab_start: [5, 6, 0], slab_count: [7, 8, 1], ..ViewOptions::default() };
        let slab = file.view(record, &slab).unwrap();
        let expected: Vec<f32> =
            (6..14).flat_map(|j| (5..12).map(move |i| (i, j))).map(|(i, j)| whole[i + 120 * j]).collect();
        assert_eq!(copied(&slab, 0, 56), expected);
        assert_eq!(copied(&slab, 3, 20), expected[3..23]);
        let mut other = [0f64; 3];
        assert!(matches!(view.copy_to(0, Elements::F64(&mut other)), Err(Error::TypeMismatch(_))));
        let mut more = [0f32; 3];
        assert!(matches!(slab.copy_to(54, Elements::F32(&mut more)), Err(Error::OutOfRange(_))));
        assert!(matches!(slab.copy_to(u64::MAX, Elements::F32(&mut more)), Err(Error::OutOfRange(_))));
    }

    #[test]
    fn a_mapped_file_that_shrinks_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.rsf");
        std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/model.rsf"), &path).unwrap();
        let file = File::open(&path, OpenOptions { access: Access::Map, ..OpenOptions::default() }).unwrap();
        let view = file.view(0, &ViewOptions::default()).unwrap();
        assert_eq!(view.origin(), crate::file::Origin::Mapped);
        let mut values = [0f32; 120];
        view.copy_to(0, Elements::F32(&mut values)).unwrap();
        std::fs::File::options().write(true).open(&path).unwrap().set_len(0).unwrap();
        let error = view.copy_to(0, Elements::F32(&mut values)).unwrap_err();
        assert!(error.to_string().contains("the file ends at byte 0"), "{error}");
    }
}
