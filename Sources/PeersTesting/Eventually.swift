/// Whether something becomes true in time.
package func eventually(within time: Duration = .seconds(20), _ condition: @Sendable () async -> Bool) async -> Bool {
    let end = ContinuousClock.now + time
    while ContinuousClock.now < end {
        if await condition() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return await condition()
}
