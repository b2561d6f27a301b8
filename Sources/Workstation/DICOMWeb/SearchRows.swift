import Archive
import DICOMWeb
import Foundation
import Results

/// What a search of DICOMweb looks at and answers. Who the patient is says the archive, which knows of corrections; the rest say the files.
struct SearchRows {
    let web: DICOMWebAddress

    private static func attributes(_ tags: UInt32...) -> [DICOMAttribute] { tags.map { DICOMAttribute(tag: $0) } }

    /// What a study's row in the archive tells without its files.
    static let known = Set(
        attributes(
            0x0008_0020, 0x0008_0050, 0x0008_1030, 0x0010_0010, 0x0010_0020, 0x0010_0021, 0x0010_0030, 0x0010_0040, 0x0020_000D))

    /// Of a file's header what is the study's: StudyTime, ReferringPhysicianName, TimezoneOffsetFromUTC, PatientAge, StudyID.
    private static let ofStudy = attributes(0x0008_0030, 0x0008_0090, 0x0008_0201, 0x0010_1010, 0x0020_0010)
    /// What is the series': dates and times, modality, manufacturer, institution, station, description, body part, protocol, laterality, number, request.
    private static let ofSeries = attributes(
        0x0008_0021, 0x0008_0031, 0x0008_0060, 0x0008_0070, 0x0008_0080, 0x0008_1010, 0x0008_103E, 0x0008_1090, 0x0018_0015, 0x0018_1030,
        0x0018_5100, 0x0020_0011, 0x0020_0060, 0x0040_0244, 0x0040_0245, 0x0040_0275)

    /// What is known of a study without its files.
    func known(_ study: Study) -> DICOMJSON {
        var row = DICOMJSON()
        row.set(DICOMAttribute(tag: 0x0008_0005), "ISO_IR 192")
        row.set(DICOMAttribute(tag: 0x0008_0020), study.studyDate.map(Self.date))
        row.set(DICOMAttribute(tag: 0x0008_0050), study.accessionNumber)
        if let description = study.studyDescription { row.set(DICOMAttribute(tag: 0x0008_1030), description) }
        row.set(.patientName, study.patient.name)
        row.set(.patientID, study.patient.id)
        if let issuer = study.patient.issuer { row.set(DICOMAttribute(tag: 0x0010_0021), issuer) }
        row.set(DICOMAttribute(tag: 0x0010_0030), study.patient.birthDate.map(Self.date))
        row.set(DICOMAttribute(tag: 0x0010_0040), study.patient.sex)
        row.set(.studyInstanceUID, study.uid)
        return row
    }

    /// - Parameters:
    ///   - objects: All of the study.
    ///   - header: Of the first of them.
    func study(_ study: Study, _ objects: [StoredObject], modalities: [String], header: DICOMJSON?) -> DICOMJSON {
        var row = known(study)
        Self.copy(Self.ofStudy, from: header, to: &row)
        row[.modalitiesInStudy] = DICOMJSON.Element("CS", modalities.map { .text($0) })
        row[DICOMAttribute(tag: 0x0008_0062)] = DICOMJSON.Element("UI", Self.unique(objects.compactMap(\.sopClassUID)).map { .text($0) })
        row.set(DICOMAttribute(tag: 0x0008_0056), "ONLINE")
        row.set(.retrieveURL, web.study(study.uid))
        row.set(DICOMAttribute(tag: 0x0020_1206), Set(objects.map(\.seriesInstanceUID)).count)
        row.set(DICOMAttribute(tag: 0x0020_1208), objects.count)
        return row
    }

    /// - Parameters:
    ///   - row: Of the study.
    ///   - objects: Of the series.
    ///   - header: Of the first of them.
    func series(_ row: DICOMJSON, _ objects: [StoredObject], header: DICOMJSON?) -> DICOMJSON {
        var row = row
        Self.copy(Self.ofSeries, from: header, to: &row)
        guard let first = objects.first else { return row }
        if row[.modality] == nil { row.set(.modality, first.instance.modality) }
        row.set(.seriesInstanceUID, first.seriesInstanceUID)
        row.set(DICOMAttribute(tag: 0x0020_1209), objects.count)
        row.set(.retrieveURL, web.series(first.seriesInstanceUID, study: first.study.uid))
        return row
    }

    /// - Parameters:
    ///   - row: Of the series.
    ///   - header: Of the object.
    func instance(_ row: DICOMJSON, _ object: StoredObject, header: DICOMJSON?) -> DICOMJSON {
        var all = header ?? DICOMJSON()
        // Pixels and other large values are no part of an answer.
        all.elements = all.elements.filter { $0.value.bulkDataURI == nil }
        all.elements.merge(row.elements) { $1 }
        all.set(.sopClassUID, object.sopClassUID ?? header?.text(.sopClassUID))
        all.set(.sopInstanceUID, object.sopInstanceUID)
        all.set(.retrieveURL, object.address(web))
        return all
    }

    private static func copy(_ attributes: [DICOMAttribute], from header: DICOMJSON?, to row: inout DICOMJSON) {
        for attribute in attributes {
            if let element = header?[attribute], element.bulkDataURI == nil { row[attribute] = element }
        }
    }

    static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }

    /// `YYYY-MM-DD` as DICOM writes it.
    private static func date(_ text: String) -> String { text.filter { $0 != "-" } }
}
