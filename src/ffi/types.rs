// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every type and constant that crosses the C ABI; nothing else.
#![allow(missing_docs)]

use std::ffi::{c_char, c_void};

use crate::attributes::level;
use crate::index;

/// Result of every function that can fail: `FST_OK`, or one of the negative `FST_ERR_…`.
pub type FstStatus = i32;

/// Success.
pub const FST_OK: i32 = 0;
/// A null pointer, a bad `struct_size`, an unknown enumeration value or flag, contradictory options.
pub const FST_ERR_INVALID_ARGUMENT: i32 = -1;
/// A handle that is stale, released twice, of another kind, or made up.
pub const FST_ERR_INVALID_HANDLE: i32 = -2;
/// No such file; no record matches (`fst_find_first`).
pub const FST_ERR_NOT_FOUND: i32 = -3;
/// The file may not be read.
pub const FST_ERR_PERMISSION: i32 = -4;
/// Any other error of the system; its number is in the message.
pub const FST_ERR_IO: i32 = -5;
/// Not an RPN standard file; the message says what it looks like instead.
pub const FST_ERR_NOT_FST: i32 = -6;
/// Recognised, but not something that this version reads.
pub const FST_ERR_UNSUPPORTED: i32 = -7;
/// An invariant of the format is broken, or the file was rewritten while it was open; offset and values are in the
/// message.
pub const FST_ERR_CORRUPT: i32 = -8;
/// The file ends before what its directory promises, or shrank while it was open.
pub const FST_ERR_TRUNCATED: i32 = -9;
/// A record number, or a slab's start or count.
pub const FST_ERR_OUT_OF_RANGE: i32 = -10;
/// The destination is too small, or its rank cannot hold the record.
pub const FST_ERR_SHAPE_MISMATCH: i32 = -11;
/// The requested element type cannot hold the stored one.
pub const FST_ERR_TYPE_MISMATCH: i32 = -12;
/// An allocation was refused.
pub const FST_ERR_NO_MEMORY: i32 = -13;
/// A configured limit (such as `max_array_bytes`) would be exceeded.
pub const FST_ERR_LIMIT: i32 = -14;
/// A bug in fstview (a caught panic).
pub const FST_ERR_INTERNAL: i32 = -15;
/// A batch was cancelled by its progress callback before this record was begun.
pub const FST_ERR_CANCELLED: i32 = -16;

/// How the bytes of files are reached.
pub type FstAccess = i32;
/// Files larger than `map_threshold` are mapped, others are read.
pub const FST_ACCESS_AUTO: i32 = 0;
/// Always map.
pub const FST_ACCESS_MAP: i32 = 1;
/// Never map.
pub const FST_ACCESS_READ: i32 = 2;

/// What becomes of missing values in records that have the flag for them.
pub type FstMissing = i32;
/// As stored (the default, as in librmn).
pub const FST_MISSING_KEEP: i32 = 0;
/// librmn's codes, or those of the environment variable `MISSING_VALUE_FLAGS`.
pub const FST_MISSING_CODES: i32 = 1;
/// Reals become NaN, integers librmn's codes.
pub const FST_MISSING_NAN: i32 = 2;

/// The flavours of standard files.
pub type FstFormat = i32;
/// XDF (FSTD98, random or sequential), and the layouts of 1989.
pub const FST_FORMAT_XDF: i32 = 1;
/// RSF.
pub const FST_FORMAT_RSF: i32 = 2;

/// Element type of an array. Complex types are named by their total bits.
pub type FstDtype = i32;
/// Unsigned integer, 8 bits.
pub const FST_DTYPE_U8: i32 = 1;
/// Signed integer, 8 bits.
pub const FST_DTYPE_I8: i32 = 2;
/// Unsigned integer, 16 bits.
pub const FST_DTYPE_U16: i32 = 3;
/// Signed integer, 16 bits.
pub const FST_DTYPE_I16: i32 = 4;
/// Unsigned integer, 32 bits.
pub const FST_DTYPE_U32: i32 = 5;
/// Signed integer, 32 bits.
pub const FST_DTYPE_I32: i32 = 6;
/// Unsigned integer, 64 bits.
pub const FST_DTYPE_U64: i32 = 7;
/// Signed integer, 64 bits.
pub const FST_DTYPE_I64: i32 = 8;
/// IEEE real, 32 bits.
pub const FST_DTYPE_F32: i32 = 9;
/// IEEE real, 64 bits.
pub const FST_DTYPE_F64: i32 = 10;
/// Complex: two 32-bit reals.
pub const FST_DTYPE_C64: i32 = 11;
/// Complex: two 64-bit reals.
pub const FST_DTYPE_C128: i32 = 12;
/// One byte of text.
pub const FST_DTYPE_CHAR: i32 = 13;

