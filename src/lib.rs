// SPDX-License-Identifier: MIT OR Apache-2.0
//! fstview opens RPN Standard Files (FST: the XDF and RSF containers) and hands out their fields as
//! Fortran-ordered arrays, without copying whenever the bytes on disk already are the array.
//!
//! Data flows one way:
//!
//! ```text
//! ffi ── the C ABI: argument checks, panic guard, errors to status + message, handle table
//!  │
//! grid ── a field → the records that describe it
//!  │ ╲
//!  │  query ── criteria → record numbers, levels in order
//!  │
//! view ── arrays with an owner: mapped, read or decoded
//!  │
//! file ── an open FST file (or several as one): source + directory     attributes ── dates, codes, grids
//!  │ ╲
//!  │  container ── XDF and RSF: bytes → Directory. Reads no payload.
//!  │  codec ── payload words → elements of one array. Knows no file.
//!  │
//! source ── where bytes come from: a mapping, or direct reads
//! ```
#![deny(unsafe_op_in_unsafe_fn, missing_docs)]

pub mod attributes;
pub mod codec;
pub mod container;
mod dtype;
mod error;
pub mod ffi;
pub mod file;
pub mod grid;
pub mod index;
#[cfg(test)]
mod interleaving;
pub mod metadata;
pub mod query;
mod seen;
pub mod source;
pub mod view;

pub use dtype::Dtype;
pub use error::{Error, Fault, FaultKind, Place, Result};

/// The program of the guide, as a test.
#[cfg(doctest)]
#[doc = include_str!("../docs/rust.md")]
struct RustGuide;
