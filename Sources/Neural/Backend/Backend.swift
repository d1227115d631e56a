/// Turns a graph into something that runs.
public protocol Backend: Sendable {
    /// Plans `graph` so that it yields `outputs`; nodes that no output needs are left out.
    ///
    /// - Throws: `NeuralError.binding` if an output is not a value of `graph`, `.shape` if an operation is given a type
    ///   of elements that it does not take, `.unsupported` if an operation cannot be run, `.backend` if the kernel library fails.
    func compile(_ graph: Graph, outputs: [GraphOutput]) throws -> any Executable
}

/// A value that a plan yields, and where it goes.
public struct GraphOutput: Hashable, Sendable {
    /// What becomes of the value at the end of a run.
    public enum Destination: Hashable, Sendable {
        /// It is returned.
        case result
        /// It is added to the gradient of the parameter of this name.
        case accumulate(String)
        /// It replaces the parameter of this name.
        case assign(String)
    }

    public var value: Graph.Value
    public var destination: Destination

    public init(_ value: Graph.Value, _ destination: Destination = .result) {
        self.value = value
        self.destination = destination
    }
}

/// A planned graph with its memory, ready to run again and again. One run at a time.
public protocol Executable: AnyObject {
    /// Computes the outputs into tensors of the caller.
    ///
    /// - Parameters:
    ///   - inputs: a tensor for each input of the graph, of the type it was declared with.
    ///   - parameters: what the graph's parameters hold; those with an `assign` output are written.
    ///   - gradients: where `accumulate` outputs are added; needed if there are any.
    ///   - results: becomes the `result` outputs, in the order in which they were asked for. Where it holds the tensors of
    ///     an earlier run, which nobody shares, their memory is written anew.
    /// - Throws: `NeuralError.binding` if an input or parameter is missing or has another type.
    func run(
        _ inputs: [String: Tensor], parameters: ParameterBuffer, gradients: ParameterBuffer?,
        into results: inout [Tensor]
    ) throws

    /// Bytes of memory a run takes, parameters not counted. Plans that never run at the same time may share them.
    var memoryBytes: Int { get }
}

extension Executable {
    /// Computes the outputs, as `run(_:parameters:gradients:into:)` does, and returns them.
    public func run(
        _ inputs: [String: Tensor], parameters: ParameterBuffer, gradients: ParameterBuffer?
    ) throws -> [Tensor] {
        var results: [Tensor] = []
        try run(inputs, parameters: parameters, gradients: gradients, into: &results)
        return results
    }
}
