import Basics
import Geometry
import Models
import Radiographs

/// Scores an image with parts hidden, for several findings at once: every run costs the image, not the finding.
///
/// Where several networks read together a finding's score is the mean of theirs, since the box that is shown is fused of theirs: explaining
/// one of them would explain another box.
public struct MaskedScorer: Sendable {
    public let network: any ExplainableNetwork
    public let image: MaskedImage
    public let targets: [ExplainedTarget]
    /// By member, then by target.
    private let scores: [[TargetScore]]

    public var plane: ImagePlane { image.plane }

    /// - Throws: `ExplanationError` where a target or a member does not fit.
    public init(_ network: any ExplainableNetwork, image: MaskedImage, targets: [ExplainedTarget]) throws {
        guard !network.members.isEmpty, network.members.allSatisfy({ image.inputs.indices.contains($0.inputIndex) }) else {
            throw ExplanationError(.unusable, "the network takes an input that the image has not got")
        }
        for target in targets {
            guard !target.box.isEmpty, network.members.allSatisfy({ (0..<$0.classCount).contains(target.classIndex) }) else {
                throw ExplanationError(.unusable, "finding \(target.id) has no box, or a class that the network does not score")
            }
        }
        (self.network, self.image, self.targets) = (network, image, targets)
        scores = network.members.map { member in
            targets.map { TargetScore($0, input: image.inputs[member.inputIndex], plane: image.plane) }
        }
    }

    /// What the networks say of the image as it is.
    public func outputs() throws -> [NetworkOutput] { try network.outputs(image.inputs.map(\.values)) }

    /// The scores of the targets by some outputs, 0...1.
    public func values(_ outputs: [NetworkOutput]) -> [Double] {
        targets.indices.map { target in
            let sum = zip(zip(network.members, scores), outputs).reduce(0.0) { sum, next in
                sum + Double(next.0.1[target].best(next.1, classCount: next.0.0.classCount).value)
            }
            return sum / Double(max(1, network.members.count))
        }
    }

    /// Who sees a target, member by member.
    public func views(of target: Int, in outputs: [NetworkOutput]) -> [MemberView] {
        network.members.indices.map { number in
            let (member, output) = (network.members[number], outputs[number])
            let best = scores[number][target].best(output, classCount: member.classCount)
            let box = best.place.map { place in
                image.inputs[member.inputIndex].transform.boxInImage(
                    Box(
                        x0: Double(output.boxes[4 * place]), y0: Double(output.boxes[4 * place + 1]),
                        x1: Double(output.boxes[4 * place + 2]), y1: Double(output.boxes[4 * place + 3])))
            }
            return MemberView(name: member.name, score: Double(best.score), agreement: Double(best.value), box: box)
        }
    }

    /// Runs the networks under many masks, several at once.
    /// - Parameters:
    ///   - count: How many masks.
    ///   - mask: Makes one, [plane height * plane width] of shares that are visible; called on several threads. Only as many masks exist
    ///     as runs are under way.
    /// - Returns: For each mask, one score a target.
    /// - Throws: What a run throws.
    public func values(masks count: Int, _ mask: @Sendable (Int) -> [Float]) throws -> [[Double]] {
        try Concurrent.map(count, stretch: 1, serially: network.parallelRuns < 2) { number in
            Result { values(try network.outputs(image.inputs(visible: mask(number)))) }
        }.map { try $0.get() }
    }
}

/// What one network of those that read together sees of a finding.
public struct MemberView: Hashable, Sendable {
    public var name: String
    /// The class's score in the place that fits best, 0...1; 0 where none touches the box.
    public var score: Double
    /// The same times the IoU of its box with the finding's.
    public var agreement: Double
    /// Its own box there, in pixels of the image.
    public var box: Box?

    public init(name: String, score: Double, agreement: Double, box: Box?) {
        (self.name, self.score, self.agreement, self.box) = (name, score, agreement, box)
    }
}
