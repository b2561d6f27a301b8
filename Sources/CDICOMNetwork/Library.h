#pragma once
#include <dcmtk/config/osconfig.h>

#include <dcmtk/ofstd/ofcond.h>

#include <string>

#include "CDICOMNetwork.h"

namespace network {

/// Once a process: no log (DCMTK's holds names of patients), codecs, no look-up of a caller's name, nothing changed in what is read.
void prepare();

/// False, for `return fail(...)`.
bool fail(CDICOMNetworkProblem *problem, int32_t kind, const std::string &text, uint16_t status = 0);
void clear(CDICOMNetworkProblem *problem);

/// DCMTK's words in one line.
std::string words(const OFCondition &condition);
/// The standard's words of a DIMSE status, such as "A700, out of resources".
std::string statusWords(uint16_t status);

/// Digits and dots, 1 to 64 (PS3.5 9.1).
bool isUID(const std::string &text);
/// Without blanks and zeros around it.
std::string trimmed(const std::string &text);

/// Calls, and makes an exception a problem.
template <typename Body>
bool guarded(CDICOMNetworkProblem *problem, Body body) {
    clear(problem);
    try {
        prepare();
        return body();
    } catch (const std::exception &exception) {
        return fail(problem, CDICOMNetworkProblemInternal, exception.what());
    } catch (...) {
        return fail(problem, CDICOMNetworkProblemInternal, "unknown exception");
    }
}

}  // namespace network
