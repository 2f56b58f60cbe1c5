/**
 * @file fstview.h
 *
 * fstview: the fields of RPN Standard Files (FST: XDF and RSF) as Fortran-ordered arrays, without a copy
 * whenever the bytes on disk already are the array.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * Conventions
 *
 * - Every function that can fail returns an `FstStatus`, 0 for success. Results go to out-pointers, last, and are
 *   written only on success; of an `FstArray`, everything but `struct_size` is zeroed on failure.
 * - `fst_last_error` gives the message of the last failed call on the calling thread.
 * - No call aborts, prints or unwinds, whatever it is given. Null pointers, stale or invented handles and indices
 *   out of range are ordinary errors.
 * - Structs begin with `struct_size`, which the caller sets to `sizeof`: start from the `*_INIT` macros. A shorter
 *   struct than the library's: the missing fields are zero, and zero is always the default. A longer one: accepted
 *   if the excess is all zero. Of an out struct, no more than the caller's size is written. 0, or less than the first
 *   published size, is an error.
 * - Enumerations and flags are integers, checked.
 * - Record numbers are 0-based positions in file order (in the order of the linked files).
 * - Paths are bytes, not text.
 *
 * Threads
 *
 * All functions may be called from any thread at any time on any handle. Nothing needs initialising. The library
 * keeps no threads of its own: those of a batch are gone when the call returns.
 *
 * Lifetime
 *
 * A view keeps alive what its array needs: also after `fst_close`, `data` is valid until the view's last release,
 * which gives the memory back before it returns.
 *
 * Files that change
 *
 * A mapped view is memory of the file itself. If another process cuts the file short, touching the array behind the
 * new end ends the process with SIGBUS; if the file is rewritten, the values change. No other call is affected: reads
 * of the library's own answer FST_ERR_TRUNCATED. Open with FST_ACCESS_READ where files may change.
 *
 * fork
 *
 * A child may use inherited files and views, open more, run batches and exit.
 */


#ifndef FSTVIEW_H
#define FSTVIEW_H

/* Generated from src/ffi by cbindgen. Do not edit: `make header` writes it anew. */

#include <stddef.h>
#include <stdint.h>
/* Version of this header. */
#define FST_VERSION_MAJOR 0
#define FST_VERSION_MINOR 1
#define FST_VERSION_PATCH 0

/* Marks what the library exports. */
#ifndef FST_API
#define FST_API
#endif

/* DLPack's tensor, as dlpack.h (version 1) defines it. */
struct DLManagedTensorVersioned;

