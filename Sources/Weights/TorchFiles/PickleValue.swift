/// What a pickle holds. Objects are never made: a class stays its name, so that a file can say nothing but data.
indirect enum PickleValue {
    case none
    case boolean(Bool)
    case integer(Int)
    case real(Double)
    case text(String)
    /// - Parameter depth: How deeply tuples lie in it.
    case tuple([PickleValue], depth: Int)
    case list(PickleList)
    case dictionary(PickleDictionary)
    /// A class or function by its module and name.
    case name(module: String, name: String)
    /// A call that was not made.
    case call(PickleCall)
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
        if case .tuple(let values, _) = self { return values }
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
    /// A dictionary's key as a part of a dotted name.
    var keyText: String? {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        default: nil
        }
    }
    /// How deeply tuples lie in it, up to the next list, dictionary or object.
    var depth: Int {
        switch self {
        case .tuple(_, let depth): depth
        case .outside(let value): value.depth + 1
        default: 0
        }
    }
}
