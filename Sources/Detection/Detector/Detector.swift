import Anatomy
import Domains
import Findings
import Foundation
import Geometry
import Inference
import Models
import Radiographs

/// A model ready for use: its bundle and its network, or those of an ensemble's members, from one radiograph to its findings.
public struct Detector: Sendable {
    public let bundle: ModelBundle
    public let settings: EngineSettings
    /// Whether what can be mended without guessing is mended before the networks see it; false only to tell.
    public var mends = true
    let members: [DetectorMember]
    /// What the members' networks take, each once.
    private var preprocessings: [Preprocessing]
    /// By the finding's name: how its boxes' scores become probabilities.
    private let calibrations: [String: ScoreCalibration]

    /// Says where lungs and heart are and with it where findings lie; `nil` where nobody asked.
    public var anatomy: AnatomySegmenter?

    /// The lowest score that figures and operating points are computed from: a detector's curve goes on below any threshold in use.
    public static let scoreFloor = 0.001

    /// How many boxes each member of an ensemble may vote with at least: what is its hundred-and-first box may be the tenth of all.
    private static let leastVotes = 300

    /// - Throws: `InferenceError` where a network cannot be loaded or does not fit its bundle's card and label map.
    public init(bundle: ModelBundle, settings: EngineSettings = EngineSettings()) throws {
        try self.init(bundle: bundle, settings: settings, networks: nil)
    }

    /// - Parameter networks: Run in place of the bundle's own, one a member: what an explanation's control has made of them.
    package init(bundle: ModelBundle, settings: EngineSettings, networks: [URL]?) throws {
        guard bundle.card.kind == nil else {
            throw InferenceError(.wrongNetwork, "\(bundle.card.name) says where structures are and finds nothing; it goes with --anatomy")
        }
        self.bundle = bundle
        self.settings = settings
        calibrations = Dictionary(
            (bundle.card.calibrations ?? []).filter { $0.subject == .box }.map { ($0.finding, $0.curve) }
        ) { first, _ in first }
        var (members, preprocessings) = ([DetectorMember](), [Preprocessing]())
        for (position, network) in (bundle.ensemble?.members.map(\.bundle) ?? [bundle]).enumerated() {
            let wanted = network.card.preprocessing
            let index = preprocessings.firstIndex(of: wanted) ?? preprocessings.count
            if index == preprocessings.count { preprocessings.append(wanted) }
            let other = networks.flatMap { $0.indices.contains(position) ? $0[position] : nil }
            members.append(try DetectorMember(bundle: network, settings: settings, inputIndex: index, network: other))
        }
        (self.members, self.preprocessings) = (members, preprocessings)
    }

    /// Everything: preprocessing, network, suppression, boxes in pixels of the original image.
    /// - Parameters:
    ///   - source: Where the radiograph comes from.
    ///   - threshold: Lowest score that makes a finding; `nil` takes the card's.
    /// - Throws: `RadiographError`, `InferenceError`; `ImageFailure` where the card refuses the image.
    public func findings(in radiograph: Radiograph, from source: ImageSource, threshold: Double? = nil) throws -> ImageFindings {
        try findings(prepare(radiograph, from: source), threshold: threshold)
    }

    /// The part before the network, which may run while the network is busy with another image.
    public func prepare(_ radiograph: Radiograph, from source: ImageSource) throws -> PreparedRadiograph {
        try prepare(ReducedRadiograph(radiograph), from: source)
    }

    /// The part before the network, of a radiograph that may have been decoded for `inputSide` alone.
    /// - Throws: `ImageFailure` where the card refuses the image.
    public func prepare(_ reduced: ReducedRadiograph, from source: ImageSource) throws -> PreparedRadiograph {
        let radiograph = reduced.radiograph
        var histogram: GreyHistogram? = reduced.image.pixels.histogram()
        var warnings = radiograph.warnings
        let header = radiograph.header
        if let frame = header.frame, header.frameCount > 1 {
            warnings.append(ImageWarning(.oneFrameOfMany, String(frame), String(header.frameCount)))
        }
        let objections = bundle.card.objections(to: header)
        if let refusal = objections.refusal { throw refusal }
        warnings += objections.warnings
        let examined = try examined(reduced, histogram)
        let picture = examined?.picture ?? reduced
        if examined?.frame != nil { histogram = nil }
        let isCut = examined?.quality.contains { $0.code == .borders && $0.isMended } ?? false
        var seen = bundle.card.objections(to: picture, histogram: histogram, isCut: isCut)
        seen.refusal?.quality = examined?.quality ?? []
        if let refusal = seen.refusal { throw refusal }
        warnings += seen.warnings
        var prepared = try prepareUnasked(picture, from: source, histogram: histogram, warnings: warnings)
        (prepared.frame, prepared.quality) = (examined?.frame, examined?.quality ?? [])
        return prepared
    }

