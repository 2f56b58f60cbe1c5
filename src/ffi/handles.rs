// SPDX-License-Identifier: MIT OR Apache-2.0
//! The handle table: 64-bit ids, each made of a kind, a slot and a generation, checked on every use.
//!
//! A stale, made-up or wrong-kind id is an error, never undefined behaviour. A slot whose generations are used up is
//! retired. Locks are held for a lookup and never across anything else, and are taken before a `fork`, so that a
//! child finds them free. Objects are dropped outside of them.

use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::sync::{Arc, Once, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::error::{Error, Result};
use crate::file::File;
#[cfg(test)]
use crate::interleaving;
use crate::seen;
use crate::source::reserve;
use crate::view::{View, at_fork};

/// What a handle can refer to.
trait Kind: Sized + Send + Sync + 'static {
    /// The bits that tell the kinds apart, never 0.
    const CODE: u64;
    const NAME: &'static str;
    fn table() -> &'static Table<Self>;
}

impl Kind for File {
    const CODE: u64 = 0xF1;
    const NAME: &'static str = "file";
    fn table() -> &'static Table<File> {
        &FILES
    }
}

impl Kind for View {
    const CODE: u64 = 0xA7;
    const NAME: &'static str = "view";
    fn table() -> &'static Table<View> {
        &VIEWS
    }
}

static FILES: Table<File> = Table::new(1 << SLOT_BITS);
static VIEWS: Table<View> = Table::new(1 << SLOT_BITS);

const SHARDS: usize = 16;
const SLOT_BITS: u32 = 24;
const KIND_SHIFT: u32 = 56;
/// The first generation of a slot: small numbers are never valid by luck.
const FIRST_GENERATION: u32 = 0x5EED_0001;

struct Table<T> {
    shards: [RwLock<Shard<T>>; SHARDS],
    /// Handles at once, at most.
    slots: usize,
}

struct Shard<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

struct Slot<T> {
    generation: u32,
    references: u32,
    object: Option<Arc<T>>,
}

impl<T> Table<T> {
    const fn new(slots: usize) -> Table<T> {
        let shards = [const { RwLock::new(Shard { slots: Vec::new(), free: Vec::new() }) }; SHARDS];
        Table { shards, slots }
    }
}

/// A handle for a new object, with one reference.
#[allow(private_bounds)]
pub fn insert<T: Kind>(object: T) -> Result<u64> {
    static FORK: Once = Once::new();
    FORK.call_once(|| {
        // A refusal leaves forks as safe as they were without it.
        let _ = at_fork(hold_locks, free_locks);
    });
    let object = Arc::new(object);
    let start = shard_of_thread();
    for turn in 0..SHARDS {
        let number = (start + turn) % SHARDS;
        let mut shard = write(&T::table().shards[number]);
        let slot = match shard.free.pop() {
            Some(slot) => slot as usize,
            None => {
                let slot = shard.slots.len();
                if slot * SHARDS + number >= T::table().slots {
                    continue;
                }
                // Tables stay: they must not take what the reserve has, nor wait for it under a lock.
                let room = reserve::without(|| {
                    shard.slots.try_reserve(1)?;
                    // The free list must never have to grow when a handle is given back.
                    let missing = (slot + 1).saturating_sub(shard.free.len());
                    shard.free.try_reserve(missing)
                });
                if room.is_err() {
                    drop(shard);
                    return Err(Error::no_memory((slot + 1) * size_of::<Slot<T>>(), "the table of handles"));
                }
                shard.slots.push(Slot { generation: FIRST_GENERATION, references: 0, object: None });
                slot
            }
        };
        let entry = &mut shard.slots[slot];
        entry.references = 1;
        entry.object = Some(object);
        return Ok(id::<T>(slot * SHARDS + number, entry.generation));
    }
    Err(Error::Limit(format!("{} {} handles are in use", T::table().slots, T::NAME)))
}

/// The object of a handle.
#[allow(private_bounds)]
pub fn get<T: Kind>(handle: u64) -> Result<Arc<T>> {
    let (number, slot, generation) = parts::<T>(handle)?;
    let shard = read(&T::table().shards[number]);
    match shard.slots.get(slot) {
        Some(Slot { generation: current, object: Some(object), .. }) if *current == generation => {
            Ok(object.clone())
        }
        _ => Err(stale::<T>(handle)),
    }
}

