import Basics
import Datasets
import Findings
import Foundation
import Geometry
import SwiftProtobuf
import TFRecords

/// Makes the record of an image, with the features that the TensorFlow Object Detection API trains on and Pleura's own.
///
/// Edges are `float` fractions of the image's size: right to a 2^25th of it, 0.00003 pixels of 1024. Edges outside the image are drawn
/// in to its edge, since that API refuses fractions outside 0...1.
package struct ExampleWriter {
    private let names: [Int: String]
    private let folds: [String: Int]

    package init(_ dataset: Dataset) {
        names = dataset.findingClasses.names
        folds = dataset.folds
    }

    /// - Parameter encoded: The image's file: PNG or JPEG.
    /// - Returns: A serialised `tf.train.Example`; the same bytes for the same image.
    /// - Throws: `DatasetError` of code `malformed`.
    package func record(of image: DatasetImage, encoded: Data) throws -> Data {
        guard let format = ExampleImageFormat(encoded) else {
            throw DatasetError(.malformed, "image \(image.id): the file is neither PNG nor JPEG")
        }
        guard image.width > 0, image.height > 0 else { throw DatasetError(.malformed, "image \(image.id): it has no size") }
        let classes = image.boxes.compactMap { names[$0.classID] }
        guard classes.count == image.boxes.count else {
            throw DatasetError(.malformed, "image \(image.id): a box of a class that is not in the label map")
        }
        var features: [String: Pleura_TensorFlow_Feature] = [
            ExampleKeys.width: .integers([Int64(image.width)]), ExampleKeys.height: .integers([Int64(image.height)]),
            ExampleKeys.fileName: .texts([image.fileName]), ExampleKeys.sourceID: .texts([String(image.id)]),
            ExampleKeys.digest: .texts([Digest(of: encoded).hexadecimal]), ExampleKeys.encoded: .bytes([encoded]),
            ExampleKeys.format: .texts([format.rawValue]), ExampleKeys.patient: .texts([image.patient]),
        ]
        let (width, height) = (Double(image.width), Double(image.height))
        features[ExampleKeys.xMin] = .floats(image.boxes.map { Self.fraction($0.box.x, width) })
        features[ExampleKeys.xMax] = .floats(image.boxes.map { Self.fraction($0.box.maxX, width) })
        features[ExampleKeys.yMin] = .floats(image.boxes.map { Self.fraction($0.box.y, height) })
        features[ExampleKeys.yMax] = .floats(image.boxes.map { Self.fraction($0.box.maxY, height) })
        features[ExampleKeys.classText] = .texts(classes)
        features[ExampleKeys.classLabel] = .integers(image.boxes.map { Int64($0.classID) })
        if image.boxes.contains(where: { $0.reader != nil }) {
            features[ExampleKeys.reader] = .texts(image.boxes.map { $0.reader ?? "" })
        }
        if image.boxes.contains(where: { $0.agreement != nil }) {
            features[ExampleKeys.agreement] = .floats(image.boxes.map { Float($0.agreement ?? -1) })
        }
        if let view = image.view { features[ExampleKeys.view] = .texts([view]) }
        if let part = image.part { features[ExampleKeys.part] = .texts([part]) }
        if let labels = image.labels { features[ExampleKeys.labels] = .texts(labels) }
        if let fold = folds[image.patient] { features[ExampleKeys.fold] = .integers([Int64(fold)]) }
        for (name, value) in image.attributes { features[ExampleKeys.attribute + name] = .texts([value]) }
        var example = Pleura_TensorFlow_Example()
        example.features.feature = features
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        do {
            return try example.serializedBytes(options: options)
        } catch {
            throw DatasetError(.malformed, "image \(image.id): it is larger than the 2 GB that a record can have")
        }
    }

    private static func fraction(_ edge: Double, _ size: Double) -> Float { Float(min(1, max(0, edge / size))) }
}

extension Pleura_TensorFlow_Feature {
    fileprivate static func bytes(_ values: [Data]) -> Self { with { $0.bytesList.value = values } }
    fileprivate static func texts(_ values: [String]) -> Self { bytes(values.map { Data($0.utf8) }) }
    fileprivate static func floats(_ values: [Float]) -> Self { with { $0.floatList.value = values } }
    fileprivate static func integers(_ values: [Int64]) -> Self { with { $0.int64List.value = values } }
}
