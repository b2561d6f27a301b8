import Datasets
import Findings
import Geometry

/// Images and boxes that grow from feedback: what readers signed, and of what they said nothing, nothing.
///
/// - An image that a reader called complete is complete for all findings; of any other only the marked places are known.
/// - A rejected box is a place without that finding, and says nothing of the rest of the image.
/// - Two readers' words are both kept, each box with its reader. A box counts for less where another reader rejected it.
/// - Patients of the locked set never enter.
public struct GrownDataset: Sendable {
    /// What is known of an image besides what was said of it.
    public struct Facts: Hashable, Sendable {
        /// The name inside `images/`.
        public var fileName: String
        public var width: Int
        public var height: Int
        public var view: String?
        public var attributes: [String: String]

        public init(fileName: String, width: Int, height: Int, view: String? = nil, attributes: [String: String] = [:]) {
            (self.fileName, self.width, self.height, self.view, self.attributes) = (fileName, width, height, view, attributes)
        }
    }

    /// What became of the events.
    public struct Account: Hashable, Sendable, Codable {
        public var events = 0
        public var images = 0
        public var completeImages = 0
        public var boxes = 0
        public var absentPlaces = 0
        public var patients = 0
        /// Images that were left out, by why.
        public var leftOut: [String: Int] = [:]
        public var readers: [ReaderConduct] = []

        private enum CodingKeys: String, CodingKey {
            case events, images, boxes, patients, readers
            case completeImages = "complete_images"
            case absentPlaces = "absent_places"
            case leftOut = "left_out"
        }

        public init() {}
    }

    public private(set) var images: [DatasetImage] = []
    public private(set) var account = Account()
    public let findingClasses: [FindingClass]

    /// Sources of the images: those that a reader called complete, and the others.
    public static let completeSource = "site, complete"
    public static let partialSource = "site"
    static let samePlace = 0.4

    /// - Parameters:
    ///   - events: A log's, checked.
    ///   - facts: Of each image, by its digest; an image of which none are known is left out.
    ///   - locked: Patients of the locked set, by their pseudonyms.
    ///   - findingClasses: The model's; findings that it does not know are added behind them.
    public init(
        _ events: [FeedbackEvent], facts: [String: Facts], locked: Set<String>, findingClasses: [FindingClass]
    ) {
        account.events = events.count
        let areas = facts.mapValues { Double($0.width) * Double($0.height) }
        account.readers = ReaderConduct.all(in: events, areas: areas)
        let weights = Dictionary(account.readers.map { ($0.reader, $0.weight) }) { first, _ in first }
        var classes = findingClasses
        var patients: Set<String> = []
        var byImage: [(image: String, words: [ReaderWord])] = []
        for word in ReaderWord.latest(in: events) {
            if let place = byImage.firstIndex(where: { $0.image == word.image }) {
                byImage[place].words.append(word)
            } else {
                byImage.append((word.image, [word]))
            }
        }
        for (image, words) in byImage {
            guard !words.contains(where: { locked.contains($0.patient) }) else {
                account.leftOut["patient of the locked set", default: 0] += 1
                continue
            }
            guard let facts = facts[image] else {
                account.leftOut["image not there, or of several frames", default: 0] += 1
                continue
            }
            let isComplete = words.contains(where: \.isComplete)
            guard isComplete || words.contains(where: { !$0.present.isEmpty || !$0.absent.isEmpty }) else {
                account.leftOut["nothing said", default: 0] += 1
                continue
            }
            for label in words.flatMap({ $0.present + $0.absent }).map(\.label) where !classes.contains(where: { $0.name == label }) {
                classes.append(FindingClass(id: (classes.map(\.id).max() ?? 0) + 1, name: label))
            }
            let ids = Dictionary(classes.map { ($0.name, $0.id) }) { first, _ in first }
            var grown = DatasetImage(
                id: images.count + 1, fileName: facts.fileName, width: facts.width, height: facts.height, patient: words[0].patient,
                view: facts.view, attributes: facts.attributes)
            grown.sources = [isComplete ? Self.completeSource : Self.partialSource]
            for word in words {
                grown.boxes += word.present.map { place in
                    Annotation(
                        classID: ids[place.label] ?? 0, box: place.box, reader: word.reader,
                        agreement: Self.agreement(on: place, by: word, among: words, weights))
                }
                grown.absent += word.absent.map { Annotation(classID: ids[$0.label] ?? 0, box: $0.box, reader: word.reader) }
            }
            images.append(grown)
            patients.insert(grown.patient)
            account.completeImages += isComplete ? 1 : 0
            account.boxes += grown.boxes.count
            account.absentPlaces += grown.absent.count
        }
        (account.images, account.patients) = (images.count, patients.count)
        self.findingClasses = classes
    }

    /// The weight of a box: its reader's, by the share of the readers who spoke of the place and see it so; `nil` for 1.
    private static func agreement(
        on place: ReaderWord.Place, by word: ReaderWord, among words: [ReaderWord], _ weights: [String: Double]
    ) -> Double? {
        func has(_ places: [ReaderWord.Place]) -> Bool {
            places.contains { $0.label == place.label && $0.box.intersectionOverUnion(place.box) >= samePlace }
        }
        let supporting = words.count { $0.reader == word.reader || has($0.present) }
        let opposing = words.count { $0.reader != word.reader && (has($0.absent) || ($0.isComplete && !has($0.present))) }
        let weight = (weights[word.reader] ?? 1) * Double(supporting) / Double(supporting + opposing)
        return weight == 1 ? nil : weight
    }

    /// What the two sources are relied on for.
    public var sources: [DataSource] {
        let names = findingClasses.map(\.name)
        return [
            DataSource(name: Self.completeSource, readers: "readers of the site", boxed: names, complete: names),
            DataSource(name: Self.partialSource, readers: "readers of the site", boxed: names, complete: []),
        ]
    }
}
