! SPDX-License-Identifier: MIT OR Apache-2.0
!> Missing values as NaN: how many there are, where the first one is, and the mean of the others.
program missing
    use, intrinsic :: ieee_arithmetic, only: ieee_is_nan
    use, intrinsic :: iso_fortran_env, only: real32, real64
    use fstview, only: FST_MISSING_NAN, fst_file_t, fst_view_t
    implicit none (type, external)
    type(fst_file_t) :: file
    type(fst_view_t) :: view
    real(real32), pointer :: field(:, :)
    logical, allocatable :: absent(:, :)
    character(len=4096) :: path
    integer :: first(2)

    call get_command_argument(1, path)
    call file%open(path, missing=FST_MISSING_NAN)
    ! 65: "R" packing, with the flag 64 for missing values.
    call file%view(file%find_first(nomvar='M1', ni=41, data_type=65, pack_bits=16), view)
    call view%get(field)
    absent = ieee_is_nan(field)
    first = findloc(absent, .true.)
    print '(2(i0, a), 2(i0, a))', count(absent), ' of ', size(field), &
        ' values are missing, the first at (', first(1), ', ', first(2), ')'
    print '(a, f12.6)', 'mean of the others ', &
        sum(real(field, real64), mask=.not. absent) / count(.not. absent)
    call view%release()
    call file%close()
end program missing
