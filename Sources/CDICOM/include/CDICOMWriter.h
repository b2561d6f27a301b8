#pragma once
// A thin C face over DCMTK for writing: a dataset filled element by element, then a whole file in memory.
// Every condition and exception becomes a CDICOMProblem or false; nothing is printed and nothing is decided here.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CDICOM.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CDICOMWriter CDICOMWriter;
/// A dataset or an item of a sequence being filled; lives as long as its writer.
typedef struct CDICOMWriterItem CDICOMWriterItem;

/// NULL where memory is exhausted.
CDICOMWriter *CDICOMWriterCreate(void);
void CDICOMWriterDestroy(CDICOMWriter *writer);

CDICOMWriterItem *CDICOMWriterDataset(CDICOMWriter *writer);
/// Sets an element of a value representation such as "CS" from text: numbers in decimal, several values with backslashes between
/// them; an empty text leaves the element without a value. False where the text is none of that representation.
bool CDICOMWriterText(CDICOMWriterItem *item, uint16_t group, uint16_t element, const char *representation, const char *text);
/// Appends an item to a sequence, which is made where it is missing; NULL on failure.
CDICOMWriterItem *CDICOMWriterAppend(CDICOMWriterItem *item, uint16_t group, uint16_t element);
/// Makes a sequence without items.
bool CDICOMWriterEmptySequence(CDICOMWriterItem *item, uint16_t group, uint16_t element);
/// Sets an element of OB, UN or OW (then `count` is even, words in little-endian order) from bytes, which are copied.
bool CDICOMWriterBytes(
    CDICOMWriterItem *item, uint16_t group, uint16_t element, const char *representation, const uint8_t *bytes, size_t count);
/// Sets Pixel Data of one frame that is compressed already, in one fragment; `syntax` is the UID of its transfer syntax, in which the
/// file is written then.
bool CDICOMWriterFragment(CDICOMWriter *writer, const char *syntax, const uint8_t *bytes, size_t count);
/// Sets Pixel Data of 16 bits a sample; the samples are copied.
bool CDICOMWriterPixels(CDICOMWriter *writer, const uint16_t *samples, size_t count);

/// The file (PS3.10), explicit VR little endian (or as CDICOMWriterFragment said); the meta information comes from the dataset's SOP class and instance.
/// The caller frees the result with CDICOMWriterFree. NULL on failure.
uint8_t *CDICOMWriterFile(CDICOMWriter *writer, size_t *size, CDICOMProblem *problem);
void CDICOMWriterFree(uint8_t *bytes);

#ifdef __cplusplus
}
#endif
