import Neural

// The numbers of fields are those of ONNX's `onnx.proto`; fields go by number, as its own library writes them.

extension ONNXModel {
    /// The file's bytes: a `ModelProto`.
    package func encoded() -> ProtobufMessage {
        var message = ProtobufMessage()
        message.integer(1, Self.formatVersion)
        message.text(2, producer.name)
        message.text(3, producer.version)
        if !documentation.isEmpty { message.text(6, documentation) }
        message.message(7, graph())
        var operators = ProtobufMessage()
        operators.text(1, "")
        operators.integer(2, Self.operatorSet)
        message.message(8, operators)
        for (key, value) in metadata {
            var entry = ProtobufMessage()
            entry.text(1, key)
            entry.text(2, value)
            message.message(14, entry)
        }
        return message
    }

    /// A `GraphProto`.
    private func graph() -> ProtobufMessage {
        var message = ProtobufMessage()
        for node in nodes { message.message(1, node.encoded()) }
        message.text(2, name)
        for initializer in initializers { message.message(5, initializer.encoded()) }
        for input in inputs { message.message(11, input.encoded()) }
        for output in outputs { message.message(12, output.encoded()) }
        return message
    }
}

extension ONNXModel.Node {
    /// A `NodeProto`.
    fileprivate func encoded() -> ProtobufMessage {
        var message = ProtobufMessage()
        for input in inputs { message.text(1, input) }
        for output in outputs { message.text(2, output) }
        message.text(3, name)
        message.text(4, operation)
        for attribute in attributes { message.message(5, attribute.encoded()) }
        return message
    }
}

extension ONNXModel.Attribute {
    /// An `AttributeProto`; field 20 says which of the others holds the value.
    fileprivate func encoded() -> ProtobufMessage {
        var message = ProtobufMessage()
        message.text(1, name)
        let type: Int
        switch value {
        case .float(let number):
            message.float(2, number)
            type = 1
        case .integer(let number):
            message.integer(3, number)
            type = 2
        case .text(let text):
            message.text(4, text)
            type = 3
        case .tensor(let tensor):
            message.message(5, tensor.encoded())
            type = 4
        case .integers(let numbers):
            for number in numbers { message.integer(8, number) }
            type = 7
        }
        message.integer(20, type)
        return message
    }
}

extension ONNXModel.Initializer {
    /// A `TensorProto`, its elements in `raw_data`.
    fileprivate func encoded() -> ProtobufMessage {
        var message = ProtobufMessage()
        switch elements {
        case .tensor(let tensor):
            for size in tensor.shape.dimensions { message.integer(1, size) }
            message.integer(2, tensor.elementType.number)
        case .integers(let numbers):
            message.integer(1, numbers.count)
            message.integer(2, 7)
        }
        if !name.isEmpty { message.text(8, name) }
        switch elements {
        case .tensor(let tensor): message.tensor(9, tensor)
        case .integers(let numbers):
            message.bytes(
                9, numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } })
        }
        return message
    }
}

extension ONNXModel.ValueInfo {
    /// A `ValueInfoProto`, its type a `TypeProto` with a tensor's in it.
    fileprivate func encoded() -> ProtobufMessage {
        var shape = ProtobufMessage()
        for size in sizes {
            var dimension = ProtobufMessage()
            switch size {
            case .fixed(let count): dimension.integer(1, count)
            case .open(let name): dimension.text(2, name)
            }
            shape.message(1, dimension)
        }
        var tensor = ProtobufMessage()
        tensor.integer(1, type.number)
        tensor.message(2, shape)
        var typed = ProtobufMessage()
        typed.message(1, tensor)
        var message = ProtobufMessage()
        message.text(1, name)
        message.message(2, typed)
        if !documentation.isEmpty { message.text(3, documentation) }
        return message
    }
}

extension ElementType {
    /// ONNX's `TensorProto.DataType`.
    var number: Int {
        switch self {
        case .float32: 1
        case .uint8: 2
        case .int32: 6
        }
    }
}
