// C-FIND and C-MOVE as their user (PS3.4 C, K).

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcpath.h>

#include "Attributes.h"
#include "Call.h"

using namespace network;

namespace {

bool readKeys(const CDICOMAttributes &keys, DcmDataset &dataset, CDICOMNetworkProblem *problem) {
    bool isForeign = false;
    for (size_t i = 0; i < keys.count; ++i) {
        DcmPathProcessor processor;
        if (processor.findOrCreatePath(&dataset, keys.names[i], OFTrue).bad())
            return fail(problem, CDICOMNetworkProblemBadSettings, std::string("not an attribute: ") + keys.names[i]);
        OFList<DcmPath *> found;
        processor.getResults(found);
        DcmElement *element = found.empty() ? nullptr : dynamic_cast<DcmElement *>(found.front()->back()->m_obj);
        if (!element) return fail(problem, CDICOMNetworkProblemBadSettings, std::string("not an attribute with a value: ") + keys.names[i]);
        const std::string value = keys.values[i];
        if (value.empty() || dynamic_cast<DcmSequenceOfItems *>(element)) continue;
        if (element->putOFStringArray(value.c_str()).bad())
            return fail(problem, CDICOMNetworkProblemBadSettings, std::string("not a value of ") + keys.names[i]);
        for (const char c : value) isForeign = isForeign || static_cast<unsigned char>(c) >= 0x80;
    }
    // Some peers answer in the set of the keys; those that do not say theirs.
    if (isForeign) dataset.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
    return true;
}

bool sendQuery(Call &call, T_DIMSE_Message &message, T_ASC_PresentationContextID context, DcmDataset &keys, const char *what) {
    const OFCondition condition = call.send(context, message, &keys);
    return condition.good() || call.lost(what, condition);
}

}  // namespace

bool CDICOMFind(
    const CDICOMDestination *destination, const char *model, const CDICOMAttributes *keys, const char *characterSet, void *context,
    bool (*answered)(void *context, const CDICOMAttributes *answer), CDICOMNetworkProblem *problem) {
    return guarded(problem, [&] {
        DcmDataset dataset;
        if (!readKeys(*keys, dataset, problem)) return false;
        Call call(*destination, problem);
        if (!call.open({{model, plainSyntaxes()}})) return false;
        const T_ASC_PresentationContextID id = call.context(model);
        if (!id) return call.notAccepted("this query");
        T_DIMSE_Message message = emptyMessage(DIMSE_C_FIND_RQ);
        const uint16_t messageID = call.freshMessageID();
        message.msg.CFindRQ.MessageID = messageID;
        message.msg.CFindRQ.DataSetType = DIMSE_DATASET_PRESENT;
        message.msg.CFindRQ.Priority = DIMSE_PRIORITY_MEDIUM;
        copyUID(message.msg.CFindRQ.AffectedSOPClassUID, model);
        if (!sendQuery(call, message, id, dataset, "C-FIND")) return false;
        bool isCancelled = false;
        for (;;) {
            T_ASC_PresentationContextID from = 0;
            OFCondition condition = call.receive(message, from);
            if (condition.good() && message.CommandField != DIMSE_C_FIND_RSP) condition = unexpectedMessage();
            std::unique_ptr<DcmDataset> answer;
            const bool hasAnswer = condition.good() && message.msg.CFindRSP.DataSetType != DIMSE_DATASET_NULL;
            if (hasAnswer) condition = readSmallDataset(call.association, destination->patience, from, answer);
            if (condition.bad()) return call.lost("C-FIND", condition);
            const uint16_t status = message.msg.CFindRSP.DimseStatus;
            if (!DICOM_PENDING_STATUS(status)) {
                call.close();
                const bool isFine = status == 0 || (status & 0xF000) == 0xB000 || (isCancelled && status == 0xFE00);
                return isFine || fail(problem, CDICOMNetworkProblemRefused, "C-FIND: " + statusWords(status), status);
            }
            if (!answer || isCancelled) continue;
            Attributes attributes;
            attributes.read(*answer, characterSet ? characterSet : "");
            std::vector<const char *> names, values;
            for (auto &name : attributes.names) names.push_back(name.c_str());
            for (auto &value : attributes.values) values.push_back(value.c_str());
            const CDICOMAttributes flat = {names.data(), values.data(), names.size()};
            if (answered(context, &flat)) continue;
            isCancelled = true;
            condition = DIMSE_sendCancelRequest(call.association, id, messageID);
            if (condition.bad()) return call.lost("C-FIND", condition);
        }
    });
}

