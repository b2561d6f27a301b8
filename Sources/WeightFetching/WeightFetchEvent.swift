import Fetching

/// What a fetch of weights tells while it runs.
public enum WeightFetchEvent: Hashable, Sendable {
    /// Another fetch works in the folder; this one goes on after it.
    case waiting
    /// The file that lay there was damaged and is replaced.
    case replacing
    /// The package is being downloaded by pip.
    case downloading(package: String)
    /// A download from an address.
    case receiving(FetchEvent)
    /// The package or file that is used, where it was on this machine already.
    case using(String)
}
