#pragma once
#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/dimse.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "Library.h"

namespace network {

/// The next fragment of a message; DCMTK keeps its own function for this to itself.
OFCondition readFragment(T_ASC_Association *association, uint32_t patience, DUL_PDV &fragment);

/// Reads a dataset to its end, each fragment as it comes. `take` returns false where it wants no more: the rest is read past.
OFCondition readDataset(
    T_ASC_Association *association, uint32_t patience, T_ASC_PresentationContextID context,
    const std::function<bool(const uint8_t *bytes, size_t count)> &take);

/// A dataset of at most `limit` bytes, of sound lengths, nested at most 16 deep: DCMTK reads nested sequences by calling itself, and
/// allocates what an element claims to be long. What is not sound leaves `dataset` empty; the association can go on.
OFCondition readSmallDataset(
    T_ASC_Association *association, uint32_t patience, T_ASC_PresentationContextID context, std::unique_ptr<DcmDataset> &dataset,
    size_t limit = 16 << 20);

/// Sends bytes that are encoded already. `goesOn` is asked before each fragment.
OFCondition sendBytes(
    T_ASC_Association *association, T_ASC_PresentationContextID context, const uint8_t *bytes, size_t count,
    const std::function<bool()> &goesOn);

/// What should not come at this place.
OFCondition unexpectedMessage();

/// All zero.
T_DIMSE_Message emptyMessage(T_DIMSE_Command command);
void copyUID(DIC_UI &to, const std::string &from);

}  // namespace network
