#pragma once
// A thin C face over DCMTK's DICOM JSON model (PS3.18 annex F): the header of a file as one JSON object, and single values that it refers
// to.
// Every C++ exception becomes the kind of a problem of CDICOMInput.h; nothing is printed.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    /// One JSON object in UTF-8, not ended by a zero. NULL where nothing could be read.
    char *json;
    size_t size;
    /// Of the dataset: that of the file meta information, or what DCMTK found out.
    char transferSyntax[65];
    char mediaStorageSOPClass[65];
    /// Where reading stopped: Pixel Data, if there are any, are not far before or behind it. 0 for a deflated dataset.
    int64_t end;
    /// How elements are encoded there.
    bool isExplicit;
    bool isBig;
    /// Values that have no form in JSON and were left out.
    int32_t omitted;
} CDICOMJSONText;

/// The dataset up to Pixel Data as JSON, all text in UTF-8. Binary values of more than `inlineLimit` bytes, and compressed pictures, stand
/// as
/// `bulkPrefix`, `/`, and the tags and item numbers (from 1) that lead to them.
/// @return A kind of CDICOMInput.h; text is set whenever the dataset has an element.
int32_t CDICOMJSONWrite(const void *bytes, size_t count, const char *bulkPrefix, size_t inlineLimit, CDICOMJSONText *text);
void CDICOMJSONFree(char *json);

/// The bytes of a binary value, little-endian, by its path: tag, item from 1, tag, item and so on, and a tag at last. The caller frees
/// them by
/// CDICOMJSONFree. NULL where there is no such value, and for Pixel Data of the dataset itself.
char *CDICOMJSONBulkData(const void *bytes, size_t count, const uint32_t *path, size_t steps, size_t *size);

#ifdef __cplusplus
}
#endif
