#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Writes the specific procedures of `view%get` and `file%read`, `read_many`, `read_levels` into fstview.f90.

Fortran has generic names but no templates: one procedure is needed for each type, kind and rank. They are
written here once, and put between the lines

    ! >>> generated: NAME
    ! <<< generated

of fstview.f90, which is committed with them so that users compile one plain file.

    generate.py             brings fstview.f90 up to date
    generate.py --check     changes nothing; fails when it is not up to date
"""

import re
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().with_name("fstview.f90")

# Name in procedure names, declaration, element type of the library.
TYPES = [
    ("real32", "real(real32)", "FST_DTYPE_F32"),
    ("real64", "real(real64)", "FST_DTYPE_F64"),
    ("int8", "integer(int8)", "FST_DTYPE_I8"),
    ("int16", "integer(int16)", "FST_DTYPE_I16"),
    ("int32", "integer(int32)", "FST_DTYPE_I32"),
    ("int64", "integer(int64)", "FST_DTYPE_I64"),
    ("complex32", "complex(real32)", "FST_DTYPE_C64"),
    ("complex64", "complex(real64)", "FST_DTYPE_C128"),
    ("character", "character(len=1)", "FST_DTYPE_CHAR"),
]
# Those that levels may have.
NUMBERS = TYPES[:6]
RANKS = (1, 2, 3)
COLUMNS = 100

# The section of the enclosing array that a pointer of each rank is associated with.
SECTIONS = {
    1: "::place%step",
    2: ":place%extents(1), :place%extents(2)",
    3: ":place%extents(1), :place%extents(2), :place%extents(3)",
}

GET = """
    subroutine view_get_{name}_{rank}(self, ptr, stat, errmsg)
        class(fst_view_t), intent(in) :: self
        {type}, pointer, intent(out) :: ptr({colons})
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        {type}, pointer :: box({colons})
        type(placement_t) :: place

        nullify(ptr)
        call place_pointer(self, {dtype}, {rank}, place, stat, errmsg)
        if (.not. place%found) return
        call c_f_pointer(place%data, box, place%box(:{rank}))
        ptr => box({section})
    end subroutine view_get_{name}_{rank}
"""

# `c_loc` is not used as an argument: of characters, gfortran passes a length with it that belongs to nothing.
# `negative` is computed for integers only: other types have no unsigned counterpart.
READ = """
    subroutine file_read_{name}_{rank}(self, record, array, stat, errmsg, start, count)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: record
        {type}, intent(inout), target :: array({colons})
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(in), optional :: start(:), count(:)
        {type}, allocatable, target :: own({colons})
        type(slab_t) :: slab
        type(reading_t) :: reading
        type(c_ptr) :: place
        logical :: negative
        integer :: refused

        negative = .false.
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call read_begin(self, record, {dtype}, shape(array, int64), slab, reading)
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
{check}        end if
        call read_end(reading, negative, stat, errmsg)
    end subroutine file_read_{name}_{rank}
"""

CHECK = """\
            if (reading%unsigned .and. reading%outcome%status == FST_OK) negative = any(array < 0)
"""

READ_MANY = """
    subroutine file_read_many_{name}_{rank}(self, records, array, stat, errmsg, stats, start, &
            count, progress)
        class(fst_file_t), intent(in) :: self
        integer, intent(in) :: records(:)
        {type}, intent(inout), target :: array({more_colons})
        integer, intent(out), optional :: stat
        character(len=*), intent(inout), optional :: errmsg
        integer, intent(out), optional :: stats(:)
        integer, intent(in), optional :: start(:), count(:)
        procedure(fst_progress), optional :: progress
        {type}, allocatable, target :: own({more_colons})
        type(slab_t) :: slab
        type(batch_t) :: batch
        type(c_ptr) :: place
        integer :: i, refused

        if (present(stats)) batch%slots = size(stats)
        if (present(progress)) batch%teller%tell => progress
        if (present(start)) call slab_from(slab, start)
        if (present(count)) call slab_of(slab, count)
        call batch_begin(self, records, {dtype}, shape(array, int64), slab, batch)
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
                        if (batch%done(i)) array({one}) = own({one})
                    end do
                end if
            end if
{check_one}        end if
        if (present(stats)) call batch_tell(batch, stats)
        call conclude(batch%outcome, stat, errmsg)
    end subroutine file_read_many_{name}_{rank}
"""

CHECK_ONE = """\
            do i = 1, size(records)
                if (.not. batch%unsigned(i)) cycle
                if (any(array({one}) < 0)) call batch_unfit(batch, i)
            end do
"""

READ_LEVELS = """
    subroutine file_read_levels_{name}(self, array, levels, nomvar, typvar, grtyp, etiket, &
            dateo, datev, data_type, data_bits, pack_bits, ni, nj, nk, deet, npas, ip1, ip2, ip3, &
            ig1, ig2, ig3, ig4, ip1_all, ip2_all, ip3_all, stamp_norun, skip_grid_descriptors, &
            kind, stat, errmsg, start, count, progress)
        class(fst_file_t), intent(in) :: self
        {type}, allocatable, intent(out) :: array(:, :, :)
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
            call file_read_many_{name}_2(self, records, array, stat, errmsg, start=slab%start, &
                count=slab%count, progress=progress)
        else
            call conclude(outcome, stat, errmsg)
        end if
        if (.not. present(stat)) return
        if (stat == FST_OK) return
        if (allocated(array)) deallocate(array)
        if (allocated(levels)) deallocate(levels)
    end subroutine file_read_levels_{name}
