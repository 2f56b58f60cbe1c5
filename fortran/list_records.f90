! SPDX-License-Identifier: MIT OR Apache-2.0

!> Lists the records of a standard file with the minimum, maximum and mean of each.
!>
!>     list_records FILE
!>
!> The same program in C is list_records.c, in Python list_records.py: their output is equal to
!> the last byte. Records are counted from 0 in it.
program list_records
    use, intrinsic :: ieee_arithmetic, only: ieee_is_finite, ieee_is_nan, ieee_quiet_nan, &
        ieee_value
    use, intrinsic :: iso_fortran_env, only: error_unit, int8, int16, int32, int64, &
        output_unit, real32, real64
    use fstview
    implicit none (type, external)

    !> What the values of a record come to.
    type :: summary_t
        integer(int64) :: n = 0
        real(real64) :: smallest = 0
        real(real64) :: largest = 0
        real(real64) :: total = 0
        logical :: any_nan = .false.
    end type summary_t

    character(len=*), parameter :: header = 'record nomvar typvar etiket       level            ' &
        // '     dateo      datev           ni x nj x nk     type bits              min          ' &
        // '    max             mean'

    type(fst_file_t) :: file
    character(len=4096) :: path
    integer :: length, record, status

    call get_command_argument(1, path, length, status)
    if (command_argument_count() /= 1 .or. status /= 0) then
        write (error_unit, '(a)') 'usage: list_records FILE'
        stop 2, quiet=.true.
    end if
    call file%open(path)
    write (output_unit, '(a)') header
    do record = 1, file%record_count()
        call list(record)
    end do
    write (output_unit, '(a)') number(file%record_count()) // ' records'
    call file%close()

