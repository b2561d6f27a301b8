import CDICOMNetwork
import Foundation

/// What a sending came to.
public struct StoreReport: Sendable {
    /// One for each object, in their order.
    public var outcomes: [StoreOutcome]
    /// Where an association could not be had, or was lost.
    public var error: DICOMNetworkError?

    public var areAllStored: Bool { outcomes.allSatisfy(\.isStored) }
}

extension DICOMClient {
    /// Encodes a whole file anew in a transfer syntax; `nil` where it cannot. Gets the object's index.
    public typealias Transcoding = (_ index: Int, _ transferSyntax: String) -> Data?

    /// C-STORE of many objects over one association, or as few as the limit of 128 presentation contexts allows.
    ///
    /// An object goes out as it is stored, bit for bit, where the peer takes its transfer syntax; else uncompressed, where DCMTK decodes it (RLE, JPEG, JPEG-LS,
    /// deflated) or `transcoding` does (JPEG 2000); else it is not sent. Retries are the caller's: `StoreOutcome.mayPass` says whether they may help.
    /// - Parameters:
    ///   - transcoding: Asked for what DCMTK cannot decode, with an uncompressed transfer syntax that the peer takes.
    ///   - told: Called as soon as an object's outcome is known.
    /// - Throws: Bad settings only; all else is in the report.
    public func store(
        _ objects: [ObjectToStore], transcoding: Transcoding? = nil, cancellation: Cancellation? = nil,
        told: (StoreOutcome) -> Void = { _ in }
    ) throws -> StoreReport {
        guard !objects.isEmpty else { return StoreReport(outcomes: [], error: nil) }
        return try withoutActuallyEscaping(told) { told in
            let sending = Sending(count: objects.count, transcoding: transcoding, told: told)
            let paths = CStrings(objects.map { if case .file(let path) = $0 { path } else { "" } })
            let contents = objects.map { object -> NSData? in if case .bytes(let data) = object { data as NSData } else { nil } }
            let list = objects.indices.map { index in
                if let data = contents[index] { return CDICOMObjectToStore(path: nil, bytes: data.bytes, count: data.length) }
                return CDICOMObjectToStore(path: paths[index], bytes: nil, count: 0)
            }
            var callbacks = CDICOMStoreCallbacks()
            callbacks.context = Unmanaged.passUnretained(sending).toOpaque()
            callbacks.told = { context, outcome in
                guard let context, let outcome else { return }
                Unmanaged<Sending>.fromOpaque(context).takeUnretainedValue().tell(StoreOutcome(outcome.pointee))
            }
            callbacks.transcode = { context, index, syntax, bytes, count in
                guard let context, let syntax, let bytes, let count else { return false }
                let sending = Unmanaged<Sending>.fromOpaque(context).takeUnretainedValue()
                guard let data = sending.transcoding?(index, String(cString: syntax)), !data.isEmpty, let copy = malloc(data.count) else {
                    return false
                }
                let buffer = copy.assumingMemoryBound(to: UInt8.self)
                data.copyBytes(to: buffer, count: data.count)
                (bytes.pointee, count.pointee) = (buffer, data.count)
                return true
            }
            if transcoding == nil { callbacks.transcode = nil }
            let error = try withExtendedLifetime((paths, contents, sending)) {
                try problem(cancellation) { CDICOMStore($0, list, list.count, &callbacks, $1) }
            }
            return StoreReport(outcomes: sending.all(error), error: error)
        }
    }
}

/// The state of one call of `store`; used on the caller's thread alone.
private final class Sending {
    let transcoding: DICOMClient.Transcoding?
    private let told: (StoreOutcome) -> Void
    private var outcomes: [StoreOutcome?]

    init(count: Int, transcoding: DICOMClient.Transcoding?, told: @escaping (StoreOutcome) -> Void) {
        outcomes = Array(repeating: nil, count: count)
        (self.transcoding, self.told) = (transcoding, told)
    }

    func tell(_ outcome: StoreOutcome) {
        guard outcomes.indices.contains(outcome.index), outcomes[outcome.index] == nil else { return }
        outcomes[outcome.index] = outcome
        told(outcome)
    }

    func all(_ error: DICOMNetworkError?) -> [StoreOutcome] {
        outcomes.enumerated().map { index, outcome in
            outcome
                ?? StoreOutcome(
                    index: index, result: .notSent(error), sopClassUID: "", sopInstanceUID: "", storedSyntax: "", sentSyntax: "",
                    reason: error?.reason ?? "not sent")
        }
    }
}

extension StoreOutcome {
    fileprivate init(_ outcome: CDICOMStoreOutcome) {
        let status = DIMSEStatus(outcome.status)
        reason = text(outcome.reason)
        switch Int(outcome.kind) {
        case Int(CDICOMStoreStored): result = .stored
        case Int(CDICOMStoreWarning): result = .storedWithWarning(status)
        case Int(CDICOMStoreRefused): result = .refused(status)
        default:
            let isOwnFault = outcome.problem == Int32(CDICOMNetworkProblemNone)
            result = .notSent(isOwnFault ? nil : DICOMNetworkError(DICOMNetworkError.Code(outcome.problem), reason))
        }
        index = outcome.index
        sopClassUID = text(outcome.classUID)
        sopInstanceUID = text(outcome.instanceUID)
        storedSyntax = text(outcome.storedSyntax)
        sentSyntax = text(outcome.sentSyntax)
    }
}