/// What a view cost.
pub type FstOrigin = i32;
/// `data` points into the file mapping (or the caller's image): no byte was moved.
pub const FST_ORIGIN_MAPPED: i32 = 1;
/// The array of a view that is already alive, or cached: no byte was moved.
pub const FST_ORIGIN_SHARED: i32 = 2;
/// The payload is the array; it was read from the file straight into it.
pub const FST_ORIGIN_READ: i32 = 3;
/// Unpacked from the payload straight into the array, in one pass.
pub const FST_ORIGIN_DECODED: i32 = 4;
/// A private copy was asked for.
pub const FST_ORIGIN_COPIED: i32 = 5;

/// `FstRecordInfo.flags`: the payload is the array already, aligned in the file: a mapped file gives it without a copy.
pub const FST_RECORD_MAPPABLE: u32 = 1;
/// `FstRecordInfo.flags`: compressed ("turbo").
pub const FST_RECORD_TURBO: u32 = 2;
/// `FstRecordInfo.flags`: the record has missing values.
pub const FST_RECORD_HAS_MISSING: u32 = 4;
/// `FstRecordInfo.flags`: the record has extended metadata (`fst_record_metadata`).
pub const FST_RECORD_HAS_METADATA: u32 = 8;
/// `FstRecordInfo.flags`: a grid descriptor (`>>`, `^^`, `^>`, `!!`, `##`, `#>>#`, `#^^#`, `####`, `HY`, `PROJ`, `MTRX`).
pub const FST_RECORD_IS_DESCRIPTOR: u32 = 16;

/// `FstViewOptions.flags`: the caller may modify the array, and the file never changes: a mapped record comes as a private
/// copy-on-write mapping, any other array is not shared.
pub const FST_VIEW_WRITABLE: u32 = 1;
/// `FstViewOptions.flags`: big-endian payloads may come mapped as they are, with `FST_ARRAY_BIG_ENDIAN`.
pub const FST_VIEW_ANY_BYTE_ORDER: u32 = 2;
/// `FstViewOptions.flags`: have the pages of a mapped record read ahead.
pub const FST_VIEW_PREFETCH: u32 = 4;

/// `FstArray.flags`: the array may be modified.
pub const FST_ARRAY_WRITABLE: u32 = 1;
/// `FstArray.flags`: the elements are big-endian.
pub const FST_ARRAY_BIG_ENDIAN: u32 = 2;

/// `FstGrid`: there is no such record.
pub const FST_NO_RECORD: u64 = u64::MAX;

/// `FstGrid.flags`: other records would do as well as the horizontal descriptors given and hold something else, or `x`
/// and `y` differ in their reference. The first ones in file order are given.
pub const FST_GRID_AMBIGUOUS: u32 = 1;
/// `FstGrid.flags`: `xg` holds the parameters of `ref_grtyp`.
pub const FST_GRID_HAS_PARAMETERS: u32 = 2;
/// `FstGrid.flags`: `x` and `y` have the same dimensions: the coordinates of points, not two axes.
pub const FST_GRID_POINTS: u32 = 4;
/// `FstGrid.flags`: `x` and `y` are the fields `LO` and `LA`, degrees of longitude and latitude of each point.
pub const FST_GRID_LATLON_FIELDS: u32 = 8;
/// `FstGrid.flags`: `vertical` does not have the tags of the field: it was taken for want of another one.
pub const FST_GRID_VERTICAL_UNLINKED: u32 = 16;
/// `FstGrid.flags`: other records would do as well as `vertical` and hold something else.
pub const FST_GRID_VERTICAL_AMBIGUOUS: u32 = 32;

/// An open file, or several as one. The all-zero handle is never valid.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FstFile {
    pub id: u64,
}

/// A view: an array and what keeps it alive. The all-zero handle is never valid.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FstView {
    pub id: u64,
}

