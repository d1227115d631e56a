internal import Foundation

/// A graph planned for oneDNN.
///
/// A run is a list of steps over one arena, which all plans share. Steps that depend on parameters alone (weights brought to the layout that a
/// kernel wants) form a list of their own, run only when the parameters' version has changed.
@safe package final class OneDNNExecutable: Executable, ComputeThread.Work {
    private let prepare: [Execution]
    private let steps: [Execution]
    private let inputs: [(name: String, buffer: PlanBuffer, type: TensorType)]
    private let parameterBuffers: [(name: String, buffer: PlanBuffer, shape: Shape)]
    private let results: [(buffer: PlanBuffer, type: TensorType)]
    private let assigns: [(name: String, buffer: PlanBuffer, shape: Shape)]
    private let accumulates: [(name: String, buffer: PlanBuffer, shape: Shape)]
    private let layout: PlanLayout
    private let arena: SharedArena
    private let persistent: AlignedMemory
    /// Where the arena was when the buffers were given their places.
    private var placedAt: UnsafeMutableRawPointer
    private weak var preparedFor: ParameterBuffer?
    private var preparedVersion = -1
    private var isPrepared = false
    package let memoryBytes: Int
    /// How often the list of what depends on parameters alone has run.
    package private(set) var preparations = 0

    /// To be called on the compute thread.
    init(
        _ graph: Graph, _ outputs: [GraphOutput], imageType: StorageType, kernels: KernelTimes?,
        quantization: Quantization?
    ) throws {
        var assigned: Set<String> = []
        for output in outputs { if case .assign(let name) = output.destination { assigned.insert(name) } }
        let live = Constants.live(graph, outputs)
        let builder = PlanBuilder(
            graph, isConstant: Constants.find(graph, assigned: assigned), live: live,
            uses: Constants.uses(graph, outputs, live: live), imageType: imageType, kernels: kernels,
            quantization: quantization)
        defer { kernels?.save() }
        for node in graph.nodes.indices where live[node] { try builder.add(node) }

        var results: [(PlanBuffer, TensorType)] = []
        var assigns: [(String, PlanBuffer, Shape)] = []
        var accumulates: [(String, PlanBuffer, Shape)] = []
        for output in outputs {
            let type = graph.type(output.value)
            switch output.destination {
            case .result: results.append((try builder.plain(output.value), type))
            case .assign(let name): assigns.append((name, try builder.plain(output.value), type.shape))
            case .accumulate(let name):
                let target = PlanBuffer(byteCount: type.byteCount, home: .external)
                try builder.accumulate(output.value, into: target)
                accumulates.append((name, target, type.shape))
            }
        }
        let kept = results.map(\.0) + assigns.map(\.1)
        layout = PlanLayout(prepare: builder.prepareSteps, run: builder.runSteps, kept: kept)
        memoryBytes = layout.arenaBytes + layout.persistentBytes
        arena = try SharedArena.reserve(layout.arenaBytes)
        persistent = try AlignedMemory(byteCount: layout.persistentBytes, for: "what a plan keeps")
        unsafe layout.place(arena: arena.base, persistent: persistent.base)
        unsafe placedAt = unsafe arena.base
        self.results = results
        self.assigns = assigns
        self.accumulates = accumulates
        inputs = builder.inputs.map { ($0.key, $0.value.buffer, $0.value.type) }
        parameterBuffers = builder.parameters.map { ($0.key, $0.value.buffer, $0.value.shape) }
        prepare = try builder.prepareSteps.map(Execution.init)
        steps = try builder.runSteps.map(Execution.init)
    }

    /// The steps of a run, in order; what is prepared once is not among them.
    package var description: [Profile.Step] { steps.map(\.description) }

    /// Told of each step its place, and when it began and ended, in nanoseconds; nil to measure nothing.
    var observer: ((Int, UInt64, UInt64) -> Void)?

    /// What a run was called with, while it is on the compute thread.
    private struct Call {
        var inputs: [String: Tensor]
        var parameters: ParameterBuffer
        var gradients: ParameterBuffer?
        var results: [Tensor]
        var error: (any Error)?
    }
    private var call: Call?

    /// Once it has run, it allocates nothing of its own, if `results` are those of an earlier run.
    package func run(
        _ inputs: [String: Tensor], parameters: ParameterBuffer, gradients: ParameterBuffer?,
        into results: inout [Tensor]
    ) throws {
        call = Call(inputs: inputs, parameters: parameters, gradients: gradients, results: results)
        // The only owner writes in place.
        results = []
        ComputeThread.shared.perform(self)
        guard let call = call.take() else { return }
        results = call.results
        if let error = call.error { throw error }
    }

    func perform() {
        guard var call = call.take() else { return }
        do {
            place()
            try bind(call.parameters, call.gradients)
            try withInputs(call.inputs, from: 0) {
                try prepare(for: call.parameters)
                try runSteps()
            }
            try store(&call.results)
            try assign(call.parameters)
        } catch {
            call.error = error
        }
        self.call = call
    }

    /// Runs what depends on parameters alone, if they have changed.
    private func prepare(for parameters: ParameterBuffer) throws {
        guard !isPrepared || preparedFor !== parameters || preparedVersion != parameters.version else { return }
        isPrepared = false
        for step in prepare { try step.run() }
        preparations += 1
        (preparedFor, preparedVersion, isPrepared) = (parameters, parameters.version, true)
    }

    private func runSteps() throws {
        guard let observer else {
            for step in steps { try step.run() }
            return
        }
        for (place, step) in steps.enumerated() {
            let start = DispatchTime.now().uptimeNanoseconds
            try step.run()
            observer(place, start, DispatchTime.now().uptimeNanoseconds)
        }
    }

    /// Gives the buffers their places again where the arena has moved since.
    private func place() {
        guard unsafe placedAt != arena.base else { return }
        unsafe layout.place(arena: arena.base, persistent: persistent.base)
        unsafe placedAt = unsafe arena.base
    }

    /// Tells the buffers where parameters and gradients are.
    private func bind(_ parameters: ParameterBuffer, _ gradients: ParameterBuffer?) throws {
        for (name, buffer, shape) in parameterBuffers {
            try Self.require(parameters, name, shape)
            unsafe buffer.pointer = UnsafeMutableRawPointer(
                try parameters.unsafeFloats(name).baseAddress ?? buffer.floats)
        }
        for (name, _, shape) in assigns { try Self.require(parameters, name, shape) }
        guard let gradients else {
            guard accumulates.isEmpty else {
                throw NeuralError(.binding, "the plan computes gradients, and no buffer for them was given")
            }
            return
        }
        for (name, buffer, shape) in accumulates {
            try Self.require(gradients, name, shape)
            unsafe buffer.pointer = UnsafeMutableRawPointer(
                try gradients.unsafeFloats(name).baseAddress ?? buffer.floats)
        }
        if !accumulates.isEmpty { unsafe gradients.withUnsafeFloats { _ in } }
    }

    private func assign(_ parameters: ParameterBuffer) throws {
        guard !assigns.isEmpty else { return }
        for (name, buffer, shape) in assigns {
            let base = try unsafe parameters.unsafeFloats(name).baseAddress
            if let base = unsafe base, unsafe base != buffer.floats {
                unsafe base.update(from: buffer.floats, count: shape.elementCount)
            }
        }
        // Nothing that was prepared depends on what was written just now.
        unsafe parameters.withUnsafeFloats { _ in }
        preparedVersion = parameters.version
    }

    private static func require(_ buffer: ParameterBuffer, _ name: String, _ shape: Shape) throws {
        guard let parameter = buffer.parameter(named: name) else {
            throw NeuralError(.binding, "there is no parameter named \(name)")
        }
        guard parameter.shape == shape else {
            throw NeuralError(.binding, "the parameter \(name) has shape \(parameter.shape), the plan wants \(shape)")
        }
    }

    /// Points the inputs' buffers, from the one at `index` on, at the tensors' own storage while `body` runs.
    private func withInputs(_ tensors: [String: Tensor], from index: Int, _ body: () throws -> Void) throws {
        guard index < inputs.count else { return try body() }
        let (name, buffer, type) = inputs[index]
        guard let tensor = tensors[name] else { throw NeuralError(.binding, "the input \(name) is missing") }
        guard tensor.type == type else {
            throw NeuralError(.binding, "the input \(name) is \(type), not \(tensor.type)")
        }
        try unsafe tensor.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { unsafe buffer.pointer = UnsafeMutableRawPointer(mutating: base) }
            try withInputs(tensors, from: index + 1, body)
        }
    }

    /// Copies the results out of the arena.
    private func store(_ tensors: inout [Tensor]) throws {
        if tensors.count != results.count || zip(tensors, results).contains(where: { $0.type != $1.type }) {
            tensors = results.map { Tensor(zeros: $0.type) }
        }
        for (index, (buffer, type)) in results.enumerated() where type.byteCount > 0 {
            unsafe tensors[index].withUnsafeMutableBytes { bytes in
                unsafe bytes.copyMemory(from: UnsafeRawBufferPointer(start: buffer.pointer, count: type.byteCount))
            }
        }
    }
}
