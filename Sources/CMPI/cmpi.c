#include "CMPI.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>

// The part of Open MPI's binary interface that is used; the same in versions 1.10 to 5 (mpi.h: handles are pointers to objects of the
// library, MPI_IN_PLACE is 1, MPI_SUCCESS is 0, MPI_THREAD_SERIALIZED is 2).
typedef void *Handle;
#define IN_PLACE ((const void *)1)
enum { SUCCESS = 0, THREAD_SERIALIZED = 2 };

static struct {
    int (*get_library_version)(char *, int *);
    int (*initialized)(int *);
    int (*finalized)(int *);
    int (*init_thread)(int *, char ***, int, int *);
    int (*comm_rank)(Handle, int *);
    int (*comm_size)(Handle, int *);
    int (*allreduce)(const void *, void *, int, Handle, Handle, Handle);
    int (*bcast)(void *, int, Handle, int, Handle);
    int (*barrier)(Handle);
    int (*finalize)(void);
    int (*abort)(Handle, int);
    int (*error_string)(int, char *, int *);
    Handle world, float_type, double_type, byte_type, sum;
} mpi;
static bool loaded;
static _Thread_local char last_error[1024];

static bool failed(const char *text) {
    snprintf(last_error, sizeof last_error, "%s", text);
    return false;
}
static bool checked(const char *what, int code) {
    char text[512] = "";
    int length = 0;
    if (code == SUCCESS) return true;
    mpi.error_string(code, text, &length);
    snprintf(last_error, sizeof last_error, "%s: %s", what, text);
    return false;
}
static bool ready(void) { return loaded ? true : failed("MPI is not loaded"); }

const char *cmpi_last_error(void) { return last_error; }

// `target` is written as a pointer to an object, which POSIX lets hold a function of dlsym.
static bool resolve(void *library, const char *name, void *target) {
    void *found = dlsym(library, name);
    if (!found) {
        snprintf(last_error, sizeof last_error, "the MPI library has no %s", name);
        return false;
    }
    *(void **)target = found;
    return true;
}

bool cmpi_load(const char *path) {
    static const char *const names[] = {"libmpi.so.40", "libmpi.so", "libmpi.so.20", "libmpi.so.12"};
    void *library = NULL;
    if (loaded) return true;
    if (path) {
        library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
        if (!library) return failed(dlerror());
    }
    // Its plug-ins look for its symbols among the global ones.
    for (size_t i = 0; !library && i < sizeof names / sizeof *names; ++i) library = dlopen(names[i], RTLD_NOW | RTLD_GLOBAL);
    if (!library) return failed("no MPI library is found (libmpi.so.40); Debian has it in openmpi-bin");
    if (!resolve(library, "MPI_Get_library_version", &mpi.get_library_version)) return false;
    if (!dlsym(library, "ompi_mpi_comm_world")) {
        char version[8192] = "";
        cmpi_version(version, sizeof version);
        for (char *c = version; *c; ++c) {
            if (*c == '\n') *c = 0;
        }
        snprintf(last_error, sizeof last_error, "the MPI library that is found is not Open MPI, which is needed, but %.200s", version);
        return false;
    }
    loaded = resolve(library, "MPI_Initialized", &mpi.initialized) && resolve(library, "MPI_Finalized", &mpi.finalized)
        && resolve(library, "MPI_Init_thread", &mpi.init_thread) && resolve(library, "MPI_Comm_rank", &mpi.comm_rank)
        && resolve(library, "MPI_Comm_size", &mpi.comm_size) && resolve(library, "MPI_Allreduce", &mpi.allreduce)
        && resolve(library, "MPI_Bcast", &mpi.bcast) && resolve(library, "MPI_Barrier", &mpi.barrier)
        && resolve(library, "MPI_Finalize", &mpi.finalize) && resolve(library, "MPI_Abort", &mpi.abort)
        && resolve(library, "MPI_Error_string", &mpi.error_string) && resolve(library, "ompi_mpi_comm_world", &mpi.world)
        && resolve(library, "ompi_mpi_float", &mpi.float_type) && resolve(library, "ompi_mpi_double", &mpi.double_type)
        && resolve(library, "ompi_mpi_byte", &mpi.byte_type) && resolve(library, "ompi_mpi_op_sum", &mpi.sum);
    return loaded;
}

void cmpi_version(char *text, int capacity) {
    char whole[8192] = "";   // MPI_MAX_LIBRARY_VERSION_STRING of MPICH
    int length = 0;
    if (mpi.get_library_version) mpi.get_library_version(whole, &length);
    snprintf(text, (size_t)capacity, "%s", whole);
}

bool cmpi_start(void) {
    int given = 0, done = 0;
    if (!ready()) return false;
    if (!checked("MPI_Initialized", mpi.initialized(&done))) return false;
    if (!done) {
        if (!checked("MPI_Init_thread", mpi.init_thread(NULL, NULL, THREAD_SERIALIZED, &given))) return false;
        if (given < THREAD_SERIALIZED) return failed("this Open MPI was built without support for threads");
    }
    if (!checked("MPI_Finalized", mpi.finalized(&done))) return false;
    return done ? failed("MPI has ended already in this process") : true;
}

bool cmpi_place(int *rank, int *count) {
    return ready() && checked("MPI_Comm_rank", mpi.comm_rank(mpi.world, rank)) && checked("MPI_Comm_size", mpi.comm_size(mpi.world, count));
}

// MPI counts in int: what is longer goes in pieces.
enum { PIECE = 1 << 28 };
static int piece(int64_t left) { return left < PIECE ? (int)left : PIECE; }

bool cmpi_sum_floats(float *values, int64_t count) {
    if (!ready()) return false;
    for (int64_t done = 0; done < count; done += PIECE) {
        int code = mpi.allreduce(IN_PLACE, values + done, piece(count - done), mpi.float_type, mpi.sum, mpi.world);
        if (!checked("MPI_Allreduce", code)) return false;
    }
    return true;
}

bool cmpi_sum_doubles(double *values, int64_t count) {
    if (!ready()) return false;
    for (int64_t done = 0; done < count; done += PIECE) {
        int code = mpi.allreduce(IN_PLACE, values + done, piece(count - done), mpi.double_type, mpi.sum, mpi.world);
        if (!checked("MPI_Allreduce", code)) return false;
    }
    return true;
}

bool cmpi_broadcast(void *bytes, int64_t count, int root) {
    if (!ready()) return false;
    for (int64_t done = 0; done < count; done += PIECE) {
        if (!checked("MPI_Bcast", mpi.bcast((char *)bytes + done, piece(count - done), mpi.byte_type, root, mpi.world))) return false;
    }
    return true;
}

bool cmpi_barrier(void) { return ready() && checked("MPI_Barrier", mpi.barrier(mpi.world)); }

static bool running(void) {
    int started = 0, ended = 0;
    return loaded && mpi.initialized(&started) == SUCCESS && started && mpi.finalized(&ended) == SUCCESS && !ended;
}

bool cmpi_finish(void) { return !running() || checked("MPI_Finalize", mpi.finalize()); }
void cmpi_abort(int code) {
    if (running()) mpi.abort(mpi.world, code);
}