/// How files are opened. Start from `FST_OPEN_OPTIONS_INIT`; zero is always the default.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct FstOpenOptions {
    /// Set to the size of this struct.
    pub struct_size: u32,
    /// Mapped or read.
    pub access: FstAccess,
    /// Bytes; `FST_ACCESS_AUTO` maps files larger than this; 0: 1 GiB, or the environment's `FSTVIEW_MAP_THRESHOLD`.
    pub map_threshold: u64,
    /// Bytes of decoded arrays kept after their last release; 0: none, memory goes back at once (`fst_view_release`).
    pub cache_bytes: u64,
    /// Larger arrays are refused (`FST_ERR_LIMIT`); 0: no limit but the machine's memory.
    pub max_array_bytes: u64,
    /// Threads of batch calls and of indexing many files; 0: the cores that this process may use.
    pub threads: u32,
    /// What becomes of missing values.
    pub missing: FstMissing,
    /// 1: an unclosed or damaged file is an error; 0: it is opened as far as it is sound, with `complete` = 0.
    pub strict: u32,
    /// 1: `fst_open_many` leaves out files that cannot be opened, as long as one can, and `fst_file_problems` says why; 0: they
    /// are an error. Appended after the first version of this struct.
    pub skip_unreadable: u64,
}

/// Something wrong with an open file.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FstProblem {
    /// Set to the size of this struct.
    pub struct_size: u32,
    /// The status that stands for it.
    pub status: FstStatus,
    /// Which file of `fst_open_many`, 0-based.
    pub file_number: u64,
    /// The record whose data cannot be read, or `FST_NO_RECORD` for the file as a whole.
    pub record: u64,
    /// Where in the file, bytes; `UINT64_MAX` when that means nothing.
    pub offset: u64,
    /// What was expected and what was found; ends with a NUL, cut if it is longer.
    pub message: [c_char; 480],
}

/// A file as a whole.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct FstFileInfo {
    /// Set to the size of this struct.
    pub struct_size: u32,
    /// The flavour of the first file.
    pub format: FstFormat,
    /// Number of files.
    pub file_count: u64,
    /// Number of records.
    pub record_count: u64,
    /// Total size on disk, bytes.
    pub bytes: u64,
    /// 1 when the (first) file is mapped.
    pub mapped: u32,
    /// 0 when a damaged or unclosed file was opened as far as it is sound.
    pub complete: u32,
}

/// How many views a file gave, by origin, and what they cost. A view is zero-copy when its origin is mapped or shared.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct FstFileStats {
    /// Set to the size of this struct.
    pub struct_size: u32,
    /// Views of origin `FST_ORIGIN_MAPPED`, and so on.
    pub views_mapped: u64,
    pub views_shared: u64,
    pub views_read: u64,
    pub views_decoded: u64,
    pub views_copied: u64,
    /// Views that are not released yet.
    pub live_views: u64,
    /// Bytes that those span.
    pub live_bytes: u64,
    /// Bytes spanned by mapped views.
    pub bytes_mapped: u64,
    /// Payload bytes read from the file.
    pub bytes_read: u64,
    /// Bytes of arrays decoded.
    pub bytes_decoded: u64,
}

/// What the directory says of one record, and where it lies. Strings end with a NUL; trailing blanks are removed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FstRecordInfo {
    /// Set to the size of this struct.
    pub struct_size: u32,
    /// Name of the variable.
    pub nomvar: [c_char; 5],
    /// Type of field.
    pub typvar: [c_char; 3],
    /// Grid type.
    pub grtyp: [c_char; 2],
    /// Label.
    pub etiket: [c_char; 13],
    /// Dimensions.
    pub ni: i64,
    pub nj: i64,
    pub nk: i64,
    /// FST code as stored, flags (64 missing values, 128 compressed) included.
    pub data_type: i32,
    /// Bits of an unpacked and of a packed element.
    pub data_bits: i32,
    pub pack_bits: i32,
    /// Element type of the array that a view gives; 0 when the record cannot be decoded.
    pub dtype: FstDtype,
    /// CMC date-time stamps of origin and of validity.
    pub dateo: i32,
    pub datev: i32,
    /// Length of a time step in seconds, and number of steps.
    pub deet: i32,
    pub npas: i32,
    pub ip1: i32,
    pub ip2: i32,
    pub ip3: i32,
    pub ig1: i32,
    pub ig2: i32,
    pub ig3: i32,
    pub ig4: i32,
    /// `FST_RECORD_MAPPABLE` and so on.
    pub flags: u32,
    /// Which file of `fst_open_many`, 0-based.
    pub file_number: u64,
    /// The whole record in its file, bytes.
    pub file_offset: u64,
    pub stored_bytes: u64,
    /// The payload in its file, bytes; both 0 when the record's place is impossible.
    pub payload_offset: u64,
    pub payload_bytes: u64,
    /// Bytes of the array that a view gives; 0 when the record cannot be decoded.
    pub array_bytes: u64,
}

