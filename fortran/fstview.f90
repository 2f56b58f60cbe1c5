! SPDX-License-Identifier: MIT OR Apache-2.0

!> The fields of RPN standard files (FST: XDF and RSF) as Fortran arrays, without a copy whenever
!> the bytes on disk already are the array.
!>
!>     use fstview
!>     use, intrinsic :: iso_fortran_env, only: real32
!>     type(fst_file_t) :: file
!>     type(fst_view_t) :: view
!>     real(real32), pointer :: tt(:, :)
!>     real(real32), allocatable :: stack(:, :, :), levels(:)
!>     integer, allocatable :: records(:)
!>
!>     call file%open('2024011500_012')
!>     records = file%find(nomvar='TT', ip2=12)
!>     call file%view(records(1), view)
!>     call view%get(tt)
!>     print *, sum(tt) / size(tt)
!>     call view%release()
!>     call file%read_levels(stack, levels, nomvar='TT', ip2=12)
!>     call file%close()
!>
!> Conventions
!>
!> * Records, files, slabs: everything is counted from 1. Texts that come from the library itself
!>   count records from 0; the number from 1 is then added at their end.
!> * `stat` and `errmsg` work as in Fortran's own statements. With `stat`, a failure sets it to one
!>   of the negative `FST_ERR_...`, success to 0; `errmsg` receives the message of a failure and is
!>   left alone by success. Without `stat`, a failure stops the program with the message.
!>   (Many procedures of librmn return 1 for success: not these.)
!> * A variable of type `fst_file_t` or `fst_view_t` holds something that must be given back: by
!>   `close` and `release`, or at the end of the variable's scope, whichever comes first. Variables
!>   of the main program and saved ones are never finalised, by the standard: there call `close` and
!>   `release`. Both are harmless on a variable that holds nothing.
!> * One bad record of a batch spoils only itself: `stats` says which, `stat` and `errmsg` are those
!>   of the first.
!> * Pointers from `view%get` are valid until the view is given back, also after `file%close`.
!>   Unless the view is writable, their targets must not be assigned to: a mapped file is read-only
!>   memory, and writing to it ends the program.
!> * Fortran has no unsigned integers. A pointer to integers of the same width may be associated
!>   with an unsigned record: it shows the bits as they are, so large values look negative.
!>   `file%read` never does that: it fails when a value does not fit.
!> * Everything may be called from any thread; each thread has its own pointer variables. Compile
!>   this file with the options of your program, such as `-fopenmp`. (`file%metadata` is for one
!>   thread at a time, because gfortran is; `file%get_metadata` is for any.)
!>
!> The procedures between the lines "generated" are written by `generate.py`; everything else is
!> written by hand.
module fstview
    use, intrinsic :: iso_c_binding, only: c_char, c_double, c_f_pointer, c_float, c_funloc, &
        c_funptr, c_int32_t, c_int64_t, c_intptr_t, c_loc, c_null_char, c_null_funptr, c_null_ptr, &
        c_ptr, c_size_t, c_sizeof
    use, intrinsic :: iso_fortran_env, only: int8, int16, int32, int64, real32, real64
    implicit none (type, external)
    private

    public :: fst_file_t, fst_record_t, fst_view_t, fst_criteria_t, fst_date_t, fst_grid_t
    public :: fst_problem_t, fst_level_t, fst_bounds_t, fst_interval_t
    public :: fst_progress
    public :: fstview_version, fst_status_text
    public :: fst_date_from_stamp, fst_stamp_from_date, fst_stamp_add_hours, fst_stamp_difference
    public :: fst_ip_text, fst_ip_decode, fst_ip_encode
    public :: fst_ip_decode_triplet, fst_ip_encode_triplet
    public :: fst_ip_decode_interval, fst_ip_encode_interval

    ! No procedure here calls a function with a result of deferred length: gfortran keeps such
    ! lengths in static memory, where threads overwrite them. And optional arrays are not passed on
    ! where they may be absent, if that can be helped: gfortran then computes with the strides of
    ! nothing, which is harmless but for sanitizers.

    !> Success.
    integer, parameter, public :: FST_OK = 0
    !> A bad argument, an unknown constant, contradictory options.
    integer, parameter, public :: FST_ERR_INVALID_ARGUMENT = -1
    !> A variable that holds no file or view, or one that has been closed or released.
    integer, parameter, public :: FST_ERR_INVALID_HANDLE = -2
    !> No such file.
    integer, parameter, public :: FST_ERR_NOT_FOUND = -3
    !> The file may not be read.
    integer, parameter, public :: FST_ERR_PERMISSION = -4
    !> Any other error of the system; its number is in the message.
    integer, parameter, public :: FST_ERR_IO = -5
    !> Not an RPN standard file.
    integer, parameter, public :: FST_ERR_NOT_FST = -6
    !> Recognised, but not something that this version reads.
    integer, parameter, public :: FST_ERR_UNSUPPORTED = -7
    !> An invariant of the format is broken.
    integer, parameter, public :: FST_ERR_CORRUPT = -8
    !> The file ends before what its directory promises, or shrank while it was open.
    integer, parameter, public :: FST_ERR_TRUNCATED = -9
    !> A record number, or a slab's start or count.
    integer, parameter, public :: FST_ERR_OUT_OF_RANGE = -10
    !> The shape or rank of an array or pointer is not that of the record.
    integer, parameter, public :: FST_ERR_SHAPE_MISMATCH = -11
    !> The type or kind of an array or pointer cannot hold the record.
    integer, parameter, public :: FST_ERR_TYPE_MISMATCH = -12
    !> An allocation was refused.
    integer, parameter, public :: FST_ERR_NO_MEMORY = -13
    !> A configured limit (such as `max_array_bytes`) would be exceeded.
    integer, parameter, public :: FST_ERR_LIMIT = -14
    !> A bug in fstview.
    integer, parameter, public :: FST_ERR_INTERNAL = -15
    !> A batch was cancelled by its `progress` before this record was begun.
    integer, parameter, public :: FST_ERR_CANCELLED = -16

    !> `access`: files larger than `map_threshold` are mapped, others are read.
    integer, parameter, public :: FST_ACCESS_AUTO = 0
    !> `access`: always map.
    integer, parameter, public :: FST_ACCESS_MAP = 1
    !> `access`: never map.
    integer, parameter, public :: FST_ACCESS_READ = 2

    !> `missing`: as stored (the default, as in librmn).
    integer, parameter, public :: FST_MISSING_KEEP = 0
    !> `missing`: librmn's codes, or those of the environment variable `MISSING_VALUE_FLAGS`.
    integer, parameter, public :: FST_MISSING_CODES = 1
    !> `missing`: reals become NaN, integers librmn's codes.
    integer, parameter, public :: FST_MISSING_NAN = 2

    !> XDF (FSTD98, random or sequential), and the layouts of 1989.
    integer, parameter, public :: FST_FORMAT_XDF = 1
    !> RSF.
    integer, parameter, public :: FST_FORMAT_RSF = 2

    !> Unsigned integer, 8 bits; pointers to it are `integer(int8)`.
    integer, parameter, public :: FST_DTYPE_U8 = 1
    !> `integer(int8)`
    integer, parameter, public :: FST_DTYPE_I8 = 2
    !> Unsigned integer, 16 bits; pointers to it are `integer(int16)`.
    integer, parameter, public :: FST_DTYPE_U16 = 3
    !> `integer(int16)`
    integer, parameter, public :: FST_DTYPE_I16 = 4
    !> Unsigned integer, 32 bits; pointers to it are `integer(int32)`.
    integer, parameter, public :: FST_DTYPE_U32 = 5
    !> `integer(int32)`
    integer, parameter, public :: FST_DTYPE_I32 = 6
    !> Unsigned integer, 64 bits; pointers to it are `integer(int64)`.
    integer, parameter, public :: FST_DTYPE_U64 = 7
    !> `integer(int64)`
    integer, parameter, public :: FST_DTYPE_I64 = 8
    !> `real(real32)`
    integer, parameter, public :: FST_DTYPE_F32 = 9
    !> `real(real64)`
    integer, parameter, public :: FST_DTYPE_F64 = 10
    !> `complex(real32)`: named by its total bits.
    integer, parameter, public :: FST_DTYPE_C64 = 11
    !> `complex(real64)`: named by its total bits.
    integer, parameter, public :: FST_DTYPE_C128 = 12
    !> `character(len=1)`: one byte of text.
    integer, parameter, public :: FST_DTYPE_CHAR = 13

    !> The array is memory of the file itself: no byte was moved.
    integer, parameter, public :: FST_ORIGIN_MAPPED = 1
    !> The array of a view that is already alive, or cached: no byte was moved.
    integer, parameter, public :: FST_ORIGIN_SHARED = 2
    !> The payload is the array; it was read from the file straight into it.
    integer, parameter, public :: FST_ORIGIN_READ = 3
    !> Unpacked from the payload straight into the array, in one pass.
    integer, parameter, public :: FST_ORIGIN_DECODED = 4
    !> A private copy was asked for.
    integer, parameter, public :: FST_ORIGIN_COPIED = 5

    !> Flag of a record: the payload is the array; a mapped file gives it without a copy.
    integer, parameter, public :: FST_RECORD_MAPPABLE = 1
    !> Flag of a record: compressed ("turbo").
    integer, parameter, public :: FST_RECORD_TURBO = 2
    !> Flag of a record: it has missing values.
    integer, parameter, public :: FST_RECORD_HAS_MISSING = 4
    !> Flag of a record: it has extended metadata (`file%metadata`).
    integer, parameter, public :: FST_RECORD_HAS_METADATA = 8
    !> Flag of a record: it describes a grid.
    integer, parameter, public :: FST_RECORD_IS_DESCRIPTOR = 16

    !> Kind of level: height above sea level, metres.
    integer, parameter, public :: FST_KIND_HEIGHT = 0
    !> Kind of level: sigma, 0 to 1.
    integer, parameter, public :: FST_KIND_SIGMA = 1
    !> Kind of level: pressure, hPa.
    integer, parameter, public :: FST_KIND_PRESSURE = 2
    !> A number without a meaning of its own.
    integer, parameter, public :: FST_KIND_ARBITRARY = 3
    !> Kind of level: height above ground, metres.
    integer, parameter, public :: FST_KIND_HEIGHT_ABOVE_GROUND = 4
    !> Kind of level: hybrid coordinate, 0 to 1.
    integer, parameter, public :: FST_KIND_HYBRID = 5
    !> Kind of level: potential temperature, K.
    integer, parameter, public :: FST_KIND_THETA = 6
    !> Kind of level: depth below sea level, metres.
    integer, parameter, public :: FST_KIND_DEPTH = 7
    !> Time, hours.
    integer, parameter, public :: FST_KIND_TIME = 10
    !> An integer that is stored as it is.
    integer, parameter, public :: FST_KIND_INTEGER = 15
    !> An index into a table.
    integer, parameter, public :: FST_KIND_INDEX = 17
    !> Kind of level: hybrid height.
    integer, parameter, public :: FST_KIND_HYBRID_HEIGHT = 21

    !> `style`: codes above 32767: any kind, 20 bits of precision.
    integer, parameter, public :: FST_IP_NEW_STYLE = 0
    !> `style`: codes up to 32767: pressure, sigma, height, arbitrary numbers.
    integer, parameter, public :: FST_IP_OLD_STYLE = 1

    !> `calendar`: the real one.
    integer, parameter, public :: FST_CALENDAR_GREGORIAN = 0
    !> `calendar`: years of 365 days: no February 29.
    integer, parameter, public :: FST_CALENDAR_365_DAY = 1
    !> `calendar`: years of twelve months of 30 days. Stamps being real dates, January 31 is the
    !> first of February, and March 1 its last.
    integer, parameter, public :: FST_CALENDAR_360_DAY = 2

    !> Bit of `guesses`: an old-style `ip1`, or an `ip2` of plain hours, taken for what it usually
    !> means.
    integer, parameter, public :: FST_GUESS_GOOD = 2
    !> Bit of `guesses`: an old-style `ip3`, which has no meaning of its own, taken as a number.
    integer, parameter, public :: FST_GUESS_TERRIBLE = 8
    !> Bit of `guesses`: a level where a time is expected, or the two exchanged.
    integer, parameter, public :: FST_GUESS_WARNING = 32

    !> Flag of a grid: other records would do as well as those that describe it horizontally and
    !> hold something else, or `x` and `y` differ in their reference. The first ones are given.
    integer, parameter, public :: FST_GRID_AMBIGUOUS = 1
    !> Flag of a grid: `xg` holds the parameters of `ref_grtyp`.
    integer, parameter, public :: FST_GRID_HAS_PARAMETERS = 2
    !> Flag of a grid: `x` and `y` have the same dimensions: the coordinates of points, not axes.
    integer, parameter, public :: FST_GRID_POINTS = 4
    !> Flag of a grid: `x` and `y` are the fields `LO` and `LA`, degrees of longitude and latitude.
    integer, parameter, public :: FST_GRID_LATLON_FIELDS = 8
    !> Flag of a grid: `vertical` does not have the tags of the field: there was no other one.
    integer, parameter, public :: FST_GRID_VERTICAL_UNLINKED = 16
    !> Flag of a grid: other records would do as well as `vertical` and hold something else.
    integer, parameter, public :: FST_GRID_VERTICAL_AMBIGUOUS = 32

    ! Flags of views and arrays.
    integer(c_int32_t), parameter :: FST_VIEW_WRITABLE = 1
    integer(c_int32_t), parameter :: FST_VIEW_PREFETCH = 4
    integer(c_int32_t), parameter :: FST_ARRAY_WRITABLE = 1

    ! The version of the binary interface that this module is written for.
    integer(c_int32_t), parameter :: ABI_WANTED = 1

    ! The structs of the header.

    !> FstFile
    type, bind(c) :: c_file
        integer(c_int64_t) :: id = 0
    end type c_file

    !> FstView
    type, bind(c) :: c_view
        integer(c_int64_t) :: id = 0
    end type c_view

    !> FstOpenOptions
    type, bind(c) :: c_open_options
        integer(c_int32_t) :: struct_size = 0
        integer(c_int32_t) :: access = 0
        integer(c_int64_t) :: map_threshold = 0
        integer(c_int64_t) :: cache_bytes = 0
        integer(c_int64_t) :: max_array_bytes = 0
        integer(c_int32_t) :: threads = 0
        integer(c_int32_t) :: missing = 0
        integer(c_int32_t) :: strict = 0
        integer(c_int64_t) :: skip_unreadable = 0
    end type c_open_options

    !> FstProblem
    type, bind(c) :: c_problem
        integer(c_int32_t) :: struct_size = 0
        integer(c_int32_t) :: status = 0
        integer(c_int64_t) :: file_number = 0
        integer(c_int64_t) :: record = 0
        integer(c_int64_t) :: offset = 0
        character(kind=c_char) :: message(480) = c_null_char
    end type c_problem

    !> FstFileInfo
    type, bind(c) :: c_file_info
        integer(c_int32_t) :: struct_size = 0
        integer(c_int32_t) :: format = 0
        integer(c_int64_t) :: file_count = 0
        integer(c_int64_t) :: record_count = 0
        integer(c_int64_t) :: bytes = 0
        integer(c_int32_t) :: mapped = 0
        integer(c_int32_t) :: complete = 0
    end type c_file_info

    !> FstFileStats
    type, bind(c) :: c_file_stats
        integer(c_int32_t) :: struct_size = 0
        integer(c_int64_t) :: views_mapped = 0
        integer(c_int64_t) :: views_shared = 0
        integer(c_int64_t) :: views_read = 0
        integer(c_int64_t) :: views_decoded = 0
        integer(c_int64_t) :: views_copied = 0
        integer(c_int64_t) :: live_views = 0
        integer(c_int64_t) :: live_bytes = 0
        integer(c_int64_t) :: bytes_mapped = 0
        integer(c_int64_t) :: bytes_read = 0
        integer(c_int64_t) :: bytes_decoded = 0
    end type c_file_stats

    !> FstRecordInfo
    type, bind(c) :: c_record_info
        integer(c_int32_t) :: struct_size = 0
        character(kind=c_char) :: nomvar(5) = c_null_char
        character(kind=c_char) :: typvar(3) = c_null_char
        character(kind=c_char) :: grtyp(2) = c_null_char
        character(kind=c_char) :: etiket(13) = c_null_char
        integer(c_int64_t) :: ni = 0
        integer(c_int64_t) :: nj = 0
        integer(c_int64_t) :: nk = 0
        integer(c_int32_t) :: data_type = 0
        integer(c_int32_t) :: data_bits = 0
        integer(c_int32_t) :: pack_bits = 0
        integer(c_int32_t) :: dtype = 0
        integer(c_int32_t) :: dateo = 0
        integer(c_int32_t) :: datev = 0
        integer(c_int32_t) :: deet = 0
        integer(c_int32_t) :: npas = 0
        integer(c_int32_t) :: ip1 = 0
        integer(c_int32_t) :: ip2 = 0
        integer(c_int32_t) :: ip3 = 0
        integer(c_int32_t) :: ig1 = 0
        integer(c_int32_t) :: ig2 = 0
        integer(c_int32_t) :: ig3 = 0
        integer(c_int32_t) :: ig4 = 0
        integer(c_int32_t) :: flags = 0
        integer(c_int64_t) :: file_number = 0
        integer(c_int64_t) :: file_offset = 0
        integer(c_int64_t) :: stored_bytes = 0
        integer(c_int64_t) :: payload_offset = 0
        integer(c_int64_t) :: payload_bytes = 0
        integer(c_int64_t) :: array_bytes = 0
    end type c_record_info

    !> FstCriteria
    type, bind(c) :: c_criteria
        integer(c_int32_t) :: struct_size = 0
        character(kind=c_char) :: nomvar(5) = c_null_char
        character(kind=c_char) :: typvar(3) = c_null_char
        character(kind=c_char) :: grtyp(2) = c_null_char
        character(kind=c_char) :: etiket(13) = c_null_char
        integer(c_int32_t) :: dateo = -1
        integer(c_int32_t) :: datev = -1
        integer(c_int32_t) :: data_type = -1
        integer(c_int32_t) :: data_bits = -1
        integer(c_int32_t) :: pack_bits = -1
        integer(c_int32_t) :: ni = -1
        integer(c_int32_t) :: nj = -1
        integer(c_int32_t) :: nk = -1
        integer(c_int32_t) :: deet = -1
        integer(c_int32_t) :: npas = -1
        integer(c_int32_t) :: ip1 = -1
        integer(c_int32_t) :: ip2 = -1
        integer(c_int32_t) :: ip3 = -1
        integer(c_int32_t) :: ig1 = -1
        integer(c_int32_t) :: ig2 = -1
        integer(c_int32_t) :: ig3 = -1
        integer(c_int32_t) :: ig4 = -1
        integer(c_int32_t) :: ip1_all = 0
        integer(c_int32_t) :: ip2_all = 0
        integer(c_int32_t) :: ip3_all = 0
        integer(c_int32_t) :: stamp_norun = 0
        integer(c_int32_t) :: skip_grid_descriptors = 0
    end type c_criteria

    !> FstDate
    type, bind(c) :: c_date
        integer(c_int32_t) :: struct_size = 0
        integer(c_int32_t) :: year = 0
        integer(c_int32_t) :: month = 0
        integer(c_int32_t) :: day = 0
        integer(c_int32_t) :: hour = 0
        integer(c_int32_t) :: minute = 0
        integer(c_int32_t) :: second = 0
    end type c_date

    !> FstLevel
    type, bind(c) :: c_level
        real(c_float) :: value = 0
        integer(c_int32_t) :: kind = 0
    end type c_level

    !> FstTriplet
    type, bind(c) :: c_triplet
        integer(c_int32_t) :: struct_size = 0
        integer(c_int32_t) :: guesses = 0
        type(c_level) :: values(3)
    end type c_triplet

    !> FstBounds
    type, bind(c) :: c_bounds
        integer(c_int32_t) :: kind = 0
        real(c_float) :: first = 0
        real(c_float) :: second = 0
    end type c_bounds

    !> FstInterval
    type, bind(c) :: c_interval
        integer(c_int32_t) :: struct_size = 0
        integer(c_int32_t) :: guesses = 0
        type(c_bounds) :: level
        type(c_bounds) :: time
        type(c_bounds) :: third
    end type c_interval

    !> FstSearch
    type, bind(c) :: c_search
        integer(c_int32_t) :: struct_size = 0
        integer(c_int32_t) :: has_level = 0
        type(c_ptr) :: criteria = c_null_ptr
        type(c_ptr) :: nomvars = c_null_ptr
        integer(c_size_t) :: nomvar_count = 0
        type(c_ptr) :: typvars = c_null_ptr
        integer(c_size_t) :: typvar_count = 0
        type(c_ptr) :: etikets = c_null_ptr
        integer(c_size_t) :: etiket_count = 0
        type(c_ptr) :: valid_from = c_null_ptr
        type(c_ptr) :: valid_to = c_null_ptr
        type(c_ptr) :: origin_from = c_null_ptr
        type(c_ptr) :: origin_to = c_null_ptr
        integer(c_int32_t) :: level_kind = 0
        real(c_float) :: level_from = 0
        real(c_float) :: level_to = 0
        integer(c_int32_t) :: reserved = 0
        type(c_ptr) :: metadata = c_null_ptr
    end type c_search

    !> FstGrid
    type, bind(c) :: c_grid
        integer(c_int32_t) :: struct_size = 0
        character(kind=c_char) :: grtyp(2) = c_null_char
        character(kind=c_char) :: ref_grtyp(2) = c_null_char
        integer(c_int32_t) :: flags = 0
        integer(c_int32_t) :: panels = 0
        integer(c_int64_t) :: tile_i = 0
        integer(c_int64_t) :: tile_j = 0
        integer(c_int64_t) :: x = 0
        integer(c_int64_t) :: y = 0
        integer(c_int64_t) :: yin_yang = 0
        integer(c_int64_t) :: mesh = 0
        integer(c_int64_t) :: projection = 0
        integer(c_int64_t) :: transform = 0
        integer(c_int64_t) :: vertical = 0
        integer(c_int64_t) :: mask = 0
        real(c_float) :: xg(4) = 0
        real(c_float) :: xg_yang(4) = 0
    end type c_grid

    !> FstViewOptions
    type, bind(c) :: c_view_options
        integer(c_int32_t) :: struct_size = 0
        integer(c_int32_t) :: flags = 0
        integer(c_int32_t) :: dtype = 0
        integer(c_int64_t) :: slab_start(3) = 0
        integer(c_int64_t) :: slab_count(3) = 0
        type(c_funptr) :: progress = c_null_funptr
        type(c_ptr) :: progress_context = c_null_ptr
    end type c_view_options

    !> FstArray
    type, bind(c) :: c_array
        integer(c_int32_t) :: struct_size = 0
        integer(c_int32_t) :: dtype = 0
        integer(c_int32_t) :: rank = 0
        integer(c_int32_t) :: itemsize = 0
        integer(c_int32_t) :: origin = 0
        integer(c_int32_t) :: flags = 0
        integer(c_int64_t) :: shape(3) = 0
        integer(c_int64_t) :: strides(3) = 0
        integer(c_int64_t) :: size = 0
        integer(c_int64_t) :: nbytes = 0
        type(c_ptr) :: data = c_null_ptr
        type(c_view) :: view
    end type c_array

    ! The functions of the header.
    interface
        function fst_open(path, options, file) bind(c, name='fst_open') result(status)
            import :: c_char, c_file, c_int32_t, c_open_options
            implicit none (type, external)
            character(kind=c_char), intent(in) :: path(*)
            type(c_open_options), intent(in) :: options
            type(c_file), intent(inout) :: file
            integer(c_int32_t) :: status
        end function fst_open

        function fst_open_many(paths, n, options, file) bind(c, name='fst_open_many') result(status)
            import :: c_file, c_int32_t, c_open_options, c_ptr, c_size_t
            implicit none (type, external)
            type(c_ptr), intent(in) :: paths(*)
            integer(c_size_t), value :: n
            type(c_open_options), intent(in) :: options
            type(c_file), intent(inout) :: file
            integer(c_int32_t) :: status
        end function fst_open_many

        function fst_open_memory(bytes, n, options, file) bind(c, name='fst_open_memory') &
                result(status)
            import :: c_file, c_int32_t, c_open_options, c_ptr, c_size_t
            implicit none (type, external)
            type(c_ptr), value :: bytes
            integer(c_size_t), value :: n
            type(c_open_options), intent(in) :: options
            type(c_file), intent(inout) :: file
            integer(c_int32_t) :: status
        end function fst_open_memory

        function fst_close(file) bind(c, name='fst_close') result(status)
            import :: c_file, c_int32_t
            implicit none (type, external)
            type(c_file), value :: file
            integer(c_int32_t) :: status
        end function fst_close

        function fst_file_info(file, info) bind(c, name='fst_file_info') result(status)
            import :: c_file, c_file_info, c_int32_t
            implicit none (type, external)
            type(c_file), value :: file
            type(c_file_info), intent(inout) :: info
            integer(c_int32_t) :: status
        end function fst_file_info

        function fst_file_problems(file, problems, capacity, found) &
                bind(c, name='fst_file_problems') result(status)
            import :: c_file, c_int32_t, c_problem, c_size_t
            implicit none (type, external)
            type(c_file), value :: file
            type(c_problem), intent(inout) :: problems(*)
            integer(c_size_t), value :: capacity
            integer(c_size_t), intent(inout) :: found
            integer(c_int32_t) :: status
        end function fst_file_problems

        function fst_file_stats(file, stats) bind(c, name='fst_file_stats') result(status)
            import :: c_file, c_file_stats, c_int32_t
            implicit none (type, external)
            type(c_file), value :: file
            type(c_file_stats), intent(inout) :: stats
            integer(c_int32_t) :: status
        end function fst_file_stats

        function fst_last_error() bind(c, name='fst_last_error') result(text)
            import :: c_ptr
            implicit none (type, external)
            type(c_ptr) :: text
        end function fst_last_error

        function fst_status_name(status) bind(c, name='fst_status_name') result(text)
            import :: c_int32_t, c_ptr
            implicit none (type, external)
            integer(c_int32_t), value :: status
            type(c_ptr) :: text
        end function fst_status_name

        function fst_record_info(file, record, info) bind(c, name='fst_record_info') result(status)
            import :: c_file, c_int32_t, c_record_info, c_size_t
            implicit none (type, external)
            type(c_file), value :: file
            integer(c_size_t), value :: record
            type(c_record_info), intent(inout) :: info
            integer(c_int32_t) :: status
        end function fst_record_info

        function fst_record_metadata(file, record, buffer, capacity, length) &
                bind(c, name='fst_record_metadata') result(status)
            import :: c_char, c_file, c_int32_t, c_size_t
            implicit none (type, external)
            type(c_file), value :: file
            integer(c_size_t), value :: record
            character(kind=c_char), intent(inout) :: buffer(*)
            integer(c_size_t), value :: capacity
            integer(c_size_t), intent(inout) :: length
            integer(c_int32_t) :: status
        end function fst_record_metadata

        function fst_search(file, search, records, capacity, found) bind(c, name='fst_search') &
                result(status)
            import :: c_file, c_int32_t, c_search, c_size_t
            implicit none (type, external)
            type(c_file), value :: file
            type(c_search), intent(in) :: search
            integer(c_size_t), intent(inout) :: records(*)
            integer(c_size_t), value :: capacity
            integer(c_size_t), intent(inout) :: found
            integer(c_int32_t) :: status
        end function fst_search

        function fst_find_first(file, criteria, record) bind(c, name='fst_find_first') &
                result(status)
            import :: c_criteria, c_file, c_int32_t, c_size_t
            implicit none (type, external)
            type(c_file), value :: file
            type(c_criteria), intent(in) :: criteria
            integer(c_size_t), intent(inout) :: record
            integer(c_int32_t) :: status
        end function fst_find_first

        function fst_record_grid(file, record, grid) bind(c, name='fst_record_grid') result(status)
            import :: c_file, c_grid, c_int32_t, c_size_t
            implicit none (type, external)
            type(c_file), value :: file
            integer(c_size_t), value :: record
            type(c_grid), intent(inout) :: grid
            integer(c_int32_t) :: status
        end function fst_record_grid

        function fst_find_levels(file, criteria, records, levels, kind, capacity, found) &
                bind(c, name='fst_find_levels') result(status)
            import :: c_criteria, c_file, c_float, c_int32_t, c_size_t
            implicit none (type, external)
            type(c_file), value :: file
            type(c_criteria), intent(in) :: criteria
            integer(c_size_t), intent(inout) :: records(*)
            real(c_float), intent(inout) :: levels(*)
            integer(c_int32_t), intent(inout) :: kind
            integer(c_size_t), value :: capacity
            integer(c_size_t), intent(inout) :: found
            integer(c_int32_t) :: status
        end function fst_find_levels

        function fst_record_view(file, record, options, array) bind(c, name='fst_record_view') &
                result(status)
            import :: c_array, c_file, c_int32_t, c_size_t, c_view_options
            implicit none (type, external)
            type(c_file), value :: file
            integer(c_size_t), value :: record
            type(c_view_options), intent(in) :: options
            type(c_array), intent(inout) :: array
            integer(c_int32_t) :: status
        end function fst_record_view

        function fst_record_read(file, record, options, dtype, destination, destination_bytes) &
                bind(c, name='fst_record_read') result(status)
            import :: c_file, c_int32_t, c_ptr, c_size_t, c_view_options
            implicit none (type, external)
            type(c_file), value :: file
            integer(c_size_t), value :: record
            type(c_view_options), intent(in) :: options
            integer(c_int32_t), value :: dtype
            type(c_ptr), value :: destination
            integer(c_size_t), value :: destination_bytes
            integer(c_int32_t) :: status
        end function fst_record_read

        function fst_record_view_many(file, records, n, options, arrays, statuses) &
                bind(c, name='fst_record_view_many') result(status)
            import :: c_array, c_file, c_int32_t, c_size_t, c_view_options
            implicit none (type, external)
            type(c_file), value :: file
            integer(c_size_t), intent(in) :: records(*)
            integer(c_size_t), value :: n
            type(c_view_options), intent(in) :: options
            type(c_array), intent(inout) :: arrays(*)
            integer(c_int32_t), intent(inout) :: statuses(*)
            integer(c_int32_t) :: status
        end function fst_record_view_many

        function fst_record_read_many(file, records, n, options, dtype, destinations, &
                destination_bytes, statuses) bind(c, name='fst_record_read_many') result(status)
            import :: c_file, c_int32_t, c_ptr, c_size_t, c_view_options
            implicit none (type, external)
            type(c_file), value :: file
            integer(c_size_t), intent(in) :: records(*)
            integer(c_size_t), value :: n
            type(c_view_options), intent(in) :: options
            integer(c_int32_t), value :: dtype
            type(c_ptr), intent(in) :: destinations(*)
            integer(c_size_t), intent(in) :: destination_bytes(*)
            integer(c_int32_t), intent(inout) :: statuses(*)
            integer(c_int32_t) :: status
        end function fst_record_read_many

        function fst_view_retain(view) bind(c, name='fst_view_retain') result(status)
            import :: c_int32_t, c_view
            implicit none (type, external)
            type(c_view), value :: view
            integer(c_int32_t) :: status
        end function fst_view_retain

        function fst_view_release(view) bind(c, name='fst_view_release') result(status)
            import :: c_int32_t, c_view
            implicit none (type, external)
            type(c_view), value :: view
            integer(c_int32_t) :: status
        end function fst_view_release

        function fst_view_array(view, array) bind(c, name='fst_view_array') result(status)
            import :: c_array, c_int32_t, c_view
            implicit none (type, external)
            type(c_view), value :: view
            type(c_array), intent(inout) :: array
            integer(c_int32_t) :: status
        end function fst_view_array

        function fst_version() bind(c, name='fst_version') result(text)
            import :: c_ptr
            implicit none (type, external)
            type(c_ptr) :: text
        end function fst_version

        function fst_abi_version() bind(c, name='fst_abi_version') result(version)
            import :: c_int32_t
            implicit none (type, external)
            integer(c_int32_t) :: version
        end function fst_abi_version

        function fst_ip_format(ip, text, capacity) bind(c, name='fst_ip_format') result(status)
            import :: c_char, c_int32_t, c_size_t
            implicit none (type, external)
            integer(c_int32_t), value :: ip
            character(kind=c_char), intent(inout) :: text(*)
            integer(c_size_t), value :: capacity
            integer(c_int32_t) :: status
        end function fst_ip_format

        ! Where the module has a procedure of the same name, the function is called c_.

        function c_ip_decode(ip, value, kind) bind(c, name='fst_ip_decode') result(status)
            import :: c_float, c_int32_t
            implicit none (type, external)
            integer(c_int32_t), value :: ip
            real(c_float), intent(inout) :: value
            integer(c_int32_t), intent(inout) :: kind
            integer(c_int32_t) :: status
        end function c_ip_decode

        function c_ip_encode(value, kind, style, ip) bind(c, name='fst_ip_encode') result(status)
            import :: c_float, c_int32_t
            implicit none (type, external)
            real(c_float), value :: value
            integer(c_int32_t), value :: kind
            integer(c_int32_t), value :: style
            integer(c_int32_t), intent(inout) :: ip
            integer(c_int32_t) :: status
        end function c_ip_encode

        function c_date_from_stamp(stamp, date) bind(c, name='fst_date_from_stamp') result(status)
            import :: c_date, c_int32_t
            implicit none (type, external)
            integer(c_int32_t), value :: stamp
            type(c_date), intent(inout) :: date
            integer(c_int32_t) :: status
        end function c_date_from_stamp

        function c_stamp_from_date(date, stamp) bind(c, name='fst_stamp_from_date') result(status)
            import :: c_date, c_int32_t
            implicit none (type, external)
            type(c_date), intent(in) :: date
            integer(c_int32_t), intent(inout) :: stamp
            integer(c_int32_t) :: status
        end function c_stamp_from_date

        function c_extended_stamp_from_date(date, stamp) &
                bind(c, name='fst_extended_stamp_from_date') result(status)
            import :: c_date, c_int32_t
            implicit none (type, external)
            type(c_date), intent(in) :: date
            integer(c_int32_t), intent(inout) :: stamp
            integer(c_int32_t) :: status
        end function c_extended_stamp_from_date

        function c_stamp_add_hours(stamp, hours, calendar, later) &
                bind(c, name='fst_calendar_add_hours') result(status)
            import :: c_double, c_int32_t
            implicit none (type, external)
            integer(c_int32_t), value :: stamp
            real(c_double), value :: hours
            integer(c_int32_t), value :: calendar
            integer(c_int32_t), intent(inout) :: later
            integer(c_int32_t) :: status
        end function c_stamp_add_hours

        function c_stamp_difference(stamp1, stamp2, calendar, hours) &
                bind(c, name='fst_calendar_difference') result(status)
            import :: c_double, c_int32_t
            implicit none (type, external)
            integer(c_int32_t), value :: stamp1
            integer(c_int32_t), value :: stamp2
            integer(c_int32_t), value :: calendar
            real(c_double), intent(inout) :: hours
            integer(c_int32_t) :: status
        end function c_stamp_difference

        function c_ip_decode_triplet(ip1, ip2, ip3, triplet) &
                bind(c, name='fst_ip_decode_triplet') result(status)
            import :: c_int32_t, c_triplet
            implicit none (type, external)
            integer(c_int32_t), value :: ip1
            integer(c_int32_t), value :: ip2
            integer(c_int32_t), value :: ip3
            type(c_triplet), intent(inout) :: triplet
            integer(c_int32_t) :: status
        end function c_ip_decode_triplet

        function c_ip_encode_triplet(triplet, ip1, ip2, ip3) &
                bind(c, name='fst_ip_encode_triplet') result(status)
            import :: c_int32_t, c_triplet
            implicit none (type, external)
            type(c_triplet), intent(in) :: triplet
            integer(c_int32_t), intent(inout) :: ip1
            integer(c_int32_t), intent(inout) :: ip2
            integer(c_int32_t), intent(inout) :: ip3
            integer(c_int32_t) :: status
        end function c_ip_encode_triplet

        function c_ip_decode_interval(ip1, ip2, ip3, interval) &
                bind(c, name='fst_ip_decode_interval') result(status)
            import :: c_int32_t, c_interval
            implicit none (type, external)
            integer(c_int32_t), value :: ip1
            integer(c_int32_t), value :: ip2
            integer(c_int32_t), value :: ip3
            type(c_interval), intent(inout) :: interval
            integer(c_int32_t) :: status
        end function c_ip_decode_interval

        function c_ip_encode_interval(interval, ip1, ip2, ip3) &
                bind(c, name='fst_ip_encode_interval') result(status)
            import :: c_int32_t, c_interval
            implicit none (type, external)
            type(c_interval), intent(in) :: interval
            integer(c_int32_t), intent(inout) :: ip1
            integer(c_int32_t), intent(inout) :: ip2
            integer(c_int32_t), intent(inout) :: ip3
            integer(c_int32_t) :: status
        end function c_ip_encode_interval

        function c_strlen(text) bind(c, name='strlen') result(length)
            import :: c_ptr, c_size_t
            implicit none (type, external)
            type(c_ptr), value :: text
            integer(c_size_t) :: length
        end function c_strlen
    end interface

    !> What the directory says of one record, and where it lies.
    type :: fst_record_t
        !> Its number, from 1.
        integer :: number = 0
        !> Name of the variable.
        character(len=4) :: nomvar = ''
        !> Type of field.
        character(len=2) :: typvar = ''
        !> Grid type.
        character(len=1) :: grtyp = ''
        !> Label.
        character(len=12) :: etiket = ''
        !> Dimensions.
        integer(int64) :: ni = 0
        integer(int64) :: nj = 0
        integer(int64) :: nk = 0
        !> FST code as stored, flags (64 missing values, 128 compressed) included.
        integer :: data_type = 0
        !> Bits of an unpacked and of a packed element.
        integer :: data_bits = 0
        integer :: pack_bits = 0
        !> Element type (`FST_DTYPE_...`) of a view; 0 when the record cannot be decoded.
        integer :: dtype = 0
        !> CMC date-time stamps of origin and of validity.
        integer :: dateo = 0
        integer :: datev = 0
        !> Length of a time step in seconds, and number of steps.
        integer :: deet = 0
        integer :: npas = 0
        integer :: ip1 = 0
        integer :: ip2 = 0
        integer :: ip3 = 0
        integer :: ig1 = 0
        integer :: ig2 = 0
        integer :: ig3 = 0
        integer :: ig4 = 0
        !> Sum of `FST_RECORD_...`.
        integer :: flags = 0
        !> Which of several files, from 1.
        integer(int64) :: file_number = 0
        !> The whole record in its file: offset from 0, and bytes.
        integer(int64) :: file_offset = 0
        integer(int64) :: stored_bytes = 0
        !> The payload in its file: offset from 0, and bytes.
        integer(int64) :: payload_offset = 0
        integer(int64) :: payload_bytes = 0
        !> Bytes of the array that a view gives; 0 when the record cannot be decoded.
        integer(int64) :: array_bytes = 0
    end type fst_record_t

    !> What to look for. Blank and -1 are wild.
    type :: fst_criteria_t
        !> Case does not matter, but for `grtyp`.
        character(len=4) :: nomvar = ''
        character(len=2) :: typvar = ''
        character(len=1) :: grtyp = ''
        character(len=12) :: etiket = ''
        integer :: dateo = -1
        integer :: datev = -1
        integer :: data_type = -1
        integer :: data_bits = -1
        integer :: pack_bits = -1
        integer :: ni = -1
        integer :: nj = -1
        integer :: nk = -1
        integer :: deet = -1
        integer :: npas = -1
        integer :: ip1 = -1
        integer :: ip2 = -1
        integer :: ip3 = -1
        integer :: ig1 = -1
        integer :: ig2 = -1
        integer :: ig3 = -1
        integer :: ig4 = -1
        !> `ip1` is a level, to be found in any of its encodings; likewise `ip2` and `ip3`.
        logical :: ip1_all = .false.
        logical :: ip2_all = .false.
        logical :: ip3_all = .false.
        !> Compare dates exactly; else the three low bits of the stored date do not count.
        logical :: stamp_norun = .false.
        !> Leave grid descriptors out.
        logical :: skip_grid_descriptors = .false.
    end type fst_criteria_t

    !> The grid of a field, and the numbers of the records that describe it, from 1; 0: none.
    !>
    !> `xg` by `ref_grtyp`, in degrees and metres: A, B, G: 0 global, 1 northern, 2 southern
    !> hemisphere; 0 south to north, 1 north to south. L, C: latitude and longitude of the first
    !> point, their steps. E: latitude and longitude of the centre, then of another point of the
    !> rotated equator, to its east. N, S: i and j of the pole (from 1), grid length at 60 degrees,
    !> angle between the i axis and Greenwich. H: standard parallels as coded, latitude of origin,
    !> grid length, central meridian. +: latitude and longitude of the point. What is not listed
    !> is 0.
    type :: fst_grid_t
        !> Type of the field's grid.
        character(len=1) :: grtyp = ''
        !> Type of grid that the coordinates in `x` and `y` refer to; without those, that of the
        !> field; blank when unknown.
        character(len=1) :: ref_grtyp = ''
        !> Sum of `FST_GRID_...`.
        integer :: flags = 0
        !> 1, or 2 for grid U: the field is two panels of nj/2 rows, yin first.
        integer :: panels = 0
        !> Grid #: values of `x` and `y` that come before the field's first point; otherwise 0.
        integer(int64) :: tile_i = 0
        integer(int64) :: tile_j = 0
        !> `>>` and `^^`: axes, or the coordinates of points.
        integer :: x = 0
        integer :: y = 0
        !> `^>` of grid U. The x axis (ni values) of panel p = 1, 2 begins at element
        !> 16 + (p - 1) * (10 + ni + nj/2), its y axis (nj/2 values) right behind it.
        integer :: yin_yang = 0
        !> `##` of grid M: vertex numbers, three a triangle.
        integer :: mesh = 0
        !> `PROJ` of grid W: text.
        integer :: projection = 0
        !> `MTRX` of grid W: six numbers, an affine transform.
        integer :: transform = 0
        !> `!!`, or `HY` or `PT` in old files: describes the levels.
        integer :: vertical = 0
        !> The mask (1 valid, 0 not) of a field whose typvar says that it has one.
        integer :: mask = 0
        !> Parameters of `ref_grtyp`; for grid U, those of the first panel.
        real(real32) :: xg(4) = 0
        !> For grid U, the parameters of the second panel.
        real(real32) :: xg_yang(4) = 0
    end type fst_grid_t

    !> Something wrong with an open file.
    type :: fst_problem_t
        !> The status that stands for it.
        integer :: status = FST_OK
        !> Which of the files that were to be opened, from 1.
        integer :: file_number = 0
        !> The record whose data cannot be read, from 1; 0 for the file as a whole.
        integer :: record = 0
        !> Where in the file, bytes; -1 when that means nothing.
        integer(int64) :: offset = -1
        !> What was expected and what was found.
        character(len=480) :: message = ''
    end type fst_problem_t

    !> A moment of the Gregorian calendar, UTC. One that has not been set is no date, and an error
    !> where it is used.
    type :: fst_date_t
        !> 0 to 9999
        integer :: year = 0
        !> 1 to 12
        integer :: month = 0
        !> From 1.
        integer :: day = 0
        !> 0 to 23
        integer :: hour = 0
        !> 0 to 59
        integer :: minute = 0
        !> 0 to 59; stamps hold steps of 5, or none.
        integer :: second = 0
    end type fst_date_t

    !> A value of a kind, as level and time codes say it.
    type :: fst_level_t
        !> In the unit of the kind.
        real(real32) :: value = 0
        !> `FST_KIND_...`
        integer :: kind = FST_KIND_HEIGHT
    end type fst_level_t

    !> Two bounds of one kind; equal when there is no interval.
    type :: fst_bounds_t
        !> The earlier time, the lower level (so that pressures decrease); of kinds without a
        !> direction, as coded.
        real(real32) :: first = 0
        !> The later time, the upper level, likewise.
        real(real32) :: second = 0
        !> `FST_KIND_...`; -1 for nothing at all.
        integer :: kind = -1
    end type fst_bounds_t

    !> What the three codes of a record say, a pair of them taken as an interval.
    type :: fst_interval_t
        !> Level, or interval of levels.
        type(fst_bounds_t) :: level
        !> Time, or interval of times, in hours.
        type(fst_bounds_t) :: time
        !> What `ip3` says when it is not the end of an interval; kind -1 when it is.
        type(fst_bounds_t) :: third
        !> Sum of `FST_GUESS_...`; 0 when nothing had to be guessed.
        integer :: guesses = 0
    end type fst_interval_t

    !> An array of a record, and what keeps it alive.
    !>
    !> Assignment shares the array: both variables hold it, and it lives until both have given it
    !> back. That is so for scalars; assign arrays of views element by element. A bitwise copy, as
    !> the assignment of whole arrays, array constructors and `allocate(copy, source=view)` make
    !> it, holds nothing: it may be used while the original holds the array, is an invalid handle
    !> afterwards, and `copy%retain` makes it a holder of its own.
    type :: fst_view_t
        private
        type(c_view) :: handle
        !> Address of the variable that holds the references: copies that compilers make of it
        !> (and then finalise) hold none.
        integer(c_intptr_t) :: owner = 0
        !> How many references it holds.
        integer :: references = 0
        !> The record, for messages.
        integer :: record = 0
    contains
        procedure :: is_held => view_is_held
        procedure :: shape => view_shape
        procedure :: dtype => view_dtype
        procedure :: origin => view_origin
        procedure :: is_writable => view_is_writable
        procedure :: address => view_address
        procedure :: retain => view_retain
        procedure :: release => view_release
        procedure, private :: view_assign
        generic :: assignment(=) => view_assign
        ! >>> generated: specifics of get
        procedure, private :: view_get_real32_1
        procedure, private :: view_get_real32_2
        procedure, private :: view_get_real32_3
        procedure, private :: view_get_real64_1
        procedure, private :: view_get_real64_2
        procedure, private :: view_get_real64_3
        procedure, private :: view_get_int8_1
        procedure, private :: view_get_int8_2
        procedure, private :: view_get_int8_3
        procedure, private :: view_get_int16_1
        procedure, private :: view_get_int16_2
        procedure, private :: view_get_int16_3
        procedure, private :: view_get_int32_1
        procedure, private :: view_get_int32_2
        procedure, private :: view_get_int32_3
        procedure, private :: view_get_int64_1
        procedure, private :: view_get_int64_2
        procedure, private :: view_get_int64_3
        procedure, private :: view_get_complex32_1
        procedure, private :: view_get_complex32_2
        procedure, private :: view_get_complex32_3
        procedure, private :: view_get_complex64_1
        procedure, private :: view_get_complex64_2
        procedure, private :: view_get_complex64_3
        procedure, private :: view_get_character_1
        procedure, private :: view_get_character_2
        procedure, private :: view_get_character_3
        generic :: get => view_get_real32_1, view_get_real32_2, view_get_real32_3
        generic :: get => view_get_real64_1, view_get_real64_2, view_get_real64_3
        generic :: get => view_get_int8_1, view_get_int8_2, view_get_int8_3
        generic :: get => view_get_int16_1, view_get_int16_2, view_get_int16_3
        generic :: get => view_get_int32_1, view_get_int32_2, view_get_int32_3
        generic :: get => view_get_int64_1, view_get_int64_2, view_get_int64_3
        generic :: get => view_get_complex32_1, view_get_complex32_2, view_get_complex32_3
        generic :: get => view_get_complex64_1, view_get_complex64_2, view_get_complex64_3
        generic :: get => view_get_character_1, view_get_character_2, view_get_character_3
        ! <<< generated
        final :: view_final
    end type fst_view_t

    !> An open file, or several as one.
    !>
    !> Assignment does not open it a second time: the other variable may be used until the file is
    !> closed.
    type :: fst_file_t
        private
        type(c_file) :: handle
        !> Address of the variable that closes the file when it is finalised.
        integer(c_intptr_t) :: owner = 0
    contains
        procedure, private :: file_open_one
        procedure, private :: file_open_many
        generic :: open => file_open_one, file_open_many
        procedure :: open_memory => file_open_memory
        procedure :: close => file_close
        procedure :: is_open => file_is_open
        procedure :: record_count => file_record_count
        procedure :: file_count => file_file_count
        procedure :: bytes => file_bytes
        procedure :: mapped => file_mapped
        procedure :: complete => file_complete
        procedure :: format => file_format
        procedure :: stats => file_stats
        procedure :: info => file_info
        procedure :: get_info => file_get_info
        procedure :: metadata => file_metadata
        procedure :: get_metadata => file_get_metadata
        procedure :: get_problems => file_get_problems
        procedure :: grid => file_grid
        procedure, private :: file_find_by_keywords
        procedure, private :: file_find_by_criteria
        generic :: find => file_find_by_keywords, file_find_by_criteria
        procedure, private :: file_find_first_by_keywords
        procedure, private :: file_find_first_by_criteria
        generic :: find_first => file_find_first_by_keywords, file_find_first_by_criteria
        procedure :: view => file_view
        procedure :: view_many => file_view_many
        procedure, private :: file_assign
        generic :: assignment(=) => file_assign
        ! >>> generated: specifics of read
        procedure, private :: file_read_real32_1
        procedure, private :: file_read_real32_2
        procedure, private :: file_read_real32_3
        procedure, private :: file_read_real64_1
        procedure, private :: file_read_real64_2
        procedure, private :: file_read_real64_3
        procedure, private :: file_read_int8_1
        procedure, private :: file_read_int8_2
        procedure, private :: file_read_int8_3
        procedure, private :: file_read_int16_1
        procedure, private :: file_read_int16_2
        procedure, private :: file_read_int16_3
        procedure, private :: file_read_int32_1
        procedure, private :: file_read_int32_2
        procedure, private :: file_read_int32_3
        procedure, private :: file_read_int64_1
        procedure, private :: file_read_int64_2
        procedure, private :: file_read_int64_3
        procedure, private :: file_read_complex32_1
        procedure, private :: file_read_complex32_2
        procedure, private :: file_read_complex32_3
        procedure, private :: file_read_complex64_1
        procedure, private :: file_read_complex64_2
        procedure, private :: file_read_complex64_3
        procedure, private :: file_read_character_1
        procedure, private :: file_read_character_2
        procedure, private :: file_read_character_3
        generic :: read => file_read_real32_1, file_read_real32_2, file_read_real32_3
        generic :: read => file_read_real64_1, file_read_real64_2, file_read_real64_3
        generic :: read => file_read_int8_1, file_read_int8_2, file_read_int8_3
        generic :: read => file_read_int16_1, file_read_int16_2, file_read_int16_3
        generic :: read => file_read_int32_1, file_read_int32_2, file_read_int32_3
        generic :: read => file_read_int64_1, file_read_int64_2, file_read_int64_3
        generic :: read => file_read_complex32_1, file_read_complex32_2, file_read_complex32_3
        generic :: read => file_read_complex64_1, file_read_complex64_2, file_read_complex64_3
        generic :: read => file_read_character_1, file_read_character_2, file_read_character_3
        ! <<< generated
        ! >>> generated: specifics of read_many
        procedure, private :: file_read_many_real32_1
        procedure, private :: file_read_many_real32_2
        procedure, private :: file_read_many_real32_3
        procedure, private :: file_read_many_real64_1
        procedure, private :: file_read_many_real64_2
        procedure, private :: file_read_many_real64_3
        procedure, private :: file_read_many_int8_1
        procedure, private :: file_read_many_int8_2
        procedure, private :: file_read_many_int8_3
        procedure, private :: file_read_many_int16_1
        procedure, private :: file_read_many_int16_2
        procedure, private :: file_read_many_int16_3
        procedure, private :: file_read_many_int32_1
        procedure, private :: file_read_many_int32_2
        procedure, private :: file_read_many_int32_3
        procedure, private :: file_read_many_int64_1
        procedure, private :: file_read_many_int64_2
        procedure, private :: file_read_many_int64_3
        procedure, private :: file_read_many_complex32_1
        procedure, private :: file_read_many_complex32_2
        procedure, private :: file_read_many_complex32_3
        procedure, private :: file_read_many_complex64_1
        procedure, private :: file_read_many_complex64_2
        procedure, private :: file_read_many_complex64_3
        procedure, private :: file_read_many_character_1
        procedure, private :: file_read_many_character_2
        procedure, private :: file_read_many_character_3
        generic :: read_many => file_read_many_real32_1, file_read_many_real32_2, &
            file_read_many_real32_3
        generic :: read_many => file_read_many_real64_1, file_read_many_real64_2, &
            file_read_many_real64_3
        generic :: read_many => file_read_many_int8_1, file_read_many_int8_2, file_read_many_int8_3
        generic :: read_many => file_read_many_int16_1, file_read_many_int16_2, &
            file_read_many_int16_3
        generic :: read_many => file_read_many_int32_1, file_read_many_int32_2, &
            file_read_many_int32_3
        generic :: read_many => file_read_many_int64_1, file_read_many_int64_2, &
            file_read_many_int64_3
        generic :: read_many => file_read_many_complex32_1, file_read_many_complex32_2, &
            file_read_many_complex32_3
        generic :: read_many => file_read_many_complex64_1, file_read_many_complex64_2, &
            file_read_many_complex64_3
        generic :: read_many => file_read_many_character_1, file_read_many_character_2, &
            file_read_many_character_3
        ! <<< generated
        ! >>> generated: specifics of read_levels
        procedure, private :: file_read_levels_real32
        procedure, private :: file_read_levels_real64
        procedure, private :: file_read_levels_int8
        procedure, private :: file_read_levels_int16
        procedure, private :: file_read_levels_int32
        procedure, private :: file_read_levels_int64
        generic :: read_levels => file_read_levels_real32
        generic :: read_levels => file_read_levels_real64
        generic :: read_levels => file_read_levels_int8
        generic :: read_levels => file_read_levels_int16
        generic :: read_levels => file_read_levels_int32
        generic :: read_levels => file_read_levels_int64
        ! <<< generated
        final :: file_final
    end type fst_file_t

    abstract interface
        !> Told by a batch how many of its records are done, on the thread that called it: between
        !> two of the records that this thread works on, and at the end. (A batch that has nothing
        !> to read tells nobody.) With `cancel` set to true, records that no thread has begun by
        !> then are left out: their status is `FST_ERR_CANCELLED`. (A procedure of a module serves
        !> best: for internal ones, compilers may need a stack that can be executed.)
        subroutine fst_progress(done, total, cancel)
            integer, intent(in) :: done, total
            logical, intent(inout) :: cancel
        end subroutine fst_progress
    end interface

    !> What became of a call, until `conclude` tells the user.
    type :: outcome_t
        integer :: status = FST_OK
        character(len=:), allocatable :: message
    end type outcome_t

    !> Texts for the library.
    type :: text_list_t
        !> Each with a NUL behind it.
        character(kind=c_char), allocatable :: bytes(:, :)
        type(c_ptr), allocatable :: places(:)
    end type text_list_t

    !> A search for the library: `given` points to the other components, so a variable of this type
    !> is a target, and is not copied.
    type :: search_t
        type(c_search) :: given
        type(c_criteria) :: criteria
        type(c_date) :: valid_from, valid_to, origin_from, origin_to
        type(text_list_t) :: nomvars, typvars, etikets
        character(kind=c_char), allocatable :: metadata(:)
        !> Whether there is more to it than the criteria.
        logical :: extended = .false.
        !> Whether a list is empty: nothing is in it.
        logical :: nothing = .false.
    end type search_t

    !> Where the elements for a pointer lie: a section of an array at `data`.
    type :: placement_t
        logical :: found = .false.
        type(c_ptr) :: data = c_null_ptr
        !> Extents of the array that encloses the elements.
        integer(c_int64_t) :: box(3) = 0
        !> Extents of the section, which begins at element 1 along each axis.
        integer(c_int64_t) :: extents(3) = 0
        !> Distance of the elements, for rank 1.
        integer(c_int64_t) :: step = 1
    end type placement_t

    !> The slab that a call is given. (Each procedure makes its own from the optional arguments that
    !> are there: it passes none of them on.)
    type :: slab_t
        integer :: start(3) = 1, count(3) = 0
        !> Whether there is a slab at all, and whether its lists have at most 3 elements.
        logical :: given = .false., fits = .true.
    end type slab_t

    !> A call of `read` on its way.
    type :: reading_t
        type(c_file) :: file
        integer :: record = 0
        type(c_view_options) :: options
        !> Element type that the library writes.
        integer(c_int32_t) :: dtype = 0
        integer(c_size_t) :: bytes = 0
        !> Whether there is something to be read.
        logical :: wanted = .false.
        !> Whether unsigned values were read as the bits of signed ones, and must be looked at.
        logical :: unsigned = .false.
        type(outcome_t) :: outcome
    end type reading_t

    !> Whom a batch tells how far it is. The library has its address: a variable of this type is a
    !> target.
    type :: teller_t
        procedure(fst_progress), pointer, nopass :: tell => null()
        !> Records of the batch that are done before a call of the library, and left for later ones.
        integer :: before = 0, later = 0
        logical :: cancelled = .false.
    end type teller_t

    !> A batch on its way: one record spoils only itself. The lists have an element for each.
    type :: batch_t
        type(c_file) :: file
        !> Size of the caller's `stats`; negative: there are none.
        integer :: slots = -1
        type(teller_t) :: teller
        !> What the library is asked for, of each record.
        type(c_view_options) :: options
        integer, allocatable :: records(:)
        !> Element type of the array, and its bytes for one record.
        integer(c_int32_t) :: dtype = 0
        integer(c_size_t) :: bytes = 0
        !> Whether there is something to be read, from any record, and from each.
        logical :: wanted = .false.
        logical, allocatable :: pending(:)
        !> Element types that the library writes.
        integer(c_int32_t), allocatable :: dtypes(:)
        !> Which have been read, and which of those from unsigned values as the bits of signed ones.
        logical, allocatable :: done(:), unsigned(:)
        integer, allocatable :: statuses(:)
        !> The first element that failed, and what became of it; the batch as a whole when it is 0.
        integer :: first = 0
        type(outcome_t) :: outcome
    end type batch_t

