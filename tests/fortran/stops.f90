! SPDX-License-Identifier: MIT OR Apache-2.0
!> Makes one mistake without `stat`: the program must stop with the message.
program stops
    use, intrinsic :: iso_fortran_env, only: real32, real64
    use checks, only: argument
    use fstview
    implicit none (type, external)

    type(fst_file_t) :: file
    type(fst_view_t) :: view
    type(fst_record_t) :: info
    real(real64), pointer :: wrong(:)
    real(real32) :: small(2)
    real(real32), allocatable :: stack(:, :, :), levels(:)
    integer, allocatable :: records(:)
    type(fst_view_t) :: views(2)
    type(fst_date_t) :: date
    type(fst_grid_t) :: grid
    real(real32) :: pair(120, 80, 2)
    character(len=20) :: errmsg

    if (argument(2) /= 'unopened') call file%open(argument(1))
    select case (argument(2))
    case ('missing file')
        call file%open('/nowhere/at all')
    case ('record')
        call file%view(0, view)
    case ('info')
        info = file%info(1000)
    case ('kind')
        call file%view(4, view)
        call view%get(wrong)
    case ('shape')
        call file%read(4, small)
    case ('released')
        print *, view%shape()
    case ('unopened')
        records = file%find(nomvar='TT')
    case ('long name')
        records = file%find(nomvar='TTTTT')
    case ('batch')
        call file%read_many([4, 194], pair)
    case ('batch of views')
        call file%view_many([4, 999], views)
    case ('levels')
        call file%read_levels(stack, levels, nomvar='NONE')
    case ('period')
        records = file%find(valid_from=date)
    case ('stamp')
        call fst_date_from_stamp(-2000000000, date)
    case ('grid')
        call file%grid(999, grid)
    case ('errmsg alone')
        call file%view(0, view, errmsg=errmsg)
    end select
    print '(a)', 'still running'
end program stops
