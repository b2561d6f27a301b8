// Storage commitment as its user, and as the provider that reports on an association of its own (PS3.4 J).

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcuid.h>

#include "Call.h"
#include "CommitmentItems.h"

using namespace network;

namespace {

CommitmentItems read(
    const char *transaction, const char *const *classes, const char *const *instances, const uint16_t *failures, size_t count) {
    CommitmentItems items;
    items.transaction = transaction ? transaction : "";
    for (size_t i = 0; i < count; ++i) {
        items.classes.push_back(classes[i]);
        items.instances.push_back(instances[i]);
        items.failures.push_back(failures ? failures[i] : 0);
    }
    return items;
}

bool areUIDs(const CommitmentItems &items, CDICOMNetworkProblem *problem) {
    bool good = isUID(items.transaction);
    for (size_t i = 0; i < items.classes.size(); ++i) good = good && isUID(items.classes[i]) && isUID(items.instances[i]);
    return good || fail(problem, CDICOMNetworkProblemBadSettings, "a UID is not valid");
}

/// Takes a result that came on this association, and answers it.
OFCondition takeResult(
    Call &call, const T_DIMSE_N_EventReportRQ &request, T_ASC_PresentationContextID context, void *to,
    void (*result)(void *, const CDICOMCommitmentResult *), bool &isTaken, const std::string &transaction) {
    std::unique_ptr<DcmDataset> dataset;
    if (request.DataSetType != DIMSE_DATASET_NULL) {
        const OFCondition condition = readSmallDataset(call.association, call.destination.patience, context, dataset);
        if (condition.bad()) return condition;
    }
    CommitmentItems items;
    const bool isSound = dataset && items.readResult(*dataset) && (request.EventTypeID == 1 || request.EventTypeID == 2);
    if (isSound && items.transaction == transaction) {
        const auto classes = items.classTexts(), instances = items.instanceTexts();
        const CDICOMCommitmentResult found = {call.destination.calledTitle,
                                              "",
                                              items.transaction.c_str(),
                                              classes.data(),
                                              instances.data(),
                                              items.failures.data(),
                                              instances.size()};
        result(to, &found);
        isTaken = true;
    }
    T_DIMSE_Message message = emptyMessage(DIMSE_N_EVENT_REPORT_RSP);
    auto &reply = message.msg.NEventReportRSP;
    reply.MessageIDBeingRespondedTo = request.MessageID;
    reply.DimseStatus = isSound ? STATUS_Success : STATUS_N_InvalidArgumentValue;
    reply.DataSetType = DIMSE_DATASET_NULL;
    copyUID(reply.AffectedSOPClassUID, request.AffectedSOPClassUID);
    copyUID(reply.AffectedSOPInstanceUID, request.AffectedSOPInstanceUID);
    reply.EventTypeID = request.EventTypeID;
    reply.opts = O_NEVENTREPORT_AFFECTEDSOPCLASSUID | O_NEVENTREPORT_AFFECTEDSOPINSTANCEUID | O_NEVENTREPORT_EVENTTYPEID;
    return call.send(context, message, nullptr);
}

}  // namespace

