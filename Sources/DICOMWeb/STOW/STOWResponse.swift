/// What became of the instances of a store request (STOW-RS, PS3.18 10.5.3 and annex I.2).
public struct STOWResponse: Hashable, Sendable {
    /// Failure Reason (0008,1197).
    public struct Failure: RawRepresentable, Hashable, Sendable {
        public let rawValue: UInt16
        public init(rawValue: UInt16) { self.rawValue = rawValue }
        public static let processingFailure = Failure(rawValue: 0x0110)
        public static let sopClassNotSupported = Failure(rawValue: 0x0122)
        public static let notAuthorised = Failure(rawValue: 0x0124)
        public static let outOfResources = Failure(rawValue: 0xA700)
        public static let dataSetDoesNotMatch = Failure(rawValue: 0xA900)
        /// No DICOM file, or a damaged one.
        public static let cannotUnderstand = Failure(rawValue: 0xC000)
        public static let transferSyntaxNotSupported = Failure(rawValue: 0xC122)
        /// The request was for one study, the instance is of another.
        public static let otherStudy = Failure(rawValue: 0xC409)
    }

    /// Warning Reason (0008,1196).
    public struct Warning: RawRepresentable, Hashable, Sendable {
        public let rawValue: UInt16
        public init(rawValue: UInt16) { self.rawValue = rawValue }
        public static let coercion = Warning(rawValue: 0xB000)
        public static let elementsDiscarded = Warning(rawValue: 0xB006)
        public static let dataSetDoesNotMatch = Warning(rawValue: 0xB007)
    }

    public struct Stored: Hashable, Sendable {
        public var sopClass: String
        public var sopInstance: String
        public var retrieveURL: String?
        public var warning: Warning?

        public init(sopClass: String, sopInstance: String, retrieveURL: String? = nil, warning: Warning? = nil) {
            (self.sopClass, self.sopInstance, self.retrieveURL, self.warning) = (sopClass, sopInstance, retrieveURL, warning)
        }
    }

    public struct Failed: Hashable, Sendable {
        /// `nil` where the part could not be read so far.
        public var sopClass: String?
        public var sopInstance: String?
        public var reason: Failure

        public init(sopClass: String? = nil, sopInstance: String? = nil, reason: Failure) {
            (self.sopClass, self.sopInstance, self.reason) = (sopClass, sopInstance, reason)
        }
    }

    /// Of the study, where all are of one.
    public var retrieveURL: String?
    public var stored: [Stored]
    public var failed: [Failed]

    public init(retrieveURL: String? = nil, stored: [Stored] = [], failed: [Failed] = []) {
        (self.retrieveURL, self.stored, self.failed) = (retrieveURL, stored, failed)
    }

    /// HTTP: 200 all stored, 202 some not or with a warning, 409 none; 400 where there was nothing.
    public var status: Int {
        if stored.isEmpty { return failed.isEmpty ? 400 : 409 }
        return failed.isEmpty && stored.allSatisfy { $0.warning == nil } ? 200 : 202
    }

    /// The body of the answer.
    public var dataset: DICOMJSON {
        var dataset = DICOMJSON()
        if let retrieveURL { dataset.set(.retrieveURL, retrieveURL) }
        let references = stored.map { instance in
            var item = Self.reference(instance.sopClass, instance.sopInstance)
            if let url = instance.retrieveURL { item.set(.retrieveURL, url) }
            if let warning = instance.warning { item.set(.warningReason, Int(warning.rawValue)) }
            return item
        }
        let (named, nameless) = (failed.filter { $0.sopInstance != nil }, failed.filter { $0.sopInstance == nil })
        if !references.isEmpty { dataset.set(.referencedSOPSequence, items: references) }
        if !named.isEmpty {
            dataset.set(
                .failedSOPSequence,
                items: named.map { instance in
                    var item = Self.reference(instance.sopClass, instance.sopInstance)
                    item.set(.failureReason, Int(instance.reason.rawValue))
                    return item
                })
        }
        if !nameless.isEmpty {
            dataset.set(
                .otherFailuresSequence,
                items: nameless.map { instance in
                    var item = DICOMJSON()
                    item.set(.failureReason, Int(instance.reason.rawValue))
                    return item
                })
        }
        return dataset
    }

    private static func reference(_ sopClass: String?, _ sopInstance: String?) -> DICOMJSON {
        var item = DICOMJSON()
        item.set(.referencedSOPClassUID, sopClass)
        item.set(.referencedSOPInstanceUID, sopInstance)
        return item
    }
}

extension DICOMAttribute {
    static let referencedSOPClassUID = DICOMAttribute(tag: 0x0008_1150)
    static let referencedSOPInstanceUID = DICOMAttribute(tag: 0x0008_1155)
    static let warningReason = DICOMAttribute(tag: 0x0008_1196)
    static let failureReason = DICOMAttribute(tag: 0x0008_1197)
    static let failedSOPSequence = DICOMAttribute(tag: 0x0008_1198)
    static let referencedSOPSequence = DICOMAttribute(tag: 0x0008_1199)
    static let otherFailuresSequence = DICOMAttribute(tag: 0x0008_119A)
}
