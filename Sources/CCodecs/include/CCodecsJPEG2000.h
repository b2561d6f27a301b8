#pragma once
// A thin C face over OpenJPEG: one JPEG 2000 image (ISO/IEC 15444-1), codestream or JP2 file, decoded from memory.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What the main header says; sizes are those of the reference grid.
typedef struct {
    uint32_t width, height, components;
    /// Bits a sample of the first component.
    uint32_t precision;
    bool isSigned;
    /// Whether every component has the size of the image and the precision and sign of the first.
    bool isUniform;
} CCodecsJPEG2000Header;

/// Reads the main header. On failure returns false and one line in `message`.
bool CCodecsJPEG2000ReadHeader(
    const uint8_t *bytes, size_t count, CCodecsJPEG2000Header *header, char *message, size_t capacity);

/// Decodes an image whose header is uniform; a truncated image is an error.
/// `samples` is [components, height, width] with room for `sampleCount` values: the low 16 bits of each, two's complement.
/// `threads` decode together. Refuses an image that is not exactly so large. On failure returns false and one line in `message`.
bool CCodecsJPEG2000Decode(
    const uint8_t *bytes, size_t count, uint16_t *samples, size_t sampleCount, int threads, char *message, size_t capacity);

#ifdef __cplusplus
}
#endif
