import Foundation
import ModelGraph

extension StartingWeights {
    /// Takes into a network all that fits it, by the names that torchvision, timm, the TF Object Detection API or a run of ours give; a
    /// moving average before the last step's weights. What does not fit keeps its starting value and is in the report.
    /// - Throws: `ModelGraphError` where nothing fits, or a tensor holds numbers that are not finite; `TensorError`. Then nothing has
    ///   changed.
    @discardableResult
    public func load(into network: any Network) throws -> WeightLoadReport {
        var parts = [network.backbone.weightPart] + ((network as? any NamedWeights)?.weightParts ?? [])
        let named = Set(parts.flatMap(\.parameters).map { ObjectIdentifier($0) })
        // What only our own files have, such as a head for findings of the whole image.
        parts.append(WeightPart(network.parameters.filter { !named.contains(ObjectIdentifier($0)) }))
        return try load(parts, into: network.architecture)
    }

    /// The same for a backbone alone.
    @discardableResult
    public func load(into backbone: any Backbone) throws -> WeightLoadReport { try load([backbone.weightPart], into: "this backbone") }

    /// - Throws: Also what reading the file throws.
    @discardableResult
    public static func load(_ file: URL, into network: any Network) throws -> WeightLoadReport {
        try StartingWeights(contentsOf: file).load(into: network)
    }

    private func load(_ parts: [WeightPart], into network: String) throws -> WeightLoadReport {
        let assignment = try WeightAssignment(parts, arrays: arrays)
        guard !assignment.report.loaded.isEmpty else {
            let example =
                assignment.report.mismatched.first.map { ", for example \($0)" }
                ?? (unreadable.isEmpty ? nil : "; \(WeightLoadReport.grouped(unreadable)) hold no real numbers")
                ?? "; they are \(WeightLoadReport.grouped(arrays.keys.sorted()))"
            throw ModelGraphError(
                .unsupported, "\(title): none of its \(arrays.count + unreadable.count) tensors fits \(network)\(example)")
        }
        var report = try assignment.apply()
        report.source = title
        report.unreadable = unreadable
        return report
    }
}
