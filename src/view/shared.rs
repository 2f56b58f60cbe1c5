// SPDX-License-Identifier: MIT OR Apache-2.0
//! The arrays that views share: one decoded array per record and element type, for as long as a view of it lives
//! (or the cache keeps it).
//!
//! When many threads ask for the same record at once, one decodes and the others wait for it; nobody else does. All
//! locks are static, held for moments only and never across reading or decoding, and are taken before a `fork`, so
//! that a child finds them free. A decode that another thread had under way at the fork does not exist in the
//! child: entries carry the process that made them.

use std::cell::Cell;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Once, PoisonError, Weak};

use super::memory::{self, Memory};
use crate::dtype::Dtype;
#[cfg(test)]
use crate::interleaving;
use crate::seen;
use crate::source::reserve;

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

/// Released arrays that files keep.
static CACHES: Mutex<Caches> = Mutex::new(HashMap::with_hasher(BuildHasherDefault::new()));

/// Those of each file that has kept any.
type Caches = HashMap<u64, Cache, BuildHasherDefault<Mixer>>;

/// What one file keeps, least recently released first.
#[derive(Default)]
struct Cache {
    /// An array that is taken out leaves its place empty: the others stay where they know to be. The first place is never
    /// empty, and empty places are never many more than arrays.
    places: VecDeque<Option<Arc<SharedArray>>>,
    /// Number of the first place.
    first: u64,
    arrays: usize,
    /// Bytes of the arrays.
    bytes: u64,
}

/// Empty places that a cache does not mind.
const FEW_PLACES: usize = 16;

/// The place of an array that is in no cache.
const NOWHERE: u64 = u64::MAX;

impl Cache {
    /// Puts an array last. There must be room.
    fn put(&mut self, array: Arc<SharedArray>) {
        array.place.store(self.first + self.places.len() as u64, Ordering::Relaxed);
        self.arrays += 1;
        self.bytes += array.bytes;
        self.places.push_back(Some(array));
    }

    /// Takes out what is at a place, if anything is.
    fn take(&mut self, place: u64) -> Option<Arc<SharedArray>> {
        let at = usize::try_from(place.checked_sub(self.first)?).ok()?;
        let array = self.places.get_mut(at)?.take()?;
        array.place.store(NOWHERE, Ordering::Relaxed);
        self.arrays -= 1;
        self.bytes -= array.bytes;
        while let Some(None) = self.places.front() {
            self.places.pop_front();
            self.first += 1;
        }
        if self.places.len() > 2 * self.arrays + FEW_PLACES {
            self.places.retain(Option::is_some);
            for (place, array) in (self.first..).zip(self.places.iter().flatten()) {
                array.place.store(place, Ordering::Relaxed);
            }
        }
        Some(array)
    }
}

/// An array that several views may hold.
#[derive(Debug)]
pub struct SharedArray {
    key: Key,
    /// What holds the elements.
    pub memory: Memory,
    /// Bytes of the elements.
    pub bytes: u64,
    /// Where it is in the cache of its file; changes under the lock of the caches.
    place: AtomicU64,
}

