/// Words of radiography, of which a description may consist and tell nothing of the patient (Clean Descriptors).
enum SafeWords {
    private static let words: Set<String> = Set(
        """
        ap pa ll rl lat lateral left right oblique frontal supine erect upright standing sitting decubitus lordotic portable bedside \
        mobile chest thorax thoracic lung lungs rib ribs sternum clavicle shoulder spine cervical lumbar abdomen pelvis hip knee hand \
        foot skull xray x-ray x ray cr dx dr ct mr us radiograph radiography image images view views series study routine standard high \
        low resolution kv inspiration expiration inspiratory expiratory contrast without with w wo post pre axial coronal sagittal scout \
        localizer recon soft tissue bone window adult paediatric pediatric processed for presentation processing original derived \
        primary secondary of the and or in on one two 1 2 3 4
        """.split(separator: " ").map(String.init))

    /// Whether the text is of such words alone.
    static func holdsOnlyThem(_ text: [UInt8]) -> Bool {
        let parts = String(decoding: text, as: UTF8.self).lowercased().split { " \\,;:/()+._&".contains($0) || $0.isNewline }
        return parts.allSatisfy { words.contains(String($0)) }
    }
}
