import Foundation
import Inference
import Models

extension Detector {
    /// One network of the detector, as an explanation looks at it.
    package struct Member: Sendable {
        /// The name in its card.
        package let name: String
        /// Which of the prepared inputs it takes.
        package let inputIndex: Int
        /// Findings that it scores.
        package let classCount: Int
    }

    /// The only network, or an ensemble's, in their order.
    package var explainedMembers: [Member] {
        members.map { Member(name: $0.bundle.card.name, inputIndex: $0.inputIndex, classCount: $0.session.classCount) }
    }

    /// The networks alone, on inputs that need not be an image's own.
    /// - Parameter inputs: One for each way of preprocessing, each [C * H * W] as `PreparedRadiograph.inputs` has them.
    /// - Returns: One output a member.
    /// - Throws: `InferenceError`.
    package func outputs(inputs: [[Float]]) throws -> [NetworkOutput] {
        try members.map { member in
            guard inputs.indices.contains(member.inputIndex) else {
                throw InferenceError(.wrongInput, "\(inputs.count) inputs for a network that takes input \(member.inputIndex + 1)")
            }
            return try member.session.run(inputs[member.inputIndex])
        }
    }
}
