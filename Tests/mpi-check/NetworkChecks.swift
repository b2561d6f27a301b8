import Findings
import Geometry
import Networks
import Tensors

/// One normalisation over unequal parts of a batch, against LibTorch's own over the whole: outputs, gradients and running statistics.
func checkNormalisation(_ group: any ProcessGroup) throws -> [String: Double] {
    // A mean far from 0 shows what cancels.
    let shares = (0..<group.count).map { 1 + 2 * $0 }
    let perImage = 16 * 6 * 5
    let whole = numbers(shares.reduce(0, +) * perImage, seed: 4).enumerated().map { $1 * 0.1 + Float($0 % 7) + 30 }
    let factors = numbers(whole.count, seed: 5)
    let first = shares.prefix(group.rank).reduce(0, +) * perImage
    let range = first..<first + shares[group.rank] * perImage

    func pass(_ range: Range<Int>, _ executor: TorchExecutor, in16Bits: Bool = false) throws -> (
        output: [Float], x: [Float], layer: BatchNormalisation
    ) {
        let network = try SSDLite(classCount: 2, inputSide: 96, seed: 2)
        guard let layer = (network.backbone as? MobileNetV3)?.stem.normalisation else {
            return ([], [], network.extras[0].reduce.normalisation)
        }
        for (index, parameter) in layer.parameters.prefix(2).enumerated() {
            try parameter.tensor.copyNumbers(from: Tensor(numbers(16, seed: index + 6), shape: [16]))
        }
        try layer.parameters.prepareForTraining(on: .cpu)
        let shape = [range.count / perImage, 16, 6, 5]
        var x = try Tensor(Array(whole[range]), shape: shape)
        if in16Bits { x = try x.asBFloat16() }
        try x.setRequiresGradient(true)
        let y = try executor.batchNormalisation(x, layer)
        try (y * Tensor(Array(factors[range]), shape: shape)).sum().backward()
        return (try y.floats(), try x.gradient?.floats() ?? [], layer)
    }
    let own = try pass(range, TorchExecutor(isTraining: true, normalisation: .synchronised(over: group), momentum: 0.3))
    let expected = try pass(0..<whole.count, TorchExecutor(isTraining: true, momentum: 0.3))
    let own16 = try pass(range, TorchExecutor(isTraining: true, normalisation: .synchronised(over: group)), in16Bits: true)
    let expected16 = try pass(0..<whole.count, TorchExecutor(isTraining: true), in16Bits: true)
    let learnt = [own.layer.weight, own.layer.bias].map(\.tensor)
    try group.sumGradients(of: learnt)

    // The largest difference that any process saw.
    var measured: [String: Double] = [:]
    func note(_ name: String, _ found: [Float], _ expected: [Float]) throws {
        measured[name] = try group.sum((0..<group.count).map { $0 == group.rank ? difference(found, expected) : 0 }).max()
    }
    try note("output", own.output, Array(expected.output[range]))
    try note("gradient of the input", own.x, Array(expected.x[range]))
    try note("gradient of the scale", learnt[0].gradient?.floats() ?? [], expected.layer.weight.tensor.gradient?.floats() ?? [])
    try note("gradient of the shift", learnt[1].gradient?.floats() ?? [], expected.layer.bias.tensor.gradient?.floats() ?? [])
    try note("running mean", own.layer.runningMean.tensor.floats(), expected.layer.runningMean.tensor.floats())
    try note("running variance", own.layer.runningVariance.tensor.floats(), expected.layer.runningVariance.tensor.floats())
    try note("output in 16 bits", own16.output, Array(expected16.output[range]))
    try note("gradient of the input in 16 bits", own16.x, Array(expected16.x[range]))
    return measured
}

enum Detector { case singleShot, centreness }

/// A step's gradients, every process with its part of a batch, against those of one process with all of it. The last process's images have
/// no boxes.
func checkGradients(_ group: any ProcessGroup, _ detector: Detector, isSynchronised: Bool) throws -> [String: Double] {
    let perProcess = detector == .singleShot ? 2 : 1
    let network: any DetectionNetwork =
        switch detector {
        case .singleShot: try SSDLite(classCount: 2, inputSide: 160, seed: 2)
        case .centreness:
            try RetinaNet(.init(backbone: .efficientNetLite0, channels: 16, depth: 1), classCount: 2, inputSide: 256, seed: 2)
        }
    let assigner: any TargetAssigner = detector == .singleShot ? AnchorMatcher() : AdaptiveSelection()
    let loss = DetectionLoss(quality: detector == .singleShot ? .overlap : .centreness)
    let side = network.inputSide
    let pictures = numbers(group.count * perProcess * side * side, seed: 8)
    let boxes: [[TrainingBox]] = (0..<group.count * perProcess).map { image in
        guard image < (group.count - 1) * perProcess else { return [] }
        return (0..<1 + image % 3).map {
            let corner = Double(10 + 7 * image + 20 * $0)
            return TrainingBox(box: Box(x: corner, y: corner + 5, width: 40, height: 30 + corner / 2), classIndex: $0 % 2)
        }
    }

    func gradients(_ images: Range<Int>, _ members: any ProcessGroup) throws -> (loss: Double, gradients: [[Float]?]) {
        let copy = try network.untrainedCopy(seed: 2)
        // Statistics that fit the pictures, as those of a pretrained network do.
        let firsts = try Tensor(Array(pictures[0..<perProcess * side * side]), shape: [perProcess, 1, side, side])
        try Engine.withoutGradients { _ = try copy(firsts, TorchExecutor(isTraining: true, momentum: 1)) }
        // In 64 bits, where no rounding pushes a number over the kink of an activation.
        for parameter in copy.parameters { parameter.tensor = try parameter.tensor.asDouble() }
        try copy.prepareForTraining(on: .cpu)
        let executor = TorchExecutor(isTraining: true, normalisation: isSynchronised ? .synchronised(over: members) : .frozen)
        let input = try Tensor(
            Array(pictures[images.lowerBound * side * side..<images.upperBound * side * side]), shape: [images.count, 1, side, side]
        ).asDouble()
        let targets = try DetectionTargets(
            examples: Array(boxes[images]), classCount: 2, anchors: network.anchors, assigner: assigner, device: .cpu)
        // Losses are normalised by the positive anchors of the whole batch.
        let amounts = try members.sum([targets.positiveWeight, loss.boxAmount(targets)])
        let parts = try loss(
            copy(input, executor), targets: targets, coding: network.coding, positives: amounts[0], boxes: amounts[1])
        try parts.total.backward()
        try members.sumGradients(of: copy.parameters.filter(\.isLearnt).map(\.tensor))
        return (try members.sum([parts.total.item()])[0], try copy.parameters.map { try $0.tensor.gradient?.floats() })
    }
    let own = try gradients(group.rank * perProcess..<(group.rank + 1) * perProcess, group)
    guard group.rank == 0 else { return [:] }
    let expected = try gradients(0..<boxes.count, SingleProcess())

    // By each parameter's own size, but for those whose gradient is nothing beside the others'.
    let largest = expected.gradients.compactMap { $0?.map(abs).max() }.max() ?? 0
    var worst = 0.0
    var compared = 0.0
    for (found, numbers) in zip(own.gradients, expected.gradients) {
        guard let numbers else { continue }
        compared += 1
        let size = numbers.map(abs).max() ?? 0
        if size > 1e-5 * largest { worst = max(worst, difference(found ?? [], numbers)) }
    }
    return ["loss": abs(own.loss - expected.loss) / expected.loss, "gradients": worst, "compared": compared]
}
