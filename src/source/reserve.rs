// SPDX-License-Identifier: MIT OR Apache-2.0
//! A reserve of memory for the small allocations of calls of the C ABI.
//!
//! What is large, or grows with a file, is asked for where a refusal can be answered: it becomes an error. But the text of a
//! message, a reference count or a path are a few bytes each that the standard library asks for on its own, and it ends the
//! process when it is refused. [`Reserve`] passes everything on to the system's allocator; only when that refuses a small
//! request of a thread that is [inside](enter) a call, the bytes come from a block of a static reserve. Loops that ask for
//! many small pieces look at [`drawn`] and end with an error.
//!
//! The reserve is a bit a block, set and cleared with atomic operations: no lock that a fork could leave held. When all
//! blocks are taken, a request waits for one: other threads are on their way out of their calls with an error, too. Calls
//! that would keep what they allocate begin only while half of the reserve is [free](is_low).

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, UnsafeCell};
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// The allocator of the library: the system's, with the reserve behind it.
#[derive(Debug)]
pub struct Reserve;

#[cfg(feature = "reserve")]
#[global_allocator]
static ALLOCATOR: Reserve = Reserve;

/// Blocks of one size, which is also their alignment.
#[repr(C, align(16384))]
struct Blocks<const SIZE: usize, const COUNT: usize, const WORDS: usize> {
    bytes: UnsafeCell<[MaybeUninit<[u8; SIZE]>; COUNT]>,
    /// A bit a block that is taken.
    taken: [AtomicU64; WORDS],
    used: AtomicUsize,
}

// SAFETY: bytes of a block are used by whoever set its bit, and by nobody else until it is cleared.
unsafe impl<const SIZE: usize, const COUNT: usize, const WORDS: usize> Sync for Blocks<SIZE, COUNT, WORDS> {}

static SMALL: Blocks<128, 4096, 64> = Blocks::new();
static MIDDLE: Blocks<1024, 1024, 16> = Blocks::new();
static LARGE: Blocks<16384, 64, 1> = Blocks::new();

impl<const SIZE: usize, const COUNT: usize, const WORDS: usize> Blocks<SIZE, COUNT, WORDS> {
    const fn new() -> Self {
        assert!(WORDS * 64 == COUNT && SIZE.is_power_of_two());
        Blocks {
            bytes: UnsafeCell::new([const { MaybeUninit::uninit() }; COUNT]),
            taken: [const { AtomicU64::new(0) }; WORDS],
            used: AtomicUsize::new(0),
        }
    }

    /// A free block for `layout`; null when there is none or it is too small.
    fn take(&self, layout: Layout) -> *mut u8 {
        if layout.size() > SIZE || layout.align() > SIZE {
            return std::ptr::null_mut();
        }
        for (number, word) in self.taken.iter().enumerate() {
            let mut bits = word.load(Ordering::Relaxed);
            while bits != u64::MAX {
                let free = (!bits).trailing_zeros();
                match word.compare_exchange_weak(bits, bits | 1 << free, Ordering::Acquire, Ordering::Relaxed)
                {
                    Ok(_) => {
                        self.used.fetch_add(1, Ordering::Relaxed);
                        let block = 64 * number + free as usize;
                        return self.bytes.get().cast::<u8>().wrapping_add(SIZE * block);
                    }
                    Err(now) => bits = now,
                }
            }
        }
        std::ptr::null_mut()
    }

    /// Gives back the block at `address`; false when it is none of these.
    fn give_back(&self, address: *mut u8) -> bool {
        let distance = (address as usize).wrapping_sub(self.bytes.get() as usize);
        if distance >= SIZE * COUNT {
            return false;
        }
        let block = distance / SIZE;
        self.used.fetch_sub(1, Ordering::Relaxed);
        self.taken[block / 64].fetch_and(!(1 << (block % 64)), Ordering::Release);
        true
    }

    fn holds(&self, address: *mut u8) -> bool {
        (address as usize).wrapping_sub(self.bytes.get() as usize) < SIZE * COUNT
    }

    fn is_low(&self) -> bool {
        self.used.load(Ordering::Relaxed) > COUNT / 2
    }
}

thread_local! {
    /// Calls that are under way on this thread.
    static INSIDE: Cell<u32> = const { Cell::new(0) };
    static DRAWN: Cell<bool> = const { Cell::new(false) };
}

/// A call on this thread, from [`enter`] on, until it is dropped.
#[derive(Debug)]
pub struct Inside(());

/// This thread begins a call: its small allocations may draw on the reserve. Nests.
pub fn enter() -> Inside {
    INSIDE.with(|inside| {
        if inside.get() == 0 {
            DRAWN.set(false);
        }
        inside.set(inside.get() + 1);
    });
    Inside(())
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.with(|inside| inside.set(inside.get() - 1));
    }
}

/// Runs `work` without the reserve: what it asks for and can do without is refused at once.
pub fn without<T>(work: impl FnOnce() -> T) -> T {
    /// Sets back what was before, whatever happens.
    struct Before(u32);
    impl Drop for Before {
        fn drop(&mut self) {
            INSIDE.set(self.0);
        }
    }
    let _before = Before(INSIDE.replace(0));
    work()
}