bool CDICOMMove(
    const CDICOMDestination *destination, const char *model, const CDICOMAttributes *keys, const char *moveDestination, void *context,
    bool (*progress)(void *context, const CDICOMMoveProgress *progress), CDICOMMoveProgress *final, CDICOMNetworkProblem *problem) {
    *final = CDICOMMoveProgress{0xFFFF, 0, 0, 0, 0};
    return guarded(problem, [&] {
        DcmDataset dataset;
        if (!readKeys(*keys, dataset, problem)) return false;
        Call call(*destination, problem);
        if (!call.open({{model, plainSyntaxes()}})) return false;
        const T_ASC_PresentationContextID id = call.context(model);
        if (!id) return call.notAccepted("C-MOVE");
        T_DIMSE_Message message = emptyMessage(DIMSE_C_MOVE_RQ);
        const uint16_t messageID = call.freshMessageID();
        message.msg.CMoveRQ.MessageID = messageID;
        message.msg.CMoveRQ.DataSetType = DIMSE_DATASET_PRESENT;
        message.msg.CMoveRQ.Priority = DIMSE_PRIORITY_MEDIUM;
        copyUID(message.msg.CMoveRQ.AffectedSOPClassUID, model);
        OFStandard::strlcpy(message.msg.CMoveRQ.MoveDestination, moveDestination, sizeof message.msg.CMoveRQ.MoveDestination);
        if (!sendQuery(call, message, id, dataset, "C-MOVE")) return false;
        bool isCancelled = false;
        for (;;) {
            T_ASC_PresentationContextID from = 0;
            OFCondition condition = call.receive(message, from);
            if (condition.good() && message.CommandField != DIMSE_C_MOVE_RSP) condition = unexpectedMessage();
            // A list of instances that failed may follow.
            if (condition.good() && message.msg.CMoveRSP.DataSetType != DIMSE_DATASET_NULL)
                condition = readDataset(call.association, destination->patience, from, [](const uint8_t *, size_t) { return false; });
            if (condition.bad()) return call.lost("C-MOVE", condition);
            const auto &reply = message.msg.CMoveRSP;
            // Counts may be left out of the last answer: what was heard before stays.
            final->status = reply.DimseStatus;
            final->remaining = reply.opts & O_MOVE_NUMBEROFREMAININGSUBOPERATIONS ? reply.NumberOfRemainingSubOperations : 0;
            if (reply.opts & O_MOVE_NUMBEROFCOMPLETEDSUBOPERATIONS) final->completed = reply.NumberOfCompletedSubOperations;
            if (reply.opts & O_MOVE_NUMBEROFFAILEDSUBOPERATIONS) final->failed = reply.NumberOfFailedSubOperations;
            if (reply.opts & O_MOVE_NUMBEROFWARNINGSUBOPERATIONS) final->warning = reply.NumberOfWarningSubOperations;
            if (!DICOM_PENDING_STATUS(reply.DimseStatus)) {
                call.close();
                const bool isFine = final->status == 0 || (final->status & 0xF000) == 0xB000 || (isCancelled && final->status == 0xFE00);
                return isFine || fail(problem, CDICOMNetworkProblemRefused, "C-MOVE: " + statusWords(final->status), final->status);
            }
            if (isCancelled || progress(context, final)) continue;
            isCancelled = true;
            condition = DIMSE_sendCancelRequest(call.association, id, messageID);
            if (condition.bad()) return call.lost("C-MOVE", condition);
        }
    });
}