bool CDICOMRequestCommitment(
    const CDICOMDestination *destination, const char *transactionUID, const char *const *classUIDs, const char *const *instanceUIDs,
    size_t count, uint32_t wait, void *context, void (*result)(void *context, const CDICOMCommitmentResult *result),
    CDICOMNetworkProblem *problem) {
    return guarded(problem, [&] {
        const CommitmentItems items = read(transactionUID, classUIDs, instanceUIDs, nullptr, count);
        if (!areUIDs(items, problem)) return false;
        Call call(*destination, problem);
        if (!call.open({{UID_StorageCommitmentPushModelSOPClass, plainSyntaxes()}})) return false;
        T_ASC_PresentationContextID id = call.context(UID_StorageCommitmentPushModelSOPClass);
        if (!id) return call.notAccepted("storage commitment");
        const auto dataset = items.request();
        T_DIMSE_Message message = emptyMessage(DIMSE_N_ACTION_RQ);
        message.msg.NActionRQ.MessageID = call.freshMessageID();
        message.msg.NActionRQ.ActionTypeID = 1;
        message.msg.NActionRQ.DataSetType = DIMSE_DATASET_PRESENT;
        copyUID(message.msg.NActionRQ.RequestedSOPClassUID, UID_StorageCommitmentPushModelSOPClass);
        copyUID(message.msg.NActionRQ.RequestedSOPInstanceUID, commitmentInstance);
        OFCondition condition = call.send(id, message, dataset.get());
        bool isAnswered = false, isTaken = false;
        const int64_t deadline = now() + 1000 * static_cast<int64_t>(wait);
        // A hasty peer may send the result before the answer to the request.
        while (condition.good()) {
            uint32_t patience = 0;
            if (isAnswered) {
                if (isTaken || now() >= deadline) break;
                patience = static_cast<uint32_t>((deadline - now() + 999) / 1000);
            }
            condition = call.receive(message, id, patience);
            if (isAnswered && condition == DIMSE_NODATAAVAILABLE) {
                condition = EC_Normal;
                break;
            }
            if (condition.bad()) break;
            if (message.CommandField == DIMSE_N_EVENT_REPORT_RQ)
                condition = takeResult(call, message.msg.NEventReportRQ, id, context, result, isTaken, items.transaction);
            else if (message.CommandField == DIMSE_N_ACTION_RSP && !isAnswered) {
                isAnswered = true;
                if (message.msg.NActionRSP.DataSetType != DIMSE_DATASET_NULL)
                    condition = readDataset(call.association, destination->patience, id, [](const uint8_t *, size_t) { return false; });
                const uint16_t status = message.msg.NActionRSP.DimseStatus;
                if (status != 0 && (status & 0xF000) != 0xB000) {
                    call.close();
                    return fail(problem, CDICOMNetworkProblemRefused, "N-ACTION: " + statusWords(status), status);
                }
            } else
                condition = unexpectedMessage();
        }
        // A peer may take the association away once it has answered: the request stands all the same.
        if (condition.bad() && !(isAnswered && !call.isCancelled())) return call.lost("N-ACTION", condition);
        call.close();
        return true;
    });
}

bool CDICOMReportCommitment(const CDICOMDestination *destination, const CDICOMCommitmentResult *result, CDICOMNetworkProblem *problem) {
    return guarded(problem, [&] {
        const CommitmentItems items =
            read(result->transactionUID, result->classUIDs, result->instanceUIDs, result->failures, result->count);
        if (!areUIDs(items, problem)) return false;
        Call call(*destination, problem);
        // We are the provider and ask for the association: so the role has to be proposed (PS3.7 D.3.3.4).
        if (!call.open({{UID_StorageCommitmentPushModelSOPClass, plainSyntaxes(), ASC_SC_ROLE_SCP}})) return false;
        T_ASC_PresentationContextID id = call.context(UID_StorageCommitmentPushModelSOPClass);
        if (!id) return call.notAccepted("results of storage commitment");
        bool hasFailures = false;
        const auto dataset = items.result(hasFailures);
        T_DIMSE_Message message = emptyMessage(DIMSE_N_EVENT_REPORT_RQ);
        message.msg.NEventReportRQ.MessageID = call.freshMessageID();
        message.msg.NEventReportRQ.EventTypeID = hasFailures ? 2 : 1;
        message.msg.NEventReportRQ.DataSetType = DIMSE_DATASET_PRESENT;
        copyUID(message.msg.NEventReportRQ.AffectedSOPClassUID, UID_StorageCommitmentPushModelSOPClass);
        copyUID(message.msg.NEventReportRQ.AffectedSOPInstanceUID, commitmentInstance);
        OFCondition condition = call.send(id, message, dataset.get());
        if (condition.good()) condition = call.receive(message, id);
        if (condition.good() && message.CommandField != DIMSE_N_EVENT_REPORT_RSP) condition = unexpectedMessage();
        if (condition.good() && message.msg.NEventReportRSP.DataSetType != DIMSE_DATASET_NULL)
            condition = readDataset(call.association, destination->patience, id, [](const uint8_t *, size_t) { return false; });
        if (condition.bad()) return call.lost("N-EVENT-REPORT", condition);
        const uint16_t status = message.msg.NEventReportRSP.DimseStatus;
        call.close();
        return status == 0 || (status & 0xF000) == 0xB000 ||
               fail(problem, CDICOMNetworkProblemRefused, "N-EVENT-REPORT: " + statusWords(status), status);
    });
}
