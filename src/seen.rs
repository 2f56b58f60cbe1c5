// SPDX-License-Identifier: MIT OR Apache-2.0
//! Locks as ThreadSanitizer can see them. The standard library comes compiled without its instrumentation: where a lock is
//! waited for, the sanitizer does not see who takes it, and takes all that it guards for a race. Trying a lock is compiled
//! with this crate. `scripts/sanitize.sh` builds with `--cfg fstview_tsan`; anything else waits.

/// Whether locks are tried until they are free, instead of waited for.
pub const TRIED: bool = cfg!(fstview_tsan);

/// Takes a lock: `attempt` tries it.
pub fn take<G>(attempt: impl Fn() -> Option<G>) -> G {
    loop {
        if let Some(guard) = attempt() {
            return guard;
        }
        std::thread::yield_now();
    }
}
