! SPDX-License-Identifier: MIT OR Apache-2.0
!> Unsigned records: bits through pointers, values through `read`, never a silent negative.
program unsigned
    use, intrinsic :: iso_fortran_env, only: int8, int16, int32, int64, real64
    use checks
    use fstview
    implicit none (type, external)

    type(fst_file_t) :: file
    type(fst_record_t) :: info
    integer :: record, small, large

    small = 0
    large = 0
    call file%open(argument(1))
    do record = 1, file%record_count()
        info = file%info(record)
        select case (info%dtype)
        case (FST_DTYPE_U8)
            call try_8(record, info%array_bytes / 1)
        case (FST_DTYPE_U16)
            call try_16(record, info%array_bytes / 2)
        case (FST_DTYPE_U32)
            call try_32(record, info%array_bytes / 4)
        case (FST_DTYPE_U64)
            call try_64(record, info%array_bytes / 8)
        end select
    end do
    call check(small > 0 .and. large > 0, 'there are values of both sorts')
    call file%close()
    call conclude()

contains

    !> What reading into the same width must say.
    subroutine check_same_width(stat, errmsg, fits, part)
        integer, intent(in) :: stat
        character(len=*), intent(in) :: errmsg, part
        logical, intent(in) :: fits

        if (fits) then
            small = small + 1
            call check(stat == 0, 'values that fit are read')
        else
            large = large + 1
            call check_failure(stat, errmsg, FST_ERR_TYPE_MISMATCH, part, 'values do not fit')
        end if
    end subroutine check_same_width

    subroutine try_8(record, n)
        integer, intent(in) :: record
        integer(int64), intent(in) :: n
        type(fst_view_t) :: view
        integer(int8), pointer :: bits(:)
        integer(int8) :: own(n), wide(2 * n)
        integer(int16) :: wider(n)
        integer(int64) :: widest(n)
        character(len=200) :: errmsg
        integer :: stat

        call file%view(record, view)
        call view%get(bits)
        call file%read(record, wider)
        call check(all(wider == iand(int(bits, int16), 255_int16)), '8 bits in 16')
        call file%read(record, widest)
        call check(all(widest == wider), '8 bits in 64')
        call file%read(record, own, stat, errmsg)
        call check_same_width(stat, errmsg, all(bits >= 0), &
            'unsigned 8-bit integer fits in integer(int8)')
        if (stat == 0) call check(all(own == bits), '8 bits in 8')
        call file%read(record, wide(::2), stat, errmsg)
        call check((stat == 0) .eqv. all(bits >= 0), '8 bits in a section')
    end subroutine try_8

    subroutine try_16(record, n)
        integer, intent(in) :: record
        integer(int64), intent(in) :: n
        type(fst_view_t) :: view
        integer(int16), pointer :: bits(:)
        integer(int32), pointer :: widened(:)
        integer(int16) :: own(n)
        integer(int32) :: wider(n)
        character(len=200) :: errmsg
        integer :: stat

        call file%view(record, view)
        call view%get(bits)
        call file%read(record, wider)
        call check(all(wider == iand(int(bits, int32), 65535_int32)), '16 bits in 32')
        call file%read(record, own, stat, errmsg)
        call check_same_width(stat, errmsg, all(bits >= 0), &
            'unsigned 16-bit integer fits in integer(int16)')
        if (stat == 0) call check(all(own == bits), '16 bits in 16')
        call file%view(record, view, dtype=FST_DTYPE_I32)
        call view%get(widened)
        call check(all(widened == wider), 'a widened view')
    end subroutine try_16

    subroutine try_32(record, n)
        integer, intent(in) :: record
        integer(int64), intent(in) :: n
        type(fst_view_t) :: view
        integer(int32), pointer :: bits(:)
        integer(int32) :: own(n)
        integer(int64) :: wider(n)
        real(real64) :: reals(n)
        character(len=200) :: errmsg
        integer :: stat

        call file%view(record, view)
        call view%get(bits)
        call file%read(record, wider)
        call check(all(wider == iand(int(bits, int64), 4294967295_int64)), '32 bits in 64')
        call file%read(record, reals)
        call check(all(int(reals, int64) == wider), '32 bits in real64')
        call file%read(record, own, stat, errmsg)
        call check_same_width(stat, errmsg, all(bits >= 0), &
            'unsigned 32-bit integer fits in integer(int32)')
        if (stat == 0) call check(all(own == bits), '32 bits in 32')
    end subroutine try_32

    subroutine try_64(record, n)
        integer, intent(in) :: record
        integer(int64), intent(in) :: n
        type(fst_view_t) :: view
        integer(int64), pointer :: bits(:)
        integer(int64) :: own(n)
        character(len=200) :: errmsg
        integer :: stat

        call file%view(record, view)
        call view%get(bits)
        call file%read(record, own, stat, errmsg)
        call check_same_width(stat, errmsg, all(bits >= 0), &
            'unsigned 64-bit integer fits in integer(int64)')
        if (stat == 0) call check(all(own == bits), '64 bits in 64')
    end subroutine try_64

end program unsigned
