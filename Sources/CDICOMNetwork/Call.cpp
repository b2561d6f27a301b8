#include "Call.h"

#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmnet/cond.h>
#include <dcmtk/dcmnet/dul.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

using namespace network;

CDICOMCancellation *CDICOMCancellationNew(void) { return new (std::nothrow) CDICOMCancellation; }

void CDICOMCancellationCancel(CDICOMCancellation *cancellation) {
    if (!cancellation) return;
    std::lock_guard<std::mutex> lock(cancellation->mutex);
    cancellation->isCancelled = true;
    for (auto &hold : cancellation->holds) hold->end();
}

void CDICOMCancellationFree(CDICOMCancellation *cancellation) { delete cancellation; }

const std::vector<std::string> &network::plainSyntaxes() {
    static const std::vector<std::string> list = {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax};
    return list;
}

namespace {

/// DCMTK has room for 63 characters of host and port, and knows names by IPv4 only.
bool numericAddress(const std::string &host, std::string &address) {
    addrinfo hints = {}, *found = nullptr;
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0 || !found) return false;
    char text[INET_ADDRSTRLEN] = "";
    ::inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in *>(found->ai_addr)->sin_addr, text, sizeof text);
    ::freeaddrinfo(found);
    address = text;
    return !address.empty();
}

std::string rejection(const T_ASC_RejectParameters &parameters) {
    const std::string kind = parameters.result == ASC_RESULT_REJECTEDTRANSIENT ? "transient: " : "permanent: ";
    switch (static_cast<int>(parameters.reason)) {
        case ASC_REASON_SU_APPCONTEXTNAMENOTSUPPORTED: return kind + "application context not supported";
        case ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED: return kind + "calling AE title not recognised";
        case ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED: return kind + "called AE title not recognised";
        case ASC_REASON_SP_ACSE_PROTOCOLVERSIONNOTSUPPORTED: return kind + "version of the protocol not supported";
        case ASC_REASON_SP_PRES_TEMPORARYCONGESTION: return kind + "temporary congestion";
        case ASC_REASON_SP_PRES_LOCALLIMITEXCEEDED: return kind + "local limit exceeded";
        default: return kind + "no reason given";
    }
}

}  // namespace

Call::~Call() { forget(); }

void Call::forget() {
    if (destination.cancellation) {
        std::lock_guard<std::mutex> lock(destination.cancellation->mutex);
        if (layer) destination.cancellation->holds.erase(layer->made());
    }
    if (association) ASC_destroyAssociation(&association);
    if (network) ASC_dropNetwork(&network);
    association = nullptr;
    network = nullptr;
    layer.reset();
    hold.reset();
}

void Call::abort() {
    if (hold) hold->finishReading();
    if (association) ASC_abortAssociation(association);
}

bool Call::isCancelled() const {
    if (!destination.cancellation) return false;
    std::lock_guard<std::mutex> lock(destination.cancellation->mutex);
    return destination.cancellation->isCancelled;
}

bool Call::explain(const OFCondition &condition, T_ASC_Parameters *parameters) {
    if (isCancelled()) return fail(problem, CDICOMNetworkProblemCancelled, "cancelled");
    if (condition == DUL_ASSOCIATIONREJECTED && parameters) {
        T_ASC_RejectParameters reject;
        std::memset(&reject, 0, sizeof reject);
        ASC_getRejectParameters(parameters, &reject);
        return fail(problem, CDICOMNetworkProblemRejected, rejection(reject));
    }
    const auto made = layer ? layer->made() : nullptr;
    if (!made) {
        std::string reason = words(condition);
        const std::string prefix = "TCP Initialization Error: ";
        if (reason.compare(0, prefix.size(), prefix) == 0) reason = reason.substr(prefix.size());
        return fail(problem, CDICOMNetworkProblemCannotConnect, reason);
    }
    if (made->failure() == SocketHold::Failure::handshake) return fail(problem, CDICOMNetworkProblemSecurity, made->reason());
    const std::string reason = made->reason();
    if (condition == DUL_READTIMEOUT) return fail(problem, CDICOMNetworkProblemLost, "the peer did not answer in time");
    // With TLS 1.3 a client hears only after its handshake that its certificate was refused.
    if (reason.compare(0, 5, "TLS: ") == 0 && destination.security) return fail(problem, CDICOMNetworkProblemSecurity, reason);
    if (condition == DUL_PEERABORTEDASSOCIATION && reason.empty())
        return fail(problem, CDICOMNetworkProblemLost, "the peer aborted the association");
    return fail(problem, CDICOMNetworkProblemLost, reason.empty() ? words(condition) : reason);
}

