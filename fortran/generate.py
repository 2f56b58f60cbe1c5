#!/usr/bin/env python3
"""Writes the specific procedures of `view%get` and `file%read` into fstview.f90.

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
RANKS = (1, 2, 3)

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
        type(reading_t) :: reading
        logical :: negative
        integer :: refused

        negative = .false.
        call read_begin(self, record, {dtype}, shape(array, int64), reading, start, count)
        if (reading%wanted) then
            if (is_contiguous(array)) then
                call read_fill(reading, c_loc(array))
            else
                allocate(own, mold=array, stat=refused)
                if (refused /= 0) then
                    call read_no_memory(reading)
                else
                    call read_fill(reading, c_loc(own))
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


def procedures(template):
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
        )
        for name, declaration, dtype in TYPES
        for rank in RANKS
    )


def bindings(noun, verb):
    """The type-bound procedures, and the generic name for them."""
    names = [f"{noun}_{verb}_{name}_{rank}" for name, _, _ in TYPES for rank in RANKS]
    lines = [f"        procedure, private :: {name}\n" for name in names]
    lists = [", ".join(names[i : i + len(RANKS)]) for i in range(0, len(names), len(RANKS))]
    lines += [f"        generic :: {verb} => {one}\n" for one in lists]
    return "".join(lines)


PARTS = {
    "specifics of get": bindings("view", "get"),
    "specifics of read": bindings("file", "read"),
    "get": GET_COMMENT.removeprefix("\n") + procedures(GET).removeprefix("\n"),
    "read": READ_COMMENT.removeprefix("\n") + procedures(READ).removeprefix("\n"),
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
