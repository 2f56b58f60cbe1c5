! SPDX-License-Identifier: MIT OR Apache-2.0
!> The grid of a record, and the records that describe it.
program grids
    use, intrinsic :: iso_fortran_env, only: int64, real32, real64
    use checks
    use fstview
    implicit none (type, external)

    type(fst_file_t) :: file
    character(len=4096) :: paths(2)

    paths(1) = argument(1) // '/model.rsf'
    paths(2) = argument(1) // '/model.fst'
    call file%open(paths(1))
    call every_field(3)
    call axes()
    call mistakes()
    call file%open(paths(2))
    call every_field(3)
    call file%open(paths)
    call every_field(3)
    call file%open(argument(1) // '/semantics/query.rsf')
    call other_grids()
    call file%close()
    call conclude()

contains

    !> All fields of the model are on one grid, which the first records describe.
    subroutine every_field(descriptors)
        integer, intent(in) :: descriptors
        type(fst_grid_t) :: grid
        type(fst_record_t) :: info
        integer :: record

        do record = descriptors + 1, 194
            info = file%info(record)
            call file%grid(record, grid)
            call check(grid%grtyp == info%grtyp .and. grid%ref_grtyp == 'E', 'types of grid')
            call check(grid%x == 1 .and. grid%y == 2 .and. grid%vertical == 3, 'descriptors')
            call check(all([grid%yin_yang, grid%mesh, grid%projection, grid%transform] == 0), &
                'descriptors of other grids')
            call check(all(abs(grid%xg - [0.0, 180.0, 0.0, 270.0]) <= 0), 'parameters')
            call check(all(abs(grid%xg_yang) <= 0), 'parameters of a second panel')
            call check(grid%flags == FST_GRID_HAS_PARAMETERS, 'flags')
            call check(grid%panels == 1 .and. grid%tile_i == 0 .and. grid%tile_j == 0, 'panels')
            if (grid%mask /= 0) call check(file_typvar(grid%mask) == '@@', 'a mask')
        end do
    end subroutine every_field

    function file_typvar(record) result(typvar)
        integer, intent(in) :: record
        character(len=2) :: typvar
        type(fst_record_t) :: info

        info = file%info(record)
        typvar = info%typvar
    end function file_typvar

    !> The numbers are those that `read` takes.
    subroutine axes()
        type(fst_grid_t) :: grid
        type(fst_record_t) :: info
        real(real32) :: x(120), y(80)
        integer :: stat
        character(len=20) :: errmsg

        errmsg = 'untouched'
        call file%grid(file%find_first(nomvar='TT'), grid, stat, errmsg)
        call check(stat == 0 .and. errmsg == 'untouched', 'a grid')
        info = file%info(grid%x)
        call check(info%nomvar == '>>', 'name of the x axis')
        call file%read(grid%x, x)
        call check(all(x(2:) > x(:119)), 'the x axis')
        info = file%info(grid%y)
        call check(info%nomvar == '^^', 'name of the y axis')
        call file%read(grid%y, y)
        call check(all(y(2:) > y(:79)), 'the y axis')
        call file%grid(1, grid)
        call check(grid%ref_grtyp == 'E' .and. grid%x == 0, 'a descriptor has no axes')
    end subroutine axes

    subroutine mistakes()
        type(fst_grid_t) :: grid
        type(fst_file_t) :: never
        integer :: stat
        character(len=200) :: errmsg

        grid%x = 7
        call file%grid(0, grid, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, 'record 0', 'record 0')
        call file%grid(195, grid, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_OUT_OF_RANGE, 'record 195 counted', 'record 195')
        call never%grid(1, grid, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'no file is open', 'never open')
        call check(grid%x == 7, 'a failure leaves the grid alone')
    end subroutine mistakes

    !> Grids without descriptors, and with missing ones.
    subroutine other_grids()
        type(fst_grid_t) :: grid
        type(fst_record_t) :: info
        integer :: missing, record, stat
        character(len=400) :: errmsg

        missing = 0
        do record = 1, file%record_count()
            info = file%info(record)
            call file%grid(record, grid, stat, errmsg)
            if (stat == FST_ERR_NOT_FOUND) then
                missing = missing + 1
                call check(index(errmsg, 'counted from 1)') > 0, 'what is missing')
            else
                call check(stat == 0 .and. grid%grtyp == info%grtyp, 'a grid of its own')
            end if
        end do
        call check(missing > 0 .and. missing < 300, 'some descriptors are missing')
    end subroutine other_grids

end program grids
