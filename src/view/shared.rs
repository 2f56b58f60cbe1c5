// SPDX-License-Identifier: MIT OR Apache-2.0
//! The arrays that views share: one decoded array per record and element type, for as long as a view of it lives
//! (or the cache keeps it).
//!
//! When many threads ask for the same record at once, one decodes and the others wait for it; nobody else does. All
//! locks are static, held for moments only and never across reading or decoding, and are taken before a `fork`, so
//! that a child finds them free. A decode that another thread had under way at the fork does not exist in the
//! child: entries carry the process that made them.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Once, PoisonError, Weak};

use super::memory::{self, Memory};
use crate::dtype::Dtype;

/// Which array: file, record, element type.
type Key = (u64, u64, i32);
type Table = HashMap<Key, Entry, BuildHasherDefault<Mixer>>;

/// A hasher for keys of a few small numbers that nobody outside chooses.
#[derive(Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        // Multiplication by an odd constant of no pattern; the high bits, which depend on all others, come down.
        let mixed = (self.0 ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ mixed >> 32;
    }

    fn write_i32(&mut self, number: i32) {
        self.write_u64(u64::from(number as u32));
    }

    fn finish(&self) -> u64 {
        // The table looks at the highest bits, too.
        self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

enum Entry {
    /// A thread of that process is filling it.
    Busy(u32),
    Ready(Weak<SharedArray>),
}

struct Shard {
    table: Mutex<Table>,
    changed: Condvar,
}

const SHARDS: usize = 64;
static TABLE: [Shard; SHARDS] = [const {
    Shard { table: Mutex::new(HashMap::with_hasher(BuildHasherDefault::new())), changed: Condvar::new() }
}; SHARDS];

/// Released arrays that files keep, least recently released first.
static CACHES: Mutex<VecDeque<(u64, Arc<SharedArray>)>> = Mutex::new(VecDeque::new());

/// An array that several views may hold.
#[derive(Debug)]
pub struct SharedArray {
    key: Key,
    /// What holds the elements.
    pub memory: Memory,
    /// Bytes of the elements.
    pub bytes: u64,
}

impl Drop for SharedArray {
    fn drop(&mut self) {
        let mut table = lock(&shard(&self.key).table);
        // Another array may have taken the place since the last owner let go of this one.
        if matches!(table.get(&self.key), Some(Entry::Ready(weak)) if weak.strong_count() == 0) {
            forget(&mut table, &self.key);
        }
    }
}

/// The shared arrays of one open file.
#[derive(Debug)]
pub struct SharedArrays {
    file: u64,
    cache_bytes: u64,
    closed: AtomicBool,
}

impl SharedArrays {
    /// For a new file that keeps up to `cache_bytes` of released arrays.
    pub fn new(cache_bytes: u64) -> SharedArrays {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        static FORK: Once = Once::new();
        FORK.call_once(|| {
            // A refusal (no memory for the registration) leaves forks as safe as they were without it.
            let _ = memory::at_fork(hold_locks, free_locks);
        });
        SharedArrays {
            file: NEXT.fetch_add(1, Ordering::Relaxed),
            cache_bytes,
            closed: AtomicBool::new(false),
        }
    }

    /// The array of a record, if a view of it is alive or the cache has it.
    pub fn find(&self, record: u64, dtype: Dtype) -> Option<Arc<SharedArray>> {
        let key = (self.file, record, dtype as i32);
        let found = match lock(&shard(&key).table).get(&key) {
            Some(Entry::Ready(weak)) => weak.upgrade(),
            _ => None,
        };
        if found.is_some() {
            self.uncache(&key);
        }
        found
    }

    /// The array of a record: a shared one, or a new one from `make`. The flag tells whether it was shared.
    pub fn get<E>(
        &self,
        record: u64,
        dtype: Dtype,
        make: impl FnOnce() -> Result<(Memory, u64), E>,
    ) -> Result<(Arc<SharedArray>, bool), E> {
        let key = (self.file, record, dtype as i32);
        let shard = shard(&key);
        let mut table = lock(&shard.table);
        loop {
            match table.get(&key) {
                Some(Entry::Ready(weak)) => {
                    if let Some(array) = weak.upgrade() {
                        drop(table);
                        self.uncache(&key);
                        return Ok((array, true));
                    }
                    break;
                }
                Some(Entry::Busy(owner)) if *owner == std::process::id() => {
                    table = shard.changed.wait(table).unwrap_or_else(PoisonError::into_inner);
                }
                _ => break,
            }
        }
        table.insert(key, Entry::Busy(std::process::id()));
        drop(table);
        let claim = Claim { key };
        let (memory, bytes) = make()?;
        let array = Arc::new(SharedArray { key, memory, bytes });
        claim.keep(&array);
        Ok((array, false))
    }

    /// Lets go of an array: the last owner hands it to the cache, if there is one.
    pub fn release(&self, array: Arc<SharedArray>) {
        if self.cache_bytes < array.bytes || self.closed.load(Ordering::Acquire) {
            return;
        }
        let mut evicted = Vec::new();
        {
            // New owners come from the table, under its lock: a count of 1 is final while it is held.
            let _table = lock(&shard(&array.key).table);
            if Arc::strong_count(&array) > 1 {
                // Dropped behind this block: not the last owner, or not any more.
                evicted.push(array);
            } else {
                let mut caches = lock(&CACHES);
                caches.push_back((self.file, array));
                let mut total: u64 =
                    caches.iter().filter(|(file, _)| *file == self.file).map(|(_, array)| array.bytes).sum();
                while total > self.cache_bytes {
                    let Some(oldest) = caches.iter().position(|(file, _)| *file == self.file) else { break };
                    let Some((_, array)) = caches.remove(oldest) else { break };
                    total -= array.bytes;
                    evicted.push(array);
                }
            }
        }
        drop(evicted);
    }

    /// Takes an array out of the cache: it has an owner again.
    fn uncache(&self, key: &Key) {
        if self.cache_bytes == 0 {
            return;
        }
        let mut caches = lock(&CACHES);
        let at = caches.iter().position(|(_, array)| array.key == *key);
        let taken = at.and_then(|at| caches.remove(at));
        drop(caches);
        drop(taken);
    }

    /// Empties the cache: the file is closed.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        if self.cache_bytes == 0 {
            return;
        }
        let mut caches = lock(&CACHES);
        let (mine, others) = caches.drain(..).partition(|(file, _)| *file == self.file);
        *caches = others;
        drop(caches);
        let mine: VecDeque<(u64, Arc<SharedArray>)> = mine;
        drop(mine);
    }
}

