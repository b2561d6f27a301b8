import Findings

/// What a DICOM header has to say of an image of the domain, where it says anything. PNG and JPEG say nothing and are taken.
public struct HeaderRule: Codable, Hashable, Sendable {
    /// Whether Pleura's own table of words says what fits (`frontal-chest`): modality, body part and view, in what people write there
    /// (`HeaderClaims`). The lists below are then empty.
    public var table: Table?
    /// Values of Modality (0008,0060) that fit; empty: any.
    public var modalities: [String]
    /// Words of which Body Part Examined (0018,0015) has one, in any case; empty: any.
    public var bodyParts: [String]

    public enum Table: String, Codable, CaseIterable, Hashable, Sendable {
        case frontalChest = "frontal-chest"
    }

    public init(table: Table? = nil, modalities: [String] = [], bodyParts: [String] = []) {
        (self.table, self.modalities, self.bodyParts) = (table, modalities, bodyParts)
    }

    private enum CodingKeys: String, CodingKey {
        case table, modalities
        case bodyParts = "body_parts"
    }

    /// What the header says that does not fit, in words that can follow "the header says"; `nil` where all fits or nothing is said.
    public func objection(to header: ImageHeader) -> String? {
        func plain(_ text: String?) -> String? {
            let words = text?.uppercased().filter { $0.isLetter || $0.isNumber } ?? ""
            return words.isEmpty ? nil : words
        }
        if let modality = plain(header.modality), !modalities.isEmpty, !modalities.contains(modality) {
            // A code of the standard's list or a typing error: never more than sixteen letters are repeated.
            return "modality \(modality.prefix(16))"
        }
        if let part = plain(header.bodyPart), !bodyParts.isEmpty, !bodyParts.contains(where: { part.contains(plain($0) ?? "?") }) {
            return "body part \(part.prefix(16))"
        }
        return nil
    }
}
