// A thin C face over the few functions of MPI that training in several processes needs. Open MPI is found by dlopen when it is asked for,
// so a program that is linked with this runs on a machine that has none. False means failure, with a text in cmpi_last_error().
#ifndef CMPI_H
#define CMPI_H
#include <stdbool.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

const char *cmpi_last_error(void);

// Loads Open MPI, from `path` or, where that is null, by the names it has had; once a process.
bool cmpi_load(const char *path);
// What the library calls itself.
void cmpi_version(char *text, int capacity);

// MPI_Init_thread; one call to MPI at a time, from any thread. Once a process, and not again after cmpi_finish.
bool cmpi_start(void);
bool cmpi_place(int *rank, int *count);

// In place, over all processes.
bool cmpi_sum_floats(float *values, int64_t count);
bool cmpi_sum_doubles(double *values, int64_t count);
bool cmpi_broadcast(void *bytes, int64_t count, int root);
bool cmpi_barrier(void);

bool cmpi_finish(void);
// Ends every process. Returns only where MPI does not run.
void cmpi_abort(int code);

#ifdef __cplusplus
}
#endif
#endif