    /// The image as the networks are to see it, and what is said of its quality; `nil` where the card has no limits.
    /// - Throws: `ImageFailure` where it cannot be read for its quality.
    private func examined(_ picture: ReducedRadiograph, _ histogram: GreyHistogram?) throws(ImageFailure) -> ExaminedRadiograph? {
        let card = bundle.card
        // A size that no chest has is told by that alone.
        guard let limits = card.quality, card.inputChannels == 1, min(picture.image.width, picture.image.height) >= 32 else { return nil }
        let examined = limits.examined(picture, histogram: histogram, mends: mends)
        if let refusal = examined.refusal {
            throw ImageFailure(code: "outside use", "outside use: \(refusal)", quality: examined.quality)
        }
        return examined
    }

    /// The same model with other steps before its networks: to measure what a step is worth. It does not see what it was trained on any more.
    public func preprocessing(_ change: (Preprocessing) -> Preprocessing) -> Detector {
        var detector = self
        detector.preprocessings = preprocessings.map(change)
        return detector
    }

    /// The same without asking whether the model is for such an image, such as noise that only its speed is measured with.
    func prepareUnasked(
        _ reduced: ReducedRadiograph, from source: ImageSource, histogram: GreyHistogram? = nil, warnings: [ImageWarning] = []
    ) throws -> PreparedRadiograph {
        let (image, header) = (reduced.image, reduced.radiograph.header)
        let inputs = try preprocessings.map { preprocessing in
            guard bundle.card.inputChannels == 3 else { return try preprocessing.modelInput(image, histogram: histogram) }
            // A grey picture has three equal colours.
            let grey = ColourPlanes(red: image.pixels, green: image.pixels, blue: image.pixels)
            return try preprocessing.modelInput(reduced.radiograph.colour ?? grey, of: image)
        }
        return PreparedRadiograph(
            reference: ImageReference(source, header: header), header: header, seenWidth: image.width, seenHeight: image.height,
            inputs: inputs, warnings: warnings, anatomyInput: try anatomy?.prepare(image, histogram: histogram))
    }

    /// The decoders of a registry as the model's domain needs them: with colours, or values through its window.
    public func decoders(_ decoders: DecoderRegistry) -> DecoderRegistry { bundle.card.domain?.decoders(decoders) ?? decoders }

    /// The side of the largest input, where an image that only just covers it is as good as the whole; `nil` where filters need all of it.
    public var inputSide: Int? {
        preprocessings.allSatisfy(\.allowsReduction) ? preprocessings.compactMap(\.inputSide).max() : nil
    }

    /// How many images may be in the networks at once.
    public var requestCount: Int { members.map(\.session.requestCount).min() ?? 1 }

    /// The network and what follows it.
    public func findings(_ prepared: PreparedRadiograph, threshold: Double? = nil) throws -> ImageFindings {
        try findings(outputs(prepared), of: prepared, threshold: threshold)
    }

    /// The networks alone: one output a member.
    public func outputs(_ prepared: PreparedRadiograph) throws -> [NetworkOutput] { try members.map { try $0.output(prepared) } }

    /// What follows the networks.
    public func findings(_ outputs: [NetworkOutput], of prepared: PreparedRadiograph, threshold: Double? = nil) throws -> ImageFindings {
        let limit = threshold ?? bundle.card.scoreThreshold
        let (candidates, imageScores) = try candidates(outputs, of: prepared, threshold: limit)
        let classes = bundle.findingClasses
        let kept = bundle.card.suppression.rule(scoreThreshold: limit)(candidates)
        let alternatives = bundle.card.suppression.alternatives(kept)
        // Boxes in pixels of the mended image until here, so that suppression sees what the networks saw.
        let boxes = kept.map { prepared.frame?.boxInOriginal($0.box) ?? $0.box }
        let findings = kept.enumerated().map { position, detection in
            let findingClass = classes[detection.classIndex]
            return Finding(
                id: String(position + 1), findingClass: findingClass, score: detection.score,
                probability: calibrations[findingClass.name]?.probability(of: detection.score), geometry: .box(boxes[position]),
                alternativeTo: alternatives[position].map { String($0 + 1) })
        }
        let image = ImageFindings(
            reference: prepared.reference, header: prepared.header, width: prepared.width, height: prepared.height, findings: findings,
            imageScores: imageScores.map { scores in
                Dictionary(zip(classes.map(\.name), scores.map(Double.init))) { first, _ in first }
            }, warnings: prepared.warnings, quality: prepared.quality)
        return withAnatomy(image, of: prepared)
    }

