import Findings

/// What a phantom can have, named as NIH ChestX-ray14 names its boxed findings.
enum PhantomLesion: String, CaseIterable, Sendable {
    case atelectasis = "Atelectasis"
    case cardiomegaly = "Cardiomegaly"
    case effusion = "Effusion"
    case infiltrate = "Infiltrate"
    case mass = "Mass"
    case nodule = "Nodule"
    case pneumonia = "Pneumonia"
    case pneumothorax = "Pneumothorax"

    /// In the order of the list above, which is that of the label map of NIH's boxes.
    static let findingClasses = allCases.enumerated().map { FindingClass(id: $0 + 1, name: $1.rawValue) }

    /// The class of this lesion in `findingClasses`.
    var classID: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }
}

/// What a lesion changes of a lung.
struct PhantomOpacity: Sendable {
    let lesion: PhantomLesion
    /// Centimetres of lung that became water, never more than there is lung.
    var water: PhantomField
    /// Share of the lung that became air: 1 where there is nothing but air.
    var air: PhantomField?
    /// Share of the vessels that can still be seen; 1 without a lesion.
    var vesselsLeft: PhantomField
}
