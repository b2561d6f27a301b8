import CDICOMNetwork

extension CommitmentResult {
    init(_ result: CDICOMCommitmentResult) {
        var committed: [SOPReference] = []
        var failed: [SOPReference: UInt16] = [:]
        for index in 0..<result.count {
            let reference = SOPReference(classUID: text(result.classUIDs[index]), instanceUID: text(result.instanceUIDs[index]))
            if result.failures[index] == 0 { committed.append(reference) } else { failed[reference] = result.failures[index] }
        }
        self.init(
            transactionUID: text(result.transactionUID), committed: committed, failed: failed, peerTitle: text(result.peerTitle),
            address: text(result.address))
    }
}

/// A result as C wants it.
final class CommitmentList {
    private let classes: CStrings
    private let instances: CStrings
    private let transaction: CStrings
    private let failures: [UInt16]

    init(_ result: CommitmentResult) {
        let failed = result.failed.sorted { $0.key.instanceUID < $1.key.instanceUID }
        let references = result.committed + failed.map(\.key)
        classes = CStrings(references.map(\.classUID))
        instances = CStrings(references.map(\.instanceUID))
        // 0 would say that it is committed.
        failures = result.committed.map { _ in 0 } + failed.map { $0.value == 0 ? CommitmentResult.Failure.processingFailure : $0.value }
        transaction = CStrings([result.transactionUID, ""])
    }

    func withResult<Value>(_ body: (UnsafePointer<CDICOMCommitmentResult>) -> Value) -> Value {
        classes.withPointers { classes in
            instances.withPointers { instances in
                failures.withUnsafeBufferPointer { failures in
                    var result = CDICOMCommitmentResult(
                        peerTitle: transaction[1], address: transaction[1], transactionUID: transaction[0], classUIDs: classes,
                        instanceUIDs: instances, failures: failures.baseAddress, count: failures.count)
                    return body(&result)
                }
            }
        }
    }
}
