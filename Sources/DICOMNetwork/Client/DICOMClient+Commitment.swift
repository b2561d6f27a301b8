import CDICOMNetwork

extension DICOMClient {
    /// Asks the peer for storage commitment (N-ACTION).
    /// - Parameters:
    ///   - transactionUID: A fresh UID; the result names it.
    ///   - wait: Seconds that a result is waited for on the same association. Most peers send it later, on an association of their own to our node.
    /// - Returns: The result where it came on the same association.
    public func requestCommitment(
        transactionUID: String, of references: [SOPReference], wait: Int = 0, cancellation: Cancellation? = nil
    ) throws -> CommitmentResult? {
        guard !references.isEmpty else { throw DICOMNetworkError(.badSettings, "there is nothing to commit to") }
        let classes = CStrings(references.map(\.classUID)), instances = CStrings(references.map(\.instanceUID))
        let waiting = Waiting()
        try withExtendedLifetime((classes, instances, waiting)) {
            try call(cancellation) { destination, problem in
                classes.withPointers { classes in
                    instances.withPointers { instances in
                        CDICOMRequestCommitment(
                            destination, transactionUID, classes, instances, references.count, UInt32(clamping: max(0, wait)),
                            Unmanaged.passUnretained(waiting).toOpaque(),
                            { context, result in
                                guard let context, let result else { return }
                                Unmanaged<Waiting>.fromOpaque(context).takeUnretainedValue().result = CommitmentResult(result.pointee)
                            }, problem)
                    }
                }
            }
        }
        return waiting.result
    }

    /// Sends the result of a commitment that a peer asked us for (N-EVENT-REPORT), on an association of its own, in the role of its provider.
    /// - Throws: Also where the peer does not answer with success: it has not heard the result then.
    public func reportCommitment(_ result: CommitmentResult, cancellation: Cancellation? = nil) throws {
        let list = CommitmentList(result)
        try withExtendedLifetime(list) {
            try call(cancellation) { destination, problem in
                list.withResult { CDICOMReportCommitment(destination, $0, problem) }
            }
        }
    }
}

private final class Waiting {
    var result: CommitmentResult?
}
