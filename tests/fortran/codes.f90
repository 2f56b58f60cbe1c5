! SPDX-License-Identifier: MIT OR Apache-2.0
!> Dates and stamps, level and time codes.
program codes
    use, intrinsic :: iso_fortran_env, only: int64, real32, real64
    use checks
    use fstview
    implicit none (type, external)

    call dates()
    call impossible_dates()
    call arithmetic()
    call levels()
    call wrong_levels()
    call calendars()
    call triplets()
    call intervals()
    call conclude()

contains

    subroutine dates()
        type(fst_date_t) :: date
        character(len=200) :: errmsg
        integer :: stamp, stat

        errmsg = 'untouched'
        call fst_stamp_from_date(fst_date_t(2024, 2, 29, 12, 30, 15), stamp, stat, errmsg)
        call check(stat == 0 .and. errmsg == 'untouched', 'a stamp')
        call fst_date_from_stamp(stamp, date, stat, errmsg)
        call check(stat == 0 .and. errmsg == 'untouched', 'a date')
        call check(same(date, fst_date_t(2024, 2, 29, 12, 30, 15)), 'there and back')
        call fst_stamp_from_date(fst_date_t(2024, 2, 29, 12, 30, 19), stamp)
        call fst_date_from_stamp(stamp, date)
        call check(date%second == 15 .or. date%second == 20, 'steps of 5 seconds')
        call fst_stamp_from_date(fst_date_t(1980, 1, 1), stamp)
        call fst_date_from_stamp(stamp, date)
        call check(same(date, fst_date_t(1980, 1, 1)), 'the first of 1980')
        call fst_stamp_from_date(fst_date_t(1850, 6, 1, 18), stamp)
        call check(stamp < 0, 'a stamp of the extended range')
        call fst_date_from_stamp(stamp, date)
        call check(same(date, fst_date_t(1850, 6, 1, 18)), 'long ago')
    end subroutine dates

    subroutine impossible_dates()
        type(fst_date_t) :: date
        type(fst_date_t), parameter :: impossible(7) = [fst_date_t(), fst_date_t(2023, 2, 29), &
            fst_date_t(2023, 13, 1), fst_date_t(2023, 4, 31), fst_date_t(2023, 4, 1, 24), &
            fst_date_t(2023, 4, 1, 0, 60), fst_date_t(10000, 1, 1)]
        character(len=200) :: errmsg
        integer :: i, stamp, stat

        do i = 1, size(impossible)
            stamp = 7
            call fst_stamp_from_date(impossible(i), stamp, stat, errmsg)
            call check(stat == FST_ERR_INVALID_ARGUMENT, 'date ' // number(int(i, int64)))
            call check(stamp == 7, 'a failure leaves the stamp alone')
        end do
        call fst_stamp_from_date(impossible(2), stamp, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, '2023-02-29', 'a day too many')
        date = fst_date_t(1, 2, 3)
        call fst_date_from_stamp(-2000000000, date, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, '-2000000000', 'no date')
        call check(same(date, fst_date_t(1, 2, 3)), 'a failure leaves the date alone')
    end subroutine impossible_dates

    subroutine arithmetic()
        type(fst_date_t) :: date
        real(real64) :: hours
        character(len=200) :: errmsg
        integer :: stamp, later, stat

        call fst_stamp_from_date(fst_date_t(2023, 12, 31, 21), stamp)
        call fst_stamp_add_hours(stamp, 4.5_real64, later)
        call fst_date_from_stamp(later, date)
        call check(same(date, fst_date_t(2024, 1, 1, 1, 30)), 'over the end of the year')
        call fst_stamp_difference(later, stamp, hours)
        call check(abs(hours - 4.5) <= 0, 'difference')
        call fst_stamp_difference(stamp, later, hours, stat, errmsg)
        call check(stat == 0 .and. abs(hours + 4.5) <= 0, 'difference backwards')
        call fst_stamp_add_hours(later, -4.5_real64, later, stat, errmsg)
        call check(stat == 0 .and. later == stamp, 'backwards, in place')
        call fst_stamp_add_hours(-2000000000, 1.0_real64, later, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, '-2000000000', 'no stamp')
        call fst_stamp_add_hours(stamp, 1e30_real64, later, stat, errmsg)
        call check(stat == FST_ERR_INVALID_ARGUMENT, 'beyond all years')
        call check(later == stamp, 'a failure leaves the stamp alone')
        call fst_stamp_difference(stamp, -2000000000, hours, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, '-2000000000', 'no difference')
        call check(abs(hours + 4.5) <= 0, 'a failure leaves the hours alone')
    end subroutine arithmetic

    subroutine levels()
        integer, parameter :: kinds(12) = [FST_KIND_HEIGHT, FST_KIND_SIGMA, FST_KIND_PRESSURE, &
            FST_KIND_ARBITRARY, FST_KIND_HEIGHT_ABOVE_GROUND, FST_KIND_HYBRID, FST_KIND_THETA, &
            FST_KIND_DEPTH, FST_KIND_TIME, FST_KIND_INTEGER, FST_KIND_INDEX, &
            FST_KIND_HYBRID_HEIGHT]
        real(real32) :: value
        character(len=200) :: errmsg
        integer :: i, ip, kind, stat

        call fst_ip_decode(93423264, value, kind)
        call check(kind == FST_KIND_HYBRID .and. abs(value - 1) <= 0, 'hybrid 1')
        call fst_ip_decode(500, value, kind)
        call check(kind == FST_KIND_PRESSURE .and. abs(value - 500) <= 0, 'an old code')
        call fst_ip_encode(1.0, FST_KIND_HYBRID, ip)
        call check(ip == 93423264, 'hybrid 1 as a code')
        errmsg = 'untouched'
        call fst_ip_encode(500.0, FST_KIND_PRESSURE, ip, FST_IP_OLD_STYLE, stat, errmsg)
        call check(stat == 0 .and. errmsg == 'untouched' .and. ip == 500, 'of the old style')
        call fst_ip_encode(500.0, FST_KIND_PRESSURE, ip, style=FST_IP_NEW_STYLE)
        call check(ip > 32767, 'of the new style')
        do i = 1, size(kinds)
            call fst_ip_encode(1.0, kinds(i), ip)
            call fst_ip_decode(ip, value, kind)
            call check(kind == kinds(i) .and. abs(value - 1) <= 0, &
                'kind ' // number(int(kinds(i), int64)))
        end do
    end subroutine levels

    subroutine wrong_levels()
        real(real32) :: value
        character(len=200) :: errmsg
        integer :: ip, kind, stat

        value = 7
        kind = 7
        call fst_ip_decode(150994949, value, kind, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, '150994949', 'no meaning')
        call check(kind == 7 .and. abs(value - 7) <= 0, 'a failure leaves them alone')
        ip = 7
        call fst_ip_encode(1.0, 99, ip, stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'kind 99', 'an unknown kind')
        call fst_ip_encode(0.5, FST_KIND_HYBRID, ip, FST_IP_OLD_STYLE, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'old-style', 'a newer kind')
        call fst_ip_encode(1.0, FST_KIND_HYBRID, ip, 17, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, '17', 'an unknown style')
        call check(ip == 7, 'a failure leaves the code alone')
    end subroutine wrong_levels

    subroutine calendars()
        type(fst_date_t) :: date
        real(real64) :: hours
        character(len=200) :: errmsg
        integer :: february, march, later, stat

        call fst_stamp_from_date(fst_date_t(2024, 2, 28), february)
        call fst_stamp_from_date(fst_date_t(2024, 3, 1), march)
        call fst_stamp_difference(march, february, hours)
        call check(abs(hours - 48) <= 0, 'a leap year')
        call fst_stamp_difference(march, february, hours, calendar=FST_CALENDAR_365_DAY)
        call check(abs(hours - 24) <= 0, 'a year of 365 days')
        call fst_stamp_difference(march, february, hours, calendar=FST_CALENDAR_360_DAY)
        call check(abs(hours - 24) <= 0, 'a year of 360 days')
        call fst_stamp_add_hours(february, 24.0_real64, later, calendar=FST_CALENDAR_365_DAY)
        call check(later == march, 'no February 29')
        call fst_stamp_add_hours(february, 24.0_real64, later, stat, errmsg, &
            FST_CALENDAR_GREGORIAN)
        call fst_date_from_stamp(later, date)
        call check(stat == 0 .and. same(date, fst_date_t(2024, 2, 29)), 'February 29')
        call fst_stamp_add_hours(february, 1.0_real64, later, stat, errmsg, 7)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'calendar 7', 'no calendar')
        call fst_stamp_difference(march, february, hours, stat, errmsg, -1)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'calendar -1', 'no calendar')
        call fst_stamp_from_date(fst_date_t(2024, 2, 28, 6), later, extended=.true.)
        call check(later < 0, 'an extended stamp')
        call fst_date_from_stamp(later, date)
        call check(same(date, fst_date_t(2024, 2, 28, 6)), 'an extended stamp, back')
        call fst_stamp_from_date(fst_date_t(2023, 2, 29), later, stat, errmsg, .true.)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, '2023-02-29', 'a day too many')
    end subroutine calendars

    subroutine triplets()
        type(fst_level_t) :: values(3)
        character(len=200) :: errmsg
        integer :: ip(3), guesses, stat

        guesses = 7
        call fst_ip_encode_triplet([fst_level_t(500.0, FST_KIND_PRESSURE), &
            fst_level_t(12.0, FST_KIND_TIME), fst_level_t(6.0, FST_KIND_TIME)], &
            ip(1), ip(2), ip(3))
        call check(all(ip == [41394464, 176280768, 177809344]), 'the codes of a triplet')
        call fst_ip_decode_triplet(ip(1), ip(2), ip(3), values, guesses, stat, errmsg)
        call check(stat == 0 .and. guesses == 0, 'a triplet')
        call check(all(values%kind == [FST_KIND_PRESSURE, FST_KIND_TIME, FST_KIND_TIME]), 'kinds')
        call check(all(abs(values%value - [500, 12, 6]) <= 0), 'values')
        call fst_ip_decode_triplet(850, 12, 3, values, guesses)
        call check(guesses == FST_GUESS_GOOD + FST_GUESS_TERRIBLE, 'guesses')
        call fst_ip_decode_triplet(500, -1, 0, values, guesses, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'negative', 'a negative code')
        call check(values(1)%kind == FST_KIND_PRESSURE .and. abs(values(1)%value - 850) <= 0, &
            'a failure leaves the values alone')
        values(1)%kind = FST_KIND_TIME
        call fst_ip_encode_triplet(values, ip(1), ip(2), ip(3), stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'not a level', 'a time first')
        call check(ip(1) == 41394464, 'a failure leaves the codes alone')
    end subroutine triplets

    subroutine intervals()
        type(fst_interval_t) :: interval, back
        character(len=200) :: errmsg
        integer :: ip(3), stat

        interval%level = fst_bounds_t(1.0, 1.0, FST_KIND_HYBRID)
        interval%time = fst_bounds_t(12.0, 6.0, FST_KIND_TIME)
        call fst_ip_encode_interval(interval, ip(1), ip(2), ip(3))
        call check(all(ip == [93423264, 176280768, 177809344]), 'the codes of an accumulation')
        call fst_ip_decode_interval(ip(1), ip(2), ip(3), back, stat, errmsg)
        call check(stat == 0 .and. back%guesses == 0 .and. back%third%kind == -1, 'an accumulation')
        call check(abs(back%time%first - 6) <= 0 .and. abs(back%time%second - 12) <= 0, &
            'the earlier time first')
        call check(back%level%kind == FST_KIND_HYBRID, 'the kind of level')
        call check(back%time%kind == FST_KIND_TIME, 'the kind of time')
        call fst_ip_decode_interval(500, 12, 3, back)
        call check(back%third%kind == FST_KIND_ARBITRARY .and. abs(back%third%first - 3) <= 0, &
            'a third value')
        call fst_ip_decode_interval(500, -12, 3, back, stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, '-12', 'a negative code')
        interval%third = fst_bounds_t(1.0, 1.0, FST_KIND_ARBITRARY)
        call fst_ip_encode_interval(interval, ip(1), ip(2), ip(3), stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'one interval', 'too much')
    end subroutine intervals

    pure function same(a, b) result(answer)
        type(fst_date_t), intent(in) :: a, b
        logical :: answer

        answer = a%year == b%year .and. a%month == b%month .and. a%day == b%day &
            .and. a%hour == b%hour .and. a%minute == b%minute .and. a%second == b%second
    end function same

end program codes
