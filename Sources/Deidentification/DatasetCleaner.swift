/// Goes through a dataset and its sequences and does to each element what the profile says.
struct DatasetCleaner {
    let profile: ConfidentialityProfile
    let options: DeidentificationOptions
    let pseudonyms: Pseudonyms
    let identifying: IdentifyingText
    var warnings: [DeidentificationWarning]
    var counts = DeidentifiedFile.Counts()

    init(
        profile: ConfidentialityProfile, options: DeidentificationOptions, pseudonyms: Pseudonyms, identifying: IdentifyingText,
        warnings: [DeidentificationWarning]
    ) {
        (self.profile, self.options, self.pseudonyms) = (profile, options, pseudonyms)
        (self.identifying, self.warnings) = (identifying, warnings)
    }

    /// - Parameter hidesText: Inside a sequence that has to be replaced: structure stays, whatever somebody may have typed does not.
    mutating func clean(_ item: EditableItem, hidesText: Bool = false) throws {
        // From the last, so that removing one moves none that is still to come.
        for index in stride(from: item.count - 1, through: 0, by: -1) {
            guard let element = item.element(at: index) else { continue }
            try cleanOne(element, at: index, in: item, hidesText: hidesText)
        }
    }

    mutating func cleanOne(_ element: EditableItem.Element, at index: Int, in item: EditableItem, hidesText: Bool = false) throws {
        // What marks a file as de-identified before is made anew at the end.
        if [0x0012_0062, 0x0012_0063, 0x0012_0064, 0x0028_0303].contains(element.tag) || element.number == 0 {
            return try done(item.remove(at: index))
        }
        switch profile.action(element.group, element.number, options) {
        case .remove: try remove(element, at: index, in: item)
        case .empty: try empty(element, at: index, in: item)
        case .dummy: try replace(element, at: index, in: item)
        case .mapUID: try map(element, at: index, in: item, hidesText: hidesText)
        case .shift: try shift(element, at: index, in: item)
        case .cleanText:
            // What is no text cannot be read here, so nobody knows what it says.
            let isText = DummyValue.typed.contains(element.representation) && !element.isEmpty
            if !isText || !SafeWords.holdsOnlyThem(item.text(at: index)) { try drop(element, at: index, in: item) }
        case .cleanContent:
            if element.tag == 0x0040_A730 { try cleanContent(element, at: index, in: item) } else { try drop(element, at: index, in: item) }
        case .keep: try look(element, at: index, in: item, hidesText: false)
        case .unlisted:
            if !element.isKnown || element.representation == "UN" {
                try remove(element, at: index, in: item)
            } else {
                try look(element, at: index, in: item, hidesText: hidesText)
            }
        }
    }

    private mutating func remove(_ element: EditableItem.Element, at index: Int, in item: EditableItem) throws {
        try done(item.remove(at: index))
        if element.group % 2 == 1 { counts.removedPrivate += 1 } else { counts.removed += 1 }
    }

    private mutating func empty(_ element: EditableItem.Element, at index: Int, in item: EditableItem) throws {
        guard !element.isEmpty else { return }
        try done(item.setEmpty(at: index))
        counts.emptied += 1
    }

    /// As the basic profile does, for what an option would keep if it could.
    private mutating func drop(_ element: EditableItem.Element, at index: Int, in item: EditableItem) throws {
        var plain = options
        (plain.cleansDescriptors, plain.cleansStructuredContent, plain.dates) = (false, false, .removed)
        switch profile.action(element.group, element.number, plain) {
        case .empty: try empty(element, at: index, in: item)
        case .dummy: try replace(element, at: index, in: item)
        default: try remove(element, at: index, in: item)
        }
    }

    private mutating func replace(_ element: EditableItem.Element, at index: Int, in item: EditableItem) throws {
        guard !element.isEmpty else { return }
        counts.replaced += 1
        if element.isSequence {
            if element.tag == 0x0040_A730 { return try replaceContent(element, at: index, in: item) }
            for number in 0..<element.length { if let inner = item.item(at: index, number) { try clean(inner, hidesText: true) } }
        } else if element.representation == "UI" {
            try done(item.set(pseudonyms.uids(String(decoding: item.text(at: index), as: UTF8.self)), at: index))
        } else if let text = DummyValue.text(of: element.representation) {
            try done(item.set(text, at: index))
        } else {
            try done(item.setZeros(at: index))
        }
    }

    private mutating func map(_ element: EditableItem.Element, at index: Int, in item: EditableItem, hidesText: Bool) throws {
        if element.isSequence { return try look(element, at: index, in: item, hidesText: hidesText) }
        guard !element.isEmpty else { return }
        guard element.representation == "UI" else { return try remove(element, at: index, in: item) }
        try done(item.set(pseudonyms.uids(String(decoding: item.text(at: index), as: UTF8.self)), at: index))
        counts.mappedUIDs += 1
    }

    private mutating func shift(_ element: EditableItem.Element, at index: Int, in item: EditableItem) throws {
        if element.isSequence { return try drop(element, at: index, in: item) }
        guard !element.isEmpty else { return }
        let text = String(decoding: item.text(at: index), as: UTF8.self)
        if let moved = DateShift(days: pseudonyms.days).values(text, representation: element.representation) {
            try done(item.set(moved, at: index))
            counts.shiftedDates += 1
        } else {
            warn(.unreadableDate, element)
            try drop(element, at: index, in: item)
        }
    }

    /// What stays is gone into, and its text searched.
    private mutating func look(_ element: EditableItem.Element, at index: Int, in item: EditableItem, hidesText: Bool) throws {
        if element.isSequence {
            for number in 0..<element.length { if let inner = item.item(at: index, number) { try clean(inner, hidesText: hidesText) } }
            return
        }
        guard DummyValue.typed.contains(element.representation), !element.isEmpty else { return }
        if hidesText {
            counts.replaced += 1
            try done(item.set(DummyValue.text(of: element.representation) ?? "", at: index))
        } else if identifying.occurs(in: item.text(at: index)) {
            warn(.identifyingText, element)
            counts.cleanedTexts += 1
            try done(item.set(DummyValue.text(of: element.representation) ?? "", at: index))
        }
    }

    mutating func warn(_ kind: DeidentificationWarning.Kind, _ element: EditableItem.Element) {
        let digits = { (number: UInt16) in
            String(repeating: "0", count: 4 - String(number, radix: 16).count) + String(number, radix: 16).uppercased()
        }
        let warning = DeidentificationWarning(kind: kind, detail: "at (\(digits(element.group)),\(digits(element.number)))")
        if !warnings.contains(warning) { warnings.append(warning) }
    }

    func done(_ isDone: Bool) throws {
        if !isDone { throw DeidentificationError(.unreadable, "an element cannot be changed") }
    }
}
