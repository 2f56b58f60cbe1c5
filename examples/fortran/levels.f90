! SPDX-License-Identifier: MIT OR Apache-2.0
!> Makes a 3-D array of a variable: the levels at one moment, in their order, each decoded straight
!> into its place.
program levels
    use, intrinsic :: iso_fortran_env, only: real32, real64
    use fstview, only: fst_date_t, fst_file_t, fst_stamp_from_date
    implicit none (type, external)
    type(fst_file_t) :: file
    real(real32), allocatable :: tt(:, :, :), heights(:)
    character(len=4096) :: path
    integer :: datev, k, kind

    call get_command_argument(1, path)
    call file%open(path)
    call fst_stamp_from_date(fst_date_t(year=2024, month=1, day=15, hour=3), datev)
    call file%read_levels(tt, heights, nomvar='TT', datev=datev, kind=kind)
    print '(i0, a, i0, a, i0, a, i0)', size(tt, 1), ' x ', size(tt, 2), ' x ', size(tt, 3), &
        ', levels of kind ', kind
    do k = 1, size(tt, 3)
        print '(a, f8.5, a, f12.6)', 'level ', heights(k), ' mean ', &
            sum(real(tt(:, :, k), real64)) / size(tt(:, :, k))
    end do
    call file%close()
end program levels
