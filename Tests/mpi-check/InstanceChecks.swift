import Geometry
import Networks
import Tensors

/// The loss of labelled findings without a box, every process with its part of the images, against one process with all of them. The last
/// process's images have none.
func checkInstances(_ group: any ProcessGroup) throws -> [String: Double] {
    let (perProcess, anchors, classes) = (2, 5, 3)
    let total = group.count * perProcess
    let values = numbers(total * anchors * classes, seed: 3)
    let labels = (0..<total * classes).map { $0 >= (total - perProcess) * classes ? 0 : Float($0 % 2) }
    let examples = (0..<total).map { image in
        image == 0 ? [TrainingBox(box: Box(x: 0, y: 0, width: 9, height: 9), classIndex: 1)] : []
    }

    func pass(_ images: Range<Int>, _ members: any ProcessGroup) throws -> (loss: Double, gradient: [Float]) {
        let shift = try Tensor(numbers(classes, seed: 4), shape: [1, 1, classes])
        try shift.setRequiresGradient(true)
        let own = Array(values[images.lowerBound * anchors * classes..<images.upperBound * anchors * classes])
        let logits = try Tensor(own, shape: [images.count, anchors, classes]) * 3 + shift
        let targets = try MultipleInstanceTargets(
            labels: Array(labels[images.lowerBound * classes..<images.upperBound * classes]), examples: Array(examples[images]),
            isLearnt: [true, true, true], device: .cpu)
        let loss = try targets.loss(logits, amount: members.sum([targets.amount])[0])
        try loss.backward()
        try members.sumGradients(of: [shift])
        return (try members.sum([loss.item()])[0], try shift.gradient?.floats() ?? [])
    }
    let own = try pass(group.rank * perProcess..<(group.rank + 1) * perProcess, group)
    let expected = try pass(0..<total, SingleProcess())
    return ["loss": abs(own.loss - expected.loss) / expected.loss, "gradients": difference(own.gradient, expected.gradient)]
}
