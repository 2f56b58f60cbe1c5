// SPDX-License-Identifier: MIT OR Apache-2.0
//! Plain code, compiled a second time for the vector units of newer processors and chosen at run time.
//!
//! The same source gives the same bits either way: floating-point operations are never fused or reordered, and the rest
//! is integer arithmetic. Where the processor is not known to have the units, or is of another family, the first
//! compilation runs.

/// Work that may be compiled for a processor of its own. Everything that [`Work::run`] calls must be inlined into it to
/// have a part in that.
pub(crate) trait Work {
    /// What the work gives.
    type Output;

    /// Does it.
    fn run(self) -> Self::Output;
}

/// Does the work with the best vector units of this processor.
#[inline]
pub(crate) fn run<T: Work>(work: T) -> T::Output {
    #[cfg(target_arch = "x86_64")]
    return super::vector_x86::run(work);
    #[cfg(not(target_arch = "x86_64"))]
    return work.run();
}
