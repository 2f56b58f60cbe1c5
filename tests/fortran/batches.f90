! SPDX-License-Identifier: MIT OR Apache-2.0
!> Whom batches tell how far they are.
module told_of
    use checks
    implicit none (type, external)

    !> What `tell` was told, and whether it cancels.
    integer :: calls, last, whole
    logical :: stops

contains

    subroutine forget()
        calls = 0
        last = 0
        whole = 0
        stops = .false.
    end subroutine forget

    subroutine tell(done, total, cancel)
        integer, intent(in) :: done, total
        logical, intent(inout) :: cancel

        call check(done >= last .and. done <= total, 'progress goes up')
        calls = calls + 1
        last = done
        whole = total
        cancel = stops
    end subroutine tell

    subroutine stop_at_10(done, total, cancel)
        integer, intent(in) :: done, total
        logical, intent(inout) :: cancel

        cancel = done >= 10
        call check(total == 60, 'all of them')
    end subroutine stop_at_10

    subroutine stop_at_once(done, total, cancel)
        integer, intent(in) :: done, total
        logical, intent(inout) :: cancel

        call check(done <= total, 'at most all')
        cancel = .true.
    end subroutine stop_at_once

end module told_of

!> Several records at once: into one array, as views, as the levels of a variable.
program batches
    use, intrinsic :: iso_fortran_env, only: int8, int16, int32, int64, real32, real64
    use checks
    use fstview
    use told_of
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
    call absent_arguments()
    call slabs()
    call wrong_slabs()
    call told()
    call cancelled()
    call check_equal(live_views(file), 0_int64, 'live views')
    call file%close()
    call closed_files()
    call other_types()
    call told_of_two_types()
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

    !> What is left out is not looked at, whatever is on the stack in its place.
    subroutine absent_arguments()
        real(real32), allocatable :: stack(:, :, :), values(:)
        type(fst_view_t) :: view, views(2)

        allocate(stack(ni, nj, 2))
        call soil()
        call file%read(4, stack(:, :, 1))
        call soil()
        call file%read_many([4, 5], stack)
        call soil()
        call file%view(4, view)
        call soil()
        call file%view_many([4, 5], views)
        call soil()
        call file%read_levels(stack, values, nomvar='TT', ip2=3)
        call soil()
        call file%read_levels(stack, values, nomvar='TT', ip2=3, start=[111])
        call check(all(shape(stack) == [10, nj, 8]), 'a start alone')
        call soil()
        call file%read_levels(stack, values, nomvar='TT', ip2=3, count=[7])
        call check(all(shape(stack) == [7, nj, 8]), 'a count alone')
    end subroutine absent_arguments

    !> Leaves the number that cannot be negated all over the stack.
    subroutine soil()
        integer(int64), volatile :: left(20000)

        left = 0
        left = ibset(left, 63)
    end subroutine soil

    !> The same slab of each record is the cut of the whole.
    subroutine slabs()
        real(real32) :: stack(ni, nj, 3), cut(10, 5, 3), lines(3, 3), wide(20, 5, 3)
        real(real32) :: cubes(10, 5, 2, 2), whole(ni, nj, 4)
        real(real32), allocatable :: values(:), all_levels(:, :, :), some(:, :, :)
        real(real32), pointer :: seen(:, :)
        type(fst_view_t) :: views(3)
        integer, parameter :: records(3) = [4, 9, 6]
        integer :: i, stat, stats(3)

        call file%read_many(records, stack)
        call file%read_many(records, cut, stat, stats=stats, start=[111, 31], count=[10, 5])
        call check(stat == 0 .and. all(stats == 0), 'slabs')
        call check(all(abs(cut - stack(111:120, 31:35, :)) <= 0), 'slabs are cuts')
        call file%read_many(records, cut, start=[111, 76])
        call check(all(abs(cut - stack(111:, 76:, :)) <= 0), 'to the ends of the axes')
        call file%read_many(records, cut, count=[10, 5, 1])
        call check(all(abs(cut - stack(:10, :5, :)) <= 0), 'from the beginning')
        wide = -7
        call file%read_many(records, wide(2::2, :, 3:1:-1), start=[7, 8], count=[10, 5])
        call check(all(abs(wide(2::2, :, 3:1:-1) - stack(7:16, 8:12, :)) <= 0), 'into a section')
        call check(all(abs(wide(1::2, :, :) + 7) <= 0), 'between the columns')
        call file%read_many(records, lines, start=[5, 80], count=[3, 1])
        call check(all(abs(lines - stack(5:7, 80, :)) <= 0), 'pieces of lines')
        call file%read_many([cube, cube], cubes, start=[3, 4, 2], count=[10, 5, 2])
        call file%read(cube, whole)
        do i = 1, 2
            call check(all(abs(cubes(:, :, :, i) - whole(3:12, 4:8, 2:3)) <= 0), 'of cubes')
        end do

        call file%view_many(records, views, start=[111, 31], count=[10, 5])
        do i = 1, 3
            call views(i)%get(seen)
            call check(all(shape(seen) == [10, 5]), 'views of slabs')
            call check(all(abs(seen - stack(111:120, 31:35, i)) <= 0), 'views of slabs')
        end do

        call file%read_levels(all_levels, values, nomvar='TT', ip2=3)
        call file%read_levels(some, values, nomvar='TT', ip2=3, start=[111, 31], count=[0, 5])
        call check(all(shape(some) == [10, 5, 8]) .and. size(values) == 8, 'slabs of levels')
        call check(all(abs(some - all_levels(111:, 31:35, :)) <= 0), 'slabs of levels')
    end subroutine slabs

    subroutine wrong_slabs()
        real(real32) :: cut(10, 5, 2)
        real(real32), allocatable :: some(:, :, :), values(:)
        type(fst_view_t) :: views(2)
        integer :: stat, stats(2)
        character(len=200) :: errmsg
        integer, parameter :: records(2) = [cube, 4]

        cut = -7
        call file%read_many(records, cut, stat, errmsg, stats, [1, 1, 4], [10, 5])
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, &
            'record 4: all elements from 4 along axis 3, which has 1', 'beyond one of them')
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, 'record 4:', 'the bad one')
        call check(all(stats == [FST_OK, FST_ERR_OUT_OF_RANGE]), 'the other one is read')
        call check(all(abs(cut(:, :, 2) + 7) <= 0) .and. .not. any(abs(cut(:, :, 1) + 7) <= 0), &
            'only the good one')
        call file%view_many(records, views, stat, errmsg, stats, start=[1, 1, 4])
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, 'record 4: ', 'views')
        call check(views(1)%is_held() .and. .not. views(2)%is_held(), 'the good one is held')
        call views(1)%release()

        call file%read_many([4, 5], cut, stat, errmsg, start=[0, 1], count=[10, 5])
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, 'from 0 along axis 1', 'from 0')
        call file%read_many([4, 5], cut, stat, errmsg, count=[-10, 5])
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, '-10 elements', 'negative')
        call file%read_many([4, 5], cut, stat, errmsg, start=[2, 1], count=[huge(1), 5])
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, 'along axis 1', 'too many')
        call file%read_many([4, 5], cut, stat, errmsg, count=[10, 4])
        call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, '10x5', 'another shape')
        call file%read_many([4, 5], cut, stat, errmsg, start=[1, 1, 1, 1])
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'at most 3', 'four axes')
        call file%view_many([4, 5], views, stat, errmsg, count=[121])
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, '121 elements', 'views of too much')
        call check(.not. views(1)%is_held() .and. .not. views(2)%is_held(), 'nothing is held')
        call file%read_levels(some, values, nomvar='TT', ip2=3, stat=stat, errmsg=errmsg, &
            start=[121])
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, 'from 121 along axis 1', 'levels')
        call check(.not. allocated(some) .and. .not. allocated(values), 'nothing is allocated')
    end subroutine wrong_slabs

    !> Progress goes up to all of them, bad ones too.
    subroutine told()
        real(real32), allocatable :: stack(:, :, :), some(:, :, :), values(:)
        type(fst_view_t) :: views(40)
        integer, allocatable :: records(:)
        integer :: stats(40), stat, i

        allocate(stack(ni, nj, 40))
        records = [(4 + mod(i, 8), i = 1, 40)]
        records(11) = 0
        records(30) = 999
        call forget()
        call file%read_many(records, stack, stat, stats=stats, progress=tell)
        call check(calls > 0 .and. last == 40 .and. whole == 40, 'a batch tells')
        call check(count(stats /= 0) == 2 .and. stat == FST_ERR_OUT_OF_RANGE, 'bad ones')
        call forget()
        call file%view_many(records, views, stat, progress=tell)
        call check(calls > 0 .and. last == 40 .and. whole == 40, 'views tell')
        call check(count([(views(i)%is_held(), i = 1, 40)]) == 38, 'the views')
        call forget()
        call file%read_levels(some, values, nomvar='TT', ip2=3, progress=tell)
        call check(calls > 0 .and. last == 8 .and. whole == 8, 'levels tell')
        call forget()
        call file%read_many(records(:0), stack(:, :, :0), progress=tell)
        call file%read_many([0, 999], stack(:, :, :2), stat, progress=tell)
        call check(calls == 0 .and. stat == FST_ERR_OUT_OF_RANGE, 'nothing to tell')
    end subroutine told

    !> What was begun is whole, what was not is told.
    subroutine cancelled()
        real(real32), allocatable :: stack(:, :, :), some(:, :, :), values(:)
        real(real32) :: one(ni, nj)
        type(fst_file_t) :: alone
        type(fst_view_t) :: views(60)
        integer, allocatable :: records(:)
        integer :: stats(60), stat, i
        character(len=200) :: errmsg

        call alone%open(argument(1) // '/model.rsf', threads=1)
        records = [(4 + mod(i, 8), i = 1, 60)]
        allocate(stack(ni, nj, 60), source=-7.0_real32)
        call alone%read_many(records, stack, stat, errmsg, stats, progress=stop_at_10)
        call check_failure(stat, errmsg, FST_ERR_CANCELLED, 'counted from 1', 'cancelled')
        call check(all(stats(:10) == 0) .and. all(stats(11:) == FST_ERR_CANCELLED), 'statuses')
        do i = 1, 10
            call alone%read(records(i), one)
            call check(all(abs(stack(:, :, i) - one) <= 0), 'what was done')
        end do
        call check(all(abs(stack(:, :, 11:) + 7) <= 0), 'what was not begun')
        call alone%view_many(records, views, stat, errmsg, stats, progress=stop_at_10)
        call check_failure(stat, errmsg, FST_ERR_CANCELLED, 'counted from 1', 'cancelled views')
        call check(all([(views(i)%is_held(), i = 1, 60)] .eqv. stats == FST_OK), 'views')
        call check(count(stats == FST_OK) == 10, 'as many')
        call alone%read_levels(some, values, nomvar='TT', ip2=3, stat=stat, progress=stop_at_once)
        call check(stat == FST_ERR_CANCELLED .and. .not. allocated(some), 'cancelled levels')
        call alone%close()
    end subroutine cancelled

    !> Signed and unsigned records are two calls of the library, but one batch.
    subroutine told_of_two_types()
        type(fst_file_t) :: types
        type(fst_record_t) :: info
        integer, allocatable :: records(:), stats(:)
        integer(int16), allocatable :: values(:, :)
        character(len=200) :: errmsg
        integer :: i, stat

        call types%open(argument(1) // '/types.rsf', threads=1)
        allocate(records(0))
        do i = 1, types%record_count()
            info = types%info(i)
            if (info%ni /= 33 .or. info%nj /= 7) cycle
            if (any(info%dtype == [FST_DTYPE_U16, FST_DTYPE_I16])) records = [records, i]
        end do
        allocate(values(33 * 7, size(records)), stats(size(records)))
        call forget()
        call types%read_many(records, values, stat, stats=stats, progress=tell)
        call check(all([last, whole] == size(records)), 'both sorts are told of')

        ! Each record of the first sort is told of, and none of the second.
        call forget()
        stops = .true.
        call types%read_many(records, values, stat, errmsg, stats, progress=tell)
        call check(whole == size(records), 'all of them')
        call check(last < size(records), 'the second sort is not begun')
        call check(count(stats == FST_ERR_CANCELLED) == size(records) - 1, 'of both sorts')
        call check_failure(stat, errmsg, FST_ERR_CANCELLED, 'counted from 1', 'either sort')
        call types%close()
    end subroutine told_of_two_types

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
