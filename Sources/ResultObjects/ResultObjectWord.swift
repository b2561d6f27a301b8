extension ResultObject.Kind {
    /// As configurations and lists name it.
    public var word: String {
        switch self {
        case .structuredReport: "sr"
        case .presentationState: "gsps"
        case .secondaryCapture: "sc"
        case .segmentation: "seg"
        case .encapsulatedDocument: "pdf"
        }
    }
}
