extension SafetensorsFile {
    /// Writes the file: to a temporary name, synced, then renamed, so that nobody ever sees half of it.
    ///
    /// The same content gives the same bytes: wider elements first (so that each tensor is aligned), names in the order
    /// of their UTF-8, metadata by key. With one key of metadata at most, they are the bytes of the format's own library.
    ///
    /// - Throws: `NeuralError.file` if it cannot be written, `.format` if a tensor is called `__metadata__`.
    public func write(to path: String) throws {
        let ordered = tensors.sorted {
            let (a, b) = ($0.value.elementType, $1.value.elementType)
            return a == b ? Self.precedes($0.key, $1.key) : Self.rank(a) < Self.rank(b)
        }
        let header = try headerBytes(ordered, path: path)
        try unsafe AtomicFile.write(to: path) { piece in
            try unsafe header.withUnsafeBytes(piece)
            for (_, tensor) in ordered { try unsafe tensor.withUnsafeBytes(piece) }
        }
    }

    /// Length and JSON, filled up to a multiple of 8 bytes.
    private func headerBytes(_ ordered: [(key: String, value: Tensor)], path: String) throws -> [UInt8] {
        var entries: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { Self.precedes($0.key, $1.key) }
            entries.append(
                "\"__metadata__\":{" + pairs.map { Self.quoted($0) + ":" + Self.quoted($1) }.joined(separator: ",")
                    + "}")
        }
        var offset = 0
        for (name, tensor) in ordered {
            guard name != "__metadata__" else {
                throw NeuralError(.format, "\(path): no tensor may be called __metadata__, the format keeps that name")
            }
            let end = offset + tensor.type.byteCount
            let shape = tensor.shape.dimensions.map(String.init).joined(separator: ",")
            entries.append(
                "\(Self.quoted(name)):{\"dtype\":\"\(Self.dataType(tensor.elementType).rawValue)\","
                    + "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var json = Array(("{" + entries.joined(separator: ",") + "}").utf8)
        json.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
        guard json.count <= SafetensorsHeader.largestHeader else {
            throw NeuralError(.format, "\(path): a header of \(json.count) bytes is too large to be read again")
        }
        return (0..<8).map { UInt8(truncatingIfNeeded: json.count >> ($0 * 8)) } + json
    }

    private static func dataType(_ type: ElementType) -> SafetensorsHeader.DataType {
        switch type {
        case .float32: .f32
        case .int32: .i32
        case .uint8: .u8
        }
    }

    /// The order of element types in the file, which is that of the format's own library.
    private static func rank(_ type: ElementType) -> Int {
        switch type {
        case .float32: 0
        case .int32: 1
        case .uint8: 2
        }
    }

    /// `text` as a JSON string.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{08}": result += "\\b"
            case "\u{0C}": result += "\\f"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{00}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
