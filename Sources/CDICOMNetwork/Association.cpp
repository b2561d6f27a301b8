#include "Association.h"

#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmnet/cond.h>
#include <dcmtk/dcmnet/dul.h>

#include <unistd.h>

#include <algorithm>

using namespace network;

namespace {

/// DCMTK takes a socket that others accepted from a global; who sets it goes alone until a connection is made of it.
std::mutex &handoverMutex() {
    static std::mutex mutex;
    return mutex;
}

}  // namespace

void Association::tell(int32_t kind, const std::string &reason) {
    if (!options.calls.association) return;
    const CDICOMAssociationEvent event = {kind, callingTitle.c_str(), calledTitle.c_str(), address.c_str(), isSecured(), reason.c_str()};
    options.calls.association(options.calls.context, &event);
}

void Association::serve() {
    try {
        if (receive() && answer()) {
            const std::unique_ptr<std::atomic<uint64_t>, void (*)(std::atomic<uint64_t> *)> open(
                &node.counts.openAssociations, [](std::atomic<uint64_t> *count) { --*count; });
            handleMessages();
        }
    } catch (const std::exception &exception) {  // memory
        link.hold->finishReading();
        if (association) ASC_abortAssociation(association);
        tell(CDICOMAssociationAborted, exception.what());
    }
    for (auto &one : unanswered)
        if (options.calls.commitmentReported)
            options.calls.commitmentReported(options.calls.context, callingTitle.c_str(), one.second.c_str(), false);
    if (association) ASC_destroyAssociation(&association);
    if (network) ASC_dropNetwork(&network);
}

bool Association::receive() {
    const TransportRules rules = {PDUGuard::Side::acceptor, options.maximumPDU, options.patience, link.listener->security, ""};
    std::unique_lock<std::mutex> handover(handoverMutex());
    Layer layer(rules, link.hold, &handover);
    dcmExternalSocketHandle.set(link.socket);
    OFCondition condition = ASC_initializeNetwork(NET_ACCEPTOR, 0, static_cast<int>(options.openingPatience), &network);
    if (condition.good()) condition = ASC_setTransportLayer(network, &layer, 0);
    if (condition.good())
        condition = ASC_receiveAssociation(
            network, &association, static_cast<long>(options.maximumPDU), nullptr, nullptr, isSecured() ? OFTrue : OFFalse, DUL_NOBLOCK,
            static_cast<int>(options.openingPatience));
    if (handover.owns_lock()) {  // no connection was made of it
        dcmExternalSocketHandle.set(-1);
        handover.unlock();
        ::close(link.socket);
    }
    // A connection that was closed before it asked for anything is no error to DCMTK.
    if (condition.good() && link.hold->failure() == SocketHold::Failure::none) return true;
    switch (link.hold->failure()) {
        case SocketHold::Failure::handshake: ++node.counts.failedHandshakes; break;
        case SocketHold::Failure::malformed: ++node.counts.malformed; break;
        default:
            if (condition == DUL_UNSUPPORTEDPEERPROTOCOL)
                ++node.counts.rejectedProtocol;
            else
                ++node.counts.failedOpening;
    }
    const std::string reason = link.hold->reason();
    tell(CDICOMConnectionFailed, reason.empty() ? words(condition) : reason);
    return false;
}

bool Association::reject(
    T_ASC_RejectParametersResult result, T_ASC_RejectParametersSource source, T_ASC_RejectParametersReason reason,
    std::atomic<uint64_t> &count, const std::string &why) {
    ++count;
    const T_ASC_RejectParameters parameters = {result, source, reason};
    ASC_rejectAssociation(association, &parameters);
    tell(CDICOMAssociationRejected, why);
    ASC_dropSCPAssociation(association, 1);
    return false;
}

