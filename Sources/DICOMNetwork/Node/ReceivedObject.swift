/// An object that a peer stored, before it is answered.
public struct ReceivedObject: Sendable, Hashable {
    public var callingTitle: String
    public var calledTitle: String
    /// Numeric.
    public var address: String
    public var isSecured: Bool
    /// Of the command; checked to be UIDs. Whether the dataset says the same is the handler's to see.
    public var sopClassUID: String
    public var sopInstanceUID: String
    public var transferSyntax: String
    /// A whole file (PS3.10); its dataset is what came, bit for bit.
    public var path: String
    /// Of the file, in hexadecimal; `nil` where the node was not asked for it or could not compute it.
    public var sha256: String?
    public var fileSize: UInt64
    public var datasetSize: UInt64
}
