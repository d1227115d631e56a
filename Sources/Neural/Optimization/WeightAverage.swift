/// A moving average of a network's weights, which often generalises better than the last ones (Polyak & Juditsky 1992).
///
/// `average = decay * average + (1 - decay) * weights`, beginning as the first weights, as PyTorch's `AveragedModel`.
/// What is not trainable (running statistics) is copied as it is.
public final class WeightAverage {
    /// How much of the average each update keeps.
    public let decay: Double
    /// The averaged weights, of the network's layout.
    public let average: ParameterBuffer
    /// Updates so far.
    public private(set) var updateCount = 0

    /// An average of nothing yet.
    /// - Throws: `NeuralError.unsupported` if `decay` is not in 0 ... 1.
    public init(decay: Double, for parameters: ParameterBuffer) throws {
        guard decay >= 0, decay <= 1 else {
            throw NeuralError(.unsupported, "a moving average's decay lies in 0 ... 1, not \(decay)")
        }
        self.decay = decay
        average = try parameters.zeros()
    }

    /// Takes `parameters` into the average. Cost: one pass.
    /// - Throws: `NeuralError.binding` if they are another network's.
    public func update(with parameters: ParameterBuffer) throws {
        updateCount += 1
        guard updateCount > 1 else { return try average.copy(from: parameters) }
        guard parameters.parameters == average.parameters else {
            throw NeuralError(.binding, "the moving average was made for the parameters of another network")
        }
        let (share, count, trainable) = (Float(1 - decay), average.count, average.trainableCount)
        try unsafe average.withUnsafeFloats { average in
            try unsafe parameters.withUnsafeFloats { weights in
                guard let average = average.baseAddress, let weights = weights.baseAddress else { return }
                try parallel(over: 0..<trainable) { part in
                    for i in part { unsafe average[i] += share * (weights[i] - average[i]) }
                }
                for i in trainable..<count { unsafe average[i] = weights[i] }
            }
        }
    }

    /// The average and the count of updates, by name, each name behind `prefix`: bit-exact.
    public func state(prefix: String = "average.") throws -> [String: Tensor] {
        var state = try average.tensors(prefix: prefix + "weights.")
        state[prefix + "updates"] = try Tensor([1], [Int32(clamping: updateCount)])
        return state
    }

    /// Takes up what `state` gave. All or nothing.
    /// - Throws: `NeuralError.format` if a tensor is missing, extra or misshapen.
    public func restore(from file: SafetensorsFile, prefix: String = "average.") throws {
        guard case .int32(let values)? = file.tensors[prefix + "updates"]?.storage, let count = values.first, count >= 0
        else {
            throw NeuralError(.format, "\(file.path ?? "the checkpoint"): tensor \(prefix)updates is missing")
        }
        try average.load(from: file, prefix: prefix + "weights.")
        updateCount = Int(count)
    }
}
