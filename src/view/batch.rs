// SPDX-License-Identifier: MIT OR Apache-2.0
//! Work on many records at once, on threads that are gone when the call returns.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::threads;
use crate::error::{Error, Result};

/// Runs `work` for each number below `count` on up to `threads` threads (0: the cores that this process may use)
/// and returns the results in order. Threads that the system refuses are done without.
pub fn parallel<T: Send>(count: usize, threads: u32, work: impl Fn(usize) -> T + Sync) -> Result<Vec<T>> {
    parallel_with_progress(count, threads, work, |_| {})
}

/// As [`parallel`]; `progress` is told, on the calling thread, how many are done: between two numbers that this thread
/// works on, and at the end.
pub fn parallel_with_progress<T: Send>(
    count: usize,
    threads: u32,
    work: impl Fn(usize) -> T + Sync,
    mut progress: impl FnMut(usize),
) -> Result<Vec<T>> {
    let threads = match threads {
        0 => std::thread::available_parallelism().map_or(1, NonZero::get),
        some => some as usize,
    }
    .min(count);
    if threads <= 1 {
        let mut results = reserved(count)?;
        for number in 0..count {
            results.push(work(number));
            progress(number + 1);
        }
        return Ok(results);
    }
    let mut slots: Vec<Mutex<Option<T>>> = reserved(count)?;
    slots.extend((0..count).map(|_| Mutex::new(None)));
    // Nothing may fail behind the work: what it made would be lost.
    let mut results = reserved(count)?;
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let run = |tell: &mut dyn FnMut(usize)| {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(slot) = slots.get(number) else { break };
            let result = work(number);
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            tell(done.fetch_add(1, Ordering::Relaxed) + 1);
        }
    };
    threads::beside(threads - 1, &|| run(&mut |_| {}), || {
        run(&mut |done| {
            if done < count {
                progress(done);
            }
        });
    });
    progress(count);
    for slot in slots {
        let result = slot.into_inner().unwrap_or_else(PoisonError::into_inner);
        results.push(result.ok_or_else(|| Error::Internal("a batch left a result out".to_owned()))?);
    }
    Ok(results)
}

fn reserved<T>(count: usize) -> Result<Vec<T>> {
    let mut list = Vec::new();
    list.try_reserve_exact(count).map_err(|_| Error::NoMemory {
        bytes: (count as u64).saturating_mul(size_of::<T>() as u64),
        purpose: "a batch".to_owned(),
    })?;
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whatever_the_threads() {
        for threads in [0, 1, 2, 7, 100] {
            for count in [0, 1, 5, 1000] {
                let squares = parallel(count, threads, |number| number * number).unwrap();
                assert_eq!(squares, (0..count).map(|number| number * number).collect::<Vec<_>>());
            }
        }
    }
}