/// What to look for. Start from `FST_CRITERIA_INIT`, which matches everything: "" and -1 are wild.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FstCriteria {
    /// Set to the size of this struct.
    pub struct_size: u32,
    /// Strings, NUL-terminated or blank-padded; blank is wild; case does not matter, but for `grtyp`.
    pub nomvar: [c_char; 5],
    pub typvar: [c_char; 3],
    pub grtyp: [c_char; 2],
    pub etiket: [c_char; 13],
    pub dateo: i32,
    pub datev: i32,
    pub data_type: i32,
    pub data_bits: i32,
    pub pack_bits: i32,
    pub ni: i32,
    pub nj: i32,
    pub nk: i32,
    pub deet: i32,
    pub npas: i32,
    pub ip1: i32,
    pub ip2: i32,
    pub ip3: i32,
    pub ig1: i32,
    pub ig2: i32,
    pub ig3: i32,
    pub ig4: i32,
    /// 1: `ip1` is a level, to be found in any of its encodings; likewise `ip2` and `ip3`.
    pub ip1_all: u32,
    pub ip2_all: u32,
    pub ip3_all: u32,
    /// 1: compare dates exactly; 0: the three low bits of the stored date (a run number, or seconds) do not count.
    pub stamp_norun: u32,
    /// 1: leave grid descriptors out.
    pub skip_grid_descriptors: u32,
}

/// Called by a batch on the caller's thread, between two of the records that this thread works on and at the end, with the
/// number of records done so far. A result other than 0 cancels what no thread has begun by then: those records get `FST_ERR_CANCELLED`.
pub type FstProgress = Option<unsafe extern "C" fn(context: *mut c_void, done: usize, total: usize) -> i32>;

/// What a view shall be. Start from `FST_VIEW_OPTIONS_INIT`; zero is always the default.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FstViewOptions {
    /// Set to the size of this struct.
    pub struct_size: u32,
    /// `FST_VIEW_WRITABLE` and so on.
    pub flags: u32,
    /// Element type; 0: the natural one. Widening that loses nothing is allowed, anything else is `FST_ERR_TYPE_MISMATCH`.
    pub dtype: FstDtype,
    /// First element along i, j, k, 0-based.
    pub slab_start: [i64; 3],
    /// Elements along i, j, k; 0: to the end of the axis.
    pub slab_count: [i64; 3],
    /// Called by batches as records are done, or NULL. Appended after the first version of this struct.
    pub progress: FstProgress,
    /// Passed to `progress` as it is.
    pub progress_context: *mut c_void,
}

impl Default for FstViewOptions {
    fn default() -> FstViewOptions {
        FstViewOptions {
            struct_size: 0,
            flags: 0,
            dtype: 0,
            slab_start: [0; 3],
            slab_count: [0; 3],
            progress: None,
            progress_context: std::ptr::null_mut(),
        }
    }
}

/// An array. Start from `FST_ARRAY_INIT`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FstArray {
    /// Set to the size of this struct.
    pub struct_size: u32,
    /// Element type.
    pub dtype: FstDtype,
    /// 3, less trailing extents of 1; at least 1.
    pub rank: u32,
    /// Bytes of an element.
    pub itemsize: u32,
    /// What the view cost.
    pub origin: FstOrigin,
    /// `FST_ARRAY_WRITABLE`, `FST_ARRAY_BIG_ENDIAN`.
    pub flags: u32,
    /// Elements along i, j, k.
    pub shape: [i64; 3],
    /// Bytes between neighbours along i, j, k: Fortran order.
    pub strides: [i64; 3],
    /// Number of elements.
    pub size: u64,
    /// Bytes from the first byte of the first element to the last byte of the last one.
    pub nbytes: u64,
    /// Element (0, 0, 0): never null, always aligned; valid until the view is released, also after `fst_close`.
    pub data: *const c_void,
    /// The view, which the caller releases.
    pub view: FstView,
}

