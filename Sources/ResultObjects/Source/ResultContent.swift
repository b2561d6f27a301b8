import Basics
import DICOM
import Foundation
import Results
import Terminology

/// A result with its images, checked: what every object is made of.
struct ResultContent {
    let result: StudyResult
    let options: ResultObjectOptions
    let terminology: Terminology
    let images: [SourceImage]
    let identity: SourceIdentity
    /// When the reader read.
    let issued: ObjectTime
    let pictures: PictureStore

    init(
        _ result: StudyResult, masks: [ResultMask], options: ResultObjectOptions, terminology: Terminology,
        pictures: PictureStore, source: (String) throws -> Data?
    ) throws {
        self.pictures = pictures
        (self.result, self.options, self.terminology) = (result, options, terminology)
        guard !result.images.isEmpty else { throw ResultObjectError(.badResult, "the result has no image") }
        guard Set(result.findings.map(\.id)).count == result.findings.count else {
            throw ResultObjectError(.badResult, "two findings have one id")
        }
        guard !result.isSigned || result.reader.person != nil else { throw ResultObjectError(.badResult, "it is signed, but by nobody") }
        guard result.reader.model != nil || result.reader.person != nil else { throw ResultObjectError(.badResult, "nobody has read") }
        // Of an image with several frames, findings are on the first that was read.
        var isTaken = Set<String>()
        var files: [String: SourceFile] = [:]
        images = try result.images.enumerated().map { index, image in
            let holds = image.wasRead && isTaken.insert(image.sopInstanceUID).inserted
            let file = try files[image.sopInstanceUID] ?? SourceFile(source(image.sopInstanceUID), isNeeded: image.wasRead)
            files[image.sopInstanceUID] = file
            return try SourceImage(
                image, number: index + 1, file: file, studyUID: result.study.uid,
                findings: holds ? result.findings(on: image.sopInstanceUID) : [],
                masks: holds ? masks.filter { $0.image == image.sopInstanceUID } : [])
        }
        guard Set(result.findings.map(\.image) + masks.map(\.image)).isSubset(of: isTaken) else {
            throw ResultObjectError(.badResult, "a finding is on an image that was not read")
        }
        identity = SourceIdentity(
            result, header: images.first { $0.dataset != nil }?.dataset, fallback: options.fallbackCharacterSet)
        issued = ObjectTime(result.issued, zone: options.timeZone, offset: identity.zoneOffset)
    }

    /// Presentation states and pictures are made of these.
    var readImages: [SourceImage] { images.filter(\.image.wasRead) }

    /// Nothing was found where everything was read, and nothing speaks against believing it.
    var isSilenceMeaningful: Bool { result.findings.isEmpty && images.allSatisfy { $0.image.wasRead && $0.image.doubt == nil } }

    // MARK: Who

    var algorithmName: String { own(result.reader.model?.name ?? options.product) }
    var algorithmVersion: String { own(result.reader.model?.version ?? options.productVersion) }

    /// Our own words in the character set of the objects.
    func own(_ text: String) -> String { identity.characters == .unicode ? text : ConformantText.ascii(text) }
    /// In one line of up to 64 characters.
    func line(_ text: String) -> String { ConformantText.words(own(text)) ?? "-" }

    // MARK: UIDs

    /// Goes up when objects of the same result come to have other bytes: two contents never have one UID.
    private static let layout = 1

    /// One series for each kind, study and model.
    func seriesUID(_ kind: ResultObject.Kind) -> String {
        let reader = result.reader.model?.digest ?? "\(options.product)|\(options.productVersion)"
        return UniqueIdentifier.derived(
            from: "pleura result series|\(result.study.uid)|\(kind.modality)|\(reader)|\(options.manufacturer)|\(options.seriesKey)")
    }

    /// - Parameter detail: What else its bytes depend on.
    func instanceUID(_ kind: ResultObject.Kind, image: SourceImage?, detail: String) -> String {
        let place = image.map { "\($0.sopInstanceUID)|\($0.frame ?? 0)" } ?? "all"
        return UniqueIdentifier.derived(
            from: "pleura result object|\(Self.layout)|\(seriesUID(kind))|\(result.identifier)|\(kind.rawValue)|\(place)|\(detail)")
    }

    /// Tracking Unique Identifier of a finding, of which other objects of this result speak too.
    static func trackingUID(of finding: ResultFinding, in result: StudyResult) -> String {
        UniqueIdentifier.derived(from: "pleura finding|\(result.study.uid)|\(result.identifier)|\(finding.id)")
    }

    /// Tracking Unique Identifier of an image's cardiothoracic ratio.
    func ratioUID(_ image: SourceImage) -> String {
        UniqueIdentifier.derived(from: "pleura ratio|\(result.study.uid)|\(result.identifier)|\(image.sopInstanceUID)")
    }

    var deviceUID: String {
        let reader = result.reader.model?.digest ?? "\(options.product)|\(options.productVersion)"
        return UniqueIdentifier.derived(from: "pleura device|\(options.manufacturer)|\(reader)")
    }
}

/// A moment as DA, TM and DT write it.
struct ObjectTime {
    /// YYYYMMDD
    let date: String
    /// HHMMSS
    let time: String
    /// As ISO 8601, for documents.
    let iso: String
    /// For people: `2026-11-30 18:05`.
    let readable: String

    /// - Parameter offset: +HHMM or -HHMM, before the zone.
    init(_ moment: Date, zone: TimeZone, offset: String?) {
        var zone = zone
        if let offset, let hours = Int(offset.dropFirst().prefix(2)), let minutes = Int(offset.suffix(2)),
            let said = TimeZone(secondsFromGMT: (offset.hasPrefix("-") ? -1 : 1) * (3_600 * hours + 60 * minutes))
        {
            zone = said
        }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: moment)
        func digits(_ number: Int?, _ count: Int = 2) -> String { String(format: "%0\(count)d", number ?? 0) }
        let day = [digits(parts.year, 4), digits(parts.month), digits(parts.day)]
        let clock = [digits(parts.hour), digits(parts.minute), digits(parts.second)]
        (date, time) = (day.joined(), clock.joined())
        let seconds = zone.secondsFromGMT(for: moment)
        let sign = seconds < 0 ? "-" : "+"
        iso =
            day.joined(separator: "-") + "T" + clock.joined(separator: ":")
            + "\(sign)\(digits(abs(seconds) / 3_600)):\(digits(abs(seconds) / 60 % 60))"
        readable = day.joined(separator: "-") + " " + clock.prefix(2).joined(separator: ":")
    }
}
