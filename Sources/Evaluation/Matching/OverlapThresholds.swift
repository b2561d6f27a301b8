/// The IoU thresholds that are matched once for all figures.
enum OverlapThresholds {
    /// 0.40 and 0.45 for RSNA, then COCO's 0.50 to 0.95, computed as numpy's `linspace` does, so that a pair exactly on a threshold
    /// falls on the same side as with pycocotools.
    static let all: [Double] = {
        let step = (0.95 - 0.5) / 9
        let coco = (0..<9).map { index in Double(index) * step + 0.5 }
        return [0.40, 0.45] + coco + [0.95]
    }()

    /// Where COCO's ten are.
    static let coco = 2..<12
    /// Where RSNA's 0.40 to 0.75 are.
    static let rsna = 0..<8

    /// Where the threshold is among `all`; `nil` for one that is matched when asked for.
    static func index(of threshold: Double) -> Int? { all.firstIndex { abs($0 - threshold) < 1e-9 } }
}
