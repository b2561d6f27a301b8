import Archive

/// Something that happened, for pages. It names studies and instances by their identifiers and holds no patient data.
public enum DepartmentEvent: Hashable, Sendable {
    case received(StudyID, InstanceID)
    /// The model reads it.
    case begun(StudyID, InstanceID)
    case read(StudyID, InstanceID, reading: Int64)
    case failed(StudyID, InstanceID?, reason: String)
    case reviewed(StudyID, reading: Int64, user: String, status: ReadingStatus)
    /// Its urgency, protocol or due date.
    case changed(StudyID)
    /// A result arrived at a destination.
    case delivered(StudyID, destination: String)
    case notDelivered(StudyID, destination: String, reason: String)
    case settings
}
