/// An instance by its UIDs.
public struct SOPReference: Sendable, Hashable {
    public var classUID: String
    public var instanceUID: String

    public init(classUID: String, instanceUID: String) { (self.classUID, self.instanceUID) = (classUID, instanceUID) }
}
