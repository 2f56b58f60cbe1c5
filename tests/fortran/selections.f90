! SPDX-License-Identifier: MIT OR Apache-2.0
!> Searching with lists, periods, ranges of levels and metadata.
program selections
    use, intrinsic :: ieee_arithmetic, only: ieee_quiet_nan, ieee_value
    use, intrinsic :: iso_fortran_env, only: int64, real32, real64
    use checks
    use fstview
    implicit none (type, external)

    type(fst_file_t) :: file
    type(fst_record_t) :: all(194)
    integer :: i
    integer, parameter :: numbers(194) = [(i, i = 1, 194)]

    call file%open(argument(1) // '/model.rsf')
    do i = 1, size(all)
        all(i) = file%info(i)
    end do
    call by_lists()
    call by_period()
    call by_level()
    call combined()
    call the_first_one()
    call mistakes()
    call file%close()
    call by_metadata()
    call conclude()

contains

    subroutine by_lists()
        integer, allocatable :: none(:)
        character(len=4) :: names(0)
        character(len=20) :: long(2)

        call expect(file%find(nomvars=['TT', 'GZ']), &
            pack(numbers, all%nomvar == 'TT' .or. all%nomvar == 'GZ'), 'two names')
        call expect(file%find(nomvars=['tt']), pack(numbers, all%nomvar == 'TT'), 'lower case')
        call expect(file%find(nomvars=['TT', 'TT']), pack(numbers, all%nomvar == 'TT'), 'twice')
        long = ['PN                  ', 'NONE                ']
        call expect(file%find(nomvars=long), pack(numbers, all%nomvar == 'PN'), 'blanks behind')
        call expect(file%find(nomvars=long(2:1:-1)), pack(numbers, all%nomvar == 'PN'), 'backwards')
        call expect(file%find(typvars=['X ', '@@']), &
            pack(numbers, all%typvar == 'X' .or. all%typvar == '@@'), 'types of field')
        call expect(file%find(etikets=['RDPS_GRID']), pack(numbers, all%etiket == 'RDPS_GRID'), &
            'labels')
        call expect(file%find(nomvar='TM', typvars=['P ', '@@']), &
            pack(numbers, all%nomvar == 'TM'), 'a name, and types of field')
        none = file%find(nomvars=['    '])
        call check(size(none) == 0, 'a blank name is not wild')
        none = file%find(nomvars=names)
        call check(size(none) == 0, 'nothing is in an empty list')
    end subroutine by_lists

    subroutine by_period()
        type(fst_date_t) :: early, late, six
        real(real64) :: hours(194)

        do i = 1, size(all)
            call fst_stamp_difference(all(i)%datev, all(1)%datev, hours(i))
        end do
        call check(count(hours > 2.9 .and. hours < 3.1) > 50, 'there are fields 3 hours later')
        call fst_date_from_stamp(all(1)%datev, early)
        late = early
        late%hour = early%hour + 3
        six = early
        six%hour = early%hour + 6
        call expect(file%find(valid_from=late, valid_to=late), &
            pack(numbers, abs(hours - 3) < 0.01), 'one moment')
        call expect(file%find(valid_from=late), pack(numbers, hours > 2.99), 'from')
        call expect(file%find(valid_to=late), pack(numbers, hours < 3.01), 'to')
        late%second = 5
        call expect(file%find(valid_from=late), pack(numbers, hours > 5), 'just after')
        call expect(file%find(origin_from=early, origin_to=early), numbers, 'origin')
        call expect(file%find(origin_from=six), pack(numbers, .false.), 'a later origin')
        call expect(file%find(origin_to=fst_date_t(1999, 12, 31, 23, 59, 55)), &
            pack(numbers, .false.), 'an earlier origin')
    end subroutine by_period

    subroutine by_level()
        real(real32) :: values(194)
        integer :: kinds(194), stat

        values = -1
        kinds = -1
        do i = 1, size(all)
            call fst_ip_decode(all(i)%ip1, values(i), kinds(i), stat)
        end do
        call expect(file%find(level_kind=FST_KIND_PRESSURE), &
            pack(numbers, kinds == FST_KIND_PRESSURE), 'a kind')
        call expect(file%find(nomvar='UU', level_kind=FST_KIND_PRESSURE, level_from=500.0, &
            level_to=850.0), pack(numbers, all%nomvar == 'UU' &
            .and. kinds == FST_KIND_PRESSURE .and. values >= 500 .and. values <= 850), 'a range')
        call expect(file%find(level_kind=FST_KIND_HYBRID, level_from=1.0), &
            pack(numbers, kinds == FST_KIND_HYBRID .and. values >= 1), 'from')
        call expect(file%find(level_kind=FST_KIND_HYBRID, level_to=0.5), &
            pack(numbers, kinds == FST_KIND_HYBRID .and. values <= 0.5), 'to')
        call check(count(kinds == FST_KIND_HYBRID .and. values <= 0.5) > 0, 'there are such levels')
    end subroutine by_level

    subroutine combined()
        type(fst_date_t) :: date
        integer, allocatable :: found(:)

        call fst_date_from_stamp(all(67)%datev, date)
        found = file%find(nomvars=['TT', 'UU', 'HU'], valid_from=date, valid_to=date, &
            level_kind=FST_KIND_HYBRID, level_from=0.9, grtyp='Z', ip2=3)
        call check(size(found) > 0, 'something meets everything')
        do i = 1, size(found)
            associate (one => all(found(i)))
                call check(any(one%nomvar == ['TT', 'UU', 'HU']) .and. one%datev == all(67)%datev &
                    .and. one%ip2 == 3, 'everything is met')
            end associate
        end do
    end subroutine combined

    subroutine the_first_one()
        character(len=4) :: names(0)

        call check(file%find_first(nomvars=['UU', 'TT']) == 4, 'the first of two')
        call check(file%find_first(nomvars=['NONE']) == 0, 'no first one')
        call check(file%find_first(nomvars=names) == 0, 'no first one of an empty list')
        call check(file%find_first(level_kind=FST_KIND_PRESSURE, nomvar='UU') &
            == file%find_first(nomvar='UU'), 'the first one at a level')
    end subroutine the_first_one

    subroutine mistakes()
        integer, allocatable :: found(:)
        type(fst_date_t) :: unset
        type(fst_file_t) :: closed
        character(len=200) :: errmsg
        integer :: first, stat

        found = file%find(nomvars=['TT   ', 'ABCDE'], stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, &
            'nomvars(2) "ABCDE" has more than 4 characters', 'a long name')
        call check(size(found) == 0, 'nothing is found')
        found = file%find(typvars=['PPP', 'QQQ'], stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'typvars(1) "PPP"', 'a type')
        found = file%find(etikets=['0123456789ABC'], stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'more than 12', 'a long label')
        found = file%find(valid_from=fst_date_t(2024, 2, 30), stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'valid_from', 'no such day')
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, '2024-02-30', 'no such day')
        found = file%find(origin_to=unset, stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'origin_to', 'an unset date')
        found = file%find(valid_from=fst_date_t(2024, 2, 3), valid_to=fst_date_t(2024, 2, 2), &
            stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'valid_to', 'a period backwards')
        found = file%find(level_from=500.0, stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'need a level_kind', 'no kind')
        found = file%find(level_kind=8, stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'level_kind', 'an unknown kind')
        found = file%find(level_kind=2, level_from=9.0, level_to=8.0, stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'level_from', 'backwards')
        found = file%find(level_kind=2, level_to=ieee_value(1.0_real32, ieee_quiet_nan), &
            stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'level_to', 'not a number')
        found = file%find(metadata='[1]', stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'metadata', 'no object')
        first = file%find_first(metadata='', stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'metadata', 'no text')
        call check(first == 0, 'no first one')
        found = closed%find(nomvars=['TT'], stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_HANDLE, 'no file is open', 'closed')
    end subroutine mistakes

    subroutine by_metadata()
        type(fst_file_t) :: other
        character(len=:), allocatable :: text
        integer, allocatable :: found(:), expected(:)
        integer :: n

        call other%open(argument(1) // '/metadata.rsf')
        n = other%record_count()
        allocate(expected(0))
        do i = 1, n
            call other%get_metadata(i, text)
            if (index(text, '"rpn_name":"META"') > 0) expected = [expected, i]
        end do
        call check(size(expected) > 0, 'there are metadata')
        found = other%find(metadata='{"rpn_name":"META"}')
        call expect(found, expected, 'metadata')
        found = other%find(metadata='{"rpn_name":"OTHER"}   ')
        call check(size(found) == 0, 'no such metadata')
        found = other%find(metadata='{"no such key":-1}')
        call check(size(found) == 0, 'no such key')
        call check(other%find_first(metadata='{"rpn_name":"META"}') == expected(1), 'the first one')
    end subroutine by_metadata

    subroutine expect(found, expected, text)
        integer, intent(in) :: found(:), expected(:)
        character(len=*), intent(in) :: text

        call check_equal(int(size(found), int64), int(size(expected), int64), text // ': how many')
        if (size(found) == size(expected)) call check(all_equal(found, expected), text // ': which')
    end subroutine expect

    pure function all_equal(a, b) result(answer)
        integer, intent(in) :: a(:), b(:)
        logical :: answer

        answer = sum(abs(a - b)) == 0
    end function all_equal

end program selections
