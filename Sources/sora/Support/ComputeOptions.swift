import ArgumentParser
import Neural

/// How networks are computed.
struct ComputeOptions: ParsableArguments {
    @Option(help: "Precision of images and weights in the network; auto is bf16 where the processor has it.")
    var precision = Precision.automatic

    @Flag(help: "Choose kernels by rule, not by timing them: the same bits on every machine of a kind.")
    var deterministic = false

    /// What computes; with a note where that is not what was asked for.
    func backend() -> OneDNNBackend {
        var precision = precision
        if precision == .bfloat16, !OneDNNBackend.hasBFloat16 {
            Console.note("sora: this processor does not multiply bf16, so f32 is used")
            precision = .float32
        }
        return OneDNNBackend(precision: precision, choice: deterministic ? .byRule : .measuredOnce)
    }
}
