import Charts
import Foundation
import TrainingExamples

/// The curves of a run as text, from the tables in its folder, also while it goes on.
public struct RunWatch: Sendable {
    private let folder: URL

    public init(folder: URL) { self.folder = folder }

    /// The loss of every step, and below it the deciding figure of the validations, where there are any.
    /// - Parameters:
    ///   - width: In characters.
    ///   - height: Of each plot, in lines.
    /// - Throws: `TrainingError` where the folder has no run.
    public func text(width: Int = 80, height: Int = 16, hasColour: Bool = false) throws -> String {
        guard let steps = try? table("steps.csv") else { throw TrainingError(.missing, "\(folder.path) holds no run") }
        guard let step = steps["step"], let loss = steps["loss"], !step.isEmpty else {
            throw TrainingError(.run, "\(folder.path) has no step yet")
        }
        var plots = [
            TerminalPlot(
                "loss", x: ChartAxis("step"), curves: [.init("loss", points: Self.points(step, loss), isSmoothed: true)],
                hasColour: hasColour
            )
        ]
        let validations = (try? table("results.csv")) ?? [:]
        if let step = validations["step"] {
            let shown = ["metrics/mAP50(B)", "metrics/mAP40(B)", "metrics/AUROC"].compactMap { name -> TerminalPlot.Curve? in
                guard let values = validations[name], values.contains(where: \.isFinite) else { return nil }
                return TerminalPlot.Curve(name, points: Self.points(step, values))
            }
            if !shown.isEmpty { plots.append(TerminalPlot("validation", x: ChartAxis("step"), curves: shown, hasColour: hasColour)) }
        }
        return plots.map { $0.text(width: width, height: height) }.joined(separator: "\n\n")
    }

    /// Every column of the tables `steps` and `results`, by the table's name; `nil` where no finite number stands.
    /// - Throws: `TrainingError` where the folder has no run.
    public func curves() throws -> [String: [String: [Double?]]] {
        guard let steps = try? table("steps.csv") else { throw TrainingError(.missing, "\(folder.path) holds no run") }
        return ["steps": steps, "results": (try? table("results.csv")) ?? [:]].mapValues { columns in
            columns.mapValues { $0.map { $0.isFinite ? $0 : nil } }
        }
    }

    /// Whether the run has ended: its bundle is there.
    public var hasEnded: Bool { FileManager.default.fileExists(atPath: folder.appendingPathComponent("bundle").path) }

    private func table(_ name: String) throws -> [String: [Double]] {
        try Dictionary(TableFile.numbers(folder.appendingPathComponent(name)).map { ($0.name, $0.values) }) { first, _ in first }
    }

    private static func points(_ x: [Double], _ y: [Double]) -> [SIMD2<Double>] { zip(x, y).map { SIMD2($0, $1) } }
}
