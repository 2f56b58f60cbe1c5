! SPDX-License-Identifier: MIT OR Apache-2.0
!> Searching, and what a file says of itself.
program searches
    use, intrinsic :: iso_fortran_env, only: int64
    use checks
    use fstview
    implicit none (type, external)

    type(fst_file_t) :: file

    call file%open(argument(1) // '/model.rsf')
    call by_keyword()
    call by_criteria()
    call levels()
    call wrong_texts()
    call queries()
    call statistics()
    call file%close()
    call many_records()
    call many_files()
    call options()
    call texts()
    call conclude()

contains

    subroutine by_keyword()
        type(fst_record_t) :: all(194)
        integer, allocatable :: numbers(:)
        integer :: i, r

        numbers = [(i, i = 1, size(all))]
        do i = 1, size(all)
            all(i) = file%info(i)
        end do
        call check(all(7)%number == 7, 'a record knows its number')
        r = 20
        call expect(file%find(), numbers, 'everything')
        call expect(file%find(nomvar='TT'), pack(numbers, all%nomvar == 'TT'), 'nomvar')
        call expect(file%find(nomvar='tt   '), pack(numbers, all%nomvar == 'TT'), 'lower case')
        call expect(file%find(typvar=all(r)%typvar), pack(numbers, all%typvar == all(r)%typvar), &
            'typvar')
        call expect(file%find(grtyp='E'), pack(numbers, all%grtyp == 'E'), 'grtyp')
        call expect(file%find(etiket='RDPS_GRID'), pack(numbers, all%etiket == 'RDPS_GRID'), &
            'etiket')
        call expect(file%find(data_bits=64), pack(numbers, all%data_bits == 64), 'data_bits')
        call expect(file%find(pack_bits=32), pack(numbers, all%pack_bits == 32), 'pack_bits')
        call expect(file%find(ni=3), pack(numbers, all%ni == 3), 'ni')
        call expect(file%find(nj=80), pack(numbers, all%nj == 80), 'nj')
        call expect(file%find(nk=4), pack(numbers, all%nk == 4), 'nk')
        call expect(file%find(npas=all(r)%npas), pack(numbers, all%npas == all(r)%npas), 'npas')
        call expect(file%find(deet=0), pack(numbers, all%deet == 0), 'deet')
        call expect(file%find(ip1=all(r)%ip1), pack(numbers, all%ip1 == all(r)%ip1), 'ip1')
        call expect(file%find(ip2=all(r)%ip2), pack(numbers, all%ip2 == all(r)%ip2), 'ip2')
        call expect(file%find(ip3=0), pack(numbers, all%ip3 == 0), 'ip3')
        call expect(file%find(ig1=900), pack(numbers, all%ig1 == 900), 'ig1')
        call expect(file%find(ig2=54321), pack(numbers, all%ig2 == 54321), 'ig2')
        call expect(file%find(ig3=43200), pack(numbers, all%ig3 == 43200), 'ig3')
        call expect(file%find(ig4=43200), pack(numbers, all%ig4 == 43200), 'ig4')
        call expect(file%find(datev=all(r)%datev, stamp_norun=.true.), &
            pack(numbers, all%datev == all(r)%datev), 'datev')
        call expect(file%find(dateo=all(r)%dateo, stamp_norun=.true.), &
            pack(numbers, all%dateo == all(r)%dateo), 'dateo')
        call expect(file%find(nomvar='TT', ip1=all(4)%ip1, ip2=all(4)%ip2), &
            pack(numbers, all%nomvar == 'TT' .and. all%ip1 == all(4)%ip1 &
            .and. all%ip2 == all(4)%ip2), 'several')
        call expect(file%find(skip_grid_descriptors=.true.), &
            pack(numbers, iand(all%flags, FST_RECORD_IS_DESCRIPTOR) == 0), 'no descriptors')
        call expect(file%find(nomvar='NONE'), pack(numbers, .false.), 'nothing')
        call check(file%find_first(nomvar='TT') == 4, 'the first one')
        call check(file%find_first() == 1, 'the first of all')
        call check(file%find_first(nomvar='NONE') == 0, 'no first one')
    end subroutine by_keyword

    subroutine by_criteria()
        type(fst_criteria_t) :: criteria
        integer, allocatable :: found(:)
        integer :: stat
        character(len=20) :: errmsg

        errmsg = 'untouched'
        found = file%find(criteria)
        call check(size(found) == 194, 'criteria are wild')
        criteria%nomvar = 'TT'
        criteria%ip2 = 0
        found = file%find(criteria, stat, errmsg)
        call check(stat == 0 .and. errmsg == 'untouched', 'find with stat')
        call expect(found, file%find(nomvar='TT', ip2=0), 'criteria as keywords')
        call expect(file%find(fst_criteria_t(nomvar='TT', ip2=0)), found, 'criteria at once')
        call check(file%find_first(criteria) == found(1), 'the first one')
        criteria%nomvar = 'NONE'
        call check(file%find_first(criteria, stat) == 0 .and. stat == 0, 'no first one')
    end subroutine by_criteria

    !> A level is found whatever its encoding: 1 hybrid is 93423264.
    subroutine levels()
        integer, allocatable :: found(:)

        found = file%find(nomvar='TT', ip1=93423264)
        call check(size(found) > 0, 'a level by its code')
        call expect(file%find(nomvar='TT', ip1=93423264, ip1_all=.true.), found, 'in any encoding')
    end subroutine levels

    subroutine wrong_texts()
        integer, allocatable :: found(:)
        character(len=200) :: errmsg
        integer :: stat

        found = file%find(nomvar='TTTTT', stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'nomvar "TTTTT"', 'nomvar')
        call check(size(found) == 0, 'nothing is found')
        found = file%find(typvar='PPP', stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'typvar "PPP"', 'typvar')
        found = file%find(grtyp='ZZ', stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'grtyp "ZZ"', 'grtyp')
        found = file%find(etiket='0123456789ABC', stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'more than 12', 'etiket')
        found = file%find(etiket='0123456789AB', stat=stat, errmsg=errmsg)
        call check(stat == 0, 'a full label')
        found = file%find(nomvar='TT' // achar(0), stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'nomvar "TT"', 'a NUL behind')
        found = file%find(etiket=achar(0) // 'X', stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'etiket ""', 'a NUL before')
        found = file%find(nomvars=['TT  ', 'T' // achar(0) // 'XX'], stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'nomvars "T"', 'a NUL in a list')
        found = file%find(metadata='{}' // achar(0) // '{', stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'metadata "{}"', 'NUL in JSON')
        call check(size(found) == 0, 'nothing is found behind a NUL')
        call check(file%find_first(typvar=achar(0), stat=stat) == 0, 'nor first')
        call check(stat == FST_ERR_INVALID_ARGUMENT, 'a NUL alone')
    end subroutine wrong_texts

    subroutine queries()
        integer(int64) :: bytes
        integer :: stat
        character(len=20) :: errmsg

        inquire(file=argument(1) // '/model.rsf', size=bytes)
        errmsg = 'untouched'
        call check_equal(file%bytes(), bytes, 'bytes')
        call check(file%record_count(stat, errmsg) == 194, 'record_count')
        call check(stat == 0 .and. errmsg == 'untouched', 'record_count with stat')
        call check(file%file_count() == 1, 'file_count')
        call check(file%format() == FST_FORMAT_RSF, 'format')
        call check(file%complete(), 'complete')
        call check(.not. file%mapped(), 'a small file is not mapped')
        call check(file%is_open(), 'open')
    end subroutine queries

    subroutine statistics()
        type(fst_view_t) :: a, b, c
        integer(int64) :: read_before, read, decoded, shared, live, copied, mapped, bytes
        integer(int64) :: bytes_mapped, bytes_read, bytes_decoded
        integer :: stat

        call file%stats(views_read=read_before)
        call file%view(1, a)
        call file%view(4, b)
        call file%view(4, c)
        call file%stats(mapped, shared, read, decoded, copied, live, bytes, bytes_mapped, &
            bytes_read, bytes_decoded, stat)
        call check(stat == 0, 'stats')
        call check_equal(read - read_before, 1_int64, 'views read')
        call check_equal(shared, 1_int64, 'views shared')
        call check_equal(decoded, 1_int64, 'views decoded')
        call check_equal(mapped, 0_int64, 'views mapped')
        call check_equal(copied, 0_int64, 'views copied')
        call check_equal(live, 3_int64, 'live views')
        call check_equal(bytes, 480_int64 + 2 * 38400, 'live bytes')
        call check_equal(bytes_mapped, 0_int64, 'bytes mapped')
        call check_equal(bytes_decoded, 38400_int64, 'bytes decoded')
        call check(bytes_read > 0, 'bytes read')
        call check(a%origin() == FST_ORIGIN_READ, 'read')
        call check(b%origin() == FST_ORIGIN_DECODED, 'decoded')
        call check(c%origin() == FST_ORIGIN_SHARED, 'shared')
    end subroutine statistics

    !> More than a first guess holds.
    subroutine many_records()
        type(fst_file_t) :: other
        integer, allocatable :: found(:)
        integer :: i

        call other%open(argument(1) // '/types.rsf   ')
        found = other%find()
        call expect(found, [(i, i = 1, other%record_count())], 'everything')
        call check(size(found) > 2000, 'many records')
    end subroutine many_records

    subroutine many_files()
        type(fst_file_t) :: other
        type(fst_record_t) :: info
        character(len=4096) :: paths(2)
        character(len=:), allocatable :: text
        integer :: n, stat

        paths(1) = argument(1) // '/model.rsf'
        paths(2) = argument(1) // '/metadata.rsf'
        call other%open(paths, threads=1)
        n = other%record_count()
        call check(other%file_count() == 2 .and. n == 194 + 30, 'two files as one')
        info = other%info(194)
        call check_equal(info%file_number, 1_int64, 'the last record of the first file')
        info = other%info(195)
        call check_equal(info%file_number, 2_int64, 'the first record of the second file')
        call check(other%find_first(nomvar='META') == 195, 'found in the second file')
        text = other%metadata(196)
        call check(index(text, '"rpn_name":"META"') > 0, 'metadata')
        call check(len(other%metadata(1)) == 0, 'no metadata')
        call other%get_metadata(197, text)
        call check(text == other%metadata(197) .and. len(text) > 100, 'metadata of another')
        call other%get_metadata(1, text)
        call check(len(text) == 0, 'no metadata into a text')
        call other%get_metadata(197, text)
        call other%get_metadata(1000, text, stat)
        call check(stat /= 0 .and. len(text) > 100, 'a failure leaves the text alone')
    end subroutine many_files

    subroutine options()
        type(fst_file_t) :: other

        call other%open(argument(1) // '/model.rsf', access=FST_ACCESS_MAP)
        call check(other%mapped(), 'mapped')
        call other%open(argument(1) // '/model.rsf', map_threshold=1000_int64)
        call check(other%mapped(), 'larger than the threshold')
        call other%open(argument(1) // '/model.rsf', access=FST_ACCESS_READ, map_threshold=1_int64)
        call check(.not. other%mapped(), 'not mapped')
        call other%open(argument(1) // '/unclosed.rsf', missing=FST_MISSING_NAN, strict=.false.)
        call check(.not. other%complete(), 'not complete')
        call other%open(argument(1) // '/model.fst', missing=FST_MISSING_CODES)
        call check(other%format() == FST_FORMAT_XDF, 'format')
        call other%open(argument(1) // '/model.fst', cache_bytes=1000000_int64)
        block
            type(fst_view_t) :: view

            call other%view(4, view)
            call view%release()
            call other%view(4, view)
            call check(view%origin() == FST_ORIGIN_SHARED, 'kept after its last release')
        end block
    end subroutine options

    subroutine texts()
        call check(fstview_version() == argument(2), 'version')
        call check(fst_status_text(FST_OK) == 'FST_OK', 'name of a status')
        call check(fst_status_text(FST_ERR_CORRUPT) == 'FST_ERR_CORRUPT', 'name of an error')
        call check(adjustl(fst_ip_text(93423264)) == '1 hy', 'a level')
        call check(adjustl(fst_ip_text(500)) == '500 mb', 'an old level')
        call check(len(fst_ip_text(0)) == 15, 'length')
    end subroutine texts

    subroutine expect(found, expected, text)
        integer, intent(in) :: found(:), expected(:)
        character(len=*), intent(in) :: text

        call check(size(found) == size(expected), text // ': how many')
        if (size(found) == size(expected)) call check(all(found == expected), text // ': which')
    end subroutine expect

end program searches
