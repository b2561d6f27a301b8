extension Augmentation {
    /// Findings of other training pictures put into one on which nothing is found (copy-paste: Ghiasi 2021, arXiv:2012.07177), each where
    /// the anatomy around it is most alike. Pictures without findings, of which there are many, become pictures with a box; the
    /// finding is seen on many chests and the chest without it, so that it alone tells them apart.
    public struct CopyPaste: Codable, Hashable, Sendable {
        /// Chance that a picture on which nothing is found gets a finding.
        public var probability = 0.0
        /// How far from its own place a finding may be put, along each side, as a share of the longer side.
        public var reach = 0.1
        /// How alike the surroundings must be: the least correlation of the greys around the finding with those around its new place.
        public var likeness = 0.6
        /// Names of the findings that are put elsewhere, each as often; all where none is named. Round, bounded ones gain; of large ones the
        /// surroundings are a part.
        public var findings: [String] = []
        /// Share of them that are drawn: at the new place, in place of the finding's own pixels, a knobbly ball of about its size (as in
        /// simulated nodules: Litjens 2010, MICCAI, "Simulation of Nodules and Diffuse Infiltrates in Chest Radiographs Using CT
        /// Templates"). For findings that are balls.
        public var drawnShare = 0.0

        public init() {}

        var fault: String? {
            SettingRange.first(
                SettingRange.fault("augmentation.copy_paste.probability", probability, 0...1),
                SettingRange.fault("augmentation.copy_paste.drawn_share", drawnShare, 0...1),
                SettingRange.fault("augmentation.copy_paste.reach", reach, 0...0.5),
                SettingRange.fault("augmentation.copy_paste.likeness", likeness, -1...1))
        }
    }
}
