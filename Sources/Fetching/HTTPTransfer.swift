import Datasets
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One request for a file and its answer, which goes straight to disk: what is in memory is bounded by `ReceivingQueue`.
///
/// Unchecked Sendable: the session calls back on its queue, and everything that the callbacks change is behind `condition`'s lock, which the
/// caller waits on with a clock running. Nothing here calls the
/// session from within a callback, which could wait for the queue that waits for the callback.
final class HTTPTransfer: NSObject, @unchecked Sendable {
    enum Ending: Equatable {
        /// The server had no more to send; whether that is all of the file is the caller's to see.
        case ended
        /// The connection is gone, or too slow.
        case cut(reason: String)
        /// There is no connection at all.
        case unreachable(reason: String)
        /// Decided by the header.
        case decided(AnswerDecision)
        case redirected(URL)
        case failed(reason: String)
    }

    private let partial: PartialFile
    private let file: RemoteFile
    private let address: URL
    private let offset: Int
    private let known: PartialFile.Version?
    private let limits: FetchLimits
    private let available: @Sendable () -> Int?

    private let condition = NSCondition()
    private var handle: FileHandle?
    private var ending: Ending?
    /// Where the answer sends us; the task is about to end by itself.
    private var redirection: URL?
    /// Nothing that the task still says counts.
    private var isOver = false
    /// Bytes of the file that are on disk.
    private var position: Int
    private var total: Int?
    /// Bytes that came.
    private var activity = 0

    init(
        file: RemoteFile, from address: URL, into partial: PartialFile, limits: FetchLimits, available: @escaping @Sendable () -> Int?
    ) {
        self.partial = partial
        self.file = file
        self.address = address
        self.limits = limits
        self.available = available
        let version = partial.version
        let isSameAddress = version?.address == address.absoluteString
        // Without a sum to check at the end, only the server's word can say that the rest belongs to what is here.
        let mayResume = !file.sums.isEmpty || (isSameAddress && version?.condition != nil)
        known = mayResume && isSameAddress ? version : nil
        offset = mayResume ? partial.byteCount : 0
        position = offset
    }

    private func request(_ address: URL) -> URLRequest {
        var request = URLRequest(url: address, cachePolicy: .reloadIgnoringLocalCacheData)
        // An encoded body could not be resumed, and its length is not the file's.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        request.setValue("pleura", forHTTPHeaderField: "User-Agent")
        if offset > 0 {
            request.setValue("bytes=\(offset)-", forHTTPHeaderField: "Range")
            if let condition = known?.condition { request.setValue(condition, forHTTPHeaderField: "If-Range") }
        }
        return request
    }

    /// Blocks until the answer is on disk or it is clear that it will not be.
    /// - Parameter progress: Told the bytes on disk and the bytes of the whole file, a few times a second.
    func run(progress: (Int, Int?) -> Void) -> Ending {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        // The watch below does this; the library's clock is not set back by what comes in.
        configuration.timeoutIntervalForRequest = 7 * 86400
        configuration.timeoutIntervalForResource = 30 * 86400
        let session = URLSession(configuration: configuration, delegate: self, delegateQueue: ReceivingQueue())
        defer {
            session.invalidateAndCancel()
            condition.withLock { try? handle?.close() }
        }
        var (target, redirects) = (address, 0)
        while true {
            let task = session.dataTask(with: request(target))
            task.resume()
            let ending = watch(task, progress)
            guard case .redirected(let next) = ending else { return ending }
            redirects += 1
            guard redirects <= limits.redirects else { return .failed(reason: "the server redirects without end") }
            let scheme = next.scheme?.lowercased()
            guard scheme == "https" || (scheme == "http" && target.scheme?.lowercased() == "http") else {
                return .failed(reason: "the server redirects to something that is not https")
            }
            target = next
            condition.withLock { (self.ending, redirection) = (nil, nil) }
        }
    }

