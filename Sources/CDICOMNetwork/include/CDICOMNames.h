#pragma once
// The names of the standard's UIDs, by DCMTK's table (PS3.6 annex A).

#ifdef __cplusplus
extern "C" {
#endif

/// The name of a SOP class or transfer syntax, such as "ComputedRadiographyImageStorage"; NULL where the table has none. It lives for ever.
const char *CDICOMNameOfUID(const char *uid);

#ifdef __cplusplus
}
#endif
