import Basics
import Foundation

/// A nodule to be drawn.
struct NodulePlan: Sendable {
    var shape: NoduleShape
    var side: Int
    var kind: PhantomNodule.Kind
    var attachment: PhantomNodule.Attachment
    /// Of a part-solid one: the solid part's share of the radius.
    var core: Float?
    var value: Float

    /// Draws nodules that do not touch one another: 40 in a hundred at a vessel, 25 on the pleura.
    static func plans(
        _ count: Int?, diameters: ClosedRange<Double>, _ thorax: ThoraxShape, _ vessels: [VesselTree], _ random: inout SeededGenerator
    ) -> [NodulePlan] {
        let drawn = random.uniform() < 0.2 ? 0 : 1 + Int(random.uniform(0...4.999))
        let wanted = count ?? drawn
        let branches = vessels.flatMap(\.segments).filter { (0.8...3).contains($0.radius) }
        var plans: [NodulePlan] = []
        for _ in 0..<wanted * 60 where plans.count < wanted {
            // Small ones are commoner.
            let span = log(diameters.upperBound / diameters.lowerBound)
            let diameter = diameters.lowerBound * exp(span * pow(random.uniform(), 1.4))
            guard let plan = plan(Float(diameter / 2), thorax, branches, &random) else { continue }
            let isApart = plans.allSatisfy { other in
                let way = other.shape.centre - plan.shape.centre
                return (way * way).sum().squareRoot() > other.shape.reach + plan.shape.reach + 8
            }
            if isApart { plans.append(plan) }
        }
        return plans
    }

    private static func plan(
        _ radius: Float, _ thorax: ThoraxShape, _ branches: [VesselTree.Segment], _ random: inout SeededGenerator
    ) -> NodulePlan? {
        let draw = random.uniform()
        let attachment: PhantomNodule.Attachment = draw < 0.4 ? .vessel : draw < 0.65 ? .pleura : .free
        let kindDraw = random.uniform()
        var kind: PhantomNodule.Kind = kindDraw < 0.6 ? .solid : kindDraw < 0.8 ? .partSolid : .groundGlass
        // Ground glass of a few millimetres is nothing that anybody sees.
        if kind != .solid, radius < 3 { kind = .solid }
        var place = SIMD3<Float>(
            Float(random.uniform(-140...140)), Float(random.uniform(-90...90)),
            Float(random.uniform(Double(thorax.extent.lowerBound)...Double(thorax.extent.upperBound))))
        if attachment == .vessel, !branches.isEmpty {
            let branch = branches[Int(random.uniform() * Double(branches.count)) % branches.count]
            place = branch.start + (branch.end - branch.start) * Float(random.uniform())
            place += random.direction() * radius * 0.9
        }
        let side = place.x < 0 ? 0 : 1
        let depth = thorax.depth(place, side: side)
        switch attachment {
        case .pleura:
            guard thorax.wall(place, side: side) < thorax.medial(place, side: side), depth > 0.3 * radius, depth < 0.7 * radius else {
                return nil
            }
        case .vessel, .free: guard depth > radius * 1.2 + 2 else { return nil }
        }
        let shape = NoduleShape(centre: place, radius: radius, &random)
        let value: Float = kind == .solid ? Float(random.uniform(0...60)) : Float(random.uniform(-680 ... -540))
        return NodulePlan(
            shape: shape, side: side, kind: kind, attachment: attachment,
            core: kind == .partSolid ? Float(random.uniform(0.4...0.7)) : nil, value: value)
    }
}
