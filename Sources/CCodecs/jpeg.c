#include "CCodecsJPEG.h"

#include <string.h>
#include <turbojpeg.h>

static void say(char *message, size_t size, const char *text) {
    if (!size) return;
    strncpy(message, text, size - 1);
    message[size - 1] = 0;
}

bool cc_jpeg_header(const uint8_t *bytes, size_t count, CCJPEGHeader *header, char *message, size_t messageSize) {
    tjhandle handle = tjInitDecompress();
    if (!handle) { say(message, messageSize, tjGetErrorStr2(NULL)); return false; }
    int width = 0, height = 0, subsampling = 0, space = 0;
    bool done = tjDecompressHeader3(handle, bytes, count, &width, &height, &subsampling, &space) == 0 && width > 0 && height > 0;
    if (!done) say(message, messageSize, tjGetErrorStr2(handle));
    header->width = width;
    header->height = height;
    header->channels = space == TJCS_GRAY ? 1 : (space == TJCS_CMYK || space == TJCS_YCCK) ? 4 : 3;
    tjDestroy(handle);
    return done;
}

bool cc_jpeg_decode(
    const uint8_t *bytes, size_t count, const CCJPEGHeader *header, int32_t reduction, uint8_t *pixels, char *message, size_t messageSize) {
    tjhandle handle = tjInitDecompress();
    if (!handle) { say(message, messageSize, tjGetErrorStr2(NULL)); return false; }
    int format = header->channels == 1 ? TJPF_GRAY : header->channels == 4 ? TJPF_CMYK : TJPF_RGB;
    // A warning (cut-off or damaged data) is a failure too: half a radiograph is none.
    tjscalingfactor factor = {1, reduction};
    bool done = tjDecompress2(
        handle, bytes, count, pixels, TJSCALED(header->width, factor), 0, TJSCALED(header->height, factor), format, TJFLAG_ACCURATEDCT) == 0;
    if (!done) say(message, messageSize, tjGetErrorStr2(handle));
    tjDestroy(handle);
    return done;
}

bool cc_jpeg_encode(
    const uint8_t *pixels, int32_t width, int32_t height, int32_t stride, int32_t format, int32_t quality, uint8_t **bytes, size_t *count,
    char *message, size_t messageSize) {
    tjhandle handle = tjInitCompress();
    if (!handle) { say(message, messageSize, tjGetErrorStr2(NULL)); return false; }
    unsigned long size = 0;
    int pixelFormat = format == 1 ? TJPF_GRAY : format == 4 ? TJPF_BGRX : TJPF_RGB;
    // A radiograph is all in the luminance, which is never thinned out; colour is lines and labels, and costs twice as much at full size.
    int sampling = format == 1 ? TJSAMP_GRAY : quality >= 95 ? TJSAMP_444 : TJSAMP_420;
    *bytes = NULL;
    bool done =
        tjCompress2(handle, pixels, width, stride, height, pixelFormat, bytes, &size, sampling, quality, TJFLAG_ACCURATEDCT) == 0;
    if (!done) say(message, messageSize, tjGetErrorStr2(handle));
    *count = size;
    tjDestroy(handle);
    return done;
}

void cc_jpeg_free(uint8_t *bytes) { tjFree(bytes); }
