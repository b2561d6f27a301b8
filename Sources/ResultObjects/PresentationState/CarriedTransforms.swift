import DICOM
import Foundation

/// The image's own way from stored values to what is shown (PS3.3 C.11.1, C.11.8): a state takes its place, so it carries it.
///
/// Only what is whole: a window without width, a table without data, a slope that is no number are left out, as a viewer would.
struct CarriedTransforms {
    private let image: SourceImage
    private let rescale: DICOMItem?
    private let interest: DICOMItem?

    init(_ image: SourceImage) {
        self.image = image
        rescale = image.group(.pixelValueTransformationSequence)
        interest = image.group(.frameVOILUTSequence)
    }

    func write(to dataset: DICOMWriter.Item) {
        let isSigned = image.dataset?.integer(.pixelRepresentation) == 1
        var isOutputSigned = isSigned
        if let table = rescale?.items(.modalityLUTSequence).lazy.compactMap({ Table($0, inputIsSigned: isSigned) }).first {
            let item = dataset.append(.modalityLUTSequence)
            table.write(to: item)
            item.set(.modalityLUTType, table.kind.flatMap { ConformantText.words($0) } ?? "US")
            isOutputSigned = false
        } else if let slope = rescale?.number(.rescaleSlope), slope != 0, let intercept = rescale?.number(.rescaleIntercept) {
            dataset.set(.rescaleIntercept, ConformantText.decimal(intercept))
            dataset.set(.rescaleSlope, ConformantText.decimal(slope))
            dataset.set(.rescaleType, rescale?.text(.rescaleType).flatMap { Self.plain($0) } ?? "US")
            isOutputSigned = isSigned || slope < 0 || intercept < 0
        }
        writeInterest(to: dataset, isSigned: isOutputSigned)
    }

    /// One view: a table before a window, the first of several, as the image itself is shown. Viewers refuse states with more.
    private func writeInterest(to dataset: DICOMWriter.Item, isSigned: Bool) {
        let table = interest?.items(.voiLUTSequence).lazy.compactMap { Table($0, inputIsSigned: isSigned) }.first
        let window = self.window
        guard table != nil || window != nil else { return }
        let item = dataset.append(.softcopyVOILUTSequence)
        image.reference(item.append(.referencedImageSequence))
        if let table {
            table.write(to: item.append(.voiLUTSequence))
        } else if let window {
            item.set(.windowCenter, ConformantText.decimal(window.center))
            item.set(.windowWidth, ConformantText.decimal(window.width))
            if let function, function != "LINEAR" { item.set(.voiLUTFunction, function) }
        }
    }

    private var function: String? {
        let said = interest?.text(.voiLUTFunction)?.uppercased()
        return ["LINEAR", "LINEAR_EXACT", "SIGMOID"].contains(said) ? said : nil
    }

    private var window: (center: Double, width: Double)? {
        guard let center = interest?.number(.windowCenter), let width = interest?.number(.windowWidth),
            function == "LINEAR_EXACT" || function == "SIGMOID" ? width > 0 : width >= 1
        else { return nil }
        return (center, width)
    }

    private static func plain(_ text: String) -> String? {
        ConformantText.words(text).flatMap { $0.unicodeScalars.allSatisfy(\.isASCII) ? $0 : nil }
    }

    /// One item of a Modality or VOI LUT Sequence.
    private struct Table {
        let descriptor: [Int]
        let data: [UInt8]
        let kind: String?
        let isSigned: Bool

        /// `nil` where descriptor or data are missing or do not fit.
        init?(_ item: DICOMItem, inputIsSigned: Bool) {
            descriptor = (0..<3).compactMap { item.integer(.lutDescriptor, at: $0) }
            guard descriptor.count == 3, (8...16).contains(descriptor[2]), (0...65_535).contains(descriptor[0]),
                (-32_768...65_535).contains(descriptor[1])
            else { return nil }
            let count = descriptor[0] == 0 ? 65_536 : descriptor[0]
            let found = item.withBytes(of: .lutData) { bytes -> [UInt8] in
                if bytes.count >= 2 * count { return Array(bytes.prefix(2 * count)) }
                // Entries of 8 bits, two in a word, become words: everybody reads those.
                return bytes.count >= count ? bytes.prefix(count).flatMap { [$0, 0] } : []
            }
            guard let found, !found.isEmpty else { return nil }
            data = found
            kind = item.text(.modalityLUTType)
            isSigned = inputIsSigned
        }

        func write(to item: DICOMWriter.Item) {
            // US or SS, by what comes in (PS3.5 annex A.2, note).
            let tag = Tag(Tag.lutDescriptor.group, Tag.lutDescriptor.element, isSigned ? .ss : .us)
            let words = descriptor.map { isSigned ? Int(Int16(truncatingIfNeeded: $0)) : Int(UInt16(truncatingIfNeeded: $0)) }
            item.set(tag, words.map(String.init).joined(separator: "\\"))
            item.set(.lutData, data: data)
        }
    }
}