impl SharedArray {
    fn new(key: Key, memory: Memory, bytes: u64) -> Arc<SharedArray> {
        Arc::new(SharedArray { key, memory, bytes, place: AtomicU64::new(NOWHERE) })
    }
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
        if let Some(array) = &found {
            uncache(array);
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
                        uncache(&array);
                        return Ok((array, true));
                    }
                    break;
                }
                Some(Entry::Busy(owner)) if *owner == std::process::id() => {
                    table = wait(shard, table);
                }
                _ => break,
            }
        }
        // The table must not wait for the reserve under its lock. Without room in it, the array is this caller's alone.
        if reserve::without(|| table.try_reserve(1)).is_err() {
            drop(table);
            let (memory, bytes) = make()?;
            return Ok((SharedArray::new(key, memory, bytes), false));
        }
        table.insert(key, Entry::Busy(std::process::id()));
        drop(table);
        let claim = Claim { key };
        let (memory, bytes) = make()?;
        let array = SharedArray::new(key, memory, bytes);
        claim.keep(&array);
        Ok((array, false))
    }

    /// Lets go of an array: the last owner hands it to the cache, if there is one.
    pub fn release(&self, array: Arc<SharedArray>) {
        if self.cache_bytes < array.bytes || self.closed.load(Ordering::Acquire) {
            return;
        }
        {
            // New owners come from the table, under its lock: a count of 1 is final while it is held.
            let _table = lock(&shard(&array.key).table);
            if Arc::strong_count(&array) == 1 {
                let mut caches = lock(&CACHES);
                // Once more under the lock under which `close` empties the cache: what comes behind it would stay for ever.
                let open = !self.closed.load(Ordering::Acquire);
                if open && reserve::without(|| caches.try_reserve(1)).is_ok() {
                    let cache = caches.entry(self.file).or_default();
                    if reserve::without(|| cache.places.try_reserve(1)).is_ok() {
                        cache.put(array.clone());
                    }
                }
            }
        }
        // Not the last owner, or the cache is one now, or there is no room in it.
        drop(array);
        while let Some(oldest) = self.oldest_beyond_limit() {
            drop(oldest);
        }
    }

    /// Takes out of the cache what was released first, if all is more than the cache may keep.
    fn oldest_beyond_limit(&self) -> Option<Arc<SharedArray>> {
        let mut caches = lock(&CACHES);
        let cache = caches.get_mut(&self.file)?;
        if cache.bytes > self.cache_bytes { cache.take(cache.first) } else { None }
    }

    /// Empties the cache: the file is closed.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        if self.cache_bytes == 0 {
            return;
        }
        let mut caches = lock(&CACHES);
        let cache = caches.remove(&self.file);
        if caches.is_empty() {
            *caches = HashMap::default();
        }
        // Arrays go outside of the lock.
        drop(caches);
        drop(cache);
    }
}

/// Takes an array out of the cache, if it is there: it has an owner again.
fn uncache(array: &SharedArray) {
    // Whoever found the array did so under the lock of its table, under which it was put here.
    if array.place.load(Ordering::Relaxed) == NOWHERE {
        return;
    }
    let mut caches = lock(&CACHES);
    let cache = caches.get_mut(&array.key.0);
    let taken = cache.and_then(|cache| cache.take(array.place.load(Ordering::Relaxed)));
    drop(caches);
    drop(taken);
}

/// The right, and the duty, to fill an entry: given up when dropped, so that a failure wakes whoever waits.
struct Claim {
    key: Key,
}

