import Basics
import Networks
import Yams

extension ConfigurationFile {
    /// What is wrong with a value, in one line: the key, what was found, what is allowed.
    static func reason(_ error: DecodingError, in tree: Node) -> String {
        switch error {
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            return "\(key(context)) is \(found(context, in: tree)); it is \(kind(type))"
        case .dataCorrupted(let context):
            guard let names = choices[key(context)] else {
                return "\(key(context)) is \(found(context, in: tree)): \(context.debugDescription)"
            }
            let value = found(context, in: tree)
            let near = value.nearest(among: names).map { "; the nearest is \($0)" } ?? ""
            return "\(key(context)) is \(value); it is one of \(names.joined(separator: ", "))\(near)"
        case .keyNotFound(let key, let context): return "\(self.key(context)) lacks \(snakeCased(key.stringValue))"
        @unknown default: return "a value is of the wrong kind"
        }
    }

    private static func key(_ context: DecodingError.Context) -> String {
        context.codingPath.map { $0.intValue.map { "\($0 + 1)" } ?? snakeCased($0.stringValue) }.joined(separator: ".")
    }

    /// The value itself, or what kind it is of where it is more than a word.
    private static func found(_ context: DecodingError.Context, in tree: Node) -> String {
        var node = tree
        for part in context.codingPath {
            let inner = part.intValue.flatMap { place in node.sequence.flatMap { $0.indices.contains(place) ? $0[place] : nil } }
            guard let next = inner ?? node.mapping?[snakeCased(part.stringValue)] ?? node.mapping?[part.stringValue] else {
                return "absent"
            }
            node = next
        }
        switch node {
        case .mapping: return "a mapping of keys to values"
        case .sequence: return "a list"
        case .scalar(let scalar):
            let word = String(scalar.string.prefix(40))
            return word.isEmpty
                ? "empty" : word.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } ? word : word.debugDescription
        default: return "of another kind"
        }
    }

    private static func kind(_ type: Any.Type) -> String {
        switch type {
        case is any FixedWidthInteger.Type: type == UInt64.self ? "a whole number, 0 or more" : "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        case is Bool.Type: "true or false"
        case is String.Type: "a text"
        case is Node.Scalar.Type: "a single value"
        case is Node.Mapping.Type: "a mapping of keys to values"
        case is any Collection.Type: "a list"
        default: "of another kind"
        }
    }

    /// The names of settings that are one of a few.
    private static let choices: [String: [String]] = [
        "model.family": names(ModelConfiguration.Family.self), "model.backbone": names(BackboneKind.self),
        "model.head": names(ModelConfiguration.Head.self), "model.assigner": names(ModelConfiguration.Assigner.self),
        "model.attention": names(NeckAttention.self),
        "loss.quality": names(DetectionLoss.Quality.self), "loss.target": names(DetectionLoss.Target.self),
        "loss.unboxed": names(LossConfiguration.Unboxed.self), "optimiser.kind": names(OptimiserConfiguration.Kind.self),
        "schedule.course": names(ScheduleConfiguration.Course.self), "loop.normalisation": names(LoopConfiguration.Normalisation.self),
        "loop.precision": names(LoopConfiguration.Precision.self), "loop.layout": names(LoopConfiguration.Layout.self),
    ]

    private static func names<Choice: CaseIterable & RawRepresentable<String>>(_: Choice.Type) -> [String] {
        Choice.allCases.map(\.rawValue)
    }
}
