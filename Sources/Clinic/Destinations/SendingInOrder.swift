import Archive
import Department

/// Sends one after another; what comes after one that is to be tried again has to wait for it.
func sendInOrder(
    _ deliveries: [OutgoingDelivery], outcome: @Sendable (Int64, SendingOutcome) async -> Void,
    _ send: (OutgoingDelivery) async -> SendingOutcome
) async {
    for delivery in deliveries {
        let result = await send(delivery)
        await outcome(delivery.delivery.id, result)
        switch result {
        case .unreachable, .unanswered, .busy: return
        case .delivered, .accepted, .refused: continue
        }
    }
}
