// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the integers of a record mean: dates ([`date`]), levels and times ([`level`]), grids ([`grid`]).
//!
//! Pure arithmetic on values that the directory holds: no file, no state, no environment. Every function
//! accepts every value of its arguments: what is no date or level is an error value, never a panic and
//! never another date.

pub mod date;
pub mod grid;
pub mod level;
