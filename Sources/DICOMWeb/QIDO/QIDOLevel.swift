/// What is searched for, and which attributes an answer then has (PS3.18 tables 10.6.3-3 to 10.6.3-5).
public enum QIDOLevel: String, Hashable, Sendable, CaseIterable {
    case studies, series, instances

    private static func attributes(_ tags: UInt32...) -> Set<DICOMAttribute> { Set(tags.map { DICOMAttribute(tag: $0) }) }

    /// Of this level alone.
    var ownAttributes: Set<DICOMAttribute> {
        switch self {
        case .studies:
            Self.attributes(
                0x0008_0005, 0x0008_0020, 0x0008_0030, 0x0008_0050, 0x0008_0056, 0x0008_0061, 0x0008_0090, 0x0008_0201, 0x0008_1190,
                0x0010_0010, 0x0010_0020, 0x0010_0030, 0x0010_0040, 0x0020_000D, 0x0020_0010, 0x0020_1206, 0x0020_1208)
        case .series:
            Self.attributes(
                0x0008_0005, 0x0008_0060, 0x0008_0201, 0x0008_103E, 0x0008_1190, 0x0020_000E, 0x0020_0011, 0x0020_1209, 0x0040_0244,
                0x0040_0245, 0x0040_0275)
        case .instances:
            Self.attributes(
                0x0008_0005, 0x0008_0016, 0x0008_0018, 0x0008_0056, 0x0008_0201, 0x0008_1190, 0x0020_0013, 0x0028_0008, 0x0028_0010,
                0x0028_0011, 0x0028_0100)
        }
    }

    /// Those that every answer has. Whoever searches below a level without naming it gets that level's attributes too; the UIDs of all
    /// levels always.
    func attributes(study: String?, series: String?) -> Set<DICOMAttribute> {
        var all = ownAttributes
        switch self {
        case .studies: break
        case .series:
            all.insert(.studyInstanceUID)
            if study == nil { all.formUnion(QIDOLevel.studies.ownAttributes) }
        case .instances:
            all.formUnion([.studyInstanceUID, .seriesInstanceUID])
            if study == nil { all.formUnion(QIDOLevel.studies.ownAttributes) }
            if series == nil { all.formUnion(QIDOLevel.series.ownAttributes) }
        }
        return all
    }
}
