import DICOM
import Terminology

/// An item of a report's tree (PS3.3 C.17.3).
struct ContentItem {
    enum Relation: String {
        case contains = "CONTAINS"
        case hasObservationContext = "HAS OBS CONTEXT"
        case hasConceptModifier = "HAS CONCEPT MOD"
        case selectedFrom = "SELECTED FROM"
        case inferredFrom = "INFERRED FROM"
        case hasProperties = "HAS PROPERTIES"
    }

    enum Value {
        /// With the identifier of its template (PS3.16), where it is one's root.
        case container(template: String?)
        case code(Code)
        case text(String)
        case uid(String)
        case personName(String)
        case number(Double, unit: Code)
        case image(SourceImage)
        /// A segment of a segmentation, from 1.
        case segment(sopClass: String, sopInstance: String, number: Int)
        /// Columns and rows in turn, from the top-left corner of the top-left pixel, closed.
        case outline([Float])
    }

    var relation: Relation
    var name: Code?
    var value: Value
    var children: [ContentItem]

    init(_ relation: Relation, _ name: Code?, _ value: Value, _ children: [ContentItem] = []) {
        (self.relation, self.name, self.value, self.children) = (relation, name, value, children)
    }

    /// Fills an item of Content Sequence.
    func write(to item: DICOMWriter.Item) {
        item.set(.relationshipType, relation.rawValue)
        writeContent(to: item)
    }

    /// Of the root, too, which is in no relation.
    func writeContent(to item: DICOMWriter.Item) {
        item.set(.valueType, valueType)
        if let name { item.code(.conceptNameCodeSequence, name) }
        writeValue(to: item)
        for child in children { child.write(to: item.append(.contentSequence)) }
    }

    private var valueType: String {
        switch value {
        case .container: "CONTAINER"
        case .code: "CODE"
        case .text: "TEXT"
        case .uid: "UIDREF"
        case .personName: "PNAME"
        case .number: "NUM"
        case .image, .segment: "IMAGE"
        case .outline: "SCOORD"
        }
    }

    private func writeValue(to item: DICOMWriter.Item) {
        switch value {
        case .container(let template):
            item.set(.continuityOfContent, "SEPARATE")
            guard let template else { return }
            let identification = item.append(.contentTemplateSequence)
            identification.set(.mappingResource, "DCMR")
            identification.set(.templateIdentifier, template)
        case .code(let code): item.code(.conceptCodeSequence, code)
        case .text(let text): item.set(.textValue, text)
        case .uid(let uid): item.set(.uid, uid)
        case .personName(let name): item.set(.personName, name)
        case .number(let number, let unit):
            let measured = item.append(.measuredValueSequence)
            measured.code(.measurementUnitsCodeSequence, unit)
            measured.set(.numericValue, ConformantText.decimal(number))
        case .image(let image): image.reference(item.append(.referencedSOPSequence))
        case .segment(let sopClass, let sopInstance, let number):
            let reference = item.append(.referencedSOPSequence)
            reference.set(.referencedSOPClassUID, sopClass)
            reference.set(.referencedSOPInstanceUID, sopInstance)
            reference.set(.referencedSegmentNumber, number)
        case .outline(let points):
            item.numbers(.graphicData, points)
            item.set(.graphicType, "POLYLINE")
        }
    }
}
