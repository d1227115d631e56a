/// A named tensor that a network learns or keeps: what the graph asks of it.
public struct Parameter: Hashable, Sendable {
    /// How its first values are drawn.
    public enum Initializer: Hashable, Sendable {
        /// All the same.
        case constant(Float)
        /// Normal with variance `2 / fanOut`, as torchvision's residual networks (He et al. 2015).
        case heNormal(fan: Int)
        /// Uniform in `±bound`, as PyTorch's dense and GRU layers with bound `1 / sqrt(size)`.
        case uniform(bound: Float)
        /// Uniform in `±sqrt(6 / (fanIn + fanOut))`, as Keras's default (Glorot & Bengio 2010).
        case glorotUniform(fanIn: Int, fanOut: Int)
        /// A matrix whose columns, or rows if those are fewer, have length 1 and are at right angles to each other
        /// (Saxe et al. 2014), as Keras's recurrent kernels: the three gates of a GRU are drawn as one matrix.
        case orthogonal
    }

    /// Unique in its network; torchvision's name where torchvision has the layer.
    public let name: String
    /// Sizes of its axes.
    public let shape: Shape
    /// False for what training updates without gradients, such as a batch normalisation's running mean.
    public let isTrainable: Bool
    /// How it starts.
    public let initializer: Initializer

    public init(_ name: String, _ shape: Shape, isTrainable: Bool = true, initializer: Initializer) {
        self.name = name
        self.shape = shape
        self.isTrainable = isTrainable
        self.initializer = initializer
    }
}
