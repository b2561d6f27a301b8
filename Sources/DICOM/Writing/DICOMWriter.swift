import CDICOM
import Foundation
import Radiographs

/// Fills a DICOM dataset and gives its file. Only for one thread at a time.
///
/// The first element that cannot be set is remembered and thrown at the end, so that filling reads as a list.
final class DICOMWriter {
    /// The dataset or an item of one of its sequences.
    struct Item {
        fileprivate let writer: DICOMWriter
        fileprivate let pointer: OpaquePointer?

        /// Sets an element; `nil` and empty text leave it without a value, as type 2 allows.
        func set(_ tag: Tag, _ text: String?) {
            guard let pointer, CDICOMWriterText(pointer, tag.group, tag.element, tag.representation.rawValue, text ?? "") else {
                return writer.note(tag)
            }
        }

        func set(_ tag: Tag, _ number: Int) { set(tag, String(number)) }

        /// A new item at the end of a sequence.
        func append(_ tag: Tag) -> Item {
            let item = pointer.flatMap { CDICOMWriterAppend($0, tag.group, tag.element) }
            if item == nil { writer.note(tag) }
            return Item(writer: writer, pointer: item)
        }

        /// A sequence without items, as type 2 allows.
        func setEmptySequence(_ tag: Tag) {
            guard let pointer, CDICOMWriterEmptySequence(pointer, tag.group, tag.element) else { return writer.note(tag) }
        }

        /// A sequence of one code (PS3.3, 8.8).
        func setCode(_ tag: Tag, _ value: String, scheme: String, meaning: String) {
            let item = append(tag)
            item.set(.codeValue, value)
            item.set(.codingSchemeDesignator, scheme)
            item.set(.codeMeaning, meaning)
        }
    }

    private let handle: OpaquePointer
    private var failed: Tag?

    /// - Throws: `RadiographError` of code `cannotWrite` where memory is exhausted.
    init() throws {
        guard let handle = CDICOMWriterCreate() else { throw RadiographError(.cannotWrite, "there is not enough memory") }
        self.handle = handle
    }

    deinit { CDICOMWriterDestroy(handle) }

    var dataset: Item { Item(writer: self, pointer: CDICOMWriterDataset(handle)) }

    /// Pixel Data of 16 bits a sample.
    func setPixels(_ samples: [UInt16]) {
        let isSet = samples.withUnsafeBufferPointer { CDICOMWriterPixels(handle, $0.baseAddress, $0.count) }
        if !isSet { note(.pixelData) }
    }

    /// The whole file (PS3.10), explicit VR little endian.
    /// - Throws: `RadiographError` of code `cannotWrite`; its text names an element's tag, never its value.
    func file() throws -> Data {
        if let failed {
            throw RadiographError(.cannotWrite, String(format: "the DICOM element (%04X,%04X) cannot be set", failed.group, failed.element))
        }
        var problem = CDICOMProblem()
        var size = 0
        guard let bytes = CDICOMWriterFile(handle, &size, &problem) else {
            let reason = problem.reason
            throw RadiographError(.cannotWrite, "the DICOM file cannot be made" + (reason.isEmpty ? "" : ": \(reason)"))
        }
        return Data(bytesNoCopy: bytes, count: size, deallocator: .custom { _, _ in CDICOMWriterFree(bytes) })
    }

    private func note(_ tag: Tag) { failed = failed ?? tag }
}
