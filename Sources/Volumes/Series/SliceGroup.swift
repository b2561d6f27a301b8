import DICOM

/// Slices that may make one volume.
struct SliceGroup {
    var slices: [FoundSlice]

    var normal: SIMD3<Double> { slices.first?.normal ?? SIMD3(0, 0, 1) }
    /// Whether the slices lie across the body.
    var isAxial: Bool { abs(normal.z) > 0.8 }

    /// Millimetres along the normal, rising, equal ones once.
    var places: [Double] {
        var places: [Double] = []
        for place in slices.map({ $0.geometry.position.dot(normal) }).sorted() where places.last.map({ place - $0 > 0.01 }) ?? true {
            places.append(place)
        }
        return places
    }

    /// Millimetres from the first to the last slice.
    var extent: Double { places.last.flatMap { last in places.first.map { last - $0 } } ?? 0 }
    /// The median distance of neighbours.
    var spacing: Double { Self.median(zip(places.dropFirst(), places).map { $0 - $1 }) ?? .infinity }

    /// For a person, without anything that was typed.
    var words: String {
        let distance = spacing.isFinite ? ", \(VolumeText.millimetres(spacing)) apart" : ""
        return "\(slices.count) slice\(slices.count == 1 ? "" : "s")\(distance)"
    }

    static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    static func groups(_ slices: [FoundSlice]) -> [SliceGroup] {
        var groups: [SliceGroup] = []
        for slice in slices {
            if let place = groups.lastIndex(where: { $0.slices.first?.belongs(with: slice) == true }) {
                groups[place].slices.append(slice)
            } else {
                groups.append(SliceGroup(slices: [slice]))
            }
        }
        return groups
    }
}

/// Numbers in sentences.
enum VolumeText {
    static func number(_ value: Double, _ digits: Int = 2) -> String {
        let scale = [1.0, 10, 100, 1_000][min(digits, 3)]
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
    static func millimetres(_ value: Double) -> String { "\(number(value)) mm" }
}
