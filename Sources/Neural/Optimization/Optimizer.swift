/// Steps a network's trainable parameters against their gradients, and keeps what it must remember between steps.
///
/// Not for use from two threads at once.
public final class Optimizer {
    /// The formula and its constants.
    public let configuration: OptimizerConfiguration
    /// Steps taken so far.
    public private(set) var stepCount = 0
    /// What is remembered for each trainable element, by name.
    private let moments: [(name: String, values: ParameterBuffer)]
    private let layout: [Parameter]
    /// Elements, one after another, that are stepped alike.
    private struct Run {
        var range: Range<Int>
        var decays: Bool
        /// What the learning rate is multiplied with.
        var rate: Double
    }
    private let runs: [Run]

    /// An optimiser that has taken no step.
    /// - Parameter rate: what the learning rate of each parameter is multiplied with, by its name.
    /// - Throws: `NeuralError.unsupported` if a constant of `configuration` lies outside its range.
    public init(
        _ configuration: OptimizerConfiguration, for parameters: ParameterBuffer,
        rate: (String) -> Double = { _ in 1 }
    ) throws {
        try configuration.validate()
        self.configuration = configuration
        let trainable = parameters.parameters.filter(\.isTrainable)
        let names =
            switch configuration.kind {
            case .sgd: configuration.momentum > 0 ? ["momentum"] : []
            case .adam, .adamW: ["first", "second"]
            }
        moments = try names.map { ($0, try ParameterBuffer(trainable)) }
        layout = parameters.parameters
        runs = try Self.runs(of: trainable, in: parameters, configuration, rate)
    }

    private static func runs(
        of trainable: [Parameter], in parameters: ParameterBuffer, _ configuration: OptimizerConfiguration,
        _ rate: (String) -> Double
    ) throws -> [Run] {
        let base = unsafe parameters.withUnsafeFloats { $0.baseAddress }
        var runs: [Run] = []
        for parameter in trainable {
            guard let base = unsafe base, let own = unsafe try parameters.unsafeFloats(parameter.name).baseAddress
            else {
                continue
            }
            let start = unsafe own - base
            let decays = configuration.weightDecay > 0 && (configuration.decaysVectors || parameter.shape.rank > 1)
            let rate = rate(parameter.name)
            if let last = runs.last, last.decays == decays, last.rate == rate { continue }
            if let last = runs.indices.last { runs[last].range = runs[last].range.lowerBound..<start }
            runs.append(Run(range: start..<parameters.trainableCount, decays: decays, rate: rate))
        }
        return runs
    }

    /// Takes one step. Cost: one pass over the trainable parameters, their gradients and what is remembered of them.
    ///
    /// - Parameters:
    ///   - gradients: of the parameters' layout; left as they are.
    ///   - learningRate: how far to go.
    ///   - gradientScale: what the gradients are multiplied with as they are read, such as `clippingScale`'s result.
    /// - Throws: `NeuralError.binding` if the parameters or gradients are another network's.
    public func step(
        parameters: ParameterBuffer, gradients: ParameterBuffer, learningRate: Double, gradientScale: Double = 1
    ) throws {
        guard parameters.parameters == layout, gradients.parameters == layout else {
            throw NeuralError(.binding, "the optimiser was made for the parameters of another network")
        }
        stepCount += 1
        for run in runs {
            let rule = rule(learningRate * run.rate, gradientScale, decays: run.decays)
            try unsafe parameters.withUnsafeFloats { weights in
                try unsafe gradients.withUnsafeFloats { gradients in
                    try unsafe update(weights, gradients, run.range, rule)
                }
            }
        }
    }

    /// Forgets everything: as new.
    public func reset() {
        stepCount = 0
        for moment in moments { moment.values.fill(0) }
    }