/// One more reference.
#[allow(private_bounds)]
pub fn retain<T: Kind>(handle: u64) -> Result<()> {
    let (number, slot, generation) = parts::<T>(handle)?;
    let mut shard = write(&T::table().shards[number]);
    match shard.slots.get_mut(slot) {
        Some(entry) if entry.generation == generation && entry.object.is_some() => {
            entry.references = entry
                .references
                .checked_add(1)
                .ok_or_else(|| Error::Limit(format!("{} references to one {}", u32::MAX, T::NAME)))?;
            Ok(())
        }
        _ => Err(stale::<T>(handle)),
    }
}

/// One reference less; with the last one the handle is gone, and the object unless a call is using it.
#[allow(private_bounds)]
pub fn release<T: Kind>(handle: u64) -> Result<()> {
    let (number, slot, generation) = parts::<T>(handle)?;
    let mut shard = write(&T::table().shards[number]);
    let object = match shard.slots.get_mut(slot) {
        Some(entry) if entry.generation == generation && entry.object.is_some() => {
            entry.references -= 1;
            if entry.references > 0 {
                return Ok(());
            }
            let object = entry.object.take();
            if let Some(next) = entry.generation.checked_add(1) {
                entry.generation = next;
                shard.free.push(slot as u32);
            }
            object
        }
        _ => return Err(stale::<T>(handle)),
    };
    drop(shard);
    drop(object);
    Ok(())
}

fn id<T: Kind>(slot: usize, generation: u32) -> u64 {
    T::CODE << KIND_SHIFT | u64::from(generation) << SLOT_BITS | slot as u64
}

/// Shard, slot and generation of a handle of that kind.
fn parts<T: Kind>(handle: u64) -> Result<(usize, usize, u32)> {
    if handle == 0 {
        return Err(Error::InvalidHandle(format!("the {} handle is zero: never opened, or closed", T::NAME)));
    }
    let kind = handle >> KIND_SHIFT;
    if kind != T::CODE {
        let found = match kind {
            <File as Kind>::CODE => "a file",
            <View as Kind>::CODE => "a view",
            _ => "nothing that this library made",
        };
        return Err(Error::InvalidHandle(format!("{handle:#x}: expected a {}, found {found}", T::NAME)));
    }
    let slot = (handle & ((1 << SLOT_BITS) - 1)) as usize;
    Ok((slot % SHARDS, slot / SHARDS, (handle >> SLOT_BITS) as u32))
}

#[cold]
fn stale<T: Kind>(handle: u64) -> Error {
    Error::InvalidHandle(format!(
        "{handle:#x}: the {} is gone (closed or released before), or never was",
        T::NAME
    ))
}

/// Threads start at shards of their own, so that they seldom meet.
fn shard_of_thread() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static MINE: usize = NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS;
    }
    MINE.try_with(|mine| *mine).unwrap_or(0)
}

fn read<T>(lock: &RwLock<Shard<T>>) -> RwLockReadGuard<'_, Shard<T>> {
    #[cfg(test)]
    if interleaving::is_controlled() {
        return interleaving::acquire(|| lock.try_read().ok());
    }
    if seen::TRIED {
        return seen::take(|| lock.try_read().ok());
    }
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<Shard<T>>) -> RwLockWriteGuard<'_, Shard<T>> {
    #[cfg(test)]
    if interleaving::is_controlled() {
        return interleaving::acquire(|| lock.try_write().ok());
    }
    if seen::TRIED {
        return seen::take(|| lock.try_write().ok());
    }
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

