! SPDX-License-Identifier: MIT OR Apache-2.0
!> What the codes of a record mean: level, date of origin, date of validity; and the codes of what
!> one looks for.
program dates_levels
    use, intrinsic :: iso_fortran_env, only: real32, real64
    use fstview, only: FST_KIND_PRESSURE, fst_date_from_stamp, fst_date_t, fst_file_t, &
        fst_ip_decode, fst_ip_encode, fst_record_t, fst_stamp_add_hours, fst_stamp_difference, &
        fst_stamp_from_date
    implicit none (type, external)
    type(fst_file_t) :: file
    type(fst_record_t) :: info
    character(len=4096) :: path
    integer, allocatable :: records(:)
    real(real32) :: level
    real(real64) :: hours
    integer :: i, ip1, kind, later, stamp

    call get_command_argument(1, path)
    call file%open(path)
    ! Winds between 500 and 600 hPa, however the levels are coded.
    records = file%find(nomvar='UU', level_kind=FST_KIND_PRESSURE, level_from=500.0, &
        level_to=600.0)
    do i = 1, size(records)
        info = file%info(records(i))
        call fst_ip_decode(info%ip1, level, kind)
        call fst_stamp_difference(info%datev, info%dateo, hours)
        print '(2a, f8.2, a, i0, 4a, a, f6.2, a)', trim(info%nomvar), ' at ', level, &
            ' of kind ', kind, ', run of ', date_text(info%dateo), ', valid ', &
            date_text(info%datev), ', ', hours, ' h'
    end do

    call fst_ip_encode(500.0, FST_KIND_PRESSURE, ip1)
    call fst_stamp_from_date(fst_date_t(year=2024, month=2, day=28, hour=18), stamp)
    call fst_stamp_add_hours(stamp, 12.0_real64, later)
    print '(a, i0, 2a)', '500 hPa is ', ip1, ', 12 hours after 2024-02-28 18:00 is ', &
        date_text(later)
    call file%close()

contains

    function date_text(stamp) result(text)
        integer, intent(in) :: stamp
        character(len=16) :: text
        type(fst_date_t) :: date

        call fst_date_from_stamp(stamp, date)
        write (text, '(i4.4, 2("-", i2.2), 1x, i2.2, ":", i2.2)') date%year, date%month, date%day, &
            date%hour, date%minute
    end function date_text

end program dates_levels
