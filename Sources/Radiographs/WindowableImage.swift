import Findings

/// One frame as a viewer needs it: before any window and before MONOCHROME1 is turned round, in 16-bit samples.
///
/// What a person sees of a sample: value = sample · slope + intercept (PS3.3 C.11.1), the window gives 0...1 of it (C.11.2.1), and where `isInverted`
/// is set, 1 minus that. So a window acts on the values of the modality, and before the polarity, as the standard has it.
public struct WindowableImage: Sendable {
    /// A window of the file (VOI).
    public struct Window: Hashable, Sendable {
        /// VOI LUT Function (PS3.3 C.11.2.1.3).
        public enum Function: String, Hashable, Sendable, Codable {
            case linear = "LINEAR"
            case linearExact = "LINEAR_EXACT"
            case sigmoid = "SIGMOID"
        }

        /// In the modality's values.
        public var center: Double
        public var width: Double
        public var function: Function

        public init(center: Double, width: Double, function: Function) {
            (self.center, self.width, self.function) = (center, width, function)
        }
    }

    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Significant bits of a sample, 1 to 16.
    public let bits: Int
    /// [height * width], row-major, top row first.
    public let samples: [UInt16]
    public let slope: Double
    public let intercept: Double
    /// Such as `HU`; `nil` where the file does not say it.
    public let units: String?
    /// Whether low values are white (MONOCHROME1).
    public let isInverted: Bool
    /// `nil` where the file has none: the whole range is shown then.
    public let window: Window?
    /// Samples that fill what the detector did not see; always black.
    public let padding: ClosedRange<UInt16>?
    public let header: ImageHeader
    public let warnings: [ImageWarning]
    /// The samples that occur, without padding.
    public let range: ClosedRange<UInt16>

    public init(
        width: Int, height: Int, bits: Int, samples: [UInt16], slope: Double = 1, intercept: Double = 0, units: String? = nil,
        isInverted: Bool = false, window: Window? = nil, padding: ClosedRange<UInt16>? = nil, header: ImageHeader = ImageHeader(),
        warnings: [ImageWarning] = []
    ) {
        (self.width, self.height, self.bits, self.samples, self.slope, self.intercept) = (width, height, bits, samples, slope, intercept)
        (self.units, self.isInverted, self.window, self.padding) = (units, isInverted, window, padding)
        (self.header, self.warnings) = (header, warnings)
        range = Self.range(of: samples, without: padding)
    }

    /// A picture to be looked at as it is: PNG and JPEG, or what has its tables applied already.
    public init(_ radiograph: Radiograph) {
        let pixels = radiograph.pixels
        self.init(
            width: pixels.width, height: pixels.height, bits: pixels.bits, samples: pixels.samples, header: radiograph.header,
            warnings: radiograph.warnings)
    }

    /// Whether a person sees the same of both, whatever else their files say.
    public func showsSamePicture(as other: WindowableImage) -> Bool {
        width == other.width && height == other.height && slope == other.slope && intercept == other.intercept
            && isInverted == other.isInverted && padding == other.padding && samples == other.samples
    }

    private static func range(of samples: [UInt16], without padding: ClosedRange<UInt16>?) -> ClosedRange<UInt16> {
        var (lowest, highest) = (UInt16.max, UInt16.min)
        samples.withUnsafeBufferPointer { samples in
            if let padding {
                for sample in samples where !padding.contains(sample) {
                    lowest = min(lowest, sample)
                    highest = max(highest, sample)
                }
            } else {
                for sample in samples {
                    lowest = min(lowest, sample)
                    highest = max(highest, sample)
                }
            }
        }
        return lowest <= highest ? lowest...highest : 0...0
    }
}
