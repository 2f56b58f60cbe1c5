// SPDX-License-Identifier: MIT OR Apache-2.0
//! How many views were made of each origin, and how many bytes they cost.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What a view cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Origin {
    /// The data is in the file mapping, or in the caller's image: no byte was moved.
    Mapped = 1,
    /// The decoded array of a view that is alive or cached.
    Shared = 2,
    /// Read from the file straight into the array.
    Read = 3,
    /// Unpacked from the payload straight into the array.
    Decoded = 4,
    /// A private copy.
    Copied = 5,
}

/// Counters of one file, shared with its views.
#[derive(Debug, Default)]
pub struct Stats {
    views: [AtomicU64; 5],
    live_views: AtomicU64,
    live_bytes: AtomicU64,
    bytes_mapped: AtomicU64,
    bytes_read: AtomicU64,
    bytes_decoded: AtomicU64,
}

/// The counters at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatsSnapshot {
    /// Views by origin, in the order of [`Origin`].
    pub views: [u64; 5],
    /// Views that are not released.
    pub live_views: u64,
    /// Bytes that those views span.
    pub live_bytes: u64,
    /// Bytes spanned by mapped views.
    pub bytes_mapped: u64,
    /// Payload bytes that were read from the file.
    pub bytes_read: u64,
    /// Bytes of arrays that were decoded.
    pub bytes_decoded: u64,
}

impl Stats {
    pub(crate) fn view_made(&self, origin: Origin, bytes: u64) {
        self.views[origin as usize - 1].fetch_add(1, Relaxed);
        self.live_views.fetch_add(1, Relaxed);
        self.live_bytes.fetch_add(bytes, Relaxed);
        if origin == Origin::Mapped {
            self.bytes_mapped.fetch_add(bytes, Relaxed);
        }
    }

    pub(crate) fn view_gone(&self, bytes: u64) {
        self.live_views.fetch_sub(1, Relaxed);
        self.live_bytes.fetch_sub(bytes, Relaxed);
    }

    pub(crate) fn read(&self, bytes: u64) {
        self.bytes_read.fetch_add(bytes, Relaxed);
    }

    pub(crate) fn decoded(&self, bytes: u64) {
        self.bytes_decoded.fetch_add(bytes, Relaxed);
    }

    pub(crate) fn snapshot(&self) -> StatsSnapshot {
        StatsSnapshot {
            views: [0, 1, 2, 3, 4].map(|origin| self.views[origin].load(Relaxed)),
            live_views: self.live_views.load(Relaxed),
            live_bytes: self.live_bytes.load(Relaxed),
            bytes_mapped: self.bytes_mapped.load(Relaxed),
            bytes_read: self.bytes_read.load(Relaxed),
            bytes_decoded: self.bytes_decoded.load(Relaxed),
        }
    }
}
