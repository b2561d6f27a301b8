// First, since what the engine's headers include must not become hidden with them.
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

// The functions defined here must not be seen by OpenVINO's own libraries, which have others of these names.
#define OPENVINO_STATIC_LIBRARY
#pragma GCC visibility push(hidden)
#include <openvino/c/openvino.h>
#pragma GCC visibility pop

#include "COpenVINO.h"

// RESULT, NAME, (parameters), (arguments): those that give a status, and those that give nothing.
#define WITH_STATUS(X)                                                                                                               \
    X(ov_compiled_model_create_infer_request, (const ov_compiled_model_t *model, ov_infer_request_t **request), (model, request))       \
    X(ov_compiled_model_get_property, (const ov_compiled_model_t *model, const char *key, char **value), (model, key, value))           \
    X(ov_compiled_model_output_by_name, (const ov_compiled_model_t *model, const char *name, ov_output_const_port_t **port),            \
      (model, name, port))                                                                                                             \
    X(ov_const_port_get_shape, (const ov_output_const_port_t *port, ov_shape_t *shape), (port, shape))                                  \
    X(ov_core_compile_model_props,                                                                                                     \
      (const ov_core_t *core, const ov_model_t *model, const char *device, const size_t count, const ov_property_t *properties,         \
       ov_compiled_model_t **compiled), (core, model, device, count, properties, compiled))                                             \
    X(ov_core_create, (ov_core_t **core), (core))                                                                                       \
    X(ov_core_get_available_devices, (const ov_core_t *core, ov_available_devices_t *devices), (core, devices))                         \
    X(ov_core_read_model, (const ov_core_t *core, const char *path, const char *weights, ov_model_t **model),                           \
      (core, path, weights, model))                                                                                                    \
    X(ov_core_read_model_from_memory_buffer,                                                                                           \
      (const ov_core_t *core, const char *text, const size_t length, const ov_tensor_t *weights, ov_model_t **model),                   \
      (core, text, length, weights, model))                                                                                            \
    X(ov_get_openvino_version, (ov_version_t *version), (version))                                                                      \
    X(ov_infer_request_get_profiling_info, (const ov_infer_request_t *request, ov_profiling_info_list_t *list), (request, list))        \
    X(ov_infer_request_get_tensor, (const ov_infer_request_t *request, const char *name, ov_tensor_t **tensor), (request, name, tensor)) \
    X(ov_infer_request_infer, (ov_infer_request_t *request), (request))                                                                 \
    X(ov_model_const_input_by_name, (const ov_model_t *model, const char *name, ov_output_const_port_t **port), (model, name, port))    \
    X(ov_model_reshape_input_by_name, (const ov_model_t *model, const char *name, const ov_partial_shape_t shape), (model, name, shape)) \
    X(ov_partial_shape_create, (const int64_t rank, const ov_dimension_t *dimensions, ov_partial_shape_t *shape),                       \
      (rank, dimensions, shape))                                                                                                       \
    X(ov_port_get_element_type, (const ov_output_const_port_t *port, ov_element_type_e *type), (port, type))                            \
    X(ov_port_get_partial_shape, (const ov_output_const_port_t *port, ov_partial_shape_t *shape), (port, shape))                        \
    X(ov_shape_free, (ov_shape_t *shape), (shape))                                                                                      \
    X(ov_tensor_data, (const ov_tensor_t *tensor, void **data), (tensor, data))                                                         \
    X(ov_tensor_get_element_type, (const ov_tensor_t *tensor, ov_element_type_e *type), (tensor, type))                                 \
    X(ov_tensor_get_size, (const ov_tensor_t *tensor, size_t *size), (tensor, size))
#define WITHOUT_RESULT(X)                                                                                                              \
    X(ov_available_devices_free, (ov_available_devices_t *devices), (devices))                                                         \
    X(ov_compiled_model_free, (ov_compiled_model_t *model), (model))                                                                    \
    X(ov_core_free, (ov_core_t *core), (core))                                                                                          \
    X(ov_free, (const char *content), (content))                                                                                        \
    X(ov_infer_request_free, (ov_infer_request_t *request), (request))                                                                  \
    X(ov_model_free, (ov_model_t *model), (model))                                                                                      \
    X(ov_output_const_port_free, (ov_output_const_port_t *port), (port))                                                                \
    X(ov_partial_shape_free, (ov_partial_shape_t *shape), (shape))                                                                      \
    X(ov_profiling_info_list_free, (ov_profiling_info_list_t *list), (list))                                                            \
    X(ov_tensor_free, (ov_tensor_t *tensor), (tensor))                                                                                  \
    X(ov_version_free, (ov_version_t *version), (version))

#define FIELD(name, parameters, arguments) __typeof__(&name) name;
static struct {
    WITH_STATUS(FIELD)
    WITHOUT_RESULT(FIELD)
    const char *(*ov_get_last_err_msg)(void);
} engine;
static bool loaded;

#define FORWARD_STATUS(name, parameters, arguments) \
    ov_status_e name parameters { return loaded ? engine.name arguments : GENERAL_ERROR; }
#define FORWARD(name, parameters, arguments) \
    void name parameters { if (loaded) engine.name arguments; }
#pragma GCC visibility push(hidden)
WITH_STATUS(FORWARD_STATUS)
WITHOUT_RESULT(FORWARD)
const char *ov_get_last_err_msg(void) { return loaded ? engine.ov_get_last_err_msg() : NULL; }
#pragma GCC visibility pop

// `target` is written as a pointer to an object, which POSIX lets hold a function of dlsym.
static bool resolve(void *library, const char *name, void *target, char *message, size_t capacity) {
    void *found = dlsym(library, name);
    if (!found) snprintf(message, capacity, "the library has no %s", name);
    *(void **)target = found;
    return found;
}

bool cov_load(const char *path, char *message, size_t capacity) {
    if (loaded) return true;
    void *library = dlopen(path ? path : "libopenvino_c.so", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(message, capacity, "%s", dlerror());
        return false;
    }
#define RESOLVE(name, parameters, arguments) && resolve(library, #name, &engine.name, message, capacity)
    loaded = true WITH_STATUS(RESOLVE) WITHOUT_RESULT(RESOLVE)
        && resolve(library, "ov_get_last_err_msg", &engine.ov_get_last_err_msg, message, capacity);
    return loaded;
}
