! SPDX-License-Identifier: MIT OR Apache-2.0
!> Latitude and longitude of a point of a field on a grid Z, whose axes are coordinates of a rotated
!> globe (grid E).
program grid_point
    use, intrinsic :: iso_fortran_env, only: real32, real64
    use fstview, only: fst_file_t, fst_grid_t, fst_view_t
    implicit none (type, external)
    real(real64), parameter :: DEGREE = acos(-1.0_real64) / 180
    integer, parameter :: I = 60, J = 40
    type(fst_file_t) :: file
    type(fst_grid_t) :: grid
    type(fst_view_t) :: view, x_view, y_view
    real(real32), pointer :: tt(:, :), x(:, :), y(:, :)
    real(real64) :: latitude, longitude
    character(len=4096) :: path
    integer :: record

    call get_command_argument(1, path)
    call file%open(path)
    record = file%find_first(nomvar='TT')
    call file%grid(record, grid)
    print '(4a)', 'grid ', grid%grtyp, ' of ', grid%ref_grtyp
    call file%view(record, view)
    call file%view(grid%x, x_view)
    call file%view(grid%y, y_view)
    call view%get(tt)
    call x_view%get(x)                       ! ni values, as an array of ni x 1
    call y_view%get(y)                       ! nj values, 1 x nj
    longitude = x(I, 1)
    latitude = y(1, J)
    if (grid%ref_grtyp == 'E') call from_rotated(real(grid%xg, real64), latitude, longitude)
    print '(2(a, i0), 2(a, f10.4), a, f12.6)', '(', I, ', ', J, '): latitude ', latitude, &
        ' longitude ', longitude, ' TT ', tt(I, J)
    call view%release()
    call x_view%release()
    call y_view%release()
    call file%close()

contains

    !> From the rotated globe: its equator runs through the centre, the first two of `xg`, at 180
    !> degrees, and through the point of the other two.
    subroutine from_rotated(xg, latitude, longitude)
        real(real64), intent(in) :: xg(4)
        real(real64), intent(inout) :: latitude, longitude
        real(real64) :: axes(3, 3), v(3)

        axes(:, 1) = -unit_vector(xg(1), xg(2))
        axes(:, 3) = cross(unit_vector(xg(1), xg(2)), unit_vector(xg(3), xg(4)))
        axes(:, 3) = axes(:, 3) / norm2(axes(:, 3))
        axes(:, 2) = cross(axes(:, 3), axes(:, 1))
        v = matmul(axes, unit_vector(latitude, longitude))
        latitude = atan2(v(3), hypot(v(1), v(2))) / DEGREE
        longitude = atan2(v(2), v(1)) / DEGREE
    end subroutine from_rotated

    pure function unit_vector(latitude, longitude) result(v)
        real(real64), intent(in) :: latitude, longitude
        real(real64) :: v(3)

        v = [cos(latitude * DEGREE) * cos(longitude * DEGREE), &
            cos(latitude * DEGREE) * sin(longitude * DEGREE), sin(latitude * DEGREE)]
    end function unit_vector

    pure function cross(a, b) result(v)
        real(real64), intent(in) :: a(3), b(3)
        real(real64) :: v(3)

        v = [a(2) * b(3) - a(3) * b(2), a(3) * b(1) - a(1) * b(3), a(1) * b(2) - a(2) * b(1)]
    end function cross

end program grid_point
