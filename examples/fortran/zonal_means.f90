! SPDX-License-Identifier: MIT OR Apache-2.0
!> Zonal means of many records, in parallel with OpenMP: any thread may use any file.
program zonal_means
    use, intrinsic :: iso_fortran_env, only: real32, real64
    use fstview, only: fst_file_t, fst_view_t
    implicit none (type, external)
    type(fst_file_t) :: file
    character(len=4096) :: path
    integer, allocatable :: records(:)
    real(real64), allocatable :: means(:, :)
    integer :: r

    call get_command_argument(1, path)
    call file%open(path)
    records = file%find(nomvar='TT')
    allocate(means(3, size(records)))
    !$omp parallel do schedule(dynamic)
    do r = 1, size(records)
        call average(records(r), means(:, r))
    end do
    do r = 1, size(records)
        print '(3(a, f12.6))', 'first row ', means(1, r), ' middle ', means(2, r), ' last ', &
            means(3, r)
    end do
    call file%close()

contains

    !> Each call has a view of its own, which is given back at its end.
    subroutine average(record, rows)
        integer, intent(in) :: record
        real(real64), intent(out) :: rows(3)
        type(fst_view_t) :: view
        real(real32), pointer :: tt(:, :)

        call file%view(record, view)
        call view%get(tt)
        rows = [row_mean(tt(:, 1)), row_mean(tt(:, size(tt, 2) / 2 + 1)), &
            row_mean(tt(:, size(tt, 2)))]
    end subroutine average

    pure function row_mean(row) result(mean)
        real(real32), intent(in) :: row(:)
        real(real64) :: mean

        mean = sum(real(row, real64)) / size(row)
    end function row_mean

end program zonal_means
