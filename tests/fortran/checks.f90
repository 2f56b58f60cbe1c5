! SPDX-License-Identifier: MIT OR Apache-2.0
!> What the test programs share.
module checks
    use, intrinsic :: iso_fortran_env, only: error_unit, int8, int32, int64
    use fstview
    implicit none (type, external)
    private
    public :: argument, check, check_equal, check_failure, conclude, crc32, live_views, number

    integer :: failures = 0

contains

    !> Remembers what does not hold.
    subroutine check(condition, text)
        logical, intent(in) :: condition
        character(len=*), intent(in) :: text

        if (condition) return
        !$omp critical
        write (error_unit, '(a)') 'fails: ' // text
        failures = failures + 1
        !$omp end critical
    end subroutine check

    subroutine check_equal(found, expected, text)
        integer(int64), intent(in) :: found, expected
        character(len=*), intent(in) :: text

        call check(found == expected, text // ': ' // number(found) // ', expected ' &
            // number(expected))
    end subroutine check_equal

    !> A call failed with that status, and the message has that part.
    subroutine check_failure(stat, errmsg, status, part, text)
        integer, intent(in) :: stat, status
        character(len=*), intent(in) :: errmsg, part, text

        call check(stat == status, text // ': status ' // trim(fst_status_text(stat)) &
            // ', expected ' // trim(fst_status_text(status)))
        call check(index(errmsg, part) > 0, text // ': message "' // trim(errmsg) &
            // '", expected "' // part // '" in it')
    end subroutine check_failure

    !> Ends the program: with an error when something did not hold.
    subroutine conclude()
        if (failures > 0) then
            write (error_unit, '(i0, a)') failures, ' checks failed'
            error stop 1, quiet=.true.
        end if
        print '(a)', 'all checks hold'
    end subroutine conclude

    function number(value) result(text)
        integer(int64), intent(in) :: value
        character(len=:), allocatable :: text
        character(len=20) :: digits

        write (digits, '(i0)') value
        text = trim(digits)
    end function number

    function argument(position) result(text)
        integer, intent(in) :: position
        character(len=:), allocatable :: text
        character(len=4096) :: value

        call get_command_argument(position, value)
        text = trim(value)
    end function argument

    !> Views of a file that have not been given back.
    function live_views(file) result(count)
        type(fst_file_t), intent(in) :: file
        integer(int64) :: count

        call file%stats(live_views=count)
    end function live_views

    pure function crc32(bytes) result(crc)
        integer(int8), intent(in) :: bytes(:)
        integer(int32) :: crc
        integer(int32) :: table(0:255), entry
        integer(int64) :: i
        integer :: bit, n
        ! EDB88320 as a signed number.
        integer(int32), parameter :: polynomial = -306674912

        do n = 0, 255
            entry = n
            do bit = 1, 8
                if (btest(entry, 0)) then
                    entry = ieor(shiftr(entry, 1), polynomial)
                else
                    entry = shiftr(entry, 1)
                end if
            end do
            table(n) = entry
        end do
        crc = not(0_int32)
        do i = 1, size(bytes, kind=int64)
            crc = ieor(shiftr(crc, 8), table(iand(ieor(crc, int(bytes(i), int32)), 255_int32)))
        end do
        crc = not(crc)
    end function crc32

end module checks
