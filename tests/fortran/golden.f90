! SPDX-License-Identifier: MIT OR Apache-2.0
!> Prints every record of a file: attributes, and checksums of the array (by view and by read) and
!> of the metadata. The test compares the lines with the golden data.
program golden
    use, intrinsic :: iso_fortran_env, only: int8, int16, int32, int64, real32, real64
    use checks, only: argument, crc32
    use fstview
    implicit none (type, external)

    type(fst_file_t) :: file
    integer :: record

    call file%open(argument(1))
    do record = 1, file%record_count()
        call show(record)
    end do
    call file%close()

contains

    subroutine show(record)
        integer, intent(in) :: record
        type(fst_record_t) :: info
        type(fst_view_t) :: view
        integer(int8), allocatable :: viewed(:), own(:)
        character(len=40) :: sums
        integer :: stat

        info = file%info(record)
        sums = 'refused'
        call file%view(record, view, stat)
        if (stat == 0) then
            viewed = view_bytes(view)
            own = read_bytes(record, info, view%shape())
            write (sums, '(z8.8, a, z8.8)') crc32(viewed), '|', crc32(own)
        end if
        print '(i0, 4("|", a), 23("|", i0), "|", a, "|", z8.8)', &
            info%number - 1, trim(info%nomvar), trim(info%typvar), trim(info%grtyp), &
            trim(info%etiket), info%ni, info%nj, info%nk, info%data_type, info%data_bits, &
            info%pack_bits, info%dateo, info%datev, info%deet, info%npas, info%ip1, info%ip2, &
            info%ip3, info%ig1, info%ig2, info%ig3, info%ig4, info%dtype, info%payload_offset, &
            info%payload_bytes, info%array_bytes, info%file_number, info%flags, trim(sums), &
            crc32(transfer(file%metadata(record), [0_int8]))
    end subroutine show

    function view_bytes(view) result(bytes)
        type(fst_view_t), intent(in) :: view
        integer(int8), allocatable :: bytes(:)
        real(real32), pointer :: r32(:, :, :)
        real(real64), pointer :: r64(:, :, :)
        integer(int8), pointer :: i8(:, :, :)
        integer(int16), pointer :: i16(:, :, :)
        integer(int32), pointer :: i32(:, :, :)
        integer(int64), pointer :: i64(:, :, :)
        complex(real32), pointer :: c32(:, :, :)
        complex(real64), pointer :: c64(:, :, :)
        character(len=1), pointer :: text(:, :, :)

        select case (view%dtype())
        case (FST_DTYPE_F32)
            call view%get(r32)
            bytes = transfer(r32, [0_int8])
        case (FST_DTYPE_F64)
            call view%get(r64)
            bytes = transfer(r64, [0_int8])
        case (FST_DTYPE_U8, FST_DTYPE_I8)
            call view%get(i8)
            bytes = transfer(i8, [0_int8])
        case (FST_DTYPE_U16, FST_DTYPE_I16)
            call view%get(i16)
            bytes = transfer(i16, [0_int8])
        case (FST_DTYPE_U32, FST_DTYPE_I32)
            call view%get(i32)
            bytes = transfer(i32, [0_int8])
        case (FST_DTYPE_U64, FST_DTYPE_I64)
            call view%get(i64)
            bytes = transfer(i64, [0_int8])
        case (FST_DTYPE_C64)
            call view%get(c32)
            bytes = transfer(c32, [0_int8])
        case (FST_DTYPE_C128)
            call view%get(c64)
            bytes = transfer(c64, [0_int8])
        case (FST_DTYPE_CHAR)
            call view%get(text)
            bytes = transfer(text, [0_int8])
        end select
    end function view_bytes

    !> The array as `read` gives it. Unsigned values that do not fit are read into a wider kind, and
    !> their low bytes taken; of 64 bits there is no wider one.
    function read_bytes(record, info, extents) result(bytes)
        integer, intent(in) :: record
        type(fst_record_t), intent(in) :: info
        integer(int64), intent(in) :: extents(3)
        integer(int8), allocatable :: bytes(:)
        real(real32), allocatable :: r32(:, :, :)
        real(real64), allocatable :: r64(:, :, :)
        integer(int8), allocatable :: i8(:, :, :)
        integer(int16), allocatable :: i16(:, :, :)
        integer(int32), allocatable :: i32(:, :, :)
        integer(int64), allocatable :: i64(:, :, :)
        complex(real32), allocatable :: c32(:, :, :)
        complex(real64), allocatable :: c64(:, :, :)
        character(len=1), allocatable :: text(:, :, :)
        integer :: stat

        associate (ni => extents(1), nj => extents(2), nk => extents(3))
            select case (info%dtype)
            case (FST_DTYPE_F32)
                allocate(r32(ni, nj, nk))
                call file%read(record, r32)
                bytes = transfer(r32, [0_int8])
            case (FST_DTYPE_F64)
                allocate(r64(ni, nj, nk))
                call file%read(record, r64)
                bytes = transfer(r64, [0_int8])
            case (FST_DTYPE_I8)
                allocate(i8(ni, nj, nk))
                call file%read(record, i8)
                bytes = transfer(i8, [0_int8])
            case (FST_DTYPE_I16)
                allocate(i16(ni, nj, nk))
                call file%read(record, i16)
                bytes = transfer(i16, [0_int8])
            case (FST_DTYPE_I32)
                allocate(i32(ni, nj, nk))
                call file%read(record, i32)
                bytes = transfer(i32, [0_int8])
            case (FST_DTYPE_I64)
                allocate(i64(ni, nj, nk))
                call file%read(record, i64)
                bytes = transfer(i64, [0_int8])
            case (FST_DTYPE_U8, FST_DTYPE_U16, FST_DTYPE_U32)
                allocate(i64(ni, nj, nk))
                call file%read(record, i64)
                bytes = transfer(i64, [0_int8])
                bytes = low_bytes(bytes, int(info%array_bytes / size(i64, kind=int64)))
            case (FST_DTYPE_U64)
                allocate(i64(ni, nj, nk))
                call file%read(record, i64, stat)
                ! After a value that does not fit, the bits are there all the same.
                if (stat /= 0 .and. stat /= FST_ERR_TYPE_MISMATCH) error stop 'read of U64'
                bytes = transfer(i64, [0_int8])
            case (FST_DTYPE_C64)
                allocate(c32(ni, nj, nk))
                call file%read(record, c32)
                bytes = transfer(c32, [0_int8])
            case (FST_DTYPE_C128)
                allocate(c64(ni, nj, nk))
                call file%read(record, c64)
                bytes = transfer(c64, [0_int8])
            case (FST_DTYPE_CHAR)
                allocate(text(ni, nj, nk))
                call file%read(record, text)
                bytes = transfer(text, [0_int8])
            end select
        end associate
    end function read_bytes

    !> The first bytes of each group of eight.
    pure function low_bytes(bytes, width) result(low)
        integer(int8), intent(in) :: bytes(:)
        integer, intent(in) :: width
        integer(int8), allocatable :: low(:)
        integer :: i, j

        low = [((bytes(8 * i + j), j = 1, width), i = 0, size(bytes) / 8 - 1)]
    end function low_bytes

end program golden
