/// One flat, aligned block of floats that holds a network's parameters one after another,
/// or their gradients, or an optimiser's moments: anything with a number for each parameter element.
///
/// Flat, so that an optimiser step, a norm or an all-reduce is one pass. Trainable parameters come first;
/// each starts at a multiple of 64 bytes, and the gaps stay zero.
/// Not for use from two threads at once: it is owned by whoever trains or serves the model.
@safe public final class ParameterBuffer {
    /// The parameters, in storage order.
    public let parameters: [Parameter]
    /// Floats, with gaps, that belong to trainable parameters: the first this many.
    public let trainableCount: Int
    /// Floats in all, with gaps.
    public let count: Int
    /// Changes whenever the values may have: what was derived from them under another version is out of date.
    package private(set) var version = 0
    private let offsets: [String: (offset: Int, parameter: Parameter)]
    private let memory: AlignedMemory
    private let storage: UnsafeMutableBufferPointer<Float>

    /// A buffer of zeros with room for `parameters`.
    /// - Throws: `NeuralError.binding` if two of them share a name, `.shape` if a size is negative, `.backend` if there
    ///   is not enough memory.
    public init(_ parameters: [Parameter]) throws {
        let ordered = parameters.filter(\.isTrainable) + parameters.filter { !$0.isTrainable }
        var offsets: [String: (offset: Int, parameter: Parameter)] = [:]
        var end = 0
        for parameter in ordered {
            guard offsets.updateValue((end, parameter), forKey: parameter.name) == nil else {
                throw NeuralError(.binding, "two parameters are named \(parameter.name)")
            }
            guard parameter.shape.dimensions.allSatisfy({ $0 >= 0 }) else {
                throw NeuralError(.shape, "the parameter \(parameter.name) cannot have shape \(parameter.shape)")
            }
            let (next, overflows) = end.addingReportingOverflow(Self.padded(parameter))
            guard !overflows, next <= Int.max / 4 else {
                throw PhysicalMemory.lacking(.max, .backend, "the parameter \(parameter.name) \(parameter.shape)")
            }
            end = next
        }
        self.parameters = ordered
        self.offsets = offsets
        count = end
        trainableCount = ordered.lazy.filter(\.isTrainable).map(Self.padded).reduce(0, +)
        memory = try AlignedMemory(byteCount: end * 4, for: "a buffer for \(ordered.count) parameters")
        unsafe storage = unsafe UnsafeMutableBufferPointer(
            start: memory.base.bindMemory(to: Float.self, capacity: end), count: end)
        unsafe storage.initialize(repeating: 0)
    }

    /// A buffer of zeros of the same layout.
    public func zeros() throws -> ParameterBuffer { try ParameterBuffer(parameters) }

    /// Sets every element to `value`.
    public func fill(_ value: Float) {
        version += 1
        unsafe storage.update(repeating: value)
    }

    /// Copies everything from `other`, which must have the same layout.
    public func copy(from other: ParameterBuffer) throws {
        guard parameters == other.parameters else {
            throw NeuralError(.binding, "cannot copy between parameter buffers of different networks")
        }
        version += 1
        _ = unsafe storage.update(from: other.storage)
    }

    /// The parameter named `name`, or nil.
    public func parameter(named name: String) -> Parameter? { offsets[name]?.parameter }

    /// The values of the parameter named `name`. Cost: one copy.
    /// - Throws: `NeuralError.binding` if there is none.
    public func tensor(_ name: String) throws -> Tensor {
        let (range, shape) = try entry(name)
        return try Tensor(shape, unsafe [Float](storage[range]))
    }

    /// Sets the values of the parameter named `name`.
    /// - Throws: `NeuralError.binding` if there is none, `.shape` if its shape is another.
    public func set(_ name: String, to tensor: Tensor) throws {
        let (range, shape) = try entry(name)
        guard tensor.shape == shape else {
            throw NeuralError(.shape, "parameter \(name) has shape \(shape), not \(tensor.shape)")
        }
        version += 1
        _ = unsafe storage[range].update(fromContentsOf: tensor.floats)
    }

    /// All floats, in storage order, to write, for as long as `body` runs: trainable ones are the first `trainableCount`.
    package func withUnsafeFloats<R>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> R) rethrows -> R {
        version += 1
        return try unsafe body(storage)
    }

    /// The floats of one parameter, to read. The pointer lives as long as the buffer.
    package func unsafeFloats(_ name: String) throws -> UnsafeMutableBufferPointer<Float> {
        unsafe UnsafeMutableBufferPointer(rebasing: storage[try entry(name).range])
    }

    /// Floats a parameter takes, filled up to 64 bytes.
    private static func padded(_ parameter: Parameter) -> Int {
        // A count that no memory holds stays one.
        let count = min(parameter.shape.elementCount, Int.max - 15)
        return (count + 15) / 16 * 16
    }

    private func entry(_ name: String) throws -> (range: Range<Int>, shape: Shape) {
        guard let (offset, parameter) = offsets[name] else {
            throw NeuralError(.binding, "there is no parameter named \(name)")
        }
        return (offset..<offset + parameter.shape.elementCount, parameter.shape)
    }
}
