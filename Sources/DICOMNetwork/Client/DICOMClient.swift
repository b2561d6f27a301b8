import CDICOMNetwork

/// Calls a peer. Every call opens an association of its own, waits on the caller's thread, and releases it.
public struct DICOMClient: Sendable, Hashable {
    /// Ours.
    public var callingTitle: String
    /// The peer's.
    public var calledTitle: String
    /// A name or a numeric IPv4 address.
    public var host: String
    public var port: UInt16
    /// `nil`: plain.
    public var security: TransportSecurity?
    /// Seconds until connected.
    public var connectPatience: Int
    /// Seconds that the peer may be silent.
    public var patience: Int

    public init(
        callingTitle: String, calledTitle: String, host: String, port: UInt16, security: TransportSecurity? = nil,
        connectPatience: Int = 10,
        patience: Int = 60
    ) {
        self.callingTitle = callingTitle
        self.calledTitle = calledTitle
        self.host = host
        self.port = port
        self.security = security
        self.connectPatience = connectPatience
        self.patience = patience
    }

    /// C-ECHO.
    /// - Throws: `DICOMNetworkError`, as every call.
    public func echo(cancellation: Cancellation? = nil) throws {
        try call(cancellation) { CDICOMEcho($0, $1) }
    }

    /// Hands the destination to C, and makes its problem an error.
    func call(
        _ cancellation: Cancellation?, _ body: (UnsafePointer<CDICOMDestination>, UnsafeMutablePointer<CDICOMNetworkProblem>) -> Bool
    ) throws {
        if let error = try problem(cancellation, body) { throw error }
    }

    /// The same for calls that do something even where they fail.
    /// - Throws: Bad settings only.
    func problem(
        _ cancellation: Cancellation?, _ body: (UnsafePointer<CDICOMDestination>, UnsafeMutablePointer<CDICOMNetworkProblem>) -> Bool
    ) throws -> DICOMNetworkError? {
        guard let calling = ApplicationEntityTitle.normalised(callingTitle), let called = ApplicationEntityTitle.normalised(calledTitle)
        else {
            throw DICOMNetworkError(.badSettings, "an application entity's title has 1 to 16 characters of ASCII")
        }
        guard !host.isEmpty, port > 0 else { throw DICOMNetworkError(.badSettings, "a peer needs a host and a port") }
        let strings = CStrings([calling, called, host])
        let security = CSecurity(security)
        var destination = CDICOMDestination()
        destination.callingTitle = strings[0]
        destination.calledTitle = strings[1]
        destination.host = strings[2]
        destination.port = port
        destination.connectPatience = UInt32(clamping: max(1, connectPatience))
        destination.patience = UInt32(clamping: max(1, patience))
        destination.security = security.pointer
        destination.cancellation = cancellation?.handle
        var problem = CDICOMNetworkProblem()
        let succeeded = withExtendedLifetime((strings, security, cancellation)) { body(&destination, &problem) }
        return succeeded ? nil : DICOMNetworkError(problem)
    }
}
