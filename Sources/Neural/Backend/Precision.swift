/// In which precision the numbers of images and of convolutions' weights are stored and multiplied.
///
/// Parameters, their gradients, statistics, sums and everything after the last image are in single precision whatever
/// this says.
public enum Precision: String, Sendable, Hashable, CaseIterable, Codable {
    /// `int8` where there are steps for it and the processor multiplies bytes, otherwise `bfloat16` where it multiplies
    /// that by itself, otherwise `float32`.
    case automatic = "auto"
    /// Single precision: 24 bits.
    case float32 = "f32"
    /// The range of single precision with 8 bits; sums are in single precision. Gradients need no scaling.
    case bfloat16 = "bf16"
    /// Bytes, for convolutions that a `Quantization` has steps for; inference only.
    case int8
}
