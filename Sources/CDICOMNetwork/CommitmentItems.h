#pragma once
#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dctk.h>

#include <memory>
#include <string>
#include <vector>

#include "Library.h"

namespace network {

/// The instance that the well-known storage commitment service goes by (PS3.4 J.3.5).
inline constexpr const char *commitmentInstance = "1.2.840.10008.1.20.1.1";

/// References and failures of storage commitment (PS3.4 J.3).
struct CommitmentItems {
    std::string transaction;
    std::vector<std::string> classes, instances;
    std::vector<uint16_t> failures;

    /// - Returns: Whether the transaction and all references are there.
    bool readRequest(DcmDataset &dataset);
    bool readResult(DcmDataset &dataset);
    /// The event's dataset; `hasFailures` says which event it is: 1 or 2.
    std::unique_ptr<DcmDataset> result(bool &hasFailures) const;
    std::unique_ptr<DcmDataset> request() const;
    std::vector<const char *> classTexts() const, instanceTexts() const;

private:
    bool append(DcmDataset &dataset, const DcmTagKey &sequence, bool areFailed);
};

}  // namespace network
