// The C face of a node.

#include "Node.h"

using namespace network;

struct CDICOMNode {
    Node node;
};

CDICOMNode *CDICOMNodeStart(const CDICOMNodeSettings *settings, CDICOMNetworkProblem *problem) {
    CDICOMNode *result = nullptr;
    guarded(problem, [&] {
        NodeOptions options;
        if (!options.read(*settings, problem)) return false;
        auto node = std::unique_ptr<CDICOMNode>(new CDICOMNode{Node(std::move(options))});
        if (!node->node.start(problem)) return false;
        result = node.release();
        return true;
    });
    return result;
}

uint16_t CDICOMNodePort(const CDICOMNode *node, size_t listener) { return node->node.port(listener); }

void CDICOMNodeReadCounts(const CDICOMNode *node, CDICOMNodeCounts *counts) {
    const Counts &from = node->node.counts;
    *counts = {from.connections,     from.openConnections,   from.openAssociations,    from.accepted,
               from.released,        from.aborted,           from.rejectedCalledTitle, from.rejectedCallingTitle,
               from.rejectedAddress, from.rejectedUnsecured, from.rejectedLimit,       from.rejectedProtocol,
               from.failedOpening,   from.failedHandshakes,  from.malformed,           from.echoes,
               from.stored,          from.storedBytes,       from.refusedFull,         from.refusedByHandler,
               from.refusedInvalid,  from.incomplete,        from.commitmentRequests,  from.commitmentResults};
}

void CDICOMNodeStop(CDICOMNode *node, uint32_t grace, CDICOMNodeCounts *counts) {
    if (!node) return;
    node->node.stop(grace);
    if (counts) CDICOMNodeReadCounts(node, counts);
    delete node;
}
