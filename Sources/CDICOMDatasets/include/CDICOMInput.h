#pragma once
// What is wrong with a file that DCMTK read from memory.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    CDICOMInputProblemNone = 0,
    /// The bytes end inside an element.
    CDICOMInputProblemTruncated = 1,
    /// The bytes break the rules of DICOM.
    CDICOMInputProblemDamaged = 2,
    CDICOMInputProblemOutOfMemory = 3,
    /// DCMTK's data dictionary is not installed.
    CDICOMInputProblemNoDictionary = 4,
    /// Sequences nested so deep that reading them would run out of stack.
    CDICOMInputProblemTooDeep = 5,
    /// A deflated dataset that inflates to more than the limit.
    CDICOMInputProblemTooLarge = 6,
    /// A transfer syntax that DCMTK does not know.
    CDICOMInputProblemUnsupported = 7,
};

/// Bytes that a deflated dataset may inflate to.
extern const size_t CDICOMInputLargestInflated;

#ifdef __cplusplus
}
#endif
