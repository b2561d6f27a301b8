#pragma once
// A thin C face over DCMTK's datasets: a file from memory, its elements one by one, changed in place, and written in the transfer syntax
// that it had.
// Nothing is decided here. Every C++ exception becomes a false answer or the kind of a problem of CDICOMInput.h; nothing is printed.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CDeidentificationFile CDeidentificationFile;
/// The dataset or an item; lives as long as it is not removed.
typedef struct CDeidentificationItem CDeidentificationItem;

typedef struct {
    uint16_t group;
    uint16_t element;
    /// Two letters.
    char representation[3];
    /// Bytes of the value; of a sequence, items.
    uint32_t length;
    bool isSequence;
    /// Whether DCMTK's data dictionary knows the tag.
    bool isKnown;
} CDeidentificationElement;

/// NULL where nothing could be read. `kind` may be set although a file is returned: then it broke off.
CDeidentificationFile *CDeidentificationOpen(const void *bytes, size_t count, int32_t *kind);
void CDeidentificationClose(CDeidentificationFile *file);
CDeidentificationItem *CDeidentificationDataset(CDeidentificationFile *file);
CDeidentificationItem *CDeidentificationMetaInformation(CDeidentificationFile *file);

uint32_t CDeidentificationCount(const CDeidentificationItem *item);
/// An element by its place, from 0.
bool CDeidentificationElementAt(const CDeidentificationItem *item, uint32_t index, CDeidentificationElement *element);
CDeidentificationItem *CDeidentificationItemAt(const CDeidentificationItem *item, uint32_t index, uint32_t number);
/// The value of a text element as it stands, in its own character set, without padding at its end. Freed by CDeidentificationFree.
/// NULL where it is no text, or empty.
char *CDeidentificationText(const CDeidentificationItem *item, uint32_t index, size_t *size);

bool CDeidentificationRemove(CDeidentificationItem *item, uint32_t index);
/// Sets a text value, in the item's own character set.
bool CDeidentificationSetText(CDeidentificationItem *item, uint32_t index, const char *text);
/// Sets as many zero bytes as a value needs at least, for what is no text.
bool CDeidentificationSetZeros(CDeidentificationItem *item, uint32_t index);
/// Removes an item of a sequence, from 0.
bool CDeidentificationRemoveItem(CDeidentificationItem *item, uint32_t index, uint32_t number);
/// Leaves an element without value, or a sequence without items.
bool CDeidentificationSetEmpty(CDeidentificationItem *item, uint32_t index);
/// Puts a text element into an item, in place of one that is there.
bool CDeidentificationPut(CDeidentificationItem *item, uint16_t group, uint16_t element, const char *representation, const char *text);
/// Appends an item to a sequence, which is made where it is not there.
CDeidentificationItem *CDeidentificationAppend(CDeidentificationItem *item, uint16_t group, uint16_t element);

/// The file in the transfer syntax that it was read with, its meta information made anew, its preamble zero. Freed by
/// CDeidentificationFree.
char *CDeidentificationWrite(CDeidentificationFile *file, size_t *size, int32_t *kind);
void CDeidentificationFree(char *bytes);

#ifdef __cplusplus
}
#endif
