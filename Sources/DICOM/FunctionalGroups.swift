/// The functional groups of an enhanced multi-frame object (PS3.3 C.7.6.16), seen from one frame.
struct FunctionalGroups {
    let dataset: DICOMItem
    /// From 0.
    let frame: Int

    /// The first item of a macro's sequence: the frame's own, or else the one all frames share; `nil` in other objects.
    func item(_ macro: Tag) -> DICOMItem? {
        dataset.item(.perFrameFunctionalGroupsSequence, at: frame)?.item(macro)
            ?? dataset.item(.sharedFunctionalGroupsSequence)?.item(macro)
    }
}
