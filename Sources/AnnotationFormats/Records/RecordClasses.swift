import Findings

/// The classes of a set of records: those of a label map, or what the records themselves say.
struct RecordClasses {
    /// Why a class is refused.
    struct Refusal: Error {
        let reason: String
    }

    private let labelMap: LabelMap?
    private var numbers: [String: Int] = [:]
    private var names: [Int: String] = [:]
    /// Findings without a number.
    private var unnumbered: Set<String> = []

    init(_ labelMap: LabelMap?) {
        self.labelMap = labelMap
        for item in labelMap?.classes ?? [] {
            numbers[item.name] = item.id
            names[item.id] = item.name
        }
    }

    /// The finding's name. Without a label map, the first record that has both a text and a number says which belong together.
    mutating func name(text: String?, number: Int64?) throws(Refusal) -> String {
        let number = number.map { Int($0) }
        if let background = labelMap?.background, number == 0 || text == background {
            throw Refusal(reason: "its class is the background, id 0 of the label map")
        }
        guard let text else {
            guard let number, let name = names[number] else {
                throw Refusal(
                    reason: labelMap == nil ? "a class without a text, and no label map" : "its class number is not in the label map")
            }
            return name
        }
        if labelMap != nil, numbers[text] == nil { throw Refusal(reason: "its class text is not in the label map") }
        guard let number else {
            if numbers[text] == nil { unnumbered.insert(text) }
            return text
        }
        switch (numbers[text], names[number]) {
        case (nil, nil):
            guard (1...Int(Int32.max)).contains(number) else { throw Refusal(reason: "its class number is not 1 or greater") }
            numbers[text] = number
            names[number] = text
        case (number, text): break
        default: throw Refusal(reason: "its class text and class number do not belong together")
        }
        return text
    }

    /// In the label map's order, or by number; `nil` where there are neither.
    var classes: [FindingClass]? {
        if let labelMap { return labelMap.classes }
        guard !numbers.isEmpty else { return nil }
        var classes = numbers.map { FindingClass(id: $0.value, name: $0.key) }.sorted { $0.id < $1.id }
        for name in unnumbered.sorted() where numbers[name] == nil {
            classes.append(FindingClass(id: (classes.last?.id ?? 0) + 1, name: name))
        }
        return classes
    }
}
