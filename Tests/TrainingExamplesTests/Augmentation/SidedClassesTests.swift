import Findings
import Testing
import TrainingExamples

@Suite struct SidedClassesTests {
    @Test(
        arguments: [
            (["Mass", "Nodule"], [0, 1]),
            (["Left effusion", "Right effusion", "Mass"], [1, 0, 2]),
            (["Effusion (left)", "Mass", "Effusion (Right)"], [2, 1, 0]),
            (["pleura_right", "pleura_left"], [1, 0]),
            (["LeftLung", "RightLung", "leftHilum"], [1, 0, nil]),
            (["RUL opacity", "LUL opacity", "RML opacity"], [1, 0, nil]),
            // A letter alone is a side only beside its counterpart.
            (["Lung L", "Lung R", "L"], [1, 0, 2]),
            (["Right-sided aortic arch", "Bright spot", "Situs inversus", "Dextrocardia"], [nil, 1, nil, nil]),
        ] as [([String], [Int?])])
    func namesTellTheSide(_ names: [String], _ mirrors: [Int?]) {
        let sides = SidedClasses(names: names)
        #expect(sides.mirrors == mirrors)
        #expect(sides.isTrivial == (mirrors == names.indices.map { $0 }))
    }
}