contains

    !> One line.
    subroutine list(record)
        integer, intent(in) :: record
        type(fst_record_t) :: info
        type(fst_view_t) :: view
        type(summary_t) :: summary
        character(len=16) :: values(3)
        integer :: status

        info = file%info(record)
        values = '-'
        call file%view(record, view, stat=status)
        if (status /= 0) then
            values(1) = 'refused'
        else if (view%dtype() == FST_DTYPE_CHAR) then
            values(1) = 'text'
        else
            summary = summary_of(view)
            values(1) = real_text(summary%smallest)
            values(2) = real_text(summary%largest)
            values(3) = real_text(summary%total / real(summary%n, real64))
        end if
        write (output_unit, '(*(a))') right(number(record - 1), 6), ' ', left(info%nomvar, 6), &
            ' ', left(info%typvar, 6), ' ', left(info%etiket, 12), ' ', &
            left(adjustl(fst_ip_text(info%ip1)), 15), ' ', right(number(info%dateo), 11), ' ', &
            right(number(info%datev), 11), ' ', &
            right(extent(info%ni) // 'x' // extent(info%nj) // 'x' // extent(info%nk), 20), ' ', &
            right(number(info%data_type), 4), ' ', right(number(info%pack_bits), 4), ' ', &
            right(trim(values(1)), 16), ' ', right(trim(values(2)), 16), ' ', &
            right(trim(values(3)), 16)
        call view%release()
    end subroutine list

    !> The values of a view, whatever their type: each pointer is the array itself.
    function summary_of(view) result(summary)
        type(fst_view_t), intent(in) :: view
        type(summary_t) :: summary
        real(real32), pointer :: r32(:)
        real(real64), pointer :: r64(:)
        integer(int8), pointer :: i8(:)
        integer(int16), pointer :: i16(:)
        integer(int32), pointer :: i32(:)
        integer(int64), pointer :: i64(:)
        complex(real32), pointer :: c32(:)
        complex(real64), pointer :: c64(:)
        integer(int64) :: i

        select case (view%dtype())
        case (FST_DTYPE_F32)
            call view%get(r32)
            do i = 1, size(r32, kind=int64)
                call add(summary, real(r32(i), real64))
            end do
        case (FST_DTYPE_F64)
            call view%get(r64)
            do i = 1, size(r64, kind=int64)
                call add(summary, r64(i))
            end do
        case (FST_DTYPE_I8)
            call view%get(i8)
            do i = 1, size(i8, kind=int64)
                call add(summary, real(i8(i), real64))
            end do
        case (FST_DTYPE_U8)
            call view%get(i8)
            do i = 1, size(i8, kind=int64)
                call add(summary, real(iand(int(i8(i), int32), 255_int32), real64))
            end do
        case (FST_DTYPE_I16)
            call view%get(i16)
            do i = 1, size(i16, kind=int64)
                call add(summary, real(i16(i), real64))
            end do
        case (FST_DTYPE_U16)
            call view%get(i16)
            do i = 1, size(i16, kind=int64)
                call add(summary, real(iand(int(i16(i), int32), 65535_int32), real64))
            end do
        case (FST_DTYPE_I32)
            call view%get(i32)
            do i = 1, size(i32, kind=int64)
                call add(summary, real(i32(i), real64))
            end do
        case (FST_DTYPE_U32)
            call view%get(i32)
            do i = 1, size(i32, kind=int64)
                call add(summary, real(iand(int(i32(i), int64), 4294967295_int64), real64))
            end do
        case (FST_DTYPE_I64)
            call view%get(i64)
            do i = 1, size(i64, kind=int64)
                call add(summary, real(i64(i), real64))
            end do
        case (FST_DTYPE_U64)
            call view%get(i64)
            do i = 1, size(i64, kind=int64)
                call add(summary, unsigned(i64(i)))
            end do
        case (FST_DTYPE_C64)
            call view%get(c32)
            do i = 1, size(c32, kind=int64)
                call add(summary, hypot(real(c32(i)%re, real64), real(c32(i)%im, real64)))
            end do
        case (FST_DTYPE_C128)
            call view%get(c64)
            do i = 1, size(c64, kind=int64)
                call add(summary, hypot(c64(i)%re, c64(i)%im))
            end do
        end select
        if (summary%any_nan) then
            summary%smallest = ieee_value(summary%smallest, ieee_quiet_nan)
            summary%largest = summary%smallest
            summary%total = summary%smallest
        end if
    end function summary_of

    !> One value more.
    subroutine add(summary, value)
        type(summary_t), intent(inout) :: summary
        real(real64), intent(in) :: value

        if (ieee_is_nan(value)) summary%any_nan = .true.
        if (summary%n == 0 .or. value < summary%smallest) summary%smallest = value
        if (summary%n == 0 .or. value > summary%largest) summary%largest = value
        summary%total = summary%total + value
        summary%n = summary%n + 1
    end subroutine add

    !> The value of an unsigned integer of which Fortran sees the bits: half of it, with what is
    !> cut off kept for rounding, is a signed integer.
    pure function unsigned(bits) result(value)
        integer(int64), intent(in) :: bits
        real(real64) :: value

        if (bits >= 0) then
            value = real(bits, real64)
        else
            value = 2 * real(ior(shiftr(bits, 1), iand(bits, 1_int64)), real64)
        end if
    end function unsigned

    !> A value with 8 significant digits and 3 digits of exponent.
    function real_text(value) result(text)
        real(real64), intent(in) :: value
        character(len=16) :: text

        if (ieee_is_nan(value)) then
            text = 'nan'
        else if (ieee_is_finite(value)) then
            write (text, '(es16.7e3)') value
            text = adjustl(text)
        else
            text = merge('inf ', '-inf', value > 0)
        end if
    end function real_text

    pure function number(value) result(text)
        integer, intent(in) :: value
        character(len=:), allocatable :: text

        text = extent(int(value, int64))
    end function number

    pure function extent(value) result(text)
        integer(int64), intent(in) :: value
        character(len=:), allocatable :: text
        character(len=20) :: digits

        write (digits, '(i0)') value
        text = trim(digits)
    end function extent

    !> At least `width` characters, blanks before the text.
    pure function right(text, width) result(padded)
        character(len=*), intent(in) :: text
        integer, intent(in) :: width
        character(len=:), allocatable :: padded

        padded = repeat(' ', max(width - len(text), 0)) // text
    end function right

    !> `width` characters, blanks behind the text.
    pure function left(text, width) result(padded)
        character(len=*), intent(in) :: text
        integer, intent(in) :: width
        character(len=width) :: padded

        padded = text
    end function left

end program list_records
