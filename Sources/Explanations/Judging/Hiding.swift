import Foundation
import Geometry

/// What is left of a finding's score where part of the image is hidden.
public enum Hiding {
    /// The share of the image that the sentence is about.
    public static let share = 0.1

    /// The mask that hides a map's hottest pixels.
    static func hottest(_ map: ExplanationMap, share: Double = Hiding.share) -> [Float] {
        var visible = [Float](repeating: 1, count: map.values.count)
        for place in map.order.prefix(Int((Double(map.values.count) * share).rounded())) { visible[Int(place)] = 0 }
        return visible
    }

    /// The mask that hides a box of plane pixels.
    static func box(_ box: Box, plane: ImagePlane) -> [Float] {
        var visible = [Float](repeating: 1, count: plane.count)
        let (left, right) = (max(0, Int(box.x.rounded())), min(plane.width, Int(box.maxX.rounded())))
        let (top, bottom) = (max(0, Int(box.y.rounded())), min(plane.height, Int(box.maxY.rounded())))
        guard left < right, top < bottom else { return visible }
        for row in top..<bottom {
            for column in left..<right { visible[row * plane.width + column] = 0 }
        }
        return visible
    }

    /// In a person's words, such as "hiding the hottest 10 % lowers the score from .62 to .21".
    /// - Parameter what: Such as "the hottest 10 %".
    public static func sentence(_ what: String, from score: Double, to left: Double) -> String {
        func text(_ value: Double) -> String {
            let digits = String(format: "%.2f", max(0, min(1, value)))
            return digits.hasPrefix("0") ? String(digits.dropFirst()) : digits
        }
        let (before, after) = (text(score), text(left))
        if before == after { return "hiding \(what) leaves the score at \(before)" }
        return "hiding \(what) \(left < score ? "lowers" : "raises") the score from \(before) to \(after)"
    }
}
