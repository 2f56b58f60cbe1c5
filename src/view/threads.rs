// SPDX-License-Identifier: MIT OR Apache-2.0
//! Threads that are gone when the call returns, asked of the system itself: those of the standard library end the process
//! when there is no memory to begin them.

use std::any::Any;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr::{null_mut, without_provenance_mut};
use std::sync::{Mutex, PoisonError};

use crate::source::reserve;

/// Bytes of stack.
const STACK: usize = 2 * 1024 * 1024;

/// What the threads of one call share.
struct Shared<'w> {
    work: &'w (dyn Fn() + Sync),
    /// Whether the call came through the C ABI.
    inside: bool,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

/// Runs `work` on up to `count` further threads, fewer when the system refuses them, and `own` on this one; returns when all
/// of it is done. A panic of `work` goes on here.
pub fn beside(count: usize, work: &(dyn Fn() + Sync), own: impl FnOnce()) {
    let shared = Shared { work, inside: reserve::is_inside(), panic: Mutex::new(None) };
    let mut threads = Threads { list: Vec::new() };
    if threads.list.try_reserve_exact(count).is_ok() {
        for _ in 0..count {
            match start(&shared) {
                Some(thread) => threads.list.push(thread),
                None => break,
            }
        }
    }
    own();
    drop(threads);
    if let Some(panic) = shared.panic.into_inner().unwrap_or_else(PoisonError::into_inner) {
        resume_unwind(panic);
    }
}

/// Threads that are waited for, whatever happens: they use what the caller of [`beside`] lent.
struct Threads {
    list: Vec<libc::pthread_t>,
}

impl Drop for Threads {
    fn drop(&mut self) {
        for thread in &self.list {
            // SAFETY: a thread that was begun here, not detached, and joined once.
            unsafe { libc::pthread_join(*thread, null_mut()) };
        }
    }
}

/// A thread that does the work; `None` when the system refuses it. It must be joined before `shared` goes.
fn start(shared: &Shared<'_>) -> Option<libc::pthread_t> {
    let mut attributes = MaybeUninit::uninit();
    let mut thread = MaybeUninit::<libc::pthread_t>::uninit();
    // SAFETY: the attributes are initialised before they are used and destroyed behind; `run` gets a `Shared` that stays until
    // the thread is joined, which `Threads` sees to.
    unsafe {
        if libc::pthread_attr_init(attributes.as_mut_ptr()) != 0 {
            return None;
        }
        // A refusal leaves the system's own size.
        libc::pthread_attr_setstacksize(attributes.as_mut_ptr(), STACK);
        let argument = std::ptr::from_ref(shared).cast_mut().cast();
        let outcome = libc::pthread_create(thread.as_mut_ptr(), attributes.as_ptr(), run, argument);
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        (outcome == 0).then(|| thread.assume_init())
    }
}

extern "C" fn run(shared: *mut c_void) -> *mut c_void {
    // SAFETY: `start` passes a `Shared` that stays until this thread is joined.
    let shared = unsafe { &*shared.cast_const().cast::<Shared<'_>>() };
    let _inside = shared.inside.then(reserve::enter);
    if let Err(panic) = catch_unwind(AssertUnwindSafe(shared.work)) {
        *shared.panic.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic);
    }
    null_mut()
}

/// Bytes that a thread keeps for its next call, until it ends.
pub mod kept {
    use super::{c_void, without_provenance_mut};
    use std::cell::Cell;
    use std::mem::ManuallyDrop;
    use std::sync::OnceLock;

    thread_local! {
        /// No destructor of its own: to register one, the standard library needs memory that must not be refused.
        static KEPT: Cell<Option<ManuallyDrop<Vec<u8>>>> = const { Cell::new(None) };
    }

    /// The key whose destructor the system calls when a thread ends; `None` when it has no more keys.
    fn key() -> Option<libc::pthread_key_t> {
        static KEY: OnceLock<Option<libc::pthread_key_t>> = OnceLock::new();
        *KEY.get_or_init(|| {
            let mut key = 0;
            // SAFETY: a place for the key, and a function that lives as long as the process: the library is `nodelete`.
            (unsafe { libc::pthread_key_create(&mut key, Some(free)) } == 0).then_some(key)
        })
    }

    extern "C" fn free(_: *mut c_void) {
        drop(take());
    }

    /// What this thread keeps; empty when it is nothing.
    pub fn take() -> Vec<u8> {
        KEPT.take().map(ManuallyDrop::into_inner).unwrap_or_default()
    }

    /// Keeps bytes until the thread ends or [`take`]s them. Where nobody would tell that it ends, they go at once.
    pub fn put(bytes: Vec<u8>) {
        let Some(key) = key() else { return };
        // SAFETY: a key of ours; its values are never looked at.
        let told = unsafe {
            !libc::pthread_getspecific(key).is_null()
                || libc::pthread_setspecific(key, without_provenance_mut::<c_void>(1)) == 0
        };
        if told {
            drop(KEPT.replace(Some(ManuallyDrop::new(bytes))).map(ManuallyDrop::into_inner));
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_thread_gets_back_what_it_kept_and_no_other_does() {
            put(vec![1, 2, 3]);
            assert!(std::thread::spawn(|| take().is_empty()).join().unwrap());
            assert_eq!(take(), [1, 2, 3]);
            assert!(take().is_empty());
            std::thread::spawn(|| put(vec![0; 1 << 20])).join().unwrap();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn the_work_is_done_when_the_call_returns() {
        let (done, own) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = || {
            std::thread::sleep(std::time::Duration::from_millis(10));
            done.fetch_add(1, Ordering::Relaxed);
        };
        beside(7, &work, || {
            own.fetch_add(1, Ordering::Relaxed);
        });
        assert_eq!((done.into_inner(), own.into_inner()), (7, 1));
    }

    #[test]
    fn a_panic_of_a_thread_goes_on_in_its_caller() {
        let outcome = catch_unwind(|| beside(3, &|| panic!("on purpose"), || {}));
        let panic = outcome.expect_err("a panic");
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"on purpose"));
        let outcome = catch_unwind(|| beside(3, &|| {}, || panic!("of its own")));
        assert!(outcome.is_err());
    }
}