impl Claim {
    fn keep(self, array: &Arc<SharedArray>) {
        let shard = shard(&self.key);
        lock(&shard.table).insert(self.key, Entry::Ready(Arc::downgrade(array)));
        wake(shard);
        std::mem::forget(self);
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let shard = shard(&self.key);
        forget(&mut lock(&shard.table), &self.key);
        wake(shard);
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

/// Waits for a change of a table.
fn wait<'t>(shard: &'t Shard, table: MutexGuard<'t, Table>) -> MutexGuard<'t, Table> {
    #[cfg(test)]
    if interleaving::is_controlled() {
        drop(table);
        interleaving::wait();
        return lock(&shard.table);
    }
    if seen::TRIED {
        drop(table);
        std::thread::yield_now();
        return lock(&shard.table);
    }
    shard.changed.wait(table).unwrap_or_else(PoisonError::into_inner)
}

/// Wakes whoever waits for a change of a table.
fn wake(shard: &Shard) {
    #[cfg(test)]
    interleaving::wake();
    shard.changed.notify_all();
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    #[cfg(test)]
    if interleaving::is_controlled() {
        return interleaving::acquire(|| mutex.try_lock().ok());
    }
    if seen::TRIED {
        return seen::take(|| mutex.try_lock().ok());
    }
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

type Held = ([MutexGuard<'static, Table>; SHARDS], MutexGuard<'static, Caches>);

thread_local! {
    /// The locks, while this thread forks. No destructor: a thread does not end in a fork.
    static HELD: Cell<Option<ManuallyDrop<Held>>> = const { Cell::new(None) };
}

/// Takes every lock before a fork, in the order in which they nest.
extern "C" fn hold_locks() {
    let tables = std::array::from_fn(|shard| lock(&TABLE[shard].table));
    HELD.set(Some(ManuallyDrop::new((tables, lock(&CACHES)))));
}

/// Frees them after the fork, in parent and child alike: the thread that forked goes on in both.
extern "C" fn free_locks() {
    drop(HELD.take().map(ManuallyDrop::into_inner));
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

    /// Whatever is viewed and released in whatever order, the cache has what a plain list of releases has, and takes no more
    /// places than are of use.
    #[test]
    fn the_cache_is_a_list_of_releases() {
        let arrays = SharedArrays::new(1000);
        let (mut expected, mut random) = (Vec::new(), 1u64);
        for _ in 0..20_000 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            // The same ones most of the time, so that one that nobody asks for stays first.
            let record = if random >> 60 == 0 { 40 } else { (random >> 33) % 12 };
            let (array, shared) = arrays.get(record, Dtype::F32, || array(50 + record)).unwrap();
            assert_eq!(shared, expected.contains(&record));
            expected.retain(|other| *other != record);
            arrays.release(array);
            expected.push(record);
            while expected.iter().map(|record| 50 + record).sum::<u64>() > 1000 {
                expected.remove(0);
            }
            let caches = lock(&CACHES);
            let cache = &caches[&arrays.file];
            let found: Vec<u64> = cache.places.iter().flatten().map(|array| array.key.1).collect();
            assert_eq!(found, expected);
            assert_eq!(cache.bytes, found.iter().map(|record| 50 + record).sum::<u64>());
            assert!(cache.places.len() <= 2 * found.len() + FEW_PLACES);
        }
        arrays.close();
        assert!(!lock(&CACHES).contains_key(&arrays.file));
    }

    /// Those who hold arrays of one record at the same time hold the same.
    fn holders_agree(held: &std::sync::Mutex<Vec<usize>>, array: &Arc<SharedArray>) {
        let mut held = held.lock().unwrap();
        held.push(Arc::as_ptr(array) as usize);
        assert!(held.iter().all(|other| *other == held[0]), "two arrays of one record at once");
    }

    /// Orders of threads that view one record of a file that keeps `cache` bytes; with `close`, one thread more closes it, and
    /// with `fail_first`, the first decode fails.
    fn all_orders(threads: usize, cache: u64, close: bool, fail_first: bool, switches: usize) -> usize {
        let arrays: std::sync::Mutex<Option<Arc<SharedArrays>>> = std::sync::Mutex::new(None);
        let held = std::sync::Mutex::new(Vec::new());
        let made = AtomicUsize::new(0);
        let orders = interleaving::explore(
            switches,
            || {
                let file = Arc::new(SharedArrays::new(cache));
                *arrays.lock().unwrap() = Some(file.clone());
                made.store(0, Ordering::Relaxed);
                let mut scripts: Vec<interleaving::Script<'_>> = Vec::new();
                for _ in 0..threads {
                    let (file, held, made) = (file.clone(), &held, &made);
                    scripts.push(Box::new(move || {
                        let make = || {
                            let first = made.fetch_add(1, Ordering::Relaxed) == 0;
                            if first && fail_first { Err(()) } else { array(100) }
                        };
                        if let Ok((own, _)) = file.get(5, Dtype::F32, make) {
                            holders_agree(held, &own);
                            // A lock taken in between: others may come while this one holds the array.
                            drop(file.find(6, Dtype::F32));
                            held.lock().unwrap().pop();
                            file.release(own);
                        }
                    }));
                }
                if close {
                    scripts.push(Box::new(move || file.close()));
                }
                scripts
            },
            || {
                let file = arrays.lock().unwrap().take().unwrap();
                let key = (file.file, 5, Dtype::F32 as i32);
                let cached = lock(&CACHES).get(&file.file).map_or(0, |cache| cache.arrays);
                let listed = lock(&shard(&key).table).contains_key(&key);
                let kept = usize::from(cache > 0 && !close);
                assert_eq!((cached, listed), (kept, kept == 1), "what is left of the file");
                file.close();
                assert!(!lock(&shard(&key).table).contains_key(&key));
                let made = made.load(Ordering::Relaxed);
                assert!(made >= 1 && made <= threads, "{made} arrays were made");
            },
        );
        println!("{threads} threads, cache {cache}, close {close}, fail {fail_first}: {orders} orders");
        orders
    }

    #[test]
    fn views_share_one_array_in_every_order_of_two_threads() {
        assert!(all_orders(2, 0, false, false, usize::MAX) > 100);
        assert!(all_orders(2, 0, false, true, usize::MAX) > 10);
    }

    #[test]
    fn a_cache_keeps_nothing_of_a_closed_file_in_any_order() {
        assert!(all_orders(1, 1000, true, false, usize::MAX) > 10);
        assert!(all_orders(2, 1000, false, false, 4) > 100);
        assert!(all_orders(2, 1000, true, false, 3) > 100);
    }

    #[test]
    fn views_share_one_array_in_orders_of_three_threads() {
        assert!(all_orders(3, 0, false, false, 3) > 100);
        assert!(all_orders(3, 0, false, true, 2) > 10);
    }
}
