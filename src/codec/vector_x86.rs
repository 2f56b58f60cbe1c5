// SPDX-License-Identifier: MIT OR Apache-2.0
//! [`vector`](super::vector) on x86-64: AVX2, with the shifts of BMI2.

use super::vector::Work;

/// Whether the processor has what [`with_avx2`] is compiled for. The standard library remembers the answer.
#[inline]
pub(super) fn has_avx2() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("bmi2")
}

/// Does the work with AVX2 where it is there.
#[inline]
pub(super) fn run<T: Work>(work: T) -> T::Output {
    if has_avx2() {
        // SAFETY: the processor has the features, as was just asked.
        unsafe { with_avx2(work) }
    } else {
        work.run()
    }
}

#[target_feature(enable = "avx2,bmi1,bmi2")]
fn with_avx2<T: Work>(work: T) -> T::Output {
    work.run()
}
