import Tensors

/// Coordinate attention (Hou, Zhou and Feng, CVPR 2021): the means of rows and of columns, looked at together, say how much each row and
/// each column of each channel counts. So the gate knows where a place is, which squeeze-and-excitation does not.
///
/// Behind a `ResidualGate`, x · (1 + a · (g - 1)), a = 0 at the start: put into a pretrained network as it is, it would leave about a
/// quarter of every number.
public struct CoordinateAttention {
    /// Channels of the paper's bottleneck: C / 32, no fewer than 8.
    static func squeezed(_ channels: Int) -> Int { max(8, channels / 32) }

    let reduce: ConvolutionUnit
    let rows: Convolution
    let columns: Convolution
    let gate: ResidualGate

    init(_ name: String, channels: Int, initialiser: inout Initialiser) throws {
        let squeezed = Self.squeezed(channels)
        reduce = try ConvolutionUnit(
            "\(name).reduce", inputs: channels, outputs: squeezed, kernel: 1, activation: .hardSwish, initialiser: &initialiser)
        rows = try Convolution("\(name).rows", inputs: squeezed, outputs: channels, kernel: 1, bias: 0, initialiser: &initialiser)
        columns = try Convolution("\(name).columns", inputs: squeezed, outputs: channels, kernel: 1, bias: 0, initialiser: &initialiser)
        gate = try ResidualGate("\(name).gate", channels: channels, initialiser: initialiser)
    }

    var parameters: [Parameter] { reduce.parameters + rows.parameters + columns.parameters + [gate.amount] }

    /// [N, C, H, W] to the same shape.
    func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> E.Value {
        let (height, width) = executor.size(of: x)
        // One normalisation over rows and columns, as the paper has it: [N, C, H + W, 1].
        let means = try [executor.rowAverage(x), executor.rowAverage(executor.transposed(x))]
        let squeezed = try reduce(executor.concatenate(means, axis: 2), executor)
        let ofRows = try executor.sigmoid(rows(executor.rows(squeezed, 0..<height), executor))
        let ofColumns = try executor.sigmoid(columns(executor.rows(squeezed, height..<height + width), executor))
        let one = try executor.constant([1], shape: [1, 1, 1, 1], name: "one")
        // [N, C, H, 1] times [N, C, 1, W].
        let found = try executor.multiply(ofRows, executor.transposed(ofColumns))
        return try gate(x, executor.subtract(found, one), executor)
    }
}
