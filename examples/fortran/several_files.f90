! SPDX-License-Identifier: MIT OR Apache-2.0
!> Several files as one: record numbers run on, and searches see all of them.
program several_files
    use, intrinsic :: iso_fortran_env, only: real32, real64
    use fstview, only: fst_file_t, fst_record_t
    implicit none (type, external)
    type(fst_file_t) :: file
    type(fst_record_t) :: info
    character(len=1024), allocatable :: paths(:)
    real(real32), allocatable :: pn(:, :)
    integer, allocatable :: records(:)
    integer :: i

    allocate(paths(command_argument_count()))
    do i = 1, size(paths)
        call get_command_argument(i, paths(i))
    end do
    call file%open(paths)
    print '(i0, a, i0, a)', size(paths), ' files, ', file%record_count(), ' records'
    records = file%find(nomvar='PN')
    do i = 1, size(records)
        info = file%info(records(i))
        if (allocated(pn)) deallocate(pn)
        allocate(pn(info%ni, info%nj))
        call file%read(records(i), pn)       ! into an array of one's own
        print '(4a, i0, a, f12.6)', trim(paths(info%file_number)), ' ', trim(info%nomvar), &
            ' ip2 ', info%ip2, ' mean ', sum(real(pn, real64)) / size(pn)
    end do
    call file%close()
end program several_files
