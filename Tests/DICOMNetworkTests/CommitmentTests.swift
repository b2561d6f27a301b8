import DICOMNetwork
import Foundation
import PleuraTesting
import Testing

extension DICOMNetworkTests {
    @Suite(.serialized) struct Commitment {
        private let kept = SOPReference(classUID: SampleObject.digitalXRay, instanceUID: "1.2.3.1")
        private let lost = SOPReference(classUID: SampleObject.digitalXRay, instanceUID: "1.2.3.2")

        @Test func theResultComesOnTheSameAssociation() throws {
            let kept = kept
            let node = try TestNode(
                commitment: .init { request in
                    .result(CommitmentResult(transactionUID: request.transactionUID, committed: request.references.filter { $0 == kept }))
                })
            let result = try node.client.requestCommitment(transactionUID: "1.2.3.99", of: [kept, lost], wait: 5)
            #expect(result?.transactionUID == "1.2.3.99" && result?.committed == [kept])
            #expect(result?.failed == [lost: CommitmentResult.Failure.noSuchInstance])
            #expect(result?.peerTitle == "PLEURA")
            #expect(eventually { node.inbox.notes.reported == [true] })
            #expect(
                node.inbox.notes.requests.first?.callingTitle == "SENDER" && node.inbox.notes.requests.first?.references == [kept, lost])
        }

        @Test func aRequesterThatHasGoneHearsItLater() throws {
            let node = try TestNode(
                commitment: .init { .result(CommitmentResult(transactionUID: $0.transactionUID, committed: $0.references)) })
            // It waits for nothing, and so the result stays with us.
            _ = try node.client.requestCommitment(transactionUID: "1.2.3.99", of: [kept])
            #expect(eventually { node.inbox.notes.reported == [false] })
        }

        @Test func theResultComesOnAnAssociationOfItsOwn() throws {
            let provider = try TestNode(), user = try TestNode()
            #expect(try provider.client.requestCommitment(transactionUID: "1.2.3.99", of: [kept, lost]) == nil)
            let request = try #require(provider.inbox.notes.requests.first)
            let client = DICOMClient(callingTitle: "PROVIDER", calledTitle: "PLEURA", host: "127.0.0.1", port: user.port, patience: 5)
            try client.reportCommitment(
                CommitmentResult(
                    transactionUID: request.transactionUID, committed: [kept], failed: [lost: CommitmentResult.Failure.resourceLimitation]))
            let result = try #require(user.inbox.notes.results.first)
            #expect(result.committed == [kept] && result.failed == [lost: 0x0213] && result.transactionUID == "1.2.3.99")
            #expect(result.peerTitle == "PROVIDER" && result.address == "127.0.0.1")
            #expect(user.node.counts.commitmentResults == 1 && provider.node.counts.commitmentRequests == 1)
        }

        @Test func aRefusalIsThrown() throws {
            let node = try TestNode(commitment: .init { _ in .refused(.resourceLimitation) })
            let error = #expect(throws: DICOMNetworkError.self) {
                try node.client.requestCommitment(transactionUID: "1.2.3.99", of: [kept])
            }
            #expect(error?.code == .refused && error?.status == .resourceLimitation && error?.mayPass == true)
            let bad = #expect(throws: DICOMNetworkError.self) { try node.client.requestCommitment(transactionUID: "no uid", of: [kept]) }
            #expect(bad?.code == .badSettings)
        }
    }
}
