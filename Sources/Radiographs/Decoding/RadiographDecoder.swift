import Findings
import Foundation

/// Reads one file format into a `Radiograph`.
public protocol RadiographDecoder: Sendable {
    /// A short name for messages: "PNG", "JPEG", "DICOM".
    var name: String { get }

    /// Whether these bytes (the whole file) look like this format, by content and never by name. Cheap.
    func recognises(_ bytes: Data) -> Bool

    /// Decodes one image.
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - frame: From 1; only multi-frame formats take more than 1.
    ///   - limits: Refuse by the header, before allocating, what is larger.
    /// - Throws: `RadiographError`.
    func decode(_ bytes: Data, frame: Int, limits: DecodingLimits) throws -> Radiograph

    /// One image no finer than a network whose input has `side` pixels a side needs it.
    /// - Throws: `RadiographError`, for the same files as `decode` without a side.
    func decode(_ bytes: Data, frame: Int, limits: DecodingLimits, covering side: Int) throws -> ReducedRadiograph
}

extension RadiographDecoder {
    /// Decoded at its full size and then reduced.
    public func decode(
        _ bytes: Data, frame: Int, limits: DecodingLimits, covering side: Int
    ) throws -> ReducedRadiograph {
        ReducedRadiograph(try decode(bytes, frame: frame, limits: limits), covering: side)
    }
}

/// What a decoder refuses by its header, and what it gives beside the grey picture.
public struct DecodingLimits: Hashable, Sendable {
    /// Rows times columns. The largest chest detectors give 20 million pixels; the default leaves five times as much.
    public var maximumPixels: Int
    /// Whether the three planes of a picture in colour are kept beside its grey. They take three times the memory, and few models look at them.
    public var keepsColour: Bool
    /// The window through which values with a unit are shown in place of the file's own, such as Hounsfield units of CT; `nil` takes the file's.
    public var window: ValueWindow?

    public init(maximumPixels: Int = 100_000_000, keepsColour: Bool = false, window: ValueWindow? = nil) {
        (self.maximumPixels, self.keepsColour, self.window) = (maximumPixels, keepsColour, window)
    }

    /// - Throws: `RadiographError` where an image of this size must not be decoded.
    public func check(width: Int, height: Int) throws {
        guard width > 0, height > 0 else { throw RadiographError(.noPixels, "the header claims \(width) x \(height) pixels") }
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, count <= maximumPixels else {
            throw RadiographError(
                .tooLarge, "the header claims \(width) x \(height) pixels, more than \(maximumPixels / 1_000_000) million")
        }
    }
}