    private func watch(_ task: URLSessionDataTask, _ progress: (Int, Int?) -> Void) -> Ending {
        var mark = (activity: condition.withLock { activity }, time: ContinuousClock.now)
        while true {
            condition.lock()
            if ending == nil { _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1)) }
            let now = ContinuousClock.now
            if ending == nil, redirection == nil, now - mark.time >= .seconds(limits.stallSeconds) {
                if activity - mark.activity < limits.leastBytes { end(.cut(reason: "the connection is too slow or stands still")) }
                mark = (activity, now)
            }
            let (ending, position, total) = (self.ending, self.position, self.total)
            if case .redirected = ending {} else if ending != nil { isOver = true }
            let isOver = isOver
            condition.unlock()
            progress(position, total)
            if isOver { task.cancel() }
            if let ending { return ending }
        }
    }

    /// To be called under the lock; the first word counts.
    private func end(_ ending: Ending) {
        if self.ending == nil { self.ending = ending }
        condition.signal()
    }

    private func open(at offset: Int, total: Int?, _ answer: HTTPAnswer) throws {
        if let total, let free = available(), total - offset > free {
            throw DatasetError(.cannotWrite, "no room: \(total - offset) bytes are to come, \(free) are free")
        }
        try partial.keep(
            PartialFile.Version(
                address: address.absoluteString, entityTag: answer.entityTag ?? (offset > 0 ? known?.entityTag : nil),
                lastModified: answer.lastModified ?? (offset > 0 ? known?.lastModified : nil), total: total))
        handle = try partial.open(at: offset)
        position = offset
        self.total = total
    }
}

extension HTTPTransfer: URLSessionDataDelegate {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse, newRequest: URLRequest,
        completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        // Foundation's own reading of Location takes a path for the server's root and a file's address for a path, and it stops the
        // program where a task is cancelled between its question and our answer. So it is always told not to follow, the task then
        // ends by itself and is not cancelled, and the next request is ours.
        let location = response.value(forHTTPHeaderField: "Location") ?? ""
        let isAwaited = condition.withLock {
            guard !isOver else { return false }
            redirection = URL(string: location, relativeTo: response.url)?.absoluteURL ?? URL(fileURLWithPath: "/")
            return true
        }
        if isAwaited { completionHandler(nil) }
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        condition.withLock { received(response) }
        completionHandler(.allow)
    }

    private func received(_ response: URLResponse) {
        guard !isOver, ending == nil, redirection == nil else { return }
        guard let response = response as? HTTPURLResponse else { return end(.failed(reason: "the server does not answer in HTTP")) }
        let fields = response.allHeaderFields.reduce(into: [String: String]()) { fields, field in
            if let name = field.key as? String, let value = field.value as? String { fields[name] = value }
        }
        let answer = HTTPAnswer(status: response.statusCode, fields: fields)
        let decision = AnswerDecision(answer, offset: offset, known: known, published: file.byteCount)
        guard case .receive(let offset, let total) = decision else { return end(.decided(decision)) }
        do {
            try open(at: offset, total: total, answer)
        } catch {
            end(.failed(reason: (error as? DatasetError)?.reason ?? "it cannot be written"))
        }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        condition.withLock {
            guard !isOver, ending == nil, redirection == nil, let handle else { return }
            // What is more than promised is not written.
            if let total, data.count > total - position { return end(.failed(reason: "the server sends more than its \(total) bytes")) }
            do {
                try handle.write(contentsOf: data)
                position += data.count
                activity += data.count
            } catch {
                end(.failed(reason: "it cannot be written; is the disk full?"))
            }
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        condition.withLock {
            guard !isOver else { return }
            if let redirection { return end(.redirected(redirection)) }
            guard let error else { return end(handle == nil ? .cut(reason: "the server does not answer") : .ended) }
            end(Self.ending((error as? URLError)?.code ?? URLError.Code(rawValue: (error as NSError).code) ?? .unknown))
        }
    }

    private static func ending(_ code: URLError.Code) -> Ending {
        switch code {
        case .cannotFindHost, .dnsLookupFailed: .unreachable(reason: "the server's name is not known")
        case .cannotConnectToHost, .notConnectedToInternet: .unreachable(reason: "the server cannot be reached")
        case .badURL, .unsupportedURL: .failed(reason: "its address is not one")
        case .httpTooManyRedirects, .redirectToNonExistentLocation: .failed(reason: "the server redirects without end")
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate, .serverCertificateHasUnknownRoot,
            .serverCertificateNotYetValid:
            .failed(reason: "the server's certificate is not to be trusted")
        default: .cut(reason: "the connection was cut")
        }
    }
}
