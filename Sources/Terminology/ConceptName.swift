/// The concepts besides findings and sites that outputs need, by a name; the table has a code for each.
public enum ConceptName: String, Hashable, Sendable, CaseIterable {
    /// The unit of a score.
    case percent
    case noUnits
    case millimetre
    /// The unit of a box in an image.
    case pixels
    /// The procedure that Pleura reads.
    case chestRadiograph
    case chestTwoViews
    case plainRadiography
    case posteroAnterior
    case anteroPosterior
    case lateral
    case leftLateral
    case rightLateral
    case frontal
    case oblique
    case computedRadiography
    case digitalRadiography
    case radiographicImaging
    case diagnosticImagingReport
    case radiologyReport
    case findingsSection
    case impressionsSection
    /// What is said where nothing was found.
    case noAbnormality
    case qualitativeEvaluations
    case findingSite
    case laterality
    case boundedBy
    case language
    case observerType
    case person
    case device
    case personObserverName
    case deviceObserverUID
    case deviceObserverName
    case deviceObserverManufacturer
    case deviceObserverModelName
    case deviceObserverSerialNumber
    case procedureReported
    case imageLibrary
    case imageLibraryGroup
    case imagingMeasurementReport
    case imagingMeasurements
    case measurementGroup
    case trackingIdentifier
    case trackingUniqueIdentifier
    case finding
    case findings
    case impression
    case conclusion
    case algorithmName
    case algorithmVersion
    case algorithmParameters
    case imageRegion
    /// Its value is `boundedBy`.
    case geometricPurpose
    case certaintyOfFinding
    /// In percent; the name that a score has in a Structured Report.
    case certaintyOfImpression
    case probability
    case sourceImage
    case study
    case boxLeft
    case boxTop
    case boxWidth
    case boxHeight
    case score
    case imageReference
    case frameReference
    case decision
    case alternativeTo
    /// The heart's width over the chest's; of its two lines the ends and the height.
    case cardiothoracicRatio
    case ratioError
    case heartLine
    case thoraxLine
}
