// SPDX-License-Identifier: MIT OR Apache-2.0
//! The panic guard, and the message of the last failed call on each thread.
//!
//! The only place that catches panics. A panic inside a call becomes [`FST_ERR_INTERNAL`]; its message, with the
//! place in the source, goes to `fst_last_error` and not to the standard error stream.

use std::cell::{Cell, RefCell};
use std::ffi::{CString, c_char};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;

use super::types::*;
use crate::error::{Error, FaultKind, Result};

#[cfg(panic = "abort")]
compile_error!("fstview must be built with panic = \"unwind\": no panic may end the caller's process");

thread_local! {
    /// Calls of this library that are under way on this thread.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
    static LAST_ERROR: RefCell<Option<CString>> = const { RefCell::new(None) };
}

/// Runs the body of an exported function: errors and panics become a status, their message the last error.
pub fn guard(body: impl FnOnce() -> Result<()>) -> FstStatus {
    match attempt(body) {
        Ok(()) => FST_OK,
        Err(error) => fail(&error),
    }
}

/// Runs `body` and turns a panic into an error. Nests.
pub fn attempt<T>(body: impl FnOnce() -> Result<T>) -> Result<T> {
    install_hook();
    let entered = DEPTH.try_with(|depth| depth.set(depth.get() + 1)).is_ok();
    let outcome = catch_unwind(AssertUnwindSafe(body));
    if entered {
        let _ = DEPTH.try_with(|depth| depth.set(depth.get() - 1));
    }
    match outcome {
        Ok(result) => result,
        Err(payload) => {
            let message = PANIC.try_with(RefCell::take).ok().flatten();
            // A payload whose destructor panics again must not get out either.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(payload)));
            Err(Error::Internal(message.unwrap_or_else(|| "a panic".to_owned())))
        }
    }
}

/// Keeps the message of an error for `fst_last_error`; returns its status.
pub fn fail(error: &Error) -> FstStatus {
    let text: Vec<u8> =
        error.to_string().into_bytes().into_iter().map(|b| if b == 0 { b'?' } else { b }).collect();
    let text = CString::new(text).ok();
    let _ = LAST_ERROR.try_with(|last| last.replace(text));
    status(error)
}

/// The message of the last failed call on this thread; never null.
pub fn last_error() -> *const c_char {
    LAST_ERROR
        .try_with(|last| last.borrow().as_ref().map_or(c"".as_ptr(), |text| text.as_ptr()))
        .unwrap_or(c"".as_ptr())
}

/// The status that stands for an error.
pub fn status(error: &Error) -> FstStatus {
    match error {
        Error::InvalidArgument(_) => FST_ERR_INVALID_ARGUMENT,
        Error::InvalidHandle(_) => FST_ERR_INVALID_HANDLE,
        Error::NoSuchFile { .. } | Error::NoMatch(_) => FST_ERR_NOT_FOUND,
        Error::Permission { .. } => FST_ERR_PERMISSION,
        Error::Io { .. } => FST_ERR_IO,
        Error::NotFst { .. } => FST_ERR_NOT_FST,
        Error::Format { fault, .. } => match fault.kind {
            FaultKind::Corrupt => FST_ERR_CORRUPT,
            FaultKind::Truncated => FST_ERR_TRUNCATED,
            FaultKind::Unsupported => FST_ERR_UNSUPPORTED,
            FaultKind::NoMemory => FST_ERR_NO_MEMORY,
        },
        Error::OutOfRange(_) => FST_ERR_OUT_OF_RANGE,
        Error::ShapeMismatch(_) => FST_ERR_SHAPE_MISMATCH,
        Error::TypeMismatch(_) => FST_ERR_TYPE_MISMATCH,
        Error::NoMemory { .. } => FST_ERR_NO_MEMORY,
        Error::Limit(_) => FST_ERR_LIMIT,
        Error::Internal(_) => FST_ERR_INTERNAL,
        Error::Cancelled => FST_ERR_CANCELLED,
    }
}

/// Installs, once, a panic hook that stays silent inside calls of this library and leaves all others alone.
fn install_hook() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
            if DEPTH.try_with(Cell::get).unwrap_or(0) == 0 {
                previous(info);
                return;
            }
            let payload = info.payload();
            let text = payload.downcast_ref::<&str>().copied();
            let what = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
            let what = what.unwrap_or("a panic without a message");
            let place =
                info.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
            let _ = PANIC.try_with(|panic| panic.replace(Some(format!("{what}{place}"))));
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CStr;

    fn message() -> String {
        // SAFETY: `last_error` gives a C string that is valid until the next failure on this thread.
        unsafe { CStr::from_ptr(last_error()) }.to_string_lossy().into_owned()
    }

    #[test]
    fn a_panic_becomes_a_status_and_a_message() {
        assert_eq!(guard(|| panic!("on purpose")), FST_ERR_INTERNAL);
        assert!(message().contains("on purpose") && message().contains("guard.rs"), "{}", message());
        assert_eq!(guard(|| Ok(())), FST_OK);
        assert!(message().contains("on purpose"), "success leaves the message alone");
    }

    #[test]
    fn a_payload_that_panics_when_dropped_stays_inside() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("again");
            }
        }
        assert_eq!(guard(|| std::panic::panic_any(Bomb)), FST_ERR_INTERNAL);
    }

    #[test]
    fn a_message_with_a_nul_is_kept() {
        assert_eq!(guard(|| Err(Error::Limit("a\0b".to_owned()))), FST_ERR_LIMIT);
        assert_eq!(message(), "limit: a?b");
    }
}
