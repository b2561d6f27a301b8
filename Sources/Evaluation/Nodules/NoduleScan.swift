/// A scan with its nodules and what a system marked on it, as LUNA16 counts them (Setio et al., Med Image Anal 2017).
public struct NoduleScan: Hashable, Sendable {
    /// A nodule of the truth. A mark hits it where it is nearer to the centre than the radius.
    public struct Finding: Hashable, Sendable {
        /// Millimetres.
        public var centre: SIMD3<Double>
        public var diameter: Double

        public init(centre: SIMD3<Double>, diameter: Double) { (self.centre, self.diameter) = (centre, diameter) }

        func isHit(by mark: Mark) -> Bool {
            let offset = mark.place - centre
            return (offset * offset).sum() < diameter * diameter / 4
        }
    }

    /// What a system says.
    public struct Mark: Hashable, Sendable {
        /// Millimetres, in the same frame.
        public var place: SIMD3<Double>
        /// Higher is surer.
        public var score: Double

        public init(place: SIMD3<Double>, score: Double) { (self.place, self.score) = (place, score) }
    }

    /// The series, or the patient where one has several scans: draws take all of a name.
    public var name: String
    /// Those that must be found: of LUNA16 at least 3 mm, marked by three of four readers.
    public var nodules: [Finding]
    /// Those that may be found: a mark on one is neither right nor wrong.
    public var irrelevant: [Finding]
    public var marks: [Mark]

    public init(name: String, nodules: [Finding], irrelevant: [Finding] = [], marks: [Mark]) {
        (self.name, self.nodules, self.irrelevant, self.marks) = (name, nodules, irrelevant, marks)
    }

    /// The marks that LUNA16 looks at: all, or where there are more than `most`, those that score above the first that is too many.
    func counted(most: Int?) -> [Mark] {
        guard let most, marks.count > most else { return marks }
        let limit = marks.map(\.score).sorted(by: >)[most]
        return Array(marks.filter { $0.score > limit }.prefix(most))
    }
}
