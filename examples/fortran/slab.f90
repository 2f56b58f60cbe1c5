! SPDX-License-Identifier: MIT OR Apache-2.0
!> Part of a field that need not fit in memory: only the bytes of the slab are read.
program slab
    use, intrinsic :: iso_fortran_env, only: int64, real32, real64
    use fstview, only: FST_ACCESS_READ, fst_file_t, fst_record_t, fst_view_t
    implicit none (type, external)
    type(fst_file_t) :: file
    type(fst_view_t) :: view
    type(fst_record_t) :: info
    real(real32), pointer :: part(:, :)
    character(len=4096) :: path
    integer(int64) :: bytes_read
    integer :: record

    call get_command_argument(1, path)
    call file%open(path, access=FST_ACCESS_READ)
    record = file%find_first(nomvar='CUBE')
    ! Elements 11 to 30 along i and 6 to 15 along j of level 3.
    call file%view(record, view, start=[11, 6, 3], count=[20, 10, 1])
    call view%get(part)
    print '(i0, a, i0, 2(a, f12.6))', size(part, 1), ' x ', size(part, 2), ', first ', &
        part(1, 1), ' mean ', sum(real(part, real64)) / size(part)

    info = file%info(record)
    call file%stats(bytes_read=bytes_read)
    print '(2a)', 'less than a tenth of the field was read: ', &
        merge('yes', 'no ', bytes_read < info%array_bytes / 10)
    call view%release()
    call file%close()
end program slab
