import Basics
import Findings
import Foundation
import PleuraTesting
import Testing

/// One table of words: every code has its sentence, and every sentence its code.
@Suite struct SentencesTests {
    @Test func everyWarningHasItsSentenceAndEverySentenceItsWarning() {
        let sentences = Sentences.english.codes.filter { !$0.hasPrefix("failure.") && !$0.hasPrefix("quality.") }
        #expect(sentences == Set(ImageWarning.Code.allCases.map(\.rawValue)))
    }

    @Test func everyKindOfQualityHasItsSentenceAndWhatIsMendedASecond() {
        let codes = ImageQuality.Code.allCases
        let expected = codes.map { "quality.\($0.rawValue)" } + codes.filter(\.isMendable).map { "quality.\($0.rawValue).mended" }
        #expect(Sentences.english.codes.filter { $0.hasPrefix("quality.") } == Set(expected))
        #expect(
            ImageQuality(.turned, value: 0.5, limit: 0.125, details: ["90"]).description
                == "the image is turned by 90 degrees (sureness 0.5, limit 0.13)")
        // A record without a number cannot be: whatever is measured stands in the sentence.
        for code in codes { #expect(ImageQuality(code, value: 0.31, limit: 7).description.contains("0.31"), "\(code)") }
    }

    /// The table has all codes of English, since what it lacks is in English; what matters is which sentences are its own.
    @Test func qualityAndPlacesAreToldInGerman() {
        let codes =
            Array(Sentences.english.codes.filter { $0.hasPrefix("quality.") }) + [
                "lung_missing", "heart_uncertain", "view_unknown", "patient_turned", "chest_cut", "child_not_comparable",
                "image_on_its_side",
                "finding_outside_chest", "heart_large", "heart_not_large",
            ]
        let values = ["v1", "v2", "v3"]
        for code in codes {
            let (english, german) = (Sentences.english.text(of: code, values), Sentences.german.text(of: code, values))
            #expect(english != german, "\(code)")
            for value in values { #expect(english.contains(value) == german.contains(value), "\(code)") }
        }
        #expect(Sentences.of("de-AT").text(of: "quality.blank", ["1", "8"]).hasPrefix("das Bild ist leer"))
        #expect(Sentences.of("fr").text(of: "quality.blank", ["1", "8"]).hasPrefix("the image is blank"))
    }

    /// The page's tables are read by the browser; the sentences in them are these.
    @Test(arguments: ["en", "de"]) func thePageSaysTheSame(_ language: String) throws {
        let file = Repository.root.appendingPathComponent("Sources/CWorkstationPage/Assets/words.\(language).json")
        let words = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
        let sentences = Sentences.of(language)
        for code in ImageQuality.Code.allCases {
            let key = "quality.\(code.rawValue)"
            for key in [key, key + ".mended"] where sentences.codes.contains(key) {
                #expect(words[key] == sentences.text(of: key, ["{1}", "{2}", "{3}"]), "\(key)")
            }
        }
        for code in words.keys where code.hasPrefix("anatomy.") {
            #expect(words[code] == sentences.text(of: String(code.dropFirst(8)), ["{1}", "{2}", "{3}"]), "\(code)")
        }
    }

    /// Codes are open; these are the rooms whose errors can end an image.
    @Test(arguments: ["Radiographs/RadiographError.swift", "Inference/InferenceError.swift"])
    func everyFailureHasItsSentence(_ file: String) throws {
        let text = try String(contentsOf: Repository.root.appendingPathComponent("Sources/\(file)"), encoding: .utf8)
        let codes = text.matches(of: #/= Code\(rawValue: "([^"]+)"\)/#).map { String($0.1) }
        #expect(codes.count > 3)
        for code in codes { #expect(ImageFailure(code: code, "").meaning.hasSuffix("."), "\(code)") }
    }

    @Test func valuesStandInTheirPlaces() throws {
        let sentences = try Sentences(json: Data(#"{"two": "{2} before {1}, and {1} again {3}"}"#.utf8))
        #expect(sentences.text(of: "two", ["{2}", "b"]) == "b before {2}, and {2} again ")
        #expect(sentences.text(of: "none", ["x"]) == "none x")
        #expect(ImageWarning(.oneFrameOfMany, "1", "200").description == "frame 1 of 200; --frame takes another")
    }

    @Test func anErrorOfOursIsToldInItsWordsAndAnothersIsNot() {
        struct Foreign: Error { let patient = "Doe" }
        let own = ImageFailure(LabelMapError(.damaged, "line 3"))
        #expect(own.code == "damaged" && own.description == "damaged: line 3" && ImageFailure(own) == own)
        #expect(ImageFailure(Foreign()).description == "cannot be read")
    }
}
