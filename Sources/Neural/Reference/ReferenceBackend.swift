/// A plain interpreter of graphs: the measure that other backends are held to.
///
/// Every operation is the formula of its doc comment, written as loops over arrays, in double precision throughout;
/// results are rounded to their element type at the end of a run. It is never fast.
public struct ReferenceBackend: Backend {
    public init() {}

    /// Checks the graph; nothing is planned.
    public func compile(_ graph: Graph, outputs: [GraphOutput]) throws -> any Executable {
        try interpreter(graph, outputs: outputs)
    }

    /// What `compile` makes, with its access to unrounded values.
    package func interpreter(_ graph: Graph, outputs: [GraphOutput]) throws -> ReferenceExecutable {
        try graph.validate(outputs)
        return ReferenceExecutable(graph, outputs)
    }
}
