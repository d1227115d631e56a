/// What a node of a graph computes. Associated values are what does not change from run to run.
///
/// Activations are channels-last: `[batch, height, width, channel]` for images, `[batch, time, feature]` for
/// sequences. Inputs and outputs are listed in the order of the node's `inputs` and `outputs`. Operations whose name
/// ends in `Gradient` are what autodiff writes; a cotangent `dy` has the shape of the output it belongs to.
public enum Operation: Hashable, Sendable {
    // Sources
    /// → a tensor given at each run.
    case input(String)
    /// → the parameter of that name.
    case parameter(String)
    /// → a tensor filled with one number.
    case fill(Float)

    // Images
    /// `x, weight [out, in / groups, kernelHeight, kernelWidth], [bias [out]], [residual]` → `y`
    case convolution(Convolution)
    /// `dy, weight` → `dx`, the gradient of a convolution's input; also the transposed convolution itself.
    case convolutionInputGradient(Convolution)
    /// `x, dy` → `dweight`, and `dbias` if the convolution has a bias.
    case convolutionWeightGradient(Convolution)
    /// `x, scale, shift` → `y, mean, variance` over all axes but the last, the variance divided by the count.
    case batchNormalization(epsilon: Float)
    /// `x, dy, scale, mean, variance` → `dx, dscale, dshift`
    case batchNormalizationGradient(epsilon: Float)
    /// `x, scale, shift` → `y, mean, variance, window`: the same with a ReLU after it, and which elements that lets through,
    /// in a form of the backend's own. Written by the fusion pass.
    case batchNormalizationReLU(epsilon: Float)
    /// `x, dy, scale, mean, variance, window` → `dx, dscale, dshift`. Written by the fusion pass.
    case batchNormalizationReLUGradient(epsilon: Float)
    /// `x, scale, shift, mean, variance` → `y`, with the statistics given.
    case batchNormalizationInference(epsilon: Float)
    /// `x` → `y`, and for the maximum a second output that says which element of each window it was,
    /// in a form of the backend's own.
    case pooling(Pooling)
    /// Maximum: `dy, window` → `dx`; average: `dy` → `dx`.
    case poolingGradient(Pooling, inputShape: Shape)
    /// `x` → `y`, each axis `factor` times larger.
    case upsample(Upsampling)
    /// `dy` → `dx`
    case upsampleGradient(Upsampling)
    /// `frames` of bytes `[..., channel]` → floats `byte * scale[channel] + shift[channel]`
    case normalizeFrames(scale: [Float], shift: [Float])

    // Element by element
    /// `x` → `y`
    case unary(Unary)
    /// `saved, dy` → `dx`, where `saved` is `y` if `Unary.gradientUsesOutput`, else `x`.
    case unaryGradient(Unary)
    /// `a, b` → `a ∘ b`; axes align at the last one, and an axis of size 1 is repeated, as in NumPy.
    case binary(Binary)
    /// `seed int32[2]` → a mask of 0 and `1 / (1 - rate)`, one per element of the output. The draw depends on the
    /// seed, on `stream` and on the element's position, on nothing else.
    case dropoutMask(rate: Float, stream: Int)

    // Along axes
    /// `a [..., m, k], b [..., k, n], [bias [n]]` → `[..., m, n]`; a transposed operand has its last two axes exchanged.
    case matmul(transposeA: Bool, transposeB: Bool)
    /// `x` → `y`; the reduced axes stay, with size 1, if `keepsAxes`.
    case reduce(Reduction, axes: [Int], keepsAxes: Bool)
    /// `x, y, dy` (the last two with axes kept) → `dx`, shared equally among elements that tie for the maximum.
    case maximumGradient(axes: [Int])
    /// `x` → softmax, or its logarithm, over the last axis.
    case softmax(logarithm: Bool)
    /// `y, dy` → `dx`
    case softmaxGradient(logarithm: Bool)
    /// `x, scale, shift` → `y, mean, variance` over the last axis.
    case layerNormalization(epsilon: Float)
    /// `x, dy, scale, mean, variance` → `dx, dscale, dshift`
    case layerNormalizationGradient(epsilon: Float)

    // Shape
    /// `x` → the same elements in row-major order, with another shape.
    case reshape
    /// `x` → axis `i` of the output is axis `permutation[i]` of the input.
    case transpose(permutation: [Int])
    /// `a, b, …` → one after the other along `axis`.
    case concatenate(axis: Int)
    /// `x` → elements `starts[i] ..< starts[i] + shape[i]` of each axis.
    case slice(starts: [Int])
    /// `x` → `x` at `starts` inside zeros: the gradient of `slice`.
    case pad(starts: [Int])
    /// `x` → repeated along axes of size 1, which align at the last one.
    case broadcast

