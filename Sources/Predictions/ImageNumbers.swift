import Datasets
import Evaluation
import Foundation

/// What the numbers mean by which results name images: COCO's ids, as a dataset's `annotations.json` has them, or the numbers in the file
/// names, which Ultralytics writes as `image_id` too. Of a dataset whose file names are numbers both can be meant.
struct ImageNumbers {
    private let byID: [Int: String]
    private let byName: [Int: [String]]
    private let names: ImageNames
    private let stems: [String]

    init(_ images: [DatasetImage]) {
        stems = images.map(\.stem)
        names = ImageNames(stems)
        byID = Dictionary(images.map { ($0.id, $0.stem) }) { first, _ in first }
        let numbered = stems.compactMap { stem -> (Int, String)? in
            let last = stem.split(separator: "/").last ?? ""
            guard !last.isEmpty, last.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
            return Int(last).map { ($0, stem) }
        }
        byName = Dictionary(grouping: numbered) { $0.0 }.mapValues { $0.map(\.1) }
    }

    /// The name of the image that this name means; `nil` where there is none or several.
    func name(_ text: String) -> String? {
        guard case .one(let position) = names.match(text) else { return nil }
        return stems[position]
    }

    /// A dataset's ids begin at 1, so a 0 among numbers that are ids shows that they are those of another list of the same images.
    private func ids(_ known: [(Int, String)], of numbers: Set<Int>) throws -> [Int: String] {
        guard !numbers.contains(0) || byID[0] != nil || known.isEmpty else {
            throw EvaluationError(
                .malformed,
                "the ids of the images begin at 0 and those of the dataset at 1, so they are of another list of images; give the names of the "
                    + "images, as file_name beside image_id or in its place")
        }
        return Dictionary(known) { first, _ in first }
    }

    /// - Parameters:
    ///   - numbers: All that occur without a name beside them.
    ///   - named: Those with a name beside, and the name of the image that it means: they show what the maker means by a number.
    ///   - areNames: True where the numbers stand where names are expected.
    /// - Returns: The names of the images by number; a number that means no image is not there.
    /// - Throws: `EvaluationError` where both meanings fit.
    func meaning(of numbers: Set<Int>, named: [(number: Int, name: String)] = [], areNames: Bool = false) throws -> [Int: String] {
        let asIDs = numbers.sorted().compactMap { number in byID[number].map { (number, $0) } }
        let asNames = numbers.sorted().compactMap { number in byName[number].map { (number, $0) } }
        var idsFit = named.allSatisfy { byID[$0.number] == $0.name }
        var namesFit = named.allSatisfy { byName[$0.number]?.contains($0.name) == true }
        if idsFit, namesFit {
            let differ = asIDs.first { number, name in byName[number].map { $0 != [name] } ?? false }
            if let differ {
                // Only a meaning that all of the numbers have, where the other leaves some without an image, is beyond doubt.
                idsFit = !areNames && asIDs.count == numbers.count && asNames.count < numbers.count
                namesFit = areNames || (asNames.count == numbers.count && asIDs.count < numbers.count)
                guard idsFit || namesFit else {
                    throw EvaluationError(
                        .malformed,
                        "the number \(differ.0) could be the id of an image in the dataset or the number in the name of another; give the "
                            + "names of the images, as file_name beside image_id or in its place")
                }
            } else if asNames.isEmpty {
                return try ids(asIDs, of: numbers)
            } else {
                return Dictionary(asIDs) { first, _ in first }.merging(
                    asNames.compactMap { item in item.1.count == 1 ? (item.0, item.1[0]) : nil }
                ) { id, _ in id }
            }
        }
        if idsFit { return try ids(asIDs, of: numbers) }
        guard namesFit else { return [:] }
        if let doubled = asNames.first(where: { $0.1.count > 1 }) {
            throw EvaluationError(
                .malformed, "the number \(doubled.0) is in the names of \(doubled.1.count) images; give the whole names of the images")
        }
        return Dictionary(asNames.map { ($0.0, $0.1[0]) }) { first, _ in first }
    }
}
