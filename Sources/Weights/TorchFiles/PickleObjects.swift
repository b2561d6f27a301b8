/// Lists, dictionaries and objects are filled after they were memoised, so they are references.
final class PickleList {
    var values: [PickleValue] = []
}

final class PickleDictionary {
    var entries: [(key: PickleValue, value: PickleValue)] = []
}

/// A call that was not made: an object by its class and what was put into it.
final class PickleCall {
    fileprivate(set) var function: PickleValue
    fileprivate(set) var arguments: [PickleValue]
    /// What Python's `__setstate__` would get.
    var state: PickleValue?
    /// What was put into an object that is like a list or a dictionary.
    let list = PickleList()
    let dictionary = PickleDictionary()

    init(function: PickleValue, arguments: [PickleValue]) {
        self.function = function
        self.arguments = arguments
    }
}

/// Keeps every object of a pickle and empties them one by one at its end. A file can chain a million objects or let them hold each other:
/// left to themselves, the first would be released by a recursion without bound, and the second never.
final class PickleArena {
    private var lists: [PickleList] = []
    private var dictionaries: [PickleDictionary] = []
    private var calls: [PickleCall] = []

    func list() -> PickleList {
        let list = PickleList()
        lists.append(list)
        return list
    }

    func dictionary() -> PickleDictionary {
        let dictionary = PickleDictionary()
        dictionaries.append(dictionary)
        return dictionary
    }

    func call(_ function: PickleValue, _ arguments: [PickleValue]) -> PickleCall {
        let call = PickleCall(function: function, arguments: arguments)
        calls.append(call)
        lists.append(call.list)
        dictionaries.append(call.dictionary)
        return call
    }

    deinit {
        for list in lists { list.values = [] }
        for dictionary in dictionaries { dictionary.entries = [] }
        for call in calls {
            call.function = .none
            call.arguments = []
            call.state = nil
        }
    }
}
