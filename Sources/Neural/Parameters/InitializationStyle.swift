/// Whose defaults a layer's first weights follow.
public enum InitializationStyle: Sendable, Hashable {
    /// PyTorch's and torchvision's.
    case torch
    /// Keras's: Glorot uniform kernels, orthogonal recurrent kernels, zero biases.
    case keras
}
