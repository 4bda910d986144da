// MPI_Allreduce as an entrant of bench:peers: `mpirun -np P all_reduce BYTES RUNS` prints the milliseconds of a run on the
// slowest rank, the elements that are wrong, and by how much. A process a turn: MPI's ranks spin while they wait.

#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

enum { PERIOD = 256, WARM_UP = 3 };

// Whole numbers, of which every sum is exact.
static float element(long index, int rank) { return (float)((index + 31L * rank) % PERIOD - PERIOD / 2); }

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  int rank, ranks;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  long length = atol(argv[1]) / 4, runs = atol(argv[2]), wrong = 0;
  float *data = malloc(4 * length);
  for (long i = 0; i < length; i++) data[i] = element(i, rank);
  MPI_Allreduce(MPI_IN_PLACE, data, length, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
  double error = 0;
  for (long i = 0; i < length; i++) {
    float sum = 0;
    for (int r = 0; r < ranks; r++) sum += element(i, r);
    if (data[i] != sum) wrong++;
    error = fmax(error, fabs(data[i] - sum));
    data[i] = 0; // or it would grow beyond all numbers
  }
  double start = 0;
  for (long run = -WARM_UP; run < runs; run++) {
    if (run == 0) {
      MPI_Barrier(MPI_COMM_WORLD);
      start = MPI_Wtime();
    }
    MPI_Allreduce(MPI_IN_PLACE, data, length, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
  }
  double own[2] = {1000 * (MPI_Wtime() - start) / runs, error}, slowest[2];
  long allWrong;
  MPI_Reduce(own, slowest, 2, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
  MPI_Reduce(&wrong, &allWrong, 1, MPI_LONG, MPI_SUM, 0, MPI_COMM_WORLD);
  if (rank == 0) printf("%.9f %ld %g\n", slowest[0], allWrong, slowest[1]);
  free(data);
  MPI_Finalize();
}
