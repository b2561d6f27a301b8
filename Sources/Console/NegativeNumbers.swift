/// The parser takes `-1` for an option of that name, and says of the option before it that its value is missing.
package enum NegativeNumbers {
    /// The same arguments, but for numbers below zero, which are tied to their option: `--threshold=-1`. So the option itself refuses them.
    package static func tied(_ arguments: [String]) -> [String] {
        var tied: [String] = []
        for argument in arguments {
            let isNumber = argument.hasPrefix("-") && Double(argument) != nil
            if isNumber, let option = tied.last, option.hasPrefix("--"), option != "--", !option.contains("=") {
                tied[tied.count - 1] = "\(option)=\(argument)"
            } else {
                tied.append(argument)
            }
        }
        return tied
    }
}
