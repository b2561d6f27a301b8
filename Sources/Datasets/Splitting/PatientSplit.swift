import Basics
import Findings

/// Spreads patients over parts, so that every part has its share of each finding's boxes, of the images without boxes and of all images.
///
/// Iterative stratification (Sechidis, Tsoumakas and Vlahavas, ECML PKDD 2011) over whole patients instead of single images: the
/// scarcest thing first, each patient to the part that lacks most of it. Then patients are moved and exchanged as long as that brings
/// the parts closer to their shares, since a patient cannot be cut and the greedy choice for one finding can cost another.
///
/// The same patients, shares and seed give the same parts, whatever the order of the images.
public struct PatientSplit: Hashable, Sendable {
    /// What each part should have of everything; they add up to 1.
    public let shares: [Double]
    public let seed: UInt64

    /// - Throws: `DatasetError` where a share is negative or not a number, or they do not add up to 1.
    public init(shares: [Double], seed: UInt64 = 1) throws {
        guard shares.allSatisfy({ $0.isFinite && $0 >= 0 }), abs(shares.reduce(0, +) - 1) < 1e-6 else {
            throw DatasetError(.malformed, "the shares of the parts must not be negative and must add up to 1")
        }
        self.shares = shares
        self.seed = seed
    }

    /// Equal parts for a cross-validation.
    /// - Throws: `DatasetError` where `folds` is below 2.
    public init(folds: Int, seed: UInt64 = 1) throws {
        guard folds >= 2 else { throw DatasetError(.malformed, "there must be at least two folds") }
        try self.init(shares: Array(repeating: 1 / Double(folds), count: folds), seed: seed)
    }

    /// The part of each patient, from 0.
    /// - Parameter kept: Patients who stay where they are, with their parts; the others are placed around them.
    /// - Throws: `DatasetError` where there are fewer patients than parts, or a kept part is not among the shares.
    /// - Complexity: O(*n* · *p*) for *n* patients and *p* parts.
    public func parts(of images: [DatasetImage], keeping kept: [String: Int] = [:]) throws -> [String: Int] {
        let patients = SplitPatient.all(of: images, seed: seed)
        let wanted = shares.filter { $0 > 0 }.count
        guard patients.count >= wanted else {
            throw DatasetError(.malformed, "\(patients.count) patients cannot be spread over \(wanted) parts")
        }
        guard kept.values.allSatisfy({ shares.indices.contains($0) }) else {
            throw DatasetError(.malformed, "a patient is kept in a part that is not among the \(shares.count)")
        }
        var state = SplitState(patients: patients, shares: shares, kept: kept)
        state.placeScarcestFirst()
        state.fillEmptyParts()
        state.improve(seed: seed)
        return Dictionary(uniqueKeysWithValues: zip(patients.map(\.name), state.part.map { $0 ?? 0 }))
    }
}

/// What one patient brings into a part.
struct SplitPatient {
    let name: String
    /// How many of each thing to be balanced, by the thing's number. Thing 0 is images.
    let amounts: [(thing: Int, count: Double)]
    /// Decides between patients who are equal otherwise.
    let lot: UInt64

    var images: Double { amounts.first?.count ?? 0 }

    /// By name, so that the order of the images does not matter.
    static func all(of images: [DatasetImage], seed: UInt64) -> [SplitPatient] {
        var numbers: [Thing: Int] = [.image: 0]
        var amounts: [String: [Int: Double]] = [:]
        let order = images.sorted { ($0.patient, $0.fileName, $0.id) < ($1.patient, $1.fileName, $1.id) }
        for image in order {
            for thing in things(of: image) {
                let number = numbers[thing] ?? numbers.count
                numbers[thing] = number
                amounts[image.patient, default: [:]][number, default: 0] += 1
            }
        }
        var generator = SeededGenerator(seed: seed, stream: 1)
        return amounts.keys.sorted().map { name in
            let own = (amounts[name] ?? [:]).sorted { $0.key < $1.key }.map { (thing: $0.key, count: $0.value) }
            return SplitPatient(name: name, amounts: own, lot: generator.next())
        }
    }

    private enum Thing: Hashable {
        case image
        case imageWithoutBoxes
        case box(Int)
        /// A finding said of an image on which nobody drew a box.
        case label(String)
    }

    private static func things(of image: DatasetImage) -> [Thing] {
        guard image.boxes.isEmpty else { return [.image] + image.boxes.map { .box($0.classID) } }
        return [.image, .imageWithoutBoxes] + (image.labels ?? []).map { .label($0) }
    }
}
