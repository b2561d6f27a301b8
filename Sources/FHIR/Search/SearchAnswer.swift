import Foundation

extension R4.Bundle {
    /// The answer to a search: a page of it.
    /// - Parameters:
    ///   - request: As it was understood: `self` says what was looked for, which is not always what was asked for.
    ///   - base: The address of the service, such as `https://host/fhir`.
    ///   - total: How many there are on all pages.
    ///   - included: What the found ones refer to.
    ///   - next: Where the next page begins; `nil` on the last one.
    public static func searchset(
        _ request: SearchRequest, base: String, total: Int?, matches: [R4.AnyResource], included: [R4.AnyResource] = [], next: String? = nil
    ) -> R4.Bundle {
        let root = base.hasSuffix("/") ? String(base.dropLast()) : base
        func entry(_ resource: R4.AnyResource, _ mode: Entry.Search.Mode) -> Entry {
            Entry(fullUrl: resource.id.map { "\(root)/\(resource.type)/\($0)" }, resource: resource, search: Entry.Search(mode: mode))
        }
        var entries = matches.map { entry($0, .match) } + included.map { entry($0, .include) }
        if !request.warnings.isEmpty {
            entries.append(
                Entry(resource: .operationOutcome(R4.OperationOutcome(issue: request.warnings)), search: Entry.Search(mode: .outcome)))
        }
        var bundle = R4.Bundle(type: .searchset, entry: entries.orNil)
        bundle.total = total
        func address(_ cursor: String?) -> String {
            var items = request.understood
            if let count = request.count { items.append(SearchItem("_count", "\(count)")) }
            if let cursor { items.append(SearchItem("_cursor", cursor)) }
            let query = items.map { SearchText.encoded($0.name) + "=" + SearchText.encoded($0.value) }.joined(separator: "&")
            return "\(root)/\(request.type)" + (query.isEmpty ? "" : "?" + query)
        }
        bundle.link = [Link("self", address(request.cursor))]
        if let next { bundle.link?.append(Link("next", address(next))) }
        return bundle
    }
}

extension R4.CapabilityStatement {
    /// What Pleura's read API does.
    /// - Parameters:
    ///   - name: Of the software.
    ///   - version: Of the software.
    ///   - date: When this state of it was published.
    ///   - base: The address of the service.
    ///   - security: How one gets in, in a sentence.
    public static func server(name: String, version: String, date: Date, base: String?, security: String?) -> R4.CapabilityStatement {
        var statement = R4.CapabilityStatement(
            status: .active, date: R4.DateTime(R4.Instant(date)), kind: .instance, format: [R4.mediaType, "json"])
        statement.software = Software(name: name, version: version)
        statement.implementation = Implementation(description: "\(name): results of reading chest radiographs", url: base)
        var rest = Rest(mode: "server")
        rest.documentation = "Read only. Research use only. Not for diagnosis."
        rest.security = security.map { Security(description: $0) }
        rest.resource = SearchParameters.types.map { type in
            var resource = Resource(type: type)
            resource.interaction = [Interaction("read"), Interaction("search-type")]
            resource.versioning = "no-version"
            // A chain is no parameter of its own.
            resource.searchParam = SearchParameters.parameters(of: type).filter { !$0.name.contains(".") }.map {
                Parameter($0.name, $0.kind, definition: $0.definition)
            }
            return resource
        }
        statement.rest = [rest]
        return statement
    }
}
