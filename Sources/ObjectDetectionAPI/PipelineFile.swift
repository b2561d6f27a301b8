import Foundation
import SwiftProtobuf

/// A `pipeline.config` of the TensorFlow Object Detection API: the text form of its `TrainEvalPipelineConfig`, with the line of every
/// field.
public struct PipelineFile: Sendable {
    /// What to do with fields that the Object Detection API (as of 2022) does not have: those of a fork, a later version, or a slip of
    /// the pen.
    public enum UnknownFields: Sendable {
        /// As the Object Detection API does, but all of them at once.
        case refuse
        /// Read the rest; they are told in `unknownFields`.
        case list
    }

    /// A field of the file.
    public struct Place: Hashable, Sendable {
        /// Names from the root, with dots.
        public var path: String
        /// From 1.
        public var line: Int
    }

    /// Larger files are refused; the longest of the API's own have 7 kB.
    public static let sizeLimit = 1 << 20

    /// For messages to people.
    public let name: String
    public let unknownFields: [Place]
    /// Fields that can have one value and have several: the last one counts, as in the Object Detection API.
    public let repeatedFields: [Place]
    package let message: ObjectDetection_Protos_TrainEvalPipelineConfig
    private let outline: TextOutline

    /// - Throws: `PipelineError` with everything that is wrong: where the text is no text format the first fault only, else every unknown
    ///   field and every value that a field cannot have; and where the file is about an architecture that Pleura does not train.
    public init(text: String, name: String = "pipeline.config", unknownFields policy: UnknownFields = .refuse) throws(PipelineError) {
        // A byte-order mark is no part of the text.
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        guard text.utf8.count <= Self.sizeLimit else {
            throw PipelineError(file: name, problems: [.init(.unreadable, "larger than \(Self.sizeLimit) bytes")])
        }
        self.name = name
        do {
            outline = try TextOutline(text)
        } catch {
            throw PipelineError(file: name, problems: [.init(.syntax, line: error.line, error.reason)])
        }
        try Self.refuseOtherArchitectures(outline, file: name)
        if let message = try? ObjectDetection_Protos_TrainEvalPipelineConfig(textFormatString: text) {
            self.message = message
            unknownFields = []
        } else {
            let faults = Self.faults(outline)
            let unknown = faults.filter { $0.code == .unknownField }
            guard policy == .list, unknown.count == faults.count, let message = try? Self.lenient(text) else {
                throw PipelineError(
                    file: name, problems: policy == .list ? faults.filter { $0.code != .unknownField } : faults)
            }
            self.message = message
            unknownFields = unknown.map { Place(path: $0.path, line: $0.line ?? 0) }
        }
        repeatedFields = Self.repeatedFields(outline)
    }

    /// - Throws: `PipelineError`.
    public init(contentsOf file: URL, unknownFields policy: UnknownFields = .refuse) throws(PipelineError) {
        let name = file.lastPathComponent
        let bytes: Data
        do {
            bytes = try Data(contentsOf: file)
        } catch {
            throw PipelineError(file: file.path, problems: [.init(.unreadable, "cannot be opened for reading")])
        }
        guard let text = String(data: bytes, encoding: .utf8) else {
            throw PipelineError(file: name, problems: [.init(.unreadable, "is not UTF-8 text")])
        }
        try self.init(text: text, name: name, unknownFields: policy)
    }

    /// Lines of the field, in the order of the file.
    public func lines(of path: String) -> [Int] { outline.fields.filter { $0.path == path }.map(\.line) }

    /// The places of the file that say something: values, and messages without fields.
    package var leaves: [(place: Place, value: String)] {
        outline.fields.filter { !$0.hasChildren }.map { (Place(path: $0.path, line: $0.line), outline.text($0.value)) }
    }

    /// Every field of the file, messages before their fields.
    package var places: [Place] { outline.fields.map { Place(path: $0.path, line: $0.line) } }

    private static func refuseOtherArchitectures(_ outline: TextOutline, file: String) throws(PipelineError) {
        let others = ["model.faster_rcnn", "model.center_net", "model.experimental_model"]
        guard let other = outline.fields.first(where: { others.contains($0.path) }) else { return }
        let type = outline.fields.first { $0.path == "\(other.path).feature_extractor.type" }
        let reason = "Pleura trains single-shot detectors (model.ssd) only"
        let named = type.map { "\(reason), not \(outline.text($0.value))" } ?? reason
        throw PipelineError(file: file, problems: [.init(.architecture, line: other.line, path: other.path, named)])
    }

    private static func lenient(_ text: String) throws -> ObjectDetection_Protos_TrainEvalPipelineConfig {
        var options = TextFormatDecodingOptions()
        options.ignoreUnknownFields = true
        options.ignoreUnknownExtensionFields = true
        return try ObjectDetection_Protos_TrainEvalPipelineConfig(textFormatString: text, options: options)
    }

    /// Every field that SwiftProtobuf does not take when it stands alone; where each does, the one from which on the file is wrong.
    private static func faults(_ outline: TextOutline) -> [PipelineError.Problem] {
        var problems: [PipelineError.Problem] = []
        var unknown = Set<Int>()
        for index in outline.fields.indices {
            let field = outline.fields[index]
            if let parent = field.parent, unknown.contains(parent) {
                unknown.insert(index)
                continue
            }
            guard let problem = fault(of: outline.alone(index), at: field) else { continue }
            if problem.code == .unknownField { unknown.insert(index) }
            problems.append(problem)
        }
        if problems.isEmpty, !outline.fields.isEmpty {
            var (right, wrong) = (-1, outline.fields.count - 1)
            while wrong - right > 1 {
                let middle = (right + wrong) / 2
                if fault(of: outline.prefix(through: middle), at: outline.fields[middle]) == nil { right = middle } else { wrong = middle }
            }
            let field = outline.fields[wrong]
            problems.append(
                fault(of: outline.prefix(through: wrong), at: field)
                    ?? .init(.syntax, line: field.line, path: field.path, "cannot be read"))
        }
        return problems.isEmpty ? [.init(.syntax, "is not the text of a pipeline")] : problems
    }

    private static func fault(of text: String, at field: TextOutline.Field) -> PipelineError.Problem? {
        func problem(_ code: PipelineError.Code, _ reason: String) -> PipelineError.Problem {
            .init(code, line: field.line, path: field.path, reason)
        }
        do {
            _ = try ObjectDetection_Protos_TrainEvalPipelineConfig(textFormatString: text)
            return nil
        } catch TextFormatDecodingError.unknownField {
            return problem(.unknownField, "the Object Detection API has no such field here")
        } catch TextFormatDecodingError.malformedNumber {
            return problem(.value, "its value is not a number of the right kind")
        } catch TextFormatDecodingError.unrecognizedEnumValue {
            return problem(.value, "its value is none of the names that it may have")
        } catch TextFormatDecodingError.conflictingOneOf {
            return problem(.value, "another choice was made before; only one is possible")
        } catch {
            return problem(.value, "its value is not of the field's kind")
        }
    }

    private static func repeatedFields(_ outline: TextOutline) -> [Place] {
        var seen = Set<String>()
        return outline.fields.indices.compactMap { index in
            let field = outline.fields[index]
            let key = "\(field.parent.map(String.init) ?? "") \(field.name)"
            guard !seen.insert(key).inserted, fault(of: outline.alone(index), at: field) == nil,
                fault(of: outline.doubled(index), at: field) != nil
            else { return nil }
            return Place(path: field.path, line: field.line)
        }
    }
}