    private func rule(_ learningRate: Double, _ gradientScale: Double, decays: Bool) -> UpdateRule {
        let decay = decays ? configuration.weightDecay : 0
        let isDecoupled = configuration.kind == .adamW
        let isAdam = configuration.kind != .sgd
        let correction1 = isAdam ? 1 - power(configuration.beta1, stepCount) : 1
        let correction2 = isAdam ? 1 - power(configuration.beta2, stepCount) : 1
        return UpdateRule(
            gradientScale: Float(gradientScale), gradientDecay: Float(isDecoupled ? 0 : decay),
            weightScale: Float(isDecoupled ? 1 - learningRate * decay : 1),
            rate: Float(learningRate / correction1), momentum: Float(configuration.momentum),
            isNesterov: configuration.nesterov, firstShare: Float(1 - configuration.beta1),
            secondKept: Float(configuration.beta2), secondShare: Float(1 - configuration.beta2),
            rootScale: Float(1 / correction2.squareRoot()), epsilon: Float(configuration.epsilon))
    }

    private func update(
        _ weights: UnsafeMutableBufferPointer<Float>, _ gradients: UnsafeMutableBufferPointer<Float>,
        _ range: Range<Int>, _ rule: UpdateRule
    ) throws {
        guard let weights = weights.baseAddress, let gradients = gradients.baseAddress else { return }
        let pointers = unsafe moments.compactMap { unsafe $0.values.withUnsafeFloats { $0.baseAddress } }
        try parallel(over: range) { part in
            switch configuration.kind {
            case .sgd where unsafe pointers.isEmpty: unsafe rule.descend(weights, gradients, part)
            case .sgd: unsafe rule.descend(weights, gradients, pointers[0], part)
            case .adam, .adamW: unsafe rule.adapt(weights, gradients, pointers[0], pointers[1], part)
            }
        }
    }
}

/// `base` to a whole power from 1 on, by squaring: the same bits on every machine, which a library's `pow` may not give.
func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
        if rest & 1 == 1 { result *= square }
        square *= square
        rest >>= 1
    }
    return result
}

extension Optimizer {
    /// All that the next step depends on beside the configuration, by name, each name behind `prefix`: bit-exact.
    public func state(prefix: String = "optimizer.") throws -> [String: Tensor] {
        // Two halves, so that no count of steps is too large for the file's integers.
        let count = UInt64(stepCount)
        var state = [
            prefix + "steps": try Tensor(
                [2], [Int32(bitPattern: UInt32(count >> 32)), Int32(bitPattern: UInt32(truncatingIfNeeded: count))])
        ]
        for moment in moments {
            state.merge(try moment.values.tensors(prefix: "\(prefix)\(moment.name).")) { $1 }
        }
        return state
    }

    /// Takes up what `state` gave. All or nothing: on an error nothing has changed.
    /// - Throws: `NeuralError.format` if a tensor is missing, extra or misshapen, as for another kind of optimiser.
    public func restore(from file: SafetensorsFile, prefix: String = "optimizer.") throws {
        let place = file.path ?? "the checkpoint"
        guard let steps = file.tensors[prefix + "steps"], case .int32(let halves) = steps.storage, halves.count == 2,
            (0..<1 << 16).contains(halves[0])
        else {
            throw NeuralError(
                .format, "\(place): tensor \(prefix)steps, a number of steps in two int32, is missing or misshapen")
        }
        let known = ["\(prefix)steps"] + moments.map { "\(prefix)\($0.name)." }
        for name in file.names where name.hasPrefix(prefix) && !known.contains(where: name.hasPrefix) {
            throw NeuralError(
                .format,
                "\(place): tensor \(SafetensorsFile.shown(name)) belongs to another optimiser than "
                    + "\(configuration.kind.rawValue): resume with the options that training began with")
        }
        let loaded = try moments.map { moment in
            let values = try moment.values.zeros()
            try values.load(from: file, prefix: "\(prefix)\(moment.name).")
            return values
        }
        for (moment, values) in zip(moments, loaded) { try moment.values.copy(from: values) }
        stepCount = Int(halves[0]) << 32 | Int(UInt32(bitPattern: halves[1]))
    }
}
