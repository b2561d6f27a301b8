// A thin C face over LibTorch's tensors and its operator table. Every C++ exception becomes a false or null result and a text in
// ct_last_error(). Instead of one function an operator, ct_call reaches every operator of ATen by its schema name, with autograd
// and autocast as usual.
#ifndef CTORCH_H
#define CTORCH_H
#include <stdbool.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

typedef struct CTTensor_ *CTTensor;               // owns one reference to an at::Tensor
typedef const struct CTOperator_ *CTOperator;     // lives as long as the process

typedef enum { CT_UINT8 = 0, CT_INT64 = 4, CT_FLOAT16 = 5, CT_FLOAT32 = 6, CT_FLOAT64 = 7, CT_BOOL = 11, CT_BFLOAT16 = 15 } CTScalarType; // c10::ScalarType

typedef enum {
    CT_NONE, CT_TENSOR, CT_INTEGER, CT_REAL, CT_BOOLEAN, CT_INTEGERS, CT_REALS, CT_TENSORS, CT_TEXT, CT_DEVICE, CT_OPTIONAL_TENSORS
} CTArgumentKind;
typedef struct {
    CTArgumentKind kind;
    CTTensor tensor;
    int64_t integer;                               // also the boolean
    double real;
    const void *items;                             // int64_t, double, CTTensor or (text, device) a C string
    int64_t count;
} CTArgument;

const char *ct_last_error(void);                   // of this thread; "" when the last call worked
const char *ct_version(void);
void ct_set_threads(int count);
void ct_seed(uint64_t seed);
void ct_release_freed_memory(void);
bool ct_keep_freed_memory(void);                   // false: this C library has no such switch
bool ct_load_library(const char *path);            // libtorch_cuda.so, before the first tensor on a GPU
bool ct_cuda_available(void);
// Seconds that this thread has spent in LibTorch's own code (operators, backward(), copies, freeing) since it was last asked with `begin`,
// which starts the counting: two readings of the clock a call.
double ct_engine_seconds(bool begin);

CTOperator ct_operator(const char *name, const char *overload);   // null: no such operator
// Missing trailing arguments take the schema's defaults. Results that are no tensors are an error.
bool ct_call(CTOperator, const CTArgument *arguments, int count, CTTensor *results, int capacity, int *resultCount);

CTTensor ct_from_bytes(const void *bytes, CTScalarType, const int64_t *shape, int rank);   // copies
bool ct_copy_to_bytes(CTTensor, CTScalarType, void *bytes, int64_t capacity);              // capacity in bytes, exact
CTTensor ct_retain(CTTensor);                      // a second reference to the same tensor
void ct_release(CTTensor);
int ct_rank(CTTensor);
int64_t ct_size(CTTensor, int axis);
CTScalarType ct_scalar_type(CTTensor);
void *ct_data(CTTensor);                           // row-major numbers in the CPU's memory; null: they lie otherwise, or elsewhere
void ct_device(CTTensor, char *name, int capacity);
CTTensor ct_to_device(CTTensor, const char *device);
CTTensor ct_to_channels_last(CTTensor);            // also where one channel makes both layouts the same
bool ct_is_channels_last(CTTensor);

bool ct_set_requires_gradient(CTTensor, bool);
bool ct_requires_gradient(CTTensor);
bool ct_backward(CTTensor loss);
CTTensor ct_gradient(CTTensor);                    // null with an empty error: there is none
void ct_clear_gradient(CTTensor);
bool ct_set_gradient(CTTensor, CTTensor gradient);
// Calls back in backward() with the gradient of a tensor that has a history; what comes back, which is owned by the receiver, goes on
// instead. Null: backward() fails with what was written to `reason`. `release` is called once, when the history goes.
typedef CTTensor (*CTHook)(void *context, CTTensor gradient, char *reason, int capacity);
bool ct_on_gradient(CTTensor, CTHook, void *context, void (*release)(void *context));
bool ct_set_gradients_enabled(bool);               // of this thread; returns the former state
void ct_set_autocast(const char *device, bool enabled);   // bfloat16
bool ct_autocast(const char *device);
void ct_clear_autocast_cache(void);

#ifdef __cplusplus
}
#endif
#endif