type Locks<T> = [RwLockWriteGuard<'static, Shard<T>>; SHARDS];
type Held = ManuallyDrop<(Locks<File>, Locks<View>)>;

thread_local! {
    /// The locks, while this thread forks. No destructor: a thread does not end in a fork.
    static HELD: Cell<Option<Held>> = const { Cell::new(None) };
}

extern "C" fn hold_locks() {
    let files = std::array::from_fn(|shard| write(&FILES.shards[shard]));
    let views = std::array::from_fn(|shard| write(&VIEWS.shards[shard]));
    HELD.set(Some(ManuallyDrop::new((files, views))));
}

extern "C" fn free_locks() {
    drop(HELD.take().map(ManuallyDrop::into_inner));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

    /// What the tests put in a small table of its own.
    #[derive(Debug, PartialEq)]
    struct Thing(usize);

    static THINGS: Table<Thing> = Table::new(100);

    impl Kind for Thing {
        const CODE: u64 = 0x7E;
        const NAME: &'static str = "thing";
        fn table() -> &'static Table<Thing> {
            &THINGS
        }
    }

    #[test]
    fn a_full_table_is_a_limit_and_one_free_place_is_enough() {
        let mut handles: Vec<u64> = (0..100).map(|number| insert(Thing(number)).unwrap()).collect();
        for _ in 0..3 {
            let error = insert(Thing(0)).unwrap_err();
            assert!(matches!(&error, Error::Limit(text) if text.contains("100 thing handles")), "{error}");
        }
        let gone = handles.swap_remove(41);
        release::<Thing>(gone).unwrap();
        let again = insert(Thing(777)).unwrap();
        assert_ne!(gone, again, "a place is not taken with the same handle twice");
        assert!(matches!(get::<Thing>(gone), Err(Error::InvalidHandle(_))));
        assert_eq!(*get::<Thing>(again).unwrap(), Thing(777));
        assert!(insert(Thing(0)).is_err());
        for handle in handles.into_iter().chain([again]) {
            release::<Thing>(handle).unwrap();
            assert!(release::<Thing>(handle).is_err() && retain::<Thing>(handle).is_err());
        }
    }

    static DROPPED: AtomicUsize = AtomicUsize::new(0);

    /// What counts how often it goes.
    struct Counted;

    static COUNTED: Table<Counted> = Table::new(100);

    impl Kind for Counted {
        const CODE: u64 = 0x7D;
        const NAME: &'static str = "counted thing";
        fn table() -> &'static Table<Counted> {
            &COUNTED
        }
    }

    impl Drop for Counted {
        fn drop(&mut self) {
            DROPPED.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn an_object_goes_once_with_its_last_reference_in_every_order() {
        let handle = AtomicU64::new(0);
        let (retained, released) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let release = |handle| {
            released.fetch_add(usize::from(release::<Counted>(handle).is_ok()), Ordering::Relaxed);
        };
        let (handle, retained, release) = (&handle, &retained, &release);
        let orders = interleaving::explore(
            usize::MAX,
            || {
                let id = insert(Counted).unwrap();
                handle.store(id, Ordering::Relaxed);
                DROPPED.store(0, Ordering::Relaxed);
                retained.store(0, Ordering::Relaxed);
                released.store(0, Ordering::Relaxed);
                let scripts: [interleaving::Script<'_>; 3] = [
                    // Uses it, whatever others do meanwhile, and gives back a reference that may be gone already.
                    Box::new(move || {
                        let own = get::<Counted>(id);
                        release(id);
                        drop(own);
                    }),
                    Box::new(move || {
                        if super::retain::<Counted>(id).is_ok() {
                            retained.fetch_add(1, Ordering::Relaxed);
                            release(id);
                        }
                    }),
                    // Takes the place as soon as it is free: old handles must not reach the new object.
                    Box::new(move || {
                        release(id);
                        let other = insert(Counted).unwrap();
                        assert_ne!(other, id);
                        release(other);
                    }),
                ];
                scripts.into()
            },
            || {
                let id = handle.load(Ordering::Relaxed);
                assert!(get::<Counted>(id).is_err() || retained.load(Ordering::Relaxed) == 0);
                // One reference of each object, and one more for each retain.
                let references = 2 + retained.load(Ordering::Relaxed);
                assert_eq!(released.load(Ordering::Relaxed), references);
                assert_eq!(DROPPED.load(Ordering::Relaxed), 2);
            },
        );
        println!("handles: {orders} orders of three threads");
        assert!(orders > 100);
    }
}
