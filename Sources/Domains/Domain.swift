import Findings
import Radiographs

/// All that is particular to one kind of image and not to the method: one file, and no code.
///
/// A training takes it (`pleura train --domain`), the finished model's card holds it whole, and `pleura detect` goes by the card's. What
/// learnt from chests in Pleura's beginning is the built-in domain `chest-radiograph`.
public struct Domain: Codable, Hashable, Sendable {
    /// In lower case, words joined by hyphens, such as `bone-radiograph`.
    public var name: String
    /// One or two sentences for a person who chooses.
    public var description: String
    /// What the images are, in words that can follow "the model is for", such as `frontal chest radiographs`.
    public var subject: String
    /// Who draws its boxes, such as `radiologists`: a card says that a model learnt from their boxes.
    public var readers: String
    /// What a model of the domain is to be used for, and what not; stands in its card.
    public var intendedUse: String
    /// Of the network's input: 1 (grey) or 3 (red, green, blue).
    public var channels: Int
    /// How numbers of the file become grey of 0...1.
    public var values: ValueSpace
    /// Which mirror images are still images of the domain.
    public var mirror: MirrorRule
    /// How images of another kind are told.
    public var gate: GateRule
    /// What a DICOM header has to say, where there is one.
    public var header: HeaderRule
    /// What becomes of letters in the picture.
    public var burntInText: BurntInText
    /// Names of the places where findings can be, such as `femoral shaft`.
    public var anatomy: [String]
    /// What is measured in.
    public var units: [Unit]
    /// What findings are called in the code systems of other systems.
    public var codes: [ResultCode]
    /// What stands on every result; always says that it is for research use only.
    public var notice: String

    public enum BurntInText: String, Codable, CaseIterable, Hashable, Sendable {
        /// It stays: markers of a film say nothing of the patient.
        case keep
        /// Ultrasound: what lies outside the sector is black before anything is learnt or looked at.
        case sector
    }

    public enum Unit: String, Codable, CaseIterable, Hashable, Sendable {
        case millimetre = "mm"
        case centimetre = "cm"
        case squareMillimetre = "mm2"
        case cubicMillimetre = "mm3"
        case micrometre = "um"
        case degree = "deg"
        case percent = "%"
        case hounsfield = "HU"
        case count, ratio, pixel
    }

    private enum CodingKeys: String, CodingKey {
        case name, description, subject, readers, channels, values, mirror, gate, header, anatomy, units, codes, notice
        case intendedUse = "intended_use"
        case burntInText = "burnt_in_text"
    }

    /// Steps between a decoded image and the letterbox, and after it: the network's numbers lie in -1...1.
    public var preprocessing: [PreprocessingStep] {
        (burntInText == .sector ? [.sector] : []) + values.steps + [.normalise(mean: 0.5, standardDeviation: 0.5)]
    }

    /// Whether the network looks at red, green and blue.
    public var isColour: Bool { channels == 3 }

    /// The window of its Hounsfield units; `nil` where its values are others.
    public var window: ValueWindow? {
        guard case .hounsfield(let window) = values else { return nil }
        return window
    }

    /// What a decoder has to do for it.
    public func limits(_ limits: DecodingLimits) -> DecodingLimits {
        var limits = limits
        limits.keepsColour = isColour
        limits.window = window
        return limits
    }

    /// The decoders of a registry, as the domain needs them.
    public func decoders(_ decoders: DecoderRegistry) -> DecoderRegistry {
        var decoders = decoders
        decoders.limits = limits(decoders.limits)
        return decoders
    }
}
