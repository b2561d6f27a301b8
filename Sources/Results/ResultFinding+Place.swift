import Geometry

extension ResultFinding.Place {
    /// Where the middle of a box lies on a frontal radiograph, by thirds and halves of the image.
    ///
    /// - Parameters:
    ///   - columns: Of the image, in pixels, as `box`.
    ///   - view: View Position; of a lateral one the side cannot be told.
    ///   - orientation: Patient Orientation; where it says that the rows run to the right, the image's left is the patient's left.
    /// - Returns: `nil` for an image without a size.
    public init?(of box: Box, columns: Int, rows: Int, view: String?, orientation: [String]?) {
        guard columns > 0, rows > 0 else { return nil }
        let (width, height) = (Double(columns), Double(rows))
        let third = box.centerY / height
        zone = third < 1 / 3 ? .upper : third < 2 / 3 ? .middle : .lower
        let view = view?.uppercased()
        guard view == nil || view == "PA" || view == "AP" else {
            side = nil
            return
        }
        let middle = width / 2
        // A quarter of the box on the other side says more than its middle.
        if min(middle - box.x, box.maxX - middle) > box.width / 4 {
            side = .both
        } else {
            // The image's left is the patient's right, but where the file says that its rows run to the right.
            let isTurned = orientation?.first?.hasPrefix("R") ?? false
            side = (box.centerX < middle) != isTurned ? .right : .left
        }
    }
}
