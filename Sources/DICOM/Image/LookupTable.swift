/// One item of a Modality or VOI LUT Sequence (PS3.3 C.11.1.1 and C.11.2.1.1).
struct LookupTable: Hashable {
    /// The input that gets the first entry; smaller inputs get it too.
    let firstMapped: Int
    /// At least one; inputs past the end get the last.
    let entries: [UInt16]
    /// Bits an entry, 8 to 16: the output runs from 0 to 2^depth - 1.
    let depth: Int

    var maximum: Double { Double((1 << depth) - 1) }

    /// `nil` where the descriptor or the data is missing or they do not fit.
    /// - Parameter inputIsSigned: Whether what comes in can be negative: then a descriptor written as unsigned is read as signed.
    init?(_ item: DICOMItem, inputIsSigned: Bool) {
        guard let count = item.integer(.lutDescriptor, at: 0), let first = item.integer(.lutDescriptor, at: 1),
            let depth = item.integer(.lutDescriptor, at: 2), (8...16).contains(depth), (0...65_535).contains(count)
        else { return nil }
        let wanted = count == 0 ? 65_536 : count
        let entries = item.withBytes(of: .lutData) { bytes -> [UInt16] in
            if bytes.count >= 2 * wanted {
                return (0..<wanted).map { UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self)) }
            }
            // Entries of 8 bits may lie two in a word, the first in the low byte.
            return depth == 8 && bytes.count >= wanted ? bytes.prefix(wanted).map(UInt16.init) : []
        }
        guard let entries, !entries.isEmpty else { return nil }
        firstMapped = inputIsSigned && first > 32_767 ? first - 65_536 : first
        self.entries = entries
        self.depth = depth
    }

    /// Whether an item has neither descriptor nor data, whatever else it has: then there is no table, and none that is wrong.
    static func isAbsent(from item: DICOMItem) -> Bool { !item.hasValue(.lutDescriptor) && !item.hasValue(.lutData) }

    func callAsFunction(_ value: Double) -> Double {
        let index = (value - Double(firstMapped)).rounded(.down)
        return min(maximum, Double(entries[Int(min(max(index, 0), Double(entries.count - 1)))]))
    }
}
