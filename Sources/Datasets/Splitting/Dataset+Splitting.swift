import Findings
import Foundation

extension Dataset {
    /// The parts of a split in their usual order.
    public static let partNames = ["train", "validation", "test"]

    /// Puts every patient into one of `count` folds.
    /// - Parameter keeping: Patients who are in a fold stay there, those of other datasets too; only new ones are placed.
    /// - Throws: `DatasetError`, as `PatientSplit`.
    public mutating func splitIntoFolds(_ count: Int, seed: UInt64 = 1, keeping: Bool = false) throws {
        let kept = keeping ? folds : [:]
        if let highest = kept.values.max(), highest >= count {
            throw DatasetError(.malformed, "\(Self.foldsFile): a patient is in fold \(highest), which is not among \(count) folds from 0")
        }
        let placed = try PatientSplit(folds: count, seed: seed).parts(of: images, keeping: kept)
        folds = kept.merging(placed) { old, _ in old }
    }

    /// Sets the part of every image, by patient.
    /// - Parameters:
    ///   - parts: Names and shares, which add up to 1; a part of share 0 stays empty.
    ///   - keeping: Patients who are in one of the parts stay there.
    /// - Throws: `DatasetError`, as `PatientSplit`; where a patient to be kept is in two parts.
    public mutating func splitIntoParts(_ parts: [(name: String, share: Double)], seed: UInt64 = 1, keeping: Bool = false) throws {
        var kept: [String: Int] = [:]
        if keeping {
            for (index, image) in images.enumerated() {
                guard let part = image.part else { continue }
                guard let place = parts.firstIndex(where: { $0.name == part }) else {
                    throw DatasetError(.malformed, "\(Self.annotationsFile), image \(index + 1): its part is none of those wanted")
                }
                guard kept.updateValue(place, forKey: image.patient).map({ $0 == place }) ?? true else {
                    throw DatasetError(.malformed, "\(Self.annotationsFile), image \(index + 1): its patient is in another part above")
                }
            }
        }
        let placed = try PatientSplit(shares: parts.map(\.share), seed: seed).parts(of: images, keeping: kept)
        for index in images.indices { images[index].part = placed[images[index].patient].map { parts[$0].name } }
    }

    /// Finds the patients anew in the file names.
    public mutating func setPatients(_ names: PatientNames) {
        for index in images.indices { images[index].patient = names.patient(fileName: images[index].fileName) }
    }

    /// Takes the patients from an attribute, such as `Patient ID`.
    /// - Throws: `DatasetError` with every image that does not have it.
    public mutating func setPatients(attribute: String) throws {
        var problems: [String] = []
        for index in images.indices {
            if let patient = images[index].attributes[attribute], !patient.isEmpty {
                images[index].patient = patient
            } else {
                problems.append("\(Self.annotationsFile), image \(index + 1): no attribute of the name given")
            }
        }
        guard problems.isEmpty else { throw DatasetError(.malformed, problems: problems) }
    }

    /// Puts `folds.csv` into place of the one that is there; the other files stay as they are.
    /// - Throws: `DatasetError` of code `cannotWrite`.
    public func writeFolds() throws {
        try replace(Self.foldsFile) { Data(FoldsFile.text(folds).utf8) }
    }

    /// Puts `annotations.json` into place of the one that is there; the other files stay as they are.
    /// - Throws: `DatasetError` of code `cannotWrite`.
    public func writeAnnotations() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try replace(Self.annotationsFile) { try encoder.encode(COCODocument(self)) }
    }

    private func replace(_ name: String, _ content: () throws -> Data) throws {
        do {
            try content().write(to: directory.appendingPathComponent(name), options: .atomic)
        } catch {
            throw DatasetError(.cannotWrite, "\(name) cannot be written")
        }
    }
}
