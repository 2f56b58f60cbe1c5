! SPDX-License-Identifier: MIT OR Apache-2.0
!> Many files, their records shared among the ranks of MPI: mpirun -n 2 mpi_records TT FILE...
!>
!> Every rank maps all files; pages of a file are in the memory of a node once, however many ranks
!> look at them. Records are dealt out in turn, means gathered in file order, sums reduced.
program mpi_records
    use, intrinsic :: iso_fortran_env, only: int64, real32, real64
    use fstview, only: fst_file_t, fst_view_t, FST_ACCESS_MAP
    use mpi_f08
    implicit none (type, external)
    type(fst_file_t) :: file
    type(MPI_Comm) :: node
    character(len=4) :: nomvar
    character(len=1024), allocatable :: paths(:)
    integer, allocatable :: records(:)
    real(real64), allocatable :: means(:), gathered(:, :)
    real(real64) :: smallest, largest, extremes(2)
    integer(int64) :: views(2), all_views(2)
    integer :: rank, ranks, on_node, rounds, i

    call MPI_Init()
    call MPI_Comm_rank(MPI_COMM_WORLD, rank)
    call MPI_Comm_size(MPI_COMM_WORLD, ranks)
    call MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, node)
    call MPI_Comm_size(node, on_node)

    call get_command_argument(1, nomvar)
    allocate(paths(command_argument_count() - 1))
    do i = 1, size(paths)
        call get_command_argument(i + 1, paths(i))
    end do
    ! One thread a rank: the ranks are what works in parallel.
    call file%open(paths, access=FST_ACCESS_MAP, threads=1)
    ! All ranks find the same records, in the same order: nothing has to be told.
    records = file%find(nomvar=nomvar)

    rounds = (size(records) + ranks - 1) / ranks
    allocate(means(rounds), source=0.0_real64)
    allocate(gathered(rounds, ranks))
    smallest = huge(smallest)
    largest = -huge(largest)
    do i = 1, rounds
        if ((i - 1) * ranks + rank < size(records)) then
            call look_at(records((i - 1) * ranks + rank + 1), means(i))
        end if
    end do

    call MPI_Gather(means, rounds, MPI_DOUBLE_PRECISION, gathered, rounds, MPI_DOUBLE_PRECISION, &
        0, MPI_COMM_WORLD)
    call MPI_Reduce(smallest, extremes(1), 1, MPI_DOUBLE_PRECISION, MPI_MIN, 0, MPI_COMM_WORLD)
    call MPI_Reduce(largest, extremes(2), 1, MPI_DOUBLE_PRECISION, MPI_MAX, 0, MPI_COMM_WORLD)
    call file%stats(views_mapped=views(1), views_decoded=views(2))
    call MPI_Reduce(views, all_views, 2, MPI_INTEGER8, MPI_SUM, 0, MPI_COMM_WORLD)
    if (rank == 0) then
        print '(4(i0, a))', ranks, ' ranks, ', on_node, ' on this node; ', size(paths), &
            ' files, ', size(records), ' records'
        do i = 1, size(records)
            print '(a, i0, a, f12.6)', 'record ', records(i), ' mean ', &
                gathered((i - 1) / ranks + 1, mod(i - 1, ranks) + 1)
        end do
        print '(a, f12.6, a, f12.6)', 'smallest ', extremes(1), ' largest ', extremes(2)
        print '(2(i0, a))', all_views(1), ' records mapped, ', all_views(2), ' decoded'
    end if
    call file%close()
    call MPI_Finalize()

contains

    !> The mean of a record; its extremes are among those of the rank.
    subroutine look_at(record, mean)
        integer, intent(in) :: record
        real(real64), intent(out) :: mean
        type(fst_view_t) :: view
        real(real32), pointer :: values(:, :)

        call file%view(record, view)
        call view%get(values)
        mean = sum(real(values, real64)) / size(values)
        smallest = min(smallest, real(minval(values), real64))
        largest = max(largest, real(maxval(values), real64))
    end subroutine look_at

end program mpi_records