bool Association::answer() {
    auto &parameters = association->params->DULparams;
    callingTitle = trimmed(parameters.callingAPTitle);
    calledTitle = trimmed(parameters.calledAPTitle);
    auto permanently = [&](T_ASC_RejectParametersReason reason, std::atomic<uint64_t> &count, const std::string &why) {
        return reject(ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER, reason, count, why);
    };
    if (trimmed(parameters.applicationContextName) != DICOM_STDAPPLICATIONCONTEXT)
        return permanently(ASC_REASON_SU_APPCONTEXTNAMENOTSUPPORTED, node.counts.rejectedProtocol, "application context not supported");
    if (options.checksCalledTitle && calledTitle != options.title)
        return permanently(ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED, node.counts.rejectedCalledTitle, "called title not recognised");
    bool isKnown = false, isAtHome = false, mustBeSecured = false;
    for (auto &peer : options.peers) {
        if (peer.title != callingTitle) continue;
        isKnown = true;
        const bool fits = peer.ranges.empty() ||
                          std::any_of(peer.ranges.begin(), peer.ranges.end(), [&](auto &range) { return range.holds(link.address); });
        if (!fits) continue;
        isAtHome = true;
        mustBeSecured = mustBeSecured || peer.requiresSecurity;
    }
    if (!isKnown && !options.acceptsAnyPeer)
        return permanently(ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED, node.counts.rejectedCallingTitle, "calling title not recognised");
    if (isKnown && !isAtHome)
        return permanently(ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED, node.counts.rejectedAddress, "calling title from another address");
    if (mustBeSecured && !isSecured())
        return permanently(ASC_REASON_SU_NOREASON, node.counts.rejectedUnsecured, "this peer has to use TLS");
    if (++node.counts.openAssociations > options.associationLimit) {
        --node.counts.openAssociations;
        return reject(
            ASC_RESULT_REJECTEDTRANSIENT, ASC_SOURCE_SERVICEPROVIDER_PRESENTATION_RELATED, ASC_REASON_SP_PRES_LOCALLIMITEXCEEDED,
            node.counts.rejectedLimit, "too many associations");
    }
    ASC_setAPTitles(association->params, nullptr, nullptr, calledTitle.c_str());
    negotiate();
    ++node.counts.accepted;
    const OFCondition condition = ASC_acknowledgeAssociation(association);
    if (condition.bad()) {
        --node.counts.accepted;
        --node.counts.openAssociations;
        ++node.counts.failedOpening;
        tell(CDICOMConnectionFailed, words(condition));
        return false;
    }
    tell(CDICOMAssociationAccepted);
    return true;
}

void Association::negotiate() {
    T_ASC_PresentationContext context;
    const int count = ASC_countPresentationContexts(association->params);
    for (int i = 0; i < count; ++i)
        if (ASC_getPresentationContext(association->params, i, &context).good()) negotiate(context);
}

void Association::negotiate(const T_ASC_PresentationContext &context) {
    const std::string abstract = trimmed(context.abstractSyntax);
    const bool isCommitment = abstract == UID_StorageCommitmentPushModelSOPClass;
    const bool isStorage = options.storageClasses.count(abstract) > 0;
    if (!isCommitment && !isStorage && abstract != UID_VerificationSOPClass) {
        ASC_refusePresentationContext(association->params, context.presentationContextID, ASC_P_ABSTRACTSYNTAXNOTSUPPORTED);
        return;
    }
    // Our preference decides, except between the two plain ones.
    auto isProposed = [&](const std::string &uid) {
        for (unsigned i = 0; i < context.transferSyntaxCount; ++i)
            if (trimmed(context.proposedTransferSyntaxes[i]) == uid) return true;
        return false;
    };
    static const std::vector<std::string> plain = {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax};
    for (auto &uid : isStorage ? options.transferSyntaxes : plain) {
        if (!isProposed(uid)) continue;
        // Commitment's provider calls its user with the roles turned round.
        ASC_acceptPresentationContext(
            association->params, context.presentationContextID, uid.c_str(), isCommitment ? ASC_SC_ROLE_SCUSCP : ASC_SC_ROLE_DEFAULT);
        return;
    }
    ASC_refusePresentationContext(association->params, context.presentationContextID, ASC_P_TRANSFERSYNTAXESNOTSUPPORTED);
}

