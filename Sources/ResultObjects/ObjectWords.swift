import Results
import Terminology

/// The few sentences that objects say of themselves, in the language of the result; English where there is none of it.
struct ObjectWords: Sendable {
    var language: Code
    var notRead: @Sendable (Int, Int, String) -> String
    var doubtful: @Sendable (Int, Int, String) -> String
    var nothingFound: String
    var nothingRead: String
    var alternative: @Sendable (String) -> String
    /// A finding that its model has learnt from few boxes.
    var experimental: String
    var report: String
    var status: @Sendable (StudyResult.Status) -> String
    var patient: String
    var born: String
    var study: String
    var accession: String
    var reader: String
    var model: String
    var read: String
    var findings: String
    var image: @Sendable (Int) -> String
    var page: @Sendable (Int, Int) -> String

    static func of(_ language: String) -> ObjectWords { language.lowercased().hasPrefix("de") ? german : english }

    private static let english = ObjectWords(
        language: Code("en", "RFC5646", "English"),
        notRead: { "Image \($0) of \($1) was not read: \($2)" },
        doubtful: { "Image \($0) of \($1): \($2)" },
        nothingFound: "Nothing was found in the images that were read.",
        nothingRead: "No image was read.",
        alternative: { "Another reading of the place of finding \($0)" },
        experimental: "experimental: learnt from few examples",
        report: "Report of a radiograph",
        status: { $0 == .preliminary ? "preliminary" : $0 == .final ? "final" : "amended" },
        patient: "Patient", born: "Born", study: "Study", accession: "Accession number", reader: "Read by", model: "Model", read: "Read at",
        findings: "Findings", image: { "image \($0)" }, page: { "page \($0) of \($1)" })

    private static let german = ObjectWords(
        language: Code("de", "RFC5646", "German"),
        notRead: { "Bild \($0) von \($1) wurde nicht gelesen: \($2)" },
        doubtful: { "Bild \($0) von \($1): \($2)" },
        nothingFound: "In den gelesenen Bildern wurde nichts gefunden.",
        nothingRead: "Kein Bild wurde gelesen.",
        alternative: { "Eine andere Lesart der Stelle von Befund \($0)" },
        experimental: "experimentell: an wenigen Beispielen gelernt",
        report: "Bericht zu einer Röntgenaufnahme",
        status: { $0 == .preliminary ? "vorläufig" : $0 == .final ? "endgültig" : "geändert" },
        patient: "Patient", born: "Geboren", study: "Untersuchung", accession: "Auftragsnummer", reader: "Gelesen von", model: "Modell",
        read: "Gelesen am", findings: "Befunde", image: { "Bild \($0)" }, page: { "Seite \($0) von \($1)" })
}

extension ResultContent {
    var words: ObjectWords { ObjectWords.of(result.language) }

    /// What has to be said beside the findings: which images were not read, and why; what speaks against the model's silence.
    var remarks: [String] {
        doubts + readingRemarks
            + (result.findings.isEmpty && !isSilenceMeaningful ? [readImages.isEmpty ? words.nothingRead : words.nothingFound] : [])
    }

    private var doubts: [String] {
        images.compactMap { image in
            let doubt = image.image.doubt ?? "-"
            if !image.image.wasRead { return words.notRead(image.number, images.count, doubt) }
            return image.image.doubt == nil ? nil : words.doubtful(image.number, images.count, doubt)
        }
    }

    /// Quality, and why there is no ratio.
    private var readingRemarks: [String] {
        images.flatMap { image in image.image.remarks.map { words.doubtful(image.number, images.count, $0) } }
    }

    /// A score as it is shown, never rounded up to 1.
    static func twoDecimals(_ score: Double) -> String {
        let hundredths = Int((score * 100).rounded())
        let shown = hundredths == 100 && score < 1 ? 99 : hundredths
        return "\(shown / 100).\(shown % 100 < 10 ? "0" : "")\(shown % 100)"
    }
}
