/// What a pickle holds. Objects are never made: a class stays its name, so that a file can say nothing but data.
indirect enum PickleValue {
    case none
    case boolean(Bool)
    case integer(Int)
    case real(Double)
    case text(String)
    case tuple([PickleValue])
    case list(PickleList)
    case dictionary(PickleDictionary)
    /// A class or function by its module and name.
    case name(module: String, name: String)
    /// A call that was not made.
    case call(function: PickleValue, arguments: [PickleValue])
    /// Something outside the pickle, such as a tensor's storage.
    case outside(PickleValue)
    case mark

    var integer: Int? {
        if case .integer(let value) = self { return value }
        return nil
    }
    var text: String? {
        if case .text(let value) = self { return value }
        return nil
    }
    var tuple: [PickleValue]? {
        if case .tuple(let values) = self { return values }
        return nil
    }
    var integers: [Int]? {
        guard let tuple else { return nil }
        let values = tuple.compactMap(\.integer)
        return values.count == tuple.count ? values : nil
    }
    /// The entries of a dictionary, also of an `OrderedDict`.
    var entries: [(key: PickleValue, value: PickleValue)]? {
        switch self {
        case .dictionary(let dictionary): dictionary.entries
        default: nil
        }
    }
}

/// Lists and dictionaries are filled after they were memoised, so they are references.
final class PickleList {
    var values: [PickleValue] = []
}

final class PickleDictionary {
    var entries: [(key: PickleValue, value: PickleValue)] = []
}
