#pragma once
#include <map>
#include <string>

#include "CommitmentItems.h"
#include "FileDigest.h"
#include "Messages.h"
#include "Node.h"

namespace network {

/// One connection of a node, from its handshake to its end; on a thread of its own.
class Association {
public:
    Association(Node &node, Link &link) : node(node), options(node.options), link(link), address(link.address.text()) {}
    void serve();

private:
    Node &node;
    const NodeOptions &options;
    Link &link;
    const std::string address;
    T_ASC_Network *network = nullptr;
    T_ASC_Association *association = nullptr;
    std::string callingTitle, calledTitle;
    FileDigest digest;
    /// Message ids of our N-EVENT-REPORT requests, and their transactions.
    std::map<uint16_t, std::string> unanswered;

    bool isSecured() const { return link.listener->security != nullptr; }
    void tell(int32_t kind, const std::string &reason = "");

    bool receive();
    /// Accepts the association or rejects it.
    bool answer();
    bool reject(
        T_ASC_RejectParametersResult result, T_ASC_RejectParametersSource source, T_ASC_RejectParametersReason reason,
        std::atomic<uint64_t> &count, const std::string &words);
    void negotiate();
    void negotiate(const T_ASC_PresentationContext &context);
    void handleMessages();
    OFCondition handle(T_DIMSE_Message &message, T_ASC_PresentationContextID context);
    OFCondition store(T_DIMSE_C_StoreRQ &request, const T_ASC_PresentationContext &context);
    /// Receives an object. Good as long as the association can go on; `status` is the answer.
    OFCondition take(const T_DIMSE_C_StoreRQ &request, const T_ASC_PresentationContext &context, uint16_t &status);
    OFCondition requestOfCommitment(const T_DIMSE_N_ActionRQ &request, T_ASC_PresentationContextID context);
    OFCondition resultOfCommitment(const T_DIMSE_N_EventReportRQ &request, T_ASC_PresentationContextID context);
    OFCondition sendResult(const CommitmentItems &items, T_ASC_PresentationContextID context);
};

}  // namespace network