/// Whether this thread is inside a call.
pub fn is_inside() -> bool {
    INSIDE.get() > 0
}

/// Whether this thread had to draw on the reserve since its call began: there is no memory, and whoever can should end
/// with an error.
pub fn drawn() -> bool {
    DRAWN.get()
}

/// Whether more than half of the reserve is in use.
pub fn is_low() -> bool {
    SMALL.is_low() || MIDDLE.is_low() || LARGE.is_low()
}

/// How often a request waits for a block, a millisecond each time.
const PATIENCE: u32 = 3000;

/// Memory when the system has none.
#[cold]
fn draw(layout: Layout) -> *mut u8 {
    if !is_inside() || layout.size() > 16384 {
        return std::ptr::null_mut();
    }
    DRAWN.set(true);
    for _ in 0..PATIENCE {
        let takes = [|layout| SMALL.take(layout), |layout| MIDDLE.take(layout), |layout| LARGE.take(layout)];
        let block = takes.iter().map(|take| take(layout)).find(|block| !block.is_null());
        if let Some(block) = block {
            return block;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    std::ptr::null_mut()
}

fn holds(address: *mut u8) -> bool {
    SMALL.holds(address) || MIDDLE.holds(address) || LARGE.holds(address)
}

// SAFETY: memory is the system's, or a block of the reserve that is large enough, aligned to its size, and nobody else's
// until it is given back; `dealloc` and `realloc` tell the two by the address.
unsafe impl GlobalAlloc for Reserve {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise for `alloc` is the system's.
        let address = unsafe { System.alloc(layout) };
        if address.is_null() { draw(layout) } else { address }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as for `alloc`.
        let address = unsafe { System.alloc_zeroed(layout) };
        if !address.is_null() {
            return address;
        }
        let block = draw(layout);
        if !block.is_null() {
            // SAFETY: a block of at least that size, ours alone.
            unsafe { block.write_bytes(0, layout.size()) };
        }
        block
    }

    unsafe fn dealloc(&self, address: *mut u8, layout: Layout) {
        if !(SMALL.give_back(address) || MIDDLE.give_back(address) || LARGE.give_back(address)) {
            // SAFETY: not from the reserve, so from the system with this layout.
            unsafe { System.dealloc(address, layout) };
        }
    }

    unsafe fn realloc(&self, address: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !holds(address) {
            // SAFETY: from the system with this layout; `size` is the caller's promise.
            let moved = unsafe { System.realloc(address, layout, size) };
            if !moved.is_null() {
                return moved;
            }
        }
        // SAFETY: `size` is not 0 and does not overflow, as the caller promised for `realloc`.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        // SAFETY: a layout of a size that is not 0; the old memory is the caller's until it is given back here.
        unsafe {
            let moved = self.alloc(wanted);
            if !moved.is_null() {
                std::ptr::copy_nonoverlapping(address, moved, layout.size().min(size));
                self.dealloc(address, layout);
            }
            moved
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_distinct_aligned_and_come_back() {
        static OWN: Blocks<128, 128, 2> = Blocks::new();
        let blocks = &OWN;
        let layout = Layout::from_size_align(100, 64).unwrap();
        let mut taken: Vec<_> = (0..128).map(|_| blocks.take(layout)).collect();
        assert!(taken.iter().all(|block| !block.is_null() && (*block as usize).is_multiple_of(64)));
        assert!(blocks.take(layout).is_null() && blocks.is_low());
        assert!(blocks.give_back(taken[77]));
        assert_eq!(blocks.take(layout), taken[77]);
        taken.sort();
        taken.dedup();
        assert_eq!(taken.len(), 128);
        assert!(taken.iter().all(|block| blocks.give_back(*block)) && !blocks.is_low());
        let own = std::ptr::from_ref(&layout).cast_mut().cast();
        assert!(!blocks.give_back(own) && !blocks.holds(own));
        assert!(blocks.take(Layout::from_size_align(129, 1).unwrap()).is_null());
    }

    #[test]
    fn only_calls_draw_and_it_shows() {
        let layout = Layout::from_size_align(1000, 8).unwrap();
        assert!(draw(layout).is_null() && !drawn());
        let inside = enter();
        assert!(!drawn());
        let block = draw(layout);
        assert!(!block.is_null() && drawn() && holds(block));
        // SAFETY: a block of 1000 bytes and more; `moved` has the size that is given back.
        unsafe {
            block.write_bytes(7, 1000);
            let moved = Reserve.realloc(block, layout, 5000);
            assert!(!moved.is_null() && !holds(moved) && *moved.add(999) == 7);
            Reserve.dealloc(moved, Layout::from_size_align(5000, 8).unwrap());
        }
        assert!(draw(Layout::from_size_align(16385, 8).unwrap()).is_null());
        assert!(without(|| draw(layout)).is_null() && is_inside());
        drop(inside);
        assert!(!is_inside());
    }
}
