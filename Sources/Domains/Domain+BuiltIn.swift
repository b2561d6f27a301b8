import Foundation

extension Domain {
    /// The domains inside the program, the chest's first.
    public static let builtIns: [Domain] = texts.compactMap { text in
        // The files are part of the program; a test reads each.
        try? DomainFile.domain(yaml: text, file: "built in", folder: FileManager.default.temporaryDirectory)
    }

    private static let texts: [String] = [
        PackageResources.chest_radiograph_yaml, PackageResources.blood_smear_yaml, PackageResources.bone_radiograph_yaml,
        PackageResources.ultrasound_yaml, PackageResources.magnetic_resonance_yaml,
    ].map { String(decoding: $0, as: UTF8.self) }

    /// A built-in domain's file, with its comments; `nil` where there is none of that name.
    public static func builtInText(_ name: String) -> String? {
        builtIns.firstIndex { $0.name == name }.flatMap { texts.indices.contains($0) ? texts[$0] : nil }
    }

    public static let chestName = "chest-radiograph"

    public static func builtIn(_ name: String) -> Domain? { builtIns.first { $0.name == name } }

    /// Frontal chest radiographs: what Pleura was made for, and what a training takes where no other is named.
    public static let chestRadiograph =
        builtIn(chestName)
        ?? Domain(
            name: chestName, description: "Frontal chest radiographs.", subject: "frontal chest radiographs",
            readers: "radiologists", intendedUse: "", channels: 1, values: .percentile(low: 0.5, high: 99.5),
            mirror: MirrorRule(sides: .swapped), gate: GateRule(kind: .meanImage),
            header: HeaderRule(table: .frontalChest), burntInText: .keep, anatomy: [], units: [], codes: [], notice: DomainFile.notice(""))
}
