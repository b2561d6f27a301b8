#include "CDICOMNames.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcuid.h>

const char *CDICOMNameOfUID(const char *uid) { return dcmFindNameOfUID(uid, nullptr); }
