import ModelGraph
import Tensors

/// One parameter of ours, what a family of files calls its tensor, and what has to be done to it.
struct WeightName {
    /// What a file's tensor needs before it is ours.
    enum Change {
        case none
        /// The first axis has this many blocks (anchors), and ours are the file's in this order.
        case blocks([Int])
        /// Rows 0 and 1 of the first axis are swapped, 2 and 3, and so on: TensorFlow's boxes are y before x.
        case pairs
    }

    /// When the file's tensor is not what its name and shape say.
    enum Condition {
        case always
        /// Only beside another tensor of the file; else it is of a layer that this network does not have, and the text says which.
        case beside(String, otherwise: String)
        /// Not beside another one, which tells that the file's network means something else by it; the text says what.
        case apart(String, otherwise: String)
    }

    let parameter: Parameter
    /// Behind the prefix that all names of a part have in common.
    let name: String
    var change = Change.none
    var condition = Condition.always
    /// A tensor of the file that is subtracted where it is there: the bias of a convolution that has none here, because a batch
    /// normalisation follows, goes into the running mean.
    var less: String?

    init(_ parameter: Parameter, _ name: String, change: Change = .none, condition: Condition = .always, less: String? = nil) {
        self.parameter = parameter
        self.name = name
        self.change = change
        self.condition = condition
        self.less = less
    }

    /// Why the file's tensor is not the parameter's; `nil` where it is.
    func refusal(prefix: String, in arrays: [String: NumericArray]) -> String? {
        switch condition {
        case .always: nil
        case .beside(let other, let otherwise): arrays[prefix + other] == nil ? otherwise : nil
        case .apart(let other, let otherwise): arrays[prefix + other] == nil ? nil : otherwise
        }
    }

    /// Whether a tensor of the file with this shape can become the parameter.
    func fits(_ shape: [Int]) -> Bool {
        let own = parameter.tensor.shape
        return shape == own || Self.isColours(shape, own)
    }

    /// The first convolution of a network for colour pictures, where ours takes grey ones.
    static func isColours(_ shape: [Int], _ own: [Int]) -> Bool {
        shape.count == 4 && own.count == 4 && shape[1] == 3 && own[1] == 1 && shape[0] == own[0] && shape[2...] == own[2...]
    }
}

/// What one family of files calls the tensors of a part.
struct WeightNaming {
    let names: [WeightName]

    init(_ names: [WeightName]) { self.names = names }

    init(_ sources: [WeightSource]) { names = sources.flatMap(\.names) }

    /// Our own names, as runs write them.
    static func own(_ parameters: [Parameter]) -> WeightNaming { WeightNaming(parameters.map { WeightName($0, $0.name) }) }
}

/// Parameters whose names share one prefix in a file, such as a backbone, and the families of files they are known from.
struct WeightPart {
    let parameters: [Parameter]
    let namings: [WeightNaming]

    /// - Parameter namings: Beside our own.
    init(_ parameters: [Parameter], namings: [WeightNaming] = []) {
        self.parameters = parameters
        self.namings = [.own(parameters)] + namings.filter { !$0.names.isEmpty }
    }
}

/// A network whose parts beside its backbone are known from other programs' files.
protocol NamedWeights {
    var weightParts: [WeightPart] { get }
}

extension WeightSource {
    var names: [WeightName] {
        convolution.names(convolutionName) + (normalisation?.names(normalisationName ?? "") ?? [])
    }
}

extension Convolution {
    func names(_ name: String) -> [WeightName] {
        [WeightName(weight, name + ".weight")] + (bias.map { [WeightName($0, name + ".bias")] } ?? [])
    }
}

extension BatchNormalisation {
    func names(_ name: String) -> [WeightName] {
        [
            WeightName(weight, name + ".weight"), WeightName(bias, name + ".bias"), WeightName(runningMean, name + ".running_mean"),
            WeightName(runningVariance, name + ".running_var"),
        ]
    }
}
