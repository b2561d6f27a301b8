/// What a reader of findings should know of an image: a code for programs, and a sentence for people.
public struct ImageWarning: Hashable, Sendable, CustomStringConvertible {
    /// In JSON by this name. A new one needs its sentence in `sentences.en.json`; a test compares the two lists.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        // Of the decoding.
        case rescaleSlopeZero = "rescale_slope_zero"
        case rescaleNotNumbers = "rescale_not_numbers"
        case voiTableUnusable = "voi_table_unusable"
        case windowNotNumbers = "window_not_numbers"
        case voiFunctionUnknown = "voi_function_unknown"
        case windowTooNarrow = "window_too_narrow"
        case highBitUnusable = "high_bit_unusable"
        case photometricMissing = "photometric_missing"
        case damagedBehindPixels = "damaged_behind_pixels"
        case emptyElement = "empty_element"
        case emptyElements = "empty_elements"
        case unannouncedFrames = "unannounced_frames"
        case colourTurnedGrey = "colour_turned_grey"
        // Of what the image is, seen from the model.
        case oneFrameOfMany = "one_frame_of_many"
        case headerOutsideUse = "header_outside_use"
        case ageOutsideUse = "age_outside_use"
        case notAChest = "not_a_chest"
        case tooFewPixels = "too_few_pixels"
        case tooNarrow = "too_narrow"
        // The same of a domain that is not the chest's.
        case tooFewPixelsFor = "too_few_pixels_for"
        case tooNarrowFor = "too_narrow_for"
        case greyForColour = "grey_for_colour"
        case colourForGrey = "colour_for_grey"
        case unlikeDomain = "unlike_domain"
        case otherAppearance = "other_appearance"
        case burntInText = "burnt_in_text"
        // Of masks of lungs and heart.
        case lungAreaUnlikely = "lung_area_unlikely"
        case lungMissing = "lung_missing"
        case lungInPieces = "lung_in_pieces"
        case lungsUncertain = "lungs_uncertain"
        case lungsBright = "lungs_bright"
        case heartUncertain = "heart_uncertain"
        case viewNotComparable = "view_not_comparable"
        case viewUnknown = "view_unknown"
        case patientTurned = "patient_turned"
        case chestCut = "chest_cut"
        case childNotComparable = "child_not_comparable"
        case imageOnItsSide = "image_on_its_side"
        case anatomyFailed = "anatomy_failed"
        case findingOutsideChest = "finding_outside_chest"
        case heartNotLarge = "heart_not_large"
        case heartLarge = "heart_large"
    }

    public var code: Code
    /// What stands in the sentence's places {1}, {2}, …; never a patient's data.
    public var values: [String]

    public init(_ code: Code, _ values: String...) {
        self.code = code
        self.values = values
    }

    /// In the language of the program, one line.
    public var description: String { text(in: .english) }

    public func text(in sentences: Sentences) -> String { sentences.text(of: code.rawValue, values) }
}
