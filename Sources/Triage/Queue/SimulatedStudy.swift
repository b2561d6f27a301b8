/// One study on its way through a simulated reading room.
package struct SimulatedStudy: Hashable, Sendable {
    /// Minutes; 0 is a midnight.
    package var arrival: Double
    /// Minutes that a reader needs for it.
    package var reading: Double
    /// What is truly on it.
    package var findings: FindingSet
    /// What the model shows.
    package var flagged: FindingSet
    /// Asked for at once by a person.
    package var isStat: Bool
    /// The model's sureness, of a site's own file: a higher one is more urgent.
    package var score: Double?

    package init(
        arrival: Double, reading: Double, findings: FindingSet = [], flagged: FindingSet = [], isStat: Bool = false, score: Double? = nil
    ) {
        self.arrival = arrival
        self.reading = reading
        self.findings = findings
        self.flagged = flagged
        self.isStat = isStat
        self.score = score
    }
}
