/// What runs as long as the server does, and is none of its affair: the department's connections to other systems.
public struct Companion: Sendable {
    public var start: @Sendable () async throws -> Void
    /// Returns within seconds.
    public var stop: @Sendable () async -> Void
    /// Numbers for the metrics: a name, what it means, and what it is now.
    public var gauges: @Sendable () -> [(name: String, help: String, value: Double)]

    public init(
        start: @escaping @Sendable () async throws -> Void, stop: @escaping @Sendable () async -> Void,
        gauges: @escaping @Sendable () -> [(name: String, help: String, value: Double)]
    ) {
        (self.start, self.stop, self.gauges) = (start, stop, gauges)
    }
}
