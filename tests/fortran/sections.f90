! SPDX-License-Identifier: MIT OR Apache-2.0
!> Slabs of records, arrays that are not contiguous, writable views.
program sections
    use, intrinsic :: iso_fortran_env, only: int64, real32, real64
    use checks
    use fstview
    implicit none (type, external)

    integer, parameter :: cube = 194, packed = 4, accesses(2) = [FST_ACCESS_MAP, FST_ACCESS_READ]
    type(fst_file_t) :: file
    real(real32) :: whole(120, 80, 4)
    integer :: i

    do i = 1, size(accesses)
        call file%open(argument(1), access=accesses(i))
        call file%read(cube, whole)
        call view_slabs()
        call shared_slabs()
        call read_slabs()
        call read_sections()
        call write_views()
        call widen()
        call check_equal(live_views(file), 0_int64, 'live views')
        call file%close()
    end do
    call conclude()

contains

    subroutine view_slabs()
        type(fst_view_t) :: view
        real(real32), pointer :: p1(:), p2(:, :), p3(:, :, :)
        character(len=200) :: errmsg
        integer :: stat

        call file%view(cube, view, start=[3, 4, 2], count=[5, 6, 2])
        call check(all(view%shape() == [5, 6, 2]), 'shape of a slab')
        call view%get(p3)
        call check(all(shape(p3) == [5, 6, 2]) .and. all(lbound(p3) == 1), 'bounds of a slab')
        call check(same([p3], [whole(3:7, 4:9, 2:3)]), 'values of a slab')
        call view%get(p2, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, '5x6x2 has rank 3', 'rank 2')
        if (view%origin() == FST_ORIGIN_MAPPED) then
            call check(.not. is_contiguous(p3), 'a mapped slab is a section of the file')
            call view%get(p1, stat, errmsg)
            call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, 'not evenly spaced', 'rank 1')
            call check(.not. associated(p1), 'rank 1')
        end if

        call file%view(cube, view, start=[3, 4, 2], count=[5, 6, 1])
        call view%get(p2)
        call check(all(shape(p2) == [5, 6]) .and. all(lbound(p2) == 1), 'bounds of a part')
        call check(same([p2], [whole(3:7, 4:9, 2)]), 'values of a part of a level')
        call file%view(cube, view, start=[1, 1, 3], count=[0, 0, 1])
        call view%get(p2)
        call check(same([p2], [whole(:, :, 3)]), 'a level')
        call view%get(p1)
        call check(same(p1, [whole(:, :, 3)]), 'a level, rank 1')
        call file%view(cube, view, start=[1, 1, 3])
        call view%get(p1)
        call check(same(p1, [whole(:, :, 3:)]), 'levels to the end')
        call file%view(cube, view, start=[7], count=[1])
        call view%get(p3)
        call check(same([p3], [whole(7:7, :, :)]), 'one i')
        call file%view(cube, view, start=[7, 2, 3], count=[1, 30, 1])
        call view%get(p1)
        call check(size(p1) == 30 .and. lbound(p1, 1) == 1, 'bounds of a line')
        call check(same(p1, whole(7, 2:31, 3)), 'a line along j')
        call file%view(cube, view, start=[7, 2], count=[1, 1])
        call view%get(p1)
        call check(same(p1, whole(7, 2, :)), 'a line along k')
        call file%view(cube, view, start=[7, 2, 4], count=[1, 1, 1])
        call view%get(p1)
        call check(same(p1, [whole(7, 2, 4)]), 'one element')
        call file%view(cube, view, start=[120, 80, 4])
        call view%get(p3)
        call check(same([p3], [whole(120, 80, 4)]), 'the last element')
    end subroutine view_slabs

    !> A part of an array that a view holds already.
    subroutine shared_slabs()
        type(fst_view_t) :: all_of_it, part
        real(real32), pointer :: full(:, :), some(:, :), line(:)

        call file%view(packed, all_of_it)
        call all_of_it%get(full)
        call file%view(packed, part, start=[2, 3], count=[10, 20])
        call check(part%origin() == FST_ORIGIN_SHARED, 'a part of what is there is shared')
        call part%get(some)
        call check(same([some], [full(2:11, 3:22)]), 'values of a shared part')
        call file%view(packed, part, start=[2, 3], count=[1, 20])
        call part%get(line)
        call check(same(line, full(2, 3:22)), 'values of a shared line')
        call all_of_it%release()
        call check(same(line, [line]), 'the part keeps the array alive')
    end subroutine shared_slabs

    subroutine read_slabs()
        real(real32) :: a3(5, 6, 2), a2(5, 6), a1(60), line(30)
        character(len=200) :: errmsg
        integer :: stat

        call file%read(cube, a3, start=[3, 4, 2], count=[5, 6, 2])
        call check(same([a3], [whole(3:7, 4:9, 2:3)]), 'read of a slab')
        call file%read(cube, a1, start=[3, 4, 2], count=[5, 6, 2])
        call check(same(a1, [a3]), 'read of a slab, rank 1')
        call file%read(cube, a2, start=[3, 4, 2], count=[5, 6, 1])
        call check(same([a2], [a3(:, :, 1)]), 'read of a part of a level')
        call file%read(cube, line, start=[7, 2, 3], count=[1, 30, 1])
        call check(same(line, whole(7, 2:31, 3)), 'read of a line')
        call file%read(cube, a2, stat, errmsg, start=[3, 4, 2], count=[5, 6, 2])
        call check_failure(stat, errmsg, FST_ERR_SHAPE_MISMATCH, &
            'the array is 5x6, the record 5x6x2', 'read of a slab')
        call file%read(cube, line, stat, errmsg, start=[119], count=[30])
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, '30 elements from 119', 'read')
    end subroutine read_slabs

    subroutine read_sections()
        real(real32), target :: wide(240, 81, 4)
        real(real32) :: lines(3, 9600), backwards(9600), expected(9600)
        real(real32), pointer :: odd(:, :)

        wide = -1
        call file%read(cube, wide(2::2, 2:, :))
        call check(same([wide(2::2, 2:, :)], [whole]), 'read into a section of rank 3')
        call check(all(abs(wide(1::2, :, :) + 1) <= 0), 'what lies between is left alone')
        call check(all(abs(wide(:, 1, :) + 1) <= 0), 'what lies before is left alone')

        wide = -1
        odd => wide(::2, :80, 2)
        call file%read(packed, odd)
        call file%read(packed, expected)
        call check(same([odd], expected), 'read through a pointer')
        call check(all(abs(wide(2::2, :, :) + 1) <= 0), 'what lies between is left alone')

        lines = -1
        call file%read(packed, lines(2, :))
        call check(same(lines(2, :), expected), 'read into a section of rank 1')
        call check(all(abs(lines(1:3:2, :) + 1) <= 0), 'the lines beside it are left alone')
        call file%read(packed, backwards(9600:1:-1))
        call check(same(backwards(9600:1:-1), expected), 'read backwards')
        call file%read(packed, wide(:120, :80, 3))
        call check(same([wide(:120, :80, 3)], expected), 'read into a corner')
    end subroutine read_sections

    subroutine write_views()
        type(fst_view_t) :: view, part
        real(real32), pointer :: p3(:, :, :), again(:, :, :)
        real(real32) :: copy(120, 80, 4)

        call file%view(cube, view)
        call check(.not. view%is_writable(), 'a view is read-only')
        call file%view(cube, view, writable=.true.)
        call check(view%is_writable(), 'a writable view')
        call view%get(p3)
        call check(same([p3], [whole]), 'a writable view has the values')
        p3 = p3 + 1
        call file%read(cube, copy)
        call check(same([copy], [whole]), 'the file did not change')
        call file%view(cube, part, start=[2, 2, 2], count=[3, 3, 2], writable=.true.)
        call part%get(again)
        call check(same([again], [whole(2:4, 2:4, 2:3)]), 'nor do other views')
        again = 0
        call check(same([p3], [whole + 1]), 'nor the first one')
        call file%view(packed, view, writable=.true., prefetch=.true.)
        call check(view%is_writable(), 'a writable view of a packed record')
    end subroutine write_views

    subroutine widen()
        type(fst_view_t) :: view
        real(real64), pointer :: p2(:, :)
        real(real64) :: own(120, 80)
        real(real32) :: narrow(120, 80)

        call file%read(packed, narrow)
        call file%view(packed, view, dtype=FST_DTYPE_F64)
        call check(view%dtype() == FST_DTYPE_F64, 'a widened view')
        call view%get(p2)
        call check(all(abs(p2 - narrow) <= 0), 'a widened view has the values')
        call file%read(packed, own)
        call check(all(abs(own - narrow) <= 0), 'read into a wider kind')
    end subroutine widen

    function same(a, b) result(answer)
        real(real32), intent(in) :: a(:), b(:)
        logical :: answer

        answer = size(a) == size(b)
        if (answer) answer = all(abs(a - b) <= 0)
    end function same

end program sections
