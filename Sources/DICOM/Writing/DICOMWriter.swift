import CDICOM
import Foundation
import Radiographs

/// Fills a DICOM dataset and gives its file. Only for one thread at a time.
///
/// The first element that cannot be set is remembered and thrown at the end, so that filling reads as a list.
package final class DICOMWriter {
    /// The dataset or an item of one of its sequences.
    package struct Item {
        fileprivate let writer: DICOMWriter
        fileprivate let pointer: OpaquePointer?

        /// Sets an element; `nil` and empty text leave it without a value, as type 2 allows.
        package func set(_ tag: Tag, _ text: String?) {
            guard let pointer, CDICOMWriterText(pointer, tag.group, tag.element, tag.representation.rawValue, text ?? "") else {
                return writer.note(tag)
            }
        }

        /// Sets a text of another character set by its bytes, which hold no zero.
        package func set(_ tag: Tag, bytes: [UInt8]) {
            let terminated = bytes.map { CChar(bitPattern: $0) } + [0]
            guard let pointer, !bytes.contains(0),
                CDICOMWriterText(pointer, tag.group, tag.element, tag.representation.rawValue, terminated)
            else { return writer.note(tag) }
        }

        /// Sets an element of OB, UN or OW (words in little-endian order). OB of odd length gets a zero at its end (PS3.5 7.1.1).
        package func set(_ tag: Tag, data: some Collection<UInt8>, as representation: ValueRepresentation? = nil) {
            let bytes = Array(data)
            let name = (representation ?? tag.representation).rawValue
            guard let pointer, CDICOMWriterBytes(pointer, tag.group, tag.element, name, bytes, bytes.count) else { return writer.note(tag) }
        }

        package func set(_ tag: Tag, _ number: Int) { set(tag, String(number)) }

        /// A new item at the end of a sequence.
        package func append(_ tag: Tag) -> Item {
            let item = pointer.flatMap { CDICOMWriterAppend($0, tag.group, tag.element) }
            if item == nil { writer.note(tag) }
            return Item(writer: writer, pointer: item)
        }

        /// A sequence without items, as type 2 allows.
        package func setEmptySequence(_ tag: Tag) {
            guard let pointer, CDICOMWriterEmptySequence(pointer, tag.group, tag.element) else { return writer.note(tag) }
        }

        /// A sequence of one code (PS3.3, 8.8).
        package func setCode(_ tag: Tag, _ value: String, scheme: String, meaning: String) {
            let item = append(tag)
            item.set(.codeValue, value)
            item.set(.codingSchemeDesignator, scheme)
            item.set(.codeMeaning, meaning)
        }
    }

    private let handle: OpaquePointer
    private var failed: Tag?

    /// - Throws: `RadiographError` of code `cannotWrite` where memory is exhausted.
    package init() throws {
        guard let handle = CDICOMWriterCreate() else { throw RadiographError(.cannotWrite, "there is not enough memory") }
        self.handle = handle
    }

    deinit { CDICOMWriterDestroy(handle) }

    package var dataset: Item { Item(writer: self, pointer: CDICOMWriterDataset(handle)) }

    /// Pixel Data of 16 bits a sample.
    package func setPixels(_ samples: [UInt16]) {
        let isSet = samples.withUnsafeBufferPointer { CDICOMWriterPixels(handle, $0.baseAddress, $0.count) }
        if !isSet { note(.pixelData) }
    }

    /// Pixel Data of one frame that is compressed already.
    /// - Parameter syntax: UID of the transfer syntax, in which the file is written then.
    package func setPixels(compressed bytes: Data, syntax: String) {
        let isSet = bytes.withUnsafeBytes {
            CDICOMWriterFragment(handle, syntax, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), $0.count)
        }
        if !isSet { note(.pixelData) }
    }

    /// The whole file (PS3.10), explicit VR little endian, or in the syntax of its compressed pixels.
    /// - Throws: `RadiographError` of code `cannotWrite`; its text names an element's tag, never its value.
    package func file() throws -> Data {
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