bool Call::open(const std::vector<Context> &contexts) {
    forget();
    if (isCancelled()) return fail(problem, CDICOMNetworkProblemCancelled, "cancelled");
    const std::string host = destination.host;
    std::shared_ptr<Security> security;
    if (destination.security) {
        security = Security::make(Security::Side::requestor, *destination.security, problem);
        if (!security) return false;
    }
    std::string address;
    if (!numericAddress(host, address)) return fail(problem, CDICOMNetworkProblemCannotConnect, "the host's name is not known");
    layer = std::make_unique<Layer>(
        TransportRules{PDUGuard::Side::requestor, ASC_MAXIMUMPDUSIZE, destination.patience, security, host}, nullptr, nullptr);
    layer->connectedContext = destination.cancellation;
    layer->connected = [](void *context, const std::shared_ptr<SocketHold> &made) {
        auto *cancellation = static_cast<CDICOMCancellation *>(context);
        if (!cancellation) return;
        std::lock_guard<std::mutex> lock(cancellation->mutex);
        cancellation->holds.insert(made);
        if (cancellation->isCancelled) made->end();
    };

    dcmConnectionTimeout.set(static_cast<Sint32>(destination.connectPatience));
    OFCondition condition =
        ASC_initializeNetwork(NET_REQUESTOR, 0, static_cast<int>(std::min<uint32_t>(destination.patience, 10)), &network);
    if (condition.good()) condition = ASC_setTransportLayer(network, layer.get(), 0);
    T_ASC_Parameters *parameters = nullptr;
    if (condition.good()) condition = ASC_createAssociationParameters(&parameters, ASC_MAXIMUMPDUSIZE);
    if (condition.bad()) return fail(problem, CDICOMNetworkProblemInternal, words(condition));
    ASC_setAPTitles(parameters, destination.callingTitle, destination.calledTitle, nullptr);
    ASC_setTransportLayerType(parameters, security ? OFTrue : OFFalse);
    ASC_setPresentationAddresses(parameters, "localhost", (address + ":" + std::to_string(destination.port)).c_str());
    unsigned id = 1;
    for (auto &context : contexts) {
        std::vector<const char *> syntaxes;
        for (auto &syntax : context.transferSyntaxes) syntaxes.push_back(syntax.c_str());
        if (id > 255) break;
        condition = ASC_addPresentationContext(
            parameters, static_cast<T_ASC_PresentationContextID>(id), context.abstractSyntax.c_str(), syntaxes.data(),
            static_cast<int>(syntaxes.size()), context.role);
        if (condition.bad()) break;
        id += 2;
    }
    if (condition.good())
        condition = ASC_requestAssociation(
            network, parameters, &association, nullptr, nullptr, DUL_NOBLOCK, static_cast<int>(destination.patience));
    // A connection that was closed instead of an answer is no error to DCMTK everywhere.
    if (condition.good() && layer->made() && layer->made()->failure() != SocketHold::Failure::none) condition = DUL_NETWORKCLOSED;
    if (condition.bad()) {
        const bool isOurs = association != nullptr;
        explain(condition, isOurs ? association->params : parameters);
        if (!isOurs) ASC_destroyAssociationParameters(&parameters);
        forget();
        return false;
    }
    hold = layer->made();
    if (ASC_countAcceptedPresentationContexts(parameters) > 0) return true;
    abort();
    forget();
    return fail(problem, CDICOMNetworkProblemNotAccepted, "the peer takes none of the services and transfer syntaxes");
}

