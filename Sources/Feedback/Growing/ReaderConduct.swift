import Geometry

/// How a reader reads, as far as it makes the reader's word count for less. Nothing is dropped for it: the word is weighed down and it is told.
public struct ReaderConduct: Hashable, Sendable, Codable {
    public enum Remark: String, Hashable, Sendable, Codable, CaseIterable {
        /// Nearly all of what the model said is rejected.
        case rejectsEverything = "rejects everything"
        /// The same place is said to be and not to be the same finding, in one reading or in one and a later one.
        case contradicts = "contradicts itself"
        /// Boxes cover most of the image.
        case boxesWholeImages = "boxes whole images"
    }

    public var reader: String
    /// Images of which the reader signed something.
    public var images: Int
    public var accepted: Int
    public var rejected: Int
    public var remarks: [Remark]
    /// What a box of the reader counts in a training, 0 to 1.
    public var weight: Double

    /// A reader of whom less is known is not judged.
    static let leastDecisions = 20
    static let mostRejected = 0.95
    /// Of the image's area.
    static let wholeImage = 0.6
    /// Of the boxes, and of the images.
    static let often = 0.2
    static let weightOfRemarked = 0.25
    static let samePlace = 0.5

    /// Everyone in the events, by pseudonym.
    /// - Parameter areas: Of each image in square pixels, by its digest.
    public static func all(in events: [FeedbackEvent], areas: [String: Double]) -> [ReaderConduct] {
        Dictionary(grouping: events.filter(\.context.isSigned), by: \.context.reader).sorted { $0.key < $1.key }
            .map { conduct(of: $0, $1, areas) }
    }

    private static func conduct(of reader: String, _ events: [FeedbackEvent], _ areas: [String: Double]) -> ReaderConduct {
        let words = ReaderWord.latest(in: events)
        let rejected = events.count { $0.content.kind == .reject }
        let accepted = events.count { [.accept, .move, .relabel].contains($0.content.kind) }
        let present = words.flatMap { word in word.present.map { ($0.box.area, areas[word.image] ?? .infinity) } }
        var remarks: [Remark] = []
        if accepted + rejected >= leastDecisions, Double(rejected) > mostRejected * Double(accepted + rejected) {
            remarks.append(.rejectsEverything)
        }
        let torn = words.count { word in
            word.present.contains { place in
                word.absent.contains { $0.label == place.label && $0.box.intersectionOverUnion(place.box) >= samePlace }
            }
        }
        if torn + changes(of: events) >= 3, Double(torn + changes(of: events)) > often * Double(words.count) {
            remarks.append(.contradicts)
        }
        let whole = present.count { $0.0 > wholeImage * $0.1 }
        if whole >= 3, Double(whole) > often * Double(present.count) { remarks.append(.boxesWholeImages) }
        return ReaderConduct(
            reader: reader, images: words.count, accepted: accepted, rejected: rejected, remarks: remarks,
            weight: remarks.isEmpty ? 1 : weightOfRemarked)
    }

    /// Images of which a later reading says the opposite of an earlier one at the same place.
    private static func changes(of events: [FeedbackEvent]) -> Int {
        Dictionary(grouping: events, by: \.context.image).values.count { own in
            let (there, gone) = (own.filter { $0.content.kind == .accept }, own.filter { $0.content.kind == .reject })
            return there.contains { one in
                gone.contains { other in
                    guard one.context.reading != other.context.reading, one.content.label == other.content.label,
                        let a = one.content.box, let b = other.content.box
                    else { return false }
                    return a.intersectionOverUnion(b) >= samePlace
                }
            }
        }
    }

    /// One sentence for a person; `nil` where there is nothing to tell.
    public var text: String? {
        remarks.isEmpty
            ? nil
            : "reader \(reader) \(remarks.map(\.rawValue).joined(separator: ", ")) "
                + "(\(accepted) accepted, \(rejected) rejected on \(images) images): each box counts \(weight)"
    }
}