/// The grid of a field, and the numbers of the records that describe it (`FST_NO_RECORD`: none). Start from
/// `FST_GRID_INIT`.
///
/// `xg` by `ref_grtyp`, in degrees and metres: A, B, G: 0 global, 1 northern, 2 southern hemisphere; 0 south to north, 1
/// north to south. L, C: latitude and longitude of the first point, their steps. E: latitude and longitude of the
/// centre, then of another point of the rotated equator, to its east. N, S: i and j of the pole (from 1), grid length at
/// 60 degrees, angle between the i axis and Greenwich. H: standard parallels as coded, latitude of origin, grid length,
/// central meridian. +: latitude and longitude of the point. What is not listed is 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FstGrid {
    /// Set to the size of this struct.
    pub struct_size: u32,
    /// Type of the field's grid.
    pub grtyp: [c_char; 2],
    /// Type of grid that the coordinates in `x` and `y` refer to; without those, that of the field; "" when unknown.
    pub ref_grtyp: [c_char; 2],
    /// `FST_GRID_AMBIGUOUS` and so on.
    pub flags: u32,
    /// 1, or 2 for grid U: the field is two panels of nj/2 rows, yin first.
    pub panels: u32,
    /// Grid `#`: the values of `x` and `y` that come before the field's first point; otherwise 0.
    pub tile_i: i64,
    pub tile_j: i64,
    /// `>>` and `^^`: axes, or the coordinates of points.
    pub x: u64,
    pub y: u64,
    /// `^>` of grid U. The x axis (ni values) of panel p = 0, 1 begins at element 15 + p * (10 + ni + nj/2), its y axis
    /// (nj/2 values) right behind it.
    pub yin_yang: u64,
    /// `##` of grid M: vertex numbers, three a triangle.
    pub mesh: u64,
    /// `PROJ` of grid W: text.
    pub projection: u64,
    /// `MTRX` of grid W: six numbers, an affine transform.
    pub transform: u64,
    /// `!!`, or `HY` or `PT` in old files: describes the levels.
    pub vertical: u64,
    /// The mask (1 valid, 0 not) of a field whose typvar says that it has one.
    pub mask: u64,
    /// Parameters of `ref_grtyp`; for grid U, those of the first panel.
    pub xg: [f32; 4],
    /// For grid U, the parameters of the second panel.
    pub xg_yang: [f32; 4],
}

/// A moment of the Gregorian calendar, UTC.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct FstDate {
    /// Set to the size of this struct.
    pub struct_size: u32,
    /// Year, 0 to 9999.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: i32,
    /// Day of the month, from 1.
    pub day: i32,
    /// Hour, 0 to 23.
    pub hour: i32,
    /// Minute, 0 to 59.
    pub minute: i32,
    /// Second, 0 to 59.
    pub second: i32,
}

/// What to look for, beyond `FstCriteria`: a record matches when it meets all that is set. Start from `FST_SEARCH_INIT`, which
/// matches everything; zero is always the default.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FstSearch {
    /// Set to the size of this struct.
    pub struct_size: u32,
    /// 1: `level_kind`, `level_from` and `level_to` count; 0: they are 0.
    pub has_level: u32,
    /// Values that must be equal, or NULL.
    pub criteria: *const FstCriteria,
    /// Names of variables, any of which will do; NULL and 0: any. Compared as `FstCriteria.nomvar`, but that a blank one is
    /// a blank name. At most 65536, here and below.
    pub nomvars: *const *const c_char,
    pub nomvar_count: usize,
    /// Types of field, likewise.
    pub typvars: *const *const c_char,
    pub typvar_count: usize,
    /// Labels, likewise.
    pub etikets: *const *const c_char,
    pub etiket_count: usize,
    /// The earliest and the latest date of validity, both included; NULL: open. Dates are compared as instants, whatever
    /// the style of their stamps; a record whose stamp is no date is in no period.
    pub valid_from: *const FstDate,
    pub valid_to: *const FstDate,
    /// Dates of origin, likewise.
    pub origin_from: *const FstDate,
    pub origin_to: *const FstDate,
    /// The kind of level, as `fst_ip_decode` gives it for `ip1`.
    pub level_kind: i32,
    /// The least and the greatest level, both included; infinities are open ends.
    pub level_from: f32,
    pub level_to: f32,
    /// 0.
    pub reserved: u32,
    /// A JSON object that the extended metadata of a record must satisfy, or NULL. Every key must be there and not null.
    /// Numbers are equal, -1 and NaN are wild; strings are equal, case counts; of an array, every element must be among
    /// the record's, strings as a prefix, and a wildcard (also "") stands for the last element; objects are compared key
    /// by key. Records without metadata match none.
    pub metadata: *const c_char,
}

/// How a level is encoded.
pub type FstIpStyle = i32;
/// Codes above 32767: any kind, 20 bits of precision.
pub const FST_IP_NEW_STYLE: i32 = 0;
/// Codes up to 32767: pressure, sigma, height, arbitrary numbers.
pub const FST_IP_OLD_STYLE: i32 = 1;

