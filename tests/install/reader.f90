! SPDX-License-Identifier: MIT OR Apache-2.0
! Built against an installed fstview: prints the number of records and the mean of the first TT.
program reader
    use, intrinsic :: iso_fortran_env, only: real32, real64
    use fstview, only: fst_file_t, fst_view_t
    implicit none (type, external)
    type(fst_file_t) :: file
    type(fst_view_t) :: view
    real(real32), pointer :: tt(:, :)
    character(len=4096) :: path

    call get_command_argument(1, path)
    call file%open(path)
    call file%view(file%find_first(nomvar='TT'), view)
    call view%get(tt)
    print '(i0, a, f8.6)', file%record_count(), ' records, mean ', &
        sum(real(tt, real64)) / size(tt)
    call view%release()
    call file%close()
end program reader
