import Basics
import Department
import Foundation
import ResultObjects
import Results
import Synchronization
import Terminology

/// Makes the DICOM objects of results, and proves each before it may leave. What several destinations want is made once.
public final class ResultMaker: Sendable {
    private struct Made {
        var key: Key
        var objects: [ResultObject]
    }

    private struct Key: Hashable {
        var identifier: String
        var previous: String?
        var options: ResultObjectOptions
    }

    public let terminology: Terminology
    private let work: BlockingWork
    private let made = Mutex<[Made]>([])
    /// Results of which the objects are remembered: the destinations of one reading ask one after another.
    private static let memory = 4

    public init(terminology: Terminology, work: BlockingWork) { (self.terminology, self.work) = (terminology, work) }

    /// - Throws: `ResultObjectError`, also where an object does not say what the result says.
    func objects(
        of result: StudyResult, previous: StudyResult?, options: ResultObjectOptions, sources: any ResultSources
    ) async throws -> [ResultObject] {
        let follows = result.status == .amended && previous?.isSigned == true ? previous : nil
        let key = Key(identifier: result.identifier, previous: follows?.identifier, options: options)
        if let known = made.withLock({ $0.first { $0.key == key }?.objects }) { return known }
        let maker = ResultObjects(options: options, terminology: terminology)
        let proof = ResultProof(terminology: terminology)
        let objects = try await work.run {
            let objects = try maker.make(
                result, predecessor: try follows.flatMap { try Self.predecessor($0, maker, sources) }, source: sources.file(of:))
            try proof.check(objects, against: result, source: sources.file(of:))
            return objects
        }
        made.withLock { made in
            made.append(Made(key: key, objects: objects))
            if made.count > Self.memory { made.removeFirst() }
        }
        return objects
    }

    /// The report that an amended one follows: made again, since the same result makes the same.
    private static func predecessor(
        _ result: StudyResult, _ maker: ResultObjects, _ sources: any ResultSources
    ) throws -> PredecessorReport? {
        var maker = maker
        maker.options.kinds = [.structuredReport]
        return try maker.make(result, source: sources.file(of:)).first.flatMap(PredecessorReport.init)
    }
}

extension ResultObject.Kind {
    /// The smaller, the sooner it is sent: on a slow line what is small arrives before what is large.
    var rank: Int {
        switch self {
        case .structuredReport: 1
        case .presentationState: 2
        case .encapsulatedDocument: 3
        case .segmentation: 4
        case .secondaryCapture: 5
        }
    }
}

extension OutgoingFile {
    init(_ object: ResultObject) {
        self.init(
            identifier: object.sopInstanceUID, kind: object.kind.word, rank: object.kind.rank, sopClassUID: object.sopClassUID,
            seriesInstanceUID: object.seriesInstanceUID, bytes: object.bytes)
    }
}