/// The right, and the duty, to fill an entry: given up when dropped, so that a failure wakes whoever waits.
struct Claim {
    key: Key,
}

impl Claim {
    fn keep(self, array: &Arc<SharedArray>) {
        let shard = shard(&self.key);
        lock(&shard.table).insert(self.key, Entry::Ready(Arc::downgrade(array)));
        shard.changed.notify_all();
        std::mem::forget(self);
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let shard = shard(&self.key);
        forget(&mut lock(&shard.table), &self.key);
        shard.changed.notify_all();
    }
}

/// Removes an entry, and with the last one what the table itself took.
fn forget(table: &mut Table, key: &Key) {
    table.remove(key);
    if table.is_empty() {
        *table = HashMap::default();
    }
}

fn shard(key: &Key) -> &'static Shard {
    let mut hasher = Mixer::default();
    key.hash(&mut hasher);
    // Other bits than those that place the entry in its table.
    &TABLE[(hasher.finish() >> 40) as usize % SHARDS]
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

type Held = (Vec<MutexGuard<'static, Table>>, Option<MutexGuard<'static, VecDeque<(u64, Arc<SharedArray>)>>>);

thread_local! {
    static HELD: RefCell<Held> = const { RefCell::new((Vec::new(), None)) };
}

/// Takes every lock before a fork, in the order in which they nest.
extern "C" fn hold_locks() {
    let _ = HELD.try_with(|held| {
        let tables = TABLE.iter().map(|shard| lock(&shard.table)).collect();
        *held.borrow_mut() = (tables, Some(lock(&CACHES)));
    });
}

/// Frees them after the fork, in parent and child alike: the thread that forked goes on in both.
extern "C" fn free_locks() {
    let _ = HELD.try_with(|held| *held.borrow_mut() = (Vec::new(), None));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    fn array(bytes: u64) -> Result<(Memory, u64), ()> {
        Ok((Memory::zeroed(bytes).ok_or(())?, bytes))
    }

    #[test]
    fn an_array_lives_as_long_as_its_last_owner() {
        let arrays = SharedArrays::new(0);
        let (first, shared) = arrays.get(1, Dtype::F32, || array(100)).unwrap();
        assert!(!shared);
        let (second, shared) = arrays.get(1, Dtype::F32, || Err(())).unwrap();
        assert!(shared && Arc::ptr_eq(&first, &second));
        assert!(arrays.find(1, Dtype::F64).is_none());
        arrays.release(first);
        assert!(arrays.find(1, Dtype::F32).is_some());
        arrays.release(second);
        assert!(arrays.find(1, Dtype::F32).is_none());
    }

    #[test]
    fn threads_that_ask_at_once_share_one_decode() {
        let arrays = SharedArrays::new(0);
        let made = AtomicUsize::new(0);
        let owners: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16)
                .map(|_| {
                    scope.spawn(|| {
                        arrays
                            .get(7, Dtype::F32, || {
                                made.fetch_add(1, Ordering::Relaxed);
                                std::thread::sleep(std::time::Duration::from_millis(20));
                                array(1000)
                            })
                            .unwrap()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(made.load(Ordering::Relaxed), 1);
        assert_eq!(owners.iter().filter(|(_, shared)| !shared).count(), 1);
    }

    #[test]
    fn a_failed_decode_leaves_the_next_one_free() {
        let arrays = SharedArrays::new(0);
        assert!(arrays.get(3, Dtype::F32, || Err::<(Memory, u64), _>("no")).is_err());
        assert!(arrays.get(3, Dtype::F32, || array(10).map_err(|()| "no")).is_ok());
    }

    #[test]
    fn the_cache_keeps_the_most_recently_released() {
        let arrays = SharedArrays::new(250);
        for record in 0..3 {
            let (owner, _) = arrays.get(record, Dtype::F32, || array(100)).unwrap();
            arrays.release(owner);
        }
        assert!(arrays.find(0, Dtype::F32).is_none());
        let again = arrays.find(1, Dtype::F32).unwrap();
        arrays.release(again);
        assert!(arrays.find(2, Dtype::F32).is_some());
        arrays.close();
        assert!(arrays.find(1, Dtype::F32).is_none());
    }
}
