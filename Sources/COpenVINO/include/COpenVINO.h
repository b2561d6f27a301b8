// OpenVINO's C functions under their own names, found by dlopen when they are asked for: a program that is linked with this starts where there is
// no OpenVINO, and says so. Before cov_load has succeeded every function fails, and those without a result do nothing.
#ifndef COPENVINO_H
#define COPENVINO_H
#include <openvino/c/openvino.h>
#include <stdbool.h>
#include <stddef.h>

// Loads libopenvino_c from `path`, or by its name alone from where the system looks; once a process, by one thread. `message` (of `capacity` bytes)
// gets the reason of a failure.
bool cov_load(const char *path, char *message, size_t capacity);
#endif
