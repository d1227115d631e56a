import ArgumentParser
import Neural
import SoraModel

/// How networks are computed.
struct ComputeOptions: ParsableArguments {
    @Option(
        help:
            "Precision of images and weights in the network; auto is int8 for a model made by 'sora quantize', else bf16 where the processor has it."
    )
    var precision = Precision.automatic

    @Flag(help: "Choose kernels by rule, not by timing them: the same bits on every machine of a kind.")
    var deterministic = false

    /// What computes `model`.
    /// - Throws: `ModelError.configuration` if it is to be int8, and the model has no steps for that or the processor no
    ///   instruction.
    func backend(for model: Model) throws -> OneDNNBackend {
        guard precision != .int8 else {
            guard let quantization = model.quantization else {
                throw ModelError(
                    .configuration,
                    "the model has no steps for int8; make one that has with 'sora quantize', or leave out --precision")
            }
            guard OneDNNBackend.hasInt8 else {
                throw ModelError(
                    .configuration,
                    "this processor adds up products of bytes in 16 bits, which are too few for int8: leave out --precision, "
                        + "or run it where there is VNNI")
            }
            return OneDNNBackend(precision: .int8, choice: choice, quantization: quantization)
        }
        return OneDNNBackend(precision: floats, choice: choice, quantization: model.quantization)
    }

    /// What trains a model, or computes one in floats.
    func trainingBackend() -> OneDNNBackend { OneDNNBackend(precision: floats, choice: choice) }

    /// - Throws: `ValidationError` if int8 is asked for.
    func requireFloats() throws {
        if precision == .int8 {
            throw ValidationError("training is in f32 or bf16; for int8, train first, then run 'sora quantize'")
        }
    }

    private var choice: KernelChoice { deterministic ? .byRule : .measuredOnce }

    private var floats: Precision {
        guard precision == .bfloat16, !OneDNNBackend.hasBFloat16 else { return precision }
        Console.note("sora: this processor does not multiply bf16, so f32 is used")
        return .float32
    }
}
