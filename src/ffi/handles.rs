// SPDX-License-Identifier: MIT OR Apache-2.0
//! The handle table: 64-bit ids, each made of a kind, a slot and a generation, checked on every use.
//!
//! A stale, made-up or wrong-kind id is an error, never undefined behaviour. A slot whose generations are used up is
//! retired. Locks are held for a lookup and never across anything else, and are taken before a `fork`, so that a
//! child finds them free. Objects are dropped outside of them.

use std::cell::RefCell;
use std::sync::{Arc, Once, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::error::{Error, Result};
use crate::file::File;
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

static FILES: Table<File> = Table::new();
static VIEWS: Table<View> = Table::new();

const SHARDS: usize = 16;
const SLOT_BITS: u32 = 24;
const KIND_SHIFT: u32 = 56;
/// The first generation of a slot: small numbers are never valid by luck.
const FIRST_GENERATION: u32 = 0x5EED_0001;

struct Table<T> {
    shards: [RwLock<Shard<T>>; SHARDS],
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
    const fn new() -> Table<T> {
        Table { shards: [const { RwLock::new(Shard { slots: Vec::new(), free: Vec::new() }) }; SHARDS] }
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
                if slot * SHARDS + number >= 1 << SLOT_BITS {
                    continue;
                }
                let room = shard.slots.try_reserve(1).and_then(|()| {
                    // The free list must never have to grow when a handle is given back.
                    let missing = (slot + 1).saturating_sub(shard.free.len());
                    shard.free.try_reserve(missing)
                });
                if room.is_err() {
                    return Err(Error::NoMemory { bytes: 0, purpose: "the table of handles".to_owned() });
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
    Err(Error::Limit(format!("{} {} handles are in use", 1u32 << SLOT_BITS, T::NAME)))
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
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<Shard<T>>) -> RwLockWriteGuard<'_, Shard<T>> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

type Held<T> = Vec<RwLockWriteGuard<'static, Shard<T>>>;

thread_local! {
    static HELD: RefCell<(Held<File>, Held<View>)> = const { RefCell::new((Vec::new(), Vec::new())) };
}

extern "C" fn hold_locks() {
    let _ = HELD.try_with(|held| {
        let files = FILES.shards.iter().map(write).collect();
        *held.borrow_mut() = (files, VIEWS.shards.iter().map(write).collect());
    });
}

extern "C" fn free_locks() {
    let _ = HELD.try_with(|held| *held.borrow_mut() = (Vec::new(), Vec::new()));
}