/// Bit of `guesses`: an old-style `ip1`, or an `ip2` of plain hours, taken for what it usually means.
pub const FST_GUESS_GOOD: u32 = 2;
/// Bit of `guesses`: an old-style `ip3`, which has no meaning of its own, taken as a number.
pub const FST_GUESS_TERRIBLE: u32 = 8;
/// Bit of `guesses`: a level where a time is expected, or the two exchanged.
pub const FST_GUESS_WARNING: u32 = 32;

/// A value of a kind, as `fst_ip_decode` gives them.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FstLevel {
    /// In the unit of the kind.
    pub value: f32,
    /// What it is the value of.
    pub kind: i32,
}

/// What three codes say together: `fst_ip_decode_triplet`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FstTriplet {
    /// Set to the size of this struct.
    pub struct_size: u32,
    /// Sum of `FST_GUESS_…`; 0 when nothing had to be guessed.
    pub guesses: u32,
    /// A level; a time, or a second level; anything.
    pub values: [FstLevel; 3],
}

/// Two bounds of one kind; equal when there is no interval.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FstBounds {
    /// As `fst_ip_decode` gives it; -1 for nothing at all.
    pub kind: i32,
    /// The earlier time, the lower level (so that pressures decrease); of kinds without a direction, as coded.
    pub first: f32,
    /// The later time, the upper level, likewise.
    pub second: f32,
}

/// What three codes say, a pair of them taken as an interval: `fst_ip_decode_interval`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FstInterval {
    /// Set to the size of this struct.
    pub struct_size: u32,
    /// Sum of `FST_GUESS_…`; 0 when nothing had to be guessed.
    pub guesses: u32,
    /// Level, or interval of levels.
    pub level: FstBounds,
    /// Time, or interval of times, in hours.
    pub time: FstBounds,
    /// What `ip3` says when it is not the end of an interval; kind -1 when it is.
    pub third: FstBounds,
}

/// The calendar in which hours are counted.
pub type FstCalendar = i32;
/// The real one.
pub const FST_CALENDAR_GREGORIAN: i32 = 0;
/// Years of 365 days: no February 29.
pub const FST_CALENDAR_365_DAY: i32 = 1;
/// Years of twelve months of 30 days. Stamps being real dates, January 31 is the first of February, and March 1 its last.
pub const FST_CALENDAR_360_DAY: i32 = 2;

const _: () = {
    assert!(FST_GUESS_GOOD == level::GOOD_GUESS);
    assert!(FST_GUESS_TERRIBLE == level::TERRIBLE_GUESS);
    assert!(FST_GUESS_WARNING == level::WARNING);
    assert!(size_of::<FstTriplet>() == 32);
    assert!(size_of::<FstInterval>() == 44);
    assert!(FST_RECORD_MAPPABLE == index::MAPPABLE);
    assert!(FST_RECORD_TURBO == index::TURBO);
    assert!(FST_RECORD_HAS_MISSING == index::HAS_MISSING);
    assert!(FST_RECORD_HAS_METADATA == index::HAS_METADATA);
    assert!(FST_RECORD_IS_DESCRIPTOR == index::IS_DESCRIPTOR);
    assert!(size_of::<FstDate>() == 28);
    assert!(std::mem::offset_of!(FstGrid, tile_i) == 16);
    assert!(std::mem::offset_of!(FstGrid, xg) == 96);
    assert!(size_of::<FstGrid>() == 128);
    assert!(size_of::<FstOpenOptions>() == 56);
    assert!(size_of::<FstProblem>() == 512);
    assert!(size_of::<FstFileInfo>() == 40);
    assert!(size_of::<FstFileStats>() == 88);
    assert!(std::mem::offset_of!(FstRecordInfo, etiket) + 13 == 27);
    assert!(std::mem::offset_of!(FstRecordInfo, ni) == 32);
    assert!(std::mem::offset_of!(FstFileStats, views_mapped) == 8);
    assert!(std::mem::offset_of!(FstRecordInfo, file_number) == 120);
    assert!(size_of::<FstRecordInfo>() == 168);
    assert!(std::mem::offset_of!(FstCriteria, dateo) == 28);
    assert!(size_of::<FstCriteria>() == 116);
    assert!(size_of::<FstSearch>() == 120);
    assert!(size_of::<FstViewOptions>() == 80);
    assert!(std::mem::offset_of!(FstArray, shape) == 24);
    assert!(size_of::<FstArray>() == 104);
};