/* Arrow's C data interface, as its specification gives it to be copied. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

/* Initialisers: sizes set, everything else at its default. */
#define FST_OPEN_OPTIONS_INIT {sizeof(FstOpenOptions), 0, 0, 0, 0, 0, 0, 0, 0}
#define FST_PROBLEM_INIT {sizeof(FstProblem), 0, 0, 0, 0, {0}}
#define FST_FILE_INFO_INIT {sizeof(FstFileInfo), 0, 0, 0, 0, 0, 0}
#define FST_FILE_STATS_INIT {sizeof(FstFileStats), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
#define FST_RECORD_INFO_INIT \
  {sizeof(FstRecordInfo), {0}, {0}, {0}, {0}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
#define FST_CRITERIA_INIT \
  {sizeof(FstCriteria), {0}, {0}, {0}, {0}, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, \
   0, 0, 0, 0, 0}
#define FST_SEARCH_INIT \
  {sizeof(FstSearch), 0, NULL, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL, 0, 0.0f, 0.0f, 0, NULL}
#define FST_VIEW_OPTIONS_INIT {sizeof(FstViewOptions), 0, 0, {0, 0, 0}, {0, 0, 0}, NULL, NULL}
#define FST_GRID_INIT \
  {sizeof(FstGrid), {0}, {0}, 0, 0, 0, 0, FST_NO_RECORD, FST_NO_RECORD, FST_NO_RECORD, FST_NO_RECORD, \
   FST_NO_RECORD, FST_NO_RECORD, FST_NO_RECORD, FST_NO_RECORD, {0}, {0}}
#define FST_DATE_INIT {sizeof(FstDate), 0, 0, 0, 0, 0, 0}
#define FST_TRIPLET_INIT {sizeof(FstTriplet), 0, {{0.0f, 0}, {0.0f, 0}, {0.0f, 0}}}
#define FST_INTERVAL_INIT \
  {sizeof(FstInterval), 0, {0, 0.0f, 0.0f}, {10, 0.0f, 0.0f}, {-1, 0.0f, 0.0f}}
#define FST_ARRAY_INIT {sizeof(FstArray), 0, 0, 0, 0, 0, {0, 0, 0}, {0, 0, 0}, 0, 0, NULL, {0}}


/**
 * Success.
 */
#define FST_OK 0

/**
 * A null pointer, a bad `struct_size`, an unknown enumeration value or flag, contradictory options.
 */
#define FST_ERR_INVALID_ARGUMENT -1

/**
 * A handle that is stale, released twice, of another kind, or made up.
 */
#define FST_ERR_INVALID_HANDLE -2

/**
 * No such file; no record matches (`fst_find_first`).
 */
#define FST_ERR_NOT_FOUND -3

/**
 * The file may not be read.
 */
#define FST_ERR_PERMISSION -4

/**
 * Any other error of the system; its number is in the message.
 */
#define FST_ERR_IO -5

/**
 * Not an RPN standard file; the message says what it looks like instead.
 */
#define FST_ERR_NOT_FST -6

/**
 * Recognised, but not something that this version reads.
 */
#define FST_ERR_UNSUPPORTED -7

/**
 * An invariant of the format is broken, or the file was rewritten while it was open; offset and values are in the
 * message.
 */
#define FST_ERR_CORRUPT -8

/**
 * The file ends before what its directory promises, or shrank while it was open.
 */
#define FST_ERR_TRUNCATED -9

/**
 * A record number, or a slab's start or count.
 */
#define FST_ERR_OUT_OF_RANGE -10

/**
 * The destination is too small, or its rank cannot hold the record.
 */
#define FST_ERR_SHAPE_MISMATCH -11

/**
 * The requested element type cannot hold the stored one.
 */
#define FST_ERR_TYPE_MISMATCH -12

/**
 * An allocation was refused.
 */
#define FST_ERR_NO_MEMORY -13

/**
 * A configured limit (such as `max_array_bytes`) would be exceeded.
 */
#define FST_ERR_LIMIT -14

/**
 * A bug in fstview (a caught panic).
 */
#define FST_ERR_INTERNAL -15

/**
 * A batch was cancelled by its progress callback before this record was begun.
 */
#define FST_ERR_CANCELLED -16

/**
 * Files larger than `map_threshold` are mapped, others are read.
 */
#define FST_ACCESS_AUTO 0

/**
 * Always map.
 */
#define FST_ACCESS_MAP 1

/**
 * Never map.
 */
#define FST_ACCESS_READ 2

/**
 * As stored (the default, as in librmn).
 */
#define FST_MISSING_KEEP 0

/**
 * librmn's codes, or those of the environment variable `MISSING_VALUE_FLAGS`.
 */
#define FST_MISSING_CODES 1

/**
 * Reals become NaN, integers librmn's codes.
 */
#define FST_MISSING_NAN 2

/**
 * XDF (FSTD98, random or sequential), and the layouts of 1989.
 */
#define FST_FORMAT_XDF 1

/**
 * RSF.
 */
#define FST_FORMAT_RSF 2

/**
 * Unsigned integer, 8 bits.
 */
#define FST_DTYPE_U8 1

/**
 * Signed integer, 8 bits.
 */
#define FST_DTYPE_I8 2

/**
 * Unsigned integer, 16 bits.
 */
#define FST_DTYPE_U16 3

/**
 * Signed integer, 16 bits.
 */
#define FST_DTYPE_I16 4

/**
 * Unsigned integer, 32 bits.
 */
#define FST_DTYPE_U32 5

/**
 * Signed integer, 32 bits.
 */
#define FST_DTYPE_I32 6

/**
 * Unsigned integer, 64 bits.
 */
#define FST_DTYPE_U64 7

/**
 * Signed integer, 64 bits.
 */
#define FST_DTYPE_I64 8

/**
 * IEEE real, 32 bits.
 */
#define FST_DTYPE_F32 9

/**
 * IEEE real, 64 bits.
 */
#define FST_DTYPE_F64 10

/**
 * Complex: two 32-bit reals.
 */
#define FST_DTYPE_C64 11

/**
 * Complex: two 64-bit reals.
 */
#define FST_DTYPE_C128 12

/**
 * One byte of text.
 */
#define FST_DTYPE_CHAR 13

/**
 * `data` points into the file mapping (or the caller's image): no byte was moved.
 */
#define FST_ORIGIN_MAPPED 1

/**
 * The array of a view that is already alive, or cached: no byte was moved.
 */
#define FST_ORIGIN_SHARED 2

/**
 * The payload is the array; it was read from the file straight into it.
 */
#define FST_ORIGIN_READ 3

/**
 * Unpacked from the payload straight into the array, in one pass.
 */
#define FST_ORIGIN_DECODED 4

/**
 * A private copy was asked for.
 */
#define FST_ORIGIN_COPIED 5

/**
 * `FstRecordInfo.flags`: the payload is the array already, aligned in the file: a mapped file gives it without a copy.
 */
#define FST_RECORD_MAPPABLE 1

/**
 * `FstRecordInfo.flags`: compressed ("turbo").
 */
#define FST_RECORD_TURBO 2

/**
 * `FstRecordInfo.flags`: the record has missing values.
 */
#define FST_RECORD_HAS_MISSING 4

/**
 * `FstRecordInfo.flags`: the record has extended metadata (`fst_record_metadata`).
 */
#define FST_RECORD_HAS_METADATA 8

/**
 * `FstRecordInfo.flags`: a grid descriptor (`>>`, `^^`, `^>`, `!!`, `##`, `#>>#`, `#^^#`, `####`, `HY`, `PROJ`, `MTRX`).
 */
#define FST_RECORD_IS_DESCRIPTOR 16

/**
 * `FstViewOptions.flags`: the caller may modify the array, and the file never changes: a mapped record comes as a private
 * copy-on-write mapping, any other array is not shared.
 */
#define FST_VIEW_WRITABLE 1

/**
 * `FstViewOptions.flags`: big-endian payloads may come mapped as they are, with `FST_ARRAY_BIG_ENDIAN`.
 */
#define FST_VIEW_ANY_BYTE_ORDER 2

/**
 * `FstViewOptions.flags`: have the pages of a mapped record read ahead.
 */
#define FST_VIEW_PREFETCH 4

/**
 * `FstArray.flags`: the array may be modified.
 */
#define FST_ARRAY_WRITABLE 1

/**
 * `FstArray.flags`: the elements are big-endian.
 */
#define FST_ARRAY_BIG_ENDIAN 2

/**
 * `FstGrid`: there is no such record.
 */
#define FST_NO_RECORD UINT64_MAX

/**
 * `FstGrid.flags`: other records would do as well as the horizontal descriptors given and hold something else, or `x`
 * and `y` differ in their reference. The first ones in file order are given.
 */
#define FST_GRID_AMBIGUOUS 1

/**
 * `FstGrid.flags`: `xg` holds the parameters of `ref_grtyp`.
 */
#define FST_GRID_HAS_PARAMETERS 2

/**
 * `FstGrid.flags`: `x` and `y` have the same dimensions: the coordinates of points, not two axes.
 */
#define FST_GRID_POINTS 4

/**
 * `FstGrid.flags`: `x` and `y` are the fields `LO` and `LA`, degrees of longitude and latitude of each point.
 */
#define FST_GRID_LATLON_FIELDS 8

/**
 * `FstGrid.flags`: `vertical` does not have the tags of the field: it was taken for want of another one.
 */
#define FST_GRID_VERTICAL_UNLINKED 16

/**
 * `FstGrid.flags`: other records would do as well as `vertical` and hold something else.
 */
#define FST_GRID_VERTICAL_AMBIGUOUS 32

/**
 * Codes above 32767: any kind, 20 bits of precision.
 */
#define FST_IP_NEW_STYLE 0

/**
 * Codes up to 32767: pressure, sigma, height, arbitrary numbers.
 */
#define FST_IP_OLD_STYLE 1

/**
 * Bit of `guesses`: an old-style `ip1`, or an `ip2` of plain hours, taken for what it usually means.
 */
#define FST_GUESS_GOOD 2

/**
 * Bit of `guesses`: an old-style `ip3`, which has no meaning of its own, taken as a number.
 */
#define FST_GUESS_TERRIBLE 8

/**
 * Bit of `guesses`: a level where a time is expected, or the two exchanged.
 */
#define FST_GUESS_WARNING 32

/**
 * The real one.
 */
#define FST_CALENDAR_GREGORIAN 0

/**
 * Years of 365 days: no February 29.
 */
#define FST_CALENDAR_365_DAY 1

/**
 * Years of twelve months of 30 days. Stamps being real dates, January 31 is the first of February, and March 1 its last.
 */
#define FST_CALENDAR_360_DAY 2

/**
 * Version of the binary interface: programs built for one number work with every library of that number.
 */
#define FST_ABI_VERSION 1

/**
 * Result of every function that can fail: `FST_OK`, or one of the negative `FST_ERR_…`.
 */
typedef int32_t FstStatus;

/**
 * How the bytes of files are reached.
 */
typedef int32_t FstAccess;

/**
 * What becomes of missing values in records that have the flag for them.
 */
typedef int32_t FstMissing;

/**
 * How files are opened. Start from `FST_OPEN_OPTIONS_INIT`; zero is always the default.
 */
typedef struct FstOpenOptions {
  /**
   * Set to the size of this struct.
   */
  uint32_t struct_size;
  /**
   * Mapped or read.
   */
  FstAccess access;
  /**
   * Bytes; `FST_ACCESS_AUTO` maps files larger than this; 0: 1 GiB, or the environment's `FSTVIEW_MAP_THRESHOLD`.
   */
  uint64_t map_threshold;
  /**
   * Bytes of decoded arrays kept after their last release; 0: none, memory goes back at once (`fst_view_release`).
   */
  uint64_t cache_bytes;
  /**
   * Larger arrays are refused (`FST_ERR_LIMIT`); 0: no limit but the machine's memory.
   */
  uint64_t max_array_bytes;
  /**
   * Threads of batch calls and of indexing many files; 0: the cores that this process may use.
   */
  uint32_t threads;
  /**
   * What becomes of missing values.
   */
  FstMissing missing;
  /**
   * 1: an unclosed or damaged file is an error; 0: it is opened as far as it is sound, with `complete` = 0.
   */
  uint32_t strict;
  /**
   * 1: `fst_open_many` leaves out files that cannot be opened, as long as one can, and `fst_file_problems` says why; 0: they
   * are an error. Appended after the first version of this struct.
   */
  uint64_t skip_unreadable;
} FstOpenOptions;

/**
 * An open file, or several as one. The all-zero handle is never valid.
 */
typedef struct FstFile {
  uint64_t id;
} FstFile;

/**
 * The flavours of standard files.
 */
typedef int32_t FstFormat;

/**
 * A file as a whole.
 */
typedef struct FstFileInfo {
  /**
   * Set to the size of this struct.
   */
  uint32_t struct_size;
  /**
   * The flavour of the first file.
   */
  FstFormat format;
  /**
   * Number of files.
   */
  uint64_t file_count;
  /**
   * Number of records.
   */
  uint64_t record_count;
  /**
   * Total size on disk, bytes.
   */
  uint64_t bytes;
  /**
   * 1 when the (first) file is mapped.
   */
  uint32_t mapped;
  /**
   * 0 when a damaged or unclosed file was opened as far as it is sound.
   */
  uint32_t complete;
} FstFileInfo;

/**
 * Something wrong with an open file.
 */
typedef struct FstProblem {
  /**
   * Set to the size of this struct.
   */
  uint32_t struct_size;
  /**
   * The status that stands for it.
   */
  FstStatus status;
  /**
   * Which file of `fst_open_many`, 0-based.
   */
  uint64_t file_number;
  /**
   * The record whose data cannot be read, or `FST_NO_RECORD` for the file as a whole.
   */
  uint64_t record;
  /**
   * Where in the file, bytes; `UINT64_MAX` when that means nothing.
   */
  uint64_t offset;
  /**
   * What was expected and what was found; ends with a NUL, cut if it is longer.
   */
  char message[480];
} FstProblem;

/**
 * How many views a file gave, by origin, and what they cost. A view is zero-copy when its origin is mapped or shared.
 */
typedef struct FstFileStats {
  /**
   * Set to the size of this struct.
   */
  uint32_t struct_size;
  /**
   * Views of origin `FST_ORIGIN_MAPPED`, and so on.
   */
  uint64_t views_mapped;
  uint64_t views_shared;
  uint64_t views_read;
  uint64_t views_decoded;
  uint64_t views_copied;
  /**
   * Views that are not released yet.
   */
  uint64_t live_views;
  /**
   * Bytes that those span.
   */
  uint64_t live_bytes;
  /**
   * Bytes spanned by mapped views.
   */
  uint64_t bytes_mapped;
  /**
   * Payload bytes read from the file.
   */
  uint64_t bytes_read;
  /**
   * Bytes of arrays decoded.
   */
  uint64_t bytes_decoded;
} FstFileStats;

/**
 * Element type of an array. Complex types are named by their total bits.
 */
typedef int32_t FstDtype;

/**
 * What the directory says of one record, and where it lies. Strings end with a NUL; trailing blanks are removed.
 */
typedef struct FstRecordInfo {
  /**
   * Set to the size of this struct.
   */
  uint32_t struct_size;
  /**
   * Name of the variable.
   */
  char nomvar[5];
  /**
   * Type of field.
   */
  char typvar[3];
  /**
   * Grid type.
   */
  char grtyp[2];
  /**
   * Label.
   */
  char etiket[13];
  /**
   * Dimensions.
   */
  int64_t ni;
  int64_t nj;
  int64_t nk;
  /**
   * FST code as stored, flags (64 missing values, 128 compressed) included.
   */
  int32_t data_type;
  /**
   * Bits of an unpacked and of a packed element.
   */
  int32_t data_bits;
  int32_t pack_bits;
  /**
   * Element type of the array that a view gives; 0 when the record cannot be decoded.
   */
  FstDtype dtype;
  /**
   * CMC date-time stamps of origin and of validity.
   */
  int32_t dateo;
  int32_t datev;
  /**
   * Length of a time step in seconds, and number of steps.
   */
  int32_t deet;
  int32_t npas;
  int32_t ip1;
  int32_t ip2;
  int32_t ip3;
  int32_t ig1;
  int32_t ig2;
  int32_t ig3;
  int32_t ig4;
  /**
   * `FST_RECORD_MAPPABLE` and so on.
   */
  uint32_t flags;
  /**
   * Which file of `fst_open_many`, 0-based.
   */
  uint64_t file_number;
  /**
   * The whole record in its file, bytes.
   */
  uint64_t file_offset;
  uint64_t stored_bytes;
  /**
   * The payload in its file, bytes; both 0 when the record's place is impossible.
   */
  uint64_t payload_offset;
  uint64_t payload_bytes;
  /**
   * Bytes of the array that a view gives; 0 when the record cannot be decoded.
   */
  uint64_t array_bytes;
} FstRecordInfo;

/**
 * What to look for. Start from `FST_CRITERIA_INIT`, which matches everything: "" and -1 are wild.
 */
typedef struct FstCriteria {
  /**
   * Set to the size of this struct.
   */
  uint32_t struct_size;
  /**
   * Strings, NUL-terminated or blank-padded; blank is wild; case does not matter, but for `grtyp`.
   */
  char nomvar[5];
  char typvar[3];
  char grtyp[2];
  char etiket[13];
  int32_t dateo;
  int32_t datev;
  int32_t data_type;
  int32_t data_bits;
  int32_t pack_bits;
  int32_t ni;
  int32_t nj;
  int32_t nk;
  int32_t deet;
  int32_t npas;
  int32_t ip1;
  int32_t ip2;
  int32_t ip3;
  int32_t ig1;
  int32_t ig2;
  int32_t ig3;
  int32_t ig4;
  /**
   * 1: `ip1` is a level, to be found in any of its encodings; likewise `ip2` and `ip3`.
   */
  uint32_t ip1_all;
  uint32_t ip2_all;
  uint32_t ip3_all;
  /**
   * 1: compare dates exactly; 0: the three low bits of the stored date (a run number, or seconds) do not count.
   */
  uint32_t stamp_norun;
  /**
   * 1: leave grid descriptors out.
   */
  uint32_t skip_grid_descriptors;
} FstCriteria;

/**
 * A moment of the Gregorian calendar, UTC.
 */
typedef struct FstDate {
  /**
   * Set to the size of this struct.
   */
  uint32_t struct_size;
  /**
   * Year, 0 to 9999.
   */
  int32_t year;
  /**
   * Month, 1 to 12.
   */
  int32_t month;
  /**
   * Day of the month, from 1.
   */
  int32_t day;
  /**
   * Hour, 0 to 23.
   */
  int32_t hour;
  /**
   * Minute, 0 to 59.
   */
  int32_t minute;
  /**
   * Second, 0 to 59.
   */
  int32_t second;
} FstDate;

/**
 * What to look for, beyond `FstCriteria`: a record matches when it meets all that is set. Start from `FST_SEARCH_INIT`, which
 * matches everything; zero is always the default.
 */
typedef struct FstSearch {
  /**
   * Set to the size of this struct.
   */
  uint32_t struct_size;
  /**
   * 1: `level_kind`, `level_from` and `level_to` count; 0: they are 0.
   */
  uint32_t has_level;
  /**
   * Values that must be equal, or NULL.
   */
  const struct FstCriteria *criteria;
  /**
   * Names of variables, any of which will do; NULL and 0: any. Compared as `FstCriteria.nomvar`, but that a blank one is
   * a blank name. At most 65536, here and below.
   */
  const char *const *nomvars;
  size_t nomvar_count;
  /**
   * Types of field, likewise.
   */
  const char *const *typvars;
  size_t typvar_count;
  /**
   * Labels, likewise.
   */
  const char *const *etikets;
  size_t etiket_count;
  /**
   * The earliest and the latest date of validity, both included; NULL: open. Dates are compared as instants, whatever
   * the style of their stamps; a record whose stamp is no date is in no period.
   */
  const struct FstDate *valid_from;
  const struct FstDate *valid_to;
  /**
   * Dates of origin, likewise.
   */
  const struct FstDate *origin_from;
  const struct FstDate *origin_to;
  /**
   * The kind of level, as `fst_ip_decode` gives it for `ip1`.
   */
  int32_t level_kind;
  /**
   * The least and the greatest level, both included; infinities are open ends.
   */
  float level_from;
  float level_to;
  /**
   * 0.
   */
  uint32_t reserved;
  /**
   * A JSON object that the extended metadata of a record must satisfy, or NULL. Every key must be there and not null.
   * Numbers are equal, -1 and NaN are wild; strings are equal, case counts; of an array, every element must be among
   * the record's, strings as a prefix, and a wildcard (also "") stands for the last element; objects are compared key
   * by key. Records without metadata match none.
   */
  const char *metadata;
} FstSearch;

/**
 * The grid of a field, and the numbers of the records that describe it (`FST_NO_RECORD`: none). Start from
 * `FST_GRID_INIT`.
 *
 * `xg` by `ref_grtyp`, in degrees and metres: A, B, G: 0 global, 1 northern, 2 southern hemisphere; 0 south to north, 1
 * north to south. L, C: latitude and longitude of the first point, their steps. E: latitude and longitude of the
 * centre, then of another point of the rotated equator, to its east. N, S: i and j of the pole (from 1), grid length at
 * 60 degrees, angle between the i axis and Greenwich. H: standard parallels as coded, latitude of origin, grid length,
 * central meridian. +: latitude and longitude of the point. What is not listed is 0.
 */
typedef struct FstGrid {
  /**
   * Set to the size of this struct.
   */
  uint32_t struct_size;
  /**
   * Type of the field's grid.
   */
  char grtyp[2];
  /**
   * Type of grid that the coordinates in `x` and `y` refer to; without those, that of the field; "" when unknown.
   */
  char ref_grtyp[2];
  /**
   * `FST_GRID_AMBIGUOUS` and so on.
   */
  uint32_t flags;
  /**
   * 1, or 2 for grid U: the field is two panels of nj/2 rows, yin first.
   */
  uint32_t panels;
  /**
   * Grid `#`: the values of `x` and `y` that come before the field's first point; otherwise 0.
   */
  int64_t tile_i;
  int64_t tile_j;
  /**
   * `>>` and `^^`: axes, or the coordinates of points.
   */
  uint64_t x;
  uint64_t y;
  /**
   * `^>` of grid U. The x axis (ni values) of panel p = 0, 1 begins at element 15 + p * (10 + ni + nj/2), its y axis
   * (nj/2 values) right behind it.
   */
  uint64_t yin_yang;
  /**
   * `##` of grid M: vertex numbers, three a triangle.
   */
  uint64_t mesh;
  /**
   * `PROJ` of grid W: text.
   */
  uint64_t projection;
  /**
   * `MTRX` of grid W: six numbers, an affine transform.
   */
  uint64_t transform;
  /**
   * `!!`, or `HY` or `PT` in old files: describes the levels.
   */
  uint64_t vertical;
  /**
   * The mask (1 valid, 0 not) of a field whose typvar says that it has one.
   */
  uint64_t mask;
  /**
   * Parameters of `ref_grtyp`; for grid U, those of the first panel.
   */
  float xg[4];
  /**
   * For grid U, the parameters of the second panel.
   */
  float xg_yang[4];
} FstGrid;

/**
 * Called by a batch on the caller's thread, between two of the records that this thread works on and at the end, with the
 * number of records done so far. A result other than 0 cancels what no thread has begun by then: those records get `FST_ERR_CANCELLED`.
 */
typedef int32_t (*FstProgress)(void *context, size_t done, size_t total);

/**
 * What a view shall be. Start from `FST_VIEW_OPTIONS_INIT`; zero is always the default.
 */
typedef struct FstViewOptions {
  /**
   * Set to the size of this struct.
   */
  uint32_t struct_size;
  /**
   * `FST_VIEW_WRITABLE` and so on.
   */
  uint32_t flags;
  /**
   * Element type; 0: the natural one. Widening that loses nothing is allowed, anything else is `FST_ERR_TYPE_MISMATCH`.
   */
  FstDtype dtype;
  /**
   * First element along i, j, k, 0-based.
   */
  int64_t slab_start[3];
  /**
   * Elements along i, j, k; 0: to the end of the axis.
   */
  int64_t slab_count[3];
  /**
   * Called by batches as records are done, or NULL. Appended after the first version of this struct.
   */
  FstProgress progress;
  /**
   * Passed to `progress` as it is.
   */
  void *progress_context;
} FstViewOptions;

/**
 * What a view cost.
 */
typedef int32_t FstOrigin;

/**
 * A view: an array and what keeps it alive. The all-zero handle is never valid.
 */
typedef struct FstView {
  uint64_t id;
} FstView;

/**
 * An array. Start from `FST_ARRAY_INIT`.
 */
typedef struct FstArray {
  /**
   * Set to the size of this struct.
   */
  uint32_t struct_size;
  /**
   * Element type.
   */
  FstDtype dtype;
  /**
   * 3, less trailing extents of 1; at least 1.
   */
  uint32_t rank;
  /**
   * Bytes of an element.
   */
  uint32_t itemsize;
  /**
   * What the view cost.
   */
  FstOrigin origin;
  /**
   * `FST_ARRAY_WRITABLE`, `FST_ARRAY_BIG_ENDIAN`.
   */
  uint32_t flags;
  /**
   * Elements along i, j, k.
   */
  int64_t shape[3];
  /**
   * Bytes between neighbours along i, j, k: Fortran order.
   */
  int64_t strides[3];
  /**
   * Number of elements.
   */
  uint64_t size;
  /**
   * Bytes from the first byte of the first element to the last byte of the last one.
   */
  uint64_t nbytes;
  /**
   * Element (0, 0, 0): never null, always aligned; valid until the view is released, also after `fst_close`.
   */
  const void *data;
  /**
   * The view, which the caller releases.
   */
  struct FstView view;
} FstArray;

/**
 * The calendar in which hours are counted.
 */
typedef int32_t FstCalendar;

/**
 * How a level is encoded.
 */
typedef int32_t FstIpStyle;

/**
 * A value of a kind, as `fst_ip_decode` gives them.
 */
typedef struct FstLevel {
  /**
   * In the unit of the kind.
   */
  float value;
  /**
   * What it is the value of.
   */
  int32_t kind;
} FstLevel;

/**
 * What three codes say together: `fst_ip_decode_triplet`.
 */
typedef struct FstTriplet {
  /**
   * Set to the size of this struct.
   */
  uint32_t struct_size;
  /**
   * Sum of `FST_GUESS_…`; 0 when nothing had to be guessed.
   */
  uint32_t guesses;
  /**
   * A level; a time, or a second level; anything.
   */
  struct FstLevel values[3];
} FstTriplet;

/**
 * Two bounds of one kind; equal when there is no interval.
 */
typedef struct FstBounds {
  /**
   * As `fst_ip_decode` gives it; -1 for nothing at all.
   */
  int32_t kind;
  /**
   * The earlier time, the lower level (so that pressures decrease); of kinds without a direction, as coded.
   */
  float first;
  /**
   * The later time, the upper level, likewise.
   */
  float second;
} FstBounds;

/**
 * What three codes say, a pair of them taken as an interval: `fst_ip_decode_interval`.
 */
typedef struct FstInterval {
  /**
   * Set to the size of this struct.
   */
  uint32_t struct_size;
  /**
   * Sum of `FST_GUESS_…`; 0 when nothing had to be guessed.
   */
  uint32_t guesses;
  /**
   * Level, or interval of levels.
   */
  struct FstBounds level;
  /**
   * Time, or interval of times, in hours.
   */
  struct FstBounds time;
  /**
   * What `ip3` says when it is not the end of an interval; kind -1 when it is.
   */
  struct FstBounds third;
} FstInterval;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Opens a file and reads its directory; no payload is read. The format is recognised by content.
 *
 * `path` is bytes, not text, and ends with a NUL. `options` may be NULL. On success `file` holds a handle that
 * `fst_close` gives back. Errors: `FST_ERR_NOT_FOUND`, `FST_ERR_PERMISSION`, `FST_ERR_IO`, `FST_ERR_NOT_FST`,
 * `FST_ERR_UNSUPPORTED`, `FST_ERR_CORRUPT`, `FST_ERR_TRUNCATED`. A damaged or unclosed file is opened as far as it
 * is sound, with `FstFileInfo.complete` = 0, unless `strict` is set.
 *
 * # Safety
 * `path` must be NULL or a NUL-terminated string; `options` NULL or `struct_size` readable bytes; `file` NULL or
 * writable.
 */
FST_API
FstStatus fst_open(const char *path,
                   const struct FstOpenOptions *options,
                   struct FstFile *file);

/**
 * Opens `n` files as one, in the order given: record numbers run on, searches see all. They are indexed in
 * parallel. One that cannot be opened is an error that names it, or is left out when `skip_unreadable` is set: then
 * `fst_file_problems` keeps the reason. `file_number` counts all of the `n` files.
 *
 * # Safety
 * `paths` must be NULL or point to `n` pointers, each NULL or a NUL-terminated string; `options` and `file` as for
 * `fst_open`.
 */
FST_API
FstStatus fst_open_many(const char *const *paths,
                        size_t n,
                        const struct FstOpenOptions *options,
                        struct FstFile *file);

/**
 * Opens the image of a file in memory. The caller keeps the `n` bytes at `bytes` alive and unchanged until the file
 * is closed and the last view of it is released; views of mappable records point into them.
 *
 * # Safety
 * `bytes` must be NULL or point to `n` readable bytes, as said above; `options` and `file` as for `fst_open`.
 */
FST_API
FstStatus fst_open_memory(const void *bytes,
                          size_t n,
                          const struct FstOpenOptions *options,
                          struct FstFile *file);

/**
 * Closes a file. Views stay valid: they keep what they need alive.
 */
FST_API FstStatus fst_close(struct FstFile file);

/**
 * What a file is as a whole.
 *
 * # Safety
 * `info` must be NULL or point to `struct_size` writable bytes.
 */
FST_API FstStatus fst_file_info(struct FstFile file, struct FstFileInfo *info);

/**
 * What is wrong with a file: files that were left out, damage that was opened around, records whose place is
 * impossible, in this order. Records whose payload cannot be decoded show when they are viewed.
 *
 * At most `capacity` problems are written to `problems`, structs with their `struct_size` set, which may be NULL when
 * `capacity` is 0; `found` receives the total number, which may be larger.
 *
 * # Safety
 * `problems` must be NULL or point to `capacity` structs of `struct_size` writable bytes; `found` must be NULL or writable.
 */
FST_API
FstStatus fst_file_problems(struct FstFile file,
                            struct FstProblem *problems,
                            size_t capacity,
                            size_t *found);

/**
 * How many views a file gave, by origin, and what they cost.
 *
 * # Safety
 * `stats` must be NULL or point to `struct_size` writable bytes.
 */
FST_API FstStatus fst_file_stats(struct FstFile file, struct FstFileStats *stats);

/**
 * Number of records; record numbers run from 0 to one less.
 *
 * # Safety
 * `count` must be NULL or writable.
 */
FST_API FstStatus fst_record_count(struct FstFile file, size_t *count);

/**
 * The message of the last failed call on the calling thread: it names the file, the record and the offending values.
 * Never NULL; valid until the next failing call on that thread.
 */
FST_API
const char *fst_last_error(void);

/**
 * The name of a status, such as "FST_ERR_CORRUPT"; "unknown status" for a number that is none.
 */
FST_API const char *fst_status_name(FstStatus status);

/**
 * What the directory says of a record.
 *
 * A record whose data cannot be decoded is described all the same, with `dtype` and `array_bytes` 0; viewing it
 * says why. Errors: `FST_ERR_OUT_OF_RANGE`.
 *
 * # Safety
 * `info` must be NULL or point to `struct_size` writable bytes.
 */
FST_API
FstStatus fst_record_info(struct FstFile file,
                          size_t record,
                          struct FstRecordInfo *info);

/**
 * The extended metadata (JSON text in UTF-8, as the writer left it) of a record.
 *
 * `length` receives the number of bytes without the final NUL, also when `capacity` is too small; 0 when there are
 * none. The text and a NUL are written to `buffer` when they fit in `capacity` bytes; `buffer` may be NULL when
 * `capacity` is 0. A buffer that is too small is `FST_ERR_SHAPE_MISMATCH`, unless `capacity` is 0: then the call asks
 * for the length alone.
 *
 * # Safety
 * `buffer` must be NULL or point to `capacity` writable bytes; `length` must be NULL or writable.
 */
FST_API
FstStatus fst_record_metadata(struct FstFile file,
                              size_t record,
                              char *buffer,
                              size_t capacity,
                              size_t *length);

/**
 * The numbers of the records that match, in file order.
 *
 * `criteria` may be NULL: everything. At most `capacity` numbers are written to `records`, which may be NULL when
 * `capacity` is 0; `found` receives the total number of matches, which may be larger.
 *
 * # Safety
 * `criteria` must be NULL or point to `struct_size` readable bytes; `records` must be NULL or point to `capacity`
 * writable numbers; `found` must be NULL or writable.
 */
FST_API
FstStatus fst_find(struct FstFile file,
                   const struct FstCriteria *criteria,
                   size_t *records,
                   size_t capacity,
                   size_t *found);

/**
 * The numbers of the records that match a search, in file order. As `fst_find`, with lists, ranges and metadata.
 *
 * `search` may be NULL: everything. At most `capacity` numbers are written to `records`, which may be NULL when
 * `capacity` is 0; `found` receives the total number of matches, which may be larger. Errors:
 * `FST_ERR_INVALID_ARGUMENT` for strings that no record can have, dates that do not exist, unknown kinds of level,
 * ranges that end before they start, levels that are no numbers, metadata that are no JSON object; `FST_ERR_LIMIT` for
 * lists of more than 65536 strings.
 *
 * # Safety
 * `search` must be NULL or point to `struct_size` readable bytes, and so must the structs that it points to; its lists
 * must have as many elements as it says, its strings must be NUL-terminated; `records` must be NULL or point to `capacity`
 * writable numbers; `found` must be NULL or writable.
 */
FST_API
FstStatus fst_search(struct FstFile file,
                     const struct FstSearch *search,
                     size_t *records,
                     size_t capacity,
                     size_t *found);

/**
 * The number of the first record that matches. Errors: `FST_ERR_NOT_FOUND` when none does.
 *
 * # Safety
 * `criteria` must be NULL or point to `struct_size` readable bytes; `record` must be NULL or writable.
 */
FST_API FstStatus fst_find_first(struct FstFile file, const struct FstCriteria *criteria, size_t *record);

/**
 * The grid of a record, and the records that describe it, in all files that are open as one.
 *
 * Descriptors are those whose ip1, ip2, ip3 are ig1, ig2, ig3 of the record and whose dimensions fit; of several, those
 * with the etiket of the record, else with its datev, else the first in file order. Records of one file with
 * the same `grtyp`, ig1 to ig4, dimensions, etiket, datev and ip1 have the same grid, but for `mask`: look it up once.
 *
 * Errors: `FST_ERR_NOT_FOUND` when the type of grid needs descriptors and there are none; the message says what was
 * looked for. Types that need none, and unknown ones, are described as far as they can be.
 *
 * # Safety
 * `grid` must be NULL or point to `struct_size` writable bytes.
 */
FST_API
FstStatus fst_record_grid(struct FstFile file,
                          size_t record,
                          struct FstGrid *grid);

/**
 * The records that match, in the order of their levels: from the lowest value of ip1, decoded, to the highest. The
 * levels of a variable at one moment, to be read one above the other with `fst_record_read_many`.
 *
 * `criteria` may be NULL: everything. At most `capacity` record numbers and values of levels are written to `records` and
 * `levels`, which may be NULL when `capacity` is 0; `found` receives the total number, which may be larger, `kind` the
 * kind of the levels (as `fst_ip_decode` gives it; -1 when nothing matches).
 *
 * All matches must have the same nomvar, datev and grid (`grtyp`, ig1 to ig3), levels of one kind, and no two the same
 * level, or else `FST_ERR_INVALID_ARGUMENT`; the same dimensions, or else `FST_ERR_SHAPE_MISMATCH`. The message names
 * two records that disagree.
 *
 * # Safety
 * `criteria` must be NULL or point to `struct_size` readable bytes; `records` and `levels` must be NULL or point to
 * `capacity` writable elements; `kind` and `found` must be NULL or writable.
 */
FST_API
FstStatus fst_find_levels(struct FstFile file,
                          const struct FstCriteria *criteria,
                          size_t *records,
                          float *levels,
                          int32_t *kind,
                          size_t capacity,
                          size_t *found);

/**
 * The attributes of all records at once, as an Arrow record batch (a struct array) for data frames and tables.
 *
 * One row a record, in file order. The columns are the fields of `FstRecordInfo`, under their names: `record` (its number,
 * uint64), `file_number` (uint32); `nomvar`, `typvar`, `grtyp`, `etiket` (utf8, without trailing blanks); `ni`, `nj`, `nk`
 * (int64); `data_type`, `data_bits`, `pack_bits`, `dateo`, `datev`, `deet`, `npas`, `ip1` to `ip3`, `ig1` to `ig4`, `dtype`
 * (int32); `flags` (uint32); `file_offset`, `stored_bytes`, `payload_offset`, `payload_bytes`, `array_bytes` (uint64). And
 * decoded: `origin` and `valid` (timestamps in seconds, UTC; null where the stamp is no date), `level` (float32) and
 * `level_kind` (int32) of `ip1` (null where it has no meaning).
 *
 * The caller's structs are filled in as Arrow's C data interface says, whatever was in them, and each is given back by
 * its own `release`, once, from any thread, also after `fst_close`. Errors: `FST_ERR_NO_MEMORY`, `FST_ERR_LIMIT` beyond
 * 178 million records.
 *
 * # Safety
 * `schema` and `array` must be NULL or writable.
 */
FST_API
FstStatus fst_index_export(struct FstFile file,
                           struct ArrowSchema *schema,
                           struct ArrowArray *array);

/**
 * A view of a record: an array in Fortran order that stays valid until the view is released, also after `fst_close`.
 *
 * `options` may be NULL. On failure everything in `array` but `struct_size` is zero. A mapped view (`origin`
 * `FST_ORIGIN_MAPPED`) is memory of the file itself: when another process cuts the file short, touching the array
 * past its new end ends the process with SIGBUS, and when the file is rewritten the values change. Open with
 * `FST_ACCESS_READ` where that may happen.
 *
 * Every other view, and every read into an array of the caller's, takes its bytes by system calls, whatever the access,
 * and looks at the header of the record first: in a file cut short since it was opened it ends with
 * `FST_ERR_TRUNCATED`, where another record stands now, with `FST_ERR_CORRUPT`, and never with a signal. A file that
 * grows, or whose name another file takes, is read as it was listed. Not noticed are values that are rewritten under the
 * same header, which come as they are, a file that is rewritten during the call, and anything in a random file of 1989,
 * whose records have no headers. A record that differs from its directory entry since before the opening (editors of XDF
 * files leave such) is read as long as the file stays as it was.
 *
 * # Safety
 * `options` must be NULL or point to `struct_size` readable bytes, `array` NULL or `struct_size` writable bytes.
 */
FST_API
FstStatus fst_record_view(struct FstFile file,
                          size_t record,
                          const struct FstViewOptions *options,
                          struct FstArray *array);

/**
 * Views of `n` records, made in parallel. One bad record spoils only itself: its array is zero, its status says why.
 *
 * `arrays` are `n` structs, each with its `struct_size` set; `statuses` may be NULL; `options->progress` is told how far the
 * batch is and may cancel it. The result is `FST_OK`, or the status of the first record that failed, whose message is the
 * last error. A batch that cannot begin (bad arguments, no memory for its lists) makes no view and leaves `statuses` as
 * they are: set them to a failure first where that must be told from a record's.
 *
 * # Safety
 * `records` must be NULL or point to `n` numbers; `options` NULL or `struct_size` readable bytes; `arrays` NULL or `n`
 * structs; `statuses` NULL or `n` writable statuses.
 */
FST_API
FstStatus fst_record_view_many(struct FstFile file,
                               const size_t *records,
                               size_t n,
                               const struct FstViewOptions *options,
                               struct FstArray *arrays,
                               FstStatus *statuses);

/**
 * Reads a record, or a slab of it, into the caller's array, decoding straight into it.
 *
 * `dtype` is the element type of `destination`: the natural one, or one to which widening loses nothing. Errors:
 * `FST_ERR_SHAPE_MISMATCH` when `destination_bytes` are too few (nothing is written then), `FST_ERR_TYPE_MISMATCH`,
 * `FST_ERR_INVALID_ARGUMENT` for a misaligned destination, `FST_ERR_TRUNCATED` and `FST_ERR_CORRUPT` as
 * `fst_record_view` says of a file that was changed. After any other error the contents of the destination are
 * unspecified.
 *
 * # Safety
 * `options` must be NULL or point to `struct_size` readable bytes; `destination` NULL or `destination_bytes` writable
 * bytes that nobody else uses during the call.
 */
FST_API
FstStatus fst_record_read(struct FstFile file,
                          size_t record,
                          const struct FstViewOptions *options,
                          FstDtype dtype,
                          void *destination,
                          size_t destination_bytes);

/**
 * Reads `n` records into as many arrays of the caller's, in parallel. One bad record spoils only itself.
 *
 * Record `records[i]` goes to `destinations[i]`, which has `destination_bytes[i]` bytes; `statuses` may be NULL. The
 * result is `FST_OK`, or the status of the first record that failed, whose message is the last error. A batch that cannot
 * begin leaves destinations and `statuses` as they are.
 *
 * # Safety
 * As for `fst_record_read`, for each destination; `records`, `destinations` and `destination_bytes` must be NULL or
 * have `n` elements, `statuses` NULL or `n` writable ones. Destinations must not overlap.
 */
FST_API
FstStatus fst_record_read_many(struct FstFile file,
                               const size_t *records,
                               size_t n,
                               const struct FstViewOptions *options,
                               FstDtype dtype,
                               void *const *destinations,
                               const size_t *destination_bytes,
                               FstStatus *statuses);

/**
 * One more reference to a view: it must be released once more.
 */
FST_API FstStatus fst_view_retain(struct FstView view);

/**
 * One reference less. With the last one the memory is given back before the call returns, unless `cache_bytes` keeps it: to
 * the system, or, of arrays of less than 128 KiB, to the C library's heap, which may keep their pages for later requests.
 */
FST_API
FstStatus fst_view_release(struct FstView view);

/**
 * Describes a view that is held, again.
 *
 * # Safety
 * `array` must be NULL or point to `struct_size` writable bytes.
 */
FST_API FstStatus fst_view_array(struct FstView view, struct FstArray *array);

/**
 * A view as a DLPack tensor (`DLManagedTensorVersioned`, version 1), whose deleter releases it.
 *
 * The tensor holds a reference of its own: the caller still releases its view. It has the view's rank, extents and strides
 * (in elements), native byte order, and is read-only unless the view is writable. Text comes as unsigned bytes. Errors:
 * `FST_ERR_TYPE_MISMATCH` for a big-endian view.
 *
 * # Safety
 * `tensor` must be NULL or writable.
 */
FST_API
FstStatus fst_view_to_dlpack(struct FstView view,
                             struct DLManagedTensorVersioned **tensor);

/**
 * The version of the library, such as "0.1.0".
 */
FST_API const char *fst_version(void);

/**
 * The version of the binary interface, `FST_ABI_VERSION`.
 */
FST_API uint32_t fst_abi_version(void);

/**
 * The date of a CMC date-time stamp, of any style. Errors: `FST_ERR_INVALID_ARGUMENT` for a stamp that is no date.
 *
 * # Safety
 * `date` must be NULL or point to `struct_size` writable bytes.
 */
FST_API
FstStatus fst_date_from_stamp(int32_t stamp,
                              struct FstDate *date);

/**
 * The stamp of a date, in the style that librmn gives it. Seconds are stored in steps of 5, and not at all where the
 * style of the stamp has none. Errors: `FST_ERR_INVALID_ARGUMENT` for a date that does not exist or has no stamp.
 *
 * # Safety
 * `date` must be NULL or point to `struct_size` readable bytes; `stamp` must be NULL or writable.
 */
FST_API
FstStatus fst_stamp_from_date(const struct FstDate *date,
                              int32_t *stamp);

/**
 * The stamp of the extended style of a date, whatever its year: to the hour, years 0 to 9999. Such stamps are negative and
 * mean the same as those that `fst_stamp_from_date` gives, where those exist. Errors: `FST_ERR_INVALID_ARGUMENT` for a
 * date that does not exist.
 *
 * # Safety
 * `date` must be NULL or point to `struct_size` readable bytes; `stamp` must be NULL or writable.
 */
FST_API
FstStatus fst_extended_stamp_from_date(const struct FstDate *date,
                                       int32_t *stamp);

/**
 * The stamp `hours` hours later (or earlier, when negative), to the nearest 5 seconds. Errors:
 * `FST_ERR_INVALID_ARGUMENT` for a stamp that is no date, or a result that has no stamp.
 *
 * # Safety
 * `result` must be NULL or writable.
 */
FST_API FstStatus fst_stamp_add_hours(int32_t stamp, double hours, int32_t *result);

/**
 * `stamp1` minus `stamp2`, in hours. Errors: `FST_ERR_INVALID_ARGUMENT` for a stamp that is no date.
 *
 * # Safety
 * `hours` must be NULL or writable.
 */
FST_API FstStatus fst_stamp_difference(int32_t stamp1, int32_t stamp2, double *hours);

/**
 * As `fst_stamp_add_hours`, in the calendar of a climate model: years of 365 days, or of 360. The stamps are Gregorian
 * dates as ever; hours are counted in the other calendar. Errors: as `fst_stamp_add_hours`, and
 * `FST_ERR_INVALID_ARGUMENT` for an unknown calendar.
 *
 * # Safety
 * `result` must be NULL or writable.
 */
FST_API
FstStatus fst_calendar_add_hours(int32_t stamp,
                                 double hours,
                                 FstCalendar calendar,
                                 int32_t *result);

/**
 * As `fst_stamp_difference`, in the calendar of a climate model. Errors: as `fst_stamp_difference`, and
 * `FST_ERR_INVALID_ARGUMENT` for an unknown calendar.
 *
 * # Safety
 * `hours` must be NULL or writable.
 */
FST_API
FstStatus fst_calendar_difference(int32_t stamp1,
                                  int32_t stamp2,
                                  FstCalendar calendar,
                                  double *hours);

/**
 * The value and the kind of a level or time code (ip1, ip2, ip3), of either style: kind 0 metres above sea level, 1
 * sigma, 2 hPa, 3 arbitrary, 4 metres above ground, 5 hybrid, 6 potential temperature in K, 7 metres below sea level,
 * 10 hours, 15 integer, 17 index, 21 hybrid height. Errors: `FST_ERR_INVALID_ARGUMENT` for a code without meaning.
 *
 * # Safety
 * `value` and `kind` must be NULL or writable.
 */
FST_API
FstStatus fst_ip_decode(int32_t ip,
                        float *value,
                        int32_t *kind);

/**
 * The code of a value of a kind. Errors: `FST_ERR_INVALID_ARGUMENT` for an unknown kind or style, or a value that the
 * style cannot hold.
 *
 * # Safety
 * `ip` must be NULL or writable.
 */
FST_API
FstStatus fst_ip_encode(float value,
                        int32_t kind,
                        FstIpStyle style,
                        int32_t *ip);

/**
 * A level or time code as text, at most 15 characters, as librmn's listings show it: "Invalid" for a code without
 * meaning, blank for an arbitrary number. Errors: `FST_ERR_SHAPE_MISMATCH` when the text and its NUL need more than
 * `capacity` bytes; 16 always suffice.
 *
 * # Safety
 * `text` must be NULL or point to `capacity` writable bytes.
 */
FST_API
FstStatus fst_ip_format(int32_t ip,
                        char *text,
                        size_t capacity);

/**
 * What the three codes of a record say together: a level; a time, or a second level; anything. Two levels of one kind
 * come first and third, upwards for heights and downwards for sigma, pressure and depth; two times come second and
 * third, the later first. `guesses` tells what had to be assumed. Errors: `FST_ERR_INVALID_ARGUMENT` for codes that are
 * negative, without meaning or of no such order.
 *
 * # Safety
 * `triplet` must be NULL or point to `struct_size` writable bytes.
 */
FST_API
FstStatus fst_ip_decode_triplet(int32_t ip1,
                                int32_t ip2,
                                int32_t ip3,
                                struct FstTriplet *triplet);

/**
 * The codes, of new style, of three values that `fst_ip_decode_triplet` gives: a level; a time, or a second level;
 * anything. They are put in its order first. `guesses` does not count. Errors: `FST_ERR_INVALID_ARGUMENT` when the first
 * is no level, the second neither time nor level, or one has no code.
 *
 * # Safety
 * `triplet` must be NULL or point to `struct_size` readable bytes; the codes must be NULL or writable.
 */
FST_API
FstStatus fst_ip_encode_triplet(const struct FstTriplet *triplet,
                                int32_t *ip1,
                                int32_t *ip2,
                                int32_t *ip3);

/**
 * What the three codes of a record say, a pair of them taken as an interval: of levels (`ip1` and `ip3`), or of times
 * (`ip2` and `ip3`, as accumulations and averages have it). Errors: `FST_ERR_INVALID_ARGUMENT` for codes that are
 * negative or without meaning, an `ip1` that is no level, an `ip2` that is no time.
 *
 * # Safety
 * `interval` must be NULL or point to `struct_size` writable bytes.
 */
FST_API
FstStatus fst_ip_decode_interval(int32_t ip1,
                                 int32_t ip2,
                                 int32_t ip3,
                                 struct FstInterval *interval);

/**
 * The codes, of new style, of a level and a time, one of which may be an interval; without one, `ip3` is
 * `third.first`. Bounds are put in order first. `guesses` does not count. Errors: `FST_ERR_INVALID_ARGUMENT` when
 * `level` is no level or `time` no time, when none or more than one of level interval, time interval and third value
 * want `ip3`, or a value has no code.
 *
 * # Safety
 * `interval` must be NULL or point to `struct_size` readable bytes; the codes must be NULL or writable.
 */
FST_API
FstStatus fst_ip_encode_interval(const struct FstInterval *interval,
                                 int32_t *ip1,
                                 int32_t *ip2,
                                 int32_t *ip3);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* FSTVIEW_H */
