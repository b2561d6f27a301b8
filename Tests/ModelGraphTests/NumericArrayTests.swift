import ModelGraph
import Testing

@Suite struct NumericArrayTests {
    @Test func transposingMovesEveryElementToItsPlace() {
        let shape = [2, 3, 4, 5]
        let array = NumericArray(shape: shape, values: (0..<120).map(Float.init))
        let axes = [3, 2, 0, 1]
        let result = array.transposed(axes)
        #expect(result.shape == [5, 4, 2, 3])
        for i in 0..<5 {
            for j in 0..<4 {
                for k in 0..<2 {
                    for l in 0..<3 { #expect(result.values[((i * 4 + j) * 2 + k) * 3 + l] == array.values[((k * 3 + l) * 4 + j) * 5 + i]) }
                }
            }
        }
    }
}