    // Time
    /// `x [batch, time, feature], initial [batch, hidden], weightInput [3 hidden, feature],
    /// weightHidden [3 hidden, hidden], biasInput [3 hidden], biasHidden [3 hidden], [lengths int32[batch]]`
    /// → `y [batch, time, hidden], last [batch, hidden], saved [batch, time, 4 hidden]`
    case gru(reversed: Bool)
    /// `x, initial, weightInput, weightHidden, biasInput, biasHidden, y, saved, dy, dlast, [lengths]`
    /// → `dx, dinitial, dweightInput, dweightHidden, dbiasInput, dbiasHidden`
    case gruGradient(reversed: Bool)
}

/// A two-dimensional convolution (cross-correlation, as in every framework).
///
/// Output size per axis: `(in + padBefore + padAfter - dilation * (kernel - 1) - 1) / stride + 1`, rounded down.
public struct Convolution: Hashable, Sendable {
    public var stride: Pair
    /// Zeros before the first row and column.
    public var padBefore: Pair
    /// Zeros after the last row and column.
    public var padAfter: Pair
    /// 1 is an ordinary kernel; `d` leaves `d - 1` holes between its elements.
    public var dilation: Pair
    /// Channels fall into this many groups that do not mix; as many as channels is a depthwise convolution.
    public var groups: Int
    /// The node has a bias among its inputs.
    public var hasBias: Bool
    /// The node adds its last input to the result (before the activation). Written by the fusion pass.
    public var addsResidual: Bool
    /// Applied to the result. Written by the fusion pass.
    public var activation: Unary?

    public init(
        stride: Pair = Pair(1), padBefore: Pair = Pair(0), padAfter: Pair = Pair(0), dilation: Pair = Pair(1),
        groups: Int = 1, hasBias: Bool = false, addsResidual: Bool = false, activation: Unary? = nil
    ) {
        self.stride = stride
        self.padBefore = padBefore
        self.padAfter = padAfter
        self.dilation = dilation
        self.groups = groups
        self.hasBias = hasBias
        self.addsResidual = addsResidual
        self.activation = activation
    }
}

/// A number for the vertical axis and one for the horizontal.
public struct Pair: Hashable, Sendable {
    public var height: Int
    public var width: Int

    public init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    /// The same for both.
    public init(_ both: Int) { self.init(height: both, width: both) }
}

/// A window that slides over an image and yields one number for each place.
///
/// Output size per axis: `(in + padBefore + padAfter - kernel) / stride + 1`, rounded down.
public struct Pooling: Hashable, Sendable {
    /// Which of them.
    public enum Kind: Hashable, Sendable {
        case maximum
        /// The mean over the elements that lie inside the image.
        case average
        /// The mean over the whole window, padding counted as zeros (PyTorch's default).
        case averageIncludingPadding
    }

    public var kind: Kind
    public var kernel: Pair
    public var stride: Pair
    /// Rows and columns added before the first.
    public var padBefore: Pair
    /// Rows and columns added after the last.
    public var padAfter: Pair

    public init(kind: Kind, kernel: Pair, stride: Pair, padBefore: Pair = Pair(0), padAfter: Pair = Pair(0)) {
        self.kind = kind
        self.kernel = kernel
        self.stride = stride
        self.padBefore = padBefore
        self.padAfter = padAfter
    }
}

/// An enlargement by a whole factor.
public struct Upsampling: Hashable, Sendable {
    /// Which of them.
    public enum Kind: Hashable, Sendable {
        case nearest
        /// Pixel centres at half-integers (PyTorch's `align_corners=False`).
        case bilinear
    }

    public var kind: Kind
    /// How many times higher and wider the result is.
    public var factor: Pair

    public init(kind: Kind, factor: Pair) {
        self.kind = kind
        self.factor = factor
    }
}

/// A function of one number.
public enum Unary: Hashable, Sendable {
    case relu
    /// `min(max(x, 0), 6)`
    case relu6
    /// `x Φ(x)` with the exact error function (PyTorch's default).
    case gelu
    /// `x / (1 + exp(-x))`
    case silu
    case sigmoid, tanh, exp
    /// The natural logarithm.
    case logarithm
    /// `log(1 + exp(x))`, without overflow.
    case softplus
    case square, absolute
    /// `1 / sqrt(x)`
    case reciprocalSquareRoot
    case reciprocal
    /// `scale * x + shift`
    case linear(scale: Float, shift: Float)

    /// Whether the gradient is computed from the function's output rather than its input, which lets the input's
    /// memory go (and lets a backend fuse the function into what made its input).
    public var gradientUsesOutput: Bool {
        switch self {
        case .relu, .relu6, .sigmoid, .tanh, .exp, .reciprocalSquareRoot, .reciprocal, .linear: true
        case .gelu, .silu, .softplus, .square, .absolute, .logarithm: false
        }
    }
}

/// A function of two numbers.
public enum Binary: Hashable, Sendable {
    case add, subtract, multiply
}

/// How the elements along an axis become one.
public enum Reduction: Hashable, Sendable {
    case sum, mean, maximum
}
