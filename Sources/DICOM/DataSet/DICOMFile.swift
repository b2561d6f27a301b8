import CDICOM
import Foundation
import Radiographs

/// A parsed DICOM file (PS3.10), or a bare dataset.
package final class DICOMFile {
    let handle: OpaquePointer
    /// Bytes of the file.
    private let size: Int
    /// Why parsing stopped early, or `nil`; the elements before are there.
    package let parsingError: RadiographError?

    /// - Throws: `RadiographError` where nothing could be read. A file that breaks later is returned, for what it does tell.
    package init(_ bytes: Data) throws {
        let inflated = try Self.inflatedDataset(of: bytes)
        let whole = inflated ?? bytes
        let place = { (position: Int) in "at byte \(position)" + (inflated == nil ? "" : " of the inflated dataset") }
        let outline = DatasetOutline(of: whole)
        var cut: (position: Int, error: RadiographError)?
        switch outline.finding {
        case .plausible: break
        case .tooDeep(let start):
            let error = RadiographError(.damaged, "sequences nested more than \(DatasetOutline.maximumDepth) deep, \(place(start))")
            guard let end = outline.endOfPixelData else { throw error }
            cut = (end, error)
        case .cutOff(let start, let missing):
            let error = RadiographError(
                .truncated, "the file ends inside the DICOM dataset, \(missing) bytes too early for the element \(place(start))")
            cut = (missing > Self.largestOverrun ? start : whole.count, error)
        }
        let readable = outline.readable(whole).prefix(cut?.position ?? whole.count)
        var problem = CDICOMProblem()
        let opened = readable.withUnsafeBytes { CDICOMOpen($0.baseAddress, $0.count, &problem) }
        let parsing = RadiographError(parsing: problem, place: place(Int(problem.position)))
        guard let opened else {
            throw cut?.error ?? parsing ?? RadiographError(.damaged, "the content is not a DICOM dataset, \(place(0))")
        }
        handle = opened
        size = bytes.count
        parsingError = parsing?.code == .damaged || parsing?.code == .truncated ? cut?.error ?? parsing : parsing ?? cut?.error
    }

    /// Bytes that DCMTK may allocate for a value the file does not hold; it fills them before it finds out.
    private static let largestOverrun = 16_000_000

    /// Bytes of an inflated dataset: the largest detector's image has a tenth of them.
    private static let largestInflated = 512 << 20

    /// The bare dataset of a deflated file, which is explicit VR little endian; `nil` where the file is not deflated.
    ///
    /// DCMTK could inflate it by itself, but what it then reads could not be looked over before.
    private static func inflatedDataset(of bytes: Data) throws -> Data? {
        guard let start = DatasetOutline.startOfDeflatedDataset(in: bytes) else { return nil }
        return try bytes.withUnsafeBytes { whole in
            var problem = CDICOMProblem()
            var size = 0
            let deflated = UnsafeRawBufferPointer(rebasing: whole[start...])
            guard let found = CDICOMInflate(deflated.baseAddress, deflated.count, largestInflated, &size, &problem) else {
                throw RadiographError(parsing: problem, place: "in the deflated dataset at byte \(start)")
                    ?? RadiographError(.damaged, "the deflated dataset at byte \(start) is empty")
            }
            return Data(bytesNoCopy: found, count: size, deallocator: .custom { _, _ in CDICOMFreeInflated(found) })
        }
    }

    deinit { CDICOMClose(handle) }

    package var dataset: DICOMItem { DICOMItem(file: self, pointer: CDICOMDataset(handle)) }

    /// The UID in the file meta information, or, without one, that of the encoding DCMTK found.
    /// - Throws: `RadiographError` where the file ends before either can be told.
    func transferSyntax() throws -> TransferSyntax {
        let meta = DICOMItem(file: self, pointer: CDICOMMetaInformation(handle))
        if let uid = meta.text(.transferSyntaxUID) { return TransferSyntax(uid: uid) }
        if let parsingError, !hasCompletePixelData { throw parsingError }
        let found = TransferSyntax(uid: String(cString: CDICOMTransferSyntax(handle)))
        guard found.coding != .unsupported else {
            throw RadiographError(.truncated, "the file ends before its DICOM dataset, at byte \(size)")
        }
        return found
    }

    /// The UID of the transfer syntax, as `transferSyntax` finds it.
    package func transferSyntaxUID() throws -> String { try transferSyntax().uid }

    /// The one fragment of encapsulated Pixel Data; `nil` where there are none or several.
    package var onlyFragment: Data? {
        var start: UnsafePointer<UInt8>?
        var count = 0
        guard CDICOMFragmentCount(handle) == 1, CDICOMFragment(handle, 0, &start, &count), let start else { return nil }
        return Data(bytes: start, count: count)
    }

    /// Whether Pixel Data ended as its length or its delimiter says.
    var hasCompletePixelData: Bool { CDICOMPixelDataIsComplete(handle) }
}

extension CDICOMProblem {
    /// A codec's one line of reason.
    var reason: String {
        withUnsafeBytes(of: text) { String(decoding: $0.prefix(while: { $0 != 0 }), as: UTF8.self) }
    }
}

extension RadiographError {
    /// `nil` where there was no problem.
    fileprivate init?(parsing problem: CDICOMProblem, place: String) {
        switch Int(problem.kind) {
        case CDICOMProblemNone: return nil
        case CDICOMProblemTruncated: self.init(.truncated, "the file ends inside the DICOM dataset, \(place)")
        case CDICOMProblemOutOfMemory: self.init(.tooLarge, "there is not enough memory for the DICOM dataset, \(place)")
        case CDICOMProblemNoDictionary:
            self.init(.unsupported, "the DICOM data dictionary is not installed (Debian package libdcmtk17)")
        default: self.init(.damaged, "the content is not a DICOM dataset, or breaks off its rules, \(place)")
        }
    }

    /// - Parameter tag: Where what is wrong stands.
    init(_ code: Code, _ reason: String, at tag: Tag) { self.init(code, "\(reason), at \(tag)") }
}
