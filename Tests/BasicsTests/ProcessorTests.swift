import Basics
import Foundation
import Testing

@Suite struct ProcessorTests {
    private static func processor(_ flags: String) -> Processor {
        Processor.parse("processor\t: 0\nmodel name\t: A Processor @ 2.00GHz\nflags\t\t: \(flags)\n\nprocessor\t: 1\nflags\t\t: other\n")
    }

    @Test func flagsAreReadAsLinuxWritesThem() {
        let new = Self.processor("fpu sse2 avx2 avx512f avx512_bf16 amx_bf16 avx512_vnni")
        #expect(new.model == "A Processor @ 2.00GHz" && new.features.values.allSatisfy { $0 } && new.hasBFloat16 && new.hasInt8)
        // A flag is a whole word.
        let old = Self.processor("fpu sse2 avx2 avx512_bf16x")
        #expect(old.features == ["avx2": true, "avx512f": false, "avx512_bf16": false, "amx_bf16": false, "avx512_vnni": false])
        #expect(!old.hasBFloat16 && !old.hasInt8)
        #expect(Processor.parse("").model == "unknown" && !Processor.parse("").hasBFloat16)
    }
}
