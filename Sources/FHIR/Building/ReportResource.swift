import Foundation
import Results
import Terminology

extension ResultResources {
    var reportStatus: R4.ReportStatus {
        switch result.status {
        case .preliminary: .preliminary
        case .final: .final
        case .amended: options.saysCorrected ? .corrected : .amended
        }
    }

    /// By the study: whoever reads it, there is one report of it.
    var reportIdentifier: R4.Identifier { R4.Identifier(system: options.systems.report, value: result.study.uid) }

    func report(results: [R4.Reference], pdf: Data?) -> R4.DiagnosticReport {
        var code = R4.CodeableConcept(terminology.code(.diagnosticImagingReport), terminology)
        code.text = PlainText.line(result.study.description)
        var report = R4.DiagnosticReport(status: reportStatus, code: code)
        report.meta = meta
        report.language = PlainText.line(result.language)
        report.identifier = [
            reportIdentifier, R4.Identifier(use: .secondary, system: options.systems.result, value: result.identifier),
        ]
        report.basedOn = basedOn
        report.category = [R4.CodeableConcept(coding: [R4.Coding(system: Self.sections, code: "RAD", display: "Radiology")])]
        report.subject = subject
        report.encounter = encounter
        report.effective = started.map { .dateTime($0) }
        report.issued = R4.Instant(result.issued)
        // A device is no performer of a report (R4): the observations name it.
        report.performer = readers.orNil
        report.resultsInterpreter = readers.orNil
        report.result = results.orNil
        report.imagingStudy = [R4.Reference(reference: address("study"), type: "ImagingStudy")]
        report.conclusion = conclusion
        report.conclusionCode = conclusionCodes.orNil
        var forms: [R4.Attachment] = []
        if let text = PlainText.clean(result.text) {
            let whole = text.contains(StudyResult.notice) ? text : text + "\n\n" + StudyResult.notice + "\n"
            forms.append(
                R4.Attachment(
                    contentType: "text/plain; charset=utf-8", language: report.language, data: Data(whole.utf8), title: "Report"))
        }
        if let pdf { forms.append(R4.Attachment(contentType: "application/pdf", language: report.language, data: pdf, title: "Report")) }
        if let link = PlainText.line(result.link), !link.contains(" ") {
            forms.append(R4.Attachment(contentType: "text/html", url: link, title: "Page of the study"))
        }
        report.presentedForm = forms.orNil
        return report
    }

    /// The report in words, and that it is for research.
    private var conclusion: String {
        let text = PlainText.clean(result.text)
        let words =
            text ?? (result.findings.isEmpty ? (isSilenceMeant ? "No finding." : "Not every image could be read without a doubt.") : nil)
        guard let words else { return StudyResult.notice }
        return words.contains(StudyResult.notice) ? words : StudyResult.notice + "\n" + words
    }

    /// Each label once, best first.
    private var conclusionCodes: [R4.CodeableConcept] {
        if result.findings.isEmpty { return isSilenceMeant ? [R4.CodeableConcept(terminology.code(.noAbnormality), terminology)] : [] }
        var labels: [String] = []
        for finding in result.findings where finding.alternativeTo == nil && !labels.contains(finding.label) {
            labels.append(finding.label)
        }
        return labels.map { R4.CodeableConcept(terminology.finding($0).codes, text: PlainText.clean($0), terminology) }
    }
}
