package import Neural

/// An ONNX model, as far as networks of this package need one: the messages of `onnx.proto` with the fields that are
/// written.
package struct ONNXModel {
    /// Version of the operators' definitions.
    package static let operatorSet = 17
    /// Version of the file format, the one that came with the operators.
    package static let formatVersion = 8

    /// Name and version of what wrote it.
    package var producer: (name: String, version: String)
    /// For people.
    package var documentation = ""
    /// Name of the graph.
    package var name: String
    /// In an order in which each comes after its inputs.
    package var nodes: [Node] = []
    /// Tensors that are known.
    package var initializers: [Initializer] = []
    /// Tensors that are given at each run.
    package var inputs: [ValueInfo] = []
    /// Tensors that are asked for.
    package var outputs: [ValueInfo] = []
    /// Text beside the graph.
    package var metadata: [(key: String, value: String)] = []

    package init(name: String, producer: (name: String, version: String)) {
        self.name = name
        self.producer = producer
    }

    /// One operator, its inputs and outputs by name; an empty name stands for an input that is left out.
    package struct Node {
        package var name: String
        package var operation: String
        package var inputs: [String]
        package var outputs: [String]
        package var attributes: [Attribute]

        package init(
            name: String, operation: String, inputs: [String], outputs: [String], attributes: [Attribute] = []
        ) {
            self.name = name
            self.operation = operation
            self.inputs = inputs
            self.outputs = outputs
            self.attributes = attributes
        }
    }

    /// What of an operator does not change from run to run.
    package struct Attribute {
        /// What it holds.
        package enum Value {
            case float(Float)
            case integer(Int)
            case text(String)
            case tensor(Initializer)
            case integers([Int])
        }

        package var name: String
        package var value: Value

        package init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// A tensor that is known.
    package struct Initializer {
        /// Its elements.
        package enum Elements {
            case tensor(Tensor)
            /// One axis of int64, as shapes and axes are given.
            case integers([Int])
        }

        package var name: String
        package var elements: Elements

        package init(_ name: String, _ elements: Elements) {
            self.name = name
            self.elements = elements
        }
    }

    /// Name and type of an input or output.
    package struct ValueInfo {
        /// The size of an axis.
        package enum Size {
            case fixed(Int)
            /// Another in each run; equal names mean equal sizes.
            case open(String)
        }

        package var name: String
        package var type: ElementType
        package var sizes: [Size]
        package var documentation: String

        package init(name: String, type: ElementType, sizes: [Size], documentation: String) {
            self.name = name
            self.type = type
            self.sizes = sizes
            self.documentation = documentation
        }
    }
}
