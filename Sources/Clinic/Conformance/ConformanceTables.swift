import DICOMNetwork
import ResultObjects

/// The tables of the DICOM Conformance Statement, as the code has them.
public enum ConformanceTables {
    /// Markdown, a heading and a table each.
    public static var text: String {
        [
            table(
                "Services of the node (SCP)", ["Service", "SOP class", "UID"],
                [
                    row("Verification", "1.2.840.10008.1.1"),
                    row("Storage Commitment Push Model", "1.2.840.10008.1.20.1"),
                ]
                    + StorageClasses.images.map { row("Storage", $0) }),
            table(
                "Services that it asks for (SCU)", ["Service", "SOP class", "UID"],
                [
                    row("Verification", "1.2.840.10008.1.1"),
                    row("Storage Commitment Push Model", "1.2.840.10008.1.20.1"),
                    row("Query", DICOMClient.InformationModel.studyRootFind.rawValue),
                    row("Retrieve (C-MOVE)", DICOMClient.InformationModel.studyRootMove.rawValue),
                    row("Modality Worklist", DICOMClient.InformationModel.worklist.rawValue),
                ] + made.map { row("Storage of results", $0) }),
            table(
                "Transfer syntaxes that the node takes", ["Transfer syntax", "UID"],
                TransferSyntaxes.all.map { [UniqueIdentifierName.of($0), $0] }),
            table(
                "Objects that Pleura makes", ["Object", "Modality", "SOP class"],
                [
                    ["Structured report", "SR", "\(name(made[0])), or \(name(made[1])) where it is asked for"],
                    ["Presentation state", "PR", "\(name(made[2])), of colour images \(name(made[3]))"],
                    ["Secondary capture", "OT", name(made[4])],
                    ["Segmentation", "SEG", name(made[5])],
                    ["Document", "DOC", name(made[6])],
                ]),
            table(
                "Limits of the node", ["What", "Usual"],
                [
                    ["Associations at once", "\(usual.associationLimit); the next one is rejected, transient, local limit exceeded"],
                    ["Maximum PDU", "\(usual.maximumPDU) bytes"],
                    ["Silence of a peer", "\(usual.patience) s"],
                    ["Silence before an association", "\(usual.openingPatience) s"],
                    ["Room on the disk that is left", "256 MB, by configuration"],
                ]),
        ].joined(separator: "\n")
    }

    /// SOP classes of result objects.
    private static let made = [
        "1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.5.1.4.1.1.88.34", "1.2.840.10008.5.1.4.1.1.11.1", "1.2.840.10008.5.1.4.1.1.11.2",
        "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.104.1",
    ]

    private static let usual = DICOMNodeSettings(title: "PLEURA", folder: "")

    private static func name(_ uid: String) -> String { UniqueIdentifierName.of(uid) }
    private static func row(_ service: String, _ uid: String) -> [String] { [service, name(uid), uid] }

    private static func table(_ title: String, _ head: [String], _ rows: [[String]]) -> String {
        let lines = [head, head.map { _ in "---" }] + rows
        return "### \(title)\n\n" + lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n") + "\n"
    }
}