    /// What lies where; an image without it is done all the same.
    private func withAnatomy(_ image: ImageFindings, of prepared: PreparedRadiograph) -> ImageFindings {
        guard let anatomy, let input = prepared.anatomyInput else { return image }
        do {
            let reading = try anatomy.read(input, view: prepared.header.view)
            var image = image
            image.quality += reading.quality(within: anatomy.qualityLimits)
            guard let frame = prepared.frame else { return reading.applied(to: image).withoutChildsRatio }
            // The masks lie on the mended image.
            var mended = image
            for index in mended.findings.indices {
                mended.findings[index].geometry = .box(frame.boxInMended(mended.findings[index].boundingBox))
            }
            var placed = reading.applied(to: mended)
            for index in placed.findings.indices { placed.findings[index].geometry = image.findings[index].geometry }
            placed.anatomy = placed.anatomy.map { frame.anatomyInOriginal($0) }
            return placed.withoutChildsRatio
        } catch {
            var image = image
            image.anatomy = ImageAnatomy(checks: [], notes: [ImageWarning(.anatomyFailed, ImageFailure(error).description)])
            return image
        }
    }

    /// Boxes before the last suppression, and the scores of the whole image where there are any.
    private func candidates(
        _ outputs: [NetworkOutput], of prepared: PreparedRadiograph, threshold: Double
    ) throws -> (detections: [Detection], imageScores: [Float]?) {
        guard outputs.count == members.count else {
            throw InferenceError(.wrongOutput, "\(outputs.count) outputs of \(members.count) networks")
        }
        guard let ensemble = bundle.ensemble else {
            return (try members[0].detections(outputs[0], of: prepared, threshold: threshold), outputs[0].imageScores)
        }
        var votes: [BoxFusion.Vote] = []
        for (source, (member, output)) in zip(members, outputs).enumerated() {
            // A box that one member is unsure of may be fused with one that another is sure of.
            let found = try member.detections(output, of: prepared, threshold: min(threshold, Self.scoreFloor))
            var rule = member.bundle.card.suppression.rule(scoreThreshold: min(threshold, Self.scoreFloor))
            rule.maximumDetections = max(rule.maximumDetections, Self.leastVotes)
            votes += rule(found).map { BoxFusion.Vote($0, source: source) }
        }
        // Each member once: its own less sure boxes beside a sure one would pull the mean score down. The last suppression drops them.
        let fused = BoxFusion(intersectionOverUnion: ensemble.fusionIoU, takesEachSourceOnce: true)(votes, sourceCount: members.count)
        return (fused.map(\.detection), Self.mean(outputs.compactMap(\.imageScores)))
    }

    /// Column by column; `nil` of none.
    private static func mean(_ rows: [[Float]]) -> [Float]? {
        guard let first = rows.first else { return nil }
        return first.indices.map { column in rows.reduce(0) { $0 + $1[column] } / Float(rows.count) }
    }
}

/// What networks get of a radiograph, and what is said of it beside their findings.
public struct PreparedRadiograph: Sendable {
    public let reference: ImageReference
    public let header: ImageHeader
    /// Columns of the image as the networks see it: of the original, or of what is left of it after mending.
    public let seenWidth: Int
    /// Rows of the same.
    public let seenHeight: Int
    /// One for each way of preprocessing that the detector's networks want.
    public let inputs: [ModelInput]
    public let warnings: [ImageWarning]
    /// What the network of lungs and heart gets; `nil` where nobody asked.
    public var anatomyInput: ModelInput?
    /// What lies outside the card's limits, and what was mended.
    public internal(set) var quality: [ImageQuality] = []
    /// Where the mended image lies in the original; `nil` where nothing was mended.
    public internal(set) var frame: MendedFrame?

    /// Columns of the original.
    public var width: Int { frame?.imageWidth ?? seenWidth }
    /// Rows of the original.
    public var height: Int { frame?.imageHeight ?? seenHeight }

    /// A box of the original in pixels of the image as the networks see it, cut at its edges.
    public func boxInSeen(_ box: Box) -> Box {
        (frame?.boxInMended(box) ?? box).clipped(toWidth: Double(seenWidth), height: Double(seenHeight))
    }

    /// The way back of `boxInSeen`.
    public func boxInOriginal(_ box: Box) -> Box { frame?.boxInOriginal(box) ?? box }
}
