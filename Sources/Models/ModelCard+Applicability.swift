import Domains
import Findings
import Foundation
import Radiographs

extension ModelCard {
    /// Which images a model is for, and what becomes of others. A card without it is read by its words: a model for chests warns of what the
    /// header says against a chest, one for frontal views of other views, one for adults of children.
    public struct Applicability: Codable, Hashable, Sendable {
        public enum Response: String, Codable, Hashable, Sendable {
            /// Takes it without a word.
            case ignore
            /// Looks at it and says what speaks against it.
            case warn
            /// Does not look at it.
            case refuse
        }

        /// What it is for, in words that can follow "the model is for", such as "frontal chest radiographs".
        public var subject: String
        /// For what no projection radiograph of the body is: CT, ultrasound, a document.
        public var technique: Response
        /// For another part than the chest.
        public var bodyPart: Response
        /// For another view than from behind or from the front.
        public var view: Response
        /// For patients below `minimumAge`.
        public var age: Response
        /// Years.
        public var minimumAge: Double?

        public init(
            subject: String, technique: Response = .warn, bodyPart: Response = .warn, view: Response = .warn, age: Response = .warn,
            minimumAge: Double? = nil
        ) {
            self.subject = subject
            self.technique = technique
            self.bodyPart = bodyPart
            self.view = view
            self.age = age
            self.minimumAge = minimumAge
        }

        private enum CodingKeys: String, CodingKey {
            case subject, technique, view, age
            case bodyPart = "body_part"
            case minimumAge = "minimum_age"
        }

        /// Nothing is known of what the model is for.
        static let anything = Applicability(subject: "any image", technique: .ignore, bodyPart: .ignore, view: .ignore, age: .ignore)

        /// By the words of an intended use.
        init(words: String) {
            let words = words.lowercased()
            self = .anything
            guard words.contains("chest") else { return }
            let isFrontal = words.contains("frontal")
            subject = "\(isFrontal ? "frontal " : "")chest radiographs"
            (technique, bodyPart, view) = (.warn, .warn, isFrontal ? .warn : .ignore)
            if words.contains("adult") { (age, minimumAge) = (.warn, 18) }
        }
    }

    /// What an image's header and size say about a model that is for other images.
    public struct Objections: Hashable, Sendable {
        public var warnings: [ImageWarning] = []
        /// Why the model does not look at the image; `nil` where it does.
        public var refusal: ImageFailure?

        public init() {}
    }

    /// Whom the model is for, by the card or by its words.
    var rules: Applicability {
        if let applicability { return applicability }
        guard let domain else { return Applicability(words: intendedUse) }
        guard domain.header.table == .frontalChest else {
            // Its own lists are asked below.
            return Applicability(subject: domain.subject, technique: .ignore, bodyPart: .ignore, view: .ignore, age: .ignore)
        }
        var rules = Applicability(words: intendedUse)
        (rules.subject, rules.technique, rules.bodyPart) = (domain.subject, .refuse, .refuse)
        return rules
    }

    /// What the header says against the image.
    public func objections(to header: ImageHeader) -> Objections {
        let (rules, claims) = (rules, header.claims)
        var objections = Objections()
        func object(_ response: Applicability.Response, _ warning: @autoclosure () -> ImageWarning) {
            switch response {
            case .ignore: break
            case .warn: objections.warnings.append(warning())
            case .refuse:
                if objections.refusal == nil {
                    objections.refusal = ImageFailure(code: Self.outsideUse, "\(Self.outsideUse): \(warning())")
                }
            }
        }
        // All that is told alike in one sentence.
        for response in [Applicability.Response.refuse, .warn] {
            let told = HeaderClaims(
                technique: rules.technique == response ? claims.technique : nil,
                bodyPart: rules.bodyPart == response ? claims.bodyPart : nil, view: rules.view == response ? claims.view : nil)
            if let words = told.words { object(response, ImageWarning(.headerOutsideUse, words, rules.subject)) }
        }
        if let minimum = rules.minimumAge, let age = header.patientAge, age < minimum {
            // Not the age itself: it is the patient's, and warnings and failures go into logs.
            object(rules.age, ImageWarning(.ageOutsideUse, minimum.formatted(.number.locale(Locale(identifier: "en_US_POSIX")))))
        }
        if let domain, objections.refusal == nil, let words = domain.header.objection(to: header) {
            objections.refusal = ImageFailure(
                code: Self.outsideUse, "\(Self.outsideUse): \(ImageWarning(.headerOutsideUse, words, domain.subject))")
        }
        if objections.refusal != nil { objections.warnings = [] }
        return objections
    }

    static let outsideUse = "outside use"

    /// What the pixels say against the image: that it is no chest; `nil` where they say nothing.
    /// - Parameters:
    ///   - width: Columns of the original.
    ///   - height: Rows of the original.
    ///   - image: The original, or made smaller.
    ///   - histogram: That of `image`.
    public func objection(toWidth width: Int, height: Int, image: PixelImage, histogram: GreyHistogram? = nil) -> ImageWarning? {
        let isForChests = rules.subject.lowercased().contains("chest")
        if isForChests || inputGate != nil, let code = InputGate.objection(toWidth: width, height: height) {
            return ImageWarning(code, String(width), String(height))
        }
        return inputGate.map { $0.accepts(image, histogram: histogram) } == false ? ImageWarning(.notAChest) : nil
    }
}
