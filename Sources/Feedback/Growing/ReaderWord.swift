import Geometry

/// What one reader last signed of one image.
public struct ReaderWord: Hashable, Sendable {
    public struct Place: Hashable, Sendable {
        public var label: String
        public var box: Box

        public init(label: String, box: Box) { (self.label, self.box) = (label, box) }
    }

    public var reader: String
    /// SHA-256 of the image's bytes.
    public var image: String
    public var patient: String
    /// What is there.
    public var present: [Place]
    /// What is not there: the model's boxes that the reader rejected, or called something else.
    public var absent: [Place]
    /// Whether what is not marked is not there.
    public var isComplete: Bool

    /// The latest signed words in a list of events, by image and reader in the order in which they first came.
    public static func latest(in events: [FeedbackEvent]) -> [ReaderWord] {
        struct Key: Hashable { var image: String, reader: String }
        var order: [Key] = []
        var words: [Key: (reading: Int64, word: ReaderWord)] = [:]
        for event in events where event.context.isSigned {
            let key = Key(image: event.context.image, reader: event.context.reader)
            if let known = words[key], known.reading > event.context.reading { continue }
            if words[key] == nil { order.append(key) }
            if words[key]?.reading != event.context.reading {
                words[key] = (
                    event.context.reading,
                    ReaderWord(
                        reader: key.reader, image: key.image, patient: event.context.patient, present: [], absent: [], isComplete: false)
                )
            }
            words[key]?.word.take(event.content)
        }
        return order.compactMap { words[$0]?.word }
    }

    private mutating func take(_ content: FeedbackEvent.Content) {
        switch content.kind {
        case .complete: isComplete = true
        case .partial: isComplete = false
        case .accept, .move, .missed, .relabel:
            guard let label = content.label, let box = content.box else { return }
            present.append(Place(label: label, box: box))
            if content.kind == .relabel, let label = content.modelLabel, let box = content.modelBox {
                absent.append(Place(label: label, box: box))
            }
        case .reject:
            guard let label = content.label, let box = content.box else { return }
            absent.append(Place(label: label, box: box))
        }
    }
}
