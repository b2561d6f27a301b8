import Basics
import Inference
import Testing

/// What a processor has decides what is computed in.
@Suite struct EngineSettingsTests {
    private static func processor(_ flags: String) -> Processor { Processor.parse("flags\t\t: \(flags)\n") }

    /// Without 16-bit floats of its own a processor computes in 32, and says so; INT8 runs everywhere.
    @Test func whatAProcessorDoesNotHaveIsNotPretended() {
        let (new, old) = (Self.processor("avx2 amx_bf16"), Self.processor("avx2"))
        for precision in EngineSettings.Precision.allCases {
            #expect(EngineSettings.precision(precision, on: new) == precision)
            #expect(EngineSettings.precision(precision, on: old) == (precision == .bf16 ? .f32 : precision))
        }
    }
}
