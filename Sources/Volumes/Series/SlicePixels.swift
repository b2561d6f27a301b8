import CVolumes
import DICOM
import Foundation
import Radiographs

/// Slices decoded to Hounsfield units.
enum SlicePixels {
    /// What was made of samples that are no plain values.
    struct Counts: Sendable {
        var padded = 0
        var below = 0
        var above = 0
    }

    /// Whether a header says how its samples become Hounsfield units.
    /// - Throws: `VolumeError` of code `notHounsfield`.
    static func check(_ slice: FoundSlice) throws {
        let header = slice.header
        if let units = header.rescaleType, units.uppercased() != "HU" {
            throw VolumeError(.notHounsfield, "\(slice.label): its values are in other units than Hounsfield's (Rescale Type)")
        }
        guard !header.hasModalityTable else {
            throw VolumeError(.notHounsfield, "\(slice.label): a table in place of a rescale to Hounsfield units")
        }
        guard let slope = header.rescaleSlope, header.rescaleIntercept != nil, slope != 0 else {
            throw VolumeError(
                .notHounsfield, "\(slice.label): Rescale Slope and Intercept do not say how its samples become Hounsfield units")
        }
    }

    /// A file opened once for several of its frames.
    struct OpenFile {
        let instance: DICOMInstance

        /// - Throws: `RadiographError` of a damaged file; what reading throws.
        init(_ source: SliceSource) throws { instance = try DICOMInstance(try source.bytes()) }

        /// Decodes a slice into memory of rows * columns values.
        /// - Throws: `RadiographError`.
        func read(_ slice: FoundSlice, into target: UnsafeMutablePointer<Int16>) throws -> Counts {
            let image = try instance.modalityImage(frame: slice.header.frame)
            let count = slice.geometry.rows * slice.geometry.columns
            guard image.width == slice.geometry.columns, image.height == slice.geometry.rows, image.samples.count == count else {
                throw RadiographError(.damaged, "the pixels do not fit rows and columns")
            }
            let padding: [Int32] = image.padding.map { [$0.lowerBound, $0.upperBound] } ?? [1, 0]
            var counts = [0, 0, 0]
            cv_hounsfield(image.samples, count, image.slope, image.intercept, padding, target, &counts)
            return Counts(padded: counts[0], below: counts[1], above: counts[2])
        }
    }

    /// One slice by itself.
    /// - Throws: `VolumeError` of code `damaged`, with the file.
    static func values(_ slice: FoundSlice, _ sources: [SliceSource]) throws -> [Int16] {
        try [Int16](unsafeUninitializedCapacity: slice.geometry.rows * slice.geometry.columns) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            do {
                _ = try OpenFile(sources[slice.source]).read(slice, into: start)
            } catch {
                throw VolumeError(.damaged, "\(slice.label): \(reason(error))")
            }
            count = buffer.count
        }
    }

    static func reason(_ error: any Error) -> String { (error as? RadiographError)?.reason ?? "the file cannot be read" }
}