contains

    ! Errors and texts

    !> Tells the user what became of a call, as Fortran's own statements do.
    subroutine conclude(outcome, stat, errmsg)
        type(outcome_t), intent(in) :: outcome
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        character(len=:), allocatable :: text

        if (outcome%status == FST_OK) then
            if (present(stat)) stat = 0
            return
        end if
        if (.not. present(stat)) then
            text = 'fstview: ' // trim(fst_status_text(outcome%status)) // ': ' &
                // outcome%message
            error stop text
        end if
        stat = outcome%status
        if (present(errmsg)) errmsg = outcome%message
    end subroutine conclude

    !> A failure found on this side of the library.
    function failure(status, message) result(outcome)
        integer, intent(in) :: status
        character(len=*), intent(in) :: message
        type(outcome_t) :: outcome

        outcome%status = status
        outcome%message = message
    end function failure

    !> The outcome of a call of the library, with its message, fetched before anything else can
    !> fail on this thread. Messages about a record count it from 0: its number from 1 is added.
    function library_outcome(status, record) result(outcome)
        integer(c_int32_t), intent(in) :: status
        integer, intent(in), optional :: record
        type(outcome_t) :: outcome

        outcome%status = int(status)
        if (status == FST_OK) return
        call copy_text(fst_last_error(), outcome%message)
        if (present(record)) then
            outcome%message = outcome%message // ' (record ' &
                // trim(number_text(int(record, int64))) // ' counted from 1)'
        end if
    end function library_outcome

    !> The outcome of using a variable that may hold no file.
    function file_outcome(file) result(outcome)
        class(fst_file_t), intent(in) :: file
        type(outcome_t) :: outcome

        if (file%handle%id == 0) outcome = failure(FST_ERR_INVALID_HANDLE, 'no file is open')
    end function file_outcome

    !> As `file_outcome`, and the record number is at least 1; the library checks the rest.
    function record_outcome(file, record) result(outcome)
        class(fst_file_t), intent(in) :: file
        integer, intent(in) :: record
        type(outcome_t) :: outcome

        outcome = file_outcome(file)
        if (outcome%status /= FST_OK .or. record >= 1) return
        outcome = failure(FST_ERR_OUT_OF_RANGE, 'out of range: record ' &
            // trim(number_text(int(record, int64))) // ': records are numbered from 1')
    end function record_outcome

    !> A copy of a C string.
    subroutine copy_text(address, text)
        type(c_ptr), intent(in) :: address
        character(len=:), allocatable, intent(inout) :: text
        character(kind=c_char), pointer :: bytes(:)
        integer :: i

        call c_f_pointer(address, bytes, [c_strlen(address)])
        if (allocated(text)) deallocate(text)
        allocate(character(len=size(bytes)) :: text)
        do i = 1, size(bytes)
            text(i:i) = bytes(i)
        end do
    end subroutine copy_text

    !> Characters up to the first NUL, and blanks.
    pure function text_of(bytes) result(text)
        character(kind=c_char), intent(in) :: bytes(:)
        character(len=size(bytes)) :: text
        integer :: i

        text = ''
        do i = 1, size(bytes)
            if (bytes(i) == c_null_char) exit
            text(i:i) = bytes(i)
        end do
    end function text_of

    !> The bytes of a C string that fills `length` bytes with NULs; trailing blanks go.
    pure function bytes_of(text, length) result(bytes)
        character(len=*), intent(in) :: text
        integer, intent(in) :: length
        character(kind=c_char) :: bytes(length)
        integer :: i

        bytes = c_null_char
        do i = 1, min(len_trim(text), length - 1)
            bytes(i) = text(i:i)
        end do
    end function bytes_of

    !> An integer as text, to be trimmed.
    pure function number_text(number) result(text)
        integer(int64), intent(in) :: number
        character(len=20) :: text

        write (text, '(i0)') number
    end function number_text

    !> A shape as text, to be trimmed.
    pure function shape_text(extents) result(text)
        integer(int64), intent(in) :: extents(:)
        character(len=64) :: text

        write (text, '(i0, *(:, "x", i0))') extents
    end function shape_text

    !> An element type as users write it, to be trimmed.
    pure function dtype_text(dtype) result(text)
        integer, intent(in) :: dtype
        character(len=24) :: text

        select case (dtype)
        case (FST_DTYPE_U8)
            text = 'unsigned 8-bit integer'
        case (FST_DTYPE_I8)
            text = 'integer(int8)'
        case (FST_DTYPE_U16)
            text = 'unsigned 16-bit integer'
        case (FST_DTYPE_I16)
            text = 'integer(int16)'
        case (FST_DTYPE_U32)
            text = 'unsigned 32-bit integer'
        case (FST_DTYPE_I32)
            text = 'integer(int32)'
        case (FST_DTYPE_U64)
            text = 'unsigned 64-bit integer'
        case (FST_DTYPE_I64)
            text = 'integer(int64)'
        case (FST_DTYPE_F32)
            text = 'real(real32)'
        case (FST_DTYPE_F64)
            text = 'real(real64)'
        case (FST_DTYPE_C64)
            text = 'complex(real32)'
        case (FST_DTYPE_C128)
            text = 'complex(real64)'
        case (FST_DTYPE_CHAR)
            text = 'character(len=1)'
        case default
            text = 'element type ' // trim(number_text(int(dtype, int64)))
        end select
    end function dtype_text

    !> Bytes of an element.
    pure function itemsize_of(dtype) result(bytes)
        integer, intent(in) :: dtype
        integer(int64) :: bytes

        select case (dtype)
        case (FST_DTYPE_U8, FST_DTYPE_I8, FST_DTYPE_CHAR)
            bytes = 1
        case (FST_DTYPE_U16, FST_DTYPE_I16)
            bytes = 2
        case (FST_DTYPE_U32, FST_DTYPE_I32, FST_DTYPE_F32)
            bytes = 4
        case (FST_DTYPE_U64, FST_DTYPE_I64, FST_DTYPE_F64, FST_DTYPE_C64)
            bytes = 8
        case default
            bytes = 16
        end select
    end function itemsize_of

    !> Whether `dtype` is the unsigned integer of the width of the integer `signed`.
    pure function is_unsigned_of(dtype, signed) result(answer)
        integer, intent(in) :: dtype, signed
        logical :: answer

        select case (signed)
        case (FST_DTYPE_I8)
            answer = dtype == FST_DTYPE_U8
        case (FST_DTYPE_I16)
            answer = dtype == FST_DTYPE_U16
        case (FST_DTYPE_I32)
            answer = dtype == FST_DTYPE_U32
        case (FST_DTYPE_I64)
            answer = dtype == FST_DTYPE_U64
        case default
            answer = .false.
        end select
    end function is_unsigned_of

    !> The address of a variable of ours: of its handle, since `c_loc` takes nothing polymorphic.
    !> It is only ever compared, while the variable is there.
    pure function address_of(id) result(address)
        integer(c_int64_t), intent(in), target :: id
        integer(c_intptr_t) :: address

        address = transfer(c_loc(id), address)
    end function address_of

    !> The version of the library, such as "0.1.0".
    function fstview_version() result(text)
        character(len=16) :: text
        character(len=:), allocatable :: version

        call copy_text(fst_version(), version)
        text = version
    end function fstview_version

    !> The name of a status, such as "FST_ERR_CORRUPT".
    function fst_status_text(status) result(text)
        integer, intent(in) :: status
        character(len=32) :: text
        character(len=:), allocatable :: name

        call copy_text(fst_status_name(int(status, c_int32_t)), name)
        text = name
    end function fst_status_text

    !> A level or time code (`ip1`, `ip2`, `ip3`) as text, as librmn's listings show it; it may
    !> begin with blanks. "Invalid" for a code without meaning, blank for an arbitrary number.
    function fst_ip_text(ip) result(text)
        integer, intent(in) :: ip
        character(len=15) :: text
        character(kind=c_char) :: bytes(16)

        bytes = c_null_char
        text = ''
        if (fst_ip_format(int(ip, c_int32_t), bytes, size(bytes, kind=c_size_t)) == FST_OK) then
            text = text_of(bytes)
        end if
    end function fst_ip_text

    !> The value and the kind (`FST_KIND_...`) of a level or time code (`ip1`, `ip2`, `ip3`). They
    !> are left alone by a failure: a code without meaning.
    subroutine fst_ip_decode(ip, value, kind, stat, errmsg)
        integer, intent(in) :: ip
        real(real32), intent(inout) :: value
        integer, intent(inout) :: kind
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        real(c_float) :: found
        integer(c_int32_t) :: found_kind
        type(outcome_t) :: outcome

        outcome = library_outcome(c_ip_decode(int(ip, c_int32_t), found, found_kind))
        if (outcome%status == FST_OK) then
            value = found
            kind = int(found_kind)
        end if
        call conclude(outcome, stat, errmsg)
    end subroutine fst_ip_decode

    !> The code of a value of a kind (`FST_KIND_...`); `ip` is left alone by a failure.
    subroutine fst_ip_encode(value, kind, ip, style, stat, errmsg)
        real(real32), intent(in) :: value
        integer, intent(in) :: kind
        integer, intent(inout) :: ip
        !> `FST_IP_NEW_STYLE` (default), `FST_IP_OLD_STYLE`
        integer, intent(in), optional :: style
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer(c_int32_t) :: wanted, code
        type(outcome_t) :: outcome

        wanted = FST_IP_NEW_STYLE
        if (present(style)) wanted = int(style, c_int32_t)
        outcome = library_outcome(c_ip_encode(value, int(kind, c_int32_t), wanted, code))
        if (outcome%status == FST_OK) ip = int(code)
        call conclude(outcome, stat, errmsg)
    end subroutine fst_ip_encode

    !> What three codes say together: a level; a time, or a second level; anything. Two levels of
    !> one kind come first and third, upwards for heights and downwards for sigma, pressure and
    !> depth; two times come second and third, the later first. `guesses` is the sum of
    !> `FST_GUESS_...`. The results are left alone by a failure: codes that are negative, without
    !> meaning or of no such order.
    subroutine fst_ip_decode_triplet(ip1, ip2, ip3, values, guesses, stat, errmsg)
        integer, intent(in) :: ip1, ip2, ip3
        type(fst_level_t), intent(inout) :: values(3)
        integer, intent(inout), optional :: guesses
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        type(c_triplet) :: found
        type(outcome_t) :: outcome
        integer :: i

        found%struct_size = int(c_sizeof(found), c_int32_t)
        outcome = library_outcome(c_ip_decode_triplet(int(ip1, c_int32_t), int(ip2, c_int32_t), &
            int(ip3, c_int32_t), found))
        if (outcome%status == FST_OK) then
            do i = 1, 3
                values(i)%value = found%values(i)%value
                values(i)%kind = int(found%values(i)%kind)
            end do
            if (present(guesses)) guesses = int(found%guesses)
        end if
        call conclude(outcome, stat, errmsg)
    end subroutine fst_ip_decode_triplet

    !> The codes of three values: a level; a time, or a second level; anything. They are put in the
    !> order of `fst_ip_decode_triplet` first. The codes are left alone by a failure.
    subroutine fst_ip_encode_triplet(values, ip1, ip2, ip3, stat, errmsg)
        type(fst_level_t), intent(in) :: values(3)
        integer, intent(inout) :: ip1, ip2, ip3
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        type(c_triplet) :: given
        integer(c_int32_t) :: codes(3)
        type(outcome_t) :: outcome
        integer :: i

        given%struct_size = int(c_sizeof(given), c_int32_t)
        do i = 1, 3
            given%values(i)%value = values(i)%value
            given%values(i)%kind = int(values(i)%kind, c_int32_t)
        end do
        outcome = library_outcome(c_ip_encode_triplet(given, codes(1), codes(2), codes(3)))
        if (outcome%status == FST_OK) then
            ip1 = int(codes(1))
            ip2 = int(codes(2))
            ip3 = int(codes(3))
        end if
        call conclude(outcome, stat, errmsg)
    end subroutine fst_ip_encode_triplet

    !> What three codes say, a pair of them taken as an interval: of levels (`ip1` and `ip3`), or of
    !> times (`ip2` and `ip3`, as accumulations and averages have it). `interval` is left alone by a
    !> failure: codes that are negative or without meaning, an `ip1` that is no level, an `ip2` that
    !> is no time.
    subroutine fst_ip_decode_interval(ip1, ip2, ip3, interval, stat, errmsg)
        integer, intent(in) :: ip1, ip2, ip3
        type(fst_interval_t), intent(inout) :: interval
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        type(c_interval) :: found
        type(outcome_t) :: outcome

        found%struct_size = int(c_sizeof(found), c_int32_t)
        outcome = library_outcome(c_ip_decode_interval(int(ip1, c_int32_t), &
            int(ip2, c_int32_t), int(ip3, c_int32_t), found))
        if (outcome%status == FST_OK) then
            interval%level = bounds_of(found%level)
            interval%time = bounds_of(found%time)
            interval%third = bounds_of(found%third)
            interval%guesses = int(found%guesses)
        end if
        call conclude(outcome, stat, errmsg)
    end subroutine fst_ip_decode_interval

    !> The codes of a level and a time, one of which may be an interval; when none is, `ip3` is the
    !> first bound of `third`. `guesses` does not count. The codes are left alone by a failure: when
    !> `level` is no level or `time` no time, when none or more than one of level interval, time
    !> interval and third value want `ip3`, or a value has no code.
    subroutine fst_ip_encode_interval(interval, ip1, ip2, ip3, stat, errmsg)
        type(fst_interval_t), intent(in) :: interval
        integer, intent(inout) :: ip1, ip2, ip3
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        type(c_interval) :: given
        integer(c_int32_t) :: codes(3)
        type(outcome_t) :: outcome

        given%struct_size = int(c_sizeof(given), c_int32_t)
        given%level = library_bounds(interval%level)
        given%time = library_bounds(interval%time)
        given%third = library_bounds(interval%third)
        outcome = library_outcome(c_ip_encode_interval(given, codes(1), codes(2), codes(3)))
        if (outcome%status == FST_OK) then
            ip1 = int(codes(1))
            ip2 = int(codes(2))
            ip3 = int(codes(3))
        end if
        call conclude(outcome, stat, errmsg)
    end subroutine fst_ip_encode_interval

    !> Bounds of the library.
    pure function bounds_of(found) result(bounds)
        type(c_bounds), intent(in) :: found
        type(fst_bounds_t) :: bounds

        bounds = fst_bounds_t(found%first, found%second, int(found%kind))
    end function bounds_of

    !> Bounds for the library.
    pure function library_bounds(bounds) result(given)
        type(fst_bounds_t), intent(in) :: bounds
        type(c_bounds) :: given

        given%kind = int(bounds%kind, c_int32_t)
        given%first = bounds%first
        given%second = bounds%second
    end function library_bounds

    ! Dates

    !> The date of a CMC date-time stamp (`dateo`, `datev`); `date` is left alone by a failure: a
    !> stamp that is no date.
    subroutine fst_date_from_stamp(stamp, date, stat, errmsg)
        integer, intent(in) :: stamp
        type(fst_date_t), intent(inout) :: date
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        type(c_date) :: found
        type(outcome_t) :: outcome

        found%struct_size = int(c_sizeof(found), c_int32_t)
        outcome = library_outcome(c_date_from_stamp(int(stamp, c_int32_t), found))
        if (outcome%status == FST_OK) then
            date%year = int(found%year)
            date%month = int(found%month)
            date%day = int(found%day)
            date%hour = int(found%hour)
            date%minute = int(found%minute)
            date%second = int(found%second)
        end if
        call conclude(outcome, stat, errmsg)
    end subroutine fst_date_from_stamp

    !> The stamp of a date, in the style that librmn gives it; left alone by a failure: a date that
    !> does not exist or has no stamp. With `extended`, the stamp is of the extended style: to the
    !> hour, of any year.
    subroutine fst_stamp_from_date(date, stamp, stat, errmsg, extended)
        type(fst_date_t), intent(in) :: date
        integer, intent(inout) :: stamp
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        logical, intent(in), optional :: extended
        integer(c_int32_t) :: found
        type(outcome_t) :: outcome
        logical :: style

        style = .false.
        if (present(extended)) style = extended
        if (style) then
            outcome = library_outcome(c_extended_stamp_from_date(library_date(date), found))
        else
            outcome = library_outcome(c_stamp_from_date(library_date(date), found))
        end if
        if (outcome%status == FST_OK) stamp = int(found)
        call conclude(outcome, stat, errmsg)
    end subroutine fst_stamp_from_date

    !> The stamp so many hours later (or earlier, when negative), to the nearest 5 seconds; left
    !> alone by a failure. `later` may be the variable that is passed as `stamp`. Hours are counted
    !> in `calendar` (`FST_CALENDAR_...`), the real one by default.
    subroutine fst_stamp_add_hours(stamp, hours, later, stat, errmsg, calendar)
        integer, intent(in), value :: stamp
        real(real64), intent(in) :: hours
        integer, intent(inout) :: later
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: calendar
        integer(c_int32_t) :: found, kind
        type(outcome_t) :: outcome

        kind = FST_CALENDAR_GREGORIAN
        if (present(calendar)) kind = int(calendar, c_int32_t)
        outcome = library_outcome(c_stamp_add_hours(int(stamp, c_int32_t), hours, kind, found))
        if (outcome%status == FST_OK) later = int(found)
        call conclude(outcome, stat, errmsg)
    end subroutine fst_stamp_add_hours

    !> `stamp1` minus `stamp2`, in hours; left alone by a failure. Hours are counted in `calendar`
    !> (`FST_CALENDAR_...`), the real one by default.
    subroutine fst_stamp_difference(stamp1, stamp2, hours, stat, errmsg, calendar)
        integer, intent(in) :: stamp1, stamp2
        real(real64), intent(inout) :: hours
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: calendar
        real(c_double) :: found
        integer(c_int32_t) :: kind
        type(outcome_t) :: outcome

        kind = FST_CALENDAR_GREGORIAN
        if (present(calendar)) kind = int(calendar, c_int32_t)
        outcome = library_outcome(c_stamp_difference(int(stamp1, c_int32_t), &
            int(stamp2, c_int32_t), kind, found))
        if (outcome%status == FST_OK) hours = found
        call conclude(outcome, stat, errmsg)
    end subroutine fst_stamp_difference

    !> A date for the library.
    pure function library_date(date) result(given)
        type(fst_date_t), intent(in) :: date
        type(c_date) :: given

        given%struct_size = int(c_sizeof(given), c_int32_t)
        given%year = int(date%year, c_int32_t)
        given%month = int(date%month, c_int32_t)
        given%day = int(date%day, c_int32_t)
        given%hour = int(date%hour, c_int32_t)
        given%minute = int(date%minute, c_int32_t)
        given%second = int(date%second, c_int32_t)
    end function library_date

    ! Files

    !> Opens a file and reads its directory. What the variable held before is closed first; after
    !> a failure it holds nothing.
    subroutine file_open_one(self, path, stat, errmsg, access, map_threshold, cache_bytes, &
            max_array_bytes, threads, missing, strict)
        class(fst_file_t), intent(inout), target :: self
        !> Trailing blanks do not count.
        character(len=*), intent(in) :: path
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        !> `FST_ACCESS_AUTO` (default), `FST_ACCESS_MAP`, `FST_ACCESS_READ`
        integer, intent(in), optional :: access
        !> Bytes; `FST_ACCESS_AUTO` maps larger files; 0: the default, 1 GiB or the environment's
        !> `FSTVIEW_MAP_THRESHOLD`.
        integer(int64), intent(in), optional :: map_threshold
        !> Bytes of decoded arrays kept after their last release; 0 (default): none.
        integer(int64), intent(in), optional :: cache_bytes
        !> Larger arrays are refused; 0 (default): no limit but the machine's memory.
        integer(int64), intent(in), optional :: max_array_bytes
        !> For batches and for indexing many files; 0 (default): the cores that the process may
        !> use.
        integer, intent(in), optional :: threads
        !> `FST_MISSING_KEEP` (default), `FST_MISSING_CODES`, `FST_MISSING_NAN`
        integer, intent(in), optional :: missing
        !> Whether an unclosed or damaged file is an error; else (default) it is opened as far as
        !> it is sound, and `complete` is false.
        logical, intent(in), optional :: strict
        type(c_open_options) :: options
        type(c_file) :: handle
        type(outcome_t) :: outcome

        call file_give_back(self)
        call open_options(options, outcome, access, map_threshold, cache_bytes, max_array_bytes, &
            threads, missing, strict)
        call check_path(path, outcome)
        call check_library(outcome)
        if (outcome%status == FST_OK) then
            outcome = library_outcome(fst_open(trim(path) // c_null_char, options, handle))
        end if
        if (outcome%status == FST_OK) call file_take(self, handle)
        call conclude(outcome, stat, errmsg)
    end subroutine file_open_one

    !> Opens several files as one, in the order given: record numbers run on, searches see all.
    subroutine file_open_many(self, paths, stat, errmsg, access, map_threshold, cache_bytes, &
            max_array_bytes, threads, missing, strict, skip_unreadable)
        class(fst_file_t), intent(inout), target :: self
        !> Trailing blanks do not count.
        character(len=*), intent(in) :: paths(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        !> These as for one file.
        integer, intent(in), optional :: access
        integer(int64), intent(in), optional :: map_threshold
        integer(int64), intent(in), optional :: cache_bytes
        integer(int64), intent(in), optional :: max_array_bytes
        integer, intent(in), optional :: threads
        integer, intent(in), optional :: missing
        logical, intent(in), optional :: strict
        !> Whether files that cannot be opened are left out, as long as one can.
        logical, intent(in), optional :: skip_unreadable
        character(len=len(paths) + 1, kind=c_char), allocatable, target :: copies(:)
        type(c_ptr), allocatable :: addresses(:)
        type(c_open_options) :: options
        type(c_file) :: handle
        type(outcome_t) :: outcome
        integer :: i

        call file_give_back(self)
        call open_options(options, outcome, access, map_threshold, cache_bytes, max_array_bytes, &
            threads, missing, strict)
        if (present(skip_unreadable)) then
            options%skip_unreadable = merge(1_c_int64_t, 0_c_int64_t, skip_unreadable)
        end if
        do i = 1, size(paths)
            call check_path(paths(i), outcome)
        end do
        call check_library(outcome)
        if (outcome%status == FST_OK) then
            allocate(copies(size(paths)), addresses(size(paths)))
            do i = 1, size(paths)
                copies(i) = trim(paths(i)) // c_null_char
                addresses(i) = c_loc(copies(i)(1:1))
            end do
            outcome = library_outcome(fst_open_many(addresses, size(paths, kind=c_size_t), &
                options, handle))
        end if
        if (outcome%status == FST_OK) call file_take(self, handle)
        call conclude(outcome, stat, errmsg)
    end subroutine file_open_many

    !> Opens the image of a file in memory: all of its bytes, as they would be on disk.
    !>
    !> The caller keeps `bytes` alive and unchanged until the file is closed and the last view of it
    !> is given back: views of records that are arrays already point into it. So it is a variable
    !> with the attribute `target` (or the target of a pointer), which is neither deallocated nor
    !> reallocated meanwhile; an array that is not contiguous is `FST_ERR_INVALID_ARGUMENT`.
    subroutine file_open_memory(self, bytes, stat, errmsg, access, map_threshold, cache_bytes, &
            max_array_bytes, threads, missing, strict)
        class(fst_file_t), intent(inout), target :: self
        integer(int8), intent(in), target :: bytes(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        !> These as for a file on disk; `access` and `map_threshold` make no difference.
        integer, intent(in), optional :: access
        integer(int64), intent(in), optional :: map_threshold
        integer(int64), intent(in), optional :: cache_bytes
        integer(int64), intent(in), optional :: max_array_bytes
        integer, intent(in), optional :: threads
        integer, intent(in), optional :: missing
        logical, intent(in), optional :: strict
        type(c_open_options) :: options
        type(c_file) :: handle
        type(c_ptr) :: place
        type(outcome_t) :: outcome

        call file_give_back(self)
        call open_options(options, outcome, access, map_threshold, cache_bytes, max_array_bytes, &
            threads, missing, strict)
        if (.not. is_contiguous(bytes)) then
            outcome = failure(FST_ERR_INVALID_ARGUMENT, &
                'invalid argument: the bytes of an image must be contiguous')
        end if
        call check_library(outcome)
        if (outcome%status == FST_OK) then
            place = c_null_ptr
            if (size(bytes) > 0) place = c_loc(bytes)
            outcome = library_outcome(fst_open_memory(place, size(bytes, kind=c_size_t), options, &
                handle))
        end if
        if (outcome%status == FST_OK) call file_take(self, handle)
        call conclude(outcome, stat, errmsg)
    end subroutine file_open_memory

    !> A path ends where its blanks begin: a NUL inside would cut it.
    subroutine check_path(path, outcome)
        character(len=*), intent(in) :: path
        type(outcome_t), intent(inout) :: outcome

        if (index(path, c_null_char) == 0) return
        outcome = failure(FST_ERR_INVALID_ARGUMENT, &
            'invalid argument: a NUL in the path ' // path(:index(path, c_null_char) - 1) // '...')
    end subroutine check_path

    !> The options of `open` for the library.
    subroutine open_options(options, outcome, access, map_threshold, cache_bytes, &
            max_array_bytes, threads, missing, strict)
        type(c_open_options), intent(inout) :: options
        type(outcome_t), intent(inout) :: outcome
        integer, intent(in), optional :: access
        integer(int64), intent(in), optional :: map_threshold
        integer(int64), intent(in), optional :: cache_bytes
        integer(int64), intent(in), optional :: max_array_bytes
        integer, intent(in), optional :: threads
        integer, intent(in), optional :: missing
        logical, intent(in), optional :: strict

        options%struct_size = int(c_sizeof(options), c_int32_t)
        if (present(access)) options%access = int(access, c_int32_t)
        if (present(map_threshold)) options%map_threshold = map_threshold
        if (present(cache_bytes)) options%cache_bytes = cache_bytes
        if (present(max_array_bytes)) options%max_array_bytes = max_array_bytes
        if (present(threads)) options%threads = int(threads, c_int32_t)
        if (present(missing)) options%missing = int(missing, c_int32_t)
        if (present(strict)) options%strict = merge(1_c_int32_t, 0_c_int32_t, strict)
        ! Unsigned in the library.
        if (min(options%map_threshold, options%cache_bytes, options%max_array_bytes, &
                int(options%threads, c_int64_t)) < 0) then
            outcome = failure(FST_ERR_INVALID_ARGUMENT, 'invalid argument: map_threshold, ' &
                // 'cache_bytes, max_array_bytes and threads must not be negative')
        end if
    end subroutine open_options

    !> The library must have the binary interface that this module was written for.
    subroutine check_library(outcome)
        type(outcome_t), intent(inout) :: outcome
        integer(c_int32_t) :: found

        found = fst_abi_version()
        if (found == ABI_WANTED) return
        outcome = failure(FST_ERR_UNSUPPORTED, 'unsupported: the library libfstview ' &
            // trim(fstview_version()) // ' that was found has version ' &
            // trim(number_text(int(found, int64))) // ' of the binary interface, this module is ' &
            // 'for version ' // trim(number_text(int(ABI_WANTED, int64))) &
            // ': compile fstview.f90 of the same release as the library, or link the other ' &
            // 'library (ldd shows which one is found)')
    end subroutine check_library

    !> Makes `self` the owner of an open file.
    subroutine file_take(self, handle)
        class(fst_file_t), intent(inout), target :: self
        type(c_file), intent(in) :: handle

        self%handle = handle
        self%owner = address_of(self%handle%id)
    end subroutine file_take

    !> Closes what `self` owns, and forgets what it does not.
    subroutine file_give_back(self)
        class(fst_file_t), intent(inout), target :: self
        integer(c_int32_t) :: ignored

        ! It fails only when the file has been closed through another variable.
        if (self%handle%id /= 0 .and. self%owner == address_of(self%handle%id)) then
            ignored = fst_close(self%handle)
        end if
        self%handle%id = 0
        self%owner = 0
    end subroutine file_give_back

    impure elemental subroutine file_final(self)
        type(fst_file_t), intent(inout), target :: self

        call file_give_back(self)
    end subroutine file_final

    !> The same open file, which stays with the variable that opened it.
    subroutine file_assign(self, source)
        class(fst_file_t), intent(inout), target :: self
        class(fst_file_t), intent(in) :: source
        type(c_file) :: handle

        handle = source%handle
        if (handle%id == self%handle%id) return
        call file_give_back(self)
        self%handle = handle
    end subroutine file_assign

    !> Closes the file. Views stay valid: they keep what they need alive. A variable that holds no
    !> open file is left alone.
    subroutine file_close(self, stat, errmsg)
        class(fst_file_t), intent(inout), target :: self
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        type(outcome_t) :: outcome

        if (self%handle%id /= 0) outcome = library_outcome(fst_close(self%handle))
        ! Closed before, through another variable.
        if (outcome%status == FST_ERR_INVALID_HANDLE) outcome%status = FST_OK
        self%handle%id = 0
        self%owner = 0
        call conclude(outcome, stat, errmsg)
    end subroutine file_close

    !> Whether the variable has been opened and not been closed.
    pure function file_is_open(self) result(answer)
        class(fst_file_t), intent(in) :: self
        logical :: answer

        answer = self%handle%id /= 0
    end function file_is_open

    !> What the file is as a whole.
    subroutine whole_file(self, info, stat, errmsg)
        class(fst_file_t), intent(in) :: self
        type(c_file_info), intent(inout) :: info
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        type(outcome_t) :: outcome

        outcome = file_outcome(self)
        if (outcome%status == FST_OK) then
            info%struct_size = int(c_sizeof(info), c_int32_t)
            outcome = library_outcome(fst_file_info(self%handle, info))
        end if
        call conclude(outcome, stat, errmsg)
    end subroutine whole_file

    !> Number of records.
    function file_record_count(self, stat, errmsg) result(count)
        class(fst_file_t), intent(in) :: self
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer :: count
        type(c_file_info) :: info

        call whole_file(self, info, stat, errmsg)
        count = int(info%record_count)
    end function file_record_count

    !> Number of files.
    function file_file_count(self, stat, errmsg) result(count)
        class(fst_file_t), intent(in) :: self
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer :: count
        type(c_file_info) :: info

        call whole_file(self, info, stat, errmsg)
        count = int(info%file_count)
    end function file_file_count

    !> Total size on disk, bytes.
    function file_bytes(self, stat, errmsg) result(bytes)
        class(fst_file_t), intent(in) :: self
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer(int64) :: bytes
        type(c_file_info) :: info

        call whole_file(self, info, stat, errmsg)
        bytes = info%bytes
    end function file_bytes

    !> Whether the (first) file is mapped.
    function file_mapped(self, stat, errmsg) result(answer)
        class(fst_file_t), intent(in) :: self
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        logical :: answer
        type(c_file_info) :: info

        call whole_file(self, info, stat, errmsg)
        answer = info%mapped /= 0
    end function file_mapped

    !> False when a damaged or unclosed file was opened as far as it is sound.
    function file_complete(self, stat, errmsg) result(answer)
        class(fst_file_t), intent(in) :: self
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        logical :: answer
        type(c_file_info) :: info

        call whole_file(self, info, stat, errmsg)
        answer = info%complete /= 0
    end function file_complete

    !> The flavour of the (first) file: `FST_FORMAT_XDF` or `FST_FORMAT_RSF`.
    function file_format(self, stat, errmsg) result(format)
        class(fst_file_t), intent(in) :: self
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer :: format
        type(c_file_info) :: info

        call whole_file(self, info, stat, errmsg)
        format = int(info%format)
    end function file_format

    !> How many views the file gave, by origin, and what they cost. Views of origin mapped and
    !> shared are without a copy.
    subroutine file_stats(self, views_mapped, views_shared, views_read, views_decoded, &
            views_copied, live_views, live_bytes, bytes_mapped, bytes_read, bytes_decoded, stat, &
            errmsg)
        class(fst_file_t), intent(in) :: self
        integer(int64), intent(out), optional :: views_mapped
        integer(int64), intent(out), optional :: views_shared
        integer(int64), intent(out), optional :: views_read
        integer(int64), intent(out), optional :: views_decoded
        integer(int64), intent(out), optional :: views_copied
        !> Views that have not been given back, and the bytes that they span.
        integer(int64), intent(out), optional :: live_views
        integer(int64), intent(out), optional :: live_bytes
        !> Bytes spanned by mapped views, payload bytes read, bytes of arrays decoded.
        integer(int64), intent(out), optional :: bytes_mapped
        integer(int64), intent(out), optional :: bytes_read
        integer(int64), intent(out), optional :: bytes_decoded
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        type(c_file_stats) :: stats
        type(outcome_t) :: outcome

        outcome = file_outcome(self)
        if (outcome%status == FST_OK) then
            stats%struct_size = int(c_sizeof(stats), c_int32_t)
            outcome = library_outcome(fst_file_stats(self%handle, stats))
        end if
        if (present(views_mapped)) views_mapped = stats%views_mapped
        if (present(views_shared)) views_shared = stats%views_shared
        if (present(views_read)) views_read = stats%views_read
        if (present(views_decoded)) views_decoded = stats%views_decoded
        if (present(views_copied)) views_copied = stats%views_copied
        if (present(live_views)) live_views = stats%live_views
        if (present(live_bytes)) live_bytes = stats%live_bytes
        if (present(bytes_mapped)) bytes_mapped = stats%bytes_mapped
        if (present(bytes_read)) bytes_read = stats%bytes_read
        if (present(bytes_decoded)) bytes_decoded = stats%bytes_decoded
        call conclude(outcome, stat, errmsg)
    end subroutine file_stats

    ! Records

    !> What the directory says of a record.
    function file_info(self, record) result(info)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        type(fst_record_t) :: info

        call file_get_info(self, record, info)
    end function file_info

    !> What the directory says of a record; `info` is left alone by a failure.
    subroutine file_get_info(self, record, info, stat, errmsg)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        type(fst_record_t), intent(inout) :: info
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        type(outcome_t) :: outcome

        call directory_entry(self, record, info, outcome)
        call conclude(outcome, stat, errmsg)
    end subroutine file_get_info

    subroutine directory_entry(self, record, info, outcome)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        type(fst_record_t), intent(inout) :: info
        type(outcome_t), intent(inout) :: outcome
        type(c_record_info) :: found

        outcome = record_outcome(self, record)
        if (outcome%status /= FST_OK) return
        found%struct_size = int(c_sizeof(found), c_int32_t)
        outcome = library_outcome(fst_record_info(self%handle, int(record - 1, c_size_t), found), &
            record)
        if (outcome%status /= FST_OK) return
        info%number = record
        info%nomvar = text_of(found%nomvar)
        info%typvar = text_of(found%typvar)
        info%grtyp = text_of(found%grtyp)
        info%etiket = text_of(found%etiket)
        info%ni = found%ni
        info%nj = found%nj
        info%nk = found%nk
        info%data_type = int(found%data_type)
        info%data_bits = int(found%data_bits)
        info%pack_bits = int(found%pack_bits)
        info%dtype = int(found%dtype)
        info%dateo = int(found%dateo)
        info%datev = int(found%datev)
        info%deet = int(found%deet)
        info%npas = int(found%npas)
        info%ip1 = int(found%ip1)
        info%ip2 = int(found%ip2)
        info%ip3 = int(found%ip3)
        info%ig1 = int(found%ig1)
        info%ig2 = int(found%ig2)
        info%ig3 = int(found%ig3)
        info%ig4 = int(found%ig4)
        info%flags = int(found%flags)
        info%file_number = found%file_number + 1
        info%file_offset = found%file_offset
        info%stored_bytes = found%stored_bytes
        info%payload_offset = found%payload_offset
        info%payload_bytes = found%payload_bytes
        info%array_bytes = found%array_bytes
    end subroutine directory_entry

    !> The extended metadata of a record (JSON text in UTF-8, as the writer left it); of length 0
    !> when there are none.
    function file_metadata(self, record, stat, errmsg) result(text)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        character(len=:), allocatable :: text

        text = ''
        call file_get_metadata(self, record, text, stat, errmsg)
    end function file_metadata

    !> The same as a subroutine; `text` is left alone by a failure.
    subroutine file_get_metadata(self, record, text, stat, errmsg)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        character(len=:), allocatable, intent(inout) :: text
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        character(kind=c_char), allocatable, target :: bytes(:)
        type(c_ptr) :: address
        integer(c_size_t) :: length
        type(outcome_t) :: outcome

        length = 0
        outcome = record_outcome(self, record)
        if (outcome%status == FST_OK) then
            allocate(bytes(1))
            outcome = library_outcome(fst_record_metadata(self%handle, &
                int(record - 1, c_size_t), bytes, 0_c_size_t, length), record)
        end if
        if (outcome%status == FST_OK) then
            deallocate(bytes)
            allocate(bytes(length + 1))
            outcome = library_outcome(fst_record_metadata(self%handle, &
                int(record - 1, c_size_t), bytes, length + 1, length), record)
        end if
        if (outcome%status == FST_OK) then
            ! Not as the argument itself: gfortran then passes a length that belongs to nothing.
            address = c_loc(bytes)
            call copy_text(address, text)
        end if
        call conclude(outcome, stat, errmsg)
    end subroutine file_get_metadata

    !> What is wrong with a file: files that were left out, damage that was opened around, records
    !> whose place is impossible, in this order; none for a sound file.
    subroutine file_get_problems(self, problems, stat, errmsg)
        class(fst_file_t), intent(in) :: self
        type(fst_problem_t), allocatable, intent(inout) :: problems(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        type(c_problem), allocatable :: found(:)
        integer(c_size_t) :: count
        type(outcome_t) :: outcome
        integer :: i

        allocate(found(1))
        count = 0
        outcome = library_outcome(fst_file_problems(self%handle, found, 0_c_size_t, count))
        if (outcome%status == FST_OK) then
            deallocate(found)
            allocate(found(max(count, 1_c_size_t)))
            found%struct_size = int(c_sizeof(found(1)), c_int32_t)
            outcome = library_outcome(fst_file_problems(self%handle, found, count, count))
        end if
        if (outcome%status == FST_OK) then
            if (allocated(problems)) deallocate(problems)
            allocate(problems(count))
            do i = 1, int(count)
                problems(i)%status = int(found(i)%status)
                problems(i)%file_number = int(found(i)%file_number) + 1
                problems(i)%record = int(found(i)%record + 1)
                problems(i)%offset = found(i)%offset
                problems(i)%message = text_of(found(i)%message)
            end do
        end if
        call conclude(outcome, stat, errmsg)
    end subroutine file_get_problems

    ! Grids

    !> The grid of a record, and the records that describe it, in all files that are open as one.
    !>
    !> Records of one file with the same `grtyp`, ig1 to ig4, dimensions, etiket, datev and ip1 have
    !> the same grid, but for `mask`: look it up once. Where the grid needs records that are not
    !> there, that is `FST_ERR_NOT_FOUND`; `grid` is left alone by a failure.
    subroutine file_grid(self, record, grid, stat, errmsg)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        type(fst_grid_t), intent(inout) :: grid
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        type(c_grid) :: found
        type(outcome_t) :: outcome

        outcome = record_outcome(self, record)
        if (outcome%status == FST_OK) then
            found%struct_size = int(c_sizeof(found), c_int32_t)
            outcome = library_outcome(fst_record_grid(self%handle, int(record - 1, c_size_t), &
                found), record)
        end if
        if (outcome%status == FST_OK) then
            grid%grtyp = text_of(found%grtyp)
            grid%ref_grtyp = text_of(found%ref_grtyp)
            grid%flags = int(found%flags)
            grid%panels = int(found%panels)
            grid%tile_i = found%tile_i
            grid%tile_j = found%tile_j
            ! None is the largest unsigned number: -1 here.
            grid%x = int(found%x + 1)
            grid%y = int(found%y + 1)
            grid%yin_yang = int(found%yin_yang + 1)
            grid%mesh = int(found%mesh + 1)
            grid%projection = int(found%projection + 1)
            grid%transform = int(found%transform + 1)
            grid%vertical = int(found%vertical + 1)
            grid%mask = int(found%mask + 1)
            grid%xg = found%xg
            grid%xg_yang = found%xg_yang
        end if
        call conclude(outcome, stat, errmsg)
    end subroutine file_grid

    ! Searching

    !> The numbers of the records that match, in file order; none when nothing matches. What is
    !> left out is wild, as are blank and -1.
    function file_find_by_keywords(self, nomvar, typvar, grtyp, etiket, dateo, datev, data_type, &
            data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, ig1, ig2, ig3, ig4, &
            ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors, nomvars, typvars, &
            etikets, valid_from, valid_to, origin_from, origin_to, level_from, level_to, &
            level_kind, metadata, stat, errmsg) result(records)
        class(fst_file_t), intent(in) :: self
        character(len=*), intent(in), optional :: nomvar, typvar, grtyp, etiket
        integer, intent(in), optional :: dateo, datev, data_type, data_bits, pack_bits
        integer, intent(in), optional :: ni, nj, nk, deet, npas
        integer, intent(in), optional :: ip1, ip2, ip3, ig1, ig2, ig3, ig4
        logical, intent(in), optional :: ip1_all, ip2_all, ip3_all
        logical, intent(in), optional :: stamp_norun, skip_grid_descriptors
        !> Any of these will do (nothing matches an empty list, but gfortran takes the constructor
        !> `[character(4) ::]` for an argument that is left out); a blank one is a blank attribute.
        character(len=*), intent(in), optional :: nomvars(:), typvars(:), etikets(:)
        !> The earliest and the latest date of validity, and of origin, both included. Dates are
        !> compared as moments; a record whose stamp is no date is in no period.
        type(fst_date_t), intent(in), optional :: valid_from, valid_to, origin_from, origin_to
        !> The least and the greatest level (`ip1`), both included, in the unit of `level_kind`.
        real(real32), intent(in), optional :: level_from, level_to
        !> `FST_KIND_...`, which a range needs; alone, it stands for all levels of that kind.
        integer, intent(in), optional :: level_kind
        !> A JSON object that the extended metadata must satisfy: every key must be there; numbers
        !> and strings are equal (-1 is wild), of an array every element must be among the record's.
        character(len=*), intent(in), optional :: metadata
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, allocatable :: records(:)
        type(fst_criteria_t) :: criteria
        type(search_t), target :: search
        type(outcome_t) :: outcome

        call criteria_of(criteria, outcome, nomvar, typvar, grtyp, etiket, dateo, datev, &
            data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, ig1, ig2, &
            ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors)
        call begin_search(search, criteria, outcome)
        if (present(nomvars)) call search_list(search, outcome, 'nomvars', nomvars)
        if (present(typvars)) call search_list(search, outcome, 'typvars', typvars)
        if (present(etikets)) call search_list(search, outcome, 'etikets', etikets)
        call extend_search(search, outcome, valid_from, valid_to, origin_from, origin_to, &
            level_from, level_to, level_kind, metadata)
        call search_all(self, search, records, outcome)
        call conclude(outcome, stat, errmsg)
    end function file_find_by_keywords

    !> The same with the criteria in a variable.
    function file_find_by_criteria(self, criteria, stat, errmsg) result(records)
        class(fst_file_t), intent(in) :: self
        type(fst_criteria_t), intent(in) :: criteria
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, allocatable :: records(:)
        type(search_t), target :: search
        type(outcome_t) :: outcome

        call begin_search(search, criteria, outcome)
        call search_all(self, search, records, outcome)
        call conclude(outcome, stat, errmsg)
    end function file_find_by_criteria

    !> The number of the first record that matches; 0 when none does. The keywords are those of
    !> `find`.
    function file_find_first_by_keywords(self, nomvar, typvar, grtyp, etiket, dateo, datev, &
            data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, ig1, ig2, ig3, &
            ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors, nomvars, typvars, &
            etikets, valid_from, valid_to, origin_from, origin_to, level_from, level_to, &
            level_kind, metadata, stat, errmsg) result(record)
        class(fst_file_t), intent(in) :: self
        character(len=*), intent(in), optional :: nomvar, typvar, grtyp, etiket
        integer, intent(in), optional :: dateo, datev, data_type, data_bits, pack_bits
        integer, intent(in), optional :: ni, nj, nk, deet, npas
        integer, intent(in), optional :: ip1, ip2, ip3, ig1, ig2, ig3, ig4
        logical, intent(in), optional :: ip1_all, ip2_all, ip3_all
        logical, intent(in), optional :: stamp_norun, skip_grid_descriptors
        character(len=*), intent(in), optional :: nomvars(:), typvars(:), etikets(:)
        type(fst_date_t), intent(in), optional :: valid_from, valid_to, origin_from, origin_to
        real(real32), intent(in), optional :: level_from, level_to
        integer, intent(in), optional :: level_kind
        character(len=*), intent(in), optional :: metadata
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer :: record
        type(fst_criteria_t) :: criteria
        type(search_t), target :: search
        type(outcome_t) :: outcome

        call criteria_of(criteria, outcome, nomvar, typvar, grtyp, etiket, dateo, datev, &
            data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, ig1, ig2, &
            ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors)
        call begin_search(search, criteria, outcome)
        if (present(nomvars)) call search_list(search, outcome, 'nomvars', nomvars)
        if (present(typvars)) call search_list(search, outcome, 'typvars', typvars)
        if (present(etikets)) call search_list(search, outcome, 'etikets', etikets)
        call extend_search(search, outcome, valid_from, valid_to, origin_from, origin_to, &
            level_from, level_to, level_kind, metadata)
        call search_first(self, search, record, outcome)
        call conclude(outcome, stat, errmsg)
    end function file_find_first_by_keywords

    !> The same with the criteria in a variable.
    function file_find_first_by_criteria(self, criteria, stat, errmsg) result(record)
        class(fst_file_t), intent(in) :: self
        type(fst_criteria_t), intent(in) :: criteria
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer :: record
        type(search_t), target :: search
        type(outcome_t) :: outcome

        call begin_search(search, criteria, outcome)
        call search_first(self, search, record, outcome)
        call conclude(outcome, stat, errmsg)
    end function file_find_first_by_criteria

    !> Keywords as criteria. A text that is longer than the attribute is an error: cut short, it
    !> would match what it does not name.
    subroutine criteria_of(criteria, outcome, nomvar, typvar, grtyp, etiket, dateo, datev, &
            data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, ig1, ig2, &
            ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors)
        type(fst_criteria_t), intent(inout) :: criteria
        type(outcome_t), intent(inout) :: outcome
        character(len=*), intent(in), optional :: nomvar, typvar, grtyp, etiket
        integer, intent(in), optional :: dateo, datev, data_type, data_bits, pack_bits
        integer, intent(in), optional :: ni, nj, nk, deet, npas
        integer, intent(in), optional :: ip1, ip2, ip3, ig1, ig2, ig3, ig4
        logical, intent(in), optional :: ip1_all, ip2_all, ip3_all
        logical, intent(in), optional :: stamp_norun, skip_grid_descriptors

        if (present(nomvar)) call set(criteria%nomvar, nomvar, 'nomvar')
        if (present(typvar)) call set(criteria%typvar, typvar, 'typvar')
        if (present(grtyp)) call set(criteria%grtyp, grtyp, 'grtyp')
        if (present(etiket)) call set(criteria%etiket, etiket, 'etiket')
        if (present(dateo)) criteria%dateo = dateo
        if (present(datev)) criteria%datev = datev
        if (present(data_type)) criteria%data_type = data_type
        if (present(data_bits)) criteria%data_bits = data_bits
        if (present(pack_bits)) criteria%pack_bits = pack_bits
        if (present(ni)) criteria%ni = ni
        if (present(nj)) criteria%nj = nj
        if (present(nk)) criteria%nk = nk
        if (present(deet)) criteria%deet = deet
        if (present(npas)) criteria%npas = npas
        if (present(ip1)) criteria%ip1 = ip1
        if (present(ip2)) criteria%ip2 = ip2
        if (present(ip3)) criteria%ip3 = ip3
        if (present(ig1)) criteria%ig1 = ig1
        if (present(ig2)) criteria%ig2 = ig2
        if (present(ig3)) criteria%ig3 = ig3
        if (present(ig4)) criteria%ig4 = ig4
        if (present(ip1_all)) criteria%ip1_all = ip1_all
        if (present(ip2_all)) criteria%ip2_all = ip2_all
        if (present(ip3_all)) criteria%ip3_all = ip3_all
        if (present(stamp_norun)) criteria%stamp_norun = stamp_norun
        if (present(skip_grid_descriptors)) then
            criteria%skip_grid_descriptors = skip_grid_descriptors
        end if

    contains

        subroutine set(attribute, text, name)
            character(len=*), intent(out) :: attribute
            character(len=*), intent(in) :: text, name

            attribute = text
            if (len_trim(text) <= len(attribute)) return
            outcome = failure(FST_ERR_INVALID_ARGUMENT, 'invalid argument: ' // name // ' "' &
                // trim(text) // '" has more than ' &
                // trim(number_text(len(attribute, kind=int64))) // ' characters')
        end subroutine set

    end subroutine criteria_of

    !> Criteria for the library.
    function library_criteria(criteria) result(given)
        type(fst_criteria_t), intent(in) :: criteria
        type(c_criteria) :: given

        given%struct_size = int(c_sizeof(given), c_int32_t)
        given%nomvar = bytes_of(criteria%nomvar, size(given%nomvar))
        given%typvar = bytes_of(criteria%typvar, size(given%typvar))
        given%grtyp = bytes_of(criteria%grtyp, size(given%grtyp))
        given%etiket = bytes_of(criteria%etiket, size(given%etiket))
        given%dateo = int(criteria%dateo, c_int32_t)
        given%datev = int(criteria%datev, c_int32_t)
        given%data_type = int(criteria%data_type, c_int32_t)
        given%data_bits = int(criteria%data_bits, c_int32_t)
        given%pack_bits = int(criteria%pack_bits, c_int32_t)
        given%ni = int(criteria%ni, c_int32_t)
        given%nj = int(criteria%nj, c_int32_t)
        given%nk = int(criteria%nk, c_int32_t)
        given%deet = int(criteria%deet, c_int32_t)
        given%npas = int(criteria%npas, c_int32_t)
        given%ip1 = int(criteria%ip1, c_int32_t)
        given%ip2 = int(criteria%ip2, c_int32_t)
        given%ip3 = int(criteria%ip3, c_int32_t)
        given%ig1 = int(criteria%ig1, c_int32_t)
        given%ig2 = int(criteria%ig2, c_int32_t)
        given%ig3 = int(criteria%ig3, c_int32_t)
        given%ig4 = int(criteria%ig4, c_int32_t)
        given%ip1_all = merge(1_c_int32_t, 0_c_int32_t, criteria%ip1_all)
        given%ip2_all = merge(1_c_int32_t, 0_c_int32_t, criteria%ip2_all)
        given%ip3_all = merge(1_c_int32_t, 0_c_int32_t, criteria%ip3_all)
        given%stamp_norun = merge(1_c_int32_t, 0_c_int32_t, criteria%stamp_norun)
        given%skip_grid_descriptors = merge(1_c_int32_t, 0_c_int32_t, &
            criteria%skip_grid_descriptors)
    end function library_criteria

    !> A text with a NUL in it is an error: cut short there, it would match what it does not name.
    subroutine refuse_nul(outcome, name, text)
        type(outcome_t), intent(inout) :: outcome
        character(len=*), intent(in) :: name, text
        integer :: at

        at = index(text, c_null_char)
        if (at == 0 .or. outcome%status /= FST_OK) return
        outcome = failure(FST_ERR_INVALID_ARGUMENT, 'invalid argument: ' // name // ' "' &
            // text(:at - 1) // '" goes on behind a NUL character')
    end subroutine refuse_nul

    !> The same for the texts of criteria.
    subroutine refuse_nuls(outcome, criteria)
        type(outcome_t), intent(inout) :: outcome
        type(fst_criteria_t), intent(in) :: criteria

        call refuse_nul(outcome, 'nomvar', criteria%nomvar)
        call refuse_nul(outcome, 'typvar', criteria%typvar)
        call refuse_nul(outcome, 'grtyp', criteria%grtyp)
        call refuse_nul(outcome, 'etiket', criteria%etiket)
    end subroutine refuse_nuls

    !> A search for what the criteria say.
    subroutine begin_search(search, criteria, outcome)
        type(search_t), intent(inout), target :: search
        type(fst_criteria_t), intent(in) :: criteria
        type(outcome_t), intent(inout) :: outcome

        call refuse_nuls(outcome, criteria)
        search%given%struct_size = int(c_sizeof(search%given), c_int32_t)
        search%criteria = library_criteria(criteria)
        search%given%criteria = c_loc(search%criteria)
    end subroutine begin_search

    !> Adds a list of texts to a search. A text that is too long is an error, as in `criteria_of`.
    subroutine search_list(search, outcome, name, given)
        type(search_t), intent(inout), target :: search
        type(outcome_t), intent(inout) :: outcome
        character(len=*), intent(in) :: name, given(:)

        search%extended = .true.
        if (size(given) == 0) then
            search%nothing = .true.
            return
        end if
        associate (to => search%given)
            if (name == 'nomvars') then
                call fill(search%nomvars, to%nomvars, to%nomvar_count, 4)
            else if (name == 'typvars') then
                call fill(search%typvars, to%typvars, to%typvar_count, 2)
            else
                call fill(search%etikets, to%etikets, to%etiket_count, 12)
            end if
        end associate

    contains

        subroutine fill(texts, address, count, length)
            type(text_list_t), intent(inout), target :: texts
            type(c_ptr), intent(inout) :: address
            integer(c_size_t), intent(inout) :: count
            integer, intent(in) :: length
            integer :: i

            allocate(texts%bytes(length + 1, size(given)), texts%places(size(given)))
            do i = 1, size(given)
                texts%bytes(:, i) = bytes_of(given(i), length + 1)
                texts%places(i) = c_loc(texts%bytes(1, i))
                call refuse_nul(outcome, name, given(i))
                if (len_trim(given(i)) <= length .or. outcome%status /= FST_OK) cycle
                outcome = failure(FST_ERR_INVALID_ARGUMENT, 'invalid argument: ' // name // '(' &
                    // trim(number_text(int(i, int64))) // ') "' // trim(given(i)) &
                    // '" has more than ' // trim(number_text(int(length, int64))) // ' characters')
            end do
            address = c_loc(texts%places)
            count = size(given, kind=c_size_t)
        end subroutine fill

    end subroutine search_list

    !> Adds the other keywords to a search.
    subroutine extend_search(search, outcome, valid_from, valid_to, origin_from, origin_to, &
            level_from, level_to, level_kind, metadata)
        type(search_t), intent(inout), target :: search
        type(outcome_t), intent(inout) :: outcome
        type(fst_date_t), intent(in), optional :: valid_from, valid_to, origin_from, origin_to
        real(real32), intent(in), optional :: level_from, level_to
        integer, intent(in), optional :: level_kind
        character(len=*), intent(in), optional :: metadata

        search%extended = search%extended .or. present(valid_from) .or. present(valid_to) &
            .or. present(origin_from) .or. present(origin_to) .or. present(level_from) &
            .or. present(level_to) .or. present(level_kind) .or. present(metadata)
        if (present(valid_from)) then
            search%valid_from = library_date(valid_from)
            search%given%valid_from = c_loc(search%valid_from)
        end if
        if (present(valid_to)) then
            search%valid_to = library_date(valid_to)
            search%given%valid_to = c_loc(search%valid_to)
        end if
        if (present(origin_from)) then
            search%origin_from = library_date(origin_from)
            search%given%origin_from = c_loc(search%origin_from)
        end if
        if (present(origin_to)) then
            search%origin_to = library_date(origin_to)
            search%given%origin_to = c_loc(search%origin_to)
        end if
        if (present(level_kind)) then
            search%given%has_level = 1
            search%given%level_kind = int(level_kind, c_int32_t)
            search%given%level_from = -huge(level_from)
            search%given%level_to = huge(level_to)
            if (present(level_from)) search%given%level_from = level_from
            if (present(level_to)) search%given%level_to = level_to
        else if (present(level_from) .or. present(level_to)) then
            outcome = failure(FST_ERR_INVALID_ARGUMENT, &
                'invalid argument: level_from and level_to need a level_kind')
        end if
        if (present(metadata)) then
            call refuse_nul(outcome, 'metadata', metadata)
            search%metadata = bytes_of(metadata, len_trim(metadata) + 1)
            search%given%metadata = c_loc(search%metadata)
        end if
    end subroutine extend_search

    subroutine search_all(self, search, records, outcome)
        class(fst_file_t), intent(in) :: self
        type(search_t), intent(in) :: search
        integer, allocatable, intent(out) :: records(:)
        type(outcome_t), intent(inout) :: outcome
        ! Room for most searches; only larger ones are made twice.
        integer(c_size_t), parameter :: usual = 1024
        integer(c_size_t), allocatable :: places(:)
        integer(c_size_t) :: found

        found = 0
        if (outcome%status == FST_OK) outcome = file_outcome(self)
        if (outcome%status == FST_OK) then
            allocate(places(usual))
            outcome = library_outcome(fst_search(self%handle, search%given, places, usual, found))
        end if
        if (outcome%status == FST_OK .and. found > usual) then
            deallocate(places)
            allocate(places(found))
            outcome = library_outcome(fst_search(self%handle, search%given, places, &
                size(places, kind=c_size_t), found))
        end if
        if (outcome%status == FST_OK .and. .not. search%nothing) then
            records = int(places(:found)) + 1
        else
            allocate(records(0))
        end if
    end subroutine search_all

    subroutine search_first(self, search, record, outcome)
        class(fst_file_t), intent(in) :: self
        type(search_t), intent(in) :: search
        integer, intent(out) :: record
        type(outcome_t), intent(inout) :: outcome
        integer(c_size_t) :: place(1), found

        record = 0
        place = 0
        found = 0
        if (outcome%status == FST_OK) outcome = file_outcome(self)
        if (outcome%status /= FST_OK) return
        if (search%extended) then
            outcome = library_outcome(fst_search(self%handle, search%given, place, &
                size(place, kind=c_size_t), found))
        else
            outcome = library_outcome(fst_find_first(self%handle, search%criteria, place(1)))
            if (outcome%status == FST_OK) found = 1
            if (outcome%status == FST_ERR_NOT_FOUND) outcome%status = FST_OK
        end if
        if (outcome%status == FST_OK .and. found > 0 .and. .not. search%nothing) then
            record = int(place(1)) + 1
        end if
    end subroutine search_first

    ! Views

    !> A view of a record, or of a slab of it. What `view` held before is given back first; after a
    !> failure it holds nothing.
    subroutine file_view(self, record, view, stat, errmsg, start, count, writable, dtype, prefetch)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        type(fst_view_t), intent(inout), target :: view
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        !> First element along up to three axes, from 1; 1 where left out.
        integer, intent(in), optional :: start(:)
        !> Elements along up to three axes; 0, or left out: to the end of the axis.
        integer, intent(in), optional :: count(:)
        !> Whether the array may be changed; the file never is.
        logical, intent(in), optional :: writable
        !> Element type `FST_DTYPE_...`; 0: the record's own. Widening that loses nothing works.
        integer, intent(in), optional :: dtype
        !> Whether to have the pages of a mapped record read ahead.
        logical, intent(in), optional :: prefetch
        type(c_view_options) :: options
        type(c_array) :: array
        type(slab_t) :: slab
        type(outcome_t) :: outcome

        call view_give_back(view)
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call view_options(options, writable, dtype, prefetch)
        outcome = record_outcome(self, record)
        if (outcome%status == FST_OK .and. slab%given) then
            call view_slab(self, record, slab, options, outcome)
        end if
        if (outcome%status == FST_OK) then
            array%struct_size = int(c_sizeof(array), c_int32_t)
            outcome = library_outcome(fst_record_view(self%handle, int(record - 1, c_size_t), &
                options, array), record)
        end if
        if (outcome%status == FST_OK) call view_take(view, array%view, record)
        call conclude(outcome, stat, errmsg)
    end subroutine file_view

    !> Views of several records, made in parallel; what `views` held before is given back first.
    !> One bad record spoils only itself: its view holds nothing, the others are as they should be.
    !> `stat` and `errmsg` are those of the first record that failed.
    subroutine file_view_many(self, records, views, stat, errmsg, stats, writable, dtype, &
            prefetch, start, count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        !> As many as there are records.
        type(fst_view_t), intent(inout), target :: views(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        !> The status of each record.
        integer, intent(out), optional :: stats(:)
        !> These as for one view.
        logical, intent(in), optional :: writable
        integer, intent(in), optional :: dtype
        logical, intent(in), optional :: prefetch
        integer, intent(in), optional :: start(:), count(:)
        !> Told how far the batch is; it may cancel it.
        procedure(fst_progress), optional :: progress
        type(c_array), allocatable :: arrays(:)
        integer, allocatable :: chosen(:)
        integer(c_int32_t), allocatable :: statuses(:)
        integer(c_int32_t) :: status
        type(batch_t), target :: batch
        type(slab_t) :: slab
        type(outcome_t) :: one
        integer :: i

        do i = 1, size(views)
            call view_give_back(views(i))
        end do
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        call batch_records(self, records, batch)
        if (size(views) /= size(records)) then
            call batch_refuse(batch, failure(FST_ERR_SHAPE_MISMATCH, 'shape mismatch: ' &
                // trim(number_text(size(views, kind=int64))) // ' views for ' &
                // trim(number_text(size(records, kind=int64))) // ' records'))
        end if
        call view_options(batch%options, writable, dtype, prefetch)
        do i = 1, size(records)
            if (.not. (slab%given .and. batch%pending(i))) cycle
            call view_slab(self, records(i), slab, batch%options, one)
            if (one%status /= FST_OK) call batch_fail(batch, i, one)
        end do
        chosen = pack([(i, i = 1, size(records))], batch%pending)
        if (size(chosen) > 0) then
            call batch_teller(batch, size(chosen), 0)
            allocate(arrays(size(chosen)), statuses(size(chosen)))
            arrays%struct_size = int(c_sizeof(arrays(1)), c_int32_t)
            statuses = FST_OK
            status = fst_record_view_many(self%handle, int(records(chosen) - 1, c_size_t), &
                size(chosen, kind=c_size_t), batch%options, arrays, statuses)
            call batch_report(batch, chosen, status, statuses)
            do i = 1, size(chosen)
                if (.not. batch%done(chosen(i))) cycle
                call view_take(views(chosen(i)), arrays(i)%view, records(chosen(i)))
            end do
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_view_many

    !> The options of `view`, but for the slab.
    subroutine view_options(options, writable, dtype, prefetch)
        type(c_view_options), intent(inout) :: options
        logical, intent(in), optional :: writable
        integer, intent(in), optional :: dtype
        logical, intent(in), optional :: prefetch

        options%struct_size = int(c_sizeof(options), c_int32_t)
        if (present(writable)) then
            if (writable) options%flags = ior(options%flags, FST_VIEW_WRITABLE)
        end if
        if (present(prefetch)) then
            if (prefetch) options%flags = ior(options%flags, FST_VIEW_PREFETCH)
        end if
        if (present(dtype)) options%dtype = int(dtype, c_int32_t)
    end subroutine view_options

    !> Makes `self` the holder of a view.
    subroutine view_take(self, handle, record)
        type(fst_view_t), intent(inout), target :: self
        type(c_view), intent(in) :: handle
        integer, intent(in) :: record

        self%handle = handle
        self%owner = address_of(self%handle%id)
        self%references = 1
        self%record = record
    end subroutine view_take

    !> The first elements of a slab.
    pure subroutine slab_from(slab, start)
        type(slab_t), intent(inout) :: slab
        integer, intent(in) :: start(:)
        integer :: axes

        axes = min(size(start), 3)
        slab%start(:axes) = start(:axes)
        slab%given = .true.
        slab%fits = slab%fits .and. size(start) <= 3
    end subroutine slab_from

    !> The extents of a slab.
    pure subroutine slab_of(slab, count)
        type(slab_t), intent(inout) :: slab
        integer, intent(in) :: count(:)
        integer :: axes

        axes = min(size(count), 3)
        slab%count(:axes) = count(:axes)
        slab%given = .true.
        slab%fits = slab%fits .and. size(count) <= 3
    end subroutine slab_of

    !> The slab of a view, checked against the record.
    subroutine view_slab(self, record, slab, options, outcome)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        type(slab_t), intent(in) :: slab
        type(c_view_options), intent(inout) :: options
        type(outcome_t), intent(inout) :: outcome
        type(fst_record_t) :: info
        integer(int64) :: extents(3)

        call directory_entry(self, record, info, outcome)
        if (outcome%status /= FST_OK) return
        call set_slab(info, slab, options, extents, outcome)
    end subroutine view_slab

    !> Sets the slab in `options`, and says what its extents are.
    subroutine set_slab(info, slab, options, extents, outcome)
        type(fst_record_t), intent(in) :: info
        type(slab_t), intent(in) :: slab
        type(c_view_options), intent(inout) :: options
        integer(int64), intent(out) :: extents(3)
        type(outcome_t), intent(inout) :: outcome
        integer(int64) :: whole(3), first(3)
        character(len=20) :: wanted
        integer :: axis

        whole = array_shape(info)
        first = slab%start
        extents = slab%count
        if (.not. slab%fits) then
            outcome = failure(FST_ERR_INVALID_ARGUMENT, &
                'invalid argument: start and count have at most 3 elements')
            return
        end if
        where (slab%count == 0) extents = whole - first + 1
        do axis = 1, 3
            if (first(axis) >= 1 .and. extents(axis) >= min(1_int64, whole(axis)) &
                .and. extents(axis) <= whole(axis) - first(axis) + 1) cycle
            wanted = number_text(int(slab%count(axis), int64))
            if (slab%count(axis) == 0) wanted = 'all'
            outcome = failure(FST_ERR_OUT_OF_RANGE, 'out of range: record ' &
                // trim(number_text(int(info%number, int64))) // ': ' // trim(wanted) &
                // ' elements from ' // trim(number_text(first(axis))) // ' along axis ' &
                // trim(number_text(int(axis, int64))) // ', which has ' &
                // trim(number_text(whole(axis))))
            return
        end do
        options%slab_start = first - 1
        options%slab_count = slab%count
    end subroutine set_slab

    !> The shape of the array that a view of a record gives. It is that of the directory, but for
    !> bits without a type (data type 0), which come as so many whole words.
    pure function array_shape(info) result(extents)
        type(fst_record_t), intent(in) :: info
        integer(int64) :: extents(3)

        extents = [info%ni, info%nj, info%nk]
        if (info%dtype == 0) return
        if (product(extents) * itemsize_of(info%dtype) == info%array_bytes) return
        extents = [info%array_bytes / itemsize_of(info%dtype), 1_int64, 1_int64]
    end function array_shape

    !> Gives back the references that `self` holds, and forgets what it does not hold.
    subroutine view_give_back(self)
        class(fst_view_t), intent(inout), target :: self
        integer :: i

        if (self%handle%id /= 0 .and. self%owner == address_of(self%handle%id)) then
            do i = 1, self%references
                if (fst_view_release(self%handle) /= FST_OK) exit
            end do
        end if
        self%handle%id = 0
        self%owner = 0
        self%references = 0
        self%record = 0
    end subroutine view_give_back

    impure elemental subroutine view_final(self)
        type(fst_view_t), intent(inout), target :: self

        call view_give_back(self)
    end subroutine view_final

    !> Shares the array of `source`. Not elemental: allocatable arrays of views, and of types that
    !> contain views, could then not grow by `list = [list, one]`.
    subroutine view_assign(self, source)
        class(fst_view_t), intent(inout), target :: self
        class(fst_view_t), intent(in) :: source
        type(c_view) :: handle
        integer :: record
        logical :: held

        handle = source%handle
        record = source%record
        ! Before anything is released: both may hold the same array. A copy of a view that has
        ! been released is as useless as the original, and says so when it is used.
        held = .false.
        if (handle%id /= 0) held = fst_view_retain(handle) == FST_OK
        call view_give_back(self)
        self%handle = handle
        self%record = record
        if (held) then
            self%owner = address_of(self%handle%id)
            self%references = 1
        end if
    end subroutine view_assign

    !> One more reference for this variable, which must then be released once more (finalisation
    !> gives back all of them). A bitwise copy becomes a holder of its own.
    subroutine view_retain(self, stat, errmsg)
        class(fst_view_t), intent(inout), target :: self
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        type(outcome_t) :: outcome

        outcome = view_outcome(self)
        if (outcome%status == FST_OK) outcome = library_outcome(fst_view_retain(self%handle))
        if (outcome%status == FST_OK) then
            if (self%owner /= address_of(self%handle%id)) then
                self%owner = address_of(self%handle%id)
                self%references = 0
            end if
            self%references = self%references + 1
        end if
        call conclude(outcome, stat, errmsg)
    end subroutine view_retain

    !> Gives back the array: with the last reference its memory goes before the call returns, and
    !> pointers to it become invalid. A variable that holds nothing is left alone.
    subroutine view_release(self, stat, errmsg)
        class(fst_view_t), intent(inout), target :: self
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        type(outcome_t) :: outcome

        if (self%owner == address_of(self%handle%id) .and. self%references > 1) then
            outcome = library_outcome(fst_view_release(self%handle))
            self%references = self%references - 1
        else
            call view_give_back(self)
        end if
        call conclude(outcome, stat, errmsg)
    end subroutine view_release

    !> The outcome of using a variable that may hold no view.
    function view_outcome(view) result(outcome)
        class(fst_view_t), intent(in) :: view
        type(outcome_t) :: outcome

        if (view%handle%id == 0) then
            outcome = failure(FST_ERR_INVALID_HANDLE, 'the variable holds no view')
        end if
    end function view_outcome

    !> Describes the array of a view.
    subroutine describe(self, array, outcome)
        class(fst_view_t), intent(in) :: self
        type(c_array), intent(inout) :: array
        type(outcome_t), intent(inout) :: outcome

        outcome = view_outcome(self)
        if (outcome%status /= FST_OK) return
        array%struct_size = int(c_sizeof(array), c_int32_t)
        outcome = library_outcome(fst_view_array(self%handle, array), self%record)
    end subroutine describe

    !> Whether the variable has been given a view and has not released it.
    pure function view_is_held(self) result(answer)
        class(fst_view_t), intent(in) :: self
        logical :: answer

        answer = self%handle%id /= 0
    end function view_is_held

    !> Elements along the three axes.
    function view_shape(self, stat, errmsg) result(extents)
        class(fst_view_t), intent(in) :: self
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer(int64) :: extents(3)
        type(c_array) :: array
        type(outcome_t) :: outcome

        call describe(self, array, outcome)
        extents = array%shape
        call conclude(outcome, stat, errmsg)
    end function view_shape

    !> Element type, `FST_DTYPE_...`.
    function view_dtype(self, stat, errmsg) result(dtype)
        class(fst_view_t), intent(in) :: self
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer :: dtype
        type(c_array) :: array
        type(outcome_t) :: outcome

        call describe(self, array, outcome)
        dtype = int(array%dtype)
        call conclude(outcome, stat, errmsg)
    end function view_dtype

    !> What the view cost, `FST_ORIGIN_...`.
    function view_origin(self, stat, errmsg) result(origin)
        class(fst_view_t), intent(in) :: self
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer :: origin
        type(c_array) :: array
        type(outcome_t) :: outcome

        call describe(self, array, outcome)
        origin = int(array%origin)
        call conclude(outcome, stat, errmsg)
    end function view_origin

    !> Whether the array may be assigned to.
    function view_is_writable(self, stat, errmsg) result(answer)
        class(fst_view_t), intent(in) :: self
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        logical :: answer
        type(c_array) :: array
        type(outcome_t) :: outcome

        call describe(self, array, outcome)
        answer = iand(array%flags, FST_ARRAY_WRITABLE) /= 0
        call conclude(outcome, stat, errmsg)
    end function view_is_writable

    !> Address of the first element, for procedures in C.
    function view_address(self, stat, errmsg) result(address)
        class(fst_view_t), intent(in) :: self
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        type(c_ptr) :: address
        type(c_array) :: array
        type(outcome_t) :: outcome

        call describe(self, array, outcome)
        address = array%data
        call conclude(outcome, stat, errmsg)
    end function view_address

    !> Where the elements for a pointer of type `dtype` and of that rank lie: type and rank are
    !> checked here, for every specific of `get`. Views of this module are always in the byte order
    !> of the machine.
    subroutine place_pointer(self, dtype, rank, place, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        integer, intent(in) :: dtype, rank
        type(placement_t), intent(inout) :: place
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        type(c_array) :: array
        type(outcome_t) :: outcome
        logical :: contiguous

        call describe(self, array, outcome)
        if (outcome%status == FST_OK) then
            if (array%dtype /= dtype .and. .not. is_unsigned_of(int(array%dtype), dtype)) then
                outcome = failure(FST_ERR_TYPE_MISMATCH, 'type mismatch: record ' &
                    // trim(number_text(int(self%record, int64))) // ': the pointer is ' &
                    // trim(dtype_text(dtype)) // ', the array ' &
                    // trim(dtype_text(int(array%dtype))))
            end if
        end if
        if (outcome%status /= FST_OK) then
            call conclude(outcome, stat, errmsg)
            return
        end if

        contiguous = array%nbytes == array%size * array%itemsize
        place%data = array%data
        place%extents = array%shape
        place%box = array%shape
        if (rank == 1) then
            place%box(1) = array%size
            if (.not. contiguous .and. count(array%shape > 1) == 1) then
                place%step = maxval(array%strides, mask=array%shape > 1) / array%itemsize
                place%box(1) = (array%size - 1) * place%step + 1
            else if (.not. contiguous) then
                call mismatch(' and is not evenly spaced in memory')
            end if
        else if (rank == 2 .and. array%shape(3) /= 1) then
            call mismatch('')
        else if (.not. contiguous) then
            place%box(1) = array%strides(2) / array%itemsize
            place%box(2) = array%strides(3) / array%strides(2)
        end if
        place%found = outcome%status == FST_OK
        call conclude(outcome, stat, errmsg)

    contains

        subroutine mismatch(besides)
            character(len=*), intent(in) :: besides

            outcome = failure(FST_ERR_SHAPE_MISMATCH, 'shape mismatch: record ' &
                // trim(number_text(int(self%record, int64))) // ': the pointer has rank ' &
                // trim(number_text(int(rank, int64))) // ', the array ' &
                // trim(shape_text(array%shape)) // ' has rank ' &
                // trim(number_text(int(array%rank, int64))) // besides)
        end subroutine mismatch

    end subroutine place_pointer

    ! >>> generated: get
    !> Associates a pointer with the array of a view: no byte is moved.
    !>
    !> The pointer must be of the array's type and kind (or the signed integer of the width of an
    !> unsigned one: it shows the bits as they are). Rank 3 is always right, rank 2 when the third
    !> extent is 1; rank 1 gives all elements, when they are evenly spaced in memory. Lower bounds
    !> are 1. After a failure the pointer is null.
    subroutine view_get_real32_1(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        real(real32), pointer, intent(out) :: ptr(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        real(real32), pointer :: box(:)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_F32, 1, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:1))
        ptr => box(::place%step)
    end subroutine view_get_real32_1

    subroutine view_get_real32_2(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        real(real32), pointer, intent(out) :: ptr(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        real(real32), pointer :: box(:, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_F32, 2, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:2))
        ptr => box(:place%extents(1), :place%extents(2))
    end subroutine view_get_real32_2

    subroutine view_get_real32_3(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        real(real32), pointer, intent(out) :: ptr(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        real(real32), pointer :: box(:, :, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_F32, 3, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:3))
        ptr => box(:place%extents(1), :place%extents(2), :place%extents(3))
    end subroutine view_get_real32_3

    subroutine view_get_real64_1(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        real(real64), pointer, intent(out) :: ptr(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        real(real64), pointer :: box(:)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_F64, 1, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:1))
        ptr => box(::place%step)
    end subroutine view_get_real64_1

    subroutine view_get_real64_2(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        real(real64), pointer, intent(out) :: ptr(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        real(real64), pointer :: box(:, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_F64, 2, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:2))
        ptr => box(:place%extents(1), :place%extents(2))
    end subroutine view_get_real64_2

    subroutine view_get_real64_3(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        real(real64), pointer, intent(out) :: ptr(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        real(real64), pointer :: box(:, :, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_F64, 3, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:3))
        ptr => box(:place%extents(1), :place%extents(2), :place%extents(3))
    end subroutine view_get_real64_3

    subroutine view_get_int8_1(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        integer(int8), pointer, intent(out) :: ptr(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer(int8), pointer :: box(:)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_I8, 1, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:1))
        ptr => box(::place%step)
    end subroutine view_get_int8_1

    subroutine view_get_int8_2(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        integer(int8), pointer, intent(out) :: ptr(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer(int8), pointer :: box(:, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_I8, 2, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:2))
        ptr => box(:place%extents(1), :place%extents(2))
    end subroutine view_get_int8_2

    subroutine view_get_int8_3(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        integer(int8), pointer, intent(out) :: ptr(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer(int8), pointer :: box(:, :, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_I8, 3, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:3))
        ptr => box(:place%extents(1), :place%extents(2), :place%extents(3))
    end subroutine view_get_int8_3

    subroutine view_get_int16_1(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        integer(int16), pointer, intent(out) :: ptr(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer(int16), pointer :: box(:)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_I16, 1, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:1))
        ptr => box(::place%step)
    end subroutine view_get_int16_1

    subroutine view_get_int16_2(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        integer(int16), pointer, intent(out) :: ptr(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer(int16), pointer :: box(:, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_I16, 2, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:2))
        ptr => box(:place%extents(1), :place%extents(2))
    end subroutine view_get_int16_2

    subroutine view_get_int16_3(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        integer(int16), pointer, intent(out) :: ptr(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer(int16), pointer :: box(:, :, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_I16, 3, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:3))
        ptr => box(:place%extents(1), :place%extents(2), :place%extents(3))
    end subroutine view_get_int16_3

    subroutine view_get_int32_1(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        integer(int32), pointer, intent(out) :: ptr(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer(int32), pointer :: box(:)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_I32, 1, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:1))
        ptr => box(::place%step)
    end subroutine view_get_int32_1

    subroutine view_get_int32_2(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        integer(int32), pointer, intent(out) :: ptr(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer(int32), pointer :: box(:, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_I32, 2, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:2))
        ptr => box(:place%extents(1), :place%extents(2))
    end subroutine view_get_int32_2

    subroutine view_get_int32_3(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        integer(int32), pointer, intent(out) :: ptr(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer(int32), pointer :: box(:, :, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_I32, 3, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:3))
        ptr => box(:place%extents(1), :place%extents(2), :place%extents(3))
    end subroutine view_get_int32_3

    subroutine view_get_int64_1(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        integer(int64), pointer, intent(out) :: ptr(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer(int64), pointer :: box(:)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_I64, 1, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:1))
        ptr => box(::place%step)
    end subroutine view_get_int64_1

    subroutine view_get_int64_2(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        integer(int64), pointer, intent(out) :: ptr(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer(int64), pointer :: box(:, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_I64, 2, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:2))
        ptr => box(:place%extents(1), :place%extents(2))
    end subroutine view_get_int64_2

    subroutine view_get_int64_3(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        integer(int64), pointer, intent(out) :: ptr(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer(int64), pointer :: box(:, :, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_I64, 3, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:3))
        ptr => box(:place%extents(1), :place%extents(2), :place%extents(3))
    end subroutine view_get_int64_3

    subroutine view_get_complex32_1(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        complex(real32), pointer, intent(out) :: ptr(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        complex(real32), pointer :: box(:)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_C64, 1, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:1))
        ptr => box(::place%step)
    end subroutine view_get_complex32_1

    subroutine view_get_complex32_2(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        complex(real32), pointer, intent(out) :: ptr(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        complex(real32), pointer :: box(:, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_C64, 2, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:2))
        ptr => box(:place%extents(1), :place%extents(2))
    end subroutine view_get_complex32_2

    subroutine view_get_complex32_3(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        complex(real32), pointer, intent(out) :: ptr(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        complex(real32), pointer :: box(:, :, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_C64, 3, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:3))
        ptr => box(:place%extents(1), :place%extents(2), :place%extents(3))
    end subroutine view_get_complex32_3

    subroutine view_get_complex64_1(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        complex(real64), pointer, intent(out) :: ptr(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        complex(real64), pointer :: box(:)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_C128, 1, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:1))
        ptr => box(::place%step)
    end subroutine view_get_complex64_1

    subroutine view_get_complex64_2(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        complex(real64), pointer, intent(out) :: ptr(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        complex(real64), pointer :: box(:, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_C128, 2, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:2))
        ptr => box(:place%extents(1), :place%extents(2))
    end subroutine view_get_complex64_2

    subroutine view_get_complex64_3(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        complex(real64), pointer, intent(out) :: ptr(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        complex(real64), pointer :: box(:, :, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_C128, 3, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:3))
        ptr => box(:place%extents(1), :place%extents(2), :place%extents(3))
    end subroutine view_get_complex64_3

    subroutine view_get_character_1(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        character(len=1), pointer, intent(out) :: ptr(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        character(len=1), pointer :: box(:)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_CHAR, 1, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:1))
        ptr => box(::place%step)
    end subroutine view_get_character_1

    subroutine view_get_character_2(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        character(len=1), pointer, intent(out) :: ptr(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        character(len=1), pointer :: box(:, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_CHAR, 2, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:2))
        ptr => box(:place%extents(1), :place%extents(2))
    end subroutine view_get_character_2

    subroutine view_get_character_3(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        character(len=1), pointer, intent(out) :: ptr(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        character(len=1), pointer :: box(:, :, :)
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, FST_DTYPE_CHAR, 3, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:3))
        ptr => box(:place%extents(1), :place%extents(2), :place%extents(3))
    end subroutine view_get_character_3
    ! <<< generated

    ! Reading into the caller's arrays

    !> Prepares a call of `read` into an array of type `dtype` and of these extents: checks the
    !> shape, and decides how unsigned values are read.
    subroutine read_begin(self, record, dtype, extents, slab, reading)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record, dtype
        integer(int64), intent(in) :: extents(:)
        type(slab_t), intent(in) :: slab
        type(reading_t), intent(inout) :: reading
        type(fst_record_t) :: info
        integer(int64) :: stored(3)

        reading%file = self%handle
        reading%record = record
        reading%options%struct_size = int(c_sizeof(reading%options), c_int32_t)
        reading%dtype = int(dtype, c_int32_t)
        reading%bytes = product(extents) * itemsize_of(dtype)
        call directory_entry(self, record, info, reading%outcome)
        if (reading%outcome%status /= FST_OK) return
        call set_slab(info, slab, reading%options, stored, reading%outcome)
        if (reading%outcome%status /= FST_OK) return

        reading%outcome = shape_outcome(info, extents, stored)
        if (reading%outcome%status /= FST_OK) return
        reading%wanted = product(extents) > 0 .or. info%dtype == 0
        reading%unsigned = is_unsigned_of(info%dtype, dtype)
        if (reading%unsigned) reading%dtype = int(info%dtype, c_int32_t)
    end subroutine read_begin

    !> The outcome of comparing the extents of an array with those that are stored.
    function shape_outcome(info, extents, stored) result(outcome)
        type(fst_record_t), intent(in) :: info
        integer(int64), intent(in) :: extents(:), stored(3)
        type(outcome_t) :: outcome
        logical :: fits

        select case (size(extents))
        case (1)
            fits = extents(1) == product(stored)
        case (2)
            fits = stored(3) == 1 .and. all(extents == stored(:2))
        case default
            fits = all(extents == stored)
        end select
        ! What cannot be decoded at all: the library says why.
        if (fits .or. info%dtype == 0) return
        outcome = failure(FST_ERR_SHAPE_MISMATCH, 'shape mismatch: record ' &
            // trim(number_text(int(info%number, int64))) // ': the array is ' &
            // trim(shape_text(extents)) // ', the record ' // trim(shape_text(stored)))
    end function shape_outcome

    !> The outcome of reading unsigned values that do not fit in the signed ones of their width.
    function unfit_outcome(record, dtype) result(outcome)
        integer, intent(in) :: record
        integer(c_int32_t), intent(in) :: dtype
        type(outcome_t) :: outcome

        outcome = failure(FST_ERR_TYPE_MISMATCH, 'type mismatch: record ' &
            // trim(number_text(int(record, int64))) // ': not every ' &
            // trim(dtype_text(int(dtype))) // ' fits in ' // trim(dtype_text(int(dtype) + 1)) &
            // ': read into a wider kind')
    end function unfit_outcome

    !> Has the library fill the memory at `destination`.
    subroutine read_fill(reading, destination)
        type(reading_t), intent(inout) :: reading
        type(c_ptr), intent(in) :: destination

        reading%outcome = library_outcome(fst_record_read(reading%file, &
            int(reading%record - 1, c_size_t), reading%options, reading%dtype, destination, &
            reading%bytes), reading%record)
    end subroutine read_fill

    !> The temporary for an array that is not contiguous could not be allocated.
    subroutine read_no_memory(reading)
        type(reading_t), intent(inout) :: reading

        reading%outcome = failure(FST_ERR_NO_MEMORY, 'out of memory: ' &
            // trim(number_text(int(reading%bytes, int64))) // ' bytes for record ' &
            // trim(number_text(int(reading%record, int64))))
    end subroutine read_no_memory

    !> Ends a call of `read`. `negative` says that a value that is unsigned in the file looks
    !> negative: it does not fit.
    subroutine read_end(reading, negative, stat, errmsg)
        type(reading_t), intent(inout) :: reading
        logical, intent(in) :: negative
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg

        if (reading%outcome%status == FST_OK .and. negative) then
            reading%outcome = unfit_outcome(reading%record, reading%dtype)
        end if
        call conclude(reading%outcome, stat, errmsg)
    end subroutine read_end

    ! >>> generated: read
    !> Reads a record, or a slab of it, into the caller's array, decoding straight into it. (An
    !> array that is not contiguous is filled through a temporary of its size.)
    !>
    !> The shape must be the record's: its three extents; the first two where the third is 1; for
    !> rank 1, the number of elements. The type may be the record's own, or one that holds all of
    !> its values. Unsigned integers may also be read into signed ones of the same width: a value
    !> that does not fit is `FST_ERR_TYPE_MISMATCH`. After a failure the contents are unspecified,
    !> and after `FST_ERR_SHAPE_MISMATCH` unchanged. `start` and `count` are those of `view`.
    subroutine file_read_real32_1(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        real(real32), intent(inout), target :: array(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        real(real32), allocatable, target :: own(:)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_F32, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_real32_1

    subroutine file_read_real32_2(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        real(real32), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        real(real32), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_F32, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_real32_2

    subroutine file_read_real32_3(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        real(real32), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        real(real32), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_F32, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_real32_3

    subroutine file_read_real64_1(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        real(real64), intent(inout), target :: array(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        real(real64), allocatable, target :: own(:)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_F64, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_real64_1

    subroutine file_read_real64_2(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        real(real64), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        real(real64), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_F64, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_real64_2

    subroutine file_read_real64_3(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        real(real64), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        real(real64), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_F64, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_real64_3

    subroutine file_read_int8_1(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        integer(int8), intent(inout), target :: array(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        integer(int8), allocatable, target :: own(:)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_I8, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
            if (reading%unsigned .and. reading%outcome%status == FST_OK) negative = any(array < 0)
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_int8_1

    subroutine file_read_int8_2(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        integer(int8), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        integer(int8), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_I8, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
            if (reading%unsigned .and. reading%outcome%status == FST_OK) negative = any(array < 0)
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_int8_2

    subroutine file_read_int8_3(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        integer(int8), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        integer(int8), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_I8, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
            if (reading%unsigned .and. reading%outcome%status == FST_OK) negative = any(array < 0)
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_int8_3

    subroutine file_read_int16_1(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        integer(int16), intent(inout), target :: array(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        integer(int16), allocatable, target :: own(:)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_I16, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
            if (reading%unsigned .and. reading%outcome%status == FST_OK) negative = any(array < 0)
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_int16_1

    subroutine file_read_int16_2(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        integer(int16), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        integer(int16), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_I16, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
            if (reading%unsigned .and. reading%outcome%status == FST_OK) negative = any(array < 0)
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_int16_2

    subroutine file_read_int16_3(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        integer(int16), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        integer(int16), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_I16, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
            if (reading%unsigned .and. reading%outcome%status == FST_OK) negative = any(array < 0)
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_int16_3

    subroutine file_read_int32_1(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        integer(int32), intent(inout), target :: array(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        integer(int32), allocatable, target :: own(:)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_I32, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
            if (reading%unsigned .and. reading%outcome%status == FST_OK) negative = any(array < 0)
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_int32_1

    subroutine file_read_int32_2(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        integer(int32), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        integer(int32), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_I32, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
            if (reading%unsigned .and. reading%outcome%status == FST_OK) negative = any(array < 0)
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_int32_2

    subroutine file_read_int32_3(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        integer(int32), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        integer(int32), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_I32, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
            if (reading%unsigned .and. reading%outcome%status == FST_OK) negative = any(array < 0)
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_int32_3

    subroutine file_read_int64_1(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        integer(int64), intent(inout), target :: array(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        integer(int64), allocatable, target :: own(:)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_I64, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
            if (reading%unsigned .and. reading%outcome%status == FST_OK) negative = any(array < 0)
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_int64_1

    subroutine file_read_int64_2(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        integer(int64), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        integer(int64), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_I64, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
            if (reading%unsigned .and. reading%outcome%status == FST_OK) negative = any(array < 0)
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_int64_2

    subroutine file_read_int64_3(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        integer(int64), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        integer(int64), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_I64, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
            if (reading%unsigned .and. reading%outcome%status == FST_OK) negative = any(array < 0)
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_int64_3

    subroutine file_read_complex32_1(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        complex(real32), intent(inout), target :: array(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        complex(real32), allocatable, target :: own(:)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_C64, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_complex32_1

    subroutine file_read_complex32_2(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        complex(real32), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        complex(real32), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_C64, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_complex32_2

    subroutine file_read_complex32_3(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        complex(real32), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        complex(real32), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_C64, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_complex32_3

    subroutine file_read_complex64_1(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        complex(real64), intent(inout), target :: array(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        complex(real64), allocatable, target :: own(:)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_C128, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_complex64_1

    subroutine file_read_complex64_2(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        complex(real64), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        complex(real64), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_C128, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_complex64_2

    subroutine file_read_complex64_3(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        complex(real64), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        complex(real64), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_C128, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_complex64_3

    subroutine file_read_character_1(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        character(len=1), intent(inout), target :: array(:)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        character(len=1), allocatable, target :: own(:)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_CHAR, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_character_1

    subroutine file_read_character_2(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        character(len=1), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        character(len=1), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_CHAR, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_character_2

    subroutine file_read_character_3(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        character(len=1), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        character(len=1), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, FST_DTYPE_CHAR, shape(array, int64), slab, reading)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call read_fill(reading, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    place = c_loc(own)
                    call read_fill(reading, place)
                    if (reading%outcome%status == FST_OK) array = own
                end if
            end if
        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_character_3
    ! <<< generated

    ! Batches

    !> Prepares a batch of these records; `slots` has been set.
    subroutine batch_records(self, records, batch)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        type(batch_t), intent(inout) :: batch
        type(outcome_t) :: one
        integer :: i

        batch%file = self%handle
        allocate(batch%records, source=records)
        allocate(batch%pending(size(records)), source=.true.)
        allocate(batch%done(size(records)), batch%unsigned(size(records)), source=.false.)
        allocate(batch%statuses(size(records)), source=FST_OK)
        one = file_outcome(self)
        if (one%status /= FST_OK) then
            call batch_refuse(batch, one)
            return
        end if
        if (batch%slots >= 0 .and. batch%slots /= size(records)) then
            call batch_refuse(batch, failure(FST_ERR_INVALID_ARGUMENT, &
                'invalid argument: stats has ' // trim(number_text(int(batch%slots, int64))) &
                // ' elements for ' // trim(number_text(size(records, kind=int64))) // ' records'))
            return
        end if
        do i = 1, size(records)
            if (records(i) < 1) call batch_fail(batch, i, record_outcome(self, records(i)))
        end do
    end subroutine batch_records

    !> Has the library tell the caller of a batch how far it is, in a call for so many records, with
    !> so many left for later calls. The batch is a target.
    subroutine batch_teller(batch, called, later)
        type(batch_t), intent(inout), target :: batch
        integer, intent(in) :: called, later

        if (.not. associated(batch%teller%tell)) return
        batch%teller%later = later
        batch%teller%before = size(batch%records) - batch%teller%later - called
        batch%options%progress = c_funloc(batch_told)
        batch%options%progress_context = c_loc(batch%teller)
    end subroutine batch_teller

    !> The function that the library calls.
    function batch_told(context, done, total) result(answer) bind(c, name='')
        type(c_ptr), value :: context
        integer(c_size_t), value :: done, total
        integer(c_int32_t) :: answer
        type(teller_t), pointer :: teller

        call c_f_pointer(context, teller)
        call teller%tell(teller%before + int(done), teller%before + int(total) + teller%later, &
            teller%cancelled)
        answer = merge(1_c_int32_t, 0_c_int32_t, teller%cancelled)
    end function batch_told

    !> Prepares a batch that reads into an array of type `dtype` and of these extents, the last of
    !> which counts records: checks the shape, and decides how unsigned values are read.
    subroutine batch_begin(self, records, dtype, extents, slab, batch)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:), dtype
        integer(int64), intent(in) :: extents(:)
        type(slab_t), intent(in) :: slab
        type(batch_t), intent(inout) :: batch
        type(fst_record_t) :: info
        type(outcome_t) :: one
        integer(int64) :: stored(3)
        integer :: axes, i

        call batch_records(self, records, batch)
        if (batch%first == 0 .and. batch%outcome%status /= FST_OK) return
        axes = size(extents) - 1
        if (extents(axes + 1) /= size(records)) then
            call batch_refuse(batch, failure(FST_ERR_SHAPE_MISMATCH, 'shape mismatch: the array ' &
                // 'is ' // trim(shape_text(extents)) // ': its last axis counts records, and ' &
                // trim(number_text(size(records, kind=int64))) // ' are to be read'))
            return
        end if
        batch%options%struct_size = int(c_sizeof(batch%options), c_int32_t)
        batch%dtype = int(dtype, c_int32_t)
        batch%bytes = product(extents(:axes)) * itemsize_of(dtype)
        allocate(batch%dtypes(size(records)), source=batch%dtype)
        do i = 1, size(records)
            if (.not. batch%pending(i)) cycle
            call directory_entry(self, records(i), info, one)
            if (one%status == FST_OK) call set_slab(info, slab, batch%options, stored, one)
            if (one%status == FST_OK) one = shape_outcome(info, extents(:axes), stored)
            if (one%status /= FST_OK) call batch_fail(batch, i, one)
            if (is_unsigned_of(info%dtype, dtype)) batch%dtypes(i) = int(info%dtype, c_int32_t)
            if (batch%bytes == 0 .and. info%dtype /= 0) batch%pending(i) = .false.
        end do
        batch%wanted = any(batch%pending)
    end subroutine batch_begin

    !> Has the library fill the memory at `destination`, one record behind the other.
    subroutine batch_fill(batch, destination)
        type(batch_t), intent(inout), target :: batch
        type(c_ptr), intent(in) :: destination
        integer(int8), pointer :: memory(:)
        type(c_ptr), allocatable :: places(:)
        integer(c_size_t), allocatable :: sizes(:)
        integer(c_int32_t), allocatable :: statuses(:)
        integer(c_int32_t) :: dtype, status
        integer, allocatable :: chosen(:)
        integer :: i

        call c_f_pointer(destination, memory, [batch%bytes * size(batch%records)])
        ! One type, or an integer and the unsigned one of its width.
        do dtype = minval(batch%dtypes, batch%pending), maxval(batch%dtypes, batch%pending)
            chosen = pack([(i, i = 1, size(batch%records))], &
                batch%pending .and. batch%dtypes == dtype)
            if (size(chosen) == 0) cycle
            if (batch%teller%cancelled) then
                call batch_cancel(batch, chosen)
                cycle
            end if
            call batch_teller(batch, size(chosen), count(batch%pending .and. batch%dtypes > dtype))
            if (allocated(places)) deallocate(places, sizes, statuses)
            allocate(places(size(chosen)), source=destination)
            allocate(sizes(size(chosen)), source=batch%bytes)
            allocate(statuses(size(chosen)), source=int(FST_OK, c_int32_t))
            if (batch%bytes > 0) then
                do i = 1, size(chosen)
                    places(i) = c_loc(memory(1 + (chosen(i) - 1) * batch%bytes))
                end do
            end if
            status = fst_record_read_many(batch%file, int(batch%records(chosen) - 1, c_size_t), &
                size(chosen, kind=c_size_t), batch%options, dtype, places, sizes, statuses)
            call batch_report(batch, chosen, status, statuses)
        end do
        batch%unsigned = batch%done .and. batch%dtypes /= batch%dtype
    end subroutine batch_fill

    !> Remembers what the library says of the records `chosen`, right after the call.
    subroutine batch_report(batch, chosen, status, statuses)
        type(batch_t), intent(inout) :: batch
        integer, intent(in) :: chosen(:)
        integer(c_int32_t), intent(in) :: status, statuses(:)
        type(outcome_t) :: first
        integer :: bad, i

        bad = findloc(statuses /= FST_OK, .true., dim=1)
        if (status /= FST_OK .and. bad == 0) then
            call batch_refuse(batch, library_outcome(status))
            return
        end if
        batch%done(chosen) = statuses == FST_OK
        if (bad == 0) return
        first = library_outcome(statuses(bad), batch%records(chosen(bad)))
        call batch_fail(batch, chosen(bad), first)
        do i = bad + 1, size(chosen)
            if (statuses(i) /= FST_OK) batch%statuses(chosen(i)) = int(statuses(i))
        end do
    end subroutine batch_report

    !> The batch was cancelled before the library was called for these elements.
    subroutine batch_cancel(batch, chosen)
        type(batch_t), intent(inout) :: batch
        integer, intent(in) :: chosen(:)
        integer :: i

        do i = 1, size(chosen)
            call batch_fail(batch, chosen(i), failure(FST_ERR_CANCELLED, &
                'cancelled by the caller before it was begun (record ' &
                // trim(number_text(int(batch%records(chosen(i)), int64))) // ' counted from 1)'))
        end do
    end subroutine batch_cancel

    !> Remembers that an element of a batch failed.
    subroutine batch_fail(batch, element, outcome)
        type(batch_t), intent(inout) :: batch
        integer, intent(in) :: element
        type(outcome_t), intent(in) :: outcome

        batch%pending(element) = .false.
        batch%done(element) = .false.
        batch%statuses(element) = outcome%status
        if (batch%first /= 0 .and. batch%first < element) return
        batch%first = element
        batch%outcome = outcome
    end subroutine batch_fail

    !> Remembers that a batch failed as a whole.
    subroutine batch_refuse(batch, outcome)
        type(batch_t), intent(inout) :: batch
        type(outcome_t), intent(in) :: outcome

        batch%pending = .false.
        batch%done = .false.
        batch%statuses = outcome%status
        batch%first = 0
        batch%outcome = outcome
    end subroutine batch_refuse

    !> The temporary for an array that is not contiguous could not be allocated.
    subroutine batch_no_memory(batch)
        type(batch_t), intent(inout) :: batch

        call batch_refuse(batch, failure(FST_ERR_NO_MEMORY, 'out of memory: ' &
            // trim(number_text(int(batch%bytes, int64) * size(batch%records))) // ' bytes for ' &
            // trim(number_text(size(batch%records, kind=int64))) // ' records'))
    end subroutine batch_no_memory

    !> Values of an element that are unsigned in the file look negative: they do not fit.
    subroutine batch_unfit(batch, element)
        type(batch_t), intent(inout) :: batch
        integer, intent(in) :: element

        call batch_fail(batch, element, unfit_outcome(batch%records(element), &
            batch%dtypes(element)))
    end subroutine batch_unfit

    !> Tells the user what became of each record.
    subroutine batch_tell(batch, stats)
        type(batch_t), intent(in) :: batch
        integer, intent(inout) :: stats(:)

        if (size(stats) == size(batch%statuses)) then
            stats = batch%statuses
        else
            stats = batch%outcome%status
        end if
    end subroutine batch_tell

    ! >>> generated: read_many
    !> Reads several records into one array of the caller's, in parallel, decoding straight into it.
    !> (An array that is not contiguous is filled through a temporary of its size.)
    !>
    !> The last axis counts records: record `records(i)` comes to `array(..., i)`, whose shape and
    !> type must suit it as in `read`. One bad record spoils only itself: `stats`, of as many
    !> elements as `records`, has the status of each, `stat` and `errmsg` are those of the first one
    !> that failed.
    !>
    !> `start` and `count` are those of `view`: the same slab of each record. `progress` is told how
    !> far the batch is, and may cancel it (see `fst_progress`).
    subroutine file_read_many_real32_1(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        real(real32), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        real(real32), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_F32, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, i) = own(:, i)
                    end do
                end if
            end if
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_real32_1

    subroutine file_read_many_real32_2(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        real(real32), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        real(real32), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_F32, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, i) = own(:, :, i)
                    end do
                end if
            end if
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_real32_2

    subroutine file_read_many_real32_3(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        real(real32), intent(inout), target :: array(:, :, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        real(real32), allocatable, target :: own(:, :, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_F32, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, :, i) = own(:, :, :, i)
                    end do
                end if
            end if
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_real32_3

    subroutine file_read_many_real64_1(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        real(real64), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        real(real64), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_F64, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, i) = own(:, i)
                    end do
                end if
            end if
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_real64_1

    subroutine file_read_many_real64_2(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        real(real64), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        real(real64), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_F64, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, i) = own(:, :, i)
                    end do
                end if
            end if
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_real64_2

    subroutine file_read_many_real64_3(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        real(real64), intent(inout), target :: array(:, :, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        real(real64), allocatable, target :: own(:, :, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_F64, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, :, i) = own(:, :, :, i)
                    end do
                end if
            end if
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_real64_3

    subroutine file_read_many_int8_1(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        integer(int8), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        integer(int8), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_I8, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, i) = own(:, i)
                    end do
                end if
            end if
            do i = 1, size(records)
                if (.not. batch%unsigned(i)) cycle
                if (any(array(:, i) < 0)) call batch_unfit(batch, i)
            end do
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_int8_1

    subroutine file_read_many_int8_2(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        integer(int8), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        integer(int8), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_I8, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, i) = own(:, :, i)
                    end do
                end if
            end if
            do i = 1, size(records)
                if (.not. batch%unsigned(i)) cycle
                if (any(array(:, :, i) < 0)) call batch_unfit(batch, i)
            end do
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_int8_2

    subroutine file_read_many_int8_3(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        integer(int8), intent(inout), target :: array(:, :, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        integer(int8), allocatable, target :: own(:, :, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_I8, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, :, i) = own(:, :, :, i)
                    end do
                end if
            end if
            do i = 1, size(records)
                if (.not. batch%unsigned(i)) cycle
                if (any(array(:, :, :, i) < 0)) call batch_unfit(batch, i)
            end do
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_int8_3

    subroutine file_read_many_int16_1(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        integer(int16), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        integer(int16), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_I16, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, i) = own(:, i)
                    end do
                end if
            end if
            do i = 1, size(records)
                if (.not. batch%unsigned(i)) cycle
                if (any(array(:, i) < 0)) call batch_unfit(batch, i)
            end do
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_int16_1

    subroutine file_read_many_int16_2(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        integer(int16), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        integer(int16), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_I16, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, i) = own(:, :, i)
                    end do
                end if
            end if
            do i = 1, size(records)
                if (.not. batch%unsigned(i)) cycle
                if (any(array(:, :, i) < 0)) call batch_unfit(batch, i)
            end do
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_int16_2

    subroutine file_read_many_int16_3(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        integer(int16), intent(inout), target :: array(:, :, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        integer(int16), allocatable, target :: own(:, :, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_I16, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, :, i) = own(:, :, :, i)
                    end do
                end if
            end if
            do i = 1, size(records)
                if (.not. batch%unsigned(i)) cycle
                if (any(array(:, :, :, i) < 0)) call batch_unfit(batch, i)
            end do
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_int16_3

    subroutine file_read_many_int32_1(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        integer(int32), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        integer(int32), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_I32, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, i) = own(:, i)
                    end do
                end if
            end if
            do i = 1, size(records)
                if (.not. batch%unsigned(i)) cycle
                if (any(array(:, i) < 0)) call batch_unfit(batch, i)
            end do
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_int32_1

    subroutine file_read_many_int32_2(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        integer(int32), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        integer(int32), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_I32, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, i) = own(:, :, i)
                    end do
                end if
            end if
            do i = 1, size(records)
                if (.not. batch%unsigned(i)) cycle
                if (any(array(:, :, i) < 0)) call batch_unfit(batch, i)
            end do
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_int32_2

    subroutine file_read_many_int32_3(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        integer(int32), intent(inout), target :: array(:, :, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        integer(int32), allocatable, target :: own(:, :, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_I32, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, :, i) = own(:, :, :, i)
                    end do
                end if
            end if
            do i = 1, size(records)
                if (.not. batch%unsigned(i)) cycle
                if (any(array(:, :, :, i) < 0)) call batch_unfit(batch, i)
            end do
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_int32_3

    subroutine file_read_many_int64_1(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        integer(int64), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        integer(int64), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_I64, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, i) = own(:, i)
                    end do
                end if
            end if
            do i = 1, size(records)
                if (.not. batch%unsigned(i)) cycle
                if (any(array(:, i) < 0)) call batch_unfit(batch, i)
            end do
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_int64_1

    subroutine file_read_many_int64_2(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        integer(int64), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        integer(int64), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_I64, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, i) = own(:, :, i)
                    end do
                end if
            end if
            do i = 1, size(records)
                if (.not. batch%unsigned(i)) cycle
                if (any(array(:, :, i) < 0)) call batch_unfit(batch, i)
            end do
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_int64_2

    subroutine file_read_many_int64_3(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        integer(int64), intent(inout), target :: array(:, :, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        integer(int64), allocatable, target :: own(:, :, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_I64, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, :, i) = own(:, :, :, i)
                    end do
                end if
            end if
            do i = 1, size(records)
                if (.not. batch%unsigned(i)) cycle
                if (any(array(:, :, :, i) < 0)) call batch_unfit(batch, i)
            end do
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_int64_3

    subroutine file_read_many_complex32_1(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        complex(real32), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        complex(real32), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_C64, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, i) = own(:, i)
                    end do
                end if
            end if
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_complex32_1

    subroutine file_read_many_complex32_2(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        complex(real32), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        complex(real32), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_C64, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, i) = own(:, :, i)
                    end do
                end if
            end if
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_complex32_2

    subroutine file_read_many_complex32_3(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        complex(real32), intent(inout), target :: array(:, :, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        complex(real32), allocatable, target :: own(:, :, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_C64, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, :, i) = own(:, :, :, i)
                    end do
                end if
            end if
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_complex32_3

    subroutine file_read_many_complex64_1(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        complex(real64), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        complex(real64), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_C128, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, i) = own(:, i)
                    end do
                end if
            end if
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_complex64_1

    subroutine file_read_many_complex64_2(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        complex(real64), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        complex(real64), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_C128, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, i) = own(:, :, i)
                    end do
                end if
            end if
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_complex64_2

    subroutine file_read_many_complex64_3(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        complex(real64), intent(inout), target :: array(:, :, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        complex(real64), allocatable, target :: own(:, :, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_C128, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, :, i) = own(:, :, :, i)
                    end do
                end if
            end if
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_complex64_3

    subroutine file_read_many_character_1(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        character(len=1), intent(inout), target :: array(:, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        character(len=1), allocatable, target :: own(:, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_CHAR, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, i) = own(:, i)
                    end do
                end if
            end if
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_character_1

    subroutine file_read_many_character_2(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        character(len=1), intent(inout), target :: array(:, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        character(len=1), allocatable, target :: own(:, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_CHAR, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, i) = own(:, :, i)
                    end do
                end if
            end if
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_character_2

    subroutine file_read_many_character_3(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        character(len=1), intent(inout), target :: array(:, :, :, :)
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        character(len=1), allocatable, target :: own(:, :, :, :)
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, FST_DTYPE_CHAR, shape(array, int64), slab, batch)
        if (batch%wanted) then
            if (is_contiguous(array)) then
                place = c_loc(array)
                call batch_fill(batch, place)
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call batch_no_memory(batch)
                else
                    place = c_loc(own)
                    call batch_fill(batch, place)
                    do i = 1, size(records)
                        if (batch%done(i)) array(:, :, :, i) = own(:, :, :, i)
                    end do
                end if
            end if
        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_character_3
    ! <<< generated

    ! Levels

    !> The records of `read_levels`, in the order of their levels, and the shape of their array.
    subroutine stack_of(self, criteria, records, levels, extents, outcome, kind)
        class(fst_file_t), intent(in) :: self
        type(fst_criteria_t), intent(in) :: criteria
        integer, allocatable, intent(out) :: records(:)
        real(real32), allocatable, intent(out) :: levels(:)
        integer(int64), intent(out) :: extents(3)
        type(outcome_t), intent(inout) :: outcome
        integer, intent(inout), optional :: kind
        integer(c_size_t), parameter :: usual = 256
        integer(c_size_t), allocatable :: places(:)
        real(c_float), allocatable :: values(:)
        integer(c_int32_t) :: found_kind
        integer(c_size_t) :: capacity, found
        type(c_criteria) :: given
        type(fst_record_t) :: info

        extents = 0
        call refuse_nuls(outcome, criteria)
        if (outcome%status == FST_OK) outcome = file_outcome(self)
        if (outcome%status /= FST_OK) return
        given = library_criteria(criteria)
        capacity = usual
        do
            allocate(places(capacity), values(capacity))
            outcome = library_outcome(fst_find_levels(self%handle, given, places, values, &
                found_kind, capacity, found))
            if (outcome%status /= FST_OK) then
                outcome%message = outcome%message // ' (records counted from 0)'
                return
            end if
            if (found <= capacity) exit
            capacity = found
            deallocate(places, values)
        end do
        if (found == 0) then
            outcome = failure(FST_ERR_NOT_FOUND, 'not found: no record matches')
            return
        end if
        call directory_entry(self, int(places(1)) + 1, info, outcome)
        if (outcome%status /= FST_OK) return
        extents = array_shape(info)
        if (extents(3) /= 1) then
            outcome = failure(FST_ERR_SHAPE_MISMATCH, 'shape mismatch: record ' &
                // trim(number_text(int(info%number, int64))) // ' is ' &
                // trim(shape_text(extents)) // ', and not one level')
            return
        end if
        ! What cannot be decoded at all: reading says why.
        if (info%dtype == 0) extents = 0
        extents(3) = found
        allocate(records, source=int(places(:found)) + 1)
        allocate(levels, source=values(:found))
        if (present(kind)) kind = int(found_kind)
    end subroutine stack_of

    !> The shape of the array of `read_levels` when a slab of each level is read.
    subroutine stack_slab(self, record, slab, extents, outcome)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        type(slab_t), intent(in) :: slab
        integer(int64), intent(inout) :: extents(3)
        type(outcome_t), intent(inout) :: outcome
        type(c_view_options) :: options
        type(fst_record_t) :: info
        integer(int64) :: stored(3)

        call directory_entry(self, record, info, outcome)
        if (outcome%status /= FST_OK) return
        call set_slab(info, slab, options, stored, outcome)
        if (outcome%status == FST_OK .and. info%dtype /= 0) extents(:2) = stored(:2)
    end subroutine stack_slab

    !> The array of `read_levels` could not be allocated.
    function stack_no_memory(extents) result(outcome)
        integer(int64), intent(in) :: extents(3)
        type(outcome_t) :: outcome

        outcome = failure(FST_ERR_NO_MEMORY, 'out of memory: an array of ' &
            // trim(shape_text(extents)))
    end function stack_no_memory

    ! >>> generated: read_levels
    !> Reads the levels of a variable at one moment into one array, allocated as (ni, nj, levels).
    !>
    !> `levels` receives the values of `ip1`, decoded, ascending, and `kind` their kind
    !> (`FST_KIND_...`). The keywords are those of `find` that name single attributes. All matches
    !> must have the same name, date of validity, grid and shape, levels of one kind, and no two the
    !> same level; when nothing matches, that is `FST_ERR_NOT_FOUND`. Types are those of `read`,
    !> `start`, `count` and `progress` those of `read_many`: the same slab of each level, allocated
    !> with its extents. After a failure neither array is allocated.
    subroutine file_read_levels_real32(self, array, levels, nomvar, typvar, grtyp, etiket, &
            dateo, datev, data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, &
            ig1, ig2, ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors, &
            kind, stat, errmsg, start, count, progress)
        class(fst_file_t), intent(in) :: self
        real(real32), allocatable, intent(out) :: array(:, :, :)
        real(real32), allocatable, intent(out) :: levels(:)
        character(len=*), intent(in), optional :: nomvar, typvar, grtyp, etiket
        integer, intent(in), optional :: dateo, datev, data_type, data_bits, pack_bits
        integer, intent(in), optional :: ni, nj, nk, deet, npas
        integer, intent(in), optional :: ip1, ip2, ip3, ig1, ig2, ig3, ig4
        logical, intent(in), optional :: ip1_all, ip2_all, ip3_all
        logical, intent(in), optional :: stamp_norun, skip_grid_descriptors
        integer, intent(inout), optional :: kind
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        type(fst_criteria_t) :: criteria
        type(slab_t) :: slab
        type(outcome_t) :: outcome
        integer, allocatable :: records(:)
        integer(int64) :: extents(3)
        integer :: refused

        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call criteria_of(criteria, outcome, nomvar, typvar, grtyp, etiket, dateo, datev, &
            data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, ig1, ig2, &
            ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors)
        call stack_of(self, criteria, records, levels, extents, outcome, kind)
        if (outcome%status == FST_OK .and. slab%given) then
            call stack_slab(self, records(1), slab, extents, outcome)
        end if
        if (outcome%status == FST_OK) then
            allocate(array(extents(1), extents(2), extents(3)), stat=refused)
            if (refused /= 0) outcome = stack_no_memory(extents)
        end if
        if (outcome%status == FST_OK) then
            call file_read_many_real32_2(self, records, array, stat, errmsg, start=slab%start, &
                count=slab%count, progress=progress)
        else
            call conclude(outcome, stat, errmsg)
        end if
        if (.not. present(stat)) return
        if (stat == FST_OK) return
        if (allocated(array)) deallocate(array)
        if (allocated(levels)) deallocate(levels)
    end subroutine file_read_levels_real32

    subroutine file_read_levels_real64(self, array, levels, nomvar, typvar, grtyp, etiket, &
            dateo, datev, data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, &
            ig1, ig2, ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors, &
            kind, stat, errmsg, start, count, progress)
        class(fst_file_t), intent(in) :: self
        real(real64), allocatable, intent(out) :: array(:, :, :)
        real(real32), allocatable, intent(out) :: levels(:)
        character(len=*), intent(in), optional :: nomvar, typvar, grtyp, etiket
        integer, intent(in), optional :: dateo, datev, data_type, data_bits, pack_bits
        integer, intent(in), optional :: ni, nj, nk, deet, npas
        integer, intent(in), optional :: ip1, ip2, ip3, ig1, ig2, ig3, ig4
        logical, intent(in), optional :: ip1_all, ip2_all, ip3_all
        logical, intent(in), optional :: stamp_norun, skip_grid_descriptors
        integer, intent(inout), optional :: kind
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        type(fst_criteria_t) :: criteria
        type(slab_t) :: slab
        type(outcome_t) :: outcome
        integer, allocatable :: records(:)
        integer(int64) :: extents(3)
        integer :: refused

        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call criteria_of(criteria, outcome, nomvar, typvar, grtyp, etiket, dateo, datev, &
            data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, ig1, ig2, &
            ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors)
        call stack_of(self, criteria, records, levels, extents, outcome, kind)
        if (outcome%status == FST_OK .and. slab%given) then
            call stack_slab(self, records(1), slab, extents, outcome)
        end if
        if (outcome%status == FST_OK) then
            allocate(array(extents(1), extents(2), extents(3)), stat=refused)
            if (refused /= 0) outcome = stack_no_memory(extents)
        end if
        if (outcome%status == FST_OK) then
            call file_read_many_real64_2(self, records, array, stat, errmsg, start=slab%start, &
                count=slab%count, progress=progress)
        else
            call conclude(outcome, stat, errmsg)
        end if
        if (.not. present(stat)) return
        if (stat == FST_OK) return
        if (allocated(array)) deallocate(array)
        if (allocated(levels)) deallocate(levels)
    end subroutine file_read_levels_real64

    subroutine file_read_levels_int8(self, array, levels, nomvar, typvar, grtyp, etiket, &
            dateo, datev, data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, &
            ig1, ig2, ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors, &
            kind, stat, errmsg, start, count, progress)
        class(fst_file_t), intent(in) :: self
        integer(int8), allocatable, intent(out) :: array(:, :, :)
        real(real32), allocatable, intent(out) :: levels(:)
        character(len=*), intent(in), optional :: nomvar, typvar, grtyp, etiket
        integer, intent(in), optional :: dateo, datev, data_type, data_bits, pack_bits
        integer, intent(in), optional :: ni, nj, nk, deet, npas
        integer, intent(in), optional :: ip1, ip2, ip3, ig1, ig2, ig3, ig4
        logical, intent(in), optional :: ip1_all, ip2_all, ip3_all
        logical, intent(in), optional :: stamp_norun, skip_grid_descriptors
        integer, intent(inout), optional :: kind
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        type(fst_criteria_t) :: criteria
        type(slab_t) :: slab
        type(outcome_t) :: outcome
        integer, allocatable :: records(:)
        integer(int64) :: extents(3)
        integer :: refused

        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call criteria_of(criteria, outcome, nomvar, typvar, grtyp, etiket, dateo, datev, &
            data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, ig1, ig2, &
            ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors)
        call stack_of(self, criteria, records, levels, extents, outcome, kind)
        if (outcome%status == FST_OK .and. slab%given) then
            call stack_slab(self, records(1), slab, extents, outcome)
        end if
        if (outcome%status == FST_OK) then
            allocate(array(extents(1), extents(2), extents(3)), stat=refused)
            if (refused /= 0) outcome = stack_no_memory(extents)
        end if
        if (outcome%status == FST_OK) then
            call file_read_many_int8_2(self, records, array, stat, errmsg, start=slab%start, &
                count=slab%count, progress=progress)
        else
            call conclude(outcome, stat, errmsg)
        end if
        if (.not. present(stat)) return
        if (stat == FST_OK) return
        if (allocated(array)) deallocate(array)
        if (allocated(levels)) deallocate(levels)
    end subroutine file_read_levels_int8

    subroutine file_read_levels_int16(self, array, levels, nomvar, typvar, grtyp, etiket, &
            dateo, datev, data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, &
            ig1, ig2, ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors, &
            kind, stat, errmsg, start, count, progress)
        class(fst_file_t), intent(in) :: self
        integer(int16), allocatable, intent(out) :: array(:, :, :)
        real(real32), allocatable, intent(out) :: levels(:)
        character(len=*), intent(in), optional :: nomvar, typvar, grtyp, etiket
        integer, intent(in), optional :: dateo, datev, data_type, data_bits, pack_bits
        integer, intent(in), optional :: ni, nj, nk, deet, npas
        integer, intent(in), optional :: ip1, ip2, ip3, ig1, ig2, ig3, ig4
        logical, intent(in), optional :: ip1_all, ip2_all, ip3_all
        logical, intent(in), optional :: stamp_norun, skip_grid_descriptors
        integer, intent(inout), optional :: kind
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        type(fst_criteria_t) :: criteria
        type(slab_t) :: slab
        type(outcome_t) :: outcome
        integer, allocatable :: records(:)
        integer(int64) :: extents(3)
        integer :: refused

        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call criteria_of(criteria, outcome, nomvar, typvar, grtyp, etiket, dateo, datev, &
            data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, ig1, ig2, &
            ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors)
        call stack_of(self, criteria, records, levels, extents, outcome, kind)
        if (outcome%status == FST_OK .and. slab%given) then
            call stack_slab(self, records(1), slab, extents, outcome)
        end if
        if (outcome%status == FST_OK) then
            allocate(array(extents(1), extents(2), extents(3)), stat=refused)
            if (refused /= 0) outcome = stack_no_memory(extents)
        end if
        if (outcome%status == FST_OK) then
            call file_read_many_int16_2(self, records, array, stat, errmsg, start=slab%start, &
                count=slab%count, progress=progress)
        else
            call conclude(outcome, stat, errmsg)
        end if
        if (.not. present(stat)) return
        if (stat == FST_OK) return
        if (allocated(array)) deallocate(array)
        if (allocated(levels)) deallocate(levels)
    end subroutine file_read_levels_int16

    subroutine file_read_levels_int32(self, array, levels, nomvar, typvar, grtyp, etiket, &
            dateo, datev, data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, &
            ig1, ig2, ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors, &
            kind, stat, errmsg, start, count, progress)
        class(fst_file_t), intent(in) :: self
        integer(int32), allocatable, intent(out) :: array(:, :, :)
        real(real32), allocatable, intent(out) :: levels(:)
        character(len=*), intent(in), optional :: nomvar, typvar, grtyp, etiket
        integer, intent(in), optional :: dateo, datev, data_type, data_bits, pack_bits
        integer, intent(in), optional :: ni, nj, nk, deet, npas
        integer, intent(in), optional :: ip1, ip2, ip3, ig1, ig2, ig3, ig4
        logical, intent(in), optional :: ip1_all, ip2_all, ip3_all
        logical, intent(in), optional :: stamp_norun, skip_grid_descriptors
        integer, intent(inout), optional :: kind
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        type(fst_criteria_t) :: criteria
        type(slab_t) :: slab
        type(outcome_t) :: outcome
        integer, allocatable :: records(:)
        integer(int64) :: extents(3)
        integer :: refused

        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call criteria_of(criteria, outcome, nomvar, typvar, grtyp, etiket, dateo, datev, &
            data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, ig1, ig2, &
            ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors)
        call stack_of(self, criteria, records, levels, extents, outcome, kind)
        if (outcome%status == FST_OK .and. slab%given) then
            call stack_slab(self, records(1), slab, extents, outcome)
        end if
        if (outcome%status == FST_OK) then
            allocate(array(extents(1), extents(2), extents(3)), stat=refused)
            if (refused /= 0) outcome = stack_no_memory(extents)
        end if
        if (outcome%status == FST_OK) then
            call file_read_many_int32_2(self, records, array, stat, errmsg, start=slab%start, &
                count=slab%count, progress=progress)
        else
            call conclude(outcome, stat, errmsg)
        end if
        if (.not. present(stat)) return
        if (stat == FST_OK) return
        if (allocated(array)) deallocate(array)
        if (allocated(levels)) deallocate(levels)
    end subroutine file_read_levels_int32

    subroutine file_read_levels_int64(self, array, levels, nomvar, typvar, grtyp, etiket, &
            dateo, datev, data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, &
            ig1, ig2, ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors, &
            kind, stat, errmsg, start, count, progress)
        class(fst_file_t), intent(in) :: self
        integer(int64), allocatable, intent(out) :: array(:, :, :)
        real(real32), allocatable, intent(out) :: levels(:)
        character(len=*), intent(in), optional :: nomvar, typvar, grtyp, etiket
        integer, intent(in), optional :: dateo, datev, data_type, data_bits, pack_bits
        integer, intent(in), optional :: ni, nj, nk, deet, npas
        integer, intent(in), optional :: ip1, ip2, ip3, ig1, ig2, ig3, ig4
        logical, intent(in), optional :: ip1_all, ip2_all, ip3_all
        logical, intent(in), optional :: stamp_norun, skip_grid_descriptors
        integer, intent(inout), optional :: kind
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        type(fst_criteria_t) :: criteria
        type(slab_t) :: slab
        type(outcome_t) :: outcome
        integer, allocatable :: records(:)
        integer(int64) :: extents(3)
        integer :: refused

        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call criteria_of(criteria, outcome, nomvar, typvar, grtyp, etiket, dateo, datev, &
            data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, ig1, ig2, &
            ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors)
        call stack_of(self, criteria, records, levels, extents, outcome, kind)
        if (outcome%status == FST_OK .and. slab%given) then
            call stack_slab(self, records(1), slab, extents, outcome)
        end if
        if (outcome%status == FST_OK) then
            allocate(array(extents(1), extents(2), extents(3)), stat=refused)
            if (refused /= 0) outcome = stack_no_memory(extents)
        end if
        if (outcome%status == FST_OK) then
            call file_read_many_int64_2(self, records, array, stat, errmsg, start=slab%start, &
                count=slab%count, progress=progress)
        else
            call conclude(outcome, stat, errmsg)
        end if
        if (.not. present(stat)) return
        if (stat == FST_OK) return
        if (allocated(array)) deallocate(array)
        if (allocated(levels)) deallocate(levels)
    end subroutine file_read_levels_int64
    ! <<< generated

end module fstview
