import Detection
import Models

/// A detector's networks, without the thresholds and the suppression that follow them.
public struct DetectorNetwork: ExplainableNetwork {
    public let detector: Detector
    public let members: [ExplainedMember]

    public init(_ detector: Detector) {
        self.detector = detector
        members = detector.explainedMembers.map {
            ExplainedMember(name: $0.name, inputIndex: $0.inputIndex, classCount: $0.classCount)
        }
    }

    public var parallelRuns: Int { detector.requestCount }

    public func outputs(_ inputs: [[Float]]) throws -> [NetworkOutput] { try detector.outputs(inputs: inputs) }
}
