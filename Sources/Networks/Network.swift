/// A network that learns: its shape and its parameters. What it says is for `DetectionNetwork` and `ImageClassifier` to tell.
public protocol Network: ParameterOwner {
    /// As the model's card names it.
    var architecture: String { get }
    /// Columns of the scores; without a background.
    var classCount: Int { get }
    var inputChannels: Int { get }
    /// Side of the square input in pixels.
    var inputSide: Int { get }
    var backbone: any Backbone { get }
}

/// Whatever learns: its parameters can be kept in a file and moved to a device.
public protocol ParameterOwner {
    /// Every parameter, in a fixed order.
    var parameters: [Parameter] { get }
}
