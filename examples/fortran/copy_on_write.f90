! SPDX-License-Identifier: MIT OR Apache-2.0
!> Changes a field in place: of a mapped record only the pages that are touched get copied, and the
!> file never changes.
program copy_on_write
    use, intrinsic :: iso_fortran_env, only: real32, real64
    use fstview, only: FST_ACCESS_MAP, fst_file_t, fst_view_t
    implicit none (type, external)
    type(fst_file_t) :: file
    type(fst_view_t) :: mine, theirs
    real(real32), pointer :: cube(:, :, :), stored(:, :, :)
    character(len=4096) :: path
    integer :: record

    call get_command_argument(1, path)
    call file%open(path, access=FST_ACCESS_MAP)  ! files above 1 GiB are mapped by themselves
    record = file%find_first(nomvar='CUBE')
    call file%view(record, mine, writable=.true.)
    call mine%get(cube)
    call report('as stored:', cube)
    cube(:, :, 1) = cube(:, :, 1) + 100
    call report('changed:  ', cube)
    call file%view(record, theirs)
    call theirs%get(stored)
    call report('the file: ', stored)
    call mine%release()
    call theirs%release()
    call file%close()

contains

    subroutine report(title, array)
        character(len=*), intent(in) :: title
        real(real32), intent(in) :: array(:, :, :)
        integer :: points

        points = size(array, 1) * size(array, 2)
        print '(2a, f12.6, a, f12.6)', title, ' level 1 ', &
            sum(real(array(:, :, 1), real64)) / points, ' level 2 ', &
            sum(real(array(:, :, 2), real64)) / points
    end subroutine report

end program copy_on_write
