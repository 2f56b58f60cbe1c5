! SPDX-License-Identifier: MIT OR Apache-2.0
!> Views and reads of all records of one element type, at every rank.
!>
!> The test compiles this program once for each element type, with `real(real32)` and
!> `FST_DTYPE_F32` replaced.
program kind
    use, intrinsic :: iso_c_binding, only: c_associated, c_loc
    use, intrinsic :: iso_fortran_env, only: int8, int16, int32, int64, real32, real64
    use checks
    use fstview
    implicit none (type, external)

    type(fst_file_t) :: file
    type(fst_record_t) :: info
    type(fst_view_t) :: view
    integer :: record, flat, deep
    character(len=*), parameter :: kinds = 'kinds ' // achar(48 + int8) // achar(48 + int16) &
        // achar(48 + int32) // achar(48 + int64) // achar(48 + real32) // achar(48 + real64)

    flat = 0
    deep = 0
    call file%open(argument(1))
    do record = 1, file%record_count()
        info = file%info(record)
        if (info%dtype /= FST_DTYPE_F32) cycle
        ! Bits without a type come as whole words, whatever the dimensions.
        call file%view(record, view)
        call check(all(view%shape() == [info%ni, info%nj, info%nk]) .or. info%data_type == 0, &
            'shape of the view')
        call try(record, view%shape())
        call view%release()
        if (info%nk > 1) then
            deep = deep + 1
        else
            flat = flat + 1
        end if
    end do
    call check(flat > 0 .and. deep > 0, 'there are records of both sorts, ' // kinds)
    call check_equal(live_views(file), 0_int64, 'live views')
    call file%close()
    call conclude()

contains

    subroutine try(record, extents)
        integer, intent(in) :: record
        integer(int64), intent(in) :: extents(3)
        type(fst_view_t) :: view
        real(real32), pointer :: p1(:), p2(:, :), p3(:, :, :)
        real(real32), allocatable :: a1(:), a2(:, :), a3(:, :, :), wide(:, :, :)
        character(len=200) :: errmsg
        integer :: stat

        associate (ni => extents(1), nj => extents(2), nk => extents(3))
            call file%view(record, view)
            call check(all(view%shape() == extents), 'shape of the view')
            call view%get(p3)
            call check(all(shape(p3, int64) == extents), 'shape of rank 3')
            call check(all(lbound(p3) == 1), 'lower bounds of rank 3')
            call check(is_contiguous(p3), 'rank 3 is contiguous')
            call check(c_associated(c_loc(p3(1, 1, 1)), view%address()), 'rank 3 is the array')
            call view%get(p1)
            call check(size(p1, kind=int64) == product(extents), 'size of rank 1')
            call check(lbound(p1, 1) == 1, 'lower bound of rank 1')
            call check(c_associated(c_loc(p1(1)), view%address()), 'rank 1 is the array')
            call check(same(p1, p3), 'values of rank 1')
            errmsg = 'untouched'
            call view%get(p2, stat, errmsg)
            if (nk == 1) then
                call check(stat == 0 .and. errmsg == 'untouched', 'rank 2')
                call check(all(shape(p2, int64) == [ni, nj]), 'shape of rank 2')
                call check(all(lbound(p2) == 1), 'lower bounds of rank 2')
                call check(c_associated(c_loc(p2(1, 1)), view%address()), 'rank 2 is the array')
            else
                call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, 'rank 2, the array', 'get')
                call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, 'has rank 3', 'get')
                call check(.not. associated(p2), 'no pointer of the wrong rank')
            end if

            allocate(a1(product(extents)), a2(ni, nj), a3(ni, nj, nk), wide(2 * ni, nj + 1, nk))
            call file%read(record, a1)
            call check(same(a1, p3), 'read of rank 1')
            call file%read(record, a3)
            call check(same([a3], p3), 'read of rank 3')
            errmsg = 'untouched'
            call file%read(record, a2, stat, errmsg)
            if (nk == 1) then
                call check(stat == 0 .and. errmsg == 'untouched', 'read of rank 2')
                call check(same([a2], p3), 'read of rank 2')
            else
                call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, 'x', 'read')
            end if
            call file%read(record, wide(::2, :nj, :))
            call check(same([wide(::2, :nj, :)], p3), 'read of a section')
            call file%read(record, wide, stat, errmsg)
            call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, number(2 * ni) // 'x' &
                // number(nj + 1) // 'x' // number(nk) // ', the record ' // number(ni) // 'x' &
                // number(nj) // 'x' // number(nk), 'read into a larger array')
            call file%read(record, a1(2:), stat, errmsg)
            call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, 'the array is ' &
                // number(product(extents) - 1) // ', ', 'read into a smaller array')
        end associate
    end subroutine try

    !> Whether all bits are equal.
    function same(list, array) result(answer)
        real(real32), intent(in) :: list(:), array(:, :, :)
        logical :: answer

        answer = size(list) == size(array)
        if (answer) answer = all(transfer(list, [0_int8]) == transfer(array, [0_int8]))
    end function same

end program kind
