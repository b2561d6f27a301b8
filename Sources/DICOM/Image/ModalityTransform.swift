import Findings
import Radiographs

/// From stored values to the modality's own (PS3.3 C.11.1): Hounsfield units for CT, often nothing for a radiograph.
enum ModalityTransform: Hashable {
    case rescale(slope: Double, intercept: Double)
    case table(LookupTable)

    static let identity = ModalityTransform.rescale(slope: 1, intercept: 0)

    /// - Parameters:
    ///   - item: The dataset, or the frame's item of the Pixel Value Transformation Sequence.
    ///   - warnings: Gets what was not used.
    ///
    /// An item without a table is no table (`EmptyElements` tells it).
    /// - Throws: `RadiographError` (damaged) for a table that cannot be read: the values would mean nothing.
    init(_ item: DICOMItem, isSigned: Bool, warnings: inout [ImageWarning]) throws {
        self = .identity
        if let first = item.items(.modalityLUTSequence).first(where: { !LookupTable.isAbsent(from: $0) }) {
            guard let table = LookupTable(first, inputIsSigned: isSigned) else {
                throw RadiographError(.damaged, "the Modality LUT Sequence holds no usable table", at: .modalityLUTSequence)
            }
            self = .table(table)
        } else if let slope = item.number(.rescaleSlope), let intercept = item.number(.rescaleIntercept) {
            if slope == 0 {
                warnings.append(ImageWarning(.rescaleSlopeZero))
            } else {
                self = .rescale(slope: slope, intercept: intercept)
            }
        } else if item.has(.rescaleSlope) || item.has(.rescaleIntercept), !item.isBlank(.rescaleSlope), !item.isBlank(.rescaleIntercept) {
            warnings.append(ImageWarning(.rescaleNotNumbers))
        }
    }

    func callAsFunction(_ stored: Int) -> Double {
        switch self {
        case .rescale(let slope, let intercept): Double(stored) * slope + intercept
        case .table(let table): table(Double(stored))
        }
    }

    /// What the smallest and the largest storable value become. With a negative slope the first is the larger.
    func range(of stored: ClosedRange<Int>) -> (first: Double, last: Double) {
        switch self {
        case .rescale: (self(stored.lowerBound), self(stored.upperBound))
        case .table(let table): (0, table.maximum)
        }
    }
}
