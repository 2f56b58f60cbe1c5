! SPDX-License-Identifier: MIT OR Apache-2.0
!> Several records at once: into one array, as views, as the levels of a variable.
program batches
    use, intrinsic :: iso_fortran_env, only: int8, int16, int32, int64, real32, real64
    use checks
    use fstview
    implicit none (type, external)

    integer, parameter :: cube = 194, ni = 120, nj = 80
    type(fst_file_t) :: file

    call file%open(argument(1) // '/model.rsf')
    call equal_to_single_reads()
    call sections()
    call one_bad_record()
    call wrong_shapes()
    call views_at_once()
    call wrong_views()
    call levels()
    call wrong_levels()
    call check_equal(live_views(file), 0_int64, 'live views')
    call file%close()
    call closed_files()
    call other_types()
    call conclude()

contains

    subroutine equal_to_single_reads()
        integer, allocatable :: records(:)
        real(real32), allocatable :: stack(:, :, :), cubes(:, :, :, :), lines(:, :)
        real(real64), allocatable :: wide(:, :, :)
        real(real32) :: one(ni, nj), whole(ni, nj, 4)
        real(real64) :: double(ni, nj)
        integer, allocatable :: stats(:)
        character(len=200) :: errmsg
        integer :: i, stat

        records = file%find(nomvar='TT')
        records = [records, file%find(nomvar='PR'), file%find(nomvar='NT'), records(1)]
        allocate(stack(ni, nj, size(records)), stats(size(records)))
        errmsg = 'untouched'
        stats = 7
        call file%read_many(records, stack, stat, errmsg, stats)
        call check(stat == 0 .and. errmsg == 'untouched' .and. all(stats == 0), 'a batch')
        do i = 1, size(records)
            call file%read(records(i), one)
            call check(all(abs(stack(:, :, i) - one) <= 0), 'record ' // number(int(i, int64)))
        end do

        allocate(lines(ni * nj, size(records)))
        call file%read_many(records, lines)
        call check(all(abs(lines - reshape(stack, shape(lines))) <= 0), 'as lines')
        allocate(wide(ni, nj, size(records)))
        call file%read_many(records, wide)
        call check(all(abs(wide - stack) <= 0), 'into wider numbers')
        records = file%find(nomvar='2Z')
        call file%read_many(records, wide(:, :, :size(records)))
        do i = 1, size(records)
            call file%read(records(i), double)
            call check(all(abs(wide(:, :, i) - double) <= 0), 'wide records')
        end do

        allocate(cubes(ni, nj, 4, 3))
        call file%read_many([cube, cube, cube], cubes)
        call file%read(cube, whole)
        do i = 1, 3
            call check(all(abs(cubes(:, :, :, i) - whole) <= 0), 'cubes')
        end do
        call file%read_many(records(:0), stack(:, :, :0), stat)
        call check(stat == 0, 'no records')
    end subroutine equal_to_single_reads

    !> Arrays that are not contiguous: what is between the elements stays.
    subroutine sections()
        real(real32) :: stack(ni, nj, 3), wide(2 * ni, nj, 5)
        integer, parameter :: records(3) = [4, 5, 6]

        call file%read_many(records, stack)
        wide = -7
        call file%read_many(records, wide(::2, :, ::2))
        call check(all(abs(wide(::2, :, ::2) - stack) <= 0), 'a section')
        call check(all(abs(wide(2::2, :, :) + 7) <= 0), 'between the columns')
        call check(all(abs(wide(:, :, 2::2) + 7) <= 0), 'between the records')
        call file%read_many(records, stack(:, :, 3:1:-1))
        call check(all(abs(wide(::2, :, ::2) - stack(:, :, 3:1:-1)) <= 0), 'backwards')
    end subroutine sections

    subroutine one_bad_record()
        real(real32) :: stack(ni, nj, 6), one(ni, nj)
        integer :: stats(6), stat
        character(len=200) :: errmsg
        integer, allocatable :: records(:)

        records = [4, 195, cube, 0, file%find_first(nomvar='2Z'), 5]
        stack = -7
        call file%read_many(records, stack, stat, errmsg, stats)
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, '(record 195 counted from 1)', &
            'the first failure')
        call check(all(stats == [FST_OK, FST_ERR_OUT_OF_RANGE, FST_ERR_SHAPE_MISMATCH, &
            FST_ERR_OUT_OF_RANGE, FST_ERR_TYPE_MISMATCH, FST_OK]), 'the status of each')
        call file%read(4, one)
        call check(all(abs(stack(:, :, 1) - one) <= 0), 'the first one is read')
        call file%read(5, one)
        call check(all(abs(stack(:, :, 6) - one) <= 0), 'the last one is read')
        call check(all(abs(stack(:, :, 2:4) + 7) <= 0), 'the others are left alone')
        call file%read_many(records(5:), stack(:, :, 5:), stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_TYPE_MISMATCH, 'record ' &
            // number(int(records(5), int64)) // ' counted from 1', 'a wider type')
        call file%read_many(records(3:3), stack(:, :, :1), stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, &
            'record 194: the array is 120x80, the record 120x80x4', 'too many levels')
        call file%read_many(records(4:4), stack(:, :, :1), stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, 'record 0: records are numbered', &
            'record 0')
    end subroutine one_bad_record

    subroutine wrong_shapes()
        real(real32) :: stack(ni, nj, 3), turned(nj, ni, 2), wide(2 * ni, nj, 3)
        integer(int32) :: whole(ni, nj, 2)
        integer :: stats(3), few(1), stat
        character(len=200) :: errmsg

        stack = -7
        call file%read_many([4, 5], stack, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, &
            '120x80x3: its last axis counts records, and 2 are to be read', 'too large')
        call file%read_many([4, 5, 6, 7], wide(::2, :, :), stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, 'and 4 are to be read', 'few')
        call file%read_many([4, 5], turned, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, 'is 80x120, the record', &
            'turned')
        call file%read_many([4, 5], whole, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_TYPE_MISMATCH, 'record 4 counted', 'integers')
        stats = 7
        call file%read_many([4, 5], stack(:, :, :2), stat, errmsg, stats)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, &
            'stats has 3 elements for 2 records', 'too many statuses')
        call check(all(stats == FST_ERR_INVALID_ARGUMENT), 'too many statuses')
        call file%read_many([4, 5], stack(:, :, :2), stat, errmsg, few)
        call check(all(few == FST_ERR_INVALID_ARGUMENT), 'too few statuses')
        call check(all(abs(stack + 7) <= 0), 'nothing was read')
    end subroutine wrong_shapes

    subroutine views_at_once()
        type(fst_view_t) :: views(3), others(2)
        real(real32), pointer :: values(:, :)
        real(real64), pointer :: wide(:, :)
        real(real32) :: one(ni, nj)
        integer :: i, stat, stats(3)
        character(len=200) :: errmsg

        call file%view(1, views(2))
        errmsg = 'untouched'
        call file%view_many([4, 5, 4], views, stat, errmsg, stats)
        call check(stat == 0 .and. errmsg == 'untouched' .and. all(stats == 0), 'views at once')
        call check_equal(live_views(file), 3_int64, 'what was held before is given back')
        do i = 1, 3
            call views(i)%get(values)
            call file%read(merge(5, 4, i == 2), one)
            call check(all(abs(values - one) <= 0), 'values of view ' // number(int(i, int64)))
        end do
        call views(1)%release()
        call check_equal(live_views(file), 2_int64, 'each is given back by itself')
        call file%view_many([7, 8], views(1:3:2), writable=.true., prefetch=.true.)
        call check_equal(live_views(file), 3_int64, 'into a section')
        call views(3)%get(values)
        call file%read(8, one)
        call check(all(abs(values - one) <= 0), 'values of a section')
        call check(views(3)%is_writable(), 'writable')
        call check(.not. views(2)%is_writable(), 'not writable')
        values = 0
        call file%view_many([8, 4], others, dtype=FST_DTYPE_F64)
        call others(1)%get(wide)
        call check(all(abs(wide - one) <= 0), 'wider views')

        call file%view_many([8, 999, 0], views, stat, errmsg, stats)
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, '(record 999 counted from 1)', &
            'one bad record')
        call check(all(stats == [FST_OK, FST_ERR_OUT_OF_RANGE, FST_ERR_OUT_OF_RANGE]), &
            'the status of each')
        call check(views(1)%is_held() .and. .not. views(2)%is_held() .and. .not. &
            views(3)%is_held(), 'the good one is held')
        call views(1)%get(values)
        call check(all(abs(values - one) <= 0), 'values of the good one')
    end subroutine views_at_once

    subroutine wrong_views()
        type(fst_view_t) :: views(2)
        integer :: few(1), stat
        character(len=200) :: errmsg

        call file%view_many([4, 5, 6], views, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, '2 views for 3 records', 'few')
        call file%view_many([0, 5, 6], views, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, '2 views for 3 records', 'few')
        call file%view_many([4, 5], views, stat, errmsg, few)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'stats has 1', 'few statuses')
        call file%view_many([4, 5], views, stat, errmsg, dtype=99)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, '99', 'a type that is none')
        call check(.not. views(1)%is_held() .and. .not. views(2)%is_held(), 'nothing is held')
        call file%view_many([integer ::], views(:0), stat)
        call check(stat == 0, 'no records')
    end subroutine wrong_views

    subroutine levels()
        real(real32), allocatable :: stack(:, :, :), values(:)
        real(real64), allocatable :: wide(:, :, :)
        real(real32) :: one(ni, nj), value
        integer, allocatable :: records(:)
        integer :: i, r, kind, one_kind, stat
        character(len=200) :: errmsg
        type(fst_record_t) :: info
        character(len=2), parameter :: names(2) = ['TT', 'UU']
        integer, parameter :: kinds(2) = [FST_KIND_HYBRID, FST_KIND_PRESSURE]

        do i = 1, size(names)
            errmsg = 'untouched'
            call file%read_levels(stack, values, nomvar=names(i), ip2=3, kind=kind, stat=stat, &
                errmsg=errmsg)
            call check(stat == 0 .and. errmsg == 'untouched', 'levels of ' // names(i))
            call check(kind == kinds(i), 'kind of levels of ' // names(i))
            call check(all(shape(stack) == [ni, nj, 8]) .and. size(values) == 8, 'shape of levels')
            call check(all(values(2:) > values(:7)), 'ascending')
            records = file%find(nomvar=names(i), ip2=3)
            call check(size(records) == 8, 'as many as there are')
            do r = 1, size(records)
                info = file%info(records(r))
                call fst_ip_decode(info%ip1, value, one_kind)
                call file%read(records(r), one)
                call check(any(abs(values - value) <= 0), 'the level is there')
                call check(all(abs(stack(:, :, findloc(abs(values - value) <= 0, .true., dim=1)) &
                    - one) <= 0), 'a level of ' // names(i) // ' is the record')
            end do
        end do
        call file%read_levels(wide, values, nomvar='UU', ip2=3)
        call check(all(abs(wide - stack) <= 0), 'levels in wider numbers')
        call file%read_levels(wide, values, nomvar='2Z', ip2=0, ip3=0)
        call check(size(wide, 3) == size(values), 'a single level')
    end subroutine levels

    subroutine wrong_levels()
        real(real32), allocatable :: stack(:, :, :), values(:)
        integer(int32), allocatable :: whole(:, :, :)
        integer :: kind, stat
        character(len=300) :: errmsg

        kind = 7
        call file%read_levels(stack, values, nomvar='TT', kind=kind, stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'differ in datev', 'all times')
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'counted from 0', 'all times')
        call check(kind == 7, 'a failure leaves the kind alone')
        call check(.not. allocated(stack) .and. .not. allocated(values), 'nothing is allocated')
        call file%read_levels(stack, values, nomvar='TM', ip2=0, stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'are both at level', 'a mask')
        call file%read_levels(stack, values, nomvar='NONE', stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_NOT_FOUND, 'no record matches', 'no match')
        call file%read_levels(stack, values, nomvar='TTTTT', stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'nomvar "TTTTT"', 'a long name')
        call file%read_levels(stack, values, nomvar='CUBE', stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, &
            'record 194 is 120x80x4, and not one level', 'a cube')
        call file%read_levels(whole, values, nomvar='TT', ip2=0, stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_TYPE_MISMATCH, 'counted from 1', 'as integers')
        call check(.not. allocated(whole) .and. .not. allocated(values), 'nothing is allocated')
        call file%read_levels(whole, values, nomvar='TM', typvar='@@', stat=stat)
        call check(stat == 0, 'a mask as integers')
        call check(all(whole == 0 .or. whole == 1), 'a mask as integers')
    end subroutine wrong_levels

    subroutine closed_files()
        real(real32), allocatable :: stack(:, :, :), values(:)
        real(real32) :: here(1, 1, 2)
        type(fst_view_t) :: views(2)
        integer :: stat, stats(2)
        character(len=200) :: errmsg

        call file%read_many([4, 5], here, stat, errmsg, stats)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'no file is open', 'read_many')
        call check(all(stats == FST_ERR_INVALID_HANDLE), 'read_many')
        call file%view_many([4, 5], views, stat, errmsg, stats)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'no file is open', 'view_many')
        call file%read_levels(stack, values, stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'no file is open', 'read_levels')
    end subroutine closed_files

    !> Signed and unsigned records of one shape in one batch, as 16-bit integers.
    subroutine other_types()
        type(fst_file_t) :: types
        type(fst_record_t) :: info
        integer, allocatable :: records(:), stats(:)
        integer(int16), allocatable :: values(:, :), one(:, :)
        integer(int64), allocatable :: wide(:, :), wide_one(:, :)
        character(len=1), allocatable :: letters(:, :), letters_one(:)
        logical, allocatable :: unsigned(:)
        character(len=200) :: errmsg, expected
        integer :: first, i, stat

        call types%open(argument(1) // '/types.rsf')
        allocate(records(0), unsigned(0))
        do i = 1, types%record_count()
            info = types%info(i)
            if (info%ni /= 33 .or. info%nj /= 7) cycle
            if (all(info%dtype /= [FST_DTYPE_U16, FST_DTYPE_I16, FST_DTYPE_U8])) cycle
            records = [records, i]
            unsigned = [unsigned, info%dtype == FST_DTYPE_U16]
        end do
        call check(any(unsigned) .and. .not. all(unsigned), 'both sorts')
        allocate(values(33 * 7, size(records)), one(33 * 7, 1), stats(size(records)))
        call types%read_many(records, values, stat, errmsg, stats)
        call check(stat == FST_ERR_TYPE_MISMATCH, 'not all values fit')
        first = 0
        do i = 1, size(records)
            call types%read(records(i), one(:, 1), stat, expected)
            call check(stats(i) == stat, 'the status is that of a single read')
            if (stat == 0) call check(all(values(:, i) == one(:, 1)), 'the values, too')
            if (stat == 0 .or. first > 0) cycle
            first = i
            call check(errmsg == expected, 'the message is that of the first failure')
        end do
        call check(count(stats == 0 .and. unsigned) > 0 .and. count(stats /= 0) > 0, 'of both')
        allocate(wide(33 * 7, size(records)), wide_one(33 * 7, 1))
        call types%read_many(records, wide)
        do i = 1, size(records)
            call types%read(records(i), wide_one(:, 1))
            call check(all(wide(:, i) == wide_one(:, 1)), 'as wide integers')
        end do

        deallocate(records)
        allocate(records(0))
        do i = 1, types%record_count()
            info = types%info(i)
            if (info%dtype == FST_DTYPE_CHAR .and. info%array_bytes == 33 * 7) then
                records = [records, i]
            end if
        end do
        call check(size(records) > 0, 'there is text')
        allocate(letters(33 * 7, size(records)), letters_one(33 * 7))
        call types%read_many(records, letters)
        do i = 1, size(records)
            call types%read(records(i), letters_one)
            call check(all(letters(:, i) == letters_one), 'as text')
        end do
    end subroutine other_types

end program batches
