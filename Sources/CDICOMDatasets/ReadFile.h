#pragma once
#include "CDICOMInput.h"

class DcmFileFormat;

namespace pleura {

/// Reads a file from memory with DCMTK, whatever the bytes are: no nesting that runs out of stack, no dataset that inflates without end.
/// What was read before a problem stays in `format`.
/// @param untilPixelData Stops before Pixel Data (group 7FE0) of the dataset itself, which are not copied.
/// @param end Where reading stopped, in bytes; of a deflated dataset this says nothing.
/// @return A kind of CDICOMInput.h.
int32_t readFile(DcmFileFormat &format, const void *bytes, size_t count, bool untilPixelData, int64_t &end);

}  // namespace pleura
