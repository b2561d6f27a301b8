import Basics

/// Why slices make no volume, or a volume no chest. `description` is one line, without patient data.
public struct VolumeError: ExplainedError {
    /// The kind of failure; open, so that others can be added.
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// Nothing that could be a slice.
        public static let noSlices = Code(rawValue: "no slices")
        /// Images of another modality.
        public static let notComputedTomography = Code(rawValue: "no CT")
        /// Only scouts.
        public static let localizersOnly = Code(rawValue: "only localizers")
        /// A file says where it lies in no usable way.
        public static let noGeometry = Code(rawValue: "no geometry")
        /// More than one volume, and nothing says which is meant.
        public static let ambiguous = Code(rawValue: "ambiguous")
        /// Slices are missing.
        public static let gap = Code(rawValue: "slices missing")
        /// Slices lie so that they make no block.
        public static let irregular = Code(rawValue: "irregular slices")
        /// Values are no Hounsfield units.
        public static let notHounsfield = Code(rawValue: "not Hounsfield units")
        /// A slice that cannot be decoded.
        public static let damaged = Code(rawValue: "damaged slice")
        public static let tooFew = Code(rawValue: "too few slices")
        public static let tooLarge = Code(rawValue: "too large")
        /// No two lungs of a plausible size.
        public static let notAChest = Code(rawValue: "not a chest")
        /// A file that is no NIfTI volume, or a damaged one.
        public static let badFile = Code(rawValue: "bad file")

        public var exitStatus: ExitStatus { .someInputsFailed }
    }

    public var code: Code
    /// One line for a person, with the files it is about.
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }

    static var noMemory: VolumeError { VolumeError(.tooLarge, "there is not enough memory for the volume") }
}
