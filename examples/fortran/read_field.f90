! SPDX-License-Identifier: MIT OR Apache-2.0
!> Reads one field: opens a file, finds a record, looks at its attributes and its array.
program read_field
    use, intrinsic :: iso_fortran_env, only: real32, real64
    use fstview, only: fst_file_t, fst_record_t, fst_view_t
    implicit none (type, external)
    type(fst_file_t) :: file
    type(fst_view_t) :: view
    type(fst_record_t) :: info
    real(real32), pointer :: tt(:, :)
    character(len=4096) :: path
    integer :: record

    call get_command_argument(1, path)
    call file%open(path)                     ! without stat: a failure stops with the message
    record = file%find_first(nomvar='TT')    ! counted from 1; 0: there is none
    info = file%info(record)
    print '(a, 1x, a, 1x, i0, a, i0)', trim(info%nomvar), trim(info%etiket), info%ni, ' x ', info%nj

    ! The array belongs to the view, and is valid until that is released, also after the close.
    call file%view(record, view)
    call file%close()
    call view%get(tt)
    print '(3(a, f12.6))', 'minimum ', minval(tt), ' maximum ', maxval(tt), ' mean ', &
        sum(real(tt, real64)) / size(tt)
    call view%release()
end program read_field
