internal import COneDNN

/// The backend that users get: oneDNN's kernels on the CPU, with layouts, memory and everything that depends on weights
/// alone decided ahead of time.
///
/// Plans of one process share one compute thread, so that two of them run one after the other.
public struct OneDNNBackend: Backend {
    /// Whether neighbouring operations are merged first. Off, for tests that compare operations one by one.
    package var fuses: Bool
    /// How plans store and multiply the numbers of images: never `automatic`.
    public let precision: Precision
    /// How images are stored that are in floats.
    private let imageType: StorageType

    /// Whether convolutions' kernels are chosen by what they take on this machine, and where that is remembered.
    public let choice: KernelChoice
    /// What convolutions need to be computed of bytes; nil unless `precision` is `int8`.
    public let quantization: Quantization?
    private let kernels: KernelTimes?

    /// Whether the processor multiplies `bfloat16` by itself. Elsewhere the library does so by way of single precision,
    /// which is slower than that.
    public static var hasBFloat16: Bool { sdnn_has_bf16() != 0 }

    /// Whether the processor multiplies bytes and adds up their products in one instruction. Elsewhere convolutions of
    /// bytes take two or three, the first of which adds in 16 bits: large sums are cut off, and the results wrong.
    public static var hasInt8: Bool { sdnn_has_int8() != 0 }

    /// Whether the processor has vectors of 512 bits, which some kernels and layouts are there for.
    package static var hasWideVectors: Bool { sdnn_has_wide_vectors() != 0 }

    /// Whether convolutions 3x3 of whole blocks of channels run by Winograd's algorithm here.
    package static var hasWinograd: Bool {
        get throws { try ComputeThread.shared.run { ConvolutionWay.isWinogradAvailable } }
    }

    /// - Parameters:
    ///   - precision: how images are stored.
    ///   - choice: how convolutions' kernels are chosen.
    ///   - quantization: what `int8` needs: without it, that is the same as `automatic`. Plans that train are in floats.
    public init(
        precision: Precision = .float32, choice: KernelChoice = .byRule, quantization: Quantization? = nil
    ) {
        self.init(fuses: true, precision: precision, choice: choice, quantization: quantization)
    }

    package init(
        fuses: Bool, precision: Precision = .float32, choice: KernelChoice = .byRule,
        quantization: Quantization? = nil
    ) {
        self.fuses = fuses
        self.choice = choice
        let usesBytes = precision == .int8 || precision == .automatic && Self.hasInt8
        self.quantization = usesBytes ? quantization : nil
        switch choice {
        case .byRule: kernels = nil
        case .measured(let folder): kernels = KernelTimes(folder: folder)
        }
        let best: Precision = Self.hasBFloat16 ? .bfloat16 : .float32
        self.precision =
            switch precision {
            case .float32, .bfloat16: precision
            case .automatic, .int8: self.quantization == nil ? best : .int8
            }
        imageType = (self.precision == .int8 ? best : self.precision) == .bfloat16 ? .bfloat16 : .float32
    }

    /// Plans `graph`. Cost: oneDNN generates code for each new shape, some milliseconds for each convolution.
    ///
    /// - Throws: what `Graph.validate` finds; `NeuralError.unsupported` if an operation cannot be run, `.shape` if an output goes to a parameter of
    ///   another shape, `.backend` if oneDNN fails or there is not enough memory.
    public func compile(_ graph: Graph, outputs: [GraphOutput]) throws -> any Executable {
        try plan(graph, outputs: outputs)
    }

    /// The same, as what it is.
    func plan(_ graph: Graph, outputs: [GraphOutput]) throws -> OneDNNExecutable {
        try graph.validate(outputs)
        return try ComputeThread.shared.run {
            let (graph, outputs) = fuses ? try Fusion.apply(graph, outputs) : (graph, outputs)
            return try OneDNNExecutable(
                graph, outputs, imageType: imageType, kernels: kernels, quantization: quantization)
        }
    }
}
