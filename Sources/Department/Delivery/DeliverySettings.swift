import Archive

/// How a department delivers its results.
public struct DeliverySettings: Sendable {
    public var destinations: [any Destination]
    public var patience: DeliveryPatience
    /// Where a person sees a study: an address without patient data.
    public var link: @Sendable (StudyID) -> String?
    /// Of the reports in words, as in BCP 47.
    public var language: String

    public init(
        destinations: [any Destination] = [], patience: DeliveryPatience = DeliveryPatience(),
        link: @escaping @Sendable (StudyID) -> String? = { _ in nil }, language: String = "en"
    ) {
        (self.destinations, self.patience, self.link, self.language) = (destinations, patience, link, language)
    }
}
