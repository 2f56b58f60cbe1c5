! SPDX-License-Identifier: MIT OR Apache-2.0
!> Who holds a view, and when it is given back. The witness is the library's count of live views.
!>
!> Where a conforming compiler and gfortran up to version 12 differ (function results, and
!> assignment onto a live view inside another type, leave one reference behind there), the program
!> accepts both; what it never accepts is a view that goes while somebody holds it.
module owners
    use, intrinsic :: iso_fortran_env, only: int64, real32
    use checks
    use fstview
    implicit none (type, external)
    private
    public :: run

    !> A type of the user's that contains a view.
    type :: pair_t
        type(fst_view_t) :: view
        integer :: level = 0
    end type pair_t

    integer, parameter :: record = 4
    type(fst_file_t) :: file
    real(real32) :: expected

contains

    subroutine run(path)
        character(len=*), intent(in) :: path
        type(fst_view_t) :: view
        real(real32), pointer :: values(:)

        call file%open(path)
        call file%view(record, view)
        call view%get(values)
        expected = sum(values)
        call view%release()
        call settle('release by hand', 0)
        call view%release()
        call settle('release twice', 0)

        call local_variable()
        call settle('a local variable', 0)
        call early_return(.true.)
        call settle('a local variable, early return', 0)
        call in_block()
        call settle('a block', 0)
        call local_array()
        call settle('a local array', 0)
        call allocated()
        call settle('deallocate', 0)
        call moved()
        call settle('move_alloc', 0)
        call reused()
        call settle('one variable for many views', 0)
        call assigned()
        call settle('assignment', 0)
        call assigned_to_itself()
        call settle('assignment to itself', 0)
        call assigned_arrays()
        call settle('assignment of arrays', 0)
        call assigned_released()
        call settle('assignment of a released view', 0)
        call nested()
        call settle('assignment of a type with a view', 0)
        call nested_onto_live()
        call settle('assignment of a type with a view onto a live one', 1)
        call constructed()
        call settle('structure constructors', 0)
        call allocatable_assigned()
        call settle('assignment to an allocatable', 0)
        call grown()
        call settle('a growing list', 0)
        call sourced()
        call settle('allocate with source', 0)
        call retained()
        call settle('retain', 0)
        call from_function()
        call settle('a function result', 1)
        call by_argument()
        call settle('arguments', 0)
        call failed()
        call settle('a failed view', 0)
        call file%close()
        call outlive(path)
        call finalised_files(path)
    end subroutine run

    !> After a scenario: nothing is live, or at most what gfortran up to 12 leaves behind. The file
    !> is opened anew, so that the next scenario begins with nothing.
    subroutine settle(scenario, tolerated)
        character(len=*), intent(in) :: scenario
        integer, intent(in) :: tolerated
        type(fst_view_t) :: view

        call check(live_views(file) <= tolerated, scenario // ': ' // number(live_views(file)) &
            // ' live views')
        if (live_views(file) > 0) then
            call file%view(record, view)
            call view%release()
            call file%close()
            call file%open(argument(1))
        end if
    end subroutine settle

    !> The view is there, and its array is what it was.
    subroutine usable(view, scenario)
        type(fst_view_t), intent(in) :: view
        character(len=*), intent(in) :: scenario
        real(real32), pointer :: values(:)
        integer :: stat

        call view%get(values, stat)
        call check(stat == 0, scenario // ': the view is held')
        if (stat == 0) call check(abs(sum(values) - expected) <= 0, scenario // ': the values')
    end subroutine usable

    subroutine local_variable()
        type(fst_view_t) :: view

        call file%view(record, view)
        call usable(view, 'a local variable')
        call check_equal(live_views(file), 1_int64, 'a local variable')
    end subroutine local_variable

    subroutine early_return(early)
        logical, intent(in) :: early
        type(fst_view_t) :: view

        call file%view(record, view)
        if (early) return
        call usable(view, 'never')
    end subroutine early_return

    subroutine in_block()
        block
            type(fst_view_t) :: view

            call file%view(record, view)
            call usable(view, 'a block')
        end block
        call check_equal(live_views(file), 0_int64, 'behind a block')
    end subroutine in_block

    subroutine local_array()
        type(fst_view_t) :: views(3)
        integer :: i

        do i = 1, 3
            call file%view(record, views(i))
        end do
        call check_equal(live_views(file), 3_int64, 'a local array')
        call usable(views(2), 'a local array')
    end subroutine local_array

    subroutine allocated()
        type(fst_view_t), allocatable :: one, many(:)

        allocate(one, many(2))
        call file%view(record, one)
        call file%view(record, many(1))
        call file%view(record, many(2))
        call check_equal(live_views(file), 3_int64, 'allocated')
        deallocate(one)
        call check_equal(live_views(file), 2_int64, 'one deallocated')
        deallocate(many)
        call check_equal(live_views(file), 0_int64, 'all deallocated')
        ! And without deallocate, at the end of the scope.
        allocate(one)
        call file%view(record, one)
    end subroutine allocated

    subroutine moved()
        type(fst_view_t), allocatable :: from, to

        allocate(from)
        call file%view(record, from)
        call move_alloc(from, to)
        call usable(to, 'move_alloc')
        call check_equal(live_views(file), 1_int64, 'move_alloc')
    end subroutine moved

    subroutine reused()
        type(fst_view_t) :: view
        integer :: i

        do i = 1, 5
            call file%view(record, view)
            call check_equal(live_views(file), 1_int64, 'one variable for many views')
        end do
        call usable(view, 'one variable for many views')
    end subroutine reused

    subroutine assigned()
        type(fst_view_t) :: a, b, c

        call file%view(record, a)
        b = a
        c = b
        call check_equal(live_views(file), 1_int64, 'assignment shares the view')
        call a%release()
        call check(.not. a%is_held(), 'released')
        call usable(b, 'assignment, the first one released')
        b = c
        call usable(b, 'assignment of the same view again')
        call b%release()
        call usable(c, 'assignment, two released')
        b = a
        call check(.not. b%is_held(), 'assignment of nothing')
        c = a
        call check_equal(live_views(file), 0_int64, 'assignment of nothing releases')
    end subroutine assigned

    subroutine assigned_to_itself()
        type(fst_view_t) :: a

        call file%view(record, a)
        a = a
        call usable(a, 'assignment to itself')
        call a%release()
        call check_equal(live_views(file), 0_int64, 'assignment to itself, released once')
    end subroutine assigned_to_itself

    subroutine assigned_arrays()
        type(fst_view_t) :: a(3), b(3)
        real(real32), pointer :: values(:)
        integer :: i, stat

        do i = 1, 3
            call file%view(record, a(i))
            b(i) = a(i)
        end do
        do i = 1, 3
            call a(i)%release()
            a(i) = b(i)
        end do
        call usable(b(1), 'assignment of elements')
        call usable(a(3), 'assignment of elements')
        do i = 1, 3
            call b(i)%release()
        end do
        call check_equal(live_views(file), 3_int64, 'assignment of elements')

        ! Whole arrays are copied bit by bit: the copies hold nothing, and say so in the end.
        b = a
        call usable(b(2), 'assignment of arrays')
        do i = 1, 3
            call a(i)%release()
        end do
        call check_equal(live_views(file), 0_int64, 'assignment of arrays')
        call b(2)%get(values, stat)
        call check(stat == FST_ERR_INVALID_HANDLE, 'assignment of arrays, the originals released')
    end subroutine assigned_arrays

    subroutine assigned_released()
        type(fst_view_t) :: b
        type(fst_view_t), allocatable :: a, copy
        real(real32), pointer :: values(:)
        character(len=200) :: errmsg
        integer :: stat

        allocate(a)
        call file%view(record, a)
        allocate(copy, source=a)
        call a%release()
        b = copy
        call b%get(values, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'handle', 'a released view')
        call check(.not. associated(values), 'no pointer from a released view')
        call b%retain(stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'handle', 'retain when released')
    end subroutine assigned_released

    subroutine nested()
        type(pair_t) :: p, q

        call file%view(record, p%view)
        q = p
        call usable(p%view, 'assignment of a type with a view, the right side')
        call usable(q%view, 'assignment of a type with a view, the left side')
        call p%view%release()
        call usable(q%view, 'assignment of a type with a view, the right side released')
    end subroutine nested

    subroutine nested_onto_live()
        type(pair_t) :: p, q

        call file%view(record, p%view)
        call file%view(record, q%view)
        q = p
        call usable(p%view, 'assignment onto a live view, the right side')
        call usable(q%view, 'assignment onto a live view, the left side')
        call p%view%release()
        call q%view%release()
    end subroutine nested_onto_live

    subroutine constructed()
        type(pair_t) :: p
        type(fst_view_t) :: view

        call file%view(record, view)
        p = pair_t(view, 1)
        call usable(view, 'structure constructor, the component')
        call usable(p%view, 'structure constructor, the result')
        call view%release()
        call usable(p%view, 'structure constructor, the component released')
    end subroutine constructed

    subroutine allocatable_assigned()
        type(pair_t), allocatable :: q
        type(pair_t) :: p

        call file%view(record, p%view)
        q = p
        call usable(p%view, 'assignment to an allocatable, the right side')
        call usable(q%view, 'assignment to an allocatable, the left side')
    end subroutine allocatable_assigned

    subroutine grown()
        type(pair_t), allocatable :: list(:)
        type(fst_view_t), allocatable :: views(:)
        type(pair_t) :: p
        integer :: i

        call file%view(record, p%view)
        allocate(list(0), views(0))
        do i = 1, 4
            p%level = i
            list = [list, p]
            views = [views, p%view]
            call usable(p%view, 'a growing list')
            call usable(list(i)%view, 'a growing list, the new element')
            call usable(views(1), 'a growing list, the first element')
        end do
        call check(size(list) == 4 .and. size(views) == 4, 'a growing list, its size')
        if (size(list) == 4) call check(all(list%level == [1, 2, 3, 4]), 'a growing list, values')
    end subroutine grown

    subroutine sourced()
        type(fst_view_t), allocatable :: a, b

        allocate(a)
        call file%view(record, a)
        allocate(b, source=a)
        call usable(b, 'allocate with source, the copy')
        deallocate(b)
        call usable(a, 'allocate with source, the copy gone')
        allocate(b, source=a)
        call b%release()
        call usable(a, 'allocate with source, the copy released')
        deallocate(b)
        allocate(b, source=a)
        call b%retain()
        deallocate(a)
        call usable(b, 'allocate with source and retain, the original gone')
    end subroutine sourced

    subroutine retained()
        type(fst_view_t) :: a

        call file%view(record, a)
        call a%retain()
        call a%release()
        call usable(a, 'retained and released')
        call a%retain()
        call a%retain()
        ! Finalisation gives back all three.
    end subroutine retained

    function made() result(view)
        type(fst_view_t) :: view

        call file%view(record, view)
    end function made

    subroutine from_function()
        type(fst_view_t) :: a

        a = made()
        call usable(a, 'a function result')
        call a%release()
    end subroutine from_function

    subroutine by_argument()
        type(fst_view_t) :: a

        call fill(a)
        call usable(a, 'an argument')
        call overwrite(a)
        call check_equal(live_views(file), 0_int64, 'intent(out) gives back')
    end subroutine by_argument

    subroutine fill(view)
        type(fst_view_t), intent(inout) :: view

        call file%view(record, view)
    end subroutine fill

    subroutine overwrite(view)
        type(fst_view_t), intent(out) :: view

        call check(.not. view%is_held(), 'intent(out) comes in empty')
    end subroutine overwrite

    subroutine failed()
        type(fst_view_t) :: a
        real(real32), pointer :: values(:)
        integer :: stat

        call file%view(record, a)
        call file%view(100000, a, stat)
        call check(stat == FST_ERR_OUT_OF_RANGE, 'a failed view')
        call check(.not. a%is_held(), 'a failed view leaves nothing')
        call a%get(values, stat)
        call check(stat == FST_ERR_INVALID_HANDLE, 'nothing to get')
        call check_equal(live_views(file), 0_int64, 'a failed view gives back the one before')
    end subroutine failed

    !> Views keep what they need alive, whatever the access and however the file goes.
    subroutine outlive(path)
        character(len=*), intent(in) :: path
        integer, parameter :: accesses(2) = [FST_ACCESS_MAP, FST_ACCESS_READ]
        type(fst_view_t) :: decoded, mapped
        real(real32), pointer :: values(:), grid(:)
        integer :: i

        do i = 1, size(accesses)
            call view_and_go(path, accesses(i), decoded, mapped)
            call decoded%get(values)
            call check(abs(sum(values) - expected) <= 0, 'a decoded view outlives its file')
            call mapped%get(grid)
            call check(abs(grid(1) - 10.0) <= 0, 'a mapped view outlives its file')
            call check(mapped%origin() == merge(FST_ORIGIN_MAPPED, FST_ORIGIN_READ, &
                accesses(i) == FST_ACCESS_MAP), 'origin')
        end do
    end subroutine outlive

    subroutine view_and_go(path, access, decoded, mapped)
        character(len=*), intent(in) :: path
        integer, intent(in) :: access
        type(fst_view_t), intent(inout) :: decoded, mapped
        type(fst_file_t) :: local

        call local%open(path, access=access)
        call local%view(record, decoded)
        call local%view(1, mapped)
        if (access == FST_ACCESS_READ) call local%close()
    end subroutine view_and_go

    !> A file goes with the variable that opened it, and not with a copy.
    subroutine finalised_files(path)
        character(len=*), intent(in) :: path
        type(fst_file_t) :: alias, again
        integer :: count, stat

        block
            type(fst_file_t) :: opened

            call opened%open(path)
            alias = opened
            block
                type(fst_file_t) :: passing

                passing = opened
                call check(passing%record_count() > 0, 'a file through a copy')
            end block
            opened = opened
            call check(opened%record_count() == alias%record_count(), 'the file is still open')
        end block
        count = alias%record_count(stat)
        call check(stat == FST_ERR_INVALID_HANDLE .and. count == 0, 'a file goes with its variable')
        call alias%close(stat)
        call check(stat == 0, 'closing what is closed')
        call again%open(path)
        call again%open(path)
        call check(again%record_count() > 0, 'opened twice')
        alias = again
        call alias%close()
        call check(again%is_open(), 'the other variable cannot know')
        count = again%record_count(stat)
        call check(stat == FST_ERR_INVALID_HANDLE, 'closed through a copy')
        call again%close()
    end subroutine finalised_files

end module owners

program ownership
    use checks, only: argument, conclude
    use owners, only: run
    implicit none (type, external)

    call run(argument(1))
    call conclude()
end program ownership
