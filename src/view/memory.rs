// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory for arrays that the library owns, and typed slices over memory that a view or a caller owns.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io;
use std::ptr::NonNull;

use crate::codec::element::{Elements, with_slice};
use crate::dtype::Dtype;

/// Alignment of every array that the library owns: a cache line, and enough for any vector load.
const ALIGNMENT: usize = 64;

/// From this size on, memory comes from the system and goes back to it at once.
const SYSTEM_BYTES: usize = 128 * 1024;

/// A huge page. Faulting in one costs little more than faulting in a small page, of which it saves 512.
const HUGE_PAGE: usize = 2 * 1024 * 1024;

/// Mappings are whole pages, whatever the pages of the machine.
const PAGES: usize = 64 * 1024;

/// Zeroed memory that goes back when it is dropped.
#[derive(Debug)]
pub struct Memory {
    address: NonNull<u8>,
    bytes: usize,
    /// Bytes that the system gave; 0 when the memory comes from the heap.
    mapped: usize,
}

// SAFETY: a `Memory` is the only owner of its bytes, like a `Box<[u8]>`.
unsafe impl Send for Memory {}
// SAFETY: through a shared reference the bytes can only be read.
unsafe impl Sync for Memory {}

impl Memory {
    /// Zeroed memory for `bytes` bytes; `None` when it cannot be had.
    pub fn zeroed(bytes: u64) -> Option<Memory> {
        let bytes = usize::try_from(bytes).ok()?.max(1);
        if bytes < SYSTEM_BYTES {
            return Some(Memory { address: NonNull::new(heap(bytes)?)?, bytes, mapped: 0 });
        }
        // A last huge page is worth having when the array fills most of it.
        let wasted = bytes.checked_next_multiple_of(HUGE_PAGE)? - bytes;
        Memory::mapped(bytes, if wasted <= HUGE_PAGE / 4 { bytes + wasted } else { bytes })
    }

    /// The same for a moment only: all in huge pages.
    pub fn for_a_moment(bytes: u64) -> Option<Memory> {
        let bytes = usize::try_from(bytes).ok()?.max(1);
        Memory::mapped(bytes, bytes.checked_next_multiple_of(HUGE_PAGE)?)
    }

    /// Memory of the system, `mapped` bytes for an array of `bytes`.
    fn mapped(bytes: usize, mapped: usize) -> Option<Memory> {
        let mapped = mapped.checked_next_multiple_of(PAGES)?;
        let address = if mapped >= HUGE_PAGE { map_aligned(mapped)? } else { map(mapped)? };
        Some(Memory { address, bytes, mapped })
    }

    /// Address of the first byte.
    pub fn address(&self) -> *mut u8 {
        self.address.as_ptr()
    }

    /// The bytes.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: `bytes` bytes at `address` are ours alone, initialised (zeroed by the system or the allocator),
        // and borrowed for as long as `self` is.
        unsafe { std::slice::from_raw_parts_mut(self.address.as_ptr(), self.bytes) }
    }

    /// The memory as `count` elements of `dtype`; `None` if it is too small for them.
    pub fn elements(&mut self, dtype: Dtype, count: u64) -> Option<Elements<'_>> {
        let bytes = count.checked_mul(dtype.itemsize() as u64)?;
        if bytes > self.bytes as u64 {
            return None;
        }
        // SAFETY: the bytes are ours, initialised, aligned to 64 (more than any dtype needs), at least `bytes` long
        // (just checked), and borrowed for as long as `self` is.
        Some(unsafe { elements(self.address.as_ptr(), dtype, count as usize) })
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        if self.mapped > 0 {
            unmap(self.address.as_ptr(), self.mapped);
        } else if let Ok(layout) = Layout::from_size_align(self.bytes, ALIGNMENT) {
            // SAFETY: the memory was allocated by `heap` with this very layout.
            unsafe { System.dealloc(self.address.as_ptr(), layout) };
        }
    }
}

fn heap(bytes: usize) -> Option<*mut u8> {
    let layout = Layout::from_size_align(bytes, ALIGNMENT).ok()?;
    // Not of the program's allocator: arrays can be refused, and must not take what `reserve` has for what cannot.
    // SAFETY: the layout has a size of at least 1 (`Memory::zeroed` sees to it).
    Some(unsafe { System.alloc_zeroed(layout) })
}

fn map(bytes: usize) -> Option<NonNull<u8>> {
    // SAFETY: a new anonymous mapping at an address of the system's choice touches no memory of ours.
    let address = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            bytes,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        )
    };
    if address == libc::MAP_FAILED { None } else { NonNull::new(address.cast()) }
}

