/// The resources and data types of HL7 FHIR Release 4 (4.0.1) that Pleura speaks, as far as it speaks them.
///
/// Elements that are not named here are passed over in reading.
public enum R4 {
    /// FHIR's own version.
    public static let version = "4.0.1"
    /// Media type of the JSON form.
    public static let mediaType = "application/fhir+json"
}
