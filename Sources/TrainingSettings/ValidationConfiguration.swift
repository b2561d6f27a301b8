import TrainingExamples

/// How a run is watched on patients it does not learn from.
public struct ValidationConfiguration: Codable, Hashable, Sendable {
    /// Share of the training patients that is kept apart for it; 0 for none. A dataset with a part named `validation` has its own.
    public var share = 0.0
    /// Steps between validations.
    public var interval = 200
    /// Validations without a better figure after which the run ends early; 0 never does.
    public var patience = 0

    public init() {}

    /// - Throws: `TrainingError`.
    func validated() throws {
        try SettingRange.refuse(
            SettingRange.fault("validation.share", share, from: 0, below: 1),
            SettingRange.fault("validation.interval", interval, 1...LoopConfiguration.mostSteps),
            SettingRange.fault("validation.patience", patience, 0...LoopConfiguration.mostSteps))
    }
}
