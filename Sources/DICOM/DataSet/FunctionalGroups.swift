/// The functional groups of an enhanced multi-frame object (PS3.3 C.7.6.16), seen from one frame.
struct FunctionalGroups {
    let dataset: DICOMItem
    /// From 0.
    let frame: Int

    /// The frame's own item and the one that all frames share, where the object has them.
    var own: DICOMItem? { dataset.item(.perFrameFunctionalGroupsSequence, at: frame) }
    var shared: DICOMItem? { dataset.item(.sharedFunctionalGroupsSequence) }

    /// The first item of a macro's sequence that says anything: the frame's own, or else the one all frames share; `nil` in other objects.
    func item(_ macro: Tag) -> DICOMItem? { own?.filledItem(macro) ?? shared?.filledItem(macro) }
}