void Call::close() {
    if (association && ASC_releaseAssociation(association).bad()) abort();
    forget();
}

bool Call::lost(const std::string &what, const OFCondition &condition) {
    const std::string reason = hold ? hold->reason() : "";
    if (isCancelled())
        fail(problem, CDICOMNetworkProblemCancelled, "cancelled");
    else if (condition == DIMSE_NODATAAVAILABLE || condition == DUL_READTIMEOUT)
        fail(problem, CDICOMNetworkProblemLost, what + ": the peer did not answer in time");
    else if (condition == DUL_PEERABORTEDASSOCIATION && reason.empty())
        fail(problem, CDICOMNetworkProblemLost, what + ": the peer aborted the association");
    else
        fail(problem, CDICOMNetworkProblemLost, what + ": " + (reason.empty() ? words(condition) : reason));
    abort();
    forget();
    return false;
}

bool Call::notAccepted(const std::string &what) {
    close();
    return fail(problem, CDICOMNetworkProblemNotAccepted, "the peer does not take " + what);
}

T_ASC_PresentationContextID Call::context(const std::string &abstractSyntax, std::string *transferSyntax) const {
    for (auto &syntax : plainSyntaxes())
        if (const auto id = context(abstractSyntax, syntax)) {
            if (transferSyntax) *transferSyntax = syntax;
            return id;
        }
    return 0;
}

T_ASC_PresentationContextID Call::context(const std::string &abstractSyntax, const std::string &transferSyntax) const {
    // Not ASC_findAcceptedPresentationContextID: where the transfer syntax was not accepted it gives a context of another.
    T_ASC_PresentationContext context;
    const int count = ASC_countPresentationContexts(association->params);
    for (int i = 0; i < count; ++i) {
        if (ASC_getPresentationContext(association->params, i, &context).bad() || context.resultReason != ASC_P_ACCEPTANCE) continue;
        if (abstractSyntax == trimmed(context.abstractSyntax) && transferSyntax == trimmed(context.acceptedTransferSyntax))
            return context.presentationContextID;
    }
    return 0;
}

OFCondition Call::send(T_ASC_PresentationContextID context, T_DIMSE_Message &message, DcmDataset *dataset) {
    return DIMSE_sendMessageUsingMemoryData(association, context, &message, nullptr, dataset, nullptr, nullptr);
}

OFCondition Call::receive(T_DIMSE_Message &message, T_ASC_PresentationContextID &context, uint32_t wait) {
    return DIMSE_receiveCommand(
        association, DIMSE_NONBLOCKING, static_cast<int>(wait ? wait : destination.patience), &context, &message, nullptr);
}

bool CDICOMEcho(const CDICOMDestination *destination, CDICOMNetworkProblem *problem) {
    return guarded(problem, [&] {
        Call call(*destination, problem);
        if (!call.open({{UID_VerificationSOPClass, plainSyntaxes()}})) return false;
        T_ASC_PresentationContextID context = call.context(UID_VerificationSOPClass);
        if (!context) return call.notAccepted("C-ECHO");
        T_DIMSE_Message message = emptyMessage(DIMSE_C_ECHO_RQ);
        message.msg.CEchoRQ.MessageID = call.freshMessageID();
        message.msg.CEchoRQ.DataSetType = DIMSE_DATASET_NULL;
        copyUID(message.msg.CEchoRQ.AffectedSOPClassUID, UID_VerificationSOPClass);
        OFCondition condition = call.send(context, message, nullptr);
        if (condition.good()) condition = call.receive(message, context);
        if (condition.good() && message.CommandField != DIMSE_C_ECHO_RSP) condition = unexpectedMessage();
        if (condition.bad()) return call.lost("C-ECHO", condition);
        const uint16_t status = message.msg.CEchoRSP.DimseStatus;
        call.close();
        return status == 0 || fail(problem, CDICOMNetworkProblemRefused, "C-ECHO: " + statusWords(status), status);
    });
}
