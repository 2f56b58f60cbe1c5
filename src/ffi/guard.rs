// SPDX-License-Identifier: MIT OR Apache-2.0
//! The panic guard, and the message of the last failed call on each thread.
//!
//! The only place that catches panics. A panic inside a call becomes [`FST_ERR_INTERNAL`]; its message, with the
//! place in the source, goes to `fst_last_error` and not to the standard error stream.

use std::any::Any;
use std::cell::Cell;
use std::ffi::c_char;
use std::fmt::{self, Write};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;

use super::types::*;
use crate::error::{Error, FaultKind, Result};
use crate::source::reserve;
use crate::view::parallel;

#[cfg(panic = "abort")]
compile_error!("fstview must be built with panic = \"unwind\": no panic may end the caller's process");

/// Bytes of the longest message, its NUL included: a path that is longer than systems take, and what is to be said about it.
const LONGEST: usize = 8192;

thread_local! {
    // Neither has a destructor: to register one, the standard library needs memory that must not be refused.
    /// What the panic hook has to say of a panic that is on its way; ends with a NUL, and begins with one when it is nothing.
    static PANIC: [Cell<u8>; 1024] = const { [const { Cell::new(0) }; 1024] };
    /// Ends with a NUL, and begins with one before the first failure.
    static LAST_ERROR: [Cell<u8>; LONGEST] = const { [const { Cell::new(0) }; LONGEST] };
}

/// Runs the body of an exported function: errors and panics become a status, their message the last error.
///
/// While the [reserve] is low, nothing is begun: bodies may keep what they allocate.
pub fn guard(body: impl FnOnce() -> Result<()>) -> FstStatus {
    if reserve::is_low() {
        keep(format_args!("out of memory, also for small things, until some is given back"));
        return FST_ERR_NO_MEMORY;
    }
    guard_release(body)
}

/// As [`guard`], for what gives back memory or takes none: it is always begun.
pub fn guard_release(body: impl FnOnce() -> Result<()>) -> FstStatus {
    match attempt(body) {
        Ok(()) => FST_OK,
        Err(error) => fail(&error),
    }
}

/// Runs `body` and turns a panic into an error. Nests.
pub fn attempt<T>(body: impl FnOnce() -> Result<T>) -> Result<T> {
    let _inside = reserve::enter();
    install_hook();
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(result) => result,
        Err(payload) => {
            let bytes: Vec<u8> =
                PANIC.with(|place| place.iter().map(Cell::take).take_while(|byte| *byte != 0).collect());
            // Nothing, when the panic came from another thread.
            let message = match bytes.is_empty() {
                true => text_of(&*payload).to_owned(),
                false => String::from_utf8_lossy(&bytes).into_owned(),
            };
            // A payload whose destructor panics again must not get out either.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(payload)));
            Err(Error::Internal(message))
        }
    }
}

/// What a panic says.
fn text_of(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a message")
}

/// A call that panics, on its own thread or on those of a batch: what the tests export from a library of their own, to see
/// that no panic gets out. This library exports no such thing.
#[doc(hidden)]
pub fn panicking_call(threads: u32) -> FstStatus {
    guard(|| {
        if threads == 0 {
            panic!("on purpose");
        }
        parallel(64, threads, |number| assert!(number < 20, "number {number}, on purpose")).map(|_| ())
    })
}

/// Keeps the message of an error for `fst_last_error`; returns its status.
pub fn fail(error: &Error) -> FstStatus {
    keep(format_args!("{error}"));
    status(error)
}

/// Makes a text the last error. The place is there already; what the system's messages need for a moment may come from the
/// reserve.
fn keep(text: fmt::Arguments<'_>) {
    let _inside = reserve::enter();
    LAST_ERROR.with(|place| write(place, text));
}

/// Writes a text and a NUL, as much of it as there is room for.
fn write(place: &[Cell<u8>], text: fmt::Arguments<'_>) {
    let mut message = Message { place, len: 0, is_full: false };
    // Neither ours nor the messages of the system can fail; if one did, what came before it stays.
    let _ = message.write_fmt(text);
    place[message.len].set(0);
}

/// A message that is being written, as far as there is room.
struct Message<'p> {
    place: &'p [Cell<u8>],
    len: usize,
    is_full: bool,
}

impl Message<'_> {
    fn push(&mut self, text: &str) {
        for byte in text.bytes() {
            self.place[self.len].set(if byte == 0 { b'?' } else { byte });
            self.len += 1;
        }
    }
}

impl Write for Message<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        const CUT: &str = "…";
        if self.is_full {
            return Ok(());
        }
        let room = self.place.len() - 1 - CUT.len() - self.len;
        if text.len() <= room {
            self.push(text);
            return Ok(());
        }
        let end = (0..=room).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        self.push(&text[..end]);
        self.push(CUT);
        self.is_full = true;
        Ok(())
    }
}

/// The message of the last failed call on this thread; never null.
pub fn last_error() -> *const c_char {
    LAST_ERROR.with(|place| place.as_ptr().cast())
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
            if !reserve::is_inside() {
                previous(info);
                return;
            }
            let what = text_of(info.payload());
            PANIC.with(|panic| match info.location() {
                Some(at) => write(panic, format_args!("{what} ({}:{})", at.file(), at.line())),
                None => write(panic, format_args!("{what}")),
            });
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

    #[test]
    fn a_message_that_is_too_long_is_cut_between_characters() {
        for len in LONGEST - 20..LONGEST + 20 {
            let text = "é".repeat(len / 2) + if len % 2 == 0 { "" } else { "x" };
            assert_eq!(guard(|| Err(Error::Limit(text.clone()))), FST_ERR_LIMIT);
            let full = format!("limit: {text}");
            match message().strip_suffix('…') {
                Some(kept) => assert!(full.starts_with(kept) && kept.len() > LONGEST - 8, "{len}"),
                None => assert_eq!(message(), full),
            }
        }
    }
}
