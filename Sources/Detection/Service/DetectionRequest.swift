import Findings
import Foundation

/// One image that findings are wanted of.
public struct DetectionRequest: Sendable {
    /// Where its bytes are.
    public enum Input: Sendable {
        /// A file, which is opened when it is its turn.
        case file(String)
        /// Bytes that were received, of an image that is known by `source`.
        case bytes(Data, from: ImageSource)

        /// What the image is called in its findings.
        public var source: ImageSource {
            switch self {
            case .file(let path): .file(path)
            case .bytes(_, let source): source
            }
        }
    }

    public var input: Input
    /// From 1.
    public var frame: Int
    public var urgency: Urgency
    /// Lowest score that makes a finding; `nil` takes the card's.
    public var threshold: Double?
    /// Whether the answer carries the image at its full size. The findings do not depend on it: what the network gets is decoded for it alone.
    public var keepsPixels: Bool

    public init(_ input: Input, frame: Int = 1, urgency: Urgency = .soon, threshold: Double? = nil, keepsPixels: Bool = false) {
        (self.input, self.frame, self.urgency, self.threshold, self.keepsPixels) = (input, frame, urgency, threshold, keepsPixels)
    }
}
