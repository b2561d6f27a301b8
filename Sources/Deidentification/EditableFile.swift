import CDICOMDatasets
import Foundation

/// A DICOM file in memory whose elements can be changed.
final class EditableFile {
    private let handle: OpaquePointer

    /// - Throws: `DeidentificationError`: what cannot be read to its end cannot be cleaned.
    init(_ bytes: Data) throws {
        var kind: Int32 = 0
        let opened = bytes.withUnsafeBytes { CDeidentificationOpen($0.baseAddress, $0.count, &kind) }
        if let error = DeidentificationError(reading: kind) {
            opened.map { CDeidentificationClose($0) }
            throw error
        }
        guard let opened else { throw DeidentificationError(.unreadable, "the content is not a DICOM file") }
        handle = opened
    }

    deinit { CDeidentificationClose(handle) }

    var dataset: EditableItem? { CDeidentificationDataset(handle).map { EditableItem(file: self, pointer: $0) } }

    /// The file as it is now, in the transfer syntax that it had.
    func bytes() throws -> Data {
        var size = 0
        var kind: Int32 = 0
        guard let written = CDeidentificationWrite(handle, &size, &kind) else {
            throw DeidentificationError(reading: kind) ?? DeidentificationError(.unreadable, "the file cannot be written anew")
        }
        return Data(bytesNoCopy: written, count: size, deallocator: .custom { pointer, _ in free(pointer) })
    }
}

/// The dataset or an item of a sequence. Elements go by their place, from 0.
struct EditableItem {
    /// Keeps the memory the pointer leads to.
    let file: EditableFile
    let pointer: OpaquePointer

    struct Element {
        var group: UInt16
        var number: UInt16
        var representation: String
        /// Bytes; items of a sequence.
        var length: Int
        var isSequence: Bool
        var isKnown: Bool
        var tag: UInt32 { UInt32(group) << 16 | UInt32(number) }
        var isEmpty: Bool { length == 0 }
    }

    var count: Int { Int(CDeidentificationCount(pointer)) }

    func element(at index: Int) -> Element? {
        var found = CDeidentificationElement()
        guard CDeidentificationElementAt(pointer, UInt32(index), &found) else { return nil }
        let letters = withUnsafeBytes(of: found.representation) { String(decoding: $0.prefix(while: { $0 != 0 }), as: UTF8.self) }
        return Element(
            group: found.group, number: found.element, representation: letters, length: Int(found.length), isSequence: found.isSequence,
            isKnown: found.isKnown)
    }

    func item(at index: Int, _ number: Int) -> EditableItem? {
        CDeidentificationItemAt(pointer, UInt32(index), UInt32(number)).map { EditableItem(file: file, pointer: $0) }
    }

    /// The value's own bytes, without padding at the end; empty where there is no text.
    func text(at index: Int) -> [UInt8] {
        var size = 0
        guard let found = CDeidentificationText(pointer, UInt32(index), &size) else { return [] }
        defer { CDeidentificationFree(found) }
        return UnsafeRawBufferPointer(start: found, count: size).map { $0 }
    }

    /// The first element of a tag as text; empty where it is not there.
    func text(_ tag: UInt32) -> [UInt8] {
        for index in 0..<count where element(at: index)?.tag == tag { return text(at: index) }
        return []
    }

    func string(_ tag: UInt32) -> String { String(decoding: text(tag), as: UTF8.self) }

    func remove(at index: Int) -> Bool { CDeidentificationRemove(pointer, UInt32(index)) }
    func removeItem(at index: Int, _ number: Int) -> Bool { CDeidentificationRemoveItem(pointer, UInt32(index), UInt32(number)) }
    func set(_ text: String, at index: Int) -> Bool { CDeidentificationSetText(pointer, UInt32(index), text) }
    func setZeros(at index: Int) -> Bool { CDeidentificationSetZeros(pointer, UInt32(index)) }
    func setEmpty(at index: Int) -> Bool { CDeidentificationSetEmpty(pointer, UInt32(index)) }

    func put(_ tag: UInt32, _ representation: String, _ text: String) throws {
        guard CDeidentificationPut(pointer, UInt16(tag >> 16), UInt16(tag & 0xFFFF), representation, text) else {
            throw DeidentificationError(.unreadable, "an element cannot be written")
        }
    }

    func append(_ tag: UInt32) throws -> EditableItem {
        guard let found = CDeidentificationAppend(pointer, UInt16(tag >> 16), UInt16(tag & 0xFFFF)) else {
            throw DeidentificationError(.unreadable, "an item cannot be written")
        }
        return EditableItem(file: file, pointer: found)
    }
}

extension DeidentificationError {
    /// `nil` where there was no problem.
    init?(reading kind: Int32) {
        switch Int(kind) {
        case CDICOMInputProblemNone: return nil
        case CDICOMInputProblemTruncated: self.init(.unreadable, "the file ends inside the DICOM dataset")
        case CDICOMInputProblemOutOfMemory: self.init(.tooLarge, "there is not enough memory for the DICOM dataset")
        case CDICOMInputProblemNoDictionary:
            self.init(.unsupported, "the DICOM data dictionary is not installed (Debian package libdcmtk17)")
        case CDICOMInputProblemTooDeep: self.init(.unreadable, "sequences are nested too deep")
        case CDICOMInputProblemTooLarge: self.init(.tooLarge, "the deflated dataset is larger than \(CDICOMInputLargestInflated >> 20) MB")
        case CDICOMInputProblemUnsupported: self.init(.unsupported, "the transfer syntax is not known")
        default: self.init(.unreadable, "the content is not a DICOM dataset, or breaks off its rules")
        }
    }
}
