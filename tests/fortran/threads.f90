! SPDX-License-Identifier: MIT OR Apache-2.0
!> Views in an OpenMP region: of one file by all threads, and one view by all threads.
program threads
    use, intrinsic :: iso_fortran_env, only: int64, real32
    use checks
    use fstview
    implicit none (type, external)

    type(fst_file_t) :: file
    type(fst_view_t) :: shared_view
    real(real32) :: sums(24), parallel_sums(24)
    integer, allocatable :: records(:)
    integer :: i, repetition

    call file%open(argument(1))
    records = file%find(nomvar='TT')
    call check(size(records) == size(sums), 'records')
    do i = 1, size(records)
        sums(i) = sum_of(records(i))
    end do
    do repetition = 1, 20
        parallel_sums = 0
        !$omp parallel do schedule(dynamic) num_threads(4) default(none) &
        !$omp shared(records, parallel_sums)
        do i = 1, size(records)
            parallel_sums(i) = sum_of(records(i))
            call fail(100000 + i)
        end do
        !$omp end parallel do
        call check(all(abs(sums - parallel_sums) <= 0), 'sums')
    end do
    call file%view(records(1), shared_view)
    !$omp parallel do schedule(dynamic) num_threads(4) default(none) &
    !$omp shared(shared_view, sums)
    do i = 1, 200
        call check(abs(sum_of_view(shared_view) - sums(1)) <= 0, 'one view, all threads')
        call share(shared_view, sums(1))
    end do
    !$omp end parallel do
    call check_equal(live_views(file), 1_int64, 'live views')
    call shared_view%release()
    call check_equal(live_views(file), 0_int64, 'live views at the end')
    call file%close()
    call conclude()

contains

    function sum_of(record) result(total)
        integer, intent(in) :: record
        real(real32) :: total
        type(fst_view_t) :: view

        call file%view(record, view)
        total = sum_of_view(view)
    end function sum_of

    function sum_of_view(view) result(total)
        type(fst_view_t), intent(in) :: view
        real(real32) :: total
        real(real32), pointer :: values(:, :)

        call view%get(values)
        total = sum(values)
    end function sum_of_view

    !> Another holder for a moment.
    subroutine share(view, expected)
        type(fst_view_t), intent(in) :: view
        real(real32), intent(in) :: expected
        type(fst_view_t) :: mine

        mine = view
        call check(abs(sum_of_view(mine) - expected) <= 0, 'a shared view')
    end subroutine share

    !> The message is that of this thread's own failure.
    subroutine fail(record)
        integer, intent(in) :: record
        type(fst_view_t) :: view
        character(len=200) :: errmsg
        character(len=:), allocatable :: text
        character(len=16) :: part
        integer :: stat

        call file%view(record, view, stat, errmsg)
        write (part, '(a, i0)') 'record ', record - 1
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, trim(part), 'a failure in a thread')
        call file%get_metadata(record - 100000, text)
        call check(len(text) == 0, 'no metadata in a thread')
    end subroutine fail

end program threads
