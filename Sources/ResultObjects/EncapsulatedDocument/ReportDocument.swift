import DICOM
import Foundation
import Results
import Terminology

/// What stands on the pages of the report.
struct ReportDocument {
    private let content: ResultContent

    init(_ content: ResultContent) { self.content = content }

    /// Where the lines for programs begin in the file's keywords.
    static let mark = "pleura findings 1"

    /// The same content gives the same bytes.
    func pdf() throws -> Data {
        let (result, words) = (content.result, content.words)
        let lines = FindingLines.text(content.images.flatMap(\.findings), content)
        let canvas = try DocumentCanvas(
            DocumentCanvas.Description(
                title: words.report, author: result.reader.person ?? content.algorithmName, subject: StudyResult.notice,
                keywords: ConformantText.ascii("\(Self.mark)\n\(lines)".replacingOccurrences(of: "\r\n", with: "\n")),
                date: content.issued.iso))
        var layout = DocumentLayout(canvas)
        layout.add(words.report, size: 16, isBold: true)
        addHead(&layout)
        layout.add(words.findings, size: 12, isBold: true, gap: 12)
        addFindings(&layout)
        for remark in content.remarks { layout.add(remark, gap: 4) }
        if !result.text.isEmpty { layout.add(clean(result.text), gap: 10) }
        if let link = result.link { layout.add(clean(link), size: 8, gap: 8, grey: 0.35) }
        if content.options.hasKeyPicture, let image = content.readImages.first(where: { !$0.findings.isEmpty }) ?? content.readImages.first,
            image.bytes != nil
        {
            layout.add(try content.pictures.picture(of: image, in: content, quality: content.options.jpegQuality), gap: 14)
        }
        for (index, page) in layout.pages.enumerated() { try draw(page, index + 1, of: layout.pages.count, on: canvas) }
        return try canvas.finish()
    }

    private func addHead(_ layout: inout DocumentLayout) {
        let (result, words) = (content.result, content.words)
        layout.add("", size: 6)
        let identity = content.identity
        if !patient.isEmpty { layout.add(words.patient, clean(patient)) }
        if let born = identity.text(.patientBirthDate) { layout.add(words.born, Self.day(born)) }
        let study = [identity.text(.studyDescription), identity.text(.studyDate).map(Self.day)].compactMap { $0 }.joined(separator: ", ")
        if !study.isEmpty { layout.add(words.study, clean(study)) }
        if let number = identity.text(.accessionNumber) { layout.add(words.accession, clean(number)) }
        if let person = result.reader.person { layout.add(words.reader, clean(person)) }
        if let model = result.reader.model { layout.add(words.model, clean("\(model.name) \(model.version) (\(model.digest.prefix(12)))")) }
        layout.add(words.read, "\(content.issued.readable), \(words.status(result.status))")
    }

    /// Name, number and sex, as far as they are known.
    private var patient: String {
        // The first way of writing a name that has several, as people write it.
        let name = (content.identity.text(.patientName) ?? content.result.patient.name)?.split(separator: "=").first
            .map { $0.split(separator: "^").joined(separator: " ") }
        return [name, content.identity.text(.patientID), content.identity.text(.patientSex)].compactMap { $0 }.joined(separator: ", ")
    }

    private func addFindings(_ layout: inout DocumentLayout) {
        for (image, finding) in content.images.flatMap({ image in image.findings.map { (image, $0) } }) {
            let score = finding.score.map { " " + ResultContent.twoDecimals($0) } ?? ""
            // The codes' meanings are in English.
            let site =
                content.words.language.value != "en"
                ? nil
                : content.terminology.site(of: finding).map {
                    [$0.site.meaning, $0.laterality?.meaning].compactMap { $0 }.joined(separator: ", ")
                }
            let place = [site, content.images.count > 1 ? content.words.image(image.number) : nil].compactMap { $0 }.joined(separator: "; ")
            let other = finding.alternativeTo.map { " (\(content.words.alternative($0)))" } ?? ""
            let mark = finding.isExperimental ? " (\(content.words.experimental))" : ""
            layout.add("\(finding.id)   \(clean(finding.label))\(mark)\(score)" + (place.isEmpty ? "" : "   \(place)") + other, gap: 2)
        }
        if content.isSilenceMeaningful { layout.add(content.words.nothingFound, gap: 2) }
    }

    /// Head and foot of each page say what it is for.
    private func draw(_ page: DocumentLayout.Page, _ number: Int, of count: Int, on canvas: DocumentCanvas) throws {
        let (width, height) = DocumentCanvas.size
        canvas.fill(x: 0, y: 0, width: width, height: 40, grey: 0.13)
        canvas.setFont(size: 11, isBold: true)
        canvas.write(StudyResult.notice, x: (width - canvas.width(of: StudyResult.notice)) / 2, baseline: 24, grey: 1)
        for line in page.lines {
            canvas.setFont(size: line.size, isBold: line.isBold)
            canvas.write(line.text, x: line.x, baseline: line.baseline, grey: line.grey)
        }
        if let picture = page.picture { try canvas.place(picture.picture, x: picture.x, y: picture.y, width: picture.width) }
        canvas.setFont(size: 8, isBold: false)
        let foot = "\(StudyResult.notice)   \(content.words.page(number, count))"
        canvas.write(foot, x: (width - canvas.width(of: foot)) / 2, baseline: height - 32, grey: 0.35)
        // Pages get apart: each says whose it is.
        let owner = clean(
            [patient, content.identity.text(.accessionNumber)].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", "))
        canvas.write(owner, x: (width - canvas.width(of: owner)) / 2, baseline: height - 20, grey: 0.35)
        canvas.endPage()
    }

    /// From YYYYMMDD.
    private static func day(_ date: String) -> String { "\(date.prefix(4))-\(date.dropFirst(4).prefix(2))-\(date.suffix(2))" }

    private func clean(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x7F }))
    }
}
