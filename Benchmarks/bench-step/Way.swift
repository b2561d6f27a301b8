import Basics
import Findings
import Foundation
import Geometry
import Networks
import Tensors

/// One way to make a network's steps.
final class Way {
    let name: String
    private let network: any DetectionNetwork
    private let memoryFormat: MemoryFormat
    private let usesBFloat16: Bool
    private let executor = TorchExecutor(isTraining: true)
    private let optimiser: AdamW
    private let pictures: Tensor
    private let boxes: [[TrainingBox]]
    private let assigner: any TargetAssigner

    init(network: any DetectionNetwork, memoryFormat: MemoryFormat, usesBFloat16: Bool, batch: Int) throws {
        self.network = network
        self.memoryFormat = memoryFormat
        self.usesBFloat16 = usesBFloat16
        name = "\(usesBFloat16 ? "bf16" : "f32 ") \(memoryFormat.rawValue)"
        try network.prepareForTraining(on: .cpu, memoryFormat: memoryFormat)
        optimiser = try AdamW(groups: network.parameterGroups(weightDecay: 0.02))
        let side = network.inputSide
        var random = SeededGenerator(seed: 7)
        pictures = try Tensor((0..<batch * side * side).map { _ in Float(random.uniform() * 2 - 1) }, shape: [batch, 1, side, side])
        boxes = (0..<batch).map { _ in
            (0..<3).map { index in
                let (width, height) = (30 + 120 * random.uniform(), 30 + 120 * random.uniform())
                let (x, y) = ((Double(side) - width) * random.uniform(), (Double(side) - height) * random.uniform())
                return TrainingBox(box: Box(x: x, y: y, width: width, height: height), classIndex: index)
            }
        }
        assigner = network.coding == .distances ? AdaptiveSelection() : AnchorMatcher()
    }

    /// Targets, forward, loss, backward, clipping and update.
    /// - Returns: Seconds on the clock, and of all processors together.
    func step() throws -> (clock: Double, processor: Double) {
        let (start, used) = (ContinuousClock.now, Self.processorSeconds)
        let targets = try DetectionTargets(
            examples: boxes, classCount: network.classCount, anchors: network.anchors, assigner: assigner, device: .cpu)
        let output = try Engine.withAutocast(usesBFloat16, device: .cpu) { try network(pictures.laidOut(memoryFormat), executor) }
        let parts = try DetectionLoss()(output, targets: targets, coding: network.coding)
        _ = try parts.total.item()
        try parts.total.backward()
        _ = try TensorList.clipGradients(optimiser.parameters, to: 10)
        try optimiser.update(learningRate: 1e-4)
        return ((ContinuousClock.now - start) / .seconds(1), Self.processorSeconds - used)
    }

    private static var processorSeconds: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}
