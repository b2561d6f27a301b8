import Foundation
import Radiographs

/// DICOM images to radiographs: CR, DX, CT and any other grey image, colour captures turned grey (`DICOMInstance`).
public struct DICOMDecoder: RadiographDecoder {
    public init() {}

    public var name: String { "DICOM" }

    /// "DICM" after a preamble of 128 bytes, or a plausible first element of group 0002 or 0008.
    public func recognises(_ bytes: Data) -> Bool {
        let head = [UInt8](bytes.prefix(132))
        if head.count == 132, head[128...].elementsEqual("DICM".utf8) { return true }
        return Self.isFirstElement(head, fileSize: bytes.count)
    }

    public func decode(_ bytes: Data, frame: Int, limits: DecodingLimits) throws -> Radiograph {
        try DICOMInstance(bytes, limits: limits).radiograph(frame: frame)
    }

    /// Whether a dataset without preamble begins here: group 0002 or 0008, then a VR in letters or a length that fits.
    private static func isFirstElement(_ head: [UInt8], fileSize: Int) -> Bool {
        guard head.count >= 8 else { return false }
        let isLittle = head[1] == 0 && (head[0] == 0x02 || head[0] == 0x08) && head[3] == 0
        let isBig = head[0] == 0 && head[1] == 0x08 && head[2] == 0
        guard isLittle || isBig else { return false }
        let vr = String(decoding: head[4..<6], as: UTF8.self)
        if ["UL", "CS", "UI", "DA", "TM", "DT", "OB", "SH", "LO", "SQ", "ST"].contains(vr) { return true }
        guard isLittle else { return false }
        let length = (0..<4).reduce(0) { $0 | Int(head[4 + $1]) << (8 * $1) }
        return length % 2 == 0 && length <= fileSize - 8
    }
}
