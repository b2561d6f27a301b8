import Networks

/// What a training minimises, and how much of each.
public struct LossConfiguration: Codable, Hashable, Sendable {
    /// Focal loss (Lin et al., ICCV 2017): weight of the anchors that answer for a box.
    public var alpha = 0.25
    /// Focal loss: how fast easy anchors fade.
    public var gamma = 2.0
    /// Weight of the boxes' part.
    public var boxWeight = 1.0
    /// What an anchor-free head is taught of how well its boxes fit.
    public var quality = DetectionLoss.Quality.overlap
    /// Weight of what is said of whole images, by a head for that (`model.has_image_head`).
    public var imageWeight = 0.0
    /// Findings whose image-level labels are learnt from; empty for all. Such labels help some findings and hurt others (Rozenberg et
    /// al. 2020).
    public var imageFindings: [String] = []

    public init() {}

    var detectionLoss: DetectionLoss { DetectionLoss(alpha: alpha, gamma: gamma, boxWeight: boxWeight, quality: quality) }

    /// - Throws: `TrainingError`.
    func validated() throws {
        guard (0...1).contains(alpha), gamma >= 0, boxWeight >= 0, imageWeight >= 0, [gamma, boxWeight, imageWeight].allSatisfy(\.isFinite)
        else { throw TrainingError(.configuration, "loss: alpha is 0 to 1 and no weight is negative") }
    }
}
