#pragma once
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "Messages.h"
#include "Transport.h"

/// The call that goes on is told to end; calls that come later do not begin.
struct CDICOMCancellation {
    std::mutex mutex;
    bool isCancelled = false;
    /// Of the calls that go on.
    std::set<std::shared_ptr<network::SocketHold>> holds;
};

namespace network {

/// An association that we ask for.
class Call {
public:
    struct Context {
        std::string abstractSyntax;
        std::vector<std::string> transferSyntaxes;
        T_ASC_SC_ROLE role = ASC_SC_ROLE_DEFAULT;
    };

    Call(const CDICOMDestination &destination, CDICOMNetworkProblem *problem) : destination(destination), problem(problem) {}
    ~Call();
    Call(const Call &) = delete;
    Call &operator=(const Call &) = delete;

    /// At most 128 contexts.
    bool open(const std::vector<Context> &contexts);
    /// Releases; ends without a word where that fails.
    void close();
    /// Says what went wrong, aborts, and returns false.
    bool lost(const std::string &what, const OFCondition &condition);
    bool isCancelled() const;

    /// The accepted context for a class, with its transfer syntax; 0 where there is none.
    T_ASC_PresentationContextID context(const std::string &abstractSyntax, std::string *transferSyntax = nullptr) const;
    T_ASC_PresentationContextID context(const std::string &abstractSyntax, const std::string &transferSyntax) const;
    /// Sends a command, with a dataset where there is one.
    OFCondition send(T_ASC_PresentationContextID context, T_DIMSE_Message &message, DcmDataset *dataset);
    /// The next command; `wait` seconds at most where it is not 0.
    OFCondition receive(T_DIMSE_Message &message, T_ASC_PresentationContextID &context, uint32_t wait = 0);
    uint16_t freshMessageID() { return association->nextMsgID++; }
    /// Fails with `not accepted`.
    bool notAccepted(const std::string &what);

    const CDICOMDestination &destination;
    CDICOMNetworkProblem *const problem;
    T_ASC_Association *association = nullptr;

private:
    T_ASC_Network *network = nullptr;
    std::unique_ptr<Layer> layer;
    std::shared_ptr<SocketHold> hold;

    void forget();
    void abort();
    bool explain(const OFCondition &condition, T_ASC_Parameters *parameters);
};

/// Explicit VR first.
const std::vector<std::string> &plainSyntaxes();

}  // namespace network
