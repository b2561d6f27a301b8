/// Content Sequence of structured reports (PS3.15 E.3.4).
extension DatasetCleaner {
    /// All content gives way to one comment that says nothing, since Content Sequence may have to be there.
    mutating func replaceContent(_ element: EditableItem.Element, at index: Int, in item: EditableItem) throws {
        try done(item.setEmpty(at: index))
        let comment = try item.append(0x0040_A730)
        try comment.put(0x0040_A010, "CS", "CONTAINS")
        try comment.put(0x0040_A040, "CS", "TEXT")
        let name = try comment.append(0x0040_A043)
        try name.put(0x0008_0100, "SH", "121106")
        try name.put(0x0008_0102, "SH", "DCM")
        try name.put(0x0008_0104, "LO", "Comment")
        try comment.put(0x0040_A160, "UT", DummyValue.text)
    }

    /// Items that are known to tell nothing of the patient stay: codes, numbers, coordinates, containers, and references, whose UIDs are
    /// mapped.
    mutating func cleanContent(_ element: EditableItem.Element, at index: Int, in item: EditableItem) throws {
        for number in stride(from: element.length - 1, through: 0, by: -1) {
            guard let content = item.item(at: index, number) else { continue }
            if try !keeps(content) {
                try done(item.removeItem(at: index, number))
                counts.removed += 1
            }
        }
    }

    /// Cleans a content item; false where it has to go.
    private mutating func keeps(_ content: EditableItem) throws -> Bool {
        let type = content.string(0x0040_A040)
        var action = ConfidentialityProfile.Action.unlisted
        for index in 0..<content.count where content.element(at: index)?.tag == 0x0040_A043 {
            guard let name = content.item(at: index, 0) else { continue }
            action = profile.action(contentItem: name.string(0x0008_0102), name.string(0x0008_0100), options)
        }
        switch (action, type) {
        case (.remove, _): return false
        case (.keep, _), (.shift, "DATE"), (.shift, "TIME"), (.shift, "DATETIME"): break
        // What is not in Table E.3.4-1 goes by its kind.
        case (_, "CODE"), (_, "NUM"), (_, "CONTAINER"), (_, "SCOORD"), (_, "SCOORD3D"), (_, "TCOORD"), (_, "IMAGE"), (_, "COMPOSITE"),
            (_, "WAVEFORM"), (_, "UIDREF"), (_, ""):
            break
        case (_, "DATE"), (_, "TIME"), (_, "DATETIME"): if options.dates == .removed { return false }
        case (.dummy, "TEXT"), (.cleanText, "TEXT"): break
        default: return false
        }
        for index in stride(from: content.count - 1, through: 0, by: -1) {
            guard let element = content.element(at: index) else { continue }
            try cleanValue(element, at: index, in: content, action)
        }
        return true
    }

    private mutating func cleanValue(
        _ element: EditableItem.Element, at index: Int, in content: EditableItem, _ action: ConfidentialityProfile.Action
    ) throws {
        let hidesText = action == .dummy || action == .cleanText
        switch element.tag {
        case 0x0040_A730: try cleanContent(element, at: index, in: content)
        case 0x0040_A160 where hidesText:
            if action == .dummy || !SafeWords.holdsOnlyThem(content.text(at: index)) { try done(content.set(DummyValue.text, at: index)) }
        case 0x0040_A124 where !options.retainsUIDs && action != .keep:
            try done(content.set(pseudonyms.uids(String(decoding: content.text(at: index), as: UTF8.self)), at: index))
            counts.mappedUIDs += 1
        case 0x0040_A120, 0x0040_A121, 0x0040_A122:
            if options.dates == .full { return }
            let text = String(decoding: content.text(at: index), as: UTF8.self)
            let moved =
                options.dates == .modified
                ? DateShift(days: pseudonyms.days).values(text, representation: element.representation) : nil
            try done(content.set(moved ?? DummyValue.text(of: element.representation) ?? "", at: index))
            counts.shiftedDates += moved == nil ? 0 : 1
        // Codes and their meanings are the standard's; names of a site's own scheme are searched as other text is.
        default: try cleanOne(element, at: index, in: content)
        }
    }
}