/// A mapping that starts at a huge page, and advice to use such pages. Without them it is a mapping like any other.
fn map_aligned(bytes: usize) -> Option<NonNull<u8>> {
    let mut address = map(bytes)?;
    // Recent systems align such mappings by themselves.
    if !(address.as_ptr() as usize).is_multiple_of(HUGE_PAGE) {
        unmap(address.as_ptr(), bytes);
        let around = map(bytes.checked_add(HUGE_PAGE)?)?.as_ptr();
        let before = (around as usize).next_multiple_of(HUGE_PAGE) - around as usize;
        unmap(around, before);
        address = NonNull::new(around.wrapping_add(before))?;
        unmap(address.as_ptr().wrapping_add(bytes), HUGE_PAGE - before);
    }
    #[cfg(target_os = "linux")]
    // SAFETY: advice on a mapping of ours; it changes no byte.
    unsafe {
        libc::madvise(address.as_ptr().cast(), bytes, libc::MADV_HUGEPAGE);
    }
    Some(address)
}

/// Gives back a mapping that [`map`] made and nobody uses any more, or a part of one that is made of whole pages.
fn unmap(address: *mut u8, bytes: usize) {
    if bytes > 0 {
        // SAFETY: addresses of a mapping of ours that nobody uses any more.
        unsafe { libc::munmap(address.cast(), bytes) };
    }
}

/// The slice of `count` elements of `dtype` at `address`.
///
/// # Safety
/// `address` must be aligned for `dtype` and point to `count` elements that are writable, that nobody else uses for
/// as long as the slice lives, and whose whole size is below `isize::MAX`. Every bit pattern is a value of every
/// dtype, so memory that was never written holds some value.
pub unsafe fn elements<'a>(address: *mut u8, dtype: Dtype, count: usize) -> Elements<'a> {
    /// SAFETY: what `elements` was promised, for the type `T`.
    unsafe fn slice<'a, T>(address: *mut u8, count: usize) -> &'a mut [T] {
        // SAFETY: alignment, extent and exclusive use are promised by the caller.
        unsafe { std::slice::from_raw_parts_mut(address.cast(), count) }
    }
    // SAFETY: each arm asks for the type that `dtype` names, of the same size and at most the same alignment.
    unsafe {
        match dtype {
            Dtype::U8 => Elements::U8(slice(address, count)),
            Dtype::I8 => Elements::I8(slice(address, count)),
            Dtype::U16 => Elements::U16(slice(address, count)),
            Dtype::I16 => Elements::I16(slice(address, count)),
            Dtype::U32 => Elements::U32(slice(address, count)),
            Dtype::I32 => Elements::I32(slice(address, count)),
            Dtype::U64 => Elements::U64(slice(address, count)),
            Dtype::I64 => Elements::I64(slice(address, count)),
            Dtype::F32 => Elements::F32(slice(address, count)),
            Dtype::F64 => Elements::F64(slice(address, count)),
            Dtype::C64 => Elements::C64(slice(address, count)),
            Dtype::C128 => Elements::C128(slice(address, count)),
            Dtype::Char => Elements::Char(slice(address, count)),
        }
    }
}

/// Lends the elements as the bytes they are made of.
pub fn as_bytes<T>(elements: &mut Elements<'_>, work: impl FnOnce(&mut [u8]) -> T) -> T {
    with_slice!(elements, slice => {
        let bytes = std::mem::size_of_val(&**slice);
        // SAFETY: the same memory, borrowed exclusively through `elements`; all element types are made of plain bytes
        // without padding, and every pattern of bytes is a value of each.
        work(unsafe { std::slice::from_raw_parts_mut(slice.as_mut_ptr().cast(), bytes) })
    })
}

/// Runs `prepare` before every `fork` of this process, and `release` after it, in parent and child.
pub fn at_fork(prepare: extern "C" fn(), release: extern "C" fn()) -> io::Result<()> {
    // SAFETY: the three handlers are functions that live as long as the process: the library is linked `nodelete`.
    match unsafe { libc::pthread_atfork(Some(prepare), Some(release), Some(release)) } {
        0 => Ok(()),
        code => Err(io::Error::from_raw_os_error(code)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_zeroed_and_aligned_whatever_its_size() {
        for bytes in [0, 1, 100, SYSTEM_BYTES as u64 - 1, SYSTEM_BYTES as u64, 10_000_000] {
            let mut memory = Memory::zeroed(bytes).unwrap();
            assert_eq!(memory.address() as usize % ALIGNMENT, 0);
            assert!(memory.bytes_mut().iter().all(|byte| *byte == 0));
            assert!(memory.elements(Dtype::F64, bytes / 8).is_some());
            assert!(memory.elements(Dtype::F64, bytes / 8 + 1).is_none());
        }
    }

    #[test]
    fn too_much_memory_is_refused() {
        assert!(Memory::zeroed(u64::MAX).is_none());
        assert!(Memory::zeroed(1 << 62).is_none());
    }
}
