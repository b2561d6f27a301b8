// Storage commitment on an association that a peer asked for (PS3.4 J): its requests, our results, and results that we asked for.

#include <dcmtk/dcmdata/dcuid.h>

#include "Association.h"
#include "CommitmentItems.h"

using namespace network;

OFCondition Association::requestOfCommitment(const T_DIMSE_N_ActionRQ &request, T_ASC_PresentationContextID context) {
    std::unique_ptr<DcmDataset> dataset;
    if (request.DataSetType != DIMSE_DATASET_NULL) {
        const OFCondition condition = readSmallDataset(association, options.patience, context, dataset);
        if (condition.bad()) return condition;
    }
    ++node.counts.commitmentRequests;
    CommitmentItems items;
    uint16_t status = STATUS_N_InvalidArgumentValue;
    bool answersNow = false;
    if (request.ActionTypeID != 1)
        status = STATUS_N_NoSuchAction;
    else if (dataset && items.readRequest(*dataset)) {
        const auto classes = items.classTexts(), instances = items.instanceTexts();
        const CDICOMCommitmentRequest asked = {callingTitle.c_str(), address.c_str(),  items.transaction.c_str(),
                                               classes.data(),       instances.data(), instances.size()};
        status = options.calls.commitmentRequested
                     ? options.calls.commitmentRequested(options.calls.context, &asked, &answersNow, items.failures.data())
                     : STATUS_N_ProcessingFailure;
    }
    T_DIMSE_Message message = emptyMessage(DIMSE_N_ACTION_RSP);
    auto &reply = message.msg.NActionRSP;
    reply.MessageIDBeingRespondedTo = request.MessageID;
    reply.DimseStatus = status;
    reply.DataSetType = DIMSE_DATASET_NULL;
    copyUID(reply.AffectedSOPClassUID, request.RequestedSOPClassUID);
    copyUID(reply.AffectedSOPInstanceUID, request.RequestedSOPInstanceUID);
    reply.ActionTypeID = request.ActionTypeID;
    reply.opts = O_NACTION_AFFECTEDSOPCLASSUID | O_NACTION_AFFECTEDSOPINSTANCEUID | O_NACTION_ACTIONTYPEID;
    const OFCondition condition = DIMSE_sendMessageUsingMemoryData(association, context, &message, nullptr, nullptr, nullptr, nullptr);
    return condition.good() && status == 0 && answersNow ? sendResult(items, context) : condition;
}

/// The peer's answer comes among its other messages.
OFCondition Association::sendResult(const CommitmentItems &items, T_ASC_PresentationContextID context) {
    bool hasFailures = false;
    const auto dataset = items.result(hasFailures);
    T_DIMSE_Message message = emptyMessage(DIMSE_N_EVENT_REPORT_RQ);
    auto &report = message.msg.NEventReportRQ;
    report.MessageID = association->nextMsgID++;
    report.DataSetType = DIMSE_DATASET_PRESENT;
    report.EventTypeID = hasFailures ? 2 : 1;
    copyUID(report.AffectedSOPClassUID, UID_StorageCommitmentPushModelSOPClass);
    copyUID(report.AffectedSOPInstanceUID, commitmentInstance);
    unanswered[report.MessageID] = items.transaction;
    return DIMSE_sendMessageUsingMemoryData(association, context, &message, nullptr, dataset.get(), nullptr, nullptr);
}

OFCondition Association::resultOfCommitment(const T_DIMSE_N_EventReportRQ &request, T_ASC_PresentationContextID context) {
    std::unique_ptr<DcmDataset> dataset;
    if (request.DataSetType != DIMSE_DATASET_NULL) {
        const OFCondition condition = readSmallDataset(association, options.patience, context, dataset);
        if (condition.bad()) return condition;
    }
    ++node.counts.commitmentResults;
    CommitmentItems items;
    uint16_t status = STATUS_N_InvalidArgumentValue;
    if (request.EventTypeID != 1 && request.EventTypeID != 2)
        status = STATUS_N_NoSuchEventType;
    else if (dataset && items.readResult(*dataset)) {
        const auto classes = items.classTexts(), instances = items.instanceTexts();
        const CDICOMCommitmentResult result = {callingTitle.c_str(), address.c_str(),       items.transaction.c_str(), classes.data(),
                                               instances.data(),     items.failures.data(), instances.size()};
        status =
            options.calls.commitmentResult ? options.calls.commitmentResult(options.calls.context, &result) : STATUS_N_ProcessingFailure;
    }
    // DCMTK's own answer leaves out class, instance and event, which Orthanc calls badly formatted.
    T_DIMSE_Message message = emptyMessage(DIMSE_N_EVENT_REPORT_RSP);
    auto &reply = message.msg.NEventReportRSP;
    reply.MessageIDBeingRespondedTo = request.MessageID;
    reply.DimseStatus = status;
    reply.DataSetType = DIMSE_DATASET_NULL;
    copyUID(reply.AffectedSOPClassUID, request.AffectedSOPClassUID);
    copyUID(reply.AffectedSOPInstanceUID, request.AffectedSOPInstanceUID);
    reply.EventTypeID = request.EventTypeID;
    reply.opts = O_NEVENTREPORT_AFFECTEDSOPCLASSUID | O_NEVENTREPORT_AFFECTEDSOPINSTANCEUID | O_NEVENTREPORT_EVENTTYPEID;
    return DIMSE_sendMessageUsingMemoryData(association, context, &message, nullptr, nullptr, nullptr, nullptr);
}
