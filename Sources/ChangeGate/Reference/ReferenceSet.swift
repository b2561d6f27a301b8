import Basics
import Datasets
import Foundation
import Models

/// A locked set of images that models are held against: pinned by digests, so that it is known to be the same at each look, and parted by
/// patient into images that models are judged on and images that operating points are fitted on.
///
/// `reference.json` lies in the dataset's folder. Nobody in it is named: patients are digests, by which a training keeps them out.
public struct ReferenceSet: Codable, Hashable, Sendable {
    public var schema = 1
    public var name: String
    public var made: String
    /// SHA-256 of the boxes and of what else the dataset says.
    public var annotations: String
    /// SHA-256 of each image's bytes, by file name.
    public var images: [String: String]
    /// File names of the images that operating points are fitted on, in order; models are judged on the others.
    public var fitting: [String]
    /// Everybody in it, as `PatientDigests`.
    public var patients: String
    public var patientCount: Int

    private enum CodingKeys: String, CodingKey {
        case schema, name, made, annotations, images, fitting, patients
        case patientCount = "patient_count"
    }

    public static let fileName = "reference.json"

    /// SHA-256 of the whole file, by which reports and the change log name the set.
    public var digest: String { get throws { Digest(of: try json).hexadecimal } }

    public var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self) + Data("\n".utf8)
        }
    }

    /// Locks a dataset.
    /// - Parameters:
    ///   - fittingShare: Of the patients, for operating points.
    ///   - seed: Of the parting.
    /// - Throws: `GateError` where an image cannot be read; `DatasetError` where there are too few patients.
    public init(locking dataset: Dataset, name: String, fittingShare: Double = 0.3, seed: UInt64 = 1) throws {
        self.name = name
        made = ModelCard.today()
        annotations = Digest(of: dataset.canonicalBytes).hexadecimal
        images = try Self.sums(of: dataset)
        let parts = try PatientSplit(shares: [1 - fittingShare, fittingShare], seed: seed).parts(of: dataset.images)
        fitting = dataset.images.filter { parts[$0.patient] == 1 }.map(\.fileName).sorted()
        let everybody = Set(dataset.images.map(\.patient))
        patientCount = everybody.count
        patients = PatientDigests(of: everybody, salt: annotations).text
    }

    /// Reads the set of a dataset's folder.
    /// - Throws: `GateError` where there is none, or the file is no such thing.
    public static func read(in directory: URL) throws(GateError) -> ReferenceSet {
        let file = directory.appendingPathComponent(fileName)
        guard let bytes = try? Data(contentsOf: file) else {
            throw GateError(.missing, "\(directory.lastPathComponent) has no \(fileName): lock it first (pleura improve reference)")
        }
        guard let set = try? JSONDecoder().decode(ReferenceSet.self, from: bytes), set.schema == 1 else {
            throw GateError(.malformed, "\(fileName) is not the record of a reference set")
        }
        return set
    }

    /// Looks whether the dataset is the one that was locked, byte for byte.
    /// - Throws: `GateError` of code `altered` that names what is not as it was.
    public func verify(_ dataset: Dataset) throws {
        guard Digest(of: dataset.canonicalBytes).hexadecimal == annotations else {
            throw GateError(.altered, "the boxes of \(name) are not those that were locked")
        }
        let now = try Self.sums(of: dataset)
        for (file, sum) in images.sorted(by: { $0.key < $1.key }) where now[file] != sum {
            throw GateError(.altered, "the image \(file) of \(name) is not the one that was locked")
        }
    }

    /// The images that models are judged on, or those that operating points are fitted on.
    public func images(of dataset: Dataset, forFitting: Bool) -> [DatasetImage] {
        let names = Set(fitting)
        return dataset.images.filter { names.contains($0.fileName) == forFitting }
    }

    /// Whether a patient is in the set. One in ten thousand who is not is taken for one who is: nothing is lost but that patient's images.
    public func contains(patient: String) -> Bool {
        PatientDigests(text: patients, salt: annotations)?.contains(patient) ?? false
    }

    private static func sums(of dataset: Dataset) throws -> [String: String] {
        var sums: [String: String] = [:]
        for image in dataset.images {
            guard let bytes = try? Data(contentsOf: dataset.url(of: image), options: .mappedIfSafe) else {
                throw GateError(.missing, "the image \(image.fileName) cannot be read")
            }
            sums[image.fileName] = Digest(of: bytes).hexadecimal
        }
        return sums
    }
}
