/// Into which model's card the figures of an assessment go, and what else changes in it.
public struct CardRequest: Hashable, Sendable {
    public enum Card: Hashable, Sendable {
        /// That of the model that is assessed.
        case own
        /// That of the model of this name or in this directory, made from all folds by the recipe of the cross-validated models.
        case model(String)
    }

    public var card: Card
    /// The model's default threshold from now on, 0 to 1; `nil` leaves it.
    public var defaultThreshold: Double?
    /// Whether the card is written although some of the dataset's folds have no model.
    public var allowsMissingFolds: Bool

    public init(_ card: Card, defaultThreshold: Double? = nil, allowsMissingFolds: Bool = false) {
        (self.card, self.defaultThreshold, self.allowsMissingFolds) = (card, defaultThreshold, allowsMissingFolds)
    }
}
