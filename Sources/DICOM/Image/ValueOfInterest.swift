import Findings
import Foundation
import Radiographs

/// From the modality's values to those to be shown (PS3.3 C.11.2); the first view of several.
enum ValueOfInterest: Hashable {
    /// VOI LUT Function (C.11.2.1.3).
    enum WindowFunction: Hashable {
        case linear, linearExact, sigmoid
    }

    case none
    case window(center: Double, width: Double, function: WindowFunction)
    case table(LookupTable)

    /// A table goes before a window, as in pydicom's `apply_voi_lut`.
    /// - Parameters:
    ///   - item: The dataset, or the frame's item of the Frame VOI LUT Sequence.
    ///   - warnings: Gets what was not used.
    init(_ item: DICOMItem, inputIsSigned: Bool, warnings: inout [ImageWarning]) {
        self = .none
        if let first = item.items(.voiLUTSequence).first(where: { !LookupTable.isAbsent(from: $0) }) {
            if let table = LookupTable(first, inputIsSigned: inputIsSigned) {
                self = .table(table)
                return
            }
            warnings.append(ImageWarning(.voiTableUnusable))
        }
        guard let center = item.number(.windowCenter), let width = item.number(.windowWidth) else {
            if item.has(.windowCenter) || item.has(.windowWidth), !item.isBlank(.windowCenter), !item.isBlank(.windowWidth) {
                warnings.append(ImageWarning(.windowNotNumbers))
            }
            return
        }
        var function = WindowFunction.linear
        switch item.text(.voiLUTFunction)?.uppercased() {
        case nil, "LINEAR": break
        case "LINEAR_EXACT": function = .linearExact
        case "SIGMOID": function = .sigmoid
        default: warnings.append(ImageWarning(.voiFunctionUnknown))
        }
        guard function == .linear ? width >= 1 : width > 0 else {
            warnings.append(ImageWarning(.windowTooNarrow))
            return
        }
        self = .window(center: center, width: width, function: function)
    }

    /// The window, for a viewer; `nil` for a table and for none.
    var window: WindowableImage.Window? {
        guard case .window(let center, let width, let function) = self else { return nil }
        let name: WindowableImage.Window.Function =
            switch function {
            case .linear: .linear
            case .linearExact: .linearExact
            case .sigmoid: .sigmoid
            }
        return WindowableImage.Window(center: center, width: width, function: name)
    }

    /// Where a value lies in the output range, 0 to 1.
    /// - Parameter range: The modality's output range, for files without VOI.
    func fraction(_ value: Double, of range: (first: Double, last: Double)) -> Double {
        switch self {
        case .none:
            // A negative rescale slope turns the range, but higher values stay brighter.
            let low = min(range.first, range.last)
            let high = max(range.first, range.last)
            return high > low ? (value - low) / (high - low) : 0
        case .window(let center, let width, .linear):
            return Self.ramp(value, center: center - 0.5, width: width - 1)
        case .window(let center, let width, .linearExact):
            return Self.ramp(value, center: center, width: width)
        case .window(let center, let width, .sigmoid):
            return 1 / (1 + exp(-4 * (value - center) / width))
        case .table(let table):
            return table(value) / table.maximum
        }
    }

    private static func ramp(_ value: Double, center: Double, width: Double) -> Double {
        if value <= center - width / 2 { return 0 }
        if value > center + width / 2 { return 1 }
        return (value - center) / width + 0.5
    }
}
