! SPDX-License-Identifier: MIT OR Apache-2.0
!> Hands a mapped record to a fixed-form FORTRAN 77 subroutine (legacy77.f) that has no explicit
!> interface: no byte is copied, so the address that it sees is that in the file's mapping.
!>
!>     gfortran legacy.f90 legacy77.f …
program legacy
    use, intrinsic :: iso_c_binding, only: c_intptr_t
    use, intrinsic :: iso_fortran_env, only: int64, real32, real64
    use fstview, only: FST_ACCESS_MAP, FST_ORIGIN_MAPPED, fst_file_t, fst_view_t
    implicit none
    external :: moyenne
    type(fst_file_t) :: file
    type(fst_view_t) :: view
    real(real32), pointer :: me(:, :)
    real(real64) :: mean
    character(len=4096) :: path
    integer(int64) :: seen

    call get_command_argument(1, path)
    call file%open(path, access=FST_ACCESS_MAP)
    call file%view(file%find_first(nomvar='ME'), view)
    call view%get(me)
    ! A whole record is contiguous, so compilers pass the array itself.
    call moyenne(me, size(me, 1), size(me, 2), mean, seen)
    print '(a, l1)', 'memory of the file itself: ', view%origin() == FST_ORIGIN_MAPPED
    print '(a, l1)', 'received at its address:   ', &
        seen == transfer(view%address(), 0_c_intptr_t)
    print '(a, f12.6)', 'mean ', mean
    call view%release()
    call file%close()
end program legacy

!> Where an array lies. FORTRAN 77 itself cannot say that.
subroutine whereis(array, address)
    use, intrinsic :: iso_c_binding, only: c_intptr_t, c_loc
    use, intrinsic :: iso_fortran_env, only: int64, real32
    implicit none (type, external)
    real(real32), intent(in), target :: array(*)
    integer(int64), intent(out) :: address

    address = transfer(c_loc(array), 0_c_intptr_t)
end subroutine whereis
