// SPDX-License-Identifier: MIT OR Apache-2.0
//! The C ABI: argument checks, panic guard, errors to status and message, handles. No format knowledge.
//!
//! Every exported function is written out here as the header shows it; each converts its arguments, makes one call
//! into the safe library, and stores the results last. The header is generated from these files, in this order:
//! `types`, `file`, `record`, `grid`, `index`, `view`, `dlpack`, `version`, `dates`, `codes`.

mod args;
mod codes;
mod dates;
mod dlpack;
mod file;
mod grid;
mod guard;
mod handles;
mod index;
mod record;
pub mod types;
mod version;
mod view;

pub use codes::*;
pub use dates::*;
pub use dlpack::*;
pub use file::*;
pub use grid::*;
#[doc(hidden)]
pub use guard::panicking_call;
pub use index::*;
pub use record::*;
pub use version::*;
pub use view::*;
