import Basics

/// Why something failed, in one line that may be shown and kept: what our own rooms say of it, which holds no patient data.
enum ClinicReason {
    static func of(_ error: any Error) -> String { (error as? any ExplainedError)?.reason ?? "unexpected" }
}
