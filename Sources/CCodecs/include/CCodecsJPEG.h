// JPEG through TurboJPEG. Every failure is a status and a text; nothing is printed and nothing exits.
#ifndef CCODECS_JPEG_H
#define CCODECS_JPEG_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int32_t width, height;
    int32_t channels;            // 1 grey, 3 colour, 4 CMYK
} CCJPEGHeader;

// Reads the header only. `message` (of `messageSize` bytes) gets the reason of a failure.
bool cc_jpeg_header(const uint8_t *bytes, size_t count, CCJPEGHeader *header, char *message, size_t messageSize);

// Decodes to width * height bytes of grey, or three (RGB) or four (CMYK) times as many, as the header says. Accurate DCT, smooth
// upsampling, as PIL decodes. Damaged or cut-off data fails. `reduction` of 2, 4 or 8 leaves out the finer part of the cosine transform:
// width and height are divided by it, rounded up.
bool cc_jpeg_decode(
    const uint8_t *bytes, size_t count, const CCJPEGHeader *header, int32_t reduction, uint8_t *pixels, char *message, size_t messageSize);

// Encodes; `format` is 1 for grey, 3 for RGB, 4 for BGRX (Cairo's RGB24). Below a quality of 95 colour has half the resolution each way. The
// result is freed by cc_jpeg_free.
bool cc_jpeg_encode(
    const uint8_t *pixels, int32_t width, int32_t height, int32_t stride, int32_t format, int32_t quality, uint8_t **bytes, size_t *count,
    char *message, size_t messageSize);
void cc_jpeg_free(uint8_t *bytes);
#endif
