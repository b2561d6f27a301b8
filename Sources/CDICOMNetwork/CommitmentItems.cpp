#include "CommitmentItems.h"

using namespace network;

namespace {

std::string text(DcmItem &item, const DcmTagKey &key) {
    OFString value;
    if (item.findAndGetOFStringArray(key, value).bad()) return "";
    return trimmed(value.c_str());
}

void put(DcmItem &item, const DcmTagKey &key, const std::string &value) { item.putAndInsertOFStringArray(key, value.c_str()); }

std::vector<const char *> texts(const std::vector<std::string> &strings) {
    std::vector<const char *> result;
    for (auto &string : strings) result.push_back(string.c_str());
    return result;
}

}  // namespace

std::vector<const char *> CommitmentItems::classTexts() const { return texts(classes); }
std::vector<const char *> CommitmentItems::instanceTexts() const { return texts(instances); }

bool CommitmentItems::append(DcmDataset &dataset, const DcmTagKey &key, bool areFailed) {
    DcmSequenceOfItems *sequence = nullptr;
    if (dataset.findAndGetSequence(key, sequence).bad() || !sequence) return true;
    for (unsigned long i = 0; i < sequence->card(); ++i) {
        DcmItem *item = sequence->getItem(i);
        if (!item) return false;
        classes.push_back(text(*item, DCM_ReferencedSOPClassUID));
        instances.push_back(text(*item, DCM_ReferencedSOPInstanceUID));
        Uint16 failure = 0;
        if (areFailed && (item->findAndGetUint16(DCM_FailureReason, failure).bad() || failure == 0)) failure = 0x0110;
        failures.push_back(failure);
        if (!isUID(classes.back()) || !isUID(instances.back())) return false;
    }
    return true;
}

bool CommitmentItems::readRequest(DcmDataset &dataset) {
    transaction = text(dataset, DCM_TransactionUID);
    return isUID(transaction) && append(dataset, DCM_ReferencedSOPSequence, false) && !instances.empty();
}

bool CommitmentItems::readResult(DcmDataset &dataset) {
    transaction = text(dataset, DCM_TransactionUID);
    return isUID(transaction) && append(dataset, DCM_ReferencedSOPSequence, false) && append(dataset, DCM_FailedSOPSequence, true);
}

std::unique_ptr<DcmDataset> CommitmentItems::result(bool &hasFailures) const {
    auto dataset = std::make_unique<DcmDataset>();
    put(*dataset, DCM_TransactionUID, transaction);
    hasFailures = false;
    for (size_t i = 0; i < instances.size(); ++i) {
        DcmItem *item = nullptr;
        const DcmTagKey key = failures[i] ? DCM_FailedSOPSequence : DCM_ReferencedSOPSequence;
        if (dataset->findOrCreateSequenceItem(key, item, -2).bad() || !item) continue;
        put(*item, DCM_ReferencedSOPClassUID, classes[i]);
        put(*item, DCM_ReferencedSOPInstanceUID, instances[i]);
        if (failures[i]) {
            item->putAndInsertUint16(DCM_FailureReason, failures[i]);
            hasFailures = true;
        }
    }
    return dataset;
}

std::unique_ptr<DcmDataset> CommitmentItems::request() const {
    auto dataset = std::make_unique<DcmDataset>();
    put(*dataset, DCM_TransactionUID, transaction);
    for (size_t i = 0; i < instances.size(); ++i) {
        DcmItem *item = nullptr;
        if (dataset->findOrCreateSequenceItem(DCM_ReferencedSOPSequence, item, -2).bad() || !item) continue;
        put(*item, DCM_ReferencedSOPClassUID, classes[i]);
        put(*item, DCM_ReferencedSOPInstanceUID, instances[i]);
    }
    return dataset;
}
