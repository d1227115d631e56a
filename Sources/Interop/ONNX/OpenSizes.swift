package import Neural

/// The sizes of a graph's values where the number of clips is left open.
///
/// A graph is built for so many clips. Two of them, for two and for three, have the same nodes; sizes that differ
/// between them are so many times the number of clips.
package struct OpenSizes {
    /// The size of an axis.
    package enum Size: Equatable {
        case fixed(Int)
        /// So many times the number of clips.
        case clips(Int)
    }

    private let sizes: [[[Size]]]

    /// - Throws: `InteropError.unsupported` if the graphs are not one and the same but for the number of clips.
    package init(two: Graph, three: Graph) throws {
        guard two.nodes.count == three.nodes.count,
            zip(two.nodes, three.nodes).allSatisfy({ $0.operation == $1.operation && $0.inputs == $1.inputs })
        else { throw Self.fault("the network") }
        sizes = try zip(two.nodes, three.nodes).map { a, b in
            try zip(a.outputs, b.outputs).map { a, b in
                try zip(a.shape.dimensions, b.shape.dimensions).map { a, b in
                    if a == b { return .fixed(a) }
                    guard b > a, a == 2 * (b - a) else { throw Self.fault("an axis of \(a) and \(b)") }
                    return .clips(b - a)
                }
            }
        }
    }

    /// The sizes of a value's axes.
    package subscript(_ value: Graph.Value) -> [Size] { sizes[value.node][value.output] }

    private static func fault(_ what: String) -> InteropError {
        InteropError(.unsupported, "\(what) does not grow evenly with the number of clips: it cannot be left open")
    }
}
