! SPDX-License-Identifier: MIT OR Apache-2.0
!> Files whose bytes are in memory.
program memory
    use, intrinsic :: iso_c_binding, only: c_intptr_t, c_loc, c_ptr
    use, intrinsic :: iso_fortran_env, only: int8, int64, real32, real64
    use checks
    use fstview
    implicit none (type, external)

    type(fst_file_t) :: disk, image
    integer(int8), allocatable, target :: bytes(:)

    call disk%open(argument(1))
    call load()
    call same_as_on_disk()
    call points_into_the_image()
    call wrong_images()
    call image%close()
    call disk%close()
    deallocate(bytes)
    call conclude()

contains

    subroutine load()
        integer :: unit
        integer(int64) :: length

        inquire(file=argument(1), size=length)
        allocate(bytes(length))
        open(newunit=unit, file=argument(1), access='stream', form='unformatted', action='read')
        read(unit) bytes
        close(unit)
    end subroutine load

    subroutine same_as_on_disk()
        real(real32) :: there(120, 80), here(120, 80)
        type(fst_record_t) :: info, other
        character(len=20) :: errmsg
        integer :: record, stat

        errmsg = 'untouched'
        call image%open_memory(bytes, stat, errmsg, threads=2, cache_bytes=0_int64, &
            missing=FST_MISSING_KEEP, strict=.true., max_array_bytes=1000000_int64)
        call check(stat == 0 .and. errmsg == 'untouched', 'opened')
        call check(image%record_count() == disk%record_count(), 'as many records')
        call check(image%format() == disk%format(), 'the same format')
        call check_equal(image%bytes(), size(bytes, kind=int64), 'bytes')
        do record = 4, image%record_count() - 1
            info = disk%info(record)
            other = image%info(record)
            call check(info%nomvar == other%nomvar .and. info%ip1 == other%ip1, 'attributes')
            if (info%dtype /= FST_DTYPE_F32) cycle
            call disk%read(record, there)
            call image%read(record, here)
            call check(all(abs(there - here) <= 0), 'values')
        end do
    end subroutine same_as_on_disk

    !> No byte is moved, also when the file has been closed.
    subroutine points_into_the_image()
        type(fst_view_t) :: view
        real(real32), pointer :: values(:, :)
        real(real32) :: there(120, 80)
        integer(c_intptr_t) :: first, place
        integer :: record, shared

        first = address(c_loc(bytes))
        shared = 0
        do record = 1, image%record_count()
            call image%view(record, view)
            if (view%origin() /= FST_ORIGIN_MAPPED) cycle
            shared = shared + 1
            place = address(view%address())
            call check(place >= first .and. place < first + size(bytes), 'a view is in the image')
        end do
        ! XDF is big-endian: all of its arrays are decoded.
        record = image%format()
        call check(shared > 0 .eqv. record == FST_FORMAT_RSF, 'there are views without a copy')
        record = image%find_first(nomvar='ME')
        call image%view(record, view)
        call image%close()
        call view%get(values)
        call disk%read(disk%find_first(nomvar='ME'), there)
        call check(all(abs(values - there) <= 0), 'a view of a closed image')
    end subroutine points_into_the_image

    function address(place) result(number)
        type(c_ptr), intent(in) :: place
        integer(c_intptr_t) :: number

        number = transfer(place, number)
    end function address

    subroutine wrong_images()
        integer(int8), target :: nonsense(1000), empty(0)
        character(len=200) :: errmsg
        integer :: stat

        nonsense = 65
        call image%open_memory(nonsense, stat, errmsg)
        call check(stat == FST_ERR_NOT_FST .and. errmsg /= '', 'no standard file')
        call check(.not. image%is_open(), 'nothing is open')
        call image%open_memory(empty, stat, errmsg)
        call check(stat == FST_ERR_NOT_FST, 'no bytes')
        call image%open_memory(bytes(::2), stat, errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'contiguous', 'every other byte')
        call image%open_memory(bytes, stat, errmsg, access=17)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, '17', 'an unknown access')
        call image%open_memory(bytes(:size(bytes) / 2), stat, errmsg, strict=.true.)
        call check(stat < 0, 'half a file, strictly')
        call image%open_memory(bytes, threads=-1, stat=stat, errmsg=errmsg)
        call check_failure(stat, errmsg, FST_ERR_INVALID_ARGUMENT, 'negative', 'negative threads')
    end subroutine wrong_images

end program memory
