import Foundation

/// Takes out of DICOM files what tells who the patient is: the Basic Application Level Confidentiality Profile of PS3.15 annex E, edition
/// 2026d, with
/// the options asked for. Equal files give equal files; files of one patient, study and series stay of one.
///
/// - Every element at every depth is looked up in Table E.1-1. Of actions that depend on the IOD (`X/Z`, `X/D`, `Z/D`) the one that keeps
/// the object
///   conformant whatever its IOD is taken: empty or a dummy value.
/// - Private elements, curves, overlays, group lengths and elements that no dictionary knows are removed.
/// - Patient's Name and ID become a pseudonym; UIDs become others by the key, those of the standard (1.2.840.10008) aside.
/// - Text that is kept is searched for the names and numbers that were removed, and replaced where one stands in it.
/// - Pixel Data stay bit for bit, as does the character set. What pixels show is not looked at: see the warnings.
public struct Deidentifier: Sendable {
    public let options: DeidentificationOptions
    private let key: DeidentificationKey
    private let profile = ConfidentialityProfile.standard

    public init(options: DeidentificationOptions = DeidentificationOptions(), key: DeidentificationKey) {
        (self.options, self.key) = (options, key)
    }

    /// - Parameter bytes: A DICOM file (PS3.10), whole.
    /// - Throws: `DeidentificationError`.
    public func deidentify(_ bytes: Data) throws -> DeidentifiedFile {
        let file = try EditableFile(bytes)
        guard let dataset = file.dataset else { throw DeidentificationError(.unreadable, "the content is not a DICOM file") }
        // A directory names the folders and files of a medium, which often carry the patient's number.
        guard !(0..<dataset.count).contains(where: { dataset.element(at: $0)?.group == 4 }) else {
            throw DeidentificationError(.unsupported, "a directory of a medium (DICOMDIR); its files can be de-identified one by one")
        }
        guard !dataset.text(0x0008_0016).isEmpty || !dataset.text(0x0008_0018).isEmpty || !dataset.text(0x0020_000D).isEmpty else {
            throw DeidentificationError(.unreadable, "the content is not a DICOM instance")
        }
        var warnings = PixelWarnings(dataset).all
        if options.burntInText == .refuse, let first = warnings.first(where: { $0.kind == .burntInText }) {
            throw DeidentificationError(.burntIn, first.detail)
        }
        let patient = Self.patient(dataset)
        if patient.isUnknown {
            warnings.append(DeidentificationWarning(kind: .unknownPatient, detail: "neither Patient ID nor Patient's Name is there"))
        }
        let pseudonyms = Pseudonyms(key: key, patient: patient.identity)
        var cleaner = DatasetCleaner(
            profile: profile, options: options, pseudonyms: pseudonyms, identifying: IdentifyingText(dataset), warnings: warnings)
        try cleaner.clean(dataset)
        try mark(dataset, pseudonyms)
        return DeidentifiedFile(
            bytes: try file.bytes(), warnings: cleaner.warnings, counts: cleaner.counts, patientID: pseudonyms.patientCode,
            studyInstanceUID: dataset.string(0x0020_000D), seriesInstanceUID: dataset.string(0x0020_000E),
            sopInstanceUID: dataset.string(0x0008_0018))
    }

    /// Patient ID with its issuer; without an ID the name and birth date; without either the study.
    private static func patient(_ dataset: EditableItem) -> (identity: [UInt8], isUnknown: Bool) {
        let (id, name) = (dataset.text(0x0010_0020), dataset.text(0x0010_0010))
        if !id.isEmpty { return (id + [0] + dataset.text(0x0010_0021), false) }
        if !name.isEmpty { return ([1] + name + [0] + dataset.text(0x0010_0030), false) }
        return ([2] + dataset.text(0x0020_000D), true)
    }

    /// Says what was done (PS3.15 E.2; PS3.3 C.7.1.1, C.12.1).
    private func mark(_ dataset: EditableItem, _ pseudonyms: Pseudonyms) throws {
        try dataset.put(0x0010_0010, "PN", "PSEUDONYM^\(pseudonyms.patientCode)")
        try dataset.put(0x0010_0020, "LO", pseudonyms.patientCode)
        try dataset.put(0x0012_0062, "CS", "YES")
        let codes = options.methodCodes
        try dataset.put(0x0012_0063, "LO", "DICOM PS3.15 \(ConfidentialityProfile.edition) Table E.1-1, codes: see sequence")
        try dataset.put(0x0028_0303, "CS", options.temporalInformation)
        for code in codes {
            let item = try dataset.append(0x0012_0064)
            try item.put(0x0008_0100, "SH", code.value)
            try item.put(0x0008_0102, "SH", "DCM")
            try item.put(0x0008_0104, "LO", code.meaning)
        }
    }
}
