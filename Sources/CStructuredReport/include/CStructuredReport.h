#pragma once
// A thin C face over DCMTK's reader of Structured Reports, which knows the rules of each SOP class (PS3.3 A.35): which content item may
// stand in which relation to which, and which attributes a report must have.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Whether DCMTK takes the bytes of a DICOM file for a valid Structured Report. Where it does not, `reason` gets its words in one line:
/// of rules and elements, never of values.
/// `items` gets the number of content items.
bool CStructuredReportIsValid(const void *bytes, size_t count, size_t *items, char *reason, size_t capacity);

#ifdef __cplusplus
}
#endif
