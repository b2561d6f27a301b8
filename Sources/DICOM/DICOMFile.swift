import CDICOM
import Foundation
import Radiographs

/// A parsed DICOM file (PS3.10), or a bare dataset.
final class DICOMFile {
    let handle: OpaquePointer
    /// What DCMTK met while parsing; the elements before it are there.
    private let problem: CDICOMProblem

    /// - Throws: `RadiographError` where nothing could be read. A file that breaks later is returned, for what it does tell.
    init(_ bytes: Data) throws {
        let inflated = try Self.inflatedDataset(of: bytes)
        let whole = inflated ?? bytes
        let finding = DatasetOutline.finding(in: whole)
        var readable = whole
        if case .cutOff(let start, let missing) = finding, missing > Self.largestOverrun { readable = whole.prefix(start) }
        guard finding != .tooDeep else {
            throw RadiographError(.damaged, "sequences nested more than \(DatasetOutline.maximumDepth) deep")
        }
        var problem = CDICOMProblem()
        let opened = readable.withUnsafeBytes { CDICOMOpen($0.baseAddress, $0.count, &problem) }
        guard let opened else { throw RadiographError(parsing: problem) }
        handle = opened
        if case .cutOff = finding, [CDICOMProblemNone, CDICOMProblemDamaged].contains(Int(problem.kind)) {
            problem.kind = Int32(CDICOMProblemTruncated)
        }
        self.problem = problem
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
                throw RadiographError(parsing: problem)
            }
            return Data(bytesNoCopy: found, count: size, deallocator: .custom { _, _ in CDICOMFreeInflated(found) })
        }
    }

    deinit { CDICOMClose(handle) }

    var dataset: DICOMItem { DICOMItem(file: self, pointer: CDICOMDataset(handle)) }

    /// The UID in the file meta information, or, without one, that of the encoding DCMTK found.
    /// - Throws: `RadiographError` where the file ends before either can be told.
    func transferSyntax() throws -> TransferSyntax {
        let meta = DICOMItem(file: self, pointer: CDICOMMetaInformation(handle))
        if let uid = meta.text(.transferSyntaxUID) { return TransferSyntax(uid: uid) }
        if let parsingError, !hasCompletePixelData { throw parsingError }
        let found = TransferSyntax(uid: String(cString: CDICOMTransferSyntax(handle)))
        guard found.coding != .unsupported else { throw RadiographError(.truncated, "the file ends before its DICOM dataset") }
        return found
    }

    /// Why parsing stopped early, or `nil`.
    var parsingError: RadiographError? { Int(problem.kind) == CDICOMProblemNone ? nil : RadiographError(parsing: problem) }

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
    fileprivate init(parsing problem: CDICOMProblem) {
        switch Int(problem.kind) {
        case CDICOMProblemTruncated: self.init(.truncated, "the file ends inside the DICOM dataset")
        case CDICOMProblemOutOfMemory: self.init(.tooLarge, "there is not enough memory for the DICOM dataset")
        case CDICOMProblemNoDictionary:
            self.init(.unsupported, "the DICOM data dictionary is not installed (Debian package libdcmtk17)")
        default: self.init(.damaged, "the content is not a DICOM dataset, or breaks off its rules")
        }
    }
}
