// C-STORE as its provider.

#include <dcmtk/dcmnet/cond.h>

#include <cstring>

#include "Association.h"
#include "ObjectFile.h"

using namespace network;

OFCondition Association::store(T_DIMSE_C_StoreRQ &request, const T_ASC_PresentationContext &context) {
    uint16_t status = STATUS_STORE_Refused_OutOfResources;
    const OFCondition condition = take(request, context, status);
    if (condition.bad()) {
        ++node.counts.incomplete;
        return condition;
    }
    T_DIMSE_C_StoreRSP reply;
    std::memset(static_cast<void *>(&reply), 0, sizeof reply);
    reply.DimseStatus = status;
    return DIMSE_sendStoreResponse(association, context.presentationContextID, &request, &reply, nullptr);
}

OFCondition Association::take(const T_DIMSE_C_StoreRQ &request, const T_ASC_PresentationContext &context, uint16_t &status) {
    const std::string abstract = trimmed(context.abstractSyntax), classUID = trimmed(request.AffectedSOPClassUID),
                      instanceUID = trimmed(request.AffectedSOPInstanceUID), syntax = trimmed(context.acceptedTransferSyntax);
    auto refuse = [&](uint16_t why, std::atomic<uint64_t> &count) {
        status = why;
        ++count;
        return readDataset(association, options.patience, context.presentationContextID, [](const uint8_t *, size_t) { return false; });
    };
    if (options.storageClasses.count(abstract) == 0) return refuse(0x0122, node.counts.refusedInvalid);
    if (classUID != abstract) return refuse(0xA900, node.counts.refusedInvalid);
    if (!isUID(instanceUID)) return refuse(0x0117, node.counts.refusedInvalid);
    const uint64_t free = options.calls.freeBytes ? options.calls.freeBytes(options.calls.context) : freeBytes(options.folder);
    if (free < options.reservedBytes) return refuse(0xA700, node.counts.refusedFull);

    ObjectFile file(options.calls.digests ? &digest : nullptr);
    const std::string path = node.freshPath();
    bool isWritten = file.open(path, classUID, instanceUID, syntax, callingTitle);
    const OFCondition condition =
        readDataset(association, options.patience, context.presentationContextID, [&](const uint8_t *bytes, size_t count) {
            isWritten = isWritten && file.write(bytes, count);
            return isWritten;
        });
    if (condition.bad()) {
        file.discard();
        return condition;
    }
    isWritten = isWritten && file.finish(options.calls.syncs) && (!options.calls.syncs || syncFolder(options.folder));
    if (!isWritten) {
        file.discard();
        ++node.counts.refusedFull;
        status = 0xA700;
        return EC_Normal;
    }
    if (file.datasetSize < 8) {
        file.discard();
        ++node.counts.refusedInvalid;
        status = 0xC000;
        return EC_Normal;
    }
    const CDICOMReceivedObject object = {callingTitle.c_str(), calledTitle.c_str(), address.c_str(), classUID.c_str(), instanceUID.c_str(),
                                         syntax.c_str(),       path.c_str(),        file.sha256.c_str(), file.fileSize, file.datasetSize, isSecured()};
    status = options.calls.received(options.calls.context, &object);
    file.discard();
    if (status == 0 || (status & 0xF000) == 0xB000) {
        ++node.counts.stored;
        node.counts.storedBytes += file.datasetSize;
    } else
        ++node.counts.refusedByHandler;
    return EC_Normal;
}
