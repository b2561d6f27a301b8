import Foundation
import ObjectDetectionAPI
import Radiographs
import TrainingSettings

/// Turns a pipeline into a configuration, and collects on the way what is wrong and what has no counterpart.
struct PipelineTranslator {
    struct Note {
        var line: Int?
        var order: Int
        var text: String
    }

    let file: PipelineFile
    private(set) var notes: [Note] = []
    private(set) var problems: [PipelineError.Problem] = []

    init(file: PipelineFile) { self.file = file }

    var train: ObjectDetection_Protos_TrainConfig { file.message.trainConfig }
    var ssd: ObjectDetection_Protos_Ssd { file.message.model.ssd }

    mutating func note(_ path: String, line: Int? = nil, _ text: String) {
        let line = line ?? file.lines(of: path).first
        let place = line.map { " (line \($0))" } ?? ""
        notes.append(Note(line: line, order: notes.count, text: "\(path)\(place): \(text)"))
    }

    mutating func problem(_ code: PipelineError.Code, _ path: String, line: Int? = nil, _ reason: String) {
        problems.append(.init(code, line: line ?? file.lines(of: path).last, path: path, reason))
    }

    mutating func configuration(name: String) -> TrainingConfiguration {
        var result = TrainingConfiguration(name: name, inputSide: inputSide())
        setModel(&result)
        result.cache.side = max(result.cache.side, result.model.inputSide)
        setBatch(&result)
        setOptimiser(&result)
        setSteps(&result)
        result.augmentation = augmentation(train.dataAugmentationOptions)
        if train.hasGradientClippingByNorm, train.gradientClippingByNorm > 0 {
            result.optimiser.gradientLimit = Self.decimal(train.gradientClippingByNorm)
        }
        let convolution = ssd.featureExtractor.convHyperparams
        if case .batchNorm(let normalisation)? = convolution.normalizerOneof, normalisation.hasDecay {
            setNormalisation(&result, decay: Self.decimal(normalisation.decay), kind: "batch_norm")
        } else if case .syncBatchNorm(let normalisation)? = convolution.normalizerOneof, normalisation.hasDecay {
            setNormalisation(&result, decay: Self.decimal(normalisation.decay), kind: "sync_batch_norm")
        }
        return result
    }

    mutating func classCount() -> Int {
        guard file.message.hasModel, case .ssd? = file.message.model.model else {
            problem(.missing, "model.ssd", "there is none")
            return 0
        }
        guard ssd.numClasses > 0 else {
            problem(.value, "model.ssd.num_classes", "at least one class is needed")
            return 0
        }
        return Int(ssd.numClasses)
    }

    private mutating func inputSide() -> Int {
        let path = "model.ssd.image_resizer"
        let standard = 320
        func checked(_ side: Int, _ field: String) -> Int {
            guard (64...2048).contains(side) else {
                problem(.value, "\(path).\(field)", "sides of the input are 64 to 2048 pixels")
                return standard
            }
            return side
        }
        switch ssd.imageResizer.imageResizerOneof {
        case .fixedShapeResizer(let resizer)?:
            let (height, width) = (Int(resizer.height), Int(resizer.width))
            let side = checked(max(height, width), "fixed_shape_resizer")
            note(
                "\(path).fixed_shape_resizer",
                (height == width ? "" : "\(width) x \(height) becomes \(side) x \(side); ")
                    + "pictures keep their proportions and are padded, not stretched")
            return side
        case .keepAspectRatioResizer(let resizer)?:
            let side = checked(Int(max(resizer.minDimension, resizer.maxDimension)), "keep_aspect_ratio_resizer")
            if !resizer.padToMaxDimension || !resizer.perChannelPadValue.isEmpty {
                note("\(path).keep_aspect_ratio_resizer", "padded to \(side) x \(side) with black: the network takes one size")
            }
            return side
        case nil:
            note(path, "not given: \(standard) x \(standard), padded")
        case .identityResizer?: note("\(path).identity_resizer", "\(standard) x \(standard), padded: the network takes one size")
        case .conditionalShapeResizer?:
            note("\(path).conditional_shape_resizer", "\(standard) x \(standard), padded: the network takes one size")
        case .padToMultipleResizer?:
            note("\(path).pad_to_multiple_resizer", "\(standard) x \(standard), padded: the network takes one size")
        }
        return standard
    }

    private mutating func setBatch(_ result: inout TrainingConfiguration) {
        let size = Int(train.batchSize)
        guard (1...16_384).contains(size) else {
            problem(.value, "train_config.batch_size", "batches have 1 to 16384 images")
            return
        }
        if !train.hasBatchSize { note("train_config.batch_size", "not given: \(size), as in the Object Detection API") }
        // The share of images without a box stays Pleura's; the Object Detection API takes them as the records have them.
        result.loop.batchSize = size
    }

    private mutating func setSteps(_ result: inout TrainingConfiguration) {
        if train.numSteps > 0 {
            result.loop.steps = Int(train.numSteps)
            return
        }
        if case .cosine(_, let totalSteps, _, _, _)? = result.schedule.exact { result.loop.steps = totalSteps }
        note("train_config.num_steps", "not given, which is without end: \(result.loop.steps) steps, or as many as --num-train-steps says")
    }

    private mutating func setNormalisation(_ result: inout TrainingConfiguration, decay: Double, kind: String) {
        guard (0...1).contains(decay) else {
            problem(.value, "model.ssd.feature_extractor.conv_hyperparams.\(kind).decay", "a share is between 0 and 1")
            return
        }
        // 1 - 0.97 is 0.030000000000000027; the file means 0.03.
        result.loop.normalisationMomentum = ((1 - decay) * 1e9).rounded() / 1e9
    }

    /// What the file says, not the nearest binary number of 32 bits: 0.08, not 0.0799999982.
    static func decimal(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }
}