"""

GET_COMMENT = """
    !> Associates a pointer with the array of a view: no byte is moved.
    !>
    !> The pointer must be of the array's type and kind (or the signed integer of the width of an
    !> unsigned one: it shows the bits as they are). Rank 3 is always right, rank 2 when the third
    !> extent is 1; rank 1 gives all elements, when they are evenly spaced in memory. Lower bounds
    !> are 1. After a failure the pointer is null.
"""

READ_COMMENT = """
    !> Reads a record, or a slab of it, into the caller's array, decoding straight into it. (An
    !> array that is not contiguous is filled through a temporary of its size.)
    !>
    !> The shape must be the record's: its three extents; the first two where the third is 1; for
    !> rank 1, the number of elements. The type may be the record's own, or one that holds all of
    !> its values. Unsigned integers may also be read into signed ones of the same width: a value
    !> that does not fit is `FST_ERR_TYPE_MISMATCH`. After a failure the contents are unspecified,
    !> and after `FST_ERR_SHAPE_MISMATCH` unchanged. `start` and `count` are those of `view`.
"""

READ_MANY_COMMENT = """
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
"""

READ_LEVELS_COMMENT = """
    !> Reads the levels of a variable at one moment into one array, allocated as (ni, nj, levels).
    !>
    !> `levels` receives the values of `ip1`, decoded, ascending, and `kind` their kind
    !> (`FST_KIND_...`). The keywords are those of `find` that name single attributes. All matches
    !> must have the same name, date of validity, grid and shape, levels of one kind, and no two the
    !> same level; when nothing matches, that is `FST_ERR_NOT_FOUND`. Types are those of `read`,
    !> `start`, `count` and `progress` those of `read_many`: the same slab of each level, allocated
    !> with its extents. After a failure neither array is allocated.
"""


def procedures(template, types=TYPES, ranks=RANKS):
    """The specific procedures, one for each type and rank."""
    return "".join(
        template.format(
            name=name,
            type=declaration,
            dtype=dtype,
            rank=rank,
            colons=", ".join(":" * rank),
            section=SECTIONS[rank],
            check=CHECK if name.startswith("int") else "",
            more_colons=", ".join(":" * (rank + 1)),
            one=", ".join(":" * rank) + ", i",
            check_one=CHECK_ONE.format(one=", ".join(":" * rank) + ", i") if name.startswith("int") else "",
        )
        for name, declaration, dtype in types
        for rank in ranks
    )


def bindings(noun, verb, types=TYPES, ranks=RANKS):
    """The type-bound procedures, and the generic name for them."""
    endings = [f"_{rank}" for rank in ranks] if len(ranks) > 1 else [""]
    names = [f"{noun}_{verb}_{name}{ending}" for name, _, _ in types for ending in endings]
    lines = [f"        procedure, private :: {name}\n" for name in names]
    generic = f"        generic :: {verb} => "
    for i in range(0, len(names), len(ranks)):
        one = names[i : i + len(ranks)]
        line = generic + ", ".join(one)
        if len(line) > COLUMNS:
            line = generic + ", ".join(one[:-1]) + f", &\n            {one[-1]}"
        lines.append(line + "\n")
    return "".join(lines)


PARTS = {
    "specifics of get": bindings("view", "get"),
    "specifics of read": bindings("file", "read"),
    "specifics of read_many": bindings("file", "read_many"),
    "specifics of read_levels": bindings("file", "read_levels", NUMBERS, (2,)),
    "get": GET_COMMENT.removeprefix("\n") + procedures(GET).removeprefix("\n"),
    "read": READ_COMMENT.removeprefix("\n") + procedures(READ).removeprefix("\n"),
    "read_many": READ_MANY_COMMENT.removeprefix("\n") + procedures(READ_MANY).removeprefix("\n"),
    "read_levels": READ_LEVELS_COMMENT.removeprefix("\n")
    + procedures(READ_LEVELS, NUMBERS, (2,)).removeprefix("\n"),
}


def generate(text):
    """The source with every generated part written anew."""
    for name, part in PARTS.items():
        pattern = re.compile(
            rf"(^ *! >>> generated: {name}\n).*?(^ *! <<< generated\n)", re.DOTALL | re.MULTILINE
        )
        text, count = pattern.subn(lambda match: match[1] + part + match[2], text)
        if count != 1:
            sys.exit(f"{SOURCE.name}: {count} parts named '{name}', expected 1")
    return text


def main():
    old = SOURCE.read_text()
    new = generate(old)
    if sys.argv[1:] == ["--check"]:
        if new != old:
            sys.exit(f"{SOURCE.name} is not what {Path(__file__).name} writes: run `make fortran-source`")
    elif sys.argv[1:]:
        sys.exit(__doc__)
    elif new != old:
        SOURCE.write_text(new)


if __name__ == "__main__":
    main()
