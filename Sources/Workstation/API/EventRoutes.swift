import Archive
import Department
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import ServiceLifecycle

extension WorkstationAPI {
    private static let lastEvent = HTTPField.Name("Last-Event-ID") ?? .server
    private static let buffering = HTTPField.Name("X-Accel-Buffering") ?? .server
    /// Often enough that no stream is idle by the configuration's own limit.
    private var keepAlive: Duration { .milliseconds(min(15_000, configuration.idleSeconds * 500)) }
    /// A stream of a session that has ended meanwhile is ended, too.
    private static let longest = Duration.seconds(60 * 60)

    /// `text/event-stream` (HTML Living Standard, server-sent events). Ends when the browser goes, also while nothing is to be sent, and when the server
    /// is asked to stop.
    func eventRoutes(_ routes: Routes) {
        routes.get("/api/v1/events") { request, _ in
            let after = (request.headers[Self.lastEvent] ?? request.text("after")).flatMap(UInt64.init)
            let (feed, keepAlive) = (department.feed, keepAlive)
            // Before the answer begins: whoever has its head misses nothing that happens then.
            let (id, items) = feed.listen(after: after)
            return Response(
                status: .ok,
                // A proxy such as nginx would hold events back.
                headers: [.contentType: "text/event-stream", .cacheControl: "no-store", Self.buffering: "no"],
                body: ResponseBody { writer in
                    defer { feed.leave(id) }
                    try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
                    // Comments come from a second source, so that a dead connection is noticed and no proxy closes a silent one.
                    let (pulses, pulse) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
                    let pulsing = Task {
                        let end = ContinuousClock.now + Self.longest
                        while !Task.isCancelled, ContinuousClock.now < end {
                            try await Task.sleep(for: keepAlive)
                            pulse.yield()
                        }
                        feed.leave(id)
                    }
                    defer { pulsing.cancel() }
                    let texts = Self.merged(items, pulses)
                    try await request.body.consumeWithInboundCloseHandler { _ in
                        for await text in texts.cancelOnGracefulShutdown() { try await writer.write(ByteBuffer(string: text)) }
                    } onInboundClosed: {
                        feed.leave(id)
                    }
                    try await writer.finish(nil)
                })
        }
    }

    /// Events as text, and a comment for each pulse; ends with the events.
    private static func merged(_ items: AsyncStream<EventFeed.Item>, _ pulses: AsyncStream<Void>) -> AsyncStream<String> {
        AsyncStream(bufferingPolicy: .bufferingNewest(4_000)) { continuation in
            let first = Task {
                for await item in items { continuation.yield(text(item)) }
                continuation.finish()
            }
            let second = Task { for await _ in pulses { continuation.yield(": \n\n") } }
            continuation.onTermination = { _ in
                first.cancel()
                second.cancel()
            }
        }
    }

    private static func text(_ item: EventFeed.Item) -> String {
        switch item {
        case .reset(let number): return "id: \(number)\nevent: reset\ndata: {}\n\n"
        case .event(let event):
            let (kind, data) = words(event.event)
            return "id: \(event.number)\nevent: \(kind)\ndata: \(data)\n\n"
        }
    }

    private static func words(_ event: DepartmentEvent) -> (kind: String, data: String) {
        func object(_ study: StudyID, _ members: [(String, String)]) -> String {
            let all = [("study", JSONText.string(study.rawValue))] + members
            return "{" + all.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
        }
        func image(_ instance: InstanceID?) -> (String, String) { ("instance", instance.map { JSONText.string($0.rawValue) } ?? "null") }
        switch event {
        case .received(let study, let instance): return ("received", object(study, [image(instance)]))
        case .begun(let study, let instance): return ("begun", object(study, [image(instance)]))
        case .read(let study, let instance, let reading): return ("read", object(study, [image(instance), ("reading", String(reading))]))
        case .failed(let study, let instance, let reason):
            return ("failed", object(study, [image(instance), ("reason", JSONText.string(reason))]))
        case .reviewed(let study, let reading, let user, let status):
            return (
                "review",
                object(
                    study, [("reading", String(reading)), ("user", JSONText.string(user)), ("status", JSONText.string(status.rawValue))])
            )
        case .changed(let study): return ("changed", object(study, []))
        case .delivered(let study, let destination): return ("delivered", object(study, [("destination", JSONText.string(destination))]))
        case .notDelivered(let study, let destination, let reason):
            return (
                "not_delivered", object(study, [("destination", JSONText.string(destination)), ("reason", JSONText.string(reason))])
            )
        case .settings: return ("settings", "{}")
        }
    }
}