void Association::handleMessages() {
    OFCondition condition = EC_Normal;
    bool isStopping = false;
    while (condition.good()) {
        if (!node.enter(link, Link::State::waiting)) {
            isStopping = true;
            break;
        }
        T_DIMSE_Message message;
        T_ASC_PresentationContextID context = 0;
        condition = DIMSE_receiveCommand(association, DIMSE_NONBLOCKING, static_cast<int>(options.patience), &context, &message, nullptr);
        node.enter(link, Link::State::busy);
        if (condition.good()) condition = handle(message, context);
    }
    node.enter(link, Link::State::waiting);
    if (condition == DUL_PEERREQUESTEDRELEASE) {
        ASC_acknowledgeRelease(association);
        ++node.counts.released;
        tell(CDICOMAssociationReleased);
        // The peer closes first, which spares us the waiting state of TCP.
        ASC_dropSCPAssociation(association, 2);
        return;
    }
    ++node.counts.aborted;
    std::string reason = link.hold->reason();
    if (isStopping || link.hold->isEnding)
        reason = "the node stops";
    else if (condition == DUL_PEERABORTEDASSOCIATION && reason.empty())
        reason = "the peer aborted";
    else if (condition == DIMSE_NODATAAVAILABLE)
        reason = "the peer said nothing for too long";
    else if (reason.empty())
        reason = words(condition);
    const bool isBroken = link.hold->failure() == SocketHold::Failure::malformed ||
                          (link.hold->failure() == SocketHold::Failure::none && !isStopping && condition != DUL_PEERABORTEDASSOCIATION &&
                           condition != DIMSE_NODATAAVAILABLE);
    if (isBroken) ++node.counts.malformed;
    if (condition != DUL_PEERABORTEDASSOCIATION) {
        link.hold->finishReading();
        ASC_abortAssociation(association);
    }
    tell(CDICOMAssociationAborted, reason);
}

OFCondition Association::handle(T_DIMSE_Message &message, T_ASC_PresentationContextID id) {
    T_ASC_PresentationContext context;
    OFCondition condition = ASC_findAcceptedPresentationContext(association->params, id, &context);
    if (condition.bad()) return condition;
    const bool isCommitment = trimmed(context.abstractSyntax) == UID_StorageCommitmentPushModelSOPClass;
    switch (message.CommandField) {
        case DIMSE_C_ECHO_RQ:
            ++node.counts.echoes;
            return DIMSE_sendEchoResponse(association, id, &message.msg.CEchoRQ, STATUS_Success, nullptr);
        case DIMSE_C_STORE_RQ: return store(message.msg.CStoreRQ, context);
        case DIMSE_N_ACTION_RQ:
            if (isCommitment) return requestOfCommitment(message.msg.NActionRQ, id);
            break;
        case DIMSE_N_EVENT_REPORT_RQ:
            if (isCommitment) return resultOfCommitment(message.msg.NEventReportRQ, id);
            break;
        case DIMSE_N_EVENT_REPORT_RSP: {
            const auto &reply = message.msg.NEventReportRSP;
            const auto found = unanswered.find(reply.MessageIDBeingRespondedTo);
            if (reply.DataSetType != DIMSE_DATASET_NULL)
                condition = readDataset(association, options.patience, id, [](const uint8_t *, size_t) { return false; });
            if (condition.bad() || found == unanswered.end()) return condition.bad() ? condition : unexpectedMessage();
            const bool isDelivered = reply.DimseStatus == STATUS_Success || (reply.DimseStatus & 0xF000) == 0xB000;
            if (options.calls.commitmentReported)
                options.calls.commitmentReported(options.calls.context, callingTitle.c_str(), found->second.c_str(), isDelivered);
            unanswered.erase(found);
            return EC_Normal;
        }
        case DIMSE_C_CANCEL_RQ: return EC_Normal;  // of nothing that still goes on
        default: break;
    }
    return DIMSE_BADCOMMANDTYPE;
}
