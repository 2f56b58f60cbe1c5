! SPDX-License-Identifier: MIT OR Apache-2.0
!> What users do wrong: each mistake has its status and a message that names what is wrong.
program mistakes
    use, intrinsic :: iso_fortran_env, only: int8, int32, int64, real32, real64
    use checks
    use fstview
    implicit none (type, external)

    type(fst_file_t) :: file

    call file%open(argument(1) // '/model.rsf')
    call wrong_files()
    call wrong_records()
    call wrong_pointers()
    call wrong_arrays()
    call wrong_slabs()
    call closed_files()
    call short_messages()
    call file%close()
    call conclude()

contains

    subroutine wrong_files()
        type(fst_file_t) :: other
        character(len=200) :: errmsg
        character(len=200) :: paths(2)
        type(fst_problem_t), allocatable :: problems(:)
        integer :: stat

        call other%open('/nowhere/at all', stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_NOT_FOUND, '/nowhere/at all', 'a missing file')
        call check(.not. other%is_open(), 'a missing file is not open')
        call other%open(argument(1) // '/model.rsf' // char(0) // 'more', stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'NUL', 'a NUL in a path')
        call other%open(argument(1) // '/README.md', stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_NOT_FST, 'README.md', 'not a standard file')
        call other%open('', stat, errmsg)
        call check(stat < 0, 'an empty path')
        paths(1) = argument(1) // '/model.rsf'
        paths(2) = '/nowhere/either'
        call other%open(paths, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_NOT_FOUND, '/nowhere/either', 'one is missing')
        call other%open(paths, skip_unreadable=.true.)
        call check(other%record_count() > 0, 'the missing one is left out')
        call other%get_problems(problems)
        call check(size(problems) == 1, 'one problem')
        call check(problems(1)%status == FST_ERR_NOT_FOUND .and. problems(1)%file_number == 2 &
            .and. problems(1)%record == 0 .and. problems(1)%offset == -1, 'the missing file')
        call check(index(problems(1)%message, '/nowhere/either') > 0, 'its path')
        call other%open(paths(1))
        call other%get_problems(problems)
        call check(size(problems) == 0, 'no problem')
        call other%close()
        call other%get_problems(problems, stat, errmsg)
        call check(stat == FST_ERR_INVALID_HANDLE, 'problems of a closed file')
        call other%open(paths(1), stat, errmsg, access=17)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, '17', 'an unknown access')
        call other%open(paths(1), stat, errmsg, cache_bytes=-1_int64)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'negative', 'negative bytes')
        call other%open(argument(1) // '/unclosed.fst', stat, errmsg, strict=.true.)
        call check(stat < 0, 'an unclosed file, strictly')
        call other%open(paths(1), stat, errmsg, max_array_bytes=1000_int64)
        call check(stat == 0, 'a limit')
        block
            type(fst_view_t) :: view

            call other%view(4, view, stat, errmsg)
            call check_failure(stat, errmsg, FST_ERR_LIMIT, '1000', 'over the limit')
        end block
        ! What was open is closed by a failed open, too.
        call other%open('/nowhere', stat)
        call check(.not. other%is_open(), 'closed by a failed open')
    end subroutine wrong_files

    subroutine wrong_records()
        type(fst_view_t) :: view
        type(fst_record_t) :: info
        real(real32) :: own(1)
        character(len=200) :: errmsg
        character(len=:), allocatable :: name, text
        integer, parameter :: numbers(4) = [0, -1, -huge(0), 195]
        integer :: i, stat

        do i = 1, size(numbers)
            name = 'record ' // number(int(numbers(i), int64))
            call file%view(numbers(i), view, stat, errmsg)
            call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, name, 'view')
            info%nomvar = 'same'
            call file%get_info(numbers(i), info, stat, errmsg)
            call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, name, 'info')
            call check(info%nomvar == 'same', 'info is left alone')
            call file%read(numbers(i), own, stat, errmsg)
            call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, name, 'read')
            text = file%metadata(numbers(i), stat, errmsg)
            call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, name, 'metadata')
            call check(len(text) == 0, 'no metadata')
        end do
    end subroutine wrong_records

    subroutine wrong_pointers()
        type(fst_view_t) :: view
        real(real32), pointer :: matrix(:, :)
        real(real64), pointer :: wide(:, :)
        integer(int32), pointer :: whole(:)
        complex(real32), pointer :: plane(:)
        character(len=1), pointer :: letters(:)
        integer(int8), target :: here(1)
        integer(int8), pointer :: bytes(:)
        character(len=200) :: errmsg
        integer :: stat
        integer(int64) :: extents(3)

        call view%get(matrix, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'no view', 'get of nothing')
        extents = view%shape(stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'no view', 'shape of nothing')
        call check(all(extents == 0), 'shape of nothing')
        call view%retain(stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'no view', 'retain of nothing')

        call file%view(4, view)
        call view%get(wide, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_TYPE_MISMATCH, &
            'record 4: the pointer is real(real64), the array real(real32)', 'real64')
        call check(.not. associated(wide), 'real64')
        call view%get(whole, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_TYPE_MISMATCH, 'integer(int32)', 'int32')
        call view%get(plane, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_TYPE_MISMATCH, 'complex(real32)', 'complex')
        call view%get(letters, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_TYPE_MISMATCH, 'character(len=1)', 'character')
        bytes => here
        call view%get(bytes, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_TYPE_MISMATCH, 'integer(int8)', 'int8')
        call check(.not. associated(bytes), 'a pointer is nullified by a failure')

        call file%view(194, view)
        call view%get(matrix, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, &
            'record 194: the pointer has rank 2, the array 120x80x4 has rank 3', 'rank 2')
        call check(.not. associated(matrix), 'rank 2')
        call file%view(4, view, stat, errmsg, dtype=FST_DTYPE_I32)
        call check_failure(stat, errmsg, FST_ERR_TYPE_MISMATCH, 'I32', 'a view as integers')
        call file%view(4, view, stat, errmsg, dtype=99)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, '99', 'a type that is none')
    end subroutine wrong_pointers

    subroutine wrong_arrays()
        real(real32) :: small(119, 80), turned(80, 120), right(120, 80)
        integer(int32) :: whole(120, 80)
        character(len=200) :: errmsg
        integer :: stat

        small = 7
        call file%read(4, small, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, &
            'record 4: the array is 119x80, the record 120x80x1', 'a smaller array')
        call check(all(abs(small - 7) <= 0), 'nothing was written')
        call file%read(4, turned, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, '80x120', 'a turned array')
        call file%read(4, whole, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_TYPE_MISMATCH, 'record 4 counted from 1', 'int32')
        call file%read(194, right, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, '120x80x4', 'a level too few')
    end subroutine wrong_arrays

    subroutine wrong_slabs()
        type(fst_view_t) :: view
        character(len=200) :: errmsg
        integer :: stat

        call file%view(194, view, stat, errmsg, start=[0])
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, 'from 0 along axis 1', 'from 0')
        call file%view(194, view, stat, errmsg, start=[1, 81])
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, 'axis 2, which has 80', 'behind')
        call file%view(194, view, stat, errmsg, start=[1, 1, 3], count=[0, 0, 3])
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, '3 elements from 3', 'too many')
        call file%view(194, view, stat, errmsg, count=[-1])
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, '-1 elements', 'negative')
        call file%view(194, view, stat, errmsg, count=[1, 1, 1, 1])
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'at most 3', 'four axes')
    end subroutine wrong_slabs

    subroutine closed_files()
        type(fst_file_t) :: never, closed
        type(fst_view_t) :: view
        type(fst_record_t) :: info
        real(real32) :: own(1)
        integer, allocatable :: records(:)
        integer(int64) :: live
        character(len=200) :: errmsg
        integer :: first, stat

        call closed%open(argument(1) // '/model.rsf')
        call closed%close(stat, errmsg)
        call check(stat == 0, 'close')
        call closed%close(stat, errmsg)
        call check(stat == 0, 'close twice')
        call never%close(stat)
        call check(stat == 0, 'close of what was never open')
        call never%view(1, view, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'no file is open', 'view')
        call never%get_info(1, info, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'no file is open', 'info')
        call closed%read(1, own, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'no file is open', 'read')
        records = closed%find(nomvar='TT', stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'no file is open', 'find')
        call check(size(records) == 0, 'nothing found')
        first = closed%find_first(nomvar='TT', stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'no file is open', 'find_first')
        call check(first == 0, 'no first one')
        call closed%stats(live_views=live, stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'no file is open', 'stats')
        call check(live == 0, 'no statistics')
        first = closed%record_count(stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'no file is open', 'count')
    end subroutine closed_files

    !> `errmsg` is cut or padded, as in Fortran's own statements, and left alone by success.
    subroutine short_messages()
        type(fst_view_t) :: view
        character(len=12) :: short
        character(len=400) :: long
        integer :: stat

        short = repeat('x', 12)
        call file%view(0, view, stat, short)
        call check(short == 'out of range', 'a short message')
        long = repeat('x', 400)
        call file%view(0, view, stat, long)
        call check(long(300:) == '', 'a padded message')
        long = 'as before'
        call file%view(1, view, stat, long)
        call check(stat == 0 .and. long == 'as before', 'success leaves the message alone')
        call file%view(0, view, stat)
        call check(stat == FST_ERR_OUT_OF_RANGE, 'stat alone')
    end subroutine short_messages

end program mistakes
